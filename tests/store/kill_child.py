"""The process that `kill_loop` kills: issues tickets as fast as it can and says each promised label once it is on disk.

Speaks on standard output, one line each: `ready`, then labels. Run: `python -m tests.store.kill_child FILE LIFE`.
With `early` behind it promises each label *before* it is committed: the control that must be caught.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kiosk.core.tickets import PrintState, label
from kiosk.store.store import KioskStore
from tests.store.columns import grant, open_at, order

CHUNK = 40
"""Lease numbers of each life; after them come own numbers."""


def main(path: Path, life: int, early: bool) -> None:
    """Issue until killed."""
    store = open_at(path)
    first = CHUNK * life + 1
    store.add_grants([grant(first, first + CHUNK - 1)])
    _say("ready")
    if early:
        _promise_early(store, first)
    while True:
        issued = store.issue_ticket_now(order())
        _say(issued.label)
        store.move_print_now(issued.job_id, PrintState.SENT)
        store.move_print_now(issued.job_id, PrintState.CONFIRMED)


def _promise_early(store: KioskStore, first: int) -> None:
    for number in range(first, first + CHUNK):
        _say(label("A", number))
        store.issue_ticket_now(order())


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), early=sys.argv[3:] == ["early"])
