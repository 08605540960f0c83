"""Closings of the terminal's period on disk: begun before a byte leaves, ended with what both sides counted.

Not for: asking the terminal (`kiosk.day_end`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, text, update

from kiosk.core.events import PAYMENT_PERIOD_CLOSED
from kiosk.core.payment_period import BOOKED, PeriodResult, Takings
from kiosk.core.payment_saga import PaymentState
from kiosk.store import journal
from kiosk.store.schema import payment, payment_counted, payment_period
from kiosk.store.timekeeping import Stamp
from sync.protocol.ids import uuid7

SENDING = "sending"
_COUNTABLE = (*(state.value for state in BOOKED), PaymentState.REVERSED.value)
_UNCOUNTED = (
    select(payment.c.payment_id, payment.c.amount_cents, payment.c.state)
    .where(payment.c.method == bindparam("method"), payment.c.state.in_(_COUNTABLE))
    .where(payment.c.payment_id.not_in(select(payment_counted.c.payment_id)))
)
# By the order they were written: two of one millisecond, or a clock that was set back, must not change it.
_ALL = select(payment_period).order_by(text("rowid DESC"))
_ONE = select(payment_period).where(payment_period.c.period_id == bindparam("id"))
_END = (
    update(payment_period)
    .where(payment_period.c.period_id == bindparam("id"))
    .values(state=bindparam("new_state"), data=bindparam("told"))
)
_UNCOUNT = delete(payment_counted).where(payment_counted.c.period_id == bindparam("id"))


@dataclass(frozen=True)
class Period:
    """One closing.

    Attributes:
        began_ms: when, in milliseconds since 1970.
        result: None while it is under way.
        ours: what we counted in it.
        told: what the terminal told: "totals", "receipts", and why when it did not close.
    """

    id: str
    began_ms: int
    result: PeriodResult | None
    ours: Takings
    told: Mapping[str, object]


def begin(connection: Connection, stamp: Stamp, method: str, sent: Mapping[str, object]) -> Period:
    """Count what stands in no period yet into a new one, before the terminal is told to close.

    Args:
        method: whose payments count.
        sent: what is about to be sent, for technicians.
    """
    rows = connection.execute(_UNCOUNTED, {"method": method}).all()
    booked = [row.amount_cents for row in rows if PaymentState(row.state) in BOOKED]
    ours = Takings(len(booked), sum(booked))
    period = Period(uuid7(stamp.unix_ms), stamp.unix_ms, None, ours, {"sent": dict(sent)})
    row = {"period_id": period.id, "began_ms": period.began_ms, "state": SENDING, "data": _data(period)}
    connection.execute(insert(payment_period).values(**row))
    if rows:
        counted = [{"payment_id": row.payment_id, "period_id": period.id} for row in rows]
        connection.execute(insert(payment_counted), counted)
    return period


def end(
    connection: Connection,
    stamp: Stamp,
    id: str,
    result: PeriodResult,
    theirs: Takings | None,
    told: Mapping[str, object],
    reason: str = "",
) -> Period:
    """Write down how a closing ended, with its event; what a refused one counted belongs to the next."""
    before = _period(connection.execute(_ONE, {"id": id}).one())
    period = Period(id, before.began_ms, result, before.ours, {**before.told, **told})
    connection.execute(_END, {"id": id, "new_state": result.value, "told": _data(period)})
    if result is PeriodResult.REFUSED:
        connection.execute(_UNCOUNT, {"id": id})
    data: dict[str, object] = {"periodId": id, "result": result.value}
    data |= {"count": period.ours.count, "amountCents": period.ours.cents}
    if theirs is not None:
        data |= {"terminalCount": theirs.count, "terminalAmountCents": theirs.cents}
    if reason:
        data["reason"] = reason
    journal.append(connection, stamp, PAYMENT_PERIOD_CLOSED, data)
    return period


def recent(connection: Connection, limit: int) -> list[Period]:
    """The newest closings, newest first."""
    return [_period(row) for row in connection.execute(_ALL.limit(limit))]


def carried(periods: Iterable[Period]) -> list[Takings]:
    """What stands in the newest closings of which nobody knows whether they were; newest first, as `periods` are."""
    return [period.ours for period in takewhile(lambda each: each.result is PeriodResult.UNKNOWN, periods)]


def settle_open(connection: Connection, stamp: Stamp) -> int:
    """A closing that a stop left under way: nobody knows; returns how many there were."""
    left = [period for period in recent(connection, 2) if period.result is None]
    for period in left:
        end(connection, stamp, period.id, PeriodResult.UNKNOWN, None, {}, "restart")
    return len(left)


def _data(period: Period) -> str:
    return json.dumps({"count": period.ours.count, "cents": period.ours.cents, "told": dict(period.told)})


def _period(row: Row[str, int, str, str]) -> Period:
    data = json.loads(row.data)
    result = None if row.state == SENDING else PeriodResult(row.state)
    return Period(row.period_id, row.began_ms, result, Takings(data["count"], data["cents"]), data["told"])
