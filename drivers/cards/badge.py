"""Badges: contactless cards of which no more is known than their number, as PC/SC readers show them (PC/SC part 3).

A reader makes up an answer to reset for them, and answers the pseudo-command GET DATA (FF CA 00 00 00) with the number
the badge says before anything else (UID). Whoever stands near can read that number and make a badge that says it, so it
is a name and no proof. Not for: cards with an application we know (`recognise`), or whose badge it is.
"""

from __future__ import annotations

from functools import reduce
from operator import xor

from drivers.card_contract import BadgeRead, NoNumber
from drivers.cards.apdu import Command
from drivers.cards.exchange import Exchange

GET_NUMBER = Command(0xFF, 0xCA, 0x00, 0x00, le=256)
"""Le 00: however long it is."""
LENGTHS = frozenset({4, 7, 8, 10})
"""Bytes: ISO 14443-3 single, double and triple; 8 for ISO 15693."""
RANDOM_FIRST = 0x08
"""First byte of a number of four bytes that is made anew each time (ISO 14443-3)."""

_HEAD = bytes.fromhex("8001")
"""TD1 and TD2 behind T0: T=0 and then T=1 are offered, and nothing else is said."""
_STORAGE = bytes.fromhex("804F0CA000000306")
"""First historical bytes of a card without a processor: an identifier of twelve bytes, of PC/SC itself."""


def is_contactless(atr: bytes) -> bool:
    """Whether it is the answer to reset a reader makes up for a contactless card: 3B 8n 80 01, n bytes, check byte."""
    if len(atr) < 5 or atr[0] != 0x3B or atr[1] >> 4 != 8 or atr[2:4] != _HEAD:
        return False
    return len(atr) == (atr[1] & 0x0F) + 5 and reduce(xor, atr[1:]) == 0


def is_storage(atr: bytes) -> bool:
    """Whether it is that of a contactless card without a processor."""
    return is_contactless(atr) and atr[4:].startswith(_STORAGE)


def number_of(exchange: Exchange) -> BadgeRead | NoNumber:
    """Ask for the number of a powered badge.

    Raises:
        drivers.cards.transport.LineBroken: when it is taken away meanwhile.
    """
    answer = exchange.send(GET_NUMBER)
    number = answer.data
    if not answer.ok or len(number) not in LENGTHS or not any(number):
        return NoNumber.NONE
    if len(number) == 4 and number[0] == RANDOM_FIRST:
        return NoNumber.RANDOM
    return BadgeRead(number.hex().upper())
