"""Attests on disk: numbered without gaps, committed with their sealed content and their print job in one transaction.

Nothing here names a person: what an attest says is only in the sealed part of its event, which this column cannot open.
Not for: what an attest says (`kiosk.documents`) or its paper (`kiosk.store.prints`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, text, update

from kiosk.core.attest_saga import AFTER_PAPER, AttestState, attest_edge
from kiosk.core.attests import (
    AttestNumber,
    AttestOrder,
    DeliveryWay,
    Medium,
    RegisterRequest,
    number_label,
)
from kiosk.core.events import ATTEST_ISSUED, ATTEST_REDIRECTED, ATTEST_REQUESTED, ATTEST_TAKEN
from kiosk.core.payment_saga import PaymentState
from kiosk.core.tickets import PrintState
from kiosk.store import journal, payments
from kiosk.store.epochs import letters
from kiosk.store.errors import UnknownAttest
from kiosk.store.schema import attest, job
from kiosk.store.state import current_epoch, read_state, write_state
from kiosk.store.timekeeping import Stamp
from sync.client.column import Column
from sync.protocol.ids import uuid7

COUNTER = "attest_number"
"""First part of the `sync_state` keys that count attests: `attest_number:<year>:<suffix>`."""
AFTER_RESTART = "restart"

Sealer = journal.Sealer


@dataclass(frozen=True)
class Filled:
    """What fills a number: the key that sealed it and its content, sealed once its event is known."""

    kid: str
    seal: Sealer


Fill = Callable[[AttestNumber], Filled]
"""Makes the content of a numbered attest; what it raises undoes the number."""

_FIND = select(attest.c.state, attest.c.payment_id).where(attest.c.attest_id == bindparam("id"))
_MOVE = update(attest).where(attest.c.attest_id == bindparam("id")).values(state=bindparam("new_state"))
_OPEN = select(attest.c.attest_id).where(text("state = 'issued'"))


def issue(
    connection: Connection, stamp: Stamp, local: datetime, column: Column, order: AttestOrder, fill: Fill, *, demo: bool
) -> AttestNumber:
    """Number an attest, fill it, and write it with its event and print job; a fee is spent by it.

    Args:
        local: the moment of `stamp` in the zone of the site.
        demo: whether the number says that it is practice.

    Raises:
        kiosk.core.print_saga.ForbiddenEdge: when the fee is not settled.
    """
    suffix = column.suffix + letters(current_epoch(connection))
    key = f"{COUNTER}:{local.year}:{suffix}"
    count = int(read_state(connection, key).get(key, 0)) + 1
    label = number_label(column.office_id, suffix, local.year, count, practice=demo)
    numbered = AttestNumber(str(uuid.uuid4()), uuid7(stamp.unix_ms), label, local.replace(microsecond=0))
    filled = fill(numbered)
    if order.fee is not None:
        payments.move(connection, stamp, order.fee, PaymentState.SPENT)
    data = _event_data(numbered, order, column, filled.kid)
    recorded = journal.append(connection, stamp, ATTEST_ISSUED, data, filled.seal)
    write_state(connection, {key: count})
    connection.execute(
        insert(attest).values(**_row(numbered, order), issued_epoch=recorded.epoch, issued_sequence=recorded.sequence)
    )
    _add_job(connection, numbered.job_id, numbered.id, order.medium, 1)
    return numbered


def request(connection: Connection, stamp: Stamp, column: Column, asked: RegisterRequest, seal: Sealer) -> None:
    """Write down that an attest was asked of a register."""
    data: dict[str, object] = {
        "requestId": asked.id,
        "officeId": column.office_id,
        "productId": asked.product,
        "useId": asked.use,
        "language": asked.language,
        "feeCents": asked.fee_cents,
        "codeHash": asked.code_hash,
        "delivery": DeliveryWay.COLUMN.value,
    }
    journal.append(connection, stamp, ATTEST_REQUESTED, data, seal)


def redirect(connection: Connection, stamp: Stamp, request_id: str, way: DeliveryWay, seal: Sealer | None) -> None:
    """Write down that a requested attest is to be had in another way; an address is sealed."""
    journal.append(connection, stamp, ATTEST_REDIRECTED, {"requestId": request_id, "delivery": way.value}, seal)


def another_paper(connection: Connection, stamp: Stamp, attest_id: str, medium: Medium) -> str:
    """A further print job for an attest of which certainly no paper came out; returns the job's id.

    Raises:
        UnknownAttest: when there is none, or a paper of it may have come out.
    """
    found = _state(connection, attest_id)
    jobs = connection.execute(select(job.c.state).where(job.c.attest_id == attest_id)).scalars().all()
    if found is not AttestState.ISSUED or any(state != PrintState.FAILED.value for state in jobs):
        raise UnknownAttest(attest_id)
    job_id = uuid7(stamp.unix_ms)
    _add_job(connection, job_id, attest_id, medium, len(jobs) + 1)
    return job_id


def taken(connection: Connection, stamp: Stamp, attest_id: str) -> None:
    """A file of it was offered to the person's telephone: delivered, unless it was already."""
    journal.append(connection, stamp, ATTEST_TAKEN, {"attestId": attest_id})
    if _state(connection, attest_id) in (AttestState.ISSUED, AttestState.DOUBTFUL):
        move(connection, stamp, attest_id, AttestState.DELIVERED)


def paper(connection: Connection, stamp: Stamp, attest_id: str, outcome: PrintState) -> None:
    """Let the attest know what became of a paper of it."""
    after = AFTER_PAPER.get(outcome)
    if after is not None and _state(connection, attest_id) is AttestState.ISSUED:
        move(connection, stamp, attest_id, after)


def move(
    connection: Connection,
    stamp: Stamp,
    attest_id: str,
    after: AttestState,
    reason: str = "",
    fee_after: PaymentState = PaymentState.UNDELIVERED,
) -> None:
    """Move an attest and append the event of that edge; a fee paid for a voided one goes to staff.

    Args:
        fee_after: where that fee stands then.

    Raises:
        UnknownAttest: when there is no such attest.
        kiosk.core.print_saga.ForbiddenEdge: when the table has no such edge.
    """
    found = connection.execute(_FIND, {"id": attest_id}).first()
    if found is None:
        raise UnknownAttest(attest_id)
    kind = attest_edge(AttestState(found.state), after)
    connection.execute(_MOVE, {"id": attest_id, "new_state": after.value})
    if kind is not None:
        journal.append(connection, stamp, kind, {"attestId": attest_id, "reason": reason})
    if after is AttestState.VOIDED and found.payment_id is not None:
        payments.move(connection, stamp, found.payment_id, fee_after, reason)


def void_unreached(connection: Connection, stamp: Stamp) -> int:
    """After a restart: void what is still in nobody's hands, for its content was only in memory; returns how many."""
    found = connection.execute(_OPEN).scalars().all()
    for attest_id in found:
        move(connection, stamp, attest_id, AttestState.VOIDED, AFTER_RESTART)
    return len(found)


def _state(connection: Connection, attest_id: str) -> AttestState:
    found = connection.execute(_FIND, {"id": attest_id}).first()
    if found is None:
        raise UnknownAttest(attest_id)
    return AttestState(found.state)


def _event_data(numbered: AttestNumber, order: AttestOrder, column: Column, kid: str) -> dict[str, object]:
    data: dict[str, object] = {
        "attestId": numbered.id,
        "number": numbered.number,
        "officeId": column.office_id,
        "productId": order.product,
        "useId": order.use,
        "language": order.language,
        "feeCents": order.fee_cents,
        "validUntil": order.valid_until.isoformat(),
        "medium": order.medium.value,
        "kid": kid,
    }
    optional = {"paymentId": order.fee, "requestId": order.request_id}
    return {**data, **{name: value for name, value in optional.items() if value is not None}}


def _row(numbered: AttestNumber, order: AttestOrder) -> Mapping[str, object]:
    return {
        "attest_id": numbered.id,
        "number": numbered.number,
        "product_id": order.product,
        "use_id": order.use,
        "language": order.language,
        "valid_until": order.valid_until.isoformat(),
        "fee_cents": order.fee_cents,
        "payment_id": order.fee,
        "request_id": order.request_id,
        "state": AttestState.ISSUED.value,
    }


def _add_job(connection: Connection, job_id: str, attest_id: str, medium: Medium, attempt: int) -> None:
    connection.execute(
        insert(job).values(
            job_id=job_id,
            kind="print",
            idempotency_key=f"print:{attest_id}:{attempt}",
            attest_id=attest_id,
            medium=medium.value,
            state=PrintState.QUEUED.value,
            attempts=0,
        )
    )
