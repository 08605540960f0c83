"""Attempts to pay on disk: moved only along the edges of `kiosk.core.payment_saga`, each move with its event.

Beside its state every attempt has notes: what was sent to the terminal and what came, only ever added to. Not for:
taking money (`kiosk.paying`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, text, update

from kiosk.core.events import PAYMENT_DECIDED, PAYMENT_DUE, PAYMENT_INTENDED
from kiosk.core.payment_saga import (
    BLOCKING,
    OPEN_TO_STAFF,
    PAYMENT_AT_START,
    PAYMENT_EDGES,
    PaymentState,
    Verdict,
    decided,
    payment_edge,
)
from kiosk.store import journal
from kiosk.store.errors import PaymentOpen, UnknownPayment
from kiosk.store.schema import payment, payment_note
from kiosk.store.timekeeping import Stamp
from sync.protocol.ids import first_uuid7, uuid7

AFTER_RESTART = "restart"
_STATE = select(payment.c.state).where(payment.c.payment_id == bindparam("id"))
_MOVE = update(payment).where(payment.c.payment_id == bindparam("id")).values(state=bindparam("new_state"))
_COLUMNS = (payment.c.payment_id, payment.c.product_id, payment.c.amount_cents, payment.c.method, payment.c.state)
_OPEN = (
    select(*_COLUMNS)
    .where(text("state NOT IN ('spent', 'failed', 'reversed', 'refundDue')"))
    .where(payment.c.state.not_in((PaymentState.REFUNDED.value, PaymentState.GIVEN.value)))
)
"""In the words of the index, so that it is used, and what ended since."""
_FOR_STAFF = (
    select(*_COLUMNS).where(payment.c.state.in_([state.value for state in OPEN_TO_STAFF])).order_by(text("rowid DESC"))
)
_NEWEST = (
    select(*_COLUMNS).where(payment.c.method == bindparam("by")).order_by(text("rowid DESC")).limit(bindparam("limit"))
)
_ONE = select(*_COLUMNS).where(payment.c.payment_id == bindparam("id"))
_OLD = select(payment.c.payment_id).where(
    payment.c.payment_id < bindparam("before"),
    payment.c.state.not_in([state.value for state in OPEN_TO_STAFF | BLOCKING]),
)
_FORGET = delete(payment_note).where(payment_note.c.payment_id.in_(_OLD))
KEPT_DAYS = 400
"""Days that the notes of a payment which is over are kept: a book year and the month after it."""
DUE_DAYS = 7
"""Days after which a fee that was never paid at the counter is not waited for any more."""
_DAY_MS = 86_400_000
_NOTES = (
    select(payment_note.c.kind, payment_note.c.data)
    .where(payment_note.c.payment_id == bindparam("id"))
    .order_by(payment_note.c.note_id)
)


@dataclass(frozen=True)
class Attempt:
    """An attempt to pay as it stands.

    Attributes:
        method: "terminal", or how else it was tried.
        notes: kind and data, in order; empty unless asked for.
    """

    id: str
    product: str
    amount_cents: int
    method: str
    state: PaymentState
    notes: tuple[tuple[str, Mapping[str, object]], ...] = ()


def intend(connection: Connection, stamp: Stamp, product: str, amount_cents: int, method: str) -> str:
    """Write down that a fee is about to be asked; returns its id.

    Raises:
        PaymentOpen: while the terminal has an attempt of which nobody knows how it ended.
    """
    for other in open_ones(connection):
        if other.method == method and other.state in BLOCKING:
            raise PaymentOpen(other.id)
    payment_id = uuid7(stamp.unix_ms)
    data = {"paymentId": payment_id, "productId": product, "amountCents": amount_cents, "method": method}
    journal.append(connection, stamp, PAYMENT_INTENDED, data)
    row = {"payment_id": payment_id, "product_id": product, "amount_cents": amount_cents, "method": method}
    connection.execute(insert(payment).values(**row, state=PaymentState.INTENDED.value))
    return payment_id


def move(connection: Connection, stamp: Stamp, id: str, after: PaymentState, reason: str | None = None) -> None:
    """Move an attempt and append the event of that edge.

    Raises:
        UnknownPayment: when there is no such attempt.
        kiosk.core.print_saga.ForbiddenEdge: when the table has no such edge.
    """
    kind = payment_edge(_state(connection, id), after)
    connection.execute(_MOVE, {"id": id, "new_state": after.value})
    if kind is not None:
        data: dict[str, object] = {"paymentId": id}
        if "reason" in kind.fields:
            data["reason"] = reason or "unknown"
        if kind is PAYMENT_DUE:
            due = attempt(connection, id)
            data |= {"productId": due.product, "amountCents": due.amount_cents}
        journal.append(connection, stamp, kind, data)


def decide(connection: Connection, stamp: Stamp, id: str, verdict: Verdict, by: str) -> PaymentState:
    """Let staff end it, by name; returns where it stands now.

    Raises:
        UnknownPayment: when there is no such attempt.
        kiosk.core.payment_saga.NotTheirs: when it is not theirs to decide where it stands.
    """
    after = decided(_state(connection, id), verdict)
    journal.append(connection, stamp, PAYMENT_DECIDED, {"paymentId": id, "verdict": verdict.value, "by": by})
    move(connection, stamp, id, after, f"staff{verdict.value[0].upper()}{verdict.value[1:]}")
    return after


def note(
    connection: Connection,
    stamp: Stamp,
    id: str,
    kind: str,
    data: Mapping[str, object],
    after: PaymentState | None = None,
    reason: str | None = None,
) -> PaymentState:
    """Add a note, and let it move the attempt where the table has such an edge: what contradicts is kept, not obeyed.

    Returns:
        Where the attempt stands now.

    Raises:
        UnknownPayment: when there is no such attempt.
    """
    before = _state(connection, id)
    row = {"payment_id": id, "at_ms": stamp.unix_ms, "kind": kind, "data": json.dumps(dict(data))}
    connection.execute(insert(payment_note).values(**row))
    if after is None or (before, after) not in PAYMENT_EDGES:
        return before
    move(connection, stamp, id, after, reason)
    return after


def open_ones(connection: Connection) -> list[Attempt]:
    """Attempts that are not over, oldest first, without their notes."""
    return sorted((_attempt(row) for row in connection.execute(_OPEN)), key=lambda attempt: attempt.id)


def for_staff(connection: Connection) -> list[Attempt]:
    """Attempts that staff may decide of, newest first, without their notes."""
    return [_attempt(row) for row in connection.execute(_FOR_STAFF)]


def newest(connection: Connection, limit: int, method: str) -> list[Attempt]:
    """The newest attempts of one method, newest first, without their notes."""
    return [_attempt(row) for row in connection.execute(_NEWEST, {"limit": limit, "by": method})]


def attempt(connection: Connection, id: str) -> Attempt:
    """One attempt with all its notes.

    Raises:
        UnknownPayment: when there is no such attempt.
    """
    row = connection.execute(_ONE, {"id": id}).first()
    if row is None:
        raise UnknownPayment(id)
    notes = tuple((kind, json.loads(data)) for kind, data in connection.execute(_NOTES, {"id": id}))
    return _attempt(row, notes)


def settle_open(connection: Connection, stamp: Stamp) -> int:
    """Give every attempt a stop left open the state `PAYMENT_AT_START` names; returns how many there were."""
    left = [attempt for attempt in open_ones(connection) if attempt.state in PAYMENT_AT_START]
    for attempt in left:
        move(connection, stamp, attempt.id, PAYMENT_AT_START[attempt.state], AFTER_RESTART)
    return len(left)


def let_go(connection: Connection, stamp: Stamp) -> int:
    """Fail what was never paid at the counter, forget the notes of what was over long ago; returns how many failed."""
    late = [
        attempt
        for attempt in open_ones(connection)
        if attempt.state is PaymentState.AT_COUNTER and attempt.id < first_uuid7(stamp.unix_ms - DUE_DAYS * _DAY_MS)
    ]
    for attempt in late:
        move(connection, stamp, attempt.id, PaymentState.FAILED, "neverPaid")
    connection.execute(_FORGET, {"before": first_uuid7(stamp.unix_ms - KEPT_DAYS * _DAY_MS)})
    return len(late)


def _attempt(row: Row[str, str, int, str, str], notes: tuple[tuple[str, Mapping[str, object]], ...] = ()) -> Attempt:
    return Attempt(row.payment_id, row.product_id, row.amount_cents, row.method, PaymentState(row.state), notes)


def _state(connection: Connection, id: str) -> PaymentState:
    found = connection.execute(_STATE, {"id": id}).scalar()
    if found is None:
        raise UnknownPayment(id)
    return PaymentState(found)
