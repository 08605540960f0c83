"""The outbox: exact bytes, acknowledged only by hash, sent again when asked rightly, compacted only when proved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.core.events import VISIT_STARTED
from kiosk.store.epochs import PROVISIONAL
from kiosk.store.journal_file import JournalFile
from kiosk.store.store import KioskStore
from sync.client.ports import AckOutcome, RewindOutcome
from tests.store.columns import COLUMN, Hands, open_at

DAY = 24 * 3600


def record(store: KioskStore, count: int) -> list[str]:
    """Append events; returns the hashes of everything not acknowledged."""
    for number in range(count):
        store.record_now(VISIT_STARTED, {"visitId": f"v{number}"})
    return hashes(store)


def hashes(store: KioskStore) -> list[str]:
    """Hashes of everything not acknowledged."""
    batch = store.next_batch(1000, 10_000_000)
    return [json.loads(body)["hash"] for body in batch.bodies] if batch else []


def acked(store: KioskStore) -> int:
    """The watermark."""
    return store.position().acked_sequence


def test_batches_are_limited_by_number_and_bytes(store: KioskStore) -> None:
    record(store, 10)
    batch = store.next_batch(4, 10_000_000)
    assert batch is not None
    assert (batch.first, batch.last, batch.source, batch.epoch) == (1, 4, COLUMN.source, 1)
    size = len(batch.bodies[0])
    small = store.next_batch(100, int(size * 2.5))
    assert small is not None
    assert small.last == 2
    one = store.next_batch(100, 1)
    assert one is not None
    assert one.last == 1, "an event always gets through"


def test_an_acknowledgement_needs_our_own_hash(store: KioskStore) -> None:
    own = record(store, 5)
    assert store.acknowledge(1, 3, own[3]) is AckOutcome.MISMATCH
    assert store.acknowledge(1, 9, own[4]) is AckOutcome.MISMATCH
    assert store.acknowledge(2, 3, own[2]) is AckOutcome.MISMATCH
    assert store.acknowledge(1, 2**70, own[2]) is AckOutcome.MISMATCH
    assert acked(store) == 0
    assert store.acknowledge(1, 3, own[2]) is AckOutcome.ADVANCED
    assert acked(store) == 3
    assert store.acknowledge(1, 2, own[1]) is AckOutcome.ALREADY
    assert acked(store) == 3
    assert hashes(store) == own[3:]


def test_the_watermark_survives_a_restart(path: Path) -> None:
    store = open_at(path)
    own = record(store, 3)
    store.acknowledge(1, 2, own[1])
    store.close()
    store = open_at(path)
    assert hashes(store) == own[2:]
    store.close()


def test_events_are_sent_again_only_from_a_shared_history(store: KioskStore) -> None:
    own = record(store, 6)
    store.acknowledge(1, 4, own[3])
    assert store.rewind(1, 3, own[2]) is RewindOutcome.MISMATCH
    assert store.rewind(1, 8, own[5]) is RewindOutcome.MISMATCH
    assert store.rewind(1, 0, own[0]) is RewindOutcome.MISMATCH
    assert store.rewind(7, 3, own[1]) is RewindOutcome.MISMATCH
    assert acked(store) == 4
    assert store.rewind(1, 3, own[1]) is RewindOutcome.REWOUND
    assert hashes(store) == own[2:]
    assert store.rewind(1, 1, COLUMN.birth) is RewindOutcome.REWOUND
    assert hashes(store) == own
    assert store.acknowledge(1, 6, own[5]) is AckOutcome.ADVANCED


def test_a_request_to_skip_moves_nothing(store: KioskStore) -> None:
    """It is not signed: an acknowledgement by the back door."""
    own = record(store, 6)
    assert store.rewind(1, 5, own[3]) is RewindOutcome.AHEAD
    assert acked(store) == 0


def test_only_old_acknowledged_events_are_compacted(store: KioskStore, clock: Hands, path: Path) -> None:
    own = record(store, 4)
    store.acknowledge(1, 3, own[2])
    store.maintain()
    assert _stored(path) == [1, 2, 3, 4]
    clock.turn(8 * DAY)
    store.maintain()
    assert _stored(path) == [4], "the one nobody has stays, however old"
    assert store.acknowledge(1, 3, own[2]) is AckOutcome.ALREADY
    assert store.rewind(1, 2, own[0]) is RewindOutcome.COMPACTED
    assert store.rewind(1, 4, own[2]) is RewindOutcome.REWOUND
    assert store.acknowledge(1, 4, own[3]) is AckOutcome.ADVANCED
    with JournalFile(path) as file:
        assert [verdict.broken for verdict in file.verify()] == [None]


def test_an_event_of_a_clock_that_had_fallen_back_leaves_no_gap(store: KioskStore, clock: Hands, path: Path) -> None:
    own = record(store, 2)
    now = clock.moment
    clock.turn(-now.timestamp())
    own += record(store, 1)
    clock.moment = now
    own += record(store, 1)
    store.acknowledge(1, 4, hashes(store)[-1])
    store.maintain()
    assert _stored(path) == [1, 2, 3, 4], "it looks old, and those before it are not"
    with JournalFile(path) as file:
        assert [verdict.broken for verdict in file.verify()] == [None]


def test_an_event_sent_again_is_not_compacted_before_it_is_proved_again(
    store: KioskStore, clock: Hands, path: Path
) -> None:
    own = record(store, 3)
    store.acknowledge(1, 3, own[2])
    store.rewind(1, 2, own[0])
    clock.turn(8 * DAY)
    store.maintain()
    assert _stored(path) == [2, 3]
    assert hashes(store) == own[1:]


def test_a_clock_at_zero_compacts_nothing(store: KioskStore, clock: Hands, path: Path) -> None:
    own = record(store, 2)
    store.acknowledge(1, 2, own[1])
    clock.turn(-clock.moment.timestamp())
    store.maintain()
    assert _stored(path) == [1, 2]


@pytest.mark.expects_log("zuil.store")
def test_a_fork_stops_its_epoch_and_facts_go_on(store: KioskStore, path: Path) -> None:
    own = record(store, 3)
    store.acknowledge(1, 1, own[0])
    store.fork(1)
    assert hashes(store) == []
    record(store, 2)
    batch = store.next_batch(10, 100_000)
    assert batch is not None
    assert batch.epoch >= PROVISIONAL
    first = json.loads(batch.bodies[0])
    assert (first["sequence"], first["prevhash"]) == ("1", COLUMN.birth)
    store.fork(1)
    store.fork(42)
    assert store.position().epoch == batch.epoch, "telling it twice begins nothing new"
    with JournalFile(path) as file:
        assert [verdict.broken for verdict in file.verify()] == [None, None]
        assert len(list(file.events(1))) == 3, "the forked history is kept"


def test_a_new_receipt_begins_its_epoch_and_the_old_one_is_still_sent(path: Path) -> None:
    store = open_at(path)
    record(store, 2)
    store.close()
    again = type(COLUMN)(**{**COLUMN.__dict__, "epoch": 2, "birth": "c" * 43})
    store = open_at(path, again)
    record(store, 1)
    old = store.next_batch(10, 100_000)
    assert old is not None
    assert (old.epoch, len(old.bodies)) == (1, 2)
    assert store.acknowledge(1, 2, json.loads(old.bodies[1])["hash"]) is AckOutcome.ADVANCED
    new = store.next_batch(10, 100_000)
    assert new is not None
    assert (new.epoch, new.first, json.loads(new.bodies[0])["prevhash"]) == (2, 1, "c" * 43)
    store.close()


def test_committing_wakes_and_reading_does_not(store: KioskStore) -> None:
    calls: list[int] = []
    store.on_commit(lambda: calls.append(1))
    record(store, 2)
    assert len(calls) == 2
    with pytest.raises(ValueError, match="may not carry"):
        store.record_now(VISIT_STARTED, {"x": 1})
    assert len(calls) == 2


def _stored(path: Path) -> list[int]:
    with JournalFile(path) as file:
        return [stored.sequence for stored in file.events()]
