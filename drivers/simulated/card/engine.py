"""The chip's side of the conversation: any bytes in, the right data and status word out (belgian-eid.md §3).

Behaves as T=0 does: answers to data are fetched, a wrong length is answered by the right one. Not for: making cards
(`personalise`), misbehaving (`faults`).
"""

from __future__ import annotations

from collections.abc import Callable

from drivers.simulated.card.apdu_in import Incoming, take_apart
from drivers.simulated.card.chip import AUTHENTICATION_KEY, BASIC_KEY, SIGNATURE_KEY, Chip
from drivers.simulated.card.files import Place
from drivers.simulated.card.pkcs15 import PKCS15_AID
from drivers.simulated.card.rights import Rights
from drivers.simulated.card.selection import Selection
from drivers.simulated.card.signing import knows, sign

APPLET = bytes.fromhex("A00000003029057000AD13100101FF")
IDENTITY_AID = bytes.fromhex("A000000177496446696C6573")
CARD_DATA, CARD_DATA_WITH_TRIES = 0x1C, 0x1F
CHIP_PROOFS = 5000
"""Calls of INTERNAL AUTHENTICATE between two verified PINs."""

OK = 0x9000
WRONG_LENGTH, WRONG_PARAMETERS, WRONG_DATA = 0x6700, 0x6A86, 0x6A80
NOT_ALLOWED, CONDITIONS, NO_SELECTION = 0x6982, 0x6985, 0x6986
NO_RECORD_FILE, NO_RECORD, NO_KEY = 0x6981, 0x6A83, 0x6A88
BEYOND_THE_END, NO_CHANNEL, NO_CLASS, NO_INSTRUCTION = 0x6B00, 0x6881, 0x6E00, 0x6D00
NO_ALGORITHM_OLD = 0x9484
NOT_FOUND = 0x6A82

Told = tuple[bytes, int]
"""Data and status word."""


class BeidCard:
    """A Belgian identity card; implements `drivers.simulated.card.interface.Card`.

    Attributes:
        chip: its memory; may be exchanged for another while the card runs, as a forger would.
    """

    def __init__(self, chip: Chip) -> None:
        self.chip = chip
        self.rights = Rights(chip.pin, chip.tries, chip.traits.window)
        self._proofs_left = CHIP_PROOFS
        self._handlers: dict[tuple[int, int], Callable[[Incoming], Told]] = {
            (0x00, 0xA4): self._select,
            (0x00, 0xB0): self._read,
            (0x00, 0xC0): self._get_response,
            (0x00, 0x20): self._verify,
            (0x00, 0x24): self._change_pin,
            (0x00, 0x22): self._choose_key,
            (0x00, 0x2A): self._sign,
            (0x80, 0xE4): self._card_data,
            (0x80, 0xE6): self._log_off,
        }
        if chip.traits.applet >= 0x18:
            self._handlers |= {(0x80, 0xB2): self._read_fields, (0x00, 0x88): self._prove_chip}
        self.reset()

    @property
    def atr(self) -> bytes:
        """See `drivers.simulated.card.interface.Card`."""
        return self.chip.traits.atr

    def reset(self) -> None:
        """See `drivers.simulated.card.interface.Card`; the counter of the PIN stays as it is."""
        self.rights.drop()
        self._selection = Selection()
        self._waiting = b""
        self._chosen: tuple[int, int] | None = None

    def transmit(self, command: bytes) -> bytes:
        """See `drivers.simulated.card.interface.Card`."""
        incoming = take_apart(command)
        if incoming is None:
            return WRONG_LENGTH.to_bytes(2, "big")
        data, sw = self._answer(incoming)
        return data + sw.to_bytes(2, "big")

    def _answer(self, incoming: Incoming) -> Told:
        handler = self._handlers.get((incoming.cla, incoming.ins))
        if incoming.ins != 0xC0:
            self._waiting = b""
            self.rights.next_command()
        if handler is not None:
            return handler(incoming)
        if incoming.cla in (0x01, 0x02, 0x03):
            return b"", NO_CHANNEL
        known = any(ins == incoming.ins for _, ins in self._handlers)
        return b"", NO_CLASS if incoming.cla not in (0x00, 0x80) or known else NO_INSTRUCTION

    def _held(self, data: bytes) -> Told:
        """Data for GET RESPONSE."""
        self._waiting = data
        return b"", 0x6100 | (len(data) if len(data) < 256 else 0)

    def _get_response(self, incoming: Incoming) -> Told:
        waiting = self._waiting
        if not waiting:
            return b"", CONDITIONS
        if incoming.parameters:
            return b"", WRONG_PARAMETERS
        if incoming.le > len(waiting):
            return b"", 0x6C00 | len(waiting)
        self._waiting = waiting[incoming.le :]
        left = len(self._waiting)
        return waiting[: incoming.le], 0x6100 | (left if left < 256 else 0) if left else OK

    def _select(self, incoming: Incoming) -> Told:
        if incoming.p2 not in (0x00, 0x0C):
            return b"", WRONG_PARAMETERS
        match incoming.p1:
            case 0x04:
                return b"", self._select_application(incoming.data)
            case 0x08:
                return b"", self._selection.by_path(incoming.data, self._paths())
            case 0x02 if len(incoming.data) == 2:
                return b"", self._selection.by_id(incoming.data, self._paths())
            case 0x02:
                return b"", WRONG_LENGTH
            case _:
                return b"", WRONG_PARAMETERS

    def _select_application(self, application: bytes) -> int:
        if application == APPLET:
            self._selection = Selection()
            return OK
        if application == PKCS15_AID:
            return self._selection.by_path(bytes.fromhex("DF00"), self._paths())
        if application == IDENTITY_AID and self.chip.traits.applet < 0x17:
            return self._selection.by_path(bytes.fromhex("DF01"), self._paths())
        return NOT_FOUND

    def _paths(self) -> set[bytes]:
        return {place.value for place in self.chip.files}

    def _selected(self) -> bytes | None:
        file = self._selection.file
        return None if file is None else self.chip.files[Place(file)]

    def _read(self, incoming: Incoming) -> Told:
        content = self._selected()
        if content is None:
            return b"", NO_SELECTION
        offset = incoming.parameters
        if incoming.p1 & 0x80 or offset >= len(content):
            return b"", BEYOND_THE_END
        left = len(content) - offset
        if left < incoming.le:
            return b"", 0x6C00 | left
        return content[offset : offset + incoming.le], OK

    def _read_fields(self, incoming: Incoming) -> Told:
        content = self._selected()
        if content is None:
            return b"", NO_SELECTION
        if self._selection.file not in (Place.IDENTITY.value, Place.ADDRESS.value):
            return b"", NO_RECORD_FILE
        found = _fields(content, incoming.p1, incoming.p2)
        if not found:
            return b"", NO_RECORD
        if len(found) <= 256 and incoming.le in (256, len(found)):
            return found, OK
        return self._held(found) if incoming.le == 256 else (b"", 0x6C00 | len(found) & 0xFF)

    def _card_data(self, incoming: Incoming) -> Told:
        traits = self.chip.traits
        if incoming.parameters not in ((0, 1) if traits.applet >= 0x18 else (0,)):
            return b"", WRONG_PARAMETERS
        data = self.chip.serial + traits.about
        if incoming.p2:
            data += bytes((self.rights.tries, 0, 0))
        return (data, OK) if incoming.le == len(data) else (b"", 0x6C00 | len(data))

    def _verify(self, incoming: Incoming) -> Told:
        if incoming.parameters != 1:
            return b"", WRONG_PARAMETERS
        if not incoming.data and self.chip.traits.applet >= 0x17:
            return b"", self.rights.state()
        if len(incoming.data) not in (0, 8):
            return b"", WRONG_LENGTH
        # On the first generation an empty PIN is a wrong PIN.
        result = self.rights.verify(incoming.data, self._chosen[1] if self._chosen else None)
        if result == OK:
            self._proofs_left = CHIP_PROOFS
        return b"", result

    def _change_pin(self, incoming: Incoming) -> Told:
        if incoming.parameters != 1:
            return b"", WRONG_PARAMETERS
        if len(incoming.data) != 16:
            return b"", WRONG_LENGTH
        return b"", self.rights.change(incoming.data[:8], incoming.data[8:])

    def _choose_key(self, incoming: Incoming) -> Told:
        if incoming.parameters != 0x41B6:
            return b"", WRONG_PARAMETERS
        data, applet = incoming.data, self.chip.traits.applet
        if len(data) != 5 or data[:2] != b"\x04\x80" or data[3] != 0x84:
            return b"", WRONG_DATA
        algorithm, reference = data[2], data[4]
        key = self.chip.keys.get(reference)
        if key is None or reference == BASIC_KEY:
            return b"", NO_KEY
        if not knows(applet, key, algorithm):
            return b"", NO_ALGORITHM_OLD if applet < 0x17 else WRONG_DATA
        self._chosen = (algorithm, reference)
        return b"", OK

    def _sign(self, incoming: Incoming) -> Told:
        if incoming.parameters != 0x9E9A:
            return b"", WRONG_PARAMETERS
        if self._chosen is None:
            return b"", CONDITIONS
        algorithm, reference = self._chosen
        if not self._may_use(reference):
            return b"", NOT_ALLOWED
        key = self.chip.keys.get(reference)
        signature = sign(key, algorithm, incoming.data) if key is not None else None
        if reference == SIGNATURE_KEY:
            self.rights.close_window()
        return self._held(signature) if signature is not None else (b"", WRONG_LENGTH)

    def _may_use(self, reference: int) -> bool:
        return self.rights.authenticated if reference == AUTHENTICATION_KEY else self.rights.may_sign

    def _prove_chip(self, incoming: Incoming) -> Told:
        if incoming.parameters != 0x0281:
            return b"", WRONG_PARAMETERS
        if len(incoming.data) != 50 or incoming.data[:2] != b"\x94\x30":
            return b"", WRONG_DATA
        if not self._proofs_left:
            return b"", CONDITIONS
        self._proofs_left -= 1
        signature = sign(self.chip.keys[BASIC_KEY], 0x02, incoming.data[2:])
        return self._held(signature) if signature is not None else (b"", WRONG_DATA)

    def _log_off(self, incoming: Incoming) -> Told:
        if incoming.parameters:
            return b"", WRONG_PARAMETERS
        self.rights.drop()
        return b"", OK


def _fields(content: bytes, first: int, last: int) -> bytes:
    """Fields of an identity or address file whose tags lie between two, as they stand there."""
    found, at = b"", 0
    while at + 1 < len(content):
        tag, length = content[at], content[at + 1]
        if tag == 0 and (at or not length):
            break
        if first <= tag <= last:
            found += content[at : at + 2 + length]
        at += 2 + length
    return found
