"""What the staff page of payments shows: what is to be paid at the counter, what somebody must look into, closings.

Read from the database at each look. Not for: HTML (`pages.payments`) or states (`kiosk.core.payment_saga`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, select

from kiosk.core.payment_saga import PaymentState, Verdict, verdicts_on
from sync.backoffice import schema
from sync.backoffice.core import BackOffice
from sync.backoffice.payments import COUNTER

DECIDE, REPRINT, CLOSE = "decidePayment", "reprintReceipt", "endTerminalDay"
"""Kinds of commands to the column (`kiosk.core.commands`)."""
LATEST = 40
DAYS = 10
_LOOK_INTO = (
    PaymentState.UNKNOWN,
    PaymentState.CASE,
    PaymentState.UNDELIVERED,
    PaymentState.REFUND_DUE,
    PaymentState.PROMISED,
    PaymentState.PAID_AT_COUNTER,
)
_WITH_RECEIPT = frozenset({PaymentState.SETTLED, PaymentState.SPENT, PaymentState.UNDELIVERED, PaymentState.GIVEN})


@dataclass(frozen=True)
class PaymentCard:
    """One payment as a page shows it.

    Attributes:
        code: on the person's slip.
        changed_at: in the zone of the site.
        verdicts: what staff may decide of it.
        asked: whether something was decided that the column has not carried out yet.
        reprints: whether its column can print the terminal's receipt once more.
    """

    id: str
    kiosk_id: str
    code: str
    product_id: str
    amount_cents: int
    state: PaymentState
    changed_at: datetime
    verdicts: tuple[Verdict, ...]
    asked: bool
    reprints: bool


@dataclass(frozen=True)
class PeriodCard:
    """One closing of a terminal, `theirs_cents` None where it told no totals."""

    column: str
    result: str
    count: int
    cents: int
    theirs_count: int | None
    theirs_cents: int | None
    closed_at: datetime


def payment_cards(office: BackOffice, connection: Connection, office_id: str, code: str) -> list[PaymentCard]:
    """What is to be paid at the counter or looked into, newest first; with a code, that payment however it stands."""
    table = schema.payment.c
    wanted = table.code == code if code else table.state.in_([each.value for each in (*_LOOK_INTO, _DUE)])
    rows = connection.execute(
        select(schema.payment)
        .where(table.organisation_id == office.site.id, table.office_id == office_id, wanted)
        .order_by(table.changed_ms.desc(), table.id.desc())
        .limit(LATEST)
    ).all()
    asked = _asked(office, connection, {row.kiosk_id for row in rows})
    return [_card(office, row, asked) for row in rows]


_DUE = PaymentState.AT_COUNTER


def period_cards(office: BackOffice, connection: Connection, office_id: str) -> list[PeriodCard]:
    """The latest closings in a building, newest first."""
    table, kiosk = schema.payment_period, schema.kiosk
    rows = connection.execute(
        select(table, kiosk.c.suffix)
        .join_from(table, kiosk, table.c.kiosk_id == kiosk.c.id)
        .where(table.c.organisation_id == office.site.id, table.c.office_id == office_id)
        .order_by(table.c.closed_ms.desc(), table.c.id.desc())
        .limit(DAYS)
    )
    return [
        PeriodCard(
            column=row.suffix,
            result=row.result,
            count=row.payment_count,
            cents=row.amount_cents,
            theirs_count=row.terminal_payment_count,
            theirs_cents=row.terminal_amount_cents,
            closed_at=_local(office, row.closed_ms),
        )
        for row in rows
    ]


def columns_with_terminals(office: BackOffice, connection: Connection, office_id: str) -> list[tuple[str, str]]:
    """Id and suffix of the columns of a building that ever took a fee at a terminal."""
    table, kiosk = schema.payment, schema.kiosk
    rows = connection.execute(
        select(kiosk.c.id, kiosk.c.suffix)
        .distinct()
        .join_from(table, kiosk, table.c.kiosk_id == kiosk.c.id)
        .where(table.c.organisation_id == office.site.id, table.c.office_id == office_id, table.c.method != COUNTER)
        .where(kiosk.c.revoked_ms.is_(None))
        .order_by(kiosk.c.suffix)
    )
    return [(str(row.id), str(row.suffix)) for row in rows]


def _card(office: BackOffice, row: Row[*tuple[object, ...]], asked: set[str]) -> PaymentCard:
    state = PaymentState(row.state)
    return PaymentCard(
        id=row.id,
        kiosk_id=row.kiosk_id,
        code=row.code,
        product_id=row.product_id,
        amount_cents=row.amount_cents,
        state=state,
        changed_at=_local(office, row.changed_ms),
        verdicts=verdicts_on(state),
        asked=row.id in asked,
        reprints=row.method != COUNTER and state in _WITH_RECEIPT,
    )


def _asked(office: BackOffice, connection: Connection, kiosks: set[str]) -> set[str]:
    """Payments about which a decision is on its way to the column."""
    table = schema.command.c
    bodies = connection.execute(
        select(table.body).where(
            table.kiosk_id.in_(kiosks),
            table.kind == DECIDE,
            table.outcome.is_(None),
            table.expires_ms > office.clock(),
        )
    ).scalars()
    return {str(json.loads(body)["arguments"]["payment"]) for body in bodies}


def _local(office: BackOffice, ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, office.site.zone)
