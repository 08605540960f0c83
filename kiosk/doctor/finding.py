"""What an examination says: one finding a thing, with how bad it is and the next step.

`Row` is a line of the table of checks, from which docs/doctor.md is written; findings are made from it, so that no
finding has an id the table does not know. Not for: looking (the modules beside this one).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

T = TypeVar("T")

LIMIT_S = 10.0


class Severity(Enum):
    """How bad it is; the values are part of the JSON contract."""

    OK = "ok"
    ATTENTION = "attention"
    """Works, or cannot be known here; somebody should look."""
    BROKEN = "broken"
    """Does not work, or is not safe."""

    @property
    def status(self) -> int:
        """Exit status of a command whose worst finding this is."""
        return list(Severity).index(self)


@dataclass(frozen=True)
class Finding:
    """One thing examined.

    Attributes:
        id: stable name for machines, `part.thing`.
        subject: what it is about, for people.
        found: what was found.
        next_step: what to do about it; empty when it is OK.
    """

    id: str
    subject: str
    severity: Severity
    found: str
    next_step: str = ""

    @property
    def wrong(self) -> bool:
        """Whether somebody should do something."""
        return self.severity is not Severity.OK

    @property
    def says(self) -> str:
        """What was found, and the next step."""
        return f"{self.found} -> {self.next_step}" if self.next_step else self.found

    def __str__(self) -> str:
        return f"{self.severity.value.upper():9}  {self.subject}: {self.says}"


@dataclass(frozen=True)
class Row:
    """A line of the table of checks.

    Attributes:
        examines: what is looked at and what is right, for the reference page.
    """

    id: str
    subject: str
    examines: str

    def ok(self, found: str) -> Finding:
        """It is as it should be."""
        return Finding(self.id, self.subject, Severity.OK, found)

    def attention(self, found: str, next_step: str) -> Finding:
        """Somebody should look."""
        return Finding(self.id, self.subject, Severity.ATTENTION, found, next_step)

    def broken(self, found: str, next_step: str) -> Finding:
        """It does not work, or is not safe."""
        return Finding(self.id, self.subject, Severity.BROKEN, found, next_step)

    def unknown(self, why: str, next_step: str = "look at it on the column itself, as root") -> Finding:
        """It cannot be known here, which is never OK."""
        return self.attention(f"cannot be known because {why}", next_step)

    def either(self, good: bool, found: str, otherwise: str, next_step: str) -> Finding:
        """OK, or broken."""
        return self.ok(found) if good else self.broken(otherwise, next_step)


@dataclass(frozen=True)
class Check(Generic[T]):
    """Looks at something and tells findings of its rows.

    Attributes:
        look: called once, in a thread of its own; what it raises becomes a finding of the first row.
        seconds: how long it may take.
    """

    rows: tuple[Row, ...]
    look: Callable[[T], Iterable[Finding]]
    seconds: float = LIMIT_S


class Unknowable(Exception):
    """Something cannot be looked at; the text completes "cannot be known because …"."""


def worst(findings: Iterable[Finding]) -> Severity:
    """The worst severity; OK when there are none."""
    return max((finding.severity for finding in findings), key=lambda each: each.status, default=Severity.OK)
