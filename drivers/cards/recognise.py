"""What card is in the slot: asks for the applications it may hold, the commonest first.

Selecting an application has no effect on a card of another kind. The table is the whole knowledge, save that badges are
known by how their reader announces them (`badge`). Not for: reading.
"""

from __future__ import annotations

from drivers.card_contract import CardKind
from drivers.cards.apdu import Command
from drivers.cards.badge import is_contactless, is_storage
from drivers.cards.exchange import Exchange

_SELECTED = (0x90, 0x62)
"""First byte of the status words of a selection that found something (62: found, and deactivated or blocked)."""

SIS_ATRS = (bytes.fromhex("3B04A2131091"),)
"""Memory cards as PC/SC readers show them (PC/SC part 3); a reader that knows no memory cards calls them mute."""

APPLICATIONS: tuple[tuple[CardKind, bytes], ...] = (
    (CardKind.EID, bytes.fromhex("A000000030290570 00AD13100101FF")),
    (CardKind.BANK, b"1PAY.SYS.DDF01"),
    (CardKind.BANK, b"2PAY.SYS.DDF01"),
    (CardKind.TRANSPORT, b"1TIC.ICA"),
    (CardKind.DUTCH_EID, bytes.fromhex("A0000007885043412D654D525444")),
    (CardKind.FOREIGN_EID, bytes.fromhex("A0000002471001")),
    (CardKind.FOREIGN_EID, bytes.fromhex("A000000063504B43532D3135")),
    (CardKind.FOREIGN_EID, bytes.fromhex("E80704007F00070302")),
)
"""Kind and application: Belgian eID; EMV payment, contact and contactless; Calypso transport; the polymorphic
application of Dutch documents (from public sources, not seen on a card by us); ICAO travel document; PKCS#15; German
identity card."""


def recognise(exchange: Exchange) -> CardKind:
    """The kind of the powered card; BADGE or BLANK when it holds nothing of the table.

    Raises:
        drivers.cards.transport.LineBroken: when it stops answering.
    """
    if exchange.connection.atr in SIS_ATRS:
        return CardKind.SIS
    if is_storage(exchange.connection.atr):
        return CardKind.BADGE  # it understands no selection, and some readers then call it mute
    for kind, application in APPLICATIONS:
        # P2 = 0C asks for no answer; EMV and Calypso know only 00, and hand out a description that says nothing to us.
        p2 = 0x0C if kind is CardKind.EID else 0x00
        if exchange.send(Command(0x00, 0xA4, 0x04, p2, application)).sw >> 8 in _SELECTED:
            return kind
    return CardKind.BADGE if is_contactless(exchange.connection.atr) else CardKind.BLANK
