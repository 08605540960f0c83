"""Leases: kept once, never overlapping, counted per queue and day, of the right epoch only."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.store.store import KioskStore
from tests.store.columns import TODAY, Hands, grant, open_at, order


def left(store: KioskStore, queue: str = "travel", days: int = 0) -> tuple[int, int]:
    """Working and reserve numbers of a queue."""
    day = TODAY + timedelta(days=days)
    return next((s.working, s.reserve) for s in store.stock([queue], TODAY) if s.service_date == day)


def test_stock_names_every_queue_and_eight_days(store: KioskStore) -> None:
    store.add_grants([grant(1, 5), grant(901, 1000, kind="reserve"), grant(1, 3, day=TODAY + timedelta(days=7))])
    stock = store.stock(["travel", "living"], TODAY)
    assert len(stock) == 16
    assert left(store) == (5, 100)
    assert left(store, days=7) == (3, 0)
    assert left(store, "living") == (0, 0)
    store.issue_ticket_now(order())
    assert left(store) == (4, 100)


def test_a_lease_is_kept_once_and_not_reset_by_its_copy(store: KioskStore) -> None:
    assert store.add_grants([grant(1, 5), grant(1, 5)]) == 1
    store.issue_ticket_now(order())
    assert store.add_grants([grant(1, 5)]) == 0
    assert store.issue_ticket_now(order()).label == "A002"


@pytest.mark.expects_log("zuil.store")
def test_numbers_we_hold_already_are_not_taken_twice(store: KioskStore, caplog: pytest.LogCaptureFixture) -> None:
    store.add_grants([grant(1, 5)])
    assert store.add_grants([grant(5, 9, name="other")]) == 0
    assert "lease other overlaps lease travel-2026-11-23-working-1" in caplog.text


def test_a_lease_of_another_epoch_is_not_kept(store: KioskStore) -> None:
    assert store.add_grants([grant(1, 5, epoch=2)]) == 0
    assert left(store) == (0, 0)


def test_expired_numbers_are_no_stock(store: KioskStore, clock: Hands) -> None:
    store.add_grants([grant(1, 5)])
    clock.turn(2 * 24 * 3600)
    assert left(store) == (0, 0)


def test_leases_and_counters_of_past_days_are_forgotten(store: KioskStore, clock: Hands, path: Path) -> None:
    store.add_grants([grant(1, 1), grant(1, 1, day=TODAY + timedelta(days=9))])
    store.issue_ticket_now(order())
    store.issue_ticket_now(order())
    clock.turn(9 * 24 * 3600)
    later = TODAY + timedelta(days=9)
    store.issue_ticket_now(order(day=later))
    store.issue_ticket_now(order(day=later))
    store.anchor_time(clock.now(), 10)
    store.maintain()
    store.close()
    store_again = open_at(path, clock=clock)
    assert store_again.issue_ticket_now(order(day=later)).label == "A002-K3"
    rows = store_again._writer.run(lambda c: c.exec_driver_sql("SELECT service_date FROM lease").scalars().all())
    keys = store_again._writer.run(
        lambda c: c.exec_driver_sql("SELECT key FROM sync_state WHERE key LIKE 'own_number%'").scalars().all()
    )
    store_again.close()
    assert rows == [later.isoformat()]
    assert keys == [f"own_number:{later}:K3:travel"]


def test_a_clock_set_wrong_forgets_no_promised_number(store: KioskStore, clock: Hands) -> None:
    assert store.issue_ticket_now(order()).label == "A001-K3"
    clock.turn(400 * 24 * 3600)
    store.maintain()
    clock.turn(-400 * 24 * 3600)
    assert store.issue_ticket_now(order()).label == "A002-K3"
