"""`zuil sync`: the sync client in a process of its own, for as long as the column's program is there, again and again.

It may die at any moment: what it brings home is in the column's store, and what it was about to send still is. Not for:
what it does (`sync.client`), or the client inside the kiosk's own program (`kiosk.app`).
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from config.column import ColumnConfig
from kiosk.app import column_clock, sync_client
from kiosk.logs import start_logging
from kiosk.remote_care import retirement_of
from kiosk.service import no_core_dumps, on_stop
from kiosk.snapshots import load_current
from sync.client.door import socket_in
from sync.client.identity import Identity, load_identity
from sync.client.remote import Connection

_KNOCK_S = 0.5
_log = logging.getLogger("zuil.sync")


def run_sync(path: Path | None) -> None:
    """Keep column and back office in step until asked to stop.

    Raises:
        config.problems.ConfigError: when the settings cannot be used.
        sync.client.column.NotEnrolled: when the column never joined a back office.
    """
    no_core_dumps()
    config = load_current(path)
    start_logging(config.settings.log, file="sync.log")
    stopping = threading.Event()
    with on_stop(stopping.set):
        if retirement_of(config) is not None:
            _log.info("the column is out of service for good; nothing to do")
            stopping.wait()
            return
        identity = load_identity(config.settings.column.data / "identity")
        if not config.settings.sync.url:
            _log.info("no address of a back office is set; nothing to do")
            stopping.wait()
        while not stopping.is_set():
            _while_there(config, identity, stopping)
            stopping.wait(_KNOCK_S)


def _while_there(config: ColumnConfig, identity: Identity, stopping: threading.Event) -> None:
    """One connection to the column's program, from its door's opening until one of both ends."""
    try:
        connection = Connection(socket_in(config.settings.column.data))
    except OSError:
        return
    over = threading.Event()
    client = sync_client(config, connection.desk, identity, column_clock(config), connection.desk.devices)
    client.on_change(connection.desk.tell_online)
    connection.start(over.set)
    client.start()
    while not over.is_set() and not stopping.is_set():
        over.wait(_KNOCK_S)
    connection.close()
    client.stop()
