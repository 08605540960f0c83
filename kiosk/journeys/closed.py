"""The page of a column that somebody closed: why, until when, and where people can go instead.

It speaks each language of the site in turn, until somebody chooses one. Not for: closing and opening
(`kiosk.caretaking`, `staff_closing`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count

from kiosk.core.catalogue import ContactPoint
from kiosk.core.closure import Closure
from kiosk.core.hours import Closed, Open, state
from kiosk.core.pages import Fact, Look, NoticePage, Tone, Tool, ToolUsed, View, adjusted
from kiosk.core.texts import Language, message
from kiosk.journeys.staff_desk import Upkeep
from kiosk.journeys.visit import Column
from kiosk.journeys.waiting import within

EACH_LANGUAGE_S = 10
OTHERS = 2
"""Contact points that are named; more is no help to somebody who stands before a closed column."""
_serials = count(1_500_000_000)


async def closed(column: Column, care: Upkeep) -> None:
    """Show it until the column is open again, or starts anew."""
    languages, look, chosen = column.site.profile.languages, Look(), None
    drawn: View | None = None
    serial, seconds, quiet = next(_serials), 0, 0
    while not care.restarting:
        await care.open_if_due()
        closure = care.closure
        if closure is None:
            return
        language: Language = chosen or languages[seconds // EACH_LANGUAGE_S % len(languages)]
        view = View(serial, closed_page(column, closure), language, languages, look)
        if view != drawn:
            column.screen.show(view)
            drawn = view
        given = await within(column.screen.read(), 1.0, column.clock)
        seconds, quiet = (seconds + 1, quiet + 1) if given is None else (seconds, 0)
        match given:
            case ToolUsed(Tool.LANGUAGE, language) if language in languages:
                chosen = language
            case ToolUsed(tool):
                look = adjusted(look, tool)
            case None if quiet >= column.timing.idle:
                look, chosen = Look(), None


def closed_page(column: Column, closure: Closure) -> NoticePage:
    """What whoever comes reads."""
    until, usual = closure.until, message("closed.subtitle")
    if until is not None:
        today = until.date() == column.clock.now().date()
        usual = message("closed.until_time", time=until.time()) if today else message("closed.until", when=until)
    return NoticePage(
        title=message("closed.title"),
        subtitle=usual,
        tone=Tone.WARNING,
        icon="hand-palm",
        facts=(*_typed(column, closure), *_instead(column)),
        back=False,
    )


def _typed(column: Column, closure: Closure) -> Iterator[Fact]:
    """The text of staff stands as they wrote it in every language, and is spoken in theirs."""
    if closure.text:
        language = closure.language or column.site.profile.languages[0]
        text = message("plain", text=closure.text)
        yield Fact(message("closed.typed"), text, "megaphone", language=language)


def _instead(column: Column) -> Iterator[Fact]:
    """No wrong door: the counter here when it is open, other contact points, the telephone."""
    now, here = column.clock.now(), column.here
    if here.queues:
        match state(here.hours, now):
            case Open(until=until):
                yield Fact(message("closed.here"), message("closed.here_open", time=until), "users-three")
            case Closed(opens=opens) if opens is not None:
                yield Fact(message("closed.here"), message("closed.here_opens", when=opens), "users-three")
    for point in _others(column, now):
        words = message("closed.place", name=point.name, address=point.address)
        yield Fact(message("closed.other"), words, "map-pin")
    yield Fact(message("host.phone"), message("plain", text=here.phone), "phone")


def _others(column: Column, now: datetime) -> list[ContactPoint]:
    """Other contact points with counters; those open now first, in the order of the site."""
    staffed = [point for point in column.site.contact_points if point.queues and point.id != column.here.id]
    return sorted(staffed, key=lambda point: not isinstance(state(point.hours, now), Open))[:OTHERS]
