"""How many events a second the back office takes in: real server process, real HTTP, signed 100-event batches.

`measure` is called by the benchmarks and may be run by hand: `python -m tests.backoffice.load [URL]`. Batches are made
before the clock starts, so that the client's part is only HTTP and reading the answer. Not a test.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from sync.backoffice.app import create_app
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.server import BackOfficeServer, tune_process
from tests.backoffice.column import Column
from tests.backoffice.sites import SITE

BATCH = 100
_SECONDS = 60


def measure(database_url: str, kiosks: int = 4, batches: int = 100) -> float:
    """Events a second into a fresh database at `database_url`.

    Args:
        kiosks: columns that send at the same time.
        batches: batches of 100 events each of them sends.
    """
    with _server(database_url, kiosks) as (port, codes):
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            bodies = [_prepare(client, code, batches) for code in codes]
        senders = [threading.Thread(target=_send, args=(port, lot)) for lot in bodies]
        began = time.perf_counter()
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        return kiosks * batches * BATCH / (time.perf_counter() - began)


def _prepare(client: httpx.Client, code: str, batches: int) -> list[bytes]:
    """Visits as they are: somebody begins, gets a ticket, the paper comes out, the visit ends."""
    column = Column.join(client, code, time.time_ns() // 1_000_000)
    ordinal = int(str(column.receipt["kioskOrdinal"]))
    for visit in range(batches * BATCH // 4):
        column.clock_ms += 1000
        column.record("interactions.started", column.source, {"visitId": column.source, "language": "nl"})
        ticket = column.issue(visit + 1, label=f"A{visit + 1:05d}-K{ordinal}", suffix=f"K{ordinal}")
        column.record("tickets.printed", ticket, {"ticketId": ticket, "jobId": ticket})
        column.record("interactions.ended", column.source, {"visitId": column.source, "outcome": "done"})
    starts = range(1, len(column.events) + 1, BATCH)
    return [json.dumps(column.batch(first, first + BATCH - 1)).encode() for first in starts]


def _send(port: int, bodies: list[bytes]) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        for body in bodies:
            connection.request("POST", "/kiosk/v1/batches", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            told = json.loads(answer.read())
            if answer.status != 200 or told["deadLettered"]:
                raise RuntimeError(f"batch refused: {told}")
    finally:
        connection.close()


@contextmanager
def _server(database_url: str, kiosks: int) -> Iterator[tuple[int, list[str]]]:
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_run_server, args=(database_url, kiosks, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(_SECONDS):
            raise TimeoutError("the server did not start")
        yield ours.recv()
    finally:
        ours.close()
        process.join(_SECONDS)


def _run_server(database_url: str, kiosks: int, pipe: Connection) -> None:
    app = create_app(database_url, SITE)
    tune_process()
    codes = [new_enrolment_code(app.state.office, "hall") for _ in range(kiosks)]
    with BackOfficeServer(app) as server:
        pipe.send((server.port, codes))
        try:
            pipe.recv()
        except EOFError:
            return


def main() -> None:
    """Print the figure for the URL given, or for a SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'load.db'}"
        print(f"{measure(url):.0f} events/s")


if __name__ == "__main__":
    main()
