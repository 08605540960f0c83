"""What staff hear of payments at columns: where each stands, and an alarm while money is in doubt or owed.

No card number and no name ever comes here. Not for: states of a payment and what they allow
(`kiosk.core.payment_saga`), or refunds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, update

from kiosk.core.codes import code_of
from kiosk.core.events import (
    PAYMENT_CASE,
    PAYMENT_DUE,
    PAYMENT_FAILED,
    PAYMENT_GIVEN,
    PAYMENT_INTENDED,
    PAYMENT_PROMISED,
    PAYMENT_REFUND_DUE,
    PAYMENT_REFUNDED,
    PAYMENT_REVERSED,
    PAYMENT_SETTLED,
    PAYMENT_UNDELIVERED,
    PAYMENT_UNKNOWN,
)
from kiosk.core.payment_period import NEEDS_STAFF
from kiosk.core.payment_saga import PaymentState
from sync.backoffice import schema
from sync.backoffice.bulk import Row
from sync.backoffice.contents import PaymentIntended, PeriodClosed
from sync.backoffice.database import Database

COUNTER = "counter"
DIFFERS = "paymentDiffers"
"""Alarm: a terminal's totals are not ours, or it would not close."""

STATE_OF: Mapping[str, PaymentState] = {
    PAYMENT_INTENDED.name: PaymentState.INTENDED,
    PAYMENT_SETTLED.name: PaymentState.SETTLED,
    PAYMENT_FAILED.name: PaymentState.FAILED,
    PAYMENT_UNKNOWN.name: PaymentState.UNKNOWN,
    PAYMENT_CASE.name: PaymentState.CASE,
    PAYMENT_UNDELIVERED.name: PaymentState.UNDELIVERED,
    PAYMENT_REVERSED.name: PaymentState.REVERSED,
    PAYMENT_REFUND_DUE.name: PaymentState.REFUND_DUE,
    PAYMENT_DUE.name: PaymentState.AT_COUNTER,
    PAYMENT_PROMISED.name: PaymentState.PROMISED,
    PAYMENT_GIVEN.name: PaymentState.GIVEN,
    PAYMENT_REFUNDED.name: PaymentState.REFUNDED,
}
"""Where a payment stands after each event about it."""

PAYMENT_ALARMS: Mapping[PaymentState, str] = {
    PaymentState.UNKNOWN: "paymentUnknown",
    PaymentState.CASE: "paymentCase",
    PaymentState.UNDELIVERED: "paymentUndelivered",
    PaymentState.REFUND_DUE: "paymentRefundDue",
}
"""The alarm that stands while a payment stands there; in every other state there is none."""


@dataclass
class PaymentNews:
    """What a batch tells of payments, in order.

    Attributes:
        begun: content of each new one.
        moved: id, state and reason.
        closed: closings of terminals.
    """

    begun: list[PaymentIntended] = field(default_factory=list)
    moved: list[tuple[str, PaymentState, str]] = field(default_factory=list)
    closed: list[PeriodClosed] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.begun or self.moved or self.closed)


def write_payments(connection: Connection, database: Database, place: Row, news: PaymentNews, received_ms: int) -> None:
    """Let each payment stand where its newest event says, and the alarms be those of that.

    Args:
        place: organisation, office and column.
    """
    if news.begun:
        rows: list[Row] = [
            {
                **place,
                "id": each.payment_id,
                "code": code_of(each.payment_id),
                "product_id": each.product_id,
                "amount_cents": each.amount_cents,
                "method": each.method,
                "state": PaymentState.INTENDED.value,
                "reason": "",
                "changed_ms": received_ms,
            }
            for each in news.begun
        ]
        database.bulk.insert_new(connection, schema.payment, rows)
    for payment_id, state, reason in news.moved:
        _move(connection, place, payment_id, state, reason, received_ms)
    _alarms(connection, place, {payment_id: state for payment_id, state, _ in news.moved}, received_ms)
    for closed in news.closed:
        _close(connection, database, place, closed, received_ms)


def _move(
    connection: Connection, place: Row, payment_id: str, state: PaymentState, reason: str, received_ms: int
) -> None:
    table = schema.payment
    its = table.c.id == payment_id, table.c.kiosk_id == place["kiosk_id"]
    values = {"state": state.value, "reason": reason, "changed_ms": received_ms}
    if state is PaymentState.SETTLED:
        at_counter = {**values, "state": PaymentState.PAID_AT_COUNTER.value}
        moved = connection.execute(update(table).where(*its, table.c.method == COUNTER).values(**at_counter))
        if moved.rowcount:
            return
    connection.execute(update(table).where(*its).values(**values))


def _alarms(connection: Connection, place: Row, states: Mapping[str, PaymentState], received_ms: int) -> None:
    if not states:
        return
    table = schema.alarm
    connection.execute(
        update(table)
        .where(
            table.c.organisation_id == place["organisation_id"],
            table.c.kiosk_id == place["kiosk_id"],
            table.c.kind.in_(PAYMENT_ALARMS.values()),
            table.c.detail.in_([code_of(payment_id) for payment_id in states]),
            table.c.cleared_ms.is_(None),
        )
        .values(cleared_ms=received_ms, cleared_by=place["kiosk_id"])
    )
    raised = [
        {**place, "kind": PAYMENT_ALARMS[state], "detail": code_of(payment_id), "raised_ms": received_ms}
        for payment_id, state in states.items()
        if state in PAYMENT_ALARMS
    ]
    if raised:
        connection.execute(insert(table), raised)


def _close(connection: Connection, database: Database, place: Row, closed: PeriodClosed, received_ms: int) -> None:
    row: Row = {
        **place,
        "id": closed.period_id,
        "result": closed.result.value,
        "payment_count": closed.count,
        "amount_cents": closed.amount_cents,
        "terminal_payment_count": closed.terminal_count,
        "terminal_amount_cents": closed.terminal_amount_cents,
        "reason": closed.reason,
        "closed_ms": received_ms,
    }
    new = database.bulk.insert_new(connection, schema.payment_period, [row])
    if new and closed.result in NEEDS_STAFF:
        theirs = closed.terminal_amount_cents
        told = f"{_euro(closed.amount_cents)} / {_euro(theirs) if theirs is not None else closed.reason}"
        alarm = {**place, "kind": DIFFERS, "detail": told, "raised_ms": received_ms}
        connection.execute(insert(schema.alarm), [alarm])


def _euro(cents: int) -> str:
    return f"€ {cents / 100:.2f}".replace(".", ",")
