"""The pages of staff mode: how the column is, one trouble with its next step, news of a paper.

Not for: what happens when something is touched (`staff_mode` and its neighbours).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

from kiosk.core.column_health import Condition, Finding, Remedy, Seen, Subject, findings, subject_name
from kiosk.core.pages import Fact, MenuPage, NoticePage, Option, Page, Tone, Weight
from kiosk.core.staff import Member, Right
from kiosk.core.texts import Message, Text, message
from kiosk.core.tickets import PrintState
from kiosk.journeys.printing import PaperNews, PrintJob

TROUBLE = "trouble:"
LEAVE, DONE, AGAIN = "leave", "done", "again"
PAPER, REPRINT, VISIT, CLOSE, OPEN, TICKETS = "paper", "reprint", "visit", "close", "open", "tickets"
SOUND, REPORT, RESTART, TECHNICIAN, MONEY = "sound", "report", "restart", "technician", "money"
TONES = {Condition.OK: Tone.SUCCESS, Condition.ATTENTION: Tone.WARNING, Condition.BROKEN: Tone.DANGER}
_REMEDIES = {
    Remedy.CHANGE_PAPER: (PAPER, "staff.do.paper", "receipt", Right.PAPER),
    Remedy.OPEN: (OPEN, "staff.do.open", "door-open", Right.CLOSE),
    Remedy.TICKETS: (TICKETS, "staff.do.tickets", "ticket", Right.TICKETS),
    Remedy.MONEY: (MONEY, "staff.do.money", "currency-eur", Right.MONEY),
    Remedy.RESTART: (RESTART, "staff.do.restart", "arrow-counter-clockwise", Right.RESTART),
}


def column_page(seen: Seen, member: Member, *, visited: bool) -> MenuPage:
    """This column: what works, what does not, and everything that can be done."""
    found = findings(seen)
    wrong = [finding for finding in found if finding.condition is not Condition.OK]
    return MenuPage(
        title=message("staff.troubles", count=len(wrong)) if wrong else message("staff.all_works"),
        subtitle=_works(found, seen.tickets_left),
        options=(
            *(_trouble_option(finding) for finding in wrong),
            *_actions(seen, member, visited=visited),
            Option(LEAVE, message("staff.do.leave"), icon="sign-out", weight=Weight.QUIET),
        ),
        group=message("staff.what"),
        back=False,
    )


def trouble_page(finding: Finding | None, subject: Subject, member: Member) -> NoticePage:
    """One trouble and what to do now; the same page says so once it is gone."""
    if finding is None or finding.condition is Condition.OK:
        return NoticePage(
            title=subject_name(subject),
            subtitle=message("staff.works_again"),
            tone=Tone.SUCCESS,
            options=(Option(DONE, message("staff.do.done"), weight=Weight.PRIMARY),),
        )
    return NoticePage(
        title=finding.name,
        subtitle=finding.says,
        tone=TONES[finding.condition],
        icon=finding.icon,
        facts=() if finding.next is None else (Fact(message("staff.now"), finding.next, "arrow-right"),),
        options=tuple(_ways(finding, member)),
    )


def paper_page(title: Text, news: PaperNews, *, again: str | None = None) -> NoticePage:
    """What became of a slip; `again` is an option that prints it once more when it certainly did not come out."""
    key, tone = {
        PrintState.QUEUED: ("printing", Tone.PLAIN),
        PrintState.SENT: ("printing", Tone.PLAIN),
        PrintState.CONFIRMED: ("confirmed", Tone.SUCCESS),
        PrintState.UNKNOWN: ("unknown", Tone.WARNING),
        PrintState.FAILED: ("failed", Tone.DANGER),
    }[news.state]
    why = () if news.reason is None else (Fact(message("staff.why"), _trouble(news.reason.value), "info"),)
    more = again is not None and news.state is PrintState.FAILED
    repeat = (Option(again or "", message("staff.do.again"), icon="arrow-counter-clockwise"),) if more else ()
    return NoticePage(
        title=title,
        subtitle=message(f"staff.slip.{key}"),
        tone=tone,
        icon="printer" if tone is Tone.PLAIN else None,
        facts=why,
        options=(Option(DONE, message("staff.do.done"), weight=Weight.PRIMARY), *repeat),
        back=False,
    )


async def following(title: Text, job: PrintJob, again: str | None = None) -> AsyncIterator[Page]:
    """The pages of a slip on its way."""
    async for news in job.follow():
        yield paper_page(title, news, again=again)


def technician_page(phone: str, column_name: str, found: Sequence[Finding], *, told: bool) -> NoticePage:
    """Whom to call, and what to tell them.

    Args:
        told: whether the back office hears of it now.
    """
    wrong = [finding for finding in found if finding.condition is not Condition.OK]
    number = (Fact(message("staff.technician.phone"), message("plain", text=phone), "phone"),) if phone else ()
    known = "subtitle" if phone else "no_phone"
    says = Fact(message("staff.technician.say"), message("plain", text=column_name), "identification-badge")
    return NoticePage(
        title=message("staff.technician.title" if told else "staff.technician.call"),
        subtitle=message(f"staff.technician.{known if told else 'untold'}"),
        tone=Tone.SUCCESS if told else Tone.WARNING,
        icon="wrench",
        facts=(*number, says, *(Fact(each.name, each.says, each.icon) for each in wrong[:3])),
        options=(Option(DONE, message("staff.do.done"), weight=Weight.PRIMARY),),
        back=False,
    )


def sure_page(what: str, icon: str, option: str) -> NoticePage:
    """One question before something that touches others."""
    return NoticePage(
        title=message(f"staff.sure.{what}"),
        subtitle=message(f"staff.sure.{what}_what"),
        tone=Tone.WARNING,
        icon=icon,
        options=(Option(option, message(f"staff.do.{what}"), weight=Weight.PRIMARY),),
    )


def joined(names: Sequence[Text]) -> Text:
    """Names one after the other, with commas."""
    first, *rest = names
    return message("staff.list", first=first, rest=joined(rest)) if rest else first


def _works(found: Sequence[Finding], tickets_left: int | None) -> Message | None:
    names = [finding.name for finding in found if finding.condition is Condition.OK]
    if not names:
        return None
    if tickets_left is None:
        return message("staff.working", names=joined(names))
    return message("staff.working_paper", names=joined(names), count=tickets_left)


def _trouble_option(finding: Finding) -> Option:
    return Option(
        f"{TROUBLE}{finding.subject.value}", finding.name, finding.says, icon=finding.icon, weight=Weight.PRIMARY
    )


def _actions(seen: Seen, member: Member, *, visited: bool) -> Iterator[Option]:
    """What can be done, in the order in which it is wanted."""
    printer = any(device.subject is Subject.PRINTER for device in seen.devices)
    closed = seen.closure is not None
    wanted: tuple[tuple[bool, Right | None, str, str], ...] = (
        (visited, Right.VISIT, VISIT, "hand-palm"),
        (printer, Right.PAPER, PAPER, "receipt"),
        (printer, Right.REPRINT, REPRINT, "printer"),
        (not closed, Right.CLOSE, CLOSE, "door"),
        (closed, Right.CLOSE, OPEN, "door-open"),
        (seen.numbers_left is not None, Right.TICKETS, TICKETS, "ticket"),
        (seen.charges, Right.MONEY, MONEY, "currency-eur"),
        (True, Right.SOUND, SOUND, "speaker-high"),
        (True, Right.REPORT, REPORT, "clipboard-text"),
        (True, Right.RESTART, RESTART, "arrow-counter-clockwise"),
        (True, None, TECHNICIAN, "wrench"),
    )
    for there, right, name, icon in wanted:
        if there and (right is None or member.may(right)):
            yield Option(name, message(f"staff.do.{name}"), icon=icon)


def _ways(finding: Finding, member: Member) -> Iterator[Option]:
    """What the page of a trouble offers: its remedy where the person may, and always a technician."""
    remedy = _REMEDIES.get(finding.remedy)
    if remedy is not None and member.may(remedy[3]):
        option, label, icon, _ = remedy
        yield Option(option, message(label), icon=icon, weight=Weight.PRIMARY)
        yield Option(TECHNICIAN, message("staff.do.technician"), icon="wrench")
    elif finding.remedy is Remedy.NONE:
        yield Option(DONE, message("staff.do.done"), weight=Weight.PRIMARY)
        yield Option(TECHNICIAN, message("staff.do.technician"), icon="wrench")
    else:
        yield Option(TECHNICIAN, message("staff.do.technician"), icon="wrench", weight=Weight.PRIMARY)


def _trouble(reason: str) -> Message:
    return message(f"staff.trouble.{reason}")
