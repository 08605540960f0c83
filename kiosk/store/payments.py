"""Fees on disk: moved only along the edges of `kiosk.core.attest_saga`, each move with its event.

Not for: taking money (the payment port of `kiosk.journeys.ports`).
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, text, update

from kiosk.core.attest_saga import PAYMENT_AT_START, PaymentState, payment_edge
from kiosk.core.events import PAYMENT_INTENDED
from kiosk.store import journal
from kiosk.store.errors import UnknownPayment
from kiosk.store.schema import payment
from kiosk.store.timekeeping import Stamp
from sync.protocol.ids import uuid7

AFTER_RESTART = "restart"
_STATE = select(payment.c.state).where(payment.c.payment_id == bindparam("id"))
_MOVE = update(payment).where(payment.c.payment_id == bindparam("id")).values(state=bindparam("new_state"))
_OPEN = select(payment.c.payment_id, payment.c.state).where(text("state IN ('intended', 'settled')"))


def intend(connection: Connection, stamp: Stamp, product: str, amount_cents: int, method: str) -> str:
    """Write down that a fee is about to be asked; returns its id."""
    payment_id = uuid7(stamp.unix_ms)
    data = {"paymentId": payment_id, "productId": product, "amountCents": amount_cents, "method": method}
    journal.append(connection, stamp, PAYMENT_INTENDED, data)
    row = {"payment_id": payment_id, "product_id": product, "amount_cents": amount_cents, "method": method}
    connection.execute(insert(payment).values(**row, state=PaymentState.INTENDED.value))
    return payment_id


def move(connection: Connection, stamp: Stamp, id: str, after: PaymentState, reason: str | None = None) -> None:
    """Move a fee and append the event of that edge.

    Raises:
        UnknownPayment: when there is no such fee.
        kiosk.core.print_saga.ForbiddenEdge: when the table has no such edge.
    """
    found = connection.execute(_STATE, {"id": id}).first()
    if found is None:
        raise UnknownPayment(id)
    kind = payment_edge(PaymentState(found.state), after)
    connection.execute(_MOVE, {"id": id, "new_state": after.value})
    if kind is not None:
        data: dict[str, object] = {"paymentId": id}
        if "reason" in kind.fields:
            data["reason"] = reason or "unknown"
        journal.append(connection, stamp, kind, data)


def settle_open(connection: Connection, stamp: Stamp) -> int:
    """Give every fee a stop left open the outcome `PAYMENT_AT_START` names; returns how many there were."""
    fees = connection.execute(_OPEN).all()
    for found in fees:
        move(connection, stamp, found.payment_id, PAYMENT_AT_START[PaymentState(found.state)], AFTER_RESTART)
    return len(fees)
