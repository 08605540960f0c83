"""Fills a column's store with tickets of former days, as the store itself would have written them, only faster.

Each ticket is a row of `ticket`, its confirmed job and its acknowledged event, chained by hash to the one before. One
thousand a day and queue. Not for: a store that is open.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from kiosk.core.catalogue import Queue
from kiosk.core.events import SERVICE, TICKET_ISSUED
from kiosk.store.timekeeping import to_ms
from sync.client.column import Column
from sync.protocol.canonical import canonical, sha256
from sync.protocol.chain import _DOMAIN

A_DAY = 1000
_ROWS = 5000
_HASTY = ("journal_mode = DELETE", "synchronous = OFF", "cache_size = -200000")
_HOLES = ("id", "subject", "time", "sequence", "hlc", "prevhash", "queueId", "serviceDate", "number", "label", "hash")
_TICKET = "INSERT INTO ticket VALUES (?,?,?,?,?,?,?,NULL,'nl','issued','confirmed',?,?,?,?)"
_JOB = "INSERT INTO job VALUES (?,'print',?,?,'confirmed',1,NULL,NULL)"
_EVENT = "INSERT INTO outbox VALUES (?,?,?,?,?,?,0,'boot','direct','acked')"


@dataclass(frozen=True)
class Head:
    """Where the chain stands after filling."""

    sequence: int
    hash: str


class Filler:
    """Writes tickets to a closed store.

    Args:
        column: whose store it is.
        queues: queues of the contact point; each has its share of every day.
        today: no ticket is of this day or later.
    """

    def __init__(self, column: Column, queues: Sequence[Queue], today: date, seed: int = 1) -> None:
        self._column, self._queues, self._today = column, queues, today
        self._random = Random(seed)
        self._template = _template(column)

    def fill(self, path: Path, count: int) -> Head:
        """Write `count` tickets; returns the new head of the chain, which is acknowledged whole.

        Raises:
            ValueError: when the store has events the back office does not have yet.
        """
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            state = dict(connection.execute("SELECT key, value FROM sync_state"))
            if int(state["acked_sequence"]) + 1 != int(state["next_sequence"]):
                raise ValueError("the store holds events that are not acknowledged")
            connection.executescript(
                "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000"
            )
            head = self._write(connection, state, count)
            connection.execute("PRAGMA journal_mode = WAL")
            return head
        finally:
            connection.close()

    def _write(self, connection: sqlite3.Connection, state: dict[str, str], count: int) -> Head:
        head = Head(int(state["next_sequence"]) - 1, state["head_hash"])
        connection.execute("BEGIN")
        rows = self._rows(head, count)
        while block := list(islice(rows, _ROWS)):
            tickets, jobs, events = zip(*block, strict=True)
            connection.executemany(_TICKET, tickets)
            connection.executemany(_JOB, jobs)
            connection.executemany(_EVENT, events)
            head = Head(int(events[-1][1]), str(events[-1][5]))
        new = {"next_sequence": head.sequence + 1, "head_hash": head.hash}
        acked = {"acked_sequence": head.sequence, "acked_hash": head.hash}
        values = [(str(value), key) for key, value in (new | acked).items()]
        connection.executemany("UPDATE sync_state SET value = ? WHERE key = ?", values)
        connection.execute("COMMIT")
        return head

    def _rows(self, head: Head, count: int) -> Iterator[tuple[tuple[object, ...], ...]]:
        previous, column = head.hash, self._column
        for place, (day, queue, number) in enumerate(islice(self._places(count), count)):
            sequence = head.sequence + 1 + place
            ms = to_ms(datetime(day.year, day.month, day.day, 8, tzinfo=UTC)) + 30_000 * number // len(self._queues)
            ticket, job, label = self._id(ms), self._id(ms), f"{queue.letter}{number:03d}"
            hlc, event = f"{ms:012x}-0000", self._id(ms)
            said = (event, ticket, _text(ms), sequence, hlc, previous, queue.id, day.isoformat(), number, label)
            body, previous = self._template.event(dict(zip(_HOLES, said, strict=False)), previous)
            lease = f"{queue.id}-{day}"
            place_in_chain = (hlc, column.epoch, sequence)
            yield (
                (ticket, column.office_id, queue.id, "filled", day.isoformat(), number, label, *place_in_chain, lease),
                (job, f"print:{ticket}", ticket),
                (column.epoch, sequence, event, TICKET_ISSUED.type, body, previous),
            )

    def _places(self, count: int) -> Iterator[tuple[date, Queue, int]]:
        """Day, queue and number, oldest day first."""
        days = -(-count // (A_DAY * len(self._queues)))
        for back in range(days, 0, -1):
            for number in range(1, A_DAY + 1):
                for queue in self._queues:
                    yield self._today - timedelta(days=back), queue, number

    def _id(self, ms: int) -> str:
        """A UUID version 7, as text."""
        bits = f"{self._random.getrandbits(74):019x}"
        return f"{ms >> 16:08x}-{ms & 0xFFFF:04x}-7{bits[:3]}-8{bits[3:6]}-{bits[6:18]}"


class _Template:
    """One event with holes: canonical JSON once, text formatting for each ticket."""

    def __init__(self, event: dict[str, object]) -> None:
        unhashed = {key: value for key, value in event.items() if key != "hash"}
        self._unhashed, self._whole = _holed(canonical(unhashed)), _holed(canonical(event))

    def event(self, values: dict[str, object], previous: str) -> tuple[bytes, str]:
        """Body and hash of the event with these values."""

        digest = sha256(_DOMAIN + previous.encode() + (self._unhashed % values).encode())
        return (self._whole % (values | {"hash": digest})).encode(), digest


def _holed(body: bytes) -> str:
    """Canonical JSON as a format string: texts `@name@` and the number -7 become holes."""
    text = body.decode().replace("%", "%%").replace('"number":-7', '"number":%(number)s')
    for name in _HOLES:
        text = text.replace(f"@{name}@", f"%({name})s")
    return text


def _template(column: Column) -> _Template:
    event: dict[str, object] = {
        "specversion": "1.0",
        "id": "@id@",
        "source": column.source,
        "service": SERVICE,
        "type": TICKET_ISSUED.type,
        "subject": "@subject@",
        "time": "@time@",
        "datacontenttype": "application/json",
        "dataschema": f"urn:zuil:schema:{TICKET_ISSUED.name}:1",
        "sequence": "@sequence@",
        "sequencetype": "Integer",
        "epoch": column.epoch,
        "hlc": "@hlc@",
        "bootid": "boot",
        "uptimems": 1000,
        "clockstate": "synced",
        "clockerrms": 10,
        "prevhash": "@prevhash@",
        "hash": "@hash@",
        "data": {
            "ticketId": "@subject@",
            "officeId": column.office_id,
            "queueId": "@queueId@",
            "serviceIds": ["filled"],
            "serviceDate": "@serviceDate@",
            "number": -7,
            "label": "@label@",
            "language": "nl",
            "visitorClass": "walkIn",
            "creditSec": 0,
            "leaseId": "@queueId@-@serviceDate@",
        },
    }
    return _Template(event)


def _text(ms: int) -> str:
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
