"""The report of the morning, for reception: on screen, on paper when asked, and made anew when asked.

Not for: when it is made (`kiosk.core.readiness`, `kiosk.readiness`).
"""

from __future__ import annotations

from collections.abc import Iterator

from drivers.contract import Align, Feed, Line, PaperDocument, Rule
from kiosk.core.catalogue import Site
from kiosk.core.column_health import Condition, Subject, subject_name
from kiosk.core.pages import Fact, NoticePage, Option, Weight
from kiosk.core.readiness import Report
from kiosk.core.staff import Act
from kiosk.core.texts import Language, Texts, message
from kiosk.documents.paper_head import paper_head
from kiosk.journeys import staff_pages as pages
from kiosk.journeys.staff_session import Session
from kiosk.journeys.staff_tickets import follow

TEST_NOW, PRINT = "test_now", "print"


async def report(session: Session) -> None:
    """Show the newest report; without one, make it."""
    mornings, visit = session.desk.mornings, session.visit
    newest = await mornings.last() or await _make(session)
    while True:
        chosen = await visit.choose(report_page(newest))
        if chosen == TEST_NOW:
            newest = await _make(session)
        elif chosen == PRINT:
            await session.did(Act.PRINTED_REPORT)
            column = visit.column
            paper = report_paper(newest, column.site, column.texts, session.member.language)
            await follow(session, column.printing.slip(paper))
        else:
            return


async def _make(session: Session) -> Report:
    clock = session.visit.column.clock
    page = NoticePage(message("staff.report.testing"), message("staff.report.testing_what"), icon="clock", back=False)
    made = await session.visit.choose_unless(page, session.desk.mornings.make(clock.now()))
    if not isinstance(made, Report):
        raise AssertionError("a page without options was answered")
    await session.did(Act.TESTED_DEVICES, made.worst.value)
    return made


def report_page(found: Report) -> NoticePage:
    """On one page: when, how bad, and what."""
    return NoticePage(
        title=message(f"staff.report.{found.worst.value}"),
        subtitle=message("staff.report.at", when=found.at),
        tone=pages.TONES[found.worst],
        icon="check-circle" if found.worst is Condition.OK else "warning",
        facts=tuple(_facts(found)),
        options=(
            Option(pages.DONE, message("staff.do.done"), weight=Weight.PRIMARY),
            Option(TEST_NOW, message("staff.report.again"), icon="arrow-counter-clockwise"),
            Option(PRINT, message("staff.report.print"), icon="printer"),
        ),
        back=False,
    )


def report_paper(found: Report, site: Site, texts: Texts, language: Language) -> PaperDocument:
    """The same on paper."""

    def said(fact: Fact) -> str:
        return f"{texts.spoken(fact.label, language)}: {texts.spoken(fact.value, language)}"

    page = report_page(found)
    head = (
        *paper_head(site, texts, language),
        Line(texts.spoken(page.title, language), Align.CENTRE, bold=True),
    )
    at = () if page.subtitle is None else (Line(texts.spoken(page.subtitle, language), Align.CENTRE),)
    return PaperDocument((*head, *at, Rule(), *(Line(said(fact)) for fact in page.facts), Feed()))


def _facts(found: Report) -> Iterator[Fact]:
    for names, key, icon in (
        (found.broken, "staff.report.is_broken", "x-circle"),
        (found.attention, "staff.report.needs", "warning"),
    ):
        if names:
            yield Fact(message(key), pages.joined([subject_name(Subject(name)) for name in names]), icon)
    if found.tickets_left is not None:
        yield Fact(message("staff.subject.paper"), message("staff.report.papers", count=found.tickets_left), "receipt")
