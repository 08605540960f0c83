"""Cards that are no Belgian identity card, as people put them in: just enough to be told apart.

Not for: what such cards really do.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.simulated.card.apdu_in import take_apart

ICAO_AID = bytes.fromhex("A0000002471001")
PKCS15_STANDARD_AID = bytes.fromhex("A000000063504B43532D3135")
DUTCH_AID = bytes.fromhex("A0000007885043412D654D525444")
PAYMENT = b"1PAY.SYS.DDF01"
CALYPSO = b"1TIC.ICA"

NOT_FOUND, NO_INSTRUCTION, WRONG_LENGTH, NOTHING_WAITING = 0x6A82, 0x6D00, 0x6700, 0x6985


@dataclass(frozen=True)
class Design:
    """One kind of card.

    Attributes:
        sentence: what it is.
        atr: empty for a card that does not answer.
        applications: what can be selected, and the data that come back.
        processor: whether it understands commands at all.
    """

    sentence: str
    atr: bytes
    applications: tuple[tuple[bytes, bytes], ...] = ()
    processor: bool = True


def _told(name: bytes) -> bytes:
    """The file control information a selected application answers with, naming itself."""
    named = bytes((0x84, len(name))) + name
    return bytes((0x6F, len(named))) + named


def _answering(*names: bytes) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name, _told(name)) for name in names)


OTHER_CARDS: dict[str, Design] = {
    "bank": Design("A bank card with a chip.", bytes.fromhex("3B670000000000000000 9000"), _answering(PAYMENT)),
    "mobib": Design(
        "A MOBIB card of train, tram and bus.",
        bytes.fromhex("3B6F0000805A2C23C4101005 7120BA62829000"),
        _answering(CALYPSO),
    ),
    "sis": Design("An old social security card: memory, no processor.", bytes.fromhex("3B04A2131091"), processor=False),
    "foreign-eid": Design(
        "An identity card of another country.",
        bytes.fromhex("3B6400008031 8000"),
        _answering(ICAO_AID, PKCS15_STANDARD_AID),
    ),
    "dutch-eid": Design("A Dutch identity card.", bytes.fromhex("3B80800101"), _answering(DUTCH_AID, ICAO_AID)),
    "blank": Design("A chip with nothing on it.", bytes.fromhex("3B600000")),
    "upside-down": Design("A card put in the wrong way round: no answer at all.", b""),
}
"""By name, as the dock and the command line know them."""


class OtherCard:
    """A card of some `Design`; implements `drivers.simulated.card.interface.Card`."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self._waiting = b""

    @property
    def atr(self) -> bytes:
        """See `drivers.simulated.card.interface.Card`."""
        return self.design.atr

    def reset(self) -> None:
        """See `drivers.simulated.card.interface.Card`."""
        self._waiting = b""

    def transmit(self, command: bytes) -> bytes:
        """See `drivers.simulated.card.interface.Card`."""
        if not self.design.atr:
            return b""
        incoming = take_apart(command)
        if not self.design.processor:
            return NO_INSTRUCTION.to_bytes(2, "big")
        if incoming is None:
            return WRONG_LENGTH.to_bytes(2, "big")
        waiting, self._waiting = self._waiting, b""
        match incoming.ins:
            case 0xA4:
                return self._select(incoming.data)
            case 0xC0 if waiting and incoming.le >= len(waiting):
                return waiting + b"\x90\x00"
            case 0xC0:
                return NOTHING_WAITING.to_bytes(2, "big")
            case _:
                return NO_INSTRUCTION.to_bytes(2, "big")

    def _select(self, name: bytes) -> bytes:
        for application, told in self.design.applications:
            if application == name:
                self._waiting = told
                return bytes((0x61, len(told)))
        return NOT_FOUND.to_bytes(2, "big")
