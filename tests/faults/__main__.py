"""`python -m tests.faults --out FILE`: the whole matrix and the page that shows it; status 1 when a cell is wrong."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from pathlib import Path

from tests.faults.cells import Found
from tests.faults.matrix import Plan, all_played, page, planned, sample


async def whole(part: str, seed: int | None) -> tuple[Plan, list[Found]]:
    """Play all cells, or a sample, of these levers."""
    plan = await planned()
    chosen = plan.cells if seed is None else sample(plan, seed)
    wanted = tuple(part.split(","))
    cells = [cell for cell in chosen if not part or str(cell).startswith(wanted)]
    results, began = [], time.monotonic()
    async for found in all_played(plan, cells):
        results.append(found)
        if found.wrong or not found.thrown:
            print(f"{'WRONG' if found.wrong else 'missed'} {found.cell}", *found.wrong, sep="\n    ", flush=True)
        if len(results) % 50 == 0:
            print(f"{len(results)} of {len(cells)} cells, {time.monotonic() - began:.0f} s", flush=True)
    return plan, results


def main() -> int:
    """Run; see `--help`."""
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="the page to write")
    parser.add_argument("--part", default="", help="only these levers, separated by commas")
    parser.add_argument("--seed", type=int, help="a sample instead of all")
    given = parser.parse_args()
    logging.getLogger("zuil").setLevel(logging.CRITICAL)
    plan, results = asyncio.run(whole(given.part, given.seed))
    if given.out:
        given.out.write_text(page(plan, results))
    wrong = [found for found in results if found.wrong]
    print(f"{len(results)} cells, {len(wrong)} wrong, {sum(not found.thrown for found in results)} missed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
