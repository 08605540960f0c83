"""The uploader, row by row of the contract's table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.store import outbox
from kiosk.store.epochs import PROVISIONAL
from sync.client.answers import Defect, NotOurServer, Refused, ServerTrouble, TryLater, Unreachable
from sync.client.transport import Answer
from sync.client.uploader import Delivered, Empty, Forked, Moved, Uploader, batch_bytes
from sync.protocol.batch import Batch, batch_is_signed
from sync.protocol.messages import problem_type
from sync.protocol.signing import ACK, SigningKey
from tests.store.columns import open_at, power_cut
from tests.sync_client.pairs import Pair, pair
from tests.sync_client.reference_server import ReferenceServer, problem
from tests.sync_client.wire import FAULTS


class Says:
    """A transport that gives one answer and keeps what it was sent."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.sent: list[bytes] = []

    def post(self, url: str, body: bytes) -> Answer:
        """Give the next answer; the last one again and again."""
        self.sent.append(body)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def close(self) -> None:
        """Nothing to close."""


def uploader_that_hears(both: Pair, *answers: Answer) -> Uploader:
    """An uploader whose requests get these answers."""
    return Uploader(both.store, both.identity, Says(*answers), "/")


def ack(both: Pair, **changes: object) -> dict[str, object]:
    """An unsigned acknowledgement of everything that waits."""
    batch = both.store.next_batch(1000, 10_000_000)
    assert batch is not None
    return {
        "source": batch.source,
        "epoch": batch.epoch,
        "ackedSequence": batch.last,
        "ackedHash": both.hash_at(batch.last),
        "receivedCount": len(batch.bodies),
        "serverTime": "2026-11-23T09:00:00Z",
        **changes,
    }


def signed(both: Pair, kind: str = ACK, key: SigningKey | None = None, **changes: object) -> Answer:
    """A 200 with a signed acknowledgement."""
    return Answer(200, json.dumps((key or both.server.key).sign_object(kind, ack(both, **changes))).encode())


def test_nothing_to_send_sends_nothing(both: Pair) -> None:
    assert both.uploader().step() == Empty()
    assert both.wire.posts == 0


def test_a_batch_carries_the_committed_bytes_and_one_signature(both: Pair) -> None:
    both.record(3)
    pending = both.store.next_batch(100, 100_000)
    assert pending is not None
    body = batch_bytes(pending, both.identity.key)
    assert all(each in body for each in pending.bodies)
    batch = Batch.model_validate_json(body)
    assert batch_is_signed(batch, both.identity.key.public)
    assert (batch.first_sequence, batch.last_sequence, batch.previous_hash) == (1, 3, both.identity.column.birth)


def test_delivery_advances_the_watermark_and_tells_the_time(both: Pair) -> None:
    both.record(3)
    step = both.uploader().step()
    assert isinstance(step, Delivered)
    assert (step.acked, step.dead_lettered, step.leases_low) == (3, 0, ())
    assert step.heard is not None
    assert both.acked == 3
    assert both.uploader().step() == Empty()


def test_a_partial_acknowledgement_is_believed_as_far_as_it_goes(both: Pair) -> None:
    both.record(3)
    uploader_that_hears(both, signed(both, ackedSequence=2, ackedHash=both.hash_at(2))).step()
    assert both.acked == 2


def test_poison_is_acknowledged_and_what_follows_gets_through(both: Pair) -> None:
    from kiosk.core.events import VISIT_STARTED

    both.store.record_now(VISIT_STARTED, {"visitId": "bad", "language": "poison"})
    both.record(2)
    step = both.uploader().step()
    assert isinstance(step, Delivered)
    assert step.dead_lettered == 1
    assert len(both.known.dead) == 1
    assert both.acked == 3


LIES: dict[str, dict[str, object]] = {
    "hash of another event": {"ackedHash": "x" * 43},
    "sequence beyond the batch": {"ackedSequence": 4},
    "sequence zero": {"ackedSequence": 0},
    "negative sequence": {"ackedSequence": -1},
    "huge sequence": {"ackedSequence": 2**80},
    "another column": {"source": "urn:uuid:kiosk-2"},
    "another epoch": {"epoch": 2},
    "a member missing": {"ackedHash": None},
    "a member of another type": {"ackedSequence": "many"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_signed_answer_that_proves_nothing_moves_nothing(both: Pair, lie: str) -> None:
    both.record(3)
    assert isinstance(uploader_that_hears(both, signed(both, **LIES[lie])).step(), NotOurServer)
    assert both.acked == 0


def test_only_the_pinned_key_and_the_right_kind_count(both: Pair) -> None:
    both.record(3)
    for answer in (
        signed(both, key=SigningKey(b"\x55" * 32)),
        signed(both, kind="kiosk-updates-v1"),
        Answer(200, json.dumps(ack(both)).encode()),
    ):
        assert isinstance(uploader_that_hears(both, answer).step(), NotOurServer)
    assert both.acked == 0


HOSTILE = {
    "nothing": b"",
    "a page": b"<html>login</html>",
    "a list": b"[]",
    "a number": b"1" * 5000,
    "nesting": b"[" * 100_000,
    "not a number": b'{"a": NaN}',
    "lone surrogate": b'{"signature":{"keyId":"KEY","alg":"Ed25519","value":"AA"},"a":"\\ud800"}',
    "deep object": b'{"signature":{"keyId":"KEY","alg":"Ed25519","value":"AA"},"a":'
    + b'{"a":' * 900
    + b"1"
    + b"}" * 901,
    "not utf-8": b"\xff\xfe{}",
}


@pytest.mark.parametrize("body", HOSTILE)
def test_garbage_is_no_answer(both: Pair, body: str) -> None:
    both.record(1)
    content = HOSTILE[body].replace(b"KEY", both.server.key.public.id.encode())
    for status in (200, 201, 204, 302, 400, 401, 403, 404, 409, 413):
        step = uploader_that_hears(both, Answer(status, content)).step()
        assert isinstance(step, NotOurServer), status
    assert both.acked == 0


OUTCOMES = {
    "request lost": Unreachable,
    "answer lost": Unreachable,
    "cut off": NotOurServer,
    "portal": NotOurServer,
    "redirect": NotOurServer,
    "bad request": Defect,
    "not found": NotOurServer,
    "broken": ServerTrouble,
    "gateway": ServerTrouble,
}


@pytest.mark.parametrize("fault", OUTCOMES)
def test_every_fault_has_its_outcome_and_the_next_attempt_delivers_once(both: Pair, fault: str) -> None:
    both.record(2)
    both.wire.fault = fault
    step = both.uploader().step()
    assert isinstance(step, OUTCOMES[fault])
    assert both.acked == 0
    assert isinstance(both.uploader().step(), Delivered)
    assert set(both.known.effects.values()) == {1}
    assert len(both.known.effects) == 2


def test_every_fault_of_the_wire_can_be_recovered_from(both: Pair) -> None:
    for fault in FAULTS:
        both.record(1)
        both.wire.fault = fault
        both.uploader().step()
        both.uploader().step()
        assert both.acked == both.store.position().last_sequence, fault


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Answer(503, b""), 1.0),
        (Answer(429, b"", "7"), 7.0),
        (Answer(503, b"", "Sun, 06 Nov 1994 08:49:37 GMT"), 1.0),
        (Answer(503, b"", "soon"), 1.0),
        (Answer(503, b"", "999999999999"), 1.0),
        (Answer(503, b"", "999999999"), 3600.0),
        (problem(503, "urn:problem-type:belgif:serviceUnavailable", retryAfterSec=20), 20.0),
        (problem(429, "urn:problem-type:belgif:tooManyRequests", retryAfterSec=-5), 1.0),
    ],
)
def test_waiting_is_obeyed_within_reason(both: Pair, answer: Answer, seconds: float) -> None:
    both.record(1)
    assert uploader_that_hears(both, answer).step() == TryLater(seconds)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_signature_asks_for_a_technician_and_keeps_everything(both: Pair, status: int) -> None:
    both.record(1)
    refused = problem(status, problem_type("kioskRevoked"))
    assert uploader_that_hears(both, refused).step() == Refused("kioskRevoked")
    assert len(both.store.next_batch(10, 100_000).bodies) == 1  # type: ignore[union-attr]


def test_a_problem_whose_status_is_not_its_own_is_not_believed(both: Pair) -> None:
    both.record(1)
    forged = Answer(409, problem(403, problem_type("chainFork")).body)
    assert isinstance(uploader_that_hears(both, forged).step(), NotOurServer)


def test_too_large_halves_until_it_fits_and_grows_again(both: Pair) -> None:
    both.record(10)
    large = problem(413, "urn:problem-type:belgif:payloadTooLarge", maxBytes=1)
    uploader = both.uploader()
    sizes = []
    for fault in ("too large", "too large", "ok", "ok", "ok"):
        both.wire.fault = fault
        before = both.acked
        uploader.step()
        sizes.append(both.acked - before)
    assert sizes == [0, 0, 2, 4, 4]
    both.record(1)
    assert isinstance(uploader_that_hears(both, large).step(), NotOurServer), "one event is never too large"


def test_a_restored_back_office_gets_its_history_again(both: Pair) -> None:
    both.record(5)
    both.uploader().step()
    both.server.restore_backup(both.identity.column.source, 2)
    both.record(1)
    assert isinstance(both.uploader().step(), Moved)
    assert isinstance(both.uploader().step(), Delivered)
    assert [event["sequence"] for event in both.known.chains[1]] == ["1", "2", "3", "4", "5", "6"]
    assert set(both.known.effects.values()) == {1}


def test_a_gap_that_asks_for_what_was_just_sent_is_no_progress(both: Pair) -> None:
    both.record(2)
    gap = problem(409, problem_type("sequenceGap"), expectedSequence=1, ackedHash=both.identity.column.birth)
    assert isinstance(uploader_that_hears(both, gap).step(), NotOurServer)


@pytest.mark.parametrize("more", [{}, {"expectedSequence": 0, "ackedHash": "x"}, {"expectedSequence": 1}])
def test_a_gap_without_its_members_is_a_defect(both: Pair, more: dict[str, object]) -> None:
    both.record(1)
    gap = problem(409, problem_type("sequenceGap"), **more)
    assert uploader_that_hears(both, gap).step() == Defect("sequenceGap")


@pytest.mark.expects_log("zuil.store")
def test_a_gap_with_another_history_is_a_fork(both: Pair) -> None:
    both.record(3)
    both.uploader().step()
    gap = problem(409, problem_type("sequenceGap"), expectedSequence=2, ackedHash="z" * 43)
    both.record(1)
    assert uploader_that_hears(both, gap).step() == Forked(1)
    assert both.store.position().epoch >= PROVISIONAL


@pytest.mark.expects_log("zuil.store")
def test_a_rolled_back_disk_is_found_in_its_first_batch_and_serves_on(tmp_path: Path) -> None:
    with pair(tmp_path / "now") as now:
        now.record(2)
        image = power_cut(now.path, tmp_path / "old")
        now.record(2)
        now.uploader().step()
        now.store.close()
        now.store = open_at(image, now.identity.column, now.clock)
        now.record(2)
        assert now.uploader().step() == Forked(1)
        assert now.known.forks == 1
        assert now.uploader().step() == Empty(), "the forked epoch is not sent any more"
        now.record(1)
        step = now.uploader().step()
        assert isinstance(step, Delivered), "a provisional chain goes on"
        assert len(now.known.chains) == 2


def _rolled_back_and_replayed(tmp_path: Path) -> int:
    """An old authentic acknowledgement meets a rolled-back disk with other events; returns the watermark."""
    server = ReferenceServer()
    with pair(tmp_path / "now", server) as now:
        now.record(2)
        image = power_cut(now.path, tmp_path / "old")
        now.record(2)
        now.uploader().step()
        recorded = now.wire.log[-1][2]
        now.store.close()
        now.store = open_at(image, now.identity.column, now.clock)
        now.clock.turn(60)
        now.record(2)
        uploader_that_hears(now, recorded).step()
        return now.acked


def test_a_replayed_acknowledgement_proves_nothing_about_other_events(tmp_path: Path) -> None:
    assert _rolled_back_and_replayed(tmp_path) == 0


def test_control_without_comparing_hashes_the_replay_loses_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Anything(str):
        """Equal to every hash."""

        def __eq__(self, other: object) -> bool:
            return True

        def __ne__(self, other: object) -> bool:
            return False

        __hash__ = str.__hash__

    monkeypatch.setattr(outbox, "own_hash", lambda *_: Anything())
    assert _rolled_back_and_replayed(tmp_path) == 4
