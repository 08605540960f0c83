"""What a counter page and the waiting-room display show: who waits, who was called, how the columns are.

Only reading; every answer is of one moment. Not for: words and layout (`pages`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, func, literal_column, select, update

from sync.backoffice import schema
from sync.backoffice.core import BackOffice
from sync.backoffice.kiosks import kiosks_of
from sync.backoffice.site import OfficeInfo

SHOWN_CALLS = 5
_LATE_MS = 120_000
"""A ticket that reached us later than this after it was made is marked: the column was cut off."""


@dataclass(frozen=True)
class TicketCard:
    """One ticket as staff see it.

    Attributes:
        waited_min: minutes since it was made (until it was called, when it was).
        paper: `confirmed`, `queued`, `unknown` or `failed`.
        late: it arrived late, from a column that was cut off.
    """

    id: str
    label: str
    queue_id: str
    service_id: str
    language: str
    waited_min: int
    paper: str
    late: bool


@dataclass(frozen=True)
class QueueCard:
    """One queue with everybody who waits, first to be called first."""

    queue_id: str
    waiting: tuple[TicketCard, ...]


@dataclass(frozen=True)
class ColumnCard:
    """One column of the office.

    Attributes:
        offline_min: minutes since it was last heard of, None when it is connected.
        problems: device to reason.
        quarantined: its chain forked.
    """

    ordinal: int
    suffix: str
    offline_min: int | None
    problems: tuple[tuple[str, str], ...]
    quarantined: bool


@dataclass(frozen=True)
class HostCall:
    """Somebody at a column asks for a person."""

    id: str
    column: int
    page: str
    waited_min: int


@dataclass(frozen=True)
class Call:
    """One call as the display shows it; `id` counts up."""

    id: int
    label: str
    counter: str
    queue_id: str


def queue_cards(office: BackOffice, connection: Connection, info: OfficeInfo) -> tuple[QueueCard, ...]:
    """Everybody who waits, by queue, in calling order."""
    table, now = schema.ticket, office.clock()
    rows = connection.execute(
        select(table)
        .where(
            table.c.organisation_id == office.site.id,
            table.c.office_id == info.id,
            table.c.state == literal_column("'waiting'"),
            table.c.service_date == office.today().isoformat(),
        )
        .order_by(table.c.rank, table.c.kiosk_ordinal, table.c.sequence)
    )
    waiting: dict[str, list[TicketCard]] = {queue.id: [] for queue in info.queues}
    for row in rows:
        card = TicketCard(
            id=row.id,
            label=row.label,
            queue_id=row.queue_id,
            service_id=row.service_id,
            language=row.language,
            waited_min=_minutes(now - row.issued_ms),
            paper=row.print_state,
            late=row.late_ms > _LATE_MS,
        )
        waiting.setdefault(row.queue_id, []).append(card)
    return tuple(QueueCard(queue.id, tuple(waiting[queue.id])) for queue in info.queues)


def ticket_card(office: BackOffice, connection: Connection, ticket_id: str) -> TicketCard | None:
    """One ticket of any state."""
    table = schema.ticket
    row = connection.execute(
        select(table).where(table.c.id == ticket_id, table.c.organisation_id == office.site.id)
    ).first()
    if row is None:
        return None
    return TicketCard(
        id=row.id,
        label=row.label,
        queue_id=row.queue_id,
        service_id=row.service_id,
        language=row.language,
        waited_min=_minutes((row.called_ms or office.clock()) - row.issued_ms),
        paper=row.print_state,
        late=row.late_ms > _LATE_MS,
    )


def column_cards(office: BackOffice, connection: Connection, office_id: str) -> tuple[ColumnCard, ...]:
    """The columns of an office and what is wrong with them."""
    now, device = office.clock(), schema.kiosk_device
    cards = []
    for kiosk in kiosks_of(connection, office.site.id, office_id):
        found = connection.execute(
            select(device.c.device, device.c.reason).where(device.c.kiosk_id == kiosk.id).order_by(device.c.device)
        )
        silent = now - kiosk.last_seen_ms
        offline = silent > office.settings.offline_after_sec * 1000
        problems = tuple((str(name), str(reason)) for name, reason in found)
        cards.append(
            ColumnCard(kiosk.ordinal, kiosk.suffix, _minutes(silent) if offline else None, problems, kiosk.quarantined)
        )
    return tuple(cards)


def host_calls(office: BackOffice, connection: Connection, office_id: str) -> tuple[HostCall, ...]:
    """Calls for a host nobody answered yet, oldest first."""
    table, kiosk = schema.host_call, schema.kiosk
    rows = connection.execute(
        select(table.c.id, kiosk.c.ordinal, table.c.page, table.c.at_ms)
        .join_from(table, kiosk, table.c.kiosk_id == kiosk.c.id)
        .where(
            table.c.organisation_id == office.site.id,
            table.c.office_id == office_id,
            table.c.acknowledged_ms.is_(None),
        )
        .order_by(table.c.at_ms)
    )
    now = office.clock()
    return tuple(HostCall(row.id, row.ordinal, row.page, _minutes(now - row.at_ms)) for row in rows)


def acknowledge_host_call(office: BackOffice, office_id: str, call_id: str, staff_id: str) -> bool:
    """Somebody goes there; False when there is no such open call in this office."""
    table = schema.host_call
    with office.database.write() as connection:
        done = connection.execute(
            update(table)
            .where(
                table.c.id == call_id,
                table.c.organisation_id == office.site.id,
                table.c.office_id == office_id,
                table.c.acknowledged_ms.is_(None),
            )
            .values(acknowledged_ms=office.clock(), acknowledged_by=staff_id)
        )
    office.live.changed(office_id)
    return done.rowcount == 1


def set_aside_count(office: BackOffice, connection: Connection, office_id: str) -> int:
    """How many events of this office's columns could not be used."""
    dead, kiosk = schema.dead_letter, schema.kiosk
    return int(
        connection.execute(
            select(func.count())
            .select_from(dead.join(kiosk, dead.c.kiosk_id == kiosk.c.id))
            .where(dead.c.organisation_id == office.site.id, kiosk.c.office_id == office_id)
        ).scalar_one()
    )


def last_calls(office: BackOffice, connection: Connection, office_id: str) -> tuple[Call, ...]:
    """The newest calls of today, newest first, each ticket once."""
    move, table = schema.visit_transition, schema.ticket
    newest = (
        select(func.max(move.c.id).label("id"))
        .join_from(move, table, move.c.ticket_id == table.c.id)
        .where(
            move.c.organisation_id == office.site.id,
            move.c.office_id == office_id,
            move.c.to_state == "called",
            move.c.at_ms >= office.day_end_ms(office.today() - timedelta(days=1)),
            table.c.service_date == office.today().isoformat(),
        )
        .group_by(move.c.ticket_id)
        .order_by(func.max(move.c.id).desc())
        .limit(SHOWN_CALLS)
        .subquery()
    )
    rows = connection.execute(
        select(move.c.id, table.c.label, move.c.counter, table.c.queue_id)
        .join_from(newest, move, newest.c.id == move.c.id)
        .join(table, move.c.ticket_id == table.c.id)
        .order_by(move.c.id.desc())
    )
    return tuple(Call(int(row.id), row.label, row.counter or "", row.queue_id) for row in rows)


@dataclass(frozen=True)
class Followed:
    """What a phone shows of a ticket.

    Attributes:
        ahead: people called before this one, as it is now; 0 means next.
    """

    label: str
    office_id: str
    queue_id: str
    language: str
    state: str
    counter: str | None
    ahead: int


def follow(office: BackOffice, connection: Connection, ticket_id: str) -> Followed | None:
    """Where a ticket stands; None when we do not know it (yet)."""
    table = schema.ticket
    mine = connection.execute(
        select(table).where(table.c.id == ticket_id, table.c.organisation_id == office.site.id)
    ).first()
    if mine is None:
        return None
    before = (table.c.rank < mine.rank) | (
        (table.c.rank == mine.rank)
        & (
            (table.c.kiosk_ordinal < mine.kiosk_ordinal)
            | ((table.c.kiosk_ordinal == mine.kiosk_ordinal) & (table.c.sequence < mine.sequence))
        )
    )
    ahead = connection.execute(
        select(func.count()).where(
            table.c.organisation_id == office.site.id,
            table.c.office_id == mine.office_id,
            table.c.queue_id == mine.queue_id,
            table.c.service_date == mine.service_date,
            table.c.state == literal_column("'waiting'"),
            before,
        )
    ).scalar_one()
    return Followed(mine.label, mine.office_id, mine.queue_id, mine.language, mine.state, mine.counter, int(ahead))


def _minutes(milliseconds: int) -> int:
    return max(0, milliseconds // 60_000)
