"""A row of the reliability table for the matrix of faults: every cell, or a fair part in a short run.

Not for: the page that shows each cell (`python -m tests.faults`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

from tests.faults.cells import Found
from tests.faults.matrix import all_played, planned, sample
from tests.soak.report import Row

NAME = "every fault at every step"


def played(seed: int, *, whole: bool) -> Iterator[Row]:
    """Play it; a cell of which a judge says anything counts as lost."""
    logging.getLogger("zuil").setLevel(logging.CRITICAL)
    found = asyncio.run(_played(seed, whole=whole))
    wrong = [each for each in found if each.wrong]
    notes = tuple(f"{each.cell}: {'; '.join(each.wrong)}" for each in wrong)
    yield Row(NAME, len(found), facts=len(found) - len(wrong), lost=len(wrong), notes=notes)


async def _played(seed: int, *, whole: bool) -> list[Found]:
    plan = await planned()
    return [found async for found in all_played(plan, plan.cells if whole else sample(plan, seed))]
