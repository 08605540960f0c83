"""A new roll, step by step: the pages follow the printer's own sensors, and a test paper proves the end.

Nobody has to touch the screen with a roll in their hands. A printer whose sensors do not say enough is helped with
"Test now". Not for: the rules of the steps (`kiosk.core.paper`).
"""

from __future__ import annotations

import uuid

from drivers.contract import Align, Feed, Line, PaperDocument, PaperSeen, Reason, Rule
from kiosk.core.pages import Option, PaperPicture, StepPage, Tone, Weight
from kiosk.core.paper import ChangeStep, Sensed, change_step
from kiosk.core.staff import Act
from kiosk.core.texts import Text, message
from kiosk.core.tickets import PrintState
from kiosk.journeys import staff_pages
from kiosk.journeys.printing import PaperNews, outcome
from kiosk.journeys.staff_session import Session
from kiosk.journeys.visit import Back
from kiosk.journeys.waiting import within

LOOK_S = 0.5
PATIENCE_S = 300.0
"""Both hands are in the printer: nobody is asked whether they are there."""
STEPS = list(ChangeStep)
TEST = "test"


async def change_paper(session: Session) -> None:
    """From the closed cover to the cut that proves the new roll."""
    step = change_step(ChangeStep.OPEN, sensed(session))
    changed = False
    while True:
        while step is not ChangeStep.TEST:
            following = await session.visit.choose_unless(step_page(step), _next(session, step), patience=PATIENCE_S)
            if following is Back.BACK:
                return
            step = ChangeStep.TEST if following == TEST else ChangeStep(following)
            changed = changed or step is ChangeStep.CLOSE
        news = await _test(session)
        if news.state is PrintState.CONFIRMED:
            await _done(session, new=changed)
            return
        if await session.visit.choose(failed_page(news), patience=PATIENCE_S) != staff_pages.AGAIN:
            return
        step = change_step(ChangeStep.TEST, sensed(session))


def sensed(session: Session) -> Sensed:
    """Cover and paper as the printer tells them now."""
    status = session.visit.column.devices.printer.status
    if status.paper is None:
        return Sensed(status.reason is Reason.COVER_OPEN, True if status.reason is Reason.PAPER_OUT else None)
    return Sensed(status.reason is Reason.COVER_OPEN, status.paper is PaperSeen.OUT)


async def _next(session: Session, step: ChangeStep) -> str:
    """The step that follows, once the sensors have moved on."""
    while True:
        session.desk.roll.look()
        await within(session.desk.roll.changed(), LOOK_S, session.visit.column.clock)
        following = change_step(step, sensed(session))
        if following is not step:
            return following.value


async def _test(session: Session) -> PaperNews:
    """Print and cut; the page only says so."""
    column = session.visit.column
    language = session.member.language
    document = test_paper(
        column.texts.spoken(message("staff.test.paper"), language), column.clock.now().strftime("%H:%M:%S")
    )
    printing = column.devices.printer.print(str(uuid.uuid4()), document)
    result = await session.visit.choose_unless(step_page(ChangeStep.TEST), printing, patience=PATIENCE_S)
    if isinstance(result, str | Back):
        raise AssertionError("a page without options was answered")
    news = outcome(result)
    await session.did(Act.TESTED_CUT, news.state.value)
    return news


async def _done(session: Session, *, new: bool) -> None:
    if new:
        used = await session.desk.roll.new_roll()
        await session.did(Act.CHANGED_PAPER, str(used))
    left = session.desk.roll.tickets_left
    await session.visit.choose(done_page(left))


def test_paper(words: str, at: str) -> PaperDocument:
    """TEST in large letters: nobody takes it for a ticket."""
    return PaperDocument(
        (
            Line("TEST", Align.CENTRE, scale=6, bold=True),
            Rule(),
            Line(words, Align.CENTRE),
            Line(at, Align.CENTRE),
            Feed(),
        )
    )


def step_page(step: ChangeStep) -> StepPage:
    """What is to be done now, as a picture and in words."""
    testing = step is ChangeStep.TEST
    return StepPage(
        title=message(f"staff.paper.{step.value}"),
        subtitle=message(f"staff.paper.{step.value}_how"),
        picture=PaperPicture(step.value),
        done=STEPS.index(step),
        of=len(STEPS),
        options=() if testing else (Option(TEST, message("staff.paper.test_now"), icon="receipt"),),
        back=not testing,
    )


def failed_page(news: PaperNews) -> StepPage:
    """The test paper did not come out, or nobody knows."""
    reason: Text | None = None if news.reason is None else message(f"staff.trouble.{news.reason.value}")
    return StepPage(
        title=message("staff.paper.failed"),
        subtitle=reason or message("staff.paper.failed_how"),
        picture=PaperPicture.FAILED,
        tone=Tone.DANGER,
        options=(
            Option(staff_pages.AGAIN, message("staff.do.again"), weight=Weight.PRIMARY),
            Option("stop", message("staff.do.stop")),
        ),
        back=False,
    )


def done_page(left: int | None) -> StepPage:
    """The new roll is in, and it cuts."""
    return StepPage(
        title=message("staff.paper.done"),
        subtitle=None if left is None else message("staff.paper.done_how", count=left),
        picture=PaperPicture.DONE,
        tone=Tone.PLAIN,
        done=len(STEPS),
        of=len(STEPS),
        options=(Option(staff_pages.DONE, message("staff.do.done"), weight=Weight.PRIMARY),),
        back=False,
    )
