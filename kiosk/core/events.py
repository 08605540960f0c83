"""Every kind of event a column may record: one table, from which the allow-list and the documentation follow.

An event is an immutable fact. Its data may hold only the fields named here; a field not in the table cannot leave the
column. What names a person stands only in `sealed` (see `sync.protocol.sealing`). Not for: envelope, hash chain and
transport (`sync.protocol`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.staff import acts_reference

SERVICE = "eu.zuil.kiosk.v1"
"""Belgif `service` attribute and first part of every event type."""


@dataclass(frozen=True)
class EventKind:
    """One kind of event.

    Attributes:
        name: `<resourcePlural>.<pastParticiple>`.
        fields: the only members its data may have.
        means: what happened, one sentence for the documentation.
    """

    name: str
    fields: frozenset[str]
    means: str

    @property
    def type(self) -> str:
        """CloudEvents `type`, for example `eu.zuil.kiosk.v1.tickets.notify.issued`."""
        resource, verb = self.name.split(".")
        return f"{SERVICE}.{resource}.notify.{verb}"


def _kind(name: str, fields: str, means: str) -> EventKind:
    return EventKind(name, frozenset(fields.split()), means)


TICKET_ISSUED = _kind(
    "tickets.issued",
    "ticketId officeId queueId serviceIds serviceDate number label suffix leaseId language visitorClass creditSec",
    "A number was promised to a person; committed before paper or network was touched.",
)
TICKET_PRINTED = _kind("tickets.printed", "ticketId jobId", "The printer proved that the paper came out.")
TICKET_PRINT_UNKNOWN = _kind(
    "tickets.printUnknown", "ticketId jobId reason", "Bytes left for the printer and no proof came back."
)
TICKET_PRINT_FAILED = _kind(
    "tickets.printFailed", "ticketId jobId reason", "Certainly no paper came out; the number was on the screen."
)
HOST_CALLED = _kind("hosts.called", "callId officeId page", "A person asked for help at the column.")
VISIT_STARTED = _kind("interactions.started", "visitId language", "Somebody began.")
VISIT_ENDED = _kind(
    "interactions.ended",
    "visitId language outcome durationSec textSize contrast reach speech",
    "A visit ended: done, left, timedOut, failed or endedByStaff.",
)
DEVICE_STARTED = _kind("devices.started", "appVersion sqliteVersion sqliteAffected", "The column started.")
DEVICE_STOPPED = _kind("devices.stopped", "reason", "The column stopped in order.")
DEVICE_DEGRADED = _kind("devices.degraded", "device reason", "A device or the network stopped being simply ready.")
DEVICE_RECOVERED = _kind("devices.recovered", "device", "A device or the network is ready again.")
CARD_USED = _kind(
    "cards.used",
    "officeId purpose level outcome",
    "A card was asked for, for a purpose: done, left, removed, refused, timedOut or failed; nothing of the person.",
)
CARD_LEFT = _kind("cards.leftBehind", "officeId", "A visit ended and its card stayed in the reader.")
LEASE_EXHAUSTED = _kind("devices.leaseExhausted", "queueId serviceDate", "Numbers ran out; suffix numbers are used.")
ATTEST_REQUESTED = _kind(
    "attests.requested",
    "requestId officeId productId useId language feeCents paymentId codeHash delivery sealed",
    "An attest that needs a register was asked for; who asks is sealed to the organisation's key.",
)
ATTEST_REDIRECTED = _kind(
    "attests.redirected",
    "requestId delivery sealed",
    "How a requested attest is to be had was chosen after all: a notice by e-mail, its address sealed, or by eBox.",
)
ATTEST_ISSUED = _kind(
    "attests.issued",
    "attestId number officeId productId useId language feeCents paymentId requestId validUntil medium kid sealed",
    "An attest was numbered and sealed; committed before any paper. What it says is sealed to the organisation's key.",
)
ATTEST_PRINTED = _kind("attests.printed", "attestId jobId medium", "The printer proved that the paper came out.")
ATTEST_PRINT_UNKNOWN = _kind(
    "attests.printUnknown", "attestId jobId medium reason", "Bytes left for the printer and no proof came back."
)
ATTEST_PRINT_FAILED = _kind(
    "attests.printFailed", "attestId jobId medium reason", "Certainly no paper of the attest came out."
)
ATTEST_TAKEN = _kind("attests.taken", "attestId", "A file of the attest was offered to the person's own telephone.")
ATTEST_VOIDED = _kind(
    "attests.voided", "attestId reason", "The attest reached nobody and does not count: revoked by its column."
)
PAYMENT_INTENDED = _kind(
    "payments.intended", "paymentId productId amountCents method", "A fee is about to be asked; durable before it is."
)
PAYMENT_SETTLED = _kind("payments.settled", "paymentId", "The fee was paid.")
PAYMENT_FAILED = _kind("payments.failed", "paymentId reason", "The fee was certainly not paid.")
PAYMENT_UNKNOWN = _kind(
    "payments.unknown", "paymentId reason", "Nobody knows whether the fee was paid; the terminal is being asked."
)
PAYMENT_CASE = _kind(
    "payments.staffCase", "paymentId reason", "The terminal does not tell whether the fee was paid: staff decide."
)
PAYMENT_UNDELIVERED = _kind(
    "payments.undelivered", "paymentId reason", "Paid, and what was paid for was not given: staff give it or refund."
)
PAYMENT_REVERSED = _kind("payments.reversed", "paymentId", "The terminal undid the payment.")
PAYMENT_REFUND_DUE = _kind(
    "payments.refundDue", "paymentId reason", "Paid, nothing given, and it could not be undone: the money is owed."
)
STAFF_ACTED = _kind(
    "staff.acted", "staffId action subject", "Staff did something at the column; the actions are listed below."
)
STAFF_REFUSED = _kind(
    "staff.refused",
    "way failures waitSec",
    "A PIN, a card or a badge did not let anybody into staff mode; after some wrong PINs the door waits.",
)
COLUMN_CLOSED = _kind("columns.closed", "by until", "The column serves nobody, until then or until it is opened.")
COLUMN_OPENED = _kind("columns.opened", "by", "The column serves again; by `clock` when its time had come.")
TICKET_CALLED_HERE = _kind(
    "tickets.calledHere",
    "ticketId officeId staffId",
    "Staff called a ticket at the column, because the network is down.",
)
READINESS_REPORTED = _kind(
    "columns.readinessReported",
    "worst broken attention papersLeft",
    "Every device was tested without effect: the worst state found, and what is broken or needs somebody.",
)

PAYMENT_DUE = _kind(
    "payments.due", "paymentId productId amountCents", "A fee is to be paid at the counter; the citizen has a slip."
)
PAYMENT_PROMISED = _kind(
    "payments.promised", "paymentId reason", "Paid, no paper came, and the citizen chose to get it at the counter."
)
PAYMENT_DECIDED = _kind("payments.decided", "paymentId verdict by", "A member of staff decided what became of it.")
PAYMENT_GIVEN = _kind("payments.given", "paymentId", "Staff gave what was paid for.")
PAYMENT_REFUNDED = _kind("payments.refunded", "paymentId", "Staff paid the money back.")
PAYMENT_RECEIPT_REPRINTED = _kind(
    "payments.receiptReprinted", "paymentId by", "Staff printed the terminal's receipt once more."
)
PAYMENT_PERIOD_CLOSED = _kind(
    "payments.periodClosed",
    "periodId result count amountCents terminalCount terminalAmountCents reason",
    "The terminal closed its period: its totals agree with ours, differ, are not told, or nobody knows.",
)

COMMAND_ENDED = _kind(
    "commands.ended",
    "commandId kind outcome detail by",
    "A command of the back office ended: done, failed, or unknown where a stop came in between; never done twice.",
)
COMMAND_REFUSED = _kind(
    "commands.refused", "commandId kind reason detail", "A command was not carried out, and never will be."
)
COLUMN_RETIRED = _kind(
    "columns.retired", "reason by", "The column was revoked or wiped; it destroys its keys and data after this."
)
SNAPSHOT_ACTIVATED = _kind("snapshots.activated", "version", "Another version of settings and offer is in use.")
SNAPSHOT_REJECTED = _kind(
    "snapshots.rejected",
    "version reason",
    "A version of settings and offer could not be used, or was taken back within its first minute.",
)
UPDATE_INSTALLED = _kind("updates.installed", "version", "Another version of the program proved itself.")
UPDATE_REJECTED = _kind(
    "updates.rejected",
    "version reason",
    "A version of the program was refused, or taken back within its first minute.",
)

KINDS: dict[str, EventKind] = {
    kind.name: kind
    for kind in (
        TICKET_ISSUED,
        TICKET_PRINTED,
        TICKET_PRINT_UNKNOWN,
        TICKET_PRINT_FAILED,
        HOST_CALLED,
        VISIT_STARTED,
        VISIT_ENDED,
        DEVICE_STARTED,
        DEVICE_STOPPED,
        DEVICE_DEGRADED,
        DEVICE_RECOVERED,
        LEASE_EXHAUSTED,
        CARD_USED,
        CARD_LEFT,
        ATTEST_REQUESTED,
        ATTEST_REDIRECTED,
        ATTEST_ISSUED,
        ATTEST_PRINTED,
        ATTEST_PRINT_UNKNOWN,
        ATTEST_PRINT_FAILED,
        ATTEST_TAKEN,
        ATTEST_VOIDED,
        PAYMENT_INTENDED,
        PAYMENT_SETTLED,
        PAYMENT_FAILED,
        PAYMENT_UNKNOWN,
        PAYMENT_CASE,
        PAYMENT_UNDELIVERED,
        PAYMENT_REVERSED,
        PAYMENT_REFUND_DUE,
        PAYMENT_DUE,
        PAYMENT_PROMISED,
        PAYMENT_DECIDED,
        PAYMENT_GIVEN,
        PAYMENT_REFUNDED,
        PAYMENT_RECEIPT_REPRINTED,
        PAYMENT_PERIOD_CLOSED,
        COMMAND_ENDED,
        COMMAND_REFUSED,
        COLUMN_RETIRED,
        SNAPSHOT_ACTIVATED,
        SNAPSHOT_REJECTED,
        STAFF_ACTED,
        STAFF_REFUSED,
        COLUMN_CLOSED,
        COLUMN_OPENED,
        TICKET_CALLED_HERE,
        READINESS_REPORTED,
        UPDATE_INSTALLED,
        UPDATE_REJECTED,
    )
}


def events_reference() -> str:
    """The reference page of all events, as Markdown; `docs/events.md` is this text (a test compares them)."""
    rows = "\n".join(
        f"| `{kind.name}` | {kind.means} | {', '.join(f'`{name}`' for name in sorted(kind.fields))} |"
        for kind in KINDS.values()
    )
    return (
        "# Events\n\n"
        "Every fact a column may record, and the only members its data may have. The table is `kiosk/core/events.py`;\n"
        f"types on the wire read `{SERVICE}.<resource>.notify.<verb>`.\n\n"
        f"| event | what happened | data |\n| --- | --- | --- |\n{rows}\n" + acts_reference()
    )
