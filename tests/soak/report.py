"""The reliability table: one row a fault, what was done to the column and what it still owes anybody.

Not for: doing anything to it (`kills`, `weather`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rich.table import Table

COLUMNS = ("fault", "injections", "acknowledged facts", "lost", "doubled", "gaps", "longest recovery")


@dataclass(frozen=True)
class Row:
    """One fault over the whole run.

    Attributes:
        facts: numbers people were promised while it lasted.
        lost: promised and nowhere to be found.
        doubled: the same number twice, on paper or in the back office.
        gaps: events missing between the first and the last, or a broken chain.
        recovery: longest seconds from the end of the fault until everything was handed over; None when not measured.
        control: must lose something, or the row beside it proves nothing.
        notes: what exactly was owed.
    """

    fault: str
    injections: int = 0
    facts: int = 0
    lost: int = 0
    doubled: int = 0
    gaps: int = 0
    recovery: float | None = None
    control: bool = False
    notes: tuple[str, ...] = field(default=())

    @property
    def bad(self) -> bool:
        """Whether this row fails the run."""
        owed = self.lost + self.doubled + self.gaps
        return owed == 0 if self.control else owed > 0

    def plus(self, other: Row) -> Row:
        """Both runs of the same fault together."""
        measured = [each for each in (self.recovery, other.recovery) if each is not None]
        return replace(
            self,
            injections=self.injections + other.injections,
            facts=self.facts + other.facts,
            lost=self.lost + other.lost,
            doubled=self.doubled + other.doubled,
            gaps=self.gaps + other.gaps,
            recovery=max(measured, default=None),
            notes=self.notes + other.notes,
        )


class Ledger:
    """Rows by fault, in the order they first appeared."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}

    def add(self, rows: Iterable[Row]) -> None:
        """Add what another round gave."""
        for row in rows:
            known = self._rows.get(row.fault)
            self._rows[row.fault] = known.plus(row) if known else row

    @property
    def rows(self) -> list[Row]:
        """All rows."""
        return list(self._rows.values())

    @property
    def bad(self) -> list[Row]:
        """Rows that fail the run."""
        return [row for row in self.rows if row.bad]


def drawn(rows: Iterable[Row]) -> Table:
    """The table for the terminal."""
    table = Table(*COLUMNS)
    for row in rows:
        recovery = "–" if row.recovery is None else f"{row.recovery:.1f} s"
        name = f"{row.fault} (control: must lose)" if row.control else row.fault
        numbers = (row.injections, row.facts, row.lost, row.doubled, row.gaps)
        table.add_row(name, *(f"{number:,}" for number in numbers), recovery, style="red" if row.bad else "green")
    return table
