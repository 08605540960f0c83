"""What the data of the events the back office acts on must look like.

Content of another shape is poison: stored, acknowledged and put aside for staff. Unknown members are ignored. Not for:
which fields a column may send (`kiosk.core.events`) or what happens then (`projection`).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from kiosk.core.payment_period import PeriodResult

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,80}$")]
Short = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,60}$")]
Digest = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
Cents = Annotated[int, Field(ge=0, le=10_000_000, strict=True)]
Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]


class Content(BaseModel):
    """Base of every content: camelCase, immutable, unknown members ignored."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="ignore")


class TicketIssued(Content):
    """A number was promised; `label` as printed, `lease_id` None for the column's own numbers."""

    ticket_id: Uuid
    office_id: Name
    queue_id: Name
    service_ids: Annotated[list[Name], Field(min_length=1, max_length=20)]
    service_date: date
    number: Annotated[int, Field(ge=1, le=999_999, strict=True)]
    label: Annotated[str, Field(pattern=r"^(DEMO-)?[A-Z][0-9]{3,6}(-[A-Z0-9]{1,8})?$")]
    lease_id: Uuid | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    visitor_class: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")] = "walkIn"
    credit_sec: Annotated[int, Field(ge=0, le=86_400, strict=True)] = 0


class TicketPrint(Content):
    """Something became known about a ticket's paper."""

    ticket_id: Uuid


class HostCalled(Content):
    """Somebody at the column asks for a person."""

    call_id: Uuid
    office_id: Name
    page: Short = "unknown"


class DeviceDegraded(Content):
    """A device of the column is not simply ready."""

    device: Short
    reason: Short


class DeviceRecovered(Content):
    """A device of the column is ready again."""

    device: Short


class LeaseExhausted(Content):
    """The column has no number left for a queue and day."""

    queue_id: Name
    service_date: date


class TicketCalledHere(Content):
    """A ticket was called at the column itself."""

    ticket_id: Uuid


class ReadinessReported(Content):
    """What the column found out about itself; names of subjects with spaces between."""

    worst: Short
    broken: Annotated[str, Field(max_length=200)] = ""


class StaffActed(Content):
    """Somebody of staff did something at the column."""

    action: Short


class SealedContent(Content):
    """Personal data under the organisation's key; here because an event that should have them has them whole."""

    kid: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16}$")]
    ctsha256: Digest
    ct: Annotated[str, Field(min_length=1)]


class _AttestAsked(Content):
    office_id: Name
    product_id: Name
    use_id: Name
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    fee_cents: Cents
    payment_id: Uuid | None = None
    sealed: SealedContent


class AttestRequested(_AttestAsked):
    """An attest was asked of a register; `code_hash` is of the code on the receipt."""

    request_id: Uuid
    code_hash: Digest
    delivery: Annotated[str, Field(pattern=r"^[a-z]{1,10}$")]


class AttestRedirected(Content):
    """A request is to be handed over in another way; the address of an e-mail is sealed, an eBox needs none."""

    request_id: Uuid
    delivery: Annotated[str, Field(pattern=r"^(email|ebox)$")]
    sealed: SealedContent | None = None

    @model_validator(mode="after")
    def _addressed(self) -> AttestRedirected:
        if self.delivery == "email" and self.sealed is None:
            raise ValueError("a notice by e-mail needs its sealed address")
        return self


class AttestIssued(_AttestAsked):
    """An attest was numbered and sealed by the key `kid`; `medium` is what it was to be printed on."""

    attest_id: Uuid
    number: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,120}$")]
    request_id: Uuid | None = None
    valid_until: date
    medium: Annotated[str, Field(pattern=r"^[a-z]{1,10}$")]
    kid: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{11}$")]


class AttestPrint(Content):
    """Something became known about a paper of an attest."""

    attest_id: Uuid
    medium: Annotated[str, Field(pattern=r"^[a-z]{1,10}$")]


class AttestTaken(Content):
    """A file of an attest was offered to a telephone."""

    attest_id: Uuid


class AttestVoided(Content):
    """The column took an attest back that reached nobody."""

    attest_id: Uuid
    reason: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.: -]{0,60}$")] = ""


Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.: -]{0,60}$")]


class PaymentIntended(Content):
    """A fee is about to be asked."""

    payment_id: Uuid
    product_id: Name
    amount_cents: Cents
    method: Annotated[str, Field(pattern=r"^[a-z]{1,20}$")]


class PaymentTold(Content):
    """Something became known about a payment."""

    payment_id: Uuid
    reason: Word = ""


class PeriodClosed(Content):
    """The terminal closed its period; without its totals where it tells none."""

    period_id: Uuid
    result: PeriodResult
    count: Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
    amount_cents: Annotated[int, Field(ge=0, le=1_000_000_000, strict=True)]
    terminal_count: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] | None = None
    terminal_amount_cents: Annotated[int, Field(ge=0, le=1_000_000_000, strict=True)] | None = None
    reason: Word = ""


Detail = Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]


class CommandEnded(Content):
    """A command ended, in the column's own words."""

    command_id: Uuid
    outcome: Annotated[str, Field(pattern=r"^(done|failed|unknown)$")]
    detail: Detail = ""


class CommandRefused(Content):
    """A command was not carried out."""

    command_id: Uuid
    reason: Short
    detail: Detail = ""


class SnapshotRejected(Content):
    """A version of settings and offer could not be used."""

    version: Annotated[int, Field(ge=0, strict=True)]
    reason: Detail


class ColumnRetired(Content):
    """A column destroys itself."""

    reason: Short


class UpdateRejected(Content):
    """A version of the program is not in use."""

    version: Detail
    reason: Detail
