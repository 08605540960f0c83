"""One inserted Belgian card: select, read whole files or single fields, ask for the PIN's state, sign.

Speaks through `drivers.cards.exchange`; what files mean is `identity` and `verify`. Not for: which files a purpose
needs (`drivers.cards.reading`), or results (`drivers.cards.driver`).
"""

from __future__ import annotations

from drivers.cards.apdu import Answer, Command
from drivers.cards.beid import commands
from drivers.cards.beid.card_data import CardData, parse_card_data
from drivers.cards.beid.files import File, known_length
from drivers.cards.beid.malformed import Malformed
from drivers.cards.exchange import Exchange

BLOCK = 256
"""The longest answer of a short command."""

FIRST_QUICK_APPLET = 0x17
FIRST_EC_APPLET = 0x18
SLOW_SECONDS = 0.050
"""Applets before 1.7 fall mute when a command is repeated too soon (belgian-eid.md §3)."""

_NOT_FOUND_HERE = (0x6A82, 0x6A86, 0x6A87, 0x6D00)
_NO_SUCH_FILE = 0x6A82
_BEYOND_THE_END = 0x6B00


class Refused(Exception):
    """The card answered a command with a status that ends what was being done.

    Attributes:
        sw: the status word.
    """

    def __init__(self, command: Command, sw: int) -> None:
        super().__init__(f"{command} -> {sw:04X}")
        self.sw = sw


class BeidSession:
    """A Belgian card that is powered and selected.

    Args:
        exchange: the line, with the applet already selected.

    Raises:
        Refused: when the card does not give its data.
        drivers.cards.beid.malformed.Malformed: when what it gives is no card data.
        drivers.cards.transport.LineBroken: by every method, when the line breaks.
    """

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.data: CardData = parse_card_data(self._asked(commands.card_data()).data)
        if self.data.applet < FIRST_QUICK_APPLET:
            exchange.delay = SLOW_SECONDS

    @property
    def elliptic(self) -> bool:
        """Whether the card's own keys are elliptic curve keys (generation 1.8)."""
        return self.data.applet >= FIRST_EC_APPLET

    @property
    def tells_fields(self) -> bool:
        """Whether single fields can be read."""
        return self.elliptic

    def read(self, file: File) -> bytes:
        """A file as far as it holds something; empty when the card has no such file.

        Raises:
            Refused: when the card refuses to read it.
            Malformed: when it does not end where a file must.
        """
        if not self._select(file):
            return b""
        content, length = b"", BLOCK
        wanted: int | None = None
        while True:
            answer = self.exchange.send(commands.read_binary(len(content), length))
            if answer.sw == _BEYOND_THE_END:
                return content
            content += _data(commands.read_binary(len(content), length), answer)
            wanted = known_length(file, content) if wanted is None else wanted
            if wanted is not None and len(content) >= wanted:
                return content[:wanted]
            if len(answer.data) < length:
                return content
            if len(content) > file.limit:
                raise Malformed(f"file {file.name}: more than {file.limit} bytes")
            length = BLOCK if wanted is None else min(BLOCK, wanted - len(content))

    def read_fields(self, file: File, first: int, last: int) -> bytes:
        """Records `first` to `last` of the identity or address file, unsigned; the file must hold them.

        Raises:
            Refused: when the card refuses, 6A83 when there is no such field.
        """
        self._select(file)
        return self._asked(commands.read_record(first, last)).data

    def tries_left(self) -> int | None:
        """Tries left for the PIN, 0 when it is blocked; None where asking would burn one."""
        if self.data.applet < FIRST_QUICK_APPLET:
            return None
        answer = self.exchange.send(commands.pin_state())
        if answer.sw == 0x9000:
            return 3
        if answer.sw >> 4 == 0x63C:
            return answer.sw & 0xF
        if answer.sw == 0x6983:
            return 0
        raise Refused(commands.pin_state(), answer.sw)

    def choose_key(self, algorithm: int, key: int) -> None:
        """Select DF(BELPIC) and the key and algorithm of the signature that follows."""
        self._asked(commands.select_id(b"\xdf\x00"))
        self._asked(commands.set_key(algorithm, key))

    def verify(self, block: bytearray) -> int:
        """Hand over a PIN block; the status word says what the card thinks of it."""
        return self.exchange.send_secret(commands.verify(), block).sw

    def sign(self, data: bytes) -> bytes:
        """The signature of the chosen key over a digest, as the card gives it."""
        return self._asked(commands.sign(data)).data

    def prove_chip(self, challenge: bytes) -> bytes:
        """What the chip answers to 48 fresh bytes (generation 1.8)."""
        return self._asked(commands.internal_authenticate(challenge)).data

    def log_off(self) -> None:
        """Drop every right; a card that refuses is reset when the connection is closed."""
        self.exchange.send(commands.log_off())

    def _select(self, file: File) -> bool:
        """Select a file by path, or by walking where a card wants that; False when there is none."""
        answer = self.exchange.send(commands.select_path(file.path))
        if answer.ok:
            return True
        if answer.sw not in _NOT_FOUND_HERE:
            raise Refused(commands.select_path(file.path), answer.sw)
        if self._walk(file.path).ok:
            return True
        self._asked(commands.select_applet())
        answer = self._walk(file.path)
        if answer.sw == _NO_SUCH_FILE:
            return False
        _data(commands.select_path(file.path), answer)
        return True

    def _walk(self, path: bytes) -> Answer:
        steps = [commands.select_id(path[at : at + 2]) for at in range(0, len(path), 2)]
        answer = self.exchange.send(steps[0])
        for step in steps[1:]:
            if not answer.ok:
                break
            answer = self.exchange.send(step)
        return answer

    def _asked(self, command: Command) -> Answer:
        answer = self.exchange.send(command)
        _data(command, answer)
        return answer


def _data(command: Command, answer: Answer) -> bytes:
    if not answer.ok:
        raise Refused(command, answer.sw)
    return answer.data
