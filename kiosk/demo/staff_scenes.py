"""The pages of staff, and the page of a closed column, by name: how things stand, and what is touched.

Not for: collecting them (`collect`) or what the desk answers (`told_staff`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from drivers.contract import DeviceStatus, Health, PaperSeen, Reason, Refused
from kiosk.core.closure import Closure
from kiosk.core.column_health import DeviceSeen, Seen, Subject
from kiosk.core.payment_saga import PaymentState
from kiosk.core.readiness import Report
from kiosk.core.texts import Language
from kiosk.core.tickets import Ticket, label
from kiosk.demo.rehearsal import Circumstances, Rehearsal
from kiosk.demo.scenes import Step, key, touch, type_in
from kiosk.demo.told_cards import ToldCards
from kiosk.demo.told_payments import ToldTill, told_payment
from kiosk.demo.told_staff import CODE, ToldStaff, somebody
from kiosk.journeys.ports import OpenPayment

_DEVICES = (Subject.PRINTER, Subject.SHEETS, Subject.READER, Subject.TERMINAL)
FINE = Seen(
    devices=tuple(DeviceSeen(each, usable=True) for each in _DEVICES), online=True, numbers_left=180, tickets_left=250
)


def _with(subject: Subject, reason: str, *, usable: bool = False) -> tuple[DeviceSeen, ...]:
    return tuple(DeviceSeen(subject, usable, reason) if each.subject is subject else each for each in FINE.devices)


MUCH = replace(
    FINE,
    devices=(
        DeviceSeen(Subject.PRINTER, usable=False, reason="cutter_jam"),
        DeviceSeen(Subject.SHEETS, usable=True, reason="paper_low"),
        DeviceSeen(Subject.READER, usable=False, reason="no_reader"),
        DeviceSeen(Subject.TERMINAL, usable=False, reason="unreachable"),
    ),
    online=False,
    waiting_here=3,
    numbers_left=4,
    unclear_payments=1,
    card_left=True,
)
"""A bad morning."""


@dataclass(frozen=True)
class StaffScene:
    """How to get to one page of staff.

    Attributes:
        enters: whether somebody gets in first.
        seen: how the column is.
        told: sets the desk.
        printer: what the printer says of itself.
        paper: what it answers.
    """

    steps: tuple[Step, ...] = ()
    enters: bool = True
    seen: Seen = FINE
    told: Callable[[ToldStaff], None] = field(default=lambda _: None)
    printer: DeviceStatus = field(default_factory=lambda: DeviceStatus(Health.READY, paper=PaperSeen.PRESENT))
    changes: Mapping[str, object] = field(default_factory=dict)

    def facts(self, quiet: Circumstances, language: Language) -> Circumstances:
        """How things stand in this scene."""

        def staff(now: Callable[[], datetime]) -> ToldStaff:
            told = ToldStaff(now, self.seen, somebody(language))
            self.told(told)
            return told

        return replace(quiet, printer=self.printer, staff=staff, **self.changes)  # type: ignore[arg-type]

    async def play(self, rehearsal: Rehearsal, language: Language) -> None:
        """Play it until its page stands on the screen; it begins over a visit in the language of staff."""
        await rehearsal.begin(language)
        if self.enters:
            await rehearsal.do(rehearsal.screen.knock)
            await key(CODE)(rehearsal)
            await rehearsal.touch("confirm")
        for step in self.steps:
            await step(rehearsal)


async def knock(rehearsal: Rehearsal) -> None:
    """Make the hidden gesture."""
    await rehearsal.do(rehearsal.screen.knock)


def passes(seconds: float) -> Step:
    """Let time pass."""
    return lambda rehearsal: rehearsal.pass_time(seconds)


def becomes(status: DeviceStatus) -> Step:
    """The printer says something else of itself, and a moment passes."""

    async def step(rehearsal: Rehearsal) -> None:
        rehearsal.printer.status = status
        await rehearsal.pass_time(1)

    return step


def _ticket(number: int, service: str, language: Language = "nl") -> Ticket:
    at = datetime.fromisoformat("2026-11-23T10:03:00+01:00") + timedelta(minutes=4 * number)
    called = label("A", number, practice=True)
    return Ticket(f"t{number}", f"j{number}", "identity", service, at.date(), number, called, None, language, at)


def one_ticket(language: Language) -> Callable[[ToldStaff], None]:
    """A desk whose last ticket is in that language: staff have it printed as the visitor had it."""

    def told(staff: ToldStaff) -> None:
        staff.book.tickets = [_ticket(1, "identity-card", language)]

    return told


def _tickets(count: int) -> Callable[[ToldStaff], None]:
    services = ("passport", "identity-card", "change-of-address", "driving-licence")

    def told(staff: ToldStaff) -> None:
        staff.book.tickets = [_ticket(number, services[number % len(services)]) for number in range(1, count + 1)]

    return told


def _badge_reader(staff: ToldStaff) -> None:
    staff.badges = ToldCards()


def _locked(seconds: int) -> Callable[[ToldStaff], None]:
    def told(staff: ToldStaff) -> None:
        staff.door.wait = seconds

    return told


def _closed(minutes: int | None, text: str = "") -> Callable[[ToldStaff], None]:
    def told(staff: ToldStaff) -> None:
        until = None if minutes is None else staff.now() + timedelta(minutes=minutes)
        staff.care._closure = Closure("an", until, text, "nl" if text else "")

    return told


def _report(report: Report) -> Callable[[ToldStaff], None]:
    def told(staff: ToldStaff) -> None:
        staff.mornings.report = report

    return told


_MORNING = datetime.fromisoformat("2026-11-23T08:30:00+01:00")
_OPEN = partial(DeviceStatus, Health.UNAVAILABLE, Reason.COVER_OPEN, "x")
_EMPTY = DeviceStatus(Health.UNAVAILABLE, Reason.PAPER_OUT, "x", PaperSeen.OUT)
_CHANGING = (touch("paper"), becomes(_OPEN(PaperSeen.PRESENT)))
_LAID_IN = (*_CHANGING, becomes(_OPEN(PaperSeen.OUT)), becomes(_OPEN(PaperSeen.PRESENT)))
_SHUT = becomes(DeviceStatus(Health.READY, paper=PaperSeen.PRESENT))

_CASE, _DUE = told_payment(5, PaymentState.CASE), told_payment(9, PaymentState.AT_COUNTER)
_TAKES_FEES = replace(FINE, charges=True)


def _money(*steps: str, waiting: tuple[OpenPayment, ...] = (_CASE, _DUE)) -> StaffScene:
    till = partial(ToldTill, waiting=list(waiting), receipts=[told_payment(3, PaymentState.SPENT)])
    return StaffScene((touch("money", *steps),), seen=_TAKES_FEES, changes={"till": till})


STAFF_SCENES: dict[str, StaffScene] = {
    "staff-door": StaffScene((knock,), enters=False),
    "staff-door-badge": StaffScene((knock,), enters=False, told=_badge_reader),
    "staff-door-wrong": StaffScene((knock, key("000000"), touch("confirm")), enters=False),
    "staff-locked": StaffScene((knock,), enters=False, told=_locked(240)),
    "staff-column": StaffScene(),
    "staff-column-paper-out": StaffScene(seen=replace(FINE, devices=_with(Subject.PRINTER, "paper_out"))),
    "staff-column-much": StaffScene(seen=MUCH),
    "staff-trouble-paper": StaffScene(
        (touch("trouble:printer"),), seen=replace(FINE, devices=_with(Subject.PRINTER, "paper_out"))
    ),
    "staff-trouble-reader": StaffScene((touch("trouble:reader"),), seen=MUCH),
    "staff-trouble-network": StaffScene((touch("trouble:network"),), seen=MUCH),
    "staff-trouble-card": StaffScene((touch("trouble:card"),), seen=MUCH),
    "staff-end-visit": StaffScene((touch("visit"),)),
    "staff-restart": StaffScene((touch("restart"),)),
    "staff-volume": StaffScene((touch("sound"),)),
    "staff-technician": StaffScene((touch("technician"),), seen=MUCH),
    "staff-reprint": StaffScene((touch("reprint"),), told=_tickets(3)),
    "staff-reprint-none": StaffScene((touch("reprint"),)),
    "staff-reprint-out": StaffScene((touch("reprint", "reprint"),), told=_tickets(3)),
    "staff-reprint-failed": StaffScene(
        (touch("reprint", "reprint"),), told=_tickets(3), changes={"paper": Refused(Reason.PAPER_OUT)}
    ),
    "staff-tickets": StaffScene((touch("tickets"),), told=_tickets(9)),
    "staff-tickets-none": StaffScene((touch("tickets"),)),
    "staff-ticket-called": StaffScene((touch("tickets", "call:t2"),), told=_tickets(3)),
    "staff-close": StaffScene((touch("close"),)),
    "staff-close-text": StaffScene((touch("close", "text"), type_in("We verhuizen naar de zaal hiernaast."))),
    "staff-close-with-text": StaffScene(
        (touch("close", "text"), type_in("We verhuizen naar de zaal hiernaast."), touch("keep"))
    ),
    "staff-report": StaffScene((touch("report"),), told=_report(Report(_MORNING, tickets_left=250))),
    "staff-report-broken": StaffScene(
        (touch("report"),),
        told=_report(Report(_MORNING, ("terminal", "network"), ("printer", "numbers", "payments"), 40)),
    ),
    "staff-money": _money(),
    "staff-money-none": _money(waiting=()),
    "staff-payment-case": _money(f"payment:{_CASE.id}"),
    "staff-payment-due": _money(f"payment:{_DUE.id}"),
    "staff-payment-sure": _money(f"payment:{_CASE.id}", "paidBack"),
    "staff-receipts": _money("receipts"),
    "staff-day-closed": _money("close_day"),
    "staff-paper-open": StaffScene((touch("paper"),), printer=_EMPTY),
    "staff-paper-old-out": StaffScene(_CHANGING, printer=_EMPTY),
    "staff-paper-new-in": StaffScene((*_CHANGING, becomes(_OPEN(PaperSeen.OUT))), printer=_EMPTY),
    "staff-paper-close": StaffScene(_LAID_IN, printer=_EMPTY),
    "staff-paper-test": StaffScene((*_LAID_IN, _SHUT), printer=_EMPTY, changes={"paper": None}),
    "staff-paper-done": StaffScene((*_LAID_IN, _SHUT), printer=_EMPTY),
    "staff-paper-failed": StaffScene((*_LAID_IN, _SHUT), printer=_EMPTY, changes={"paper": Refused(Reason.CUTTER_JAM)}),
}
"""Every page of staff by name, in the order of a stay."""

CLOSED_SCENES: dict[str, StaffScene] = {
    "closed": StaffScene(told=_closed(None)),
    "closed-until": StaffScene(told=_closed(90)),
    "closed-text": StaffScene(told=_closed(90, "We verhuizen naar de zaal hiernaast.")),
}
"""What whoever comes sees of a column that was closed."""
