"""Commands in, whole answers out: fetches what a T=0 card holds ready, asks again with the length it names, and counts.

Not for: which commands (`beid.commands`) or the line itself (`transport`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from drivers.cards.apdu import SECRET_INSTRUCTIONS, Answer, Command
from drivers.cards.transport import Connection, LineBroken, LineFault

MOST_FETCHES = 64
"""A garbled card must not keep us fetching for ever; 64 answers of 256 bytes are more than any file has."""

_log = logging.getLogger("zuil.card")


class Exchange:
    """One powered card and everything said to it.

    Args:
        pause: how to wait; tests do not.

    Attributes:
        apdus: commands sent, those for fetching included.
        received: bytes of answers, status words included.
        delay: seconds before a command is repeated after 6Cxx; old applets fall mute when it comes too soon.
    """

    def __init__(self, connection: Connection, pause: Callable[[float], None] = time.sleep) -> None:
        self.connection = connection
        self.apdus = 0
        self.received = 0
        self.delay = 0.010
        self._pause = pause

    def send(self, command: Command) -> Answer:
        """Send one command and collect its whole answer.

        Raises:
            LineBroken: when the line breaks, or the card does not stop offering data.
        """
        answer = self._once(command)
        if answer.sw >> 8 == 0x6C and not command.data:
            self._pause(self.delay)
            length = answer.sw & 0xFF or 256
            answer = self._once(Command(command.cla, command.ins, command.p1, command.p2, le=length))
        return self._fetched(answer)

    def send_secret(self, header: Command, block: bytearray) -> Answer:
        """Send a command whose data are a PIN block; every copy made here is overwritten."""
        line = bytearray(header.encoded()) + bytes((len(block),)) + block
        try:
            # Not a copy as bytes: those cannot be overwritten, and stay in memory after they are freed.
            return self._heard(header, self.connection.transmit(line))
        finally:
            line[:] = bytes(len(line))

    def _fetched(self, answer: Answer) -> Answer:
        data = answer.data
        for _ in range(MOST_FETCHES):
            if answer.sw >> 8 != 0x61:
                break
            answer = self._once(Command(0x00, 0xC0, 0x00, 0x00, le=answer.sw & 0xFF or 256))
            data += answer.data
        if answer.sw >> 8 == 0x61:
            raise LineBroken(LineFault.MUTE, "the card does not stop offering data")
        return Answer(data, answer.sw)

    def _once(self, command: Command) -> Answer:
        return self._heard(command, self.connection.transmit(command.encoded()))

    def _heard(self, command: Command, answer: bytes) -> Answer:
        self.apdus += 1
        self.received += len(answer)
        heard = Answer(answer[:-2], int.from_bytes(answer[-2:], "big"))
        secret = command.ins in SECRET_INSTRUCTIONS
        _log.debug("%s -> %s bytes, %04X", command, "…" if secret else len(heard.data), heard.sw)
        return heard
