"""Any bytes for every parser of what a payment terminal says, a row for each protocol.

Not for: quick runs; hypothesis does that in `tests/drivers/test_payment_parsing.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.drivers.payment_parsers import FAMILIES, OF_BYTES, OF_TEXT, real, survives
from tests.soak.fuzz import Parsers, fuzz
from tests.soak.report import Row

CASES = 1_000_000
"""For each protocol."""
_LETTERS = "0123456789 .:/?=&%[]@ABCDEFGHIJKLMNOPQRSTUVWXYZabcefhiklmnoprstuwyÄé-_"


def rows(cases: int, seed: int) -> Iterator[Row]:
    """A row for each protocol; every error that is not a typed one counts as lost."""
    for family in FAMILIES:
        parsers = Parsers(OF_BYTES[family], OF_TEXT[family], survives, real(family), _LETTERS)
        done = fuzz(parsers, cases, seed)
        name = f"any bytes for the parsers of {family}"
        yield Row(name, done.cases, lost=len(done.escaped), notes=tuple(done.escaped[:10]))
