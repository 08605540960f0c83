"""Serve one visitor after the other, for ever: welcome, visit, everything forgotten, welcome.

Staff may come in over anything that is shown, close the column, end a visit and have the program start anew. A defect
ends one visit on a safe screen and is logged once; the next visitor is served. Not for: starting the ports.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import replace

from kiosk.core.events import VISIT_ENDED, VISIT_STARTED
from kiosk.core.pages import Fact, Look, NoticePage, Option, Tone, Weight
from kiosk.core.texts import Language, message
from kiosk.journeys.call_host import call_host
from kiosk.journeys.closed import closed
from kiosk.journeys.find_the_way import find_the_way
from kiosk.journeys.floor import Floor
from kiosk.journeys.give_back import call_out
from kiosk.journeys.staff_desk import StaffDesk
from kiosk.journeys.visit import Column, Leave, Outcome, Visit
from kiosk.journeys.welcome import welcome

log = logging.getLogger("zuil.visit")


async def serve(column: Column) -> None:
    """Serve until cancelled, or until somebody has the program start anew."""
    desk = column.staff
    if desk is None:
        while True:
            await _one_after_the_other(column)
    floor, knocks = Floor(column.screen), asyncio.Event()
    column.screen.on_knock(knocks.set)
    attending = asyncio.create_task(_attend(column, desk, floor, knocks))
    mornings = asyncio.create_task(desk.mornings.run())
    try:
        below = replace(column, screen=floor.visitor)
        while not desk.care.restarting:
            await closed(below, desk.care)
            await _one_after_the_other(below)
    finally:
        for task in (attending, mornings):
            task.cancel()
        await asyncio.gather(attending, mornings, return_exceptions=True)


async def _attend(column: Column, desk: StaffDesk, floor: Floor, knocks: asyncio.Event) -> None:
    """Wait for knocks and let staff in, one after the other, until cancelled."""
    while True:
        await knocks.wait()
        # Loaded now, because no visitor needs it and it would delay the first screen.
        from kiosk.journeys.staff_mode import staff_mode

        if desk.door.anybody:
            with floor.taken():
                await staff_mode(column, desk, floor)
        knocks.clear()


async def _one_after_the_other(column: Column) -> None:
    """Wait for one visitor and serve them; returns at once where nobody is to be served."""
    begun = await welcome(column)
    if begun is not None:
        await serve_one(column, *begun)


async def serve_one(column: Column, language: Language, look: Look) -> Outcome:
    """One visit from the first page to the last, with its two events."""
    visit = Visit(column, language, look, call_host=call_host)
    visit_id, started = str(uuid.uuid4()), column.clock.monotonic()
    outcome = await _until_ended(visit, visit_id)
    try:
        await call_out(visit)
        await column.store.record(VISIT_ENDED, _ended(visit, visit_id, outcome, column.clock.monotonic() - started))
    except Exception:
        # A disk that has no room for the end of a visit must not take the column from the next person.
        log.exception("the end of a visit could not be written down")
    return outcome


def _ended(visit: Visit, visit_id: str, outcome: Outcome, seconds: float) -> dict[str, object]:
    return {
        "visitId": visit_id,
        "language": visit.language,
        "outcome": outcome.value,
        "durationSec": round(seconds),
        "textSize": visit.look.size.value,
        "contrast": visit.look.contrast.value,
        "reach": visit.look.reach,
        "speech": visit.look.speech,
    }


async def _until_ended(visit: Visit, visit_id: str) -> Outcome:
    """The journey, which staff may end at any moment; every `finally` on its way out leaves the devices clean."""
    journey = asyncio.create_task(_journey(visit, visit_id))
    if visit.column.staff is not None:
        visit.column.staff.care.began(journey)
    try:
        await asyncio.wait({journey})
    finally:
        journey.cancel()
        await asyncio.wait({journey})
    return Outcome.ENDED if journey.cancelled() else journey.result()


async def _journey(visit: Visit, visit_id: str) -> Outcome:
    try:
        await visit.column.store.record(VISIT_STARTED, {"visitId": visit_id, "language": visit.language})
        await find_the_way(visit)
        return Outcome.DONE
    except Leave as leave:
        return leave.outcome
    except Exception:
        # A defect of ours: say so, keep what was promised (it is committed), serve the next person.
        log.exception("a visit ended by a defect on page %s", visit.page.kind)
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            # What fails on the way out, such as a last word on a full disk, must not keep the column from stopping.
            raise asyncio.CancelledError from None
        return await _safe_screen(visit)


async def _safe_screen(visit: Visit) -> Outcome:
    try:
        await visit.choose(_sorry_page(visit), patience=visit.column.timing.ticket)
    except Leave:
        log.debug("nobody answered the safe screen")
    return Outcome.FAILED


def _sorry_page(visit: Visit) -> NoticePage:
    return NoticePage(
        title=message("sorry.title"),
        subtitle=message("sorry.subtitle"),
        tone=Tone.DANGER,
        icon="warning-circle",
        facts=(Fact(message("host.phone"), message("plain", text=visit.column.here.phone), "phone"),),
        options=(Option("done", message("sorry.done"), weight=Weight.PRIMARY),),
        back=False,
    )
