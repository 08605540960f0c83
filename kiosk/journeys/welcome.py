"""The attract screen: languages in their own names, and what works today, before anybody spends a touch.

Not for: the visit itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from drivers.contract import Reason
from kiosk.core.hours import Closed, Open, state
from kiosk.core.pages import Chosen, Look, Option, Tool, ToolUsed, View, Weight, WelcomePage, adjusted
from kiosk.core.texts import LANGUAGES, Language, Localized, Text, message
from kiosk.journeys.visit import Column
from kiosk.journeys.waiting import within

NAMES: dict[Language, str] = {"nl": "Nederlands", "fr": "Français", "en": "English", "de": "Deutsch"}
"""Each language's own name; languages are never shown as flags."""

REFRESH_S = 1.0
"""How often the attract screen looks at clock and devices again; it is drawn anew only when something changed."""

_serials = count(1_000_000_000)
"""Far from any visit's serials, so that a late tap of the last visitor never starts a visit."""


async def welcome(column: Column) -> tuple[Language, Look] | None:
    """Wait for somebody, and learn in which language and how they want to be served; None once nobody is to be.

    Accessibility is at hand before the first choice; language is asked each time anew and never remembered.
    """
    profile, look, serial = column.site.profile, Look(), next(_serials)
    drawn, quiet = None, 0.0
    while column.staff is None or not column.staff.care.refusing:
        view = View(serial, welcome_page(column), profile.default, profile.languages, look)
        if view != drawn:
            column.screen.show(view)
            drawn = view
        given = await within(column.screen.read(), REFRESH_S, column.clock)
        quiet = quiet + REFRESH_S if given is None else 0.0
        match given:
            case Chosen(seen, option) if seen == serial and option in profile.languages:
                return option, look
            case ToolUsed(Tool.LANGUAGE, language) if language in profile.languages:
                return language, look
            case ToolUsed(tool):
                look = adjusted(look, tool)
            case None if quiet >= column.timing.idle:
                # Somebody set larger text and walked on: the next person starts from the defaults.
                look = Look()
    return None


def welcome_page(column: Column) -> WelcomePage:
    """The attract screen as it stands now."""
    return WelcomePage(
        title=column.site.name,
        subtitle=column.here.name,
        options=tuple(_language_option(column, language) for language in column.site.profile.languages),
        back=False,
        notices=tuple(_notices(column)),
    )


def _language_option(column: Column, language: Language) -> Option:
    """A button wholly in its own language, whatever language is shown."""
    start = column.texts.words(message("welcome.start"), language)
    return Option(language, _always(NAMES[language]), _always(start), weight=Weight.PRIMARY)


def _always(words: str) -> Localized:
    return Localized(dict.fromkeys(LANGUAGES, words))


def _notices(column: Column) -> Iterator[Text]:
    if (line := column.bulletin()) is not None:
        yield line
    if column.here.queues:
        match state(column.here.hours, column.clock.now()):
            case Closed(opens=None):
                yield message("welcome.closed")
            case Closed(opens=opens) if opens is not None:
                today = opens.date() == column.clock.now().date()
                yield (
                    message("welcome.closed_until_time", time=opens.time())
                    if today
                    else message("welcome.closed_until", day=opens.date(), time=opens.time())
                )
            case Open() | Closed():
                pass
    if not column.devices.printer.status.usable:
        yield message("welcome.no_printer")
    cards = column.devices.cards.status
    if not cards.usable and cards.reason is not Reason.NOT_CONFIGURED:
        yield message("welcome.no_reader")
    if column.desk.left_behind:
        yield message("welcome.card_left")
