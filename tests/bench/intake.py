"""Figures of the back office: events a second it takes in, on SQLite and PostgreSQL. The load itself:
`tests.backoffice.load`. Not for: pages."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.backoffice.load import measure
from tests.backoffice.postgres import cluster
from tests.bench.figures import Figure, Goal, Judged

_HOW = (
    "four columns send signed batches of 100 events over HTTP to a server process on this machine, {database}; "
    "signature, chain and projection included; senders and server share the cores"
)


def sqlite_intake(folder: Path, times: int, batches: int) -> list[Figure]:
    """Into a SQLite file in `folder`."""
    rates = []
    for _ in range(times):
        with tempfile.TemporaryDirectory(dir=folder) as name:
            rates.append(measure(f"sqlite:///{Path(name).resolve() / 'load.db'}", batches=batches))
    how = _HOW.format(database="SQLite with its flushing")
    return [Figure("events into the back office, SQLite", "/s", tuple(rates), how, Goal(12_000, Judged.MEDIAN, True))]


def postgres_intake(_folder: Path, times: int, batches: int) -> list[Figure]:
    """Into a fresh PostgreSQL database with its own flushing."""
    with cluster(durable=True) as server:
        rates = tuple(measure(server.fresh(), batches=batches) for _ in range(times))
    how = _HOW.format(database="PostgreSQL as Debian sets it up, with its flushing, a third process")
    return [Figure("events into the back office, PostgreSQL", "/s", rates, how, Goal(15_000, Judged.MEDIAN, True))]
