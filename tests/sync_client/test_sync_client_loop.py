"""The loop: when it sends, how it backs off, what it says; in virtual time."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from kiosk.core.events import VISIT_STARTED
from sync.client import loop as module
from sync.client.client import SyncClient
from sync.client.loop import DEBOUNCE, DEFECT
from sync.client.pace import Task, ThreadPace
from sync.client.transport import Answer, Failure, NoAnswer
from sync.protocol.messages import problem_type
from tests.store.columns import TODAY, order
from tests.sync_client.pairs import Pair, pair
from tests.sync_client.reference_server import problem
from tests.sync_client.wire import Wire


class Virtual:
    """A pace in which time passes only when told."""

    def __init__(self) -> None:
        self.now = 0.0
        self.woken = 0

    def monotonic(self) -> float:
        """See `Pace`."""
        return self.now

    def wait(self, seconds: float) -> None:
        """See `Pace`."""
        self.now += seconds

    def wake(self) -> None:
        """See `Pace`."""
        self.woken += 1


class Life:
    """A client on virtual time and what it did."""

    def __init__(self, both: Pair) -> None:
        self.both = both
        self.pace = Virtual()
        self.wire = Noted(both, self.pace)
        self.client = SyncClient(
            both.store,
            both.identity,
            "http://office/",
            queues=("travel",),
            today=lambda: TODAY,
            transport=self.wire,
            pace=self.pace,
            random=Random(5),
        )
        self.changes: list[bool] = []
        self.client.on_change(self.changes.append)

    def live(self, seconds: float) -> None:
        """Let the loop run for so long."""
        until = self.pace.now + seconds
        while True:
            pause = self.client.loop().tick()
            if self.pace.now + pause > until:
                break
            self.pace.wait(pause)
        self.pace.now = until

    def posts(self, name: str) -> list[float]:
        """Moments of the requests to an address."""
        return [moment for moment, url in self.wire.moments if url.endswith(name)]

    def record(self) -> None:
        """Append an event."""
        self.both.store.record_now(VISIT_STARTED, {"visitId": "v", "language": "nl"})


class Noted(Wire):
    """A wire that notes the moment of each request and may fail for long."""

    def __init__(self, both: Pair, pace: Virtual) -> None:
        super().__init__(both.server)
        self.pace = pace
        self.moments: list[tuple[float, str]] = []
        self.always: Answer | NoAnswer | None = None

    def post(self, url: str, body: bytes) -> Answer | NoAnswer:
        """See `Transport`."""
        self.moments.append((self.pace.now, url))
        return super().post(url, body) if self.always is None else self.always


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """A client that has said hello."""
    with pair(tmp_path) as both:
        made = Life(both)
        made.live(0.5)
        made.wire.moments.clear()
        yield made


def test_the_first_word_fetches_numbers_and_goes_online(tmp_path: Path) -> None:
    with pair(tmp_path) as both:
        life = Life(both)
        assert not life.client.online
        life.live(10)
        assert life.client.online
        assert life.changes == [True]
        assert both.store.issue_ticket_now(order()).label == "A001"


def test_a_commit_is_sent_after_a_moment_together_with_its_neighbours(life: Life) -> None:
    woken = life.pace.woken
    life.record()
    life.record()
    assert life.pace.woken == woken + 2
    before = life.pace.now
    life.live(1)
    assert life.posts("batches") == [pytest.approx(before + DEBOUNCE)]
    assert life.both.acked == 2


def test_the_heartbeat_comes_every_fifteen_to_thirty_seconds(life: Life) -> None:
    life.live(600)
    moments = life.posts("updates")
    gaps = [b - a for a, b in pairwise(moments)]
    assert len(gaps) > 15
    assert all(15 <= gap <= 30 for gap in gaps)
    assert len(set(gaps)) > 5, "a fleet must not beat in step"


def test_running_low_asks_at_once_but_not_without_end(life: Life) -> None:
    life.live(3)
    life.wire.moments.clear()
    life.both.server.grants_numbers = False
    for _ in range(20):
        life.both.store.issue_ticket_now(order())
        life.live(0.1)
    assert 1 <= len(life.posts("updates")) <= 3


@pytest.mark.expects_log("zuil.sync")
def test_back_off_is_full_jitter_up_to_five_minutes(life: Life) -> None:
    life.wire.always = NoAnswer(Failure.UNREACHABLE)
    life.record()
    life.live(4000)
    moments = life.posts("batches")
    gaps = [b - a for a, b in pairwise(moments)]
    assert max(gaps[:2]) <= 4.0
    assert 100 < max(gaps) <= 300
    assert len(moments) < 60


@pytest.mark.expects_log("zuil.sync")
def test_commits_do_not_break_a_pause(life: Life) -> None:
    life.wire.always = Answer(503, b"", "100")
    life.record()
    life.live(1)
    life.wire.moments.clear()
    for _ in range(50):
        life.record()
        life.live(1)
    assert life.posts("batches") == []


@pytest.mark.expects_log("zuil.sync")
def test_down_and_up_are_said_once_each(life: Life, caplog: pytest.LogCaptureFixture) -> None:
    life.wire.always = NoAnswer(Failure.UNREACHABLE)
    life.record()
    life.live(300)
    assert not life.client.online
    life.wire.always = Answer(200, b"<html>")
    life.live(300)
    life.wire.always = None
    life.live(60)
    assert life.client.online
    said = [(r.levelno, r.getMessage()) for r in caplog.records if r.name == "zuil.sync" and r.levelno > logging.DEBUG]
    assert said == [
        (logging.WARNING, "no back office (unreachable); tickets go on"),
        (logging.INFO, "the back office answers again"),
    ]
    assert life.changes == [True, False, True]
    kinds = [event["data"] for event in life.both.known.chains[1] if ".devices." in str(event["type"])]
    assert kinds == [{"device": "network", "reason": "unreachable"}, {"device": "network"}]


@pytest.mark.expects_log("zuil.sync")
def test_a_restored_network_is_noticed_within_one_heartbeat(life: Life) -> None:
    life.wire.always = NoAnswer(Failure.UNREACHABLE)
    life.record()
    life.live(3600)
    life.wire.always = None
    life.live(31)
    assert life.client.online
    assert life.both.acked == life.both.store.position().last_sequence


@pytest.mark.expects_log("zuil.sync")
def test_a_refusal_raises_one_alarm_and_tickets_go_on(life: Life, caplog: pytest.LogCaptureFixture) -> None:
    life.wire.always = problem(403, problem_type("kioskRevoked"))
    life.record()
    life.live(2000)
    assert life.client.alarm == "kioskRevoked"
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1
    assert 5 <= len(life.posts("batches")) <= 15
    assert life.both.store.issue_ticket_now(order()).label
    life.wire.always = None
    life.live(600)
    assert life.client.alarm is None


@pytest.mark.expects_log("zuil.sync")
def test_a_defect_is_tried_hourly_and_never_deleted(life: Life) -> None:
    life.wire.always = problem(400, "urn:problem-type:belgif:schemaViolation")
    life.record()
    life.live(3 * DEFECT)
    assert len(life.posts("batches")) in (3, 4)
    life.wire.always = None
    life.live(DEFECT + 60)
    assert life.both.acked == life.both.store.position().last_sequence


@pytest.mark.expects_log("zuil.store", "zuil.sync")
def test_a_fork_raises_the_alarm_and_the_new_chain_is_sent(life: Life) -> None:
    life.wire.always = problem(409, problem_type("chainFork"))
    life.record()
    life.live(0.5)
    life.wire.always = None
    assert life.client.alarm == "chainFork"
    life.record()
    life.live(400)
    assert life.both.acked == life.both.store.position().last_sequence >= 1
    assert len(life.both.known.chains) == 1
    assert life.client.alarm == "chainFork", "until somebody enrols the column again"


def test_a_long_backlog_drains_without_waiting(life: Life) -> None:
    for _ in range(350):
        life.record()
    life.live(1)
    assert len(life.posts("batches")) == 4
    assert life.both.acked == 350


def test_the_servers_wish_to_wait_is_heard(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    ack = life.both.server.ack

    def slow(*args: object) -> dict[str, object]:
        members = {**ack(*args), "hints": {"nextAttemptSec": 40, "leasesLow": []}}  # type: ignore[arg-type]
        return life.both.server.key.sign_object("kiosk-ack-v1", members)

    monkeypatch.setattr(life.both.server, "ack", slow)
    for _ in range(150):
        life.record()
    life.live(39)
    assert life.both.acked == 100
    life.live(10)
    assert life.both.acked == 150


def test_housekeeping_is_done_in_time(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[float] = []
    monkeypatch.setattr(life.both.store, "maintain", lambda: done.append(life.pace.now))
    life.live(7300)
    assert len(done) == 3


@pytest.mark.expects_log("zuil.sync")
def test_a_defect_of_ours_does_not_end_the_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real thread: its first tick raises, it says so and goes on."""
    went_on = threading.Event()
    with pair(tmp_path) as both:
        client = SyncClient(both.store, both.identity, "http://o", queues=(), today=lambda: TODAY, transport=both.wire)
        ticks = iter([RuntimeError("invented")])

        def tick() -> float:
            for error in ticks:
                raise error
            went_on.set()
            return 3600.0

        monkeypatch.setattr(client.loop(), "tick", tick)
        monkeypatch.setattr(module, "_LOOK_AGAIN", 0.001)
        client.start()
        assert went_on.wait(20)
        assert client.stop(20)


def test_the_real_thread_sends_what_is_committed_and_ends(tmp_path: Path) -> None:
    online = threading.Event()
    delivered = threading.Event()
    with pair(tmp_path) as both:
        client = SyncClient(
            both.store, both.identity, "http://o", queues=("travel",), today=lambda: TODAY, transport=both.wire
        )
        client.on_change(lambda up: online.set() if up else None)
        honest = both.server.handle

        def handle(url: str, body: bytes) -> Answer:
            answer = honest(url, body)
            if url.endswith("batches"):
                delivered.set()
            return answer

        both.server.handle = handle  # type: ignore[method-assign]
        client.start()
        assert online.wait(20)
        both.record(1)
        assert delivered.wait(20)
        assert client.stop(20)
        assert client.stop(20), "stopping twice is fine"


def test_a_request_cut_off_by_stopping_says_nothing_about_the_way(both: Pair) -> None:
    both.record(1)
    before = both.store.position().last_sequence
    client = SyncClient(both.store, both.identity, "http://o", queues=(), today=lambda: TODAY, transport=both.wire)

    def cut_off(url: str, body: bytes) -> NoAnswer:
        client.loop().stop()
        return NoAnswer(Failure.UNREACHABLE, "closed")

    both.wire.post = cut_off  # type: ignore[method-assign, assignment]
    client.loop().tick()
    assert both.store.position().last_sequence == before, "no event of a network that went"
    client.stop()


def test_a_client_that_never_started_can_be_stopped(both: Pair) -> None:
    client = SyncClient(both.store, both.identity, "http://o", queues=(), today=lambda: TODAY, transport=both.wire)
    assert client.stop()


def test_waking_ends_a_wait() -> None:
    pace = ThreadPace()
    pace.wake()
    pace.wait(3600)
    assert pace.monotonic() > 0


def test_a_pause_never_ends_before_it_was_asked_to() -> None:
    task = Task(0.0, random=Random(1))
    task.failed(10.0, "busy", at_least=50.0)
    task.wish(11.0)
    assert task.due == 60.0
    task.link_is_back(20.0)
    assert (task.due, task.failures) == (20.0, 0)


def test_making_a_client_loads_neither_http_nor_message_models() -> None:
    """The first screen must not wait for them; the thread loads them."""
    program = (
        "import sys; import kiosk.store.store, sync.client.client, sync.client.identity\n"
        "print([name for name in ('requests', 'pydantic', 'alembic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
