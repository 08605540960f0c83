"""The column's store: what journeys and the sync client call. Everything is durable on return.

Start with `open_store`. Not for: reading the file of a column that is not running (`kiosk.store.journal_file`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from kiosk.core.attest_saga import AttestState
from kiosk.core.attests import AttestNumber, AttestOrder, DeliveryWay, Medium, RegisterRequest
from kiosk.core.commands import Command, Outcome, Refusal
from kiosk.core.events import DEVICE_DEGRADED, DEVICE_RECOVERED, EventKind
from kiosk.core.payment_period import PeriodResult, Takings
from kiosk.core.payment_saga import PaymentState, Verdict
from kiosk.core.tickets import PeopleAhead, PrintState, Ticket, TicketOrder
from kiosk.core.waiting import people_ahead
from kiosk.store import (
    attests,
    care,
    commands,
    journal,
    leases,
    outbox,
    payments,
    periods,
    prints,
    tickets,
    tickets_here,
)
from kiosk.store.attests import Fill, Sealer
from kiosk.store.ballast import SIZE, Ballast
from kiosk.store.commands import Kept
from kiosk.store.epochs import PROVISIONAL
from kiosk.store.keeper import Keeper
from kiosk.store.opening import sqlite_facts
from kiosk.store.payments import Attempt
from kiosk.store.periods import Period
from kiosk.store.state import current_epoch, load_chain
from kiosk.store.timekeeping import SiteClock, Timekeeper, read_boot_id
from kiosk.store.writer import Writer
from sync.client.column import Column
from sync.client.ports import (
    AckOutcome,
    Grant,
    Pending,
    Position,
    QueueNews,
    RewindOutcome,
    SqliteFacts,
    Stock,
)

_NIGHT = range(2, 5)
"""Hours in which a check of some seconds disturbs nobody."""


class KioskStore:
    """The open store. Fits `kiosk.journeys.ports.Store` (coroutines) and `sync.client.ports.SyncStore` (plain calls).

    Attributes:
        column: who this column is.
        moved_aside: where a damaged file went when this store was opened or since; None when there was none.
    """

    def __init__(self, keeper: Keeper, writer: Writer, times: Timekeeper) -> None:
        self._keeper = keeper
        self._writer = writer
        self._times = times
        self._open = True
        self._command_listeners: list[Callable[[], None]] = []
        self._revoked_listeners: list[Callable[[datetime | None], None]] = []
        self._snapshot_listeners: list[Callable[[int], None]] = []
        self._news: dict[str, tuple[QueueNews, int]] = {}
        self.column = keeper.column

    @property
    def sqlite(self) -> SqliteFacts:
        """The SQLite library in use."""
        return sqlite_facts()

    @property
    def moved_aside(self) -> Path | None:
        """Where the last damaged file went."""
        return self._keeper.moved_aside

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener` on the writer's thread after every commit that appended an event."""
        self._keeper.listeners.append(listener)

    def on_command(self, listener: Callable[[], None]) -> None:
        """Call `listener` on the sync client's thread after commands came in."""
        self._command_listeners.append(listener)

    def on_revoked(self, listener: Callable[[datetime | None], None]) -> None:
        """Call `listener` on the sync client's thread when the back office proved that it revoked this column."""
        self._revoked_listeners.append(listener)

    def on_snapshot(self, listener: Callable[[int], None]) -> None:
        """Call `listener` on the sync client's thread each time a newest version of settings and offer is named."""
        self._snapshot_listeners.append(listener)

    # --- journeys -------------------------------------------------------------------------------------------------

    async def issue_ticket(self, order: TicketOrder) -> Ticket:
        """Take a number and commit ticket, print job and event in one transaction."""
        return self._localised(await self._writer.write_async(self._issue(order)))

    async def move_print(self, job_id: str, state: PrintState, reason: str | None = None) -> None:
        """Move a print job along the saga and record the event of that edge."""
        await self._writer.write_async(lambda c: prints.move(c, self._times.stamp(), job_id, state, reason))

    async def record(self, kind: EventKind, data: Mapping[str, object]) -> None:
        """Append one event."""
        await self._writer.write_async(lambda c: journal.append(c, self._times.stamp(), kind, data))

    async def issue_attest(self, order: AttestOrder, fill: Fill, *, demo: bool) -> AttestNumber:
        """Number an attest, let `fill` make and seal its content (on the writer's thread), commit it with its job."""
        return await self._writer.write_async(lambda c: self._issue_attest(c, order, fill, demo=demo))

    async def request_attest(self, asked: RegisterRequest, seal: Sealer) -> None:
        """Commit that an attest was asked of a register; who asks is sealed."""
        await self._writer.write_async(lambda c: attests.request(c, self._times.stamp(), self.column, asked, seal))

    async def redirect_attest(self, request_id: str, way: DeliveryWay, seal: Sealer | None) -> None:
        """Commit that a requested attest is to be had in another way; an address is sealed."""
        await self._writer.write_async(lambda c: attests.redirect(c, self._times.stamp(), request_id, way, seal))

    async def another_paper(self, attest_id: str, medium: Medium) -> str:
        """A further print job for an attest of which certainly no paper came out; returns the job's id."""
        return await self._writer.write_async(
            lambda c: attests.another_paper(c, self._times.stamp(), attest_id, medium)
        )

    async def attest_taken(self, attest_id: str) -> None:
        """A file of the attest was offered to the person's telephone."""
        await self._writer.write_async(lambda c: attests.taken(c, self._times.stamp(), attest_id))

    async def void_attest(self, attest_id: str, reason: str, *, promised: bool = False) -> None:
        """The attest reached nobody and does not count; `promised`: the person gets it at the counter."""
        fee = PaymentState.PROMISED if promised else PaymentState.UNDELIVERED
        await self._writer.write_async(
            lambda c: attests.move(c, self._times.stamp(), attest_id, AttestState.VOIDED, reason, fee)
        )

    async def intend_payment(self, product: str, amount_cents: int, method: str) -> str:
        """Write down that a fee is about to be asked; returns its id."""
        return await self._writer.write_async(
            lambda c: payments.intend(c, self._times.stamp(), product, amount_cents, method)
        )

    async def move_payment(self, payment_id: str, state: PaymentState, reason: str | None = None) -> None:
        """Move a fee along its saga and record the event of that edge."""
        await self._writer.write_async(lambda c: payments.move(c, self._times.stamp(), payment_id, state, reason))

    async def open_payments(self) -> list[Attempt]:
        """Attempts to pay that are not over, oldest first, without their notes."""
        return await self._writer.run_async(payments.open_ones)

    async def open_prints(self) -> int:
        """How many papers were asked for of which nobody knows yet what became."""
        return await self._writer.run_async(prints.count_open)

    async def payment(self, payment_id: str) -> Attempt:
        """One attempt to pay with all its notes."""
        return await self._writer.run_async(lambda c: payments.attempt(c, payment_id))

    async def decide_payment(self, payment_id: str, verdict: Verdict, by: str) -> PaymentState:
        """Let staff end an attempt, by name; returns where it stands now."""
        return await self._writer.write_async(
            lambda c: payments.decide(c, self._times.stamp(), payment_id, verdict, by)
        )

    async def payments_for_staff(self) -> list[Attempt]:
        """Attempts that staff may decide of, newest first, without their notes."""
        return await self._writer.run_async(payments.for_staff)

    async def newest_payments(self, limit: int, method: str) -> list[Attempt]:
        """The newest attempts of one method, newest first, without their notes."""
        return await self._writer.run_async(lambda c: payments.newest(c, limit, method))

    async def recent_periods(self, limit: int) -> list[Period]:
        """The newest closings of the terminal's period, newest first."""
        return await self._writer.run_async(lambda c: periods.recent(c, limit))

    async def remembered(self, key: str) -> object:
        """What the column keeps of its own care under a key, or None."""
        return await self._writer.run_async(lambda c: care.remembered(c, key))

    async def remember(
        self, key: str, value: object, kind: EventKind | None = None, data: Mapping[str, object] | None = None
    ) -> None:
        """Keep a value of the column's own care, None forgets it; with the event that tells of it in one commit."""

        def both(connection: Connection) -> None:
            care.remember(connection, key, value)
            if kind is not None:
                journal.append(connection, self._times.stamp(), kind, data or {})

        await self._writer.write_async(both)

    async def open_commands(self) -> list[Kept]:
        """Commands of the back office that did not end, oldest first."""
        return await self._writer.run_async(commands.open_ones)

    async def begin_command(self, command_id: str) -> bool:
        """Mark a received command as begun; False when it must not be carried out, because it was begun before."""
        return await self._writer.run_async(lambda c: commands.begin(c, command_id))

    async def end_command(
        self, command: Command, outcome: Outcome, detail: str = "", remember: tuple[str, object] | None = None
    ) -> None:
        """A begun command ended; with its event and, where it changed it, one value of the column's care."""
        await self._writer.write_async(
            lambda c: commands.end(c, self._times.stamp(), command, outcome, detail, remember)
        )

    async def refuse_command(self, command: Command, refused: Refusal) -> None:
        """A received command is not carried out; with its event."""
        await self._writer.write_async(lambda c: commands.refuse(c, self._times.stamp(), command.id, command, refused))

    async def people_ahead(self, queue_id: str, service_date: date) -> PeopleAhead | None:
        """How many wait in the queue now; None when the back office never said or its word is too old."""
        known = self._news.get(queue_id)
        if known is None:
            return None
        news, heard_ms = known
        age = news.age_seconds + (self._times.uptime_ms() - heard_ms) / 1000
        own = await self._writer.run_async(
            lambda c: tickets.own_since(c, queue_id, service_date, news.known_epoch, news.known_sequence)
        )
        return people_ahead(news.waiting, own, age)

    @property
    def clock_known(self) -> bool:
        """Whether the time is certain: from the back office, or a clock that is not behind what was last known."""
        return self._times.stamp().state != "unknown"

    async def tickets_here(self, service_date: date) -> list[Ticket]:
        """Tickets of the day that wait and that the back office does not know yet, oldest first."""
        found = await self._writer.run_async(lambda c: tickets_here.unheard(c, service_date))
        return [self._localised(each) for each in found]

    async def last_ticket(self, service_date: date) -> Ticket | None:
        """The newest ticket of the day."""
        found = await self._writer.run_async(lambda c: tickets_here.last(c, service_date))
        return None if found is None else self._localised(found)

    async def call_here(self, ticket_id: str, staff_id: str) -> bool:
        """Staff call a ticket at this column; False when it does not wait any more."""
        office = self.column.office_id
        return await self._writer.write_async(
            lambda c: tickets_here.call_here(c, self._times.stamp(), office, ticket_id, staff_id)
        )

    # --- the same for callers without a loop ----------------------------------------------------------------------

    def issue_ticket_now(self, order: TicketOrder) -> Ticket:
        """`issue_ticket` for a caller without an event loop."""
        return self._localised(self._writer.write(self._issue(order)))

    def move_print_now(self, job_id: str, state: PrintState, reason: str | None = None) -> None:
        """`move_print` for a caller without an event loop."""
        self._writer.write(lambda c: prints.move(c, self._times.stamp(), job_id, state, reason))

    def record_now(self, kind: EventKind, data: Mapping[str, object]) -> None:
        """`record` for a caller without an event loop."""
        self._writer.write(lambda c: journal.append(c, self._times.stamp(), kind, data))

    def note_payment_now(
        self,
        payment_id: str,
        kind: str,
        data: Mapping[str, object],
        after: PaymentState | None = None,
        reason: str | None = None,
    ) -> PaymentState:
        """Add a note to an attempt to pay and let it move the attempt; returns where it stands now."""
        return self._writer.write(
            lambda c: payments.note(c, self._times.stamp(), payment_id, kind, data, after, reason)
        )

    def begin_period_now(self, method: str, sent: Mapping[str, object]) -> Period:
        """Write down that the terminal is about to be told to close its period, and what we count in it."""
        return self._writer.write(lambda c: periods.begin(c, self._times.stamp(), method, sent))

    def end_period_now(
        self,
        period_id: str,
        result: PeriodResult,
        theirs: Takings | None,
        told: Mapping[str, object],
        reason: str = "",
    ) -> Period:
        """Write down how a closing ended, with its event."""
        return self._writer.write(
            lambda c: periods.end(c, self._times.stamp(), period_id, result, theirs, told, reason)
        )

    # --- sync client ----------------------------------------------------------------------------------------------

    def next_batch(self, max_events: int, max_bytes: int) -> Pending | None:
        """The oldest events not acknowledged yet, or None."""
        return self._writer.run(lambda c: outbox.next_batch(c, max_events, max_bytes))

    def acknowledge(self, epoch: int, sequence: int, event_hash: str) -> AckOutcome:
        """Advance the watermark when `event_hash` is our own hash at `sequence`."""
        return self._writer.run(lambda c: outbox.acknowledge(c, epoch, sequence, event_hash))

    def rewind(self, epoch: int, expected: int, previous_hash: str) -> RewindOutcome:
        """Send again from event `expected`, when `previous_hash` is our own hash at the event before it."""
        return self._writer.run(lambda c: outbox.rewind(c, epoch, expected, previous_hash))

    def fork(self, epoch: int) -> None:
        """Stop sending `epoch`; when it is the current one, facts go on in a provisional chain without leases."""
        self._writer.apart(lambda database: self._keeper.fork(database, epoch))

    def position(self) -> Position:
        """Where the current chain stands."""
        return self._writer.run(_position)

    def add_grants(self, grants: Sequence[Grant]) -> int:
        """Keep new leases; returns how many were new and fitting."""
        return self._writer.run(lambda c: leases.add(c, grants))

    def stock(self, queues: Sequence[str], today: date) -> tuple[Stock, ...]:
        """Numbers left per queue, for today and the next seven days."""
        return self._writer.run(lambda c: leases.stock(c, queues, today, self.now()))

    def receive_commands(self, received: Sequence[Command]) -> int:
        """Keep genuine commands that were not seen before; returns how many."""
        new = self._writer.run(lambda c: commands.receive(c, self._times.stamp(), received)) if received else 0
        if new:
            for listener in self._command_listeners:
                listener()
        return new

    def reject_command(self, key: str, command: Command, refused: Refusal) -> None:
        """Tell once, by an event, that something that says it is a command is none for us; `key` names it."""
        self._writer.write(lambda c: commands.refuse(c, self._times.stamp(), key, command, refused))

    def revoked(self, drain_until: datetime | None) -> None:
        """The back office proved that it revoked this column; until when it still takes events, or None."""
        for listener in self._revoked_listeners:
            listener(drain_until)

    def newest_snapshot(self, version: int) -> None:
        """The back office names its newest version of settings and offer."""
        for listener in self._snapshot_listeners:
            listener(version)

    def queue_news(self, news: Sequence[QueueNews]) -> None:
        """Keep the latest word on the queues, in memory: after a restart it would be too old anyway."""
        heard = self._times.uptime_ms()
        self._news = {each.queue_id: (each, heard) for each in news}

    def anchor_time(self, server_time: datetime, error_ms: int) -> None:
        """The authenticated clock of the back office, now, give or take `error_ms`."""
        self._times.anchor(server_time, error_ms)

    def now(self) -> datetime:
        """The best known time, UTC."""
        return self._times.stamp().time

    def network_changed(self, down_reason: str | None) -> None:
        """Record that the way to the back office went (with the reason) or came back (None)."""
        if down_reason is None:
            self.record_now(DEVICE_RECOVERED, {"device": "network"})
        else:
            self.record_now(DEVICE_DEGRADED, {"device": "network", "reason": down_reason})

    def maintain(self) -> None:
        """Housekeeping in a quiet moment: compact, checkpoint, ballast, salvage; at night a check of a large file."""
        local = self._times.local(self.now())
        self._writer.run(lambda c: self._keeper.tidy(c, local.date() - timedelta(days=2)))
        self._writer.write(lambda c: payments.let_go(c, self._times.stamp()))
        self._writer.apart(lambda database: self._keeper.look_after(database, whole_check=local.hour in _NIGHT))
        self._keeper.salvage()

    # --- the rest -------------------------------------------------------------------------------------------------

    @property
    def provisional(self) -> bool:
        """Whether facts go to a provisional chain, which gives no lease numbers: the column wants re-enrolment."""
        return self._writer.run(current_epoch) >= PROVISIONAL

    def go_dark(self) -> None:
        """Write nothing any more: every call fails from here on, as if the power had gone. For practice."""
        self._writer.go_dark()

    def close(self) -> None:
        """Finish, checkpoint, close, end the thread and let others open the file; a second call does nothing."""
        if self._open:
            self._open = False
            self._writer.close()
            self._keeper.lock.release()

    def _issue(self, order: TicketOrder) -> Callable[[Connection], Ticket]:
        return lambda connection: tickets.issue(connection, self._times.stamp(), self.column, order)

    def _issue_attest(self, connection: Connection, order: AttestOrder, fill: Fill, *, demo: bool) -> AttestNumber:
        stamp = self._times.stamp()
        local = self._times.local(stamp.time)
        return attests.issue(connection, stamp, local, self.column, order, fill, demo=demo)

    def _localised(self, ticket: Ticket) -> Ticket:
        return replace(ticket, issued_at=self._times.local(ticket.issued_at))


def _position(connection: Connection) -> Position:
    chain = load_chain(connection)
    assert chain is not None  # noqa: S101 - every open file has a current chain
    return Position(chain.source, chain.epoch, chain.next_sequence - 1, chain.acked_sequence)


def open_store(
    path: Path, column: Column, clock: SiteClock, *, boot_id: str | None = None, ballast_bytes: int = SIZE
) -> KioskStore:
    """Open the column's store, or create it; settles what a stop left open.

    Args:
        path: `kiosk.db`; its folder is made when missing and also holds lock, ledger of epochs and ballast.
        column: who this column is: a column must be enrolled before it gives out numbers.
        clock: the site's clock.
        boot_id: of this start of the machine; the kernel's when not given.
        ballast_bytes: size of the ballast file; 0 for none.

    Raises:
        kiosk.store.errors.StoreRefused: (or a subclass) naming the file and what would be right.
    """
    times = Timekeeper(clock, boot_id or read_boot_id(), column.enrolled_at)
    ballast = Ballast(path.with_name(path.name + ".ballast"), ballast_bytes)
    keeper = Keeper(path, column, times, ballast)
    try:
        writer = Writer(keeper)
    except BaseException:
        keeper.lock.release()
        raise
    return KioskStore(keeper, writer, times)
