"""Paid at the counter: from the slip of the column over the clerk's word to the attest, with real ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from kiosk.commanding import Commander
from kiosk.fees import CounterDesk
from kiosk.journeys.ports import Fee, NotPaid, Paid
from kiosk.payment_orders import payment_handlers
from kiosk.staff_till import StaffTill
from sync.backoffice import schema
from tests.app.remotes import Street, street
from tests.journeys.world import KeyTexts, small_site

FEE = Fee("household", 1250, "nl")


@pytest.fixture
def care(tmp_path: Path) -> Iterator[Street]:
    """A column under remote care."""
    with street(tmp_path) as made:
        yield made


def commander(care: Street) -> Commander:
    till = StaffTill(care.store, None, lambda _: None, small_site(), KeyTexts())  # type: ignore[arg-type]
    return Commander(care.store, payment_handlers(till), care.clock.now)


def state(care: Street, payment_id: str) -> str:
    """As the clerk sees it."""
    with care.office.database.read() as connection:
        return str(
            connection.execute(select(schema.payment.c.state).where(schema.payment.c.id == payment_id)).scalar_one()
        )


async def test_the_counters_word_reaches_the_column_once(care: Street) -> None:
    desk = CounterDesk(care.store)
    owed = await desk.owe(FEE)
    care.tick()
    assert state(care, owed.payment_id) == "atCounter"
    assert await desk.paid(owed.code, FEE) == NotPaid("not_yet")
    for _ in range(2):
        care.give("decidePayment", payment=owed.payment_id, verdict="paid")
    care.tick()
    await commander(care).look()
    care.tick()
    assert [(kind, outcome) for kind, outcome, _ in care.ends()] == [
        ("decidePayment", "done"),
        ("decidePayment", "failed"),
    ]
    assert state(care, owed.payment_id) == "paidAtCounter"
    assert await desk.paid(owed.code, FEE) == Paid(owed.payment_id)


async def test_a_decision_about_nothing_says_so(care: Street) -> None:
    care.give("decidePayment", payment="nothing", verdict="paid")
    care.tick()
    await commander(care).look()
    care.tick()
    assert care.ends() == [("decidePayment", "failed", "this column has no such payment")]
