"""Rows of payments: power cut at a random write of a payment, over random protocols and scripts.

The terminal's own ledger is the judge. Not for: every write in turn (`tests.payments.test_payment_crashes`).
"""

from __future__ import annotations

import asyncio
import logging
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from drivers.simulated.terminal.scripts import Script
from tests.payments.cuts import PROTOCOLS, Cut, cut_and_start_again
from tests.payments.till import BRISK
from tests.soak.report import Row

CUTS = 2_000
NAME, CONTROL = "power cut in a payment", "payment noted after it was sent"
_SCRIPTS = (
    Script.APPROVE,
    Script.DECLINE,
    Script.WRONG_PIN,
    Script.CANCEL_BY_CITIZEN,
    Script.TALKATIVE,
    Script.RECEIPTS,
    Script.ANSWER_LOST,
    Script.RESTARTS,
)


def cut_payments(cuts: int, seed: int) -> Iterator[Row]:
    """So many payments that are cut off, and the control, which must find something."""
    chance = random.Random(seed)
    logging.getLogger("zuil").setLevel(logging.CRITICAL)
    owed: list[str] = []
    doubled = 0
    for _ in range(cuts):
        habits = replace(BRISK, books_at_once=chance.random() < 0.5)
        cut = Cut(
            chance.choice(PROTOCOLS),
            chance.choice(_SCRIPTS),
            chance.randrange(1, 12),
            before=chance.random() < 0.5,
            give_back=chance.random() < 0.3,
            habits=habits,
        )
        with tempfile.TemporaryDirectory(prefix="zuil-soak-") as folder:
            try:
                after = asyncio.run(cut_and_start_again(Path(folder), cut))
            except (AssertionError, TimeoutError) as stuck:
                owed.append(f"{cut}: {stuck!r}")
                continue
        owed += [f"{cut}: {what}" for what in after.broken]
        doubled += max(0, len(after.ledger.bookings) - 2)
    yield Row(NAME, injections=cuts, lost=len(owed), doubled=doubled, notes=tuple(owed[:10]))
    control = Cut("zvt", Script.APPROVE, 2, before=True, habits=replace(BRISK, books_at_once=True))
    with tempfile.TemporaryDirectory(prefix="zuil-soak-") as folder:
        late = asyncio.run(cut_and_start_again(Path(folder), control, lambda kind: kind in ("sending", "acknowledged")))
    yield Row(CONTROL, injections=1, lost=len(late.broken), control=True)
