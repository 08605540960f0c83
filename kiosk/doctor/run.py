"""Runs checks side by side, each in a thread of its own with a limit; none can raise and none can hang the others.

A check that is still busy at its limit is told as such and left behind; its thread ends with the process. Not for: what
is checked.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import Generic, TypeVar

from kiosk.doctor.finding import Check, Finding, Row, Unknowable

T = TypeVar("T")
_log = logging.getLogger("zuil.doctor")


def run_checks(checks: Sequence[Check[T]], on: T) -> list[Finding]:
    """Every finding of every check, in the order of the checks."""
    started = time.monotonic()
    running = [_Running(check, on) for check in checks]
    return [finding for each in running for finding in each.findings(started)]


class _Running(Generic[T]):
    def __init__(self, check: Check[T], on: T) -> None:
        self._check = check
        self._found: list[Finding] = []
        self._thread = threading.Thread(target=self._look, args=(on,), name=f"doctor {check.rows[0].id}", daemon=True)
        self._thread.start()

    def findings(self, started: float) -> list[Finding]:
        self._thread.join(max(0.0, started + self._check.seconds - time.monotonic()))
        found = list(self._found)
        if self._thread.is_alive():
            late = f"it gave no answer within {self._check.seconds:g} seconds"
            found.append(self._row(found).unknown(late, "ask again; when it stays so, look at that device or network"))
        return found

    def _look(self, on: T) -> None:
        try:
            for finding in self._check.look(on):
                self._found.append(finding)
        except Unknowable as unknowable:
            self._found.append(self._row(self._found).unknown(str(unknowable)))
        except Exception as problem:  # noqa: BLE001 - a defect in one check must not hide the findings of the others
            _log.exception("the check %s failed", self._check.rows[0].id)
            why = f"the check itself failed ({type(problem).__name__})"
            self._found.append(self._row(self._found).unknown(why, "report it, with the log"))

    def _row(self, found: Sequence[Finding]) -> Row:
        """The first row nothing was said about yet."""
        said = {finding.id for finding in found}
        return next((row for row in self._check.rows if row.id not in said), self._check.rows[0])
