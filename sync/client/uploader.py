"""Sends one batch and acts on the answer. A pure step: no clock, no waiting, no thread.

An event counts as arrived only after a signed answer that names its sequence *and* its hash. Not for: when to send
(`sync.client.client`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from sync.client.answers import (
    LONGEST_WAIT,
    Fork,
    Gap,
    NotOurServer,
    Refusal,
    TooLarge,
    Trouble,
    parse_time,
    read_answer,
)
from sync.client.identity import Identity
from sync.client.ports import AckOutcome, Pending, RewindOutcome, SyncStore
from sync.client.transport import Answer, NoAnswer, Transport
from sync.protocol.batch import MAX_BYTES, MAX_EVENTS, make_batch
from sync.protocol.canonical import canonical
from sync.protocol.messages import Ack
from sync.protocol.signing import ACK, SigningKey

_HEAD_ROOM = 2048
"""Bytes of a batch around its events."""


@dataclass(frozen=True)
class Heard:
    """The back office's authenticated clock.

    Attributes:
        error_ms: how far it may be off, from the time the request took.
    """

    server_time: datetime
    error_ms: int


@dataclass(frozen=True)
class Delivered:
    """Events are proved to have arrived.

    Attributes:
        acked: sequence of the last one.
        wait_seconds: the back office asks to wait so long before the next batch.
        leases_low: queues for which to ask numbers.
        dead_lettered: how many it stored but could not process; its staff see them.
    """

    acked: int
    wait_seconds: float
    leases_low: tuple[str, ...]
    dead_lettered: int
    heard: Heard | None


@dataclass(frozen=True)
class Moved:
    """Nothing arrived, but the next attempt will be another one: smaller, or from an earlier event."""

    why: str


@dataclass(frozen=True)
class Forked:
    """The back office holds another history of this epoch; the store goes on in a new one."""

    epoch: int


@dataclass(frozen=True)
class Empty:
    """There is nothing to send."""


Step = Delivered | Moved | Forked | Empty | Trouble


class Uploader:
    """Uploads the outbox of a store.

    Args:
        url: address of the batches.
        identity: its key signs; answers that its pinned key did not sign count as no answer.
    """

    def __init__(self, store: SyncStore, identity: Identity, transport: Transport, url: str) -> None:
        self._store = store
        self._identity = identity
        self._transport = transport
        self._url = url
        self._most = MAX_EVENTS

    def step(self) -> Step:
        """Send the oldest events not acknowledged, once, and act on the answer."""
        pending = self._store.next_batch(self._most, MAX_BYTES - _HEAD_ROOM)
        if pending is None:
            return Empty()
        answer = self._transport.post(self._url, batch_bytes(pending, self._identity.key))
        members = read_answer(answer)
        if isinstance(members, dict):
            return self._acknowledge(pending, members, answer)
        return self._refused(pending, members)

    def _acknowledge(self, pending: Pending, members: dict[str, object], answer: Answer | NoAnswer) -> Step:
        ack = self._authentic(pending, members)
        if ack is None:
            return NotOurServer("the answer is no signed acknowledgement of this batch")
        outcome = self._store.acknowledge(pending.epoch, ack.acked_sequence, ack.acked_hash)
        match outcome:
            case AckOutcome.MISMATCH:
                return NotOurServer("the acknowledgement names a hash that is not ours")
            case AckOutcome.ALREADY:
                return NotOurServer("the acknowledgement is an old one")
            case AckOutcome.ADVANCED:
                self._most = min(MAX_EVENTS, self._most * 2)
                return Delivered(
                    acked=ack.acked_sequence,
                    wait_seconds=min(LONGEST_WAIT, max(0.0, float(ack.hints.next_attempt_sec))),
                    leases_low=ack.hints.leases_low,
                    dead_lettered=len(ack.dead_lettered),
                    heard=heard(ack.server_time, answer),
                )

    def _authentic(self, pending: Pending, members: dict[str, object]) -> Ack | None:
        if not self._identity.backoffice.verify_object(ACK, members):
            return None
        try:
            ack = Ack.model_validate(members)
        except ValidationError:
            return None
        ours = ack.source == pending.source and ack.epoch == pending.epoch
        return ack if ours and 0 < ack.acked_sequence <= pending.last else None

    def _refused(self, pending: Pending, refusal: Refusal) -> Step:
        match refusal:
            case TooLarge():
                if len(pending.bodies) == 1:
                    return NotOurServer("a single event is called too large")
                self._most = max(1, len(pending.bodies) // 2)
                return Moved("smaller batches")
            case Gap():
                return self._rewind(pending, refusal)
            case Fork():
                return self._fork(pending)
            case _:
                return refusal

    def _rewind(self, pending: Pending, gap: Gap) -> Step:
        outcome = self._store.rewind(pending.epoch, gap.expected, gap.previous_hash)
        match outcome:
            case RewindOutcome.REWOUND if gap.expected == pending.first:
                return NotOurServer("it asks for what it was sent")
            case RewindOutcome.REWOUND:
                return Moved(f"again from {gap.expected}")
            case RewindOutcome.MISMATCH | RewindOutcome.COMPACTED:
                return self._fork(pending)
            case RewindOutcome.AHEAD:
                return NotOurServer("it asks for events after ones it never acknowledged")

    def _fork(self, pending: Pending) -> Forked:
        self._store.fork(pending.epoch)
        return Forked(pending.epoch)


def batch_bytes(pending: Pending, key: SigningKey) -> bytes:
    """A signed batch as it goes over the wire; the events are the exact bytes that were committed."""
    ends: list[dict[str, object]] = [json.loads(body) for body in (pending.bodies[0], pending.bodies[-1])]
    batch = make_batch(ends, key)
    del batch["events"]
    return b'{"events":[' + b",".join(pending.bodies) + b"]," + canonical(batch)[1:]


def heard(server_time: str, answer: Answer | NoAnswer) -> Heard | None:
    """The clock in a verified answer, half the round trip added; that half is also the error."""
    moment = parse_time(server_time)
    if moment is None or isinstance(answer, NoAnswer):
        return None
    half_ms = int(answer.seconds * 500)
    return Heard(moment + timedelta(milliseconds=half_ms), half_ms + 1)
