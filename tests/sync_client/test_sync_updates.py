"""Updates: numbers and news only from the pinned key, for us, in answer to this request."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from kiosk.core.tickets import PeopleAhead
from sync.client.answers import Defect, NotOurServer, Refused
from sync.client.transport import Answer
from sync.client.updates import LOW, Updated
from sync.protocol.messages import HEARTBEAT, UpdatesRequest, problem_type
from sync.protocol.signing import LEASE, UPDATES, SigningKey
from tests.store.columns import TODAY, order
from tests.sync_client.pairs import Pair
from tests.sync_client.reference_server import problem
from tests.sync_client.wire import FAULTS

STRANGER = SigningKey(b"\x55" * 32)


def changed(both: Pair, change: dict[str, object], key: SigningKey | None = None, kind: str = UPDATES) -> None:
    """From now on the server's answers to updates have these members and are signed with `key`."""
    honest = both.server.handle

    def handle(url: str, body: bytes) -> Answer:
        members = {**json.loads(honest(url, body).body), **change}
        return Answer(200, json.dumps((key or both.server.key).sign_object(kind, members)).encode())

    both.server.handle = handle  # type: ignore[method-assign]


def leases(both: Pair, **changes: object) -> list[dict[str, object]]:
    """One lease with these members, signed."""
    lease = both.server.lease(both.known, 1, "travel", "working", 50, 54)
    return [both.server.key.sign_object(LEASE, {**lease, **changes})]


def numbers(both: Pair) -> int:
    """Numbers in stock for today."""
    return sum(line.working + line.reserve for line in both.store.stock(["travel"], TODAY))


def test_the_request_says_how_the_column_is_and_is_signed(both: Pair) -> None:
    both.record(2)
    both.uploader().step()
    both.record(1)
    both.updater({"printer": "paper_out"}).step()
    members = json.loads(both.wire.log[-1][1])
    request = UpdatesRequest.model_validate(members)
    assert both.identity.key.public.verify_object(HEARTBEAT, members)
    assert (request.last_sequence, request.acked_sequence, request.epoch) == (3, 2, 1)
    assert request.devices == {"printer": "paper_out"}
    assert request.sent_at == "2026-11-23T09:00:00.000+00:00"
    assert len(request.stock) == 8


def test_an_answer_brings_numbers_news_and_the_time(both: Pair) -> None:
    updated = both.updater().step()
    assert isinstance(updated, Updated)
    assert updated.leases == 2
    assert both.store.issue_ticket_now(order()).label == "A001"
    assert asyncio.run(both.store.people_ahead("travel", TODAY)) == PeopleAhead(4, exact=True)


def test_the_column_knows_when_numbers_run_low(both: Pair) -> None:
    updater = both.updater()
    assert updater.running_low()
    updater.step()
    assert updater.running_low(), f"one chunk of {LOW} is low"
    updater.step()
    assert not updater.running_low()


FORGERIES: dict[str, dict[str, object]] = {
    "another nonce": {"nonce": "m" * 16},
    "another column": {"source": "urn:uuid:kiosk-2"},
    "queues of another shape": {"queues": "none"},
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_an_answer_to_another_request_is_no_answer(both: Pair, forgery: str) -> None:
    changed(both, FORGERIES[forgery])
    assert isinstance(both.updater().step(), NotOurServer)
    assert numbers(both) == 0


def test_only_the_pinned_key_and_the_right_kind_count(both: Pair) -> None:
    changed(both, {}, key=STRANGER)
    assert isinstance(both.updater().step(), NotOurServer)
    changed(both, {}, kind="kiosk-ack-v1")
    assert isinstance(both.updater().step(), NotOurServer)
    assert numbers(both) == 0


def test_an_old_answer_cannot_be_replayed(both: Pair) -> None:
    both.updater().step()
    before = numbers(both)
    both.wire.fault = "old answer"
    assert isinstance(both.updater().step(), NotOurServer)
    assert numbers(both) == before


@pytest.mark.parametrize(
    "fault", [name for name in FAULTS if name not in ("ok", "delivered twice", "old requests again")]
)
def test_no_fault_brings_numbers(both: Pair, fault: str) -> None:
    both.wire.fault = fault
    assert not isinstance(both.updater().step(), Updated)
    assert numbers(both) == 0


WRONG_LEASES: dict[str, dict[str, object]] = {
    "of another column": {"kioskId": "kiosk-2"},
    "of another office": {"officeId": "deurne"},
    "of another epoch": {"epoch": 2},
    "upside down": {"firstNumber": 54, "lastNumber": 50},
    "without end": {"lastNumber": 2**70},
    "from zero": {"firstNumber": 0},
    "of an unknown kind": {"kind": "gift"},
    "with an end nobody can read": {"expiresAt": "tomorrow"},
    "with an end without offset": {"expiresAt": "2026-11-24T00:00:00"},
    "without a day": {"serviceDate": None},
}


@pytest.mark.parametrize("wrong", WRONG_LEASES)
def test_a_lease_that_is_not_whole_and_ours_is_left_out(both: Pair, wrong: str) -> None:
    changed(both, {"leases": leases(both, **WRONG_LEASES[wrong]) + leases(both)})
    updated = both.updater().step()
    assert isinstance(updated, Updated)
    assert updated.leases == 1, "the good one beside it is kept"
    assert numbers(both) == 5


def test_a_lease_must_be_signed_by_itself(both: Pair) -> None:
    (good,) = leases(both)
    longer = {**good, "lastNumber": 999}
    foreign = STRANGER.sign_object(LEASE, good)
    changed(both, {"leases": [longer, foreign]})
    updated = both.updater().step()
    assert isinstance(updated, Updated)
    assert updated.leases == 0


def test_news_has_the_age_it_had_on_arrival(both: Pair) -> None:
    old = {"queueId": "travel", "waitingCount": 9, "openCounters": 1, "asOf": "2026-11-23T08:57:00Z"}
    nonsense = {"queueId": "living", "waitingCount": 9, "openCounters": 1, "asOf": "yesterday"}
    changed(both, {"queues": [old, nonsense]})
    both.updater().step()
    assert asyncio.run(both.store.people_ahead("travel", TODAY)) == PeopleAhead(9, exact=False)
    assert asyncio.run(both.store.people_ahead("living", TODAY)) is None


def test_a_wrong_clock_asks_again_once_with_the_servers_time(both: Pair) -> None:
    honest = both.server.handle
    sent: list[str] = []

    def strict(url: str, body: bytes) -> Answer:
        sent.append(json.loads(body)["sentAt"])
        if not sent[-1].startswith("2026-11-23T12:00"):
            return problem(401, problem_type("clockSkew"), serverTime="2026-11-23T12:00:00Z")
        return honest(url, body)

    both.server.handle = strict  # type: ignore[method-assign]
    updater = both.updater()
    assert isinstance(updater.step(), Updated)
    assert len(sent) == 2
    both.clock.turn(-timedelta(hours=5).total_seconds())
    assert both.store.now().hour == 4, "nothing but signed time moves the column's own clock"


def test_a_server_that_is_never_content_with_the_time_is_asked_twice(both: Pair) -> None:
    skewed = problem(401, problem_type("clockSkew"), serverTime="2026-11-23T12:00:00Z")
    both.server.handle = lambda _url, _body: skewed  # type: ignore[method-assign]
    assert isinstance(both.updater().step(), Refused)
    assert both.wire.posts == 2


@pytest.mark.parametrize(
    ("status", "name", "outcome"),
    [
        (409, problem_type("chainFork"), NotOurServer),
        (413, "urn:problem-type:belgif:payloadTooLarge", NotOurServer),
        (400, "urn:problem-type:belgif:schemaViolation", Defect),
    ],
)
def test_answers_that_belong_to_batches_mean_nothing_here(both: Pair, status: int, name: str, outcome: type) -> None:
    both.server.handle = lambda _url, _body: problem(status, name)  # type: ignore[method-assign]
    assert isinstance(both.updater().step(), outcome)
    assert both.store.position().epoch == 1
