"""What every test gets: no unexpected log warnings, no thread or socket left behind, no card reader of this machine."""

from __future__ import annotations

import gc
import logging
import os
import threading
from collections.abc import Iterator

import psutil
import pytest
from _pytest.nodeid import coerce_node_id

from tests.peers.pcscd import THIS_PROCESS, socket_in

# The client library of pcscd looks once where its socket is: a place of this process, where only a test's own pcscd
# ever listens, and never that of the machine.
os.environ["PCSCLITE_CSOCK_NAME"] = str(socket_in(THIS_PROCESS))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep a group of tests on one worker: pytest-xdist 3.8 writes it where pytest 9.2 no longer looks."""
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        for mark in item.iter_markers("xdist_group"):
            item._id = coerce_node_id(f"{item.nodeid}@{mark.args[0]}")  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def fail_on_unexpected_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning nobody announced with `expects_log` fails its test."""
    caplog.set_level(logging.DEBUG, logger="zuil")
    marker = request.node.get_closest_marker("expects_log")
    allowed: tuple[str, ...] = marker.args if marker else ()
    yield
    records = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    loud = [r for r in records if r.levelno >= logging.WARNING and not r.name.startswith(allowed or ("\0",))]
    assert not loud, "unexpected log records: " + "; ".join(f"{r.name}: {r.getMessage()}" for r in loud)


@pytest.fixture(autouse=True)
def fail_on_leftovers() -> Iterator[None]:
    """A thread or listening socket still alive after a test fails it."""
    threads_before = set(threading.enumerate())
    sockets_before = _listening()
    yield
    left = [t for t in set(threading.enumerate()) - threads_before if not _ends(t)]
    assert not left, f"threads left alive: {[t.name for t in left]}"
    gc.collect()
    # What outlives its test (modules, caches) is looked through once, and not again after each of the tests to come.
    gc.freeze()
    assert not _listening() - sockets_before, "listening sockets left open"


def _ends(thread: threading.Thread) -> bool:
    thread.join(timeout=2)
    return not thread.is_alive()


def _listening() -> set[tuple[str, int]]:
    connections = psutil.Process().net_connections(kind="inet")
    return {(c.laddr.ip, c.laddr.port) for c in connections if c.status == psutil.CONN_LISTEN}
