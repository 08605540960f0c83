"""Numbers with a check: the national register number and the number of a card (belgian-eid.md §4).

The date in a national number is never believed: specimen cards have months that do not exist, and days run on when
their numbers are used up. Not for: keeping such a number anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from drivers.cards.beid.malformed import Malformed

_DIGITS = re.compile(r"[0-9]{11}")
_CARD = re.compile(r"[0-9]{12}")
_FROM_2000 = 2_000_000_000


@dataclass(frozen=True)
class NationalNumber:
    """A national number whose check is right.

    Attributes:
        century: 1900 or 2000, as the check tells.
        is_bis: given to somebody who is not in the population register: 20 or 40 was added to the month,
            which is 0 when it is unknown.
    """

    digits: str = field(repr=False)
    century: int
    is_bis: bool


def check(number: str) -> NationalNumber:
    """Check the modulus, with and without the 2 that births from 2000 put before it.

    Raises:
        Malformed: for other than 11 digits or a wrong check.
    """
    if not _DIGITS.fullmatch(number):
        raise Malformed("a national number has 11 digits")
    base, last = int(number[:9]), int(number[9:])
    centuries = [century for century, add in ((1900, 0), (2000, _FROM_2000)) if 97 - (base + add) % 97 == last]
    if not centuries:
        raise Malformed("the last two digits do not check the nine before them")
    month = int(number[2:4])
    return NationalNumber(number, centuries[0], 20 <= month <= 32 or 40 <= month <= 52)


def card_number_is_valid(number: str) -> bool:
    """Whether the number of a citizen's card has a right check; foreigners' cards have numbers of other shapes."""
    return bool(_CARD.fullmatch(number)) and int(number[10:]) == (int(number[:10]) % 97 or 97)
