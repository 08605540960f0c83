"""What is wrong in a file somebody wrote, told so that the same person can put it right.

Every reader of this package collects `Problem`s and raises them all together: whoever edits a file should not have
to start the program once a mistake. Not for: failures while the column runs, which are values of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in one file.

    Attributes:
        file: the file it stands in.
        line: line number from 1; 1 when it concerns the whole file.
        found: what is wrong.
        expected: what would be right.
    """

    file: Path
    line: int
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.found}; {self.expected}"


class ConfigError(Exception):
    """Files that cannot be used; its text is one line a problem, in the order of files and lines.

    Attributes:
        problems: every mistake found, at least one.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Findings:
    """Problems found so far, while a reader goes on looking for more."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, file: Path, line: int, found: str, expected: str) -> None:
        """Remember one more problem."""
        self.problems.append(Problem(file, line, found, expected))

    def take(self, error: ConfigError) -> None:
        """Remember the problems another reader raised."""
        self.problems.extend(error.problems)

    def stop_if_any(self) -> None:
        """Raise everything found.

        Raises:
            ConfigError: when there is at least one problem.
        """
        if self.problems:
            raise ConfigError(self.problems)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name somebody probably meant, or None."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    edits = max(1, len(word) // 3)
    found = process.extractOne(word, list(known), scorer=OSA.distance, score_cutoff=edits)
    return found[0] if found else None


def choose_among(word: str, known: Iterable[str]) -> str:
    """Advice for a misspelt name: the likely one, else all of them.

    Args:
        word: what stands in the file.
        known: the names that would be right.
    """
    names = list(known)
    meant = nearest(word, names)
    if meant:
        return f"did you mean '{meant}'?"
    return f"write one of: {', '.join(sorted(names))}" if names else "leave it out"
