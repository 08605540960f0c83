"""Figures of a full journal: the same ticket with a million tickets on disk and with none. Not for: how it got full
(`fill`)."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import delete, insert

from kiosk.app import column_clock
from kiosk.core.tickets import TicketOrder
from kiosk.store.store import KioskStore, open_store
from sync.backoffice import schema
from tests.bench.column import Rig, Seen, rig
from tests.bench.figures import Figure, Goal, Judged, percentile, shown
from tests.bench.fill import Filler, Head
from tests.bench.screens import ticket_parts

_LIMIT_S = 120


def full_journal(folder: Path, tickets: int, touches: int, calls: int) -> list[Figure]:
    """Ratio full to empty, of the store alone and of the whole way from tap to bytes.

    Args:
        tickets: already in the journal.
        touches: tickets by real taps, each way.
        calls: tickets by calls of the store, each way.
    """
    with rig(folder) as empty, rig(folder) as full:
        began = time.perf_counter()
        fill(full, tickets)
        filled = time.perf_counter() - began
        bare = _store_alone(empty, full, calls)
        before = empty.run("tickets", touches, brisk=True, limit_s=_LIMIT_S)
        after = full.run("tickets", touches, brisk=True, limit_s=_LIMIT_S)
        size = full.store.stat().st_size / 2**20
    about = f"{tickets:,} tickets, {size:,.0f} MiB on disk, written in {filled:.0f} s"
    return [_bare(bare, tickets, about), _whole(before, after, tickets, about)]


def fill(column: Rig, tickets: int) -> Head:
    """Fill a column's store, and let the back office believe that it has all of it."""
    here = column.config.here.queues
    queues = [queue for queue in column.config.site.queues if queue.id in here]
    today = column_clock(column.config).now().date()
    head = Filler(column.identity.column, queues, today).fill(column.store, tickets)
    place = {"kiosk_id": column.identity.column.kiosk_id, "epoch": column.identity.column.epoch}
    chain = schema.chain
    with column.world.office.database.write() as connection:
        # The row is only there once the column has sent something; without it the column is asked for everything again.
        connection.execute(delete(chain).where(*(chain.c[name] == value for name, value in place.items())))
        known = {"acked_sequence": head.sequence, "acked_hash": head.hash, "provisional": False, "begun_ms": 0}
        connection.execute(insert(chain).values(place | known))
    return head


def _store_alone(empty: Rig, full: Rig, calls: int) -> tuple[list[float], list[float]]:
    """Seconds of each call, full and empty in turn, so that both meet the same moments of the machine."""
    stores = [_open(column) for column in (empty, full)]
    taken: tuple[list[float], list[float]] = ([], [])
    try:
        for _ in range(calls):
            for store, column, times in zip(stores, (empty, full), taken, strict=True):
                order = _order(column)
                began = time.perf_counter()
                store.issue_ticket_now(order)
                times.append(time.perf_counter() - began)
    finally:
        for store in stores:
            store.close()
    return taken


def _open(column: Rig) -> KioskStore:
    return open_store(column.store, column.identity.column, column_clock(column.config))


def _order(column: Rig) -> TicketOrder:
    queue = next(queue for queue in column.config.site.queues if queue.id in column.config.here.queues)
    return TicketOrder(queue.id, queue.letter, "passport", column_clock(column.config).now().date(), "nl")


def _bare(bare: tuple[list[float], list[float]], tickets: int, about: str) -> Figure:
    empty, full = bare
    parts = (
        ("empty", shown(1000 * percentile(empty, 0.5), "ms")),
        ("full", shown(1000 * percentile(full, 0.5), "ms")),
        ("95 of 100 empty", shown(1000 * percentile(empty, 0.95), "ms")),
        ("95 of 100 full", shown(1000 * percentile(full, 0.95), "ms")),
    )
    how = f"median of `issue_ticket` on a full store over an empty one, called in turn, n = {len(full)} each; {about}"
    ratio = percentile(full, 0.5) / percentile(empty, 0.5)
    return Figure(f"store alone, {tickets:,} tickets / none", "×", (ratio,), how, Goal(1.2, Judged.MEDIAN), parts)


def _whole(before: Seen, after: Seen, tickets: int, about: str) -> Figure:
    left = [[ticket["left"] for ticket in seen.tickets] for seen in (before, after)]
    ratio = percentile(left[1], 0.5) / percentile(left[0], 0.5)
    parts = tuple(
        (f"{what}, {which}", value)
        for which, seen in (("empty", before), ("full", after))
        for what, value in ticket_parts(seen)
    )
    how = f"median of tap → bytes by real taps, full journal over empty one, n = {len(left[1])} each; {about}"
    name = f"tap → bytes, {tickets:,} tickets / none"
    return Figure(name, "×", (ratio,), how, Goal(1.2, Judged.MEDIAN), parts)
