"""What staff hear of payments at columns: an alarm while money is in doubt or owed, gone once it is not.

No card number and no name ever comes here. Not for: states of a payment (`kiosk.core.payment_saga`) or refunds.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, insert, update

from kiosk.core.events import (
    PAYMENT_CASE,
    PAYMENT_FAILED,
    PAYMENT_REFUND_DUE,
    PAYMENT_REVERSED,
    PAYMENT_SETTLED,
    PAYMENT_UNDELIVERED,
    PAYMENT_UNKNOWN,
)
from sync.backoffice import schema
from sync.backoffice.bulk import Row

PAYMENT_ALARMS: Mapping[str, str | None] = {
    PAYMENT_UNKNOWN.name: "paymentUnknown",
    PAYMENT_CASE.name: "paymentCase",
    PAYMENT_UNDELIVERED.name: "paymentUndelivered",
    PAYMENT_REFUND_DUE.name: "paymentRefundDue",
    PAYMENT_SETTLED.name: None,
    PAYMENT_FAILED.name: None,
    PAYMENT_REVERSED.name: None,
}
"""By kind of event, the alarm that stands from then on; None where nothing is left to look after."""


def write_payments(connection: Connection, place: Row, payments: Mapping[str, str], received_ms: int) -> None:
    """Let the alarms of some payments be those of their newest events.

    Args:
        place: organisation, office and column.
        payments: id of each payment to the newest kind of event about it.
    """
    table = schema.alarm
    connection.execute(
        update(table)
        .where(
            table.c.organisation_id == place["organisation_id"],
            table.c.kiosk_id == place["kiosk_id"],
            table.c.kind.in_([alarm for alarm in PAYMENT_ALARMS.values() if alarm]),
            table.c.detail.in_(payments),
            table.c.cleared_ms.is_(None),
        )
        .values(cleared_ms=received_ms, cleared_by=place["kiosk_id"])
    )
    raised = [
        {**place, "kind": PAYMENT_ALARMS[kind], "detail": payment_id, "raised_ms": received_ms}
        for payment_id, kind in payments.items()
        if PAYMENT_ALARMS[kind]
    ]
    if raised:
        connection.execute(insert(table), raised)
