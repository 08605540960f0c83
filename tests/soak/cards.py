"""Any bytes for every parser of card data.

Not for: quick runs; hypothesis does that in `tests/drivers/test_beid_parsing.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from drivers.simulated.card.engine import BeidCard
from drivers.simulated.card.people import people
from drivers.simulated.card.registry import card_named
from tests.drivers.beid_parsers import OF_BYTES, OF_TEXT, survives
from tests.soak.fuzz import Parsers, fuzz
from tests.soak.report import Row

CASES = 1_000_000
_TODAY = date(2026, 1, 1)


def row(cases: int, seed: int) -> Row:
    """A row of the table; every error that is not the typed one counts as lost."""
    done = fuzz(Parsers(OF_BYTES, OF_TEXT, survives, tuple(_real_files())), cases, seed)
    return Row("any bytes for the card parsers", done.cases, lost=len(done.escaped), notes=tuple(done.escaped[:10]))


def _real_files() -> Iterator[bytes]:
    for name in people(_TODAY):
        card = card_named(name, _TODAY).card
        if isinstance(card, BeidCard):
            yield from (content for content in card.chip.files.values() if content)
