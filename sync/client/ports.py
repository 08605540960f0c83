"""What the sync client needs of the column's store, and the values that pass between them.

`kiosk.store.store.KioskStore` fits `SyncStore`; tests may use any other. Every call blocks until it is on disk.
Not for: journeys (`kiosk.journeys.ports`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from kiosk.core.commands import Command, Refusal
from sync.client.column import Column


@dataclass(frozen=True)
class Pending:
    """The next events to send, all of one epoch, in order.

    Attributes:
        bodies: exact bytes as they were committed, one event each.
    """

    source: str
    epoch: int
    first: int
    bodies: tuple[bytes, ...]

    @property
    def last(self) -> int:
        """Sequence of the last event."""
        return self.first + len(self.bodies) - 1


class StoreGone(Exception):
    """The store is another program's, and that is not there any more: nothing can be done until it is back."""


class AckOutcome(Enum):
    """What an acknowledgement did."""

    ADVANCED = "advanced"
    ALREADY = "already"
    """True but old: nothing moved."""
    MISMATCH = "mismatch"
    """Names a hash that is not ours at that sequence: no proof."""


class RewindOutcome(Enum):
    """What asking to send again from an earlier event did."""

    REWOUND = "rewound"
    MISMATCH = "mismatch"
    """The other end's history is not ours: a fork."""
    COMPACTED = "compacted"
    """Ours, but the events it lacks were already compacted here."""
    AHEAD = "ahead"
    """Asks for an event after ones nobody proved to have: nothing moved."""


@dataclass(frozen=True)
class Position:
    """Where the current chain stands."""

    source: str
    epoch: int
    last_sequence: int
    acked_sequence: int


@dataclass(frozen=True)
class Grant:
    """A verified range of numbers, ready for the store.

    Attributes:
        kind: "working" or "reserve".
        signature: the back office's, base64url.
    """

    lease_id: str
    epoch: int
    queue_id: str
    service_date: date
    kind: str
    first: int
    last: int
    expires_at: datetime
    signature: str


@dataclass(frozen=True)
class Stock:
    """Numbers left for one queue and day."""

    queue_id: str
    service_date: date
    working: int
    reserve: int


@dataclass(frozen=True)
class QueueNews:
    """One queue as the back office saw it.

    Attributes:
        age_seconds: how old it was when it arrived.
        known_sequence: last event of this column (of `known_epoch`) the count includes.
    """

    queue_id: str
    waiting: int
    age_seconds: float
    known_epoch: int
    known_sequence: int


@dataclass(frozen=True)
class SqliteFacts:
    """The SQLite library in use.

    Attributes:
        affected: it carries the WAL-reset race; only one connection may write and checkpoint.
    """

    version: str
    affected: bool


@dataclass(frozen=True)
class Facts:
    """What the column says of itself in each request.

    Attributes:
        queues: ids of the queues it serves.
        today: the service date now.
        devices: device name to state or reason.
    """

    app_version: str
    queues: Sequence[str]
    today: Callable[[], date]
    devices: Callable[[], Mapping[str, str]]


class SyncStore(Protocol):
    """The store as the sync client sees it."""

    @property
    def column(self) -> Column:
        """Who we are."""
        ...

    @property
    def sqlite(self) -> SqliteFacts:
        """The SQLite library in use."""
        ...

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every commit that appended an event; from another thread, so it must be quick."""
        ...

    def next_batch(self, max_events: int, max_bytes: int) -> Pending | None:
        """The oldest events not acknowledged yet, or None."""
        ...

    def acknowledge(self, epoch: int, sequence: int, event_hash: str) -> AckOutcome:
        """Advance the watermark when `event_hash` is our own hash at `sequence`."""
        ...

    def rewind(self, epoch: int, expected: int, previous_hash: str) -> RewindOutcome:
        """Send again from event `expected`, when `previous_hash` is our own hash at the event before it."""
        ...

    def fork(self, epoch: int) -> None:
        """The back office holds another history of `epoch`: stop sending it; facts go on in a provisional chain."""
        ...

    def position(self) -> Position:
        """Where the current chain stands."""
        ...

    def add_grants(self, grants: Sequence[Grant]) -> int:
        """Keep new leases; returns how many were new and fitting."""
        ...

    def stock(self, queues: Sequence[str], today: date) -> tuple[Stock, ...]:
        """Numbers left per queue, for today and the next seven days."""
        ...

    def receive_commands(self, received: Sequence[Command]) -> int:
        """Keep genuine commands that were not seen before; returns how many."""
        ...

    def reject_command(self, key: str, command: Command, refused: Refusal) -> None:
        """Tell once, by an event, that something that says it is a command is none for us; `key` names it."""
        ...

    def revoked(self, drain_until: datetime | None) -> None:
        """The back office proved that it revoked this column; until when it still takes events, or None."""
        ...

    def newest_snapshot(self, version: int) -> None:
        """The back office names its newest version of settings and offer."""
        ...

    def queue_news(self, news: Sequence[QueueNews]) -> None:
        """Keep the latest word on the queues (in memory)."""
        ...

    def anchor_time(self, server_time: datetime, error_ms: int) -> None:
        """The authenticated clock of the back office, now, give or take `error_ms`."""
        ...

    def now(self) -> datetime:
        """The best known time, UTC."""
        ...

    def network_changed(self, down_reason: str | None) -> None:
        """Record that the way to the back office went (with the reason) or came back (None)."""
        ...

    def maintain(self) -> None:
        """Housekeeping in a quiet moment: compact, checkpoint, check."""
        ...
