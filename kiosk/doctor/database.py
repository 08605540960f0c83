"""The column's store, read only: whether it is sound, what waits in it for the back office, how many numbers are left.

Works beside the running kiosk (readers never checkpoint). Not for: proving the chain (`zuil journal verify`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

from kiosk.doctor.column import Examined
from kiosk.doctor.finding import Check, Finding, Row, Unknowable
from kiosk.store.errors import NewerSchema, NotAStore, StoreRefused
from kiosk.store.opening import WHOLE_CHECK_BYTES, sqlite_facts
from kiosk.store.store_view import StoreView

KIOSK = Row("kiosk", "kiosk", "whether the kiosk runs now, and when it last wrote")
STORE = Row("database", "database", "the store opens, is of this program's version and SQLite finds it sound")
SQLITE = Row(
    "database.sqlite", "SQLite", "the library is no version that may lose commits when two processes checkpoint"
)
OUTBOX = Row("outbox", "outbox", "the back office took every event of the last day, and takes this column's events")
LEASES = Row("leases", "numbers", "there are numbers for today and tomorrow in every queue of the contact point")

LATE = timedelta(days=1)
FEW = 20
_RESTORE = "stop the kiosk and start it again: it moves a damaged store aside and saves what it can (docs/store.md)"
_LOOK_AT_NETWORK = "see the lines about the network"


def _database(column: Examined) -> Iterator[Finding]:
    yield SQLITE.ok(f"{sqlite_facts().version}{_one_checkpointer()}")
    if not column.store.is_file():
        yield from _none_yet(column)
        return
    try:
        with StoreView(column.store, still=column.running is False) as view:
            sound = _sound(column, view)
            yield sound
            if not sound.wrong:
                yield _kiosk(column, view)
                yield _outbox(column, view)
                yield from _leases(column, view)
    except (NewerSchema, NotAStore) as refused:
        yield STORE.broken(str(refused), "name the right folder under column.data, or install the newer program")
    except StoreRefused as refused:
        yield STORE.broken(str(refused), _RESTORE)
    except sqlite3.OperationalError as error:
        raise Unknowable(f"the store is busy ({error})") from error


def _one_checkpointer() -> str:
    return ", harmless here: only one connection ever checkpoints" if sqlite_facts().affected else ""


def _none_yet(column: Examined) -> Iterator[Finding]:
    yield KIOSK.attention("it never ran with these settings", "start it: `systemctl start zuil` or `zuil run`")
    yield STORE.ok(f"{column.store} is made at the first start")


def _kiosk(column: Examined, view: StoreView) -> Finding:
    last = view.last_moment()
    wrote = f"it last wrote at {last:%d.%m.%Y %H:%M:%S}" if last else "it wrote nothing yet"
    if column.running is None:
        return KIOSK.unknown(f"the kernel does not tell who holds the store; {wrote}")
    if column.running:
        return KIOSK.ok(f"running; {wrote}")
    return KIOSK.ok(f"not running; {wrote}")


def _sound(column: Examined, view: StoreView) -> Finding:
    whole = column.store.stat().st_size <= WHOLE_CHECK_BYTES
    wrong = view.trouble(whole=whole)
    found = f"{column.store}, schema {view.version}, sound" + ("" if whole else " as far as looked at: it is large")
    return STORE.either(wrong is None, found, f"{column.store}: {wrong}", _RESTORE)


def _outbox(column: Examined, view: StoreView) -> Finding:
    if not column.config.settings.sync.url:
        return OUTBOX.ok("there is no back office; events stay here")
    waiting = view.waiting()
    if waiting.stopped:
        return OUTBOX.broken(
            f"the back office takes no more of this column: {waiting.stopped}", "ask the back office; enrol again"
        )
    if waiting.oldest and column.now() - waiting.oldest > LATE:
        since = f"{waiting.oldest:%d.%m.%Y %H:%M}"
        return OUTBOX.attention(f"{waiting.count} events wait since {since}", _LOOK_AT_NETWORK)
    return OUTBOX.ok(f"{waiting.count} events wait")


def _leases(column: Examined, view: StoreView) -> Iterator[Finding]:
    if not column.config.settings.sync.url:
        yield LEASES.ok("without a back office every number is the column's own")
        return
    today = column.now().date()
    queues = column.config.here.queues
    left = view.numbers(today, column.now())
    short = [f"{queue} {left.get((queue, today), 0)}" for queue in queues if left.get((queue, today), 0) < FEW]
    if not queues:
        yield LEASES.ok("this contact point has no queues")
    elif short:
        yield LEASES.attention(
            f"few for today: {', '.join(short)}; after that, numbers end in the column's own letters", _LOOK_AT_NETWORK
        )
    elif bare := [queue for queue in queues if not left.get((queue, today + timedelta(days=1)))]:
        yield LEASES.attention(f"none for tomorrow: {', '.join(bare)}", _LOOK_AT_NETWORK)
    else:
        yield LEASES.ok(", ".join(f"{queue} {left[queue, today]}" for queue in queues))


CHECKS: tuple[Check[Examined], ...] = (Check((SQLITE, STORE, KIOSK, OUTBOX, LEASES), _database, 20),)
