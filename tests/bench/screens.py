"""Figures of the running kiosk: a ticket on its way to the printer, the next screen, memory. Measured on real touches.

Not for: starting (`starts`) or a full journal (`million`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.bench.column import Seen, rig
from tests.bench.figures import Figure, Goal, Judged, percentile, shown, slope

_LIMIT_S = 600
WARM = 200
"""Visits before memory is expected to be flat: every page, picture and text was then drawn once."""
_PARTS = {
    "asked": "journey asks for the number",
    "promised": "number, job and event on disk",
    "sent": "job marked as sent on disk",
    "left": "bytes built and handed over",
}


def next_screen(folder: Path, rounds: int) -> list[Figure]:
    """Tap → next screen, in normal and in large letters, with the page animation of the product.

    Args:
        rounds: walks through every kind of page, twelve pages each.
    """
    with rig(folder) as column:
        seen = column.run("every_page", rounds, brisk=False, limit_s=_LIMIT_S)
    how = (
        "from the release of a mouse tap delivered to the window (1080 × 1920, offscreen, software renderer) to the "
        "first frame of the next page swapped, welcome, home, theme, service, search, all services and ticket"
    )
    normal = tuple(ms for _, large, ms in seen.pages if not large)
    big = tuple(ms for _, large, ms in seen.pages if large)
    return [
        Figure("tap → next screen", "ms", normal, how, Goal(50), parts=_by_page(seen, large=False)),
        Figure("tap → next screen, large letters", "ms", big, "the same", Goal(50), parts=_by_page(seen, large=True)),
    ]


def ticket_and_memory(folder: Path, visits: int) -> list[Figure]:
    """Tap → bytes for the printer, and memory over many visits, from one run of the kiosk.

    Args:
        visits: every second one takes a ticket, the others look around.
    """
    with rig(folder) as column:
        seen = column.run("mixed", visits, brisk=True, limit_s=_LIMIT_S)
        papers = column.world.printer.state.papers
    rest, last = seen.memory[0][1], seen.memory[-1][1]
    warm = [(float(n), mb) for n, mb in seen.memory if n >= min(WARM, visits // 2)]
    growth = slope(warm) * 100
    how = (
        f"resident memory of the kiosk process; {visits} visits by real taps, every second one with a ticket, page "
        "animation off so that they fit"
    )
    return [
        tap_to_bytes(seen, f"{len(seen.tickets)} tickets in {visits} visits, {papers} of the last papers came out"),
        Figure("memory at rest", "MB", (rest,), "resident memory, first screen drawn", Goal(160, Judged.MEDIAN)),
        Figure(f"memory after {visits:,} visits", "MB", (last,), how, Goal(160, Judged.MEDIAN)),
        Figure(
            f"growth per 100 visits, after the first {int(warm[0][0])}",
            "MB/100",
            (growth,),
            "least-squares slope of the same memory; flat means at most 0.1 MB",
            Goal(0.1, Judged.MEDIAN),
        ),
    ]


def tap_to_bytes(seen: Seen, told: str) -> Figure:
    """The figure of a run's tickets."""
    how = (
        "from the release of the tap on “take a ticket” to the first byte of the job handed to the printer's socket: "
        "journey, number and event committed to disk, print job marked as sent on disk, ESC/POS built, with the sync "
        f"client uploading beside it; {told}"
    )
    samples = tuple(ticket["left"] for ticket in seen.tickets)
    return Figure("tap → ticket bytes leave for the printer", "ms", samples, how, Goal(20), parts=ticket_parts(seen))


def ticket_parts(seen: Seen) -> tuple[tuple[str, str], ...]:
    """Medians of each moment on the way of a ticket."""
    return tuple(
        (what, shown(percentile([ticket[name] for ticket in seen.tickets], 0.5), "ms")) for name, what in _PARTS.items()
    )


def _by_page(seen: Seen, large: bool) -> tuple[tuple[str, str], ...]:
    kinds = sorted({kind for kind, big, _ in seen.pages if big is large})
    return tuple((kind, shown(_median(seen.pages, kind, large), "ms")) for kind in kinds)


def _median(pages: Sequence[tuple[str, bool, float]], kind: str, large: bool) -> float:
    return percentile([ms for page, big, ms in pages if page == kind and big is large], 0.5)
