"""The one page of a column that is out of service for good: in every language of the site, one after the other.

It has no button; whoever wants larger text or another language gets it. Not for: a column that is closed for a while.
"""

from __future__ import annotations

from kiosk.core.catalogue import ContactPoint, Site
from kiosk.core.pages import Fact, Look, NoticePage, Tone, Tool, ToolUsed, View, adjusted
from kiosk.core.texts import message
from kiosk.journeys.ports import Clock, Screen
from kiosk.journeys.waiting import within

EACH_S = 8.0
"""How long each language stands; long enough to read two sentences slowly."""

_SERIAL = 2_000_000_000
"""Far from any other page's."""


async def out_of_service(screen: Screen, site: Site, here: ContactPoint, clock: Clock) -> None:
    """Show it until cancelled."""
    languages, look, shown = site.profile.languages, Look(), 0
    while True:
        language = languages[shown % len(languages)]
        screen.show(View(_SERIAL + shown, out_of_service_page(here), language, languages, look))
        match await within(screen.read(), EACH_S, clock):
            case ToolUsed(Tool.LANGUAGE, asked) if asked in languages:
                shown = languages.index(asked)
            case ToolUsed(tool):
                look = adjusted(look, tool)
            case None:
                shown, look = shown + 1, Look()


def out_of_service_page(here: ContactPoint) -> NoticePage:
    """The page: that it is over here, and where to go."""
    return NoticePage(
        title=message("retired.title"),
        subtitle=message("retired.subtitle"),
        tone=Tone.WARNING,
        icon="warning-circle",
        facts=(Fact(message("host.phone"), message("plain", text=here.phone), "phone"),),
        back=False,
    )
