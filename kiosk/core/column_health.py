"""How this column is, in sentences: what works, what does not, and what to do next.

Pure: what was seen goes in, findings come out, the worst first. Every sentence is a key; each reason a device can give
has one, and one that says what now. Not for: looking (`kiosk.surroundings`) or the page (`kiosk.journeys.staff_pages`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from kiosk.core.closure import Closure
from kiosk.core.texts import Message, message

FEW_NUMBERS = 20
"""Numbers left for today below which the column says so while the network is away."""
FEW_TICKETS = 40
"""Papers left on the roll below which somebody should have a new one at hand."""
LITTLE_DISK_MB = 500
NO_DISK_MB = 100
DAYS_BEFORE_END = 14
"""A certificate that ends sooner is told."""


class Subject(Enum):
    """What a finding is about; the value is part of its texts and of the event of the morning."""

    PRINTER = "printer"
    SHEETS = "sheetPrinter"
    READER = "reader"
    BADGES = "badgeReader"
    TERMINAL = "terminal"
    NETWORK = "network"
    CLOSURE = "closure"
    NUMBERS = "numbers"
    PAPER = "paper"
    PAYMENTS = "payments"
    CARD = "card"
    CLOCK = "clock"
    DISK = "disk"
    CERTIFICATE = "certificate"


ICONS: dict[Subject, str] = {
    Subject.PRINTER: "printer",
    Subject.SHEETS: "file-text",
    Subject.READER: "identification-card",
    Subject.BADGES: "identification-badge",
    Subject.TERMINAL: "credit-card",
    Subject.NETWORK: "wifi-high",
    Subject.CLOSURE: "door",
    Subject.NUMBERS: "ticket",
    Subject.PAPER: "receipt",
    Subject.PAYMENTS: "currency-eur",
    Subject.CARD: "identification-card",
    Subject.CLOCK: "clock",
    Subject.DISK: "folder",
    Subject.CERTIFICATE: "certificate",
}
DEVICES = (Subject.PRINTER, Subject.SHEETS, Subject.READER, Subject.BADGES, Subject.TERMINAL)


class Condition(Enum):
    """How bad it is."""

    OK = "ok"
    ATTENTION = "attention"
    """Works; somebody should come."""
    BROKEN = "broken"


class Remedy(Enum):
    """What the page of a finding can do about it; anything else is done by hand and then seen by itself."""

    CHANGE_PAPER = "change_paper"
    OPEN = "open"
    TICKETS = "tickets"
    RESTART = "restart"
    MONEY = "money"
    TECHNICIAN = "technician"
    NONE = "none"


@dataclass(frozen=True)
class Finding:
    """One thing about the column.

    Attributes:
        says: what is so, in one sentence.
        next: what to do now; None where nothing has to be done.
        remedy: what the page offers first.
    """

    subject: Subject
    condition: Condition
    says: Message
    next: Message | None = None
    remedy: Remedy = Remedy.NONE

    @property
    def name(self) -> Message:
        """What the subject is called."""
        return subject_name(self.subject)

    @property
    def icon(self) -> str:
        """Its picture."""
        if self.subject is Subject.NETWORK and self.condition is not Condition.OK:
            return "wifi-slash"
        return ICONS[self.subject]


@dataclass(frozen=True)
class DeviceSeen:
    """A device as it says it is; `reason` as `drivers.contract.Reason` writes it, None when it is simply ready."""

    subject: Subject
    usable: bool
    reason: str | None = None


@dataclass(frozen=True)
class Seen:
    """Everything that was looked at.

    Attributes:
        devices: those this column has.
        online: whether the back office answers; None where there is none.
        numbers_left: numbers for today, over all queues; None where no numbers are given.
        tickets_left: papers left on the roll, about; None without a receipt printer.
        waiting_here: tickets only this column knows of.
        unclear_payments: attempts of which nobody knows how they ended.
        charges: whether fees are taken here.
        card_left: whether a card was left in the reader.
        clock_known: whether the time is certain.
        certificate_days: days until the certificate that seals attests ends; None where there is none.
    """

    devices: tuple[DeviceSeen, ...] = ()
    online: bool | None = None
    numbers_left: int | None = None
    tickets_left: int | None = None
    waiting_here: int = 0
    unclear_payments: int = 0
    charges: bool = False
    closure: Closure | None = None
    card_left: bool = False
    clock_known: bool = True
    disk_free_mb: int | None = None
    certificate_days: int | None = None


_PAPER_OF_THE_ROLL = ("paper_out", "paper_low", "cover_open")
_OWN_NEXT = frozenset(
    {
        ("printer", "paper_out"),
        ("printer", "paper_low"),
        ("printer", "cover_open"),
        ("sheet_printer", "paper_out"),
        ("sheet_printer", "paper_low"),
        ("sheet_printer", "mechanical"),
    }
)
"""Devices and reasons whose next step is their own; the others share one a reason."""


def subject_name(subject: Subject) -> Message:
    """What a subject is called."""
    return message(f"staff.subject.{_part(subject)}")


def findings(seen: Seen) -> tuple[Finding, ...]:
    """Everything there is to say, the worst first, each subject at most once."""
    order = list(Condition)
    return tuple(sorted(_all(seen), key=lambda finding: -order.index(finding.condition)))


def worst(found: tuple[Finding, ...]) -> Condition:
    """The worst condition; OK where nothing was found."""
    order = list(Condition)
    return max((finding.condition for finding in found), key=order.index, default=Condition.OK)


def device_finding(device: DeviceSeen) -> Finding:
    """What to say of a device."""
    if device.reason is None:
        if device.usable:
            return Finding(device.subject, Condition.OK, message("staff.works"))
        return _broken(device.subject, message("staff.trouble.offline"), message("staff.next.offline"))
    return Finding(
        device.subject,
        Condition.ATTENTION if device.usable else Condition.BROKEN,
        message(f"staff.trouble.{device.reason}"),
        _next(device),
        _remedy(device),
    )


def _all(seen: Seen) -> Iterator[Finding]:
    yield from _closed(seen)
    yield from map(device_finding, seen.devices)
    yield from _network(seen)
    yield from _numbers(seen)
    yield from _roll(seen)
    yield from _house(seen)


def _closed(seen: Seen) -> Iterator[Finding]:
    if seen.closure is None:
        return
    until = seen.closure.until
    says = message("staff.closed") if until is None else message("staff.closed_until", when=until)
    yield Finding(Subject.CLOSURE, Condition.ATTENTION, says, message("staff.next.closed"), Remedy.OPEN)


def _network(seen: Seen) -> Iterator[Finding]:
    if seen.online is None:
        return
    if seen.online:
        yield Finding(Subject.NETWORK, Condition.OK, message("staff.works"))
        return
    yield Finding(
        Subject.NETWORK,
        Condition.BROKEN,
        message("staff.offline", count=seen.waiting_here),
        message("staff.next.network"),
        Remedy.TICKETS,
    )


def _numbers(seen: Seen) -> Iterator[Finding]:
    left = seen.numbers_left
    if left is None or left >= FEW_NUMBERS:
        return
    says = message("staff.numbers_few", count=left) if left else message("staff.numbers_none")
    yield Finding(Subject.NUMBERS, Condition.ATTENTION, says, message("staff.next.numbers"), Remedy.TICKETS)


def _roll(seen: Seen) -> Iterator[Finding]:
    left = seen.tickets_left
    troubled = any(device.subject is Subject.PRINTER and device.reason in _PAPER_OF_THE_ROLL for device in seen.devices)
    if left is None or left >= FEW_TICKETS or troubled:
        return
    yield Finding(
        Subject.PAPER,
        Condition.ATTENTION,
        message("staff.paper_few", count=left),
        message("staff.next.printer.paper_low"),
        Remedy.CHANGE_PAPER,
    )


def _house(seen: Seen) -> Iterator[Finding]:
    if seen.unclear_payments:
        says = message("staff.payments_unclear", count=seen.unclear_payments)
        yield Finding(Subject.PAYMENTS, Condition.ATTENTION, says, message("staff.next.payments"), Remedy.MONEY)
    if seen.card_left:
        yield Finding(Subject.CARD, Condition.ATTENTION, message("staff.card_left"), message("staff.next.card"))
    if not seen.clock_known:
        yield _technician(Subject.CLOCK, Condition.ATTENTION, "clock")
    if seen.disk_free_mb is not None and seen.disk_free_mb < LITTLE_DISK_MB:
        condition = Condition.BROKEN if seen.disk_free_mb < NO_DISK_MB else Condition.ATTENTION
        yield _technician(Subject.DISK, condition, "disk")
    if seen.certificate_days is not None and seen.certificate_days < DAYS_BEFORE_END:
        condition = Condition.BROKEN if seen.certificate_days < 0 else Condition.ATTENTION
        yield _technician(Subject.CERTIFICATE, condition, "certificate")


def _technician(subject: Subject, condition: Condition, what: str) -> Finding:
    return Finding(
        subject, condition, message(f"staff.trouble.{what}"), message("staff.next.technician"), Remedy.TECHNICIAN
    )


def _broken(subject: Subject, says: Message, now: Message) -> Finding:
    return Finding(subject, Condition.BROKEN, says, now, Remedy.TECHNICIAN)


def _next(device: DeviceSeen) -> Message:
    part = _part(device.subject)
    if (part, device.reason) in _OWN_NEXT:
        return message(f"staff.next.{part}.{device.reason}")
    return message(f"staff.next.{device.reason}")


def _remedy(device: DeviceSeen) -> Remedy:
    if device.subject is Subject.PRINTER and device.reason in _PAPER_OF_THE_ROLL:
        return Remedy.CHANGE_PAPER
    if device.reason in ("no_service", "garbled"):
        return Remedy.RESTART
    return Remedy.TECHNICIAN if device.reason == "not_configured" else Remedy.NONE


def _part(subject: Subject) -> str:
    return {Subject.SHEETS: "sheet_printer", Subject.BADGES: "badge_reader"}.get(subject, subject.value)
