"""Reads what devices, disk and back office hold: one half of what the judge compares. Not a test.

Not for: what it means (`judge`).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import httpx
from sqlalchemy import Row, Select, func, select, text

from kiosk.core.payment_saga import UNDECIDED, PaymentState
from kiosk.store import schema
from kiosk.store.journal_file import JournalFile
from sync.backoffice import schema as office
from tests.faults.judge import OWED, Claims, Records
from tests.faults.stand import Stand

CROSSED_OUT = "X X X X X X"
"""On the beginning of a ticket that was given up and is taken away before the next."""
DRAIN_S = 8.0
ASKING = 400
"""Seconds of the column's time in which everything that can still be found out about a payment is found out."""
T = TypeVar("T", bound=tuple[object, ...])
_RESTLESS = UNDECIDED | {PaymentState.SETTLED, PaymentState.UNDELIVERED, PaymentState.REVERSING}


@dataclass(frozen=True)
class Mark:
    """How far everything was at the start of a cell."""

    paper: int
    sheets: int
    booked: int
    payments: int
    attests: int
    tickets: int
    hosts: int
    dead: int
    requests: int


def mark(stand: Stand) -> Mark:
    """Now."""
    return Mark(
        stand.paper,
        len(stand.attests.printer.sheets),
        stand.attests.terminal.ledger.balance_cents,
        len(_rows(stand, select(schema.payment.c.payment_id))),
        len(_rows(stand, select(schema.attest.c.attest_id))),
        len(_rows(stand, select(schema.ticket.c.ticket_id))),
        stand.world.host_calls(),
        _dead(stand),
        _requests(stand),
    )


async def drained(stand: Stand) -> int:
    """Wait until nothing more is to be expected: papers, events, what became of a payment.

    Returns:
        How many events the back office does not get.
    """
    await asyncio.to_thread(stand.world.printer.settle)
    await asyncio.to_thread(stand.attests.printer.settle, 1.0)
    await _handed_over(stand)
    asked = 0
    while asked < ASKING and any(state in _RESTLESS for _, state in _payments(stand)):
        if all(state in {PaymentState.CASE, PaymentState.SPENT, *OWED} for _, state in _payments(stand)):
            asked += 20
        asked += 1
        await stand.turn(1.0)
    return await _handed_over(stand)


async def _handed_over(stand: Stand) -> int:
    limit = time.monotonic() + DRAIN_S
    pending = _pending(stand)
    while time.monotonic() < limit and (pending or _open_prints(stand)):
        await stand.turn(0.1)
        pending = _pending(stand)
    return pending


def records(stand: Stand, since: Mark, said: Claims, pending: int) -> Records:
    """Everything since the mark; `pending` is what `drained` returned."""
    attests = _rows(stand, select(schema.attest.c.number, schema.attest.c.state).order_by(text("rowid")))
    with JournalFile(stand.file) as journal:
        broken = tuple(str(verdict.broken) for verdict in journal.verify() if verdict.broken)
        issued = journal.labels()
    broken += tuple(f"{ticket} is {times} times on the disk" for ticket, times in Counter(issued).items() if times > 1)
    return Records(
        papers=tuple(paper.text for paper in stand.papers(since.paper) if CROSSED_OUT not in paper.text),
        sheets=tuple(sheet.title for sheet in stand.attests.printer.sheets[since.sheets :]),
        booked=stand.attests.terminal.ledger.balance_cents - since.booked,
        payments=tuple(_payments(stand)[since.payments :]),
        tickets=tuple(label for *_, label in issued[since.tickets :]),
        attests={str(number): str(state) for number, state in attests[since.attests :]},
        open_prints=_open_prints(stand),
        broken=broken,
        pending=pending,
        dead=tuple(_aside(stand)[since.dead :]),
        hosts=stand.world.host_calls() - since.hosts,
        requests=_requests(stand) - since.requests,
        fetched=bool(said.address) and _fetched(said.address),
    )


def _fetched(address: str) -> bool:
    """Whether the file behind a code is there; it can be fetched once."""
    page = address.partition("#")[0].partition("?")[0]
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"{page}/content", timeout=10).status_code == 200
    return False


def _rows(stand: Stand, query: Select[T]) -> Sequence[Row[T]]:
    return stand.kiosk.store._writer.run(lambda connection: connection.execute(query).all())


def _payments(stand: Stand) -> list[tuple[int, PaymentState]]:
    table = schema.payment.c
    found = _rows(stand, select(table.amount_cents, table.state).order_by(text("rowid")))
    return [(int(amount), PaymentState(state)) for amount, state in found]


def _open_prints(stand: Stand) -> int:
    return len(_rows(stand, select(schema.job.c.job_id).where(text("state IN ('queued', 'sent')"))))


def _pending(stand: Stand) -> int:
    return len(_rows(stand, select(schema.outbox.c.sequence).where(schema.outbox.c.state == "pending")))


def _dead(stand: Stand) -> int:
    return len(_aside(stand))


def _aside(stand: Stand) -> list[str]:
    """Why the back office put events aside."""
    letters = office.dead_letter.c
    with stand.world.office.database.read() as connection:
        rows = connection.execute(select(letters.problem, letters.detail)).all()
    return [f"{row.problem}: {row.detail}" for row in rows]


def _requests(stand: Stand) -> int:
    with stand.world.office.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(office.attest_request)).scalar_one())
