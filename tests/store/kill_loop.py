"""Kills the real store in a loop and proves after each kill that nothing promised is missing.

`run_kills` serves the test and the soak run; `python -m tests.store.kill_loop 1000` runs it by hand. Not a test itself.
"""

from __future__ import annotations

import select
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from kiosk.store.journal_file import JournalFile

_PATIENCE = 60.0


@dataclass
class Tally:
    """What a run saw.

    Attributes:
        promised: labels a child said were on disk.
        silent: tickets on disk whose label the child could not say any more.
    """

    kills: int = 0
    promised: list[str] = field(default_factory=list)
    silent: int = 0


def run_kills(kills: int, seed: int, folder: Path | None = None, early: bool = False) -> Tally:
    """Start, kill after 20 to 150 ms of issuing, check the file; `kills` times on one file.

    Args:
        kills: how often.
        seed: of the moments.
        folder: where the store lies; a temporary one when not given.
        early: let the child promise before it commits (the control).

    Returns:
        What was promised in all.

    Raises:
        AssertionError: when a promise is missing, doubled, or the chain is broken.
    """
    if folder is None:
        with tempfile.TemporaryDirectory() as name:
            return run_kills(kills, seed, Path(name), early)
    random = Random(seed)
    tally = Tally()
    for life in range(kills):
        words = [str(folder / "kiosk.db"), str(life), *(["early"] if early else [])]
        tally.promised += _one_life(words, random.uniform(0.02, 0.15))
        tally.kills += 1
        tally.silent = check(folder / "kiosk.db", tally.promised)
    return tally


def check(path: Path, promised: list[str]) -> int:
    """Prove that every promised label is on disk once, with its event, in an unbroken chain.

    Returns:
        How many tickets are on disk that nobody was told of.
    """
    with JournalFile(path) as file:
        labels = [label for *_, label in file.labels()]
        assert len(set(labels)) == len(labels), "a label stands twice"
        missing = set(promised) - set(labels)
        assert not missing, f"promised and not on disk: {sorted(missing)}"
        assert [verdict.broken for verdict in file.verify()] == [None]
        told = [_label(stored.event) for stored in file.events() if str(stored.event["type"]).endswith(".issued")]
        assert sorted(told) == sorted(labels), "tickets and events differ"
        assert file.is_sound()
    return len(labels) - len(promised)


def _label(event: dict[str, object]) -> str:
    data = event["data"]
    assert isinstance(data, dict)
    return str(data["label"])


def _one_life(words: list[str], seconds: float) -> list[str]:
    """Let a child issue for so long, kill it, return what it said."""
    command = [sys.executable, "-m", "tests.store.kill_child", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        try:
            ready, _, _ = select.select([child.stdout], [], [], _PATIENCE)
            assert ready, "the child did not start"
            assert child.stdout.readline() == b"ready\n"
            time.sleep(seconds)
        finally:
            child.kill()
        said = child.stdout.read().decode().splitlines(keepends=True)
    return [line.rstrip("\n") for line in said if line.endswith("\n")]


def main() -> None:
    """By hand: number of kills, then an optional seed."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    tally = run_kills(kills, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(f"{tally.kills} kills, {len(tally.promised)} promised, 0 lost, {tally.silent} on disk untold")


if __name__ == "__main__":
    main()
