"""The journal: allow-list, envelope, chain, clocks; and a file that was tampered with."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.events import DEVICE_DEGRADED, VISIT_ENDED, VISIT_STARTED
from kiosk.store.errors import NotAStore, StoreRefused
from kiosk.store.journal import MAX_EVENT_BYTES, FieldNotAllowed
from kiosk.store.journal_file import JournalFile
from kiosk.store.store import KioskStore
from kiosk.store.timekeeping import Timekeeper, next_hlc, to_ms
from sync.protocol.batch import Envelope
from sync.protocol.canonical import canonical
from sync.protocol.chain import check_chain
from tests.store.columns import COLUMN, START, Hands, open_at, order


def bodies(store: KioskStore) -> tuple[bytes, ...]:
    """Exact bytes of every event not acknowledged."""
    batch = store.next_batch(1000, 10_000_000)
    return batch.bodies if batch else ()


def test_events_are_whole_envelopes_chained_from_the_receipt(store: KioskStore, clock: Hands) -> None:
    store.record_now(VISIT_STARTED, {"visitId": "v1", "language": "nl"})
    clock.turn(1.5)
    store.issue_ticket_now(order())
    events = [json.loads(body) for body in bodies(store)]
    for event in events:
        Envelope.model_validate(event)
    check_chain(events, 1, COLUMN.birth)
    assert [canonical(event) for event in events] == list(bodies(store))
    first = events[0]
    assert (first["subject"], first["source"], first["epoch"]) == ("v1", COLUMN.source, 1)
    assert (first["time"], first["bootid"], first["uptimems"]) == ("2026-11-23T09:00:00.000Z", "boot-1", 1_000_000)
    assert events[1]["uptimems"] == 1_001_500


@pytest.mark.parametrize(
    "data",
    [
        {"visitId": "v", "name": "Jan"},
        {"visitId": "v", "language": 1.5},
        {"visitId": b"v"},
        {"visitId": {"ü": 1}},
        {"visitId": "v" * MAX_EVENT_BYTES},
    ],
)
def test_what_is_not_in_the_table_cannot_be_written(store: KioskStore, data: dict[str, object]) -> None:
    with pytest.raises(FieldNotAllowed):
        store.record_now(VISIT_STARTED, data)
    assert bodies(store) == ()


def test_a_refused_field_is_named_with_what_is_allowed(store: KioskStore) -> None:
    with pytest.raises(FieldNotAllowed, match=r"interactions\.started may not carry name; allowed: language, visitId"):
        store.record_now(VISIT_STARTED, {"visitId": "v", "name": "Jan"})


def test_events_survive_a_restart_in_order(path: Path) -> None:
    for number in range(3):
        store = open_at(path)
        store.record_now(VISIT_ENDED, {"visitId": f"v{number}", "outcome": "done"})
        store.close()
    with JournalFile(path) as file:
        assert [stored.event["subject"] for stored in file.events()] == ["v0", "v1", "v2"]
        assert [verdict.broken for verdict in file.verify()] == [None]


TAMPERINGS = {
    "content": 'UPDATE outbox SET body = replace(body, \'"language":"nl"\', \'"language":"fr"\') WHERE sequence = 3',
    "removed": "DELETE FROM outbox WHERE sequence = 3",
    "cut off": "DELETE FROM outbox WHERE sequence >= 3",
    "first gone": "DELETE FROM outbox WHERE sequence < 3",
    "swapped": "UPDATE outbox SET body = (SELECT body FROM outbox o WHERE o.sequence = 4) WHERE sequence = 3",
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_tampering_is_named_by_the_first_bad_event(path: Path, how: str) -> None:
    store = open_at(path)
    for number in range(5):
        store.record_now(VISIT_STARTED, {"visitId": f"v{number}", "language": "nl"})
    store.close()
    raw = sqlite3.connect(path)
    with raw:
        raw.execute(TAMPERINGS[how].replace("replace(body,", "replace(CAST(body AS TEXT),"))
    raw.close()
    with JournalFile(path) as file:
        (verdict,) = file.verify()
    assert verdict.broken is not None
    expected = {"cut off": 2, "first gone": 1}.get(how, 3)
    assert verdict.broken.sequence == expected


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreRefused, match="there is no such file"):
        JournalFile(tmp_path / "none.db")
    (tmp_path / "page.db").write_text("<html>" * 100)
    with pytest.raises(StoreRefused, match="SQLite cannot read it"):
        JournalFile(tmp_path / "page.db")
    sqlite3.connect(tmp_path / "empty.db").close()
    with pytest.raises(NotAStore):
        JournalFile(tmp_path / "empty.db")


def test_a_journal_is_read_beside_a_running_column(store: KioskStore, path: Path) -> None:
    store.record_now(DEVICE_DEGRADED, {"device": "printer", "reason": "paper_out"})
    with JournalFile(path) as file:
        store.record_now(DEVICE_DEGRADED, {"device": "printer", "reason": "cover_open"})
        assert len(list(file.events())) == 2
    assert len(bodies(store)) == 2


@given(st.lists(st.integers(min_value=-5, max_value=2**47)))
def test_the_logical_clock_only_goes_forward_as_text(moments: list[int]) -> None:
    hlc: str | None = None
    for moment in moments:
        after = next_hlc(hlc, moment)
        assert len(after) == 17
        assert hlc is None or after > hlc
        hlc = after


def test_the_logical_clock_carries_its_counter_over() -> None:
    assert next_hlc("0000000000aa-ffff", 0) == "0000000000ab-0000"


def test_time_before_enrolment_is_unknown_and_after_it_holdover() -> None:
    clock = Hands()
    times = Timekeeper(clock, "boot", START - timedelta(days=3))
    assert (times.stamp().state, times.stamp().error_ms) == ("holdover", 60_000)
    clock.moment = datetime(1970, 1, 2, tzinfo=UTC)
    assert times.stamp().state == "unknown"


def test_the_back_offices_clock_wins_over_the_wall_clock() -> None:
    clock = Hands(datetime(1970, 1, 2, tzinfo=UTC))
    times = Timekeeper(clock, "boot", START)
    times.anchor(START + timedelta(hours=1), 20)
    clock.turn(60)
    clock.moment = datetime(2031, 1, 1, tzinfo=UTC)
    stamp = times.stamp()
    assert (stamp.time, stamp.state, stamp.error_ms) == (START + timedelta(hours=1, minutes=1), "synced", 26)
    clock.turn(3600)
    assert times.stamp().state == "holdover"
    assert times.stamp().error_ms == 20 + 366


def test_the_last_known_time_is_remembered_on_disk(path: Path) -> None:
    store = open_at(path)
    store.anchor_time(START + timedelta(days=1), 5)
    store.maintain()
    store.close()
    store = open_at(path)
    store.record_now(VISIT_STARTED, {"visitId": "v"})
    assert json.loads(bodies(store)[0])["clockstate"] == "unknown", "the wall clock is a day behind what was known"
    store.close()
    assert to_ms(START) == 1_795_424_400_000
