"""The sync client as a process of its own: it may die, hang or talk nonsense, and the column goes on."""

from __future__ import annotations

import inspect
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kiosk.clock import SystemClock
from kiosk.core.events import VISIT_STARTED
from kiosk.demo.world import World
from kiosk.store.store import KioskStore, open_store
from sync.backoffice import schema
from sync.client.client import SyncClient
from sync.client.door import SyncDoor, socket_in
from sync.client.identity import load_identity
from sync.client.ports import AckOutcome, Grant, QueueNews, StoreGone, SyncStore
from sync.client.relay import LONGEST_LINE, calls, encode
from sync.client.remote import Connection, RemoteFailed
from sync.protocol.batch import MAX_BYTES
from tests.store.columns import START, TODAY
from tests.sync_client.pairs import Pair, pair
from tests.terminal.test_command import zuil

PATIENCE_S = 30


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Pair]:
    """A column and its back office."""
    with pair(tmp_path) as made:
        yield made


@pytest.fixture
def door(both: Pair) -> Iterator[SyncDoor]:
    """The door of that column, open."""
    made = SyncDoor(both.store, socket_in(both.path.parent), lambda: {"printer": "ready"})
    made.start()
    yield made
    made.stop()


@contextmanager
def visiting(both: Pair, lost: Callable[[], None] = lambda: None) -> Iterator[Connection]:
    """A connection as the sync process has it."""
    connection = Connection(socket_in(both.path.parent))
    connection.start(lost)
    try:
        yield connection
    finally:
        connection.close()


def until(true: Callable[[], bool]) -> None:
    """Wait until something is true; the test's own time limit ends it."""
    while not true():
        time.sleep(0.01)


def test_every_call_of_the_port_passes(both: Pair, door: SyncDoor) -> None:
    ours = {name for name in dir(SyncStore) if not name.startswith("_")}
    assert ours | {"devices", "tell_online"} == set(calls()) | {"on_commit"}
    for name, call in calls().items():
        member = inspect.getattr_static(KioskStore, name, None)
        assert call.reads == (isinstance(member, property) or name == "column"), name


def test_what_passes_is_what_the_store_says(both: Pair, door: SyncDoor) -> None:
    both.record(3)
    store = both.store
    grant = Grant("l1", 1, "travel", TODAY, "working", 1, 5, START + timedelta(days=1), "sig")
    with visiting(both) as connection:
        desk = connection.desk
        assert desk.column == store.column
        assert desk.sqlite == store.sqlite
        assert desk.position() == store.position()
        batch = store.next_batch(10, 100_000)
        assert desk.next_batch(10, 100_000) == batch
        assert batch is not None
        assert desk.add_grants([grant]) == 1
        assert desk.stock(["travel"], TODAY) == store.stock(["travel"], TODAY)
        desk.queue_news([QueueNews("travel", 3, 1.5, 1, 3)])
        desk.anchor_time(START, 20)
        assert desk.now() == store.now()
        assert dict(desk.devices()) == {"printer": "ready"}
        desk.maintain()
        assert desk.acknowledge(1, 3, both.hash_at(3)) is AckOutcome.ADVANCED
        assert desk.next_batch(10, 100_000) is None
    assert both.acked == 3


def test_a_commit_is_told_at_once_also_while_an_answer_is_on_its_way(both: Pair, door: SyncDoor) -> None:
    told = threading.Semaphore(0)
    with visiting(both) as connection:
        connection.desk.on_commit(lambda: told.release())
        connection.desk.position()
        both.record(1)
        assert told.acquire(timeout=PATIENCE_S)
        with door._sending:
            both.record(1)
            assert not told.acquire(timeout=0.05), "nobody may write into the middle of an answer"
        connection.desk.position()
        assert told.acquire(timeout=PATIENCE_S)


def test_events_arrive_through_the_door_and_the_column_is_told_that_it_is_online(both: Pair, door: SyncDoor) -> None:
    with visiting(both) as connection:
        client = SyncClient(
            connection.desk, both.identity, "http://o", queues=("travel",), today=lambda: TODAY, transport=both.wire
        )
        client.on_change(connection.desk.tell_online)
        client.start()
        both.record(5)
        until(lambda: both.acked == 5 and door.online)
        assert client.stop()
    until(lambda: not door.online)


def test_a_call_the_store_refuses_is_told_and_the_door_stays_open(both: Pair, door: SyncDoor) -> None:
    with visiting(both) as connection:
        both.store.maintain = lambda: 1 / 0  # type: ignore[method-assign,assignment,return-value]
        with pytest.raises(RemoteFailed, match="maintain: ZeroDivisionError"):
            connection.desk.maintain()
        assert connection.desk.position() == both.store.position()


def test_when_the_column_goes_the_sync_process_is_told_and_waits_for_nothing(both: Pair, door: SyncDoor) -> None:
    lost = threading.Event()
    with visiting(both, lost.set) as connection:
        connection.desk.position()
        door.stop()
        assert lost.wait(PATIENCE_S)
        with pytest.raises(StoreGone):
            connection.desk.position()


@pytest.mark.expects_log("zuil.sync")
@pytest.mark.parametrize(
    "nonsense",
    [
        b"hello\n",
        b"[1]\n",
        b'{"call":"close","with":[]}\n',
        b'{"call":"_writer","with":[]}\n',
        b'{"call":"acknowledge","with":["one",2]}\n',
        b'{"call":"position"}\n',
        b"no end",
    ],
)
def test_nonsense_shuts_the_door_for_this_guest_only(nonsense: bytes, both: Pair, door: SyncDoor) -> None:
    with socket.socket(socket.AF_UNIX) as guest:
        guest.connect(str(socket_in(both.path.parent)))
        guest.sendall(nonsense)
        guest.shutdown(socket.SHUT_WR)
        guest.settimeout(PATIENCE_S)
        assert guest.recv(1) == b""
    both.record(1)
    with visiting(both) as connection:
        assert connection.desk.position().last_sequence == 1


def test_a_guest_that_hangs_holds_nobody_up(both: Pair, door: SyncDoor) -> None:
    """It asks and never reads: the store's thread must not wait for it, and shutting the door must not either."""
    both.record(200)
    with socket.socket(socket.AF_UNIX) as guest:
        guest.connect(str(socket_in(both.path.parent)))
        guest.sendall(encode(calls()["next_batch"], (1000, MAX_BYTES)) * 50)
        until(lambda: door._guest is not None and door._sending.locked())
        both.record(50)
        assert both.store.position().last_sequence == 250
        door.stop()


def test_the_socket_is_for_the_column_s_own_user_and_no_other_thread_s_files_are_touched(
    both: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    masks: list[int] = []
    monkeypatch.setattr(os, "umask", masks.append)
    door = SyncDoor(both.store, socket_in(both.path.parent))
    door.start()
    door.stop()
    assert masks == [], "a umask holds for the whole process: folders other threads make meanwhile would be shut"


def test_the_socket_s_mode(both: Pair, door: SyncDoor) -> None:
    assert socket_in(both.path.parent).stat().st_mode & 0o777 == 0o600


def test_a_line_has_room_for_the_largest_batch() -> None:
    assert MAX_BYTES * 4 / 3 + 10_000 < LONGEST_LINE


def events_at_home(world: World) -> int:
    """How many events the back office holds."""
    with world.office.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.event)).scalar_one())


@contextmanager
def zuil_sync(settings: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The real `zuil sync`."""
    command = [sys.executable, "-m", "kiosk.cli", "sync", "--config", str(settings)]
    child = subprocess.Popen(command)
    try:
        yield child
    finally:
        child.send_signal(signal.SIGCONT)
        child.kill()
        child.wait()


def test_killed_or_hanging_it_holds_nothing_up_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """The real process beside the store of a real column, with a real back office."""
    with World(tmp_path / "world") as world:
        settings = world.column("districtshuis")
        data, clock = settings.parent, SystemClock(world.site.timezone)
        store = open_store(data / "kiosk.db", load_identity(data / "identity").column, clock, ballast_bytes=0)
        door = SyncDoor(store, socket_in(data))
        door.start()
        try:
            for how in (signal.SIGKILL, signal.SIGSTOP):
                with zuil_sync(settings) as child:
                    until(lambda: door.online)
                    child.send_signal(how)
                    for number in range(20):
                        store.record_now(VISIT_STARTED, {"visitId": f"v{how}-{number}", "language": "nl"})
            with zuil_sync(settings) as child:
                until(lambda: store.position().acked_sequence == store.position().last_sequence)
                child.send_signal(signal.SIGTERM)
                assert child.wait(PATIENCE_S) == 0, "asked to stop, it stops in order"
            assert events_at_home(world) == store.position().last_sequence
        finally:
            door.stop()
            store.close()


@pytest.mark.parametrize("deep", [False, True])
def test_a_column_without_its_sync_process_gives_out_numbers(deep: bool, tmp_path: Path) -> None:
    """The whole column with `apart = true` and nobody at the door: offline, and everything else as ever."""
    with World(tmp_path / "world", open_now="districtshuis") as world:
        settings = world.column("districtshuis")
        settings.write_text(settings.read_text().replace("[sync]", "[sync]\napart = true"))
        # Longer than the path of a socket may be: nobody can be let in, and that is no reason not to serve.
        if deep:
            data = tmp_path / ("deep" * 30)
            shutil.copytree(settings.parent, data)
            settings.write_text(settings.read_text().replace(str(settings.parent), str(data)))
        visit = zuil("run", "--text", "--config", str(settings), typed="1\n2\n1\n1\n1\n")
        assert visit.returncode == 0, visit.stderr
        assert len(world.papers()) == 1
