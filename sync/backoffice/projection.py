"""From events to what staff see: tickets, paper, devices, calls, attests. In the transaction that accepts the batch.

Every event is looked at alone; what cannot be used becomes a `Poison` and never stops the events behind it. The rows
are gathered first and written together. Not for: accepting batches (`ingest`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from kiosk.core.events import PAYMENT_PERIOD_CLOSED
from kiosk.core.payment_saga import PaymentState
from kiosk.core.staff import Act
from sync.backoffice.attest_news import ABOUT_ATTESTS, AttestNews, attest_row, request_row, told_by
from sync.backoffice.bulk import Row
from sync.backoffice.commands import CommandTold
from sync.backoffice.contents import (
    AttestIssued,
    AttestRedirected,
    AttestRequested,
    ColumnRetired,
    CommandEnded,
    CommandRefused,
    DeviceDegraded,
    DeviceRecovered,
    HostCalled,
    LeaseExhausted,
    PaymentIntended,
    PaymentTold,
    PeriodClosed,
    ReadinessReported,
    SnapshotRejected,
    StaffActed,
    TicketCalledHere,
    TicketIssued,
    TicketPrint,
    UpdateRejected,
)
from sync.backoffice.core import BackOffice
from sync.backoffice.envelope import Event
from sync.backoffice.payments import STATE_OF, PaymentNews
from sync.backoffice.rank import Arrival, effective_ms, rank
from sync.protocol.sealing import digest_fits

READINESS, SERVICE, TECHNICIAN = "readiness", "service", "technician"
"""What staff see beside the devices of a column: its morning, whether it serves, a technician that is wanted."""

BESIDE_DEVICES = frozenset({READINESS, SERVICE, TECHNICIAN})
"""Known from events only; what a sign of life tells of devices leaves them alone."""


@dataclass(frozen=True)
class Column:
    """The column a batch comes from, as far as projections need it."""

    id: str
    office_id: str
    ordinal: int
    epoch: int


@dataclass(frozen=True)
class Poison:
    """Why an event was put aside.

    Attributes:
        problem: last part of the problem type.
    """

    event: Event
    problem: str
    detail: str


@dataclass
class Gathered:
    """What a batch changes.

    Attributes:
        tickets: ticket row by the event that brings it.
        paper: id of an earlier ticket to the event and print state last heard of.
        devices: device name to (reason, time); reason None means ready.
        used: lease id to the highest number used.
        called_here: ids of tickets that were called at the column itself.
        attests: what becomes of attests, and of requests for them.
        payments: what becomes of payments.
        commands: how commands of the back office ended, in order.
    """

    tickets: list[tuple[Event, Row]] = field(default_factory=list)
    paper: dict[str, tuple[Event, str]] = field(default_factory=dict)
    devices: dict[str, tuple[str | None, int]] = field(default_factory=dict)
    host_calls: list[Row] = field(default_factory=list)
    alarms: list[Row] = field(default_factory=list)
    called_here: list[str] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)
    attests: AttestNews = field(default_factory=AttestNews)
    payments: PaymentNews = field(default_factory=PaymentNews)
    commands: list[CommandTold] = field(default_factory=list)
    poison: list[Poison] = field(default_factory=list)


class Gatherer:
    """Reads the events of one batch, in order.

    Args:
        received_ms: moment of receipt, server time.
        newest: the batch's last event.
    """

    def __init__(self, office: BackOffice, column: Column, received_ms: int, newest: Event) -> None:
        self._office = office
        self._column = column
        self._received_ms = received_ms
        self._newest = _arrival(newest)
        self._info = office.site.office(column.office_id)
        self._today = office.today().isoformat()
        self._issued: dict[str, Row] = {}
        self.result = Gathered()

    def add(self, event: Event) -> None:
        """Take one event into account; an unknown kind is simply kept for later programs."""
        sealed = event.data.get("sealed")
        if sealed is not None and not (isinstance(sealed, dict) and digest_fits(sealed)):
            self.result.poison.append(Poison(event, "sealedDigest", "ctsha256 is not the digest of ct"))
            return
        handler = _HANDLERS.get(event.kind)
        if handler is None:
            return
        try:
            problem = handler(self, event)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            problem = ("invalidContent", f"{where}: {first['msg']}")
        if problem:
            self.result.poison.append(Poison(event, *problem))

    def issued(self, event: Event) -> tuple[str, str] | None:
        """A ticket joins the queue at its rank; one that arrives after its day is kept as expired."""
        data = TicketIssued.model_validate(event.data)
        if data.office_id != self._column.office_id or self._info is None:
            return "wrongOffice", f"the column stands in {self._column.office_id}"
        if self._info.queue(data.queue_id) is None:
            return "unknownQueue", f"{self._column.office_id} has no queue {data.queue_id}"
        effective = effective_ms(_arrival(event), self._received_ms, self._newest)
        day = data.service_date.isoformat()
        row: Row = {
            "id": data.ticket_id,
            "organisation_id": self._office.site.id,
            "office_id": data.office_id,
            "queue_id": data.queue_id,
            "service_date": day,
            "label": data.label,
            "number": data.number,
            "service_id": data.service_ids[0],
            "language": data.language,
            "lease_id": data.lease_id,
            "visitor_class": data.visitor_class,
            "kiosk_id": self._column.id,
            "epoch": self._column.epoch,
            "sequence": event.sequence,
            "kiosk_ordinal": self._column.ordinal,
            "issued_ms": effective,
            "rank": rank(effective, data.credit_sec, self._office.settings.max_credit_sec),
            "late_ms": self._received_ms - effective,
            "state": "waiting" if day >= self._today else "expired",
            "print_state": "queued",
        }
        self.result.tickets.append((event, row))
        self._issued[data.ticket_id] = row
        if data.lease_id:
            used = self.result.used
            used[data.lease_id] = max(data.number, used.get(data.lease_id, 0))
        return None

    def printed(self, event: Event) -> None:
        """The paper is proved out."""
        self._paper(event, "confirmed")

    def print_unknown(self, event: Event) -> None:
        """Nobody knows whether there is paper."""
        self._paper(event, "unknown")

    def print_failed(self, event: Event) -> None:
        """There is no paper."""
        self._paper(event, "failed")

    def _paper(self, event: Event, state: str) -> None:
        ticket = TicketPrint.model_validate(event.data).ticket_id
        row = self._issued.get(ticket)
        if row is not None:
            row["print_state"] = state
        else:
            self.result.paper[ticket] = (event, state)

    def degraded(self, event: Event) -> None:
        """A device needs somebody."""
        data = DeviceDegraded.model_validate(event.data)
        self.result.devices[data.device] = (data.reason, min(event.time_ms, self._received_ms))

    def recovered(self, event: Event) -> None:
        """A device is well again."""
        self.result.devices[DeviceRecovered.model_validate(event.data).device] = (None, event.time_ms)

    def host_called(self, event: Event) -> tuple[str, str] | None:
        """Somebody asks for a host."""
        data = HostCalled.model_validate(event.data)
        if data.office_id != self._column.office_id:
            return "wrongOffice", f"the column stands in {self._column.office_id}"
        self.result.host_calls.append(
            {
                "id": data.call_id,
                "organisation_id": self._office.site.id,
                "office_id": data.office_id,
                "kiosk_id": self._column.id,
                "page": data.page,
                "at_ms": effective_ms(_arrival(event), self._received_ms, self._newest),
            }
        )
        return None

    def lease_exhausted(self, event: Event) -> None:
        """The column works with numbers of its own now."""
        data = LeaseExhausted.model_validate(event.data)
        self.alarm("leaseExhausted", f"{data.queue_id} {data.service_date.isoformat()}")

    def called_here(self, event: Event) -> None:
        """Staff called a ticket at the column while it was cut off: nobody waits for it any more."""
        self.result.called_here.append(TicketCalledHere.model_validate(event.data).ticket_id)

    def readiness(self, event: Event) -> None:
        """What the column found out about itself in the morning; what is broken is an alarm."""
        data, at = ReadinessReported.model_validate(event.data), min(event.time_ms, self._received_ms)
        if data.broken:
            self.alarm("notReady", data.broken)
            self.result.devices[READINESS] = ("notReady", at)
        else:
            self.result.devices |= {READINESS: (None, at), TECHNICIAN: (None, at)}

    def closed(self, event: Event) -> None:
        """The column serves nobody for a while."""
        self.result.devices[SERVICE] = ("closed", min(event.time_ms, self._received_ms))

    def opened(self, event: Event) -> None:
        """It serves again."""
        self.result.devices[SERVICE] = (None, event.time_ms)

    def staff_acted(self, event: Event) -> None:
        """Staff did something at the column; only a call for a technician concerns others."""
        if StaffActed.model_validate(event.data).action == Act.CALLED_TECHNICIAN.value:
            self.alarm("technicianWanted", self._column.id)
            self.result.devices[TECHNICIAN] = ("wanted", min(event.time_ms, self._received_ms))

    def alarm(self, kind: str, detail: str) -> None:
        """Tell staff; `detail` names nobody."""
        self.result.alarms.append(
            {
                "organisation_id": self._office.site.id,
                "office_id": self._column.office_id,
                "kiosk_id": self._column.id,
                "kind": kind,
                "detail": detail,
                "raised_ms": self._received_ms,
            }
        )

    def attest_requested(self, event: Event) -> tuple[str, str] | None:
        """A register is asked for data."""
        data = AttestRequested.model_validate(event.data)
        if data.office_id != self._column.office_id:
            return "wrongOffice", f"the column stands in {self._column.office_id}"
        row = {**self._attest_row(event, "requested_ms"), **request_row(data)}
        self.result.attests.requested.append((event, row))
        return None

    def attest_redirected(self, event: Event) -> None:
        """What was asked is to be had in another way."""
        data = AttestRedirected.model_validate(event.data)
        self.result.attests.redirected.append((event, data.request_id, data.delivery))

    def attest_issued(self, event: Event) -> tuple[str, str] | None:
        """An attest exists from now on, whatever becomes of its paper."""
        data = AttestIssued.model_validate(event.data)
        if data.office_id != self._column.office_id:
            return "wrongOffice", f"the column stands in {self._column.office_id}"
        row = {**self._attest_row(event, "issued_ms"), **attest_row(data)}
        self.result.attests.issued.append((event, row, data.kid))
        self._spent(data.payment_id)
        return None

    def attest_told(self, event: Event) -> None:
        """Something became known about an attest."""
        self.result.attests.told.append(told_by(event))

    def payment(self, event: Event) -> None:
        """Something became known about a payment."""
        news, state = self.result.payments, STATE_OF[event.kind]
        if state is PaymentState.INTENDED:
            news.begun.append(PaymentIntended.model_validate(event.data))
        else:
            told = PaymentTold.model_validate(event.data)
            news.moved.append((told.payment_id, state, told.reason))

    def period_closed(self, event: Event) -> None:
        """A terminal closed its period."""
        self.result.payments.closed.append(PeriodClosed.model_validate(event.data))

    def _spent(self, payment_id: str | None) -> None:
        """What was paid for was issued, or asked of a register."""
        if payment_id is not None:
            self.result.payments.moved.append((payment_id, PaymentState.SPENT, ""))

    def command_ended(self, event: Event) -> None:
        """A command was carried out, or nobody knows."""
        data = CommandEnded.model_validate(event.data)
        self.result.commands.append(CommandTold(data.command_id, data.outcome, data.detail))

    def command_refused(self, event: Event) -> None:
        """A command was not carried out."""
        data = CommandRefused.model_validate(event.data)
        detail = f"{data.reason} {data.detail}".strip()
        self.result.commands.append(CommandTold(data.command_id, "refused", detail))

    def snapshot_rejected(self, event: Event) -> None:
        """The column goes on with the version before."""
        data = SnapshotRejected.model_validate(event.data)
        self.alarm("snapshotRejected", f"{data.version}: {data.reason}"[:300])

    def update_rejected(self, event: Event) -> None:
        """The column runs the program it ran before."""
        data = UpdateRejected.model_validate(event.data)
        self.alarm("updateRejected", f"{data.version}: {data.reason}"[:300])

    def retired(self, event: Event) -> None:
        """The column is out of service for good."""
        self.alarm("columnRetired", ColumnRetired.model_validate(event.data).reason)

    def _attest_row(self, event: Event, moment: str) -> Row:
        return {
            "organisation_id": self._office.site.id,
            "kiosk_id": self._column.id,
            "epoch": self._column.epoch,
            "sequence": event.sequence,
            "event_id": event.id,
            moment: effective_ms(_arrival(event), self._received_ms, self._newest),
        }


def _arrival(event: Event) -> Arrival:
    return Arrival(event.time_ms, event.clock_state, event.boot_id, event.uptime_ms)


_Handler = Callable[[Gatherer, Event], tuple[str, str] | None]

_HANDLERS: Mapping[str, _Handler] = {
    "tickets.issued": Gatherer.issued,
    "tickets.printed": Gatherer.printed,
    "tickets.printUnknown": Gatherer.print_unknown,
    "tickets.printFailed": Gatherer.print_failed,
    "devices.degraded": Gatherer.degraded,
    "devices.recovered": Gatherer.recovered,
    "hosts.called": Gatherer.host_called,
    "devices.leaseExhausted": Gatherer.lease_exhausted,
    "tickets.calledHere": Gatherer.called_here,
    "columns.readinessReported": Gatherer.readiness,
    "columns.closed": Gatherer.closed,
    "columns.opened": Gatherer.opened,
    "staff.acted": Gatherer.staff_acted,
    "attests.requested": Gatherer.attest_requested,
    "attests.redirected": Gatherer.attest_redirected,
    "attests.issued": Gatherer.attest_issued,
    "commands.ended": Gatherer.command_ended,
    "commands.refused": Gatherer.command_refused,
    "snapshots.rejected": Gatherer.snapshot_rejected,
    "updates.rejected": Gatherer.update_rejected,
    "columns.retired": Gatherer.retired,
    **dict.fromkeys(ABOUT_ATTESTS, Gatherer.attest_told),
    PAYMENT_PERIOD_CLOSED.name: Gatherer.period_closed,
    **dict.fromkeys(STATE_OF, Gatherer.payment),
}
