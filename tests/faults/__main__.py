"""`python -m tests.faults --out FILE`: the whole matrix and the page that shows it; status 1 when a cell is wrong."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import time
from pathlib import Path

from tests.faults.cells import Ending, Found
from tests.faults.matrix import Plan, all_played, page, planned, sample


def kept_in(file: Path | None, plan: Plan) -> list[Found]:
    """What an earlier run kept, as far as the plan still has it."""
    if file is None or not file.exists():
        return []
    cells = {str(cell): cell for cell in plan.cells}
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    return [Found(cells[name], Ending(end), (), thrown) for name, end, thrown in lines if name in cells]


async def whole(part: str, seed: int | None, keep: Path | None) -> tuple[Plan, list[Found]]:
    """Play all cells, or a sample, of these levers, save those that were kept."""
    plan = await planned()
    chosen = plan.cells if seed is None else sample(plan, seed)
    wanted = tuple(part.split(","))
    results, began = kept_in(keep, plan), time.monotonic()
    known = {found.cell for found in results}
    cells = [cell for cell in chosen if cell not in known and (not part or str(cell).startswith(wanted))]
    async for found in all_played(plan, cells):
        results.append(found)
        if keep is not None and not found.wrong:
            with keep.open("a") as file:
                file.write(json.dumps([str(found.cell), found.ending.value, found.thrown]) + "\n")
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
    parser.add_argument("--keep", type=Path, help="what is found is kept here, and a later run goes on from it")
    parser.add_argument("--seed", type=int, help="a sample instead of all")
    given = parser.parse_args()
    logging.getLogger("zuil").setLevel(logging.CRITICAL)
    plan, results = asyncio.run(whole(given.part, given.seed, given.keep))
    if given.out:
        given.out.write_text(page(plan, results))
    wrong = [found for found in results if found.wrong]
    print(f"{len(results)} cells, {len(wrong)} wrong, {sum(not found.thrown for found in results)} missed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
