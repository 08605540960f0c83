"""Help: ask a person to come, and say honestly whether anybody can have heard it.

Not for: staff's side of the call (`sync.backoffice`).
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

from kiosk.core.events import HOST_CALLED
from kiosk.core.pages import Fact, NoticePage, Option, Tone, Weight
from kiosk.core.texts import message
from kiosk.journeys.visit import Visit


async def call_host(visit: Visit) -> None:
    """Record the call and tell the citizen what to expect.

    Without a way to the back office nobody sees the call now, and the screen says so and gives the telephone number;
    it follows when that turns out only now, or is mended meanwhile.
    """
    column = visit.column
    call = {"callId": str(uuid.uuid4()), "officeId": column.here.id, "page": visit.page.kind}
    await column.store.record(HOST_CALLED, dict(call))
    await visit.tell(_host_notice(visit), updates=_as_it_turns_out(visit))


async def _as_it_turns_out(visit: Visit) -> AsyncIterator[NoticePage]:
    """A way that is cut is found out by sending, so the call itself may tell that nobody hears it."""
    while True:
        await visit.column.clock.sleep(1)
        yield _host_notice(visit)


def _host_notice(visit: Visit) -> NoticePage:
    here = visit.column.here
    reachable = visit.column.network.online
    key = "host.called" if reachable else "host.unreachable"
    return NoticePage(
        title=message(f"{key}.title"),
        subtitle=message(f"{key}.subtitle"),
        tone=Tone.SUCCESS if reachable else Tone.WARNING,
        icon="hand-waving" if reachable else "phone",
        facts=(Fact(message("host.phone"), message("plain", text=here.phone), "phone"),),
        options=(Option("continue", message("host.continue"), weight=Weight.PRIMARY),),
        back=False,
    )
