"""Writes docs/benchmarks.md anew: table, machine, how, where the time goes; what people wrote between the marks stays.

Not for: the table in the terminal (`__main__`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.figures import COLUMNS, Figure, cells, goal_words, shown

BEGIN = "<!-- notes: written by hand, kept by the tool -->"
END = "<!-- end of notes -->"
NO_NOTES = f"{BEGIN}\n{END}"


class NotesBroken(ValueError):
    """The document has one mark without the other; writing it anew would lose what somebody wrote."""


def notes_of(text: str) -> str:
    """What stands between the marks, marks included; empty marks when there are none.

    Raises:
        NotesBroken: when one mark is missing.
    """
    begin, end = text.find(BEGIN), text.find(END)
    if begin < 0 and end < 0:
        return NO_NOTES
    if begin < 0 or end < begin:
        raise NotesBroken(f"the notes need both marks, {BEGIN!r} and then {END!r}")
    return text[begin : end + len(END)]


def rewrite(path: Path, figures: Sequence[Figure], machine: Mapping[str, str]) -> None:
    """Replace the document, keeping its notes.

    Raises:
        NotesBroken: see `notes_of`; nothing is written.
    """
    notes = notes_of(path.read_text(encoding="utf-8")) if path.exists() else NO_NOTES
    path.write_text(render(figures, machine, notes), encoding="utf-8")


def render(figures: Sequence[Figure], machine: Mapping[str, str], notes: str = NO_NOTES) -> str:
    """The whole document."""
    parts = [
        "# Benchmarks",
        "The last whole run of `make bench`. It replaces everything here but the notes.",
        table(figures),
        _missed(figures),
        "## Machine",
        "\n".join(f"* {name}: {value}" for name, value in machine.items()),
        "## How it is measured",
        "\n".join(f"* **{figure.name}**: {figure.how}" for figure in figures),
        *_breakdowns(figures),
        "## Notes",
        notes,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *(cells(figure) for figure in figures)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _missed(figures: Sequence[Figure]) -> str:
    missed = [figure for figure in figures if figure.met is False]
    if not missed:
        return "Every goal is met."
    lines = (f"* {f.name}: {shown(f.judged, f.unit)}, goal {goal_words(f)}" for f in missed)
    return "Goals missed, causes in the notes:\n\n" + "\n".join(lines)


def _breakdowns(figures: Sequence[Figure]) -> list[str]:
    told = [figure for figure in figures if figure.parts]
    if not told:
        return []
    lines = [f"* {figure.name}: " + ", ".join(f"{what} {value}" for what, value in figure.parts) for figure in told]
    return [
        "## Where it goes",
        "Medians of the same runs, each counted from the beginning of the figure.",
        "\n".join(lines),
    ]
