"""The attest events of a batch, read one by one and kept together until they are written.

Nothing here names a person: what an attest says is in the sealed part of its event, which nobody opens here. Not for:
writing rows (`attests`) or tickets (`projection`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.core.events import (
    ATTEST_PRINT_FAILED,
    ATTEST_PRINT_UNKNOWN,
    ATTEST_PRINTED,
    ATTEST_TAKEN,
    ATTEST_VOIDED,
)
from sync.backoffice.bulk import Row
from sync.backoffice.contents import AttestIssued, AttestPrint, AttestRequested, AttestTaken, AttestVoided
from sync.backoffice.envelope import Event

PRINT_STATES: Mapping[str, str] = {
    ATTEST_PRINTED.name: "confirmed",
    ATTEST_PRINT_UNKNOWN.name: "unknown",
    ATTEST_PRINT_FAILED.name: "failed",
}
OPEN_REQUEST = "pending"
"""State of a request to which nobody answered yet."""


@dataclass(frozen=True)
class Told:
    """Something that became known about one attest.

    Attributes:
        print_state: of its paper, or None when it is about something else.
        reason: why the column took it back, or None when it did not.
    """

    event: Event
    attest_id: str
    print_state: str | None = None
    medium: str = ""
    reason: str | None = None


@dataclass
class AttestNews:
    """The attest events of one batch, in order.

    Attributes:
        redirected: the event, the request, and how it is to be handed over now.
        issued: the event, its row, and the name of the key that sealed it.
    """

    requested: list[tuple[Event, Row]] = field(default_factory=list)
    redirected: list[tuple[Event, str, str]] = field(default_factory=list)
    issued: list[tuple[Event, Row, str]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.requested or self.redirected or self.issued or self.told)


def request_row(data: AttestRequested) -> Row:
    """What the row of a request takes from its event's data."""
    return {
        "id": data.request_id,
        "office_id": data.office_id,
        "product_id": data.product_id,
        "use_id": data.use_id,
        "language": data.language,
        "fee_cents": data.fee_cents,
        "payment_id": data.payment_id,
        "code_hash": data.code_hash,
        "delivery": data.delivery,
        "state": OPEN_REQUEST,
    }


def attest_row(data: AttestIssued) -> Row:
    """What the row of an attest takes from its event's data."""
    return {
        "id": data.attest_id,
        "office_id": data.office_id,
        "number": data.number,
        "product_id": data.product_id,
        "use_id": data.use_id,
        "language": data.language,
        "fee_cents": data.fee_cents,
        "payment_id": data.payment_id,
        "request_id": data.request_id,
        "valid_until": data.valid_until.isoformat(),
        "state": "issued",
        "print_state": "queued",
        "medium": data.medium,
    }


def told_by(event: Event) -> Told:
    """Read an event about an attest that exists; pydantic's ValidationError for content of another shape."""
    if event.kind in PRINT_STATES:
        paper = AttestPrint.model_validate(event.data)
        return Told(event, paper.attest_id, PRINT_STATES[event.kind], paper.medium)
    if event.kind == ATTEST_VOIDED.name:
        voided = AttestVoided.model_validate(event.data)
        return Told(event, voided.attest_id, reason=voided.reason)
    return Told(event, AttestTaken.model_validate(event.data).attest_id)


ABOUT_ATTESTS = (*PRINT_STATES, ATTEST_TAKEN.name, ATTEST_VOIDED.name)
"""Kinds that `told_by` reads."""
