"""What the running kiosk last wrote down about a device it holds.

Not for: asking the device.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from kiosk.core.events import DEVICE_DEGRADED, DEVICE_RECOVERED, DEVICE_STARTED
from kiosk.doctor.finding import Finding, Row, Unknowable
from kiosk.store.errors import StoreRefused
from kiosk.store.journal_file import JournalFile, StoredEvent

NEXT = "go to the column and look at that device; its driver's page in docs/drivers says what the word means"
_KINDS = {kind.type: kind for kind in (DEVICE_STARTED, DEVICE_DEGRADED, DEVICE_RECOVERED)}


def held_device(row: Row, store: Path, device: str, address: str) -> Finding:
    """The state of one device since the kiosk started.

    Args:
        device: its name in events.

    Raises:
        Unknowable: when the journal cannot be read, or its start is compacted away.
    """
    try:
        with JournalFile(store) as journal:
            events = [event for event in journal.events() if event.event.get("type") in _KINDS]
    except (StoreRefused, sqlite3.DatabaseError) as refused:
        raise Unknowable(f"the kiosk holds the device, and {refused}") from refused
    return _since_start(row, events, device, address)


def _since_start(row: Row, events: list[StoredEvent], device: str, address: str) -> Finding:
    since, reason = None, None
    for event in (each.event for each in events):
        data = event.get("data")
        if event["type"] == DEVICE_STARTED.type:
            since, reason = event.get("time"), None
        elif isinstance(data, dict) and data.get("device") == device:
            reason = data.get("reason")
            since = since or event.get("time")
    if since is None:
        raise Unknowable("the running kiosk holds the device and its journal no longer goes back to its start")
    if reason is None:
        return row.ok(f"{address}: in use by the running kiosk, no trouble since {since}")
    return row.broken(f"{address}: in use by the running kiosk, which says {reason}", NEXT)
