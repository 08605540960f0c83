"""Asks the back office for numbers and the state of the queues, and says how the column is. A pure step.

The answer counts only when it is signed by the pinned key, answers our nonce and names us; each lease is signed by
itself as well. Not for: when to ask (`sync.client.client`).
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from kiosk.core.commands import Command
from sync.client.answers import Fork, Gap, NotOurServer, Refused, TooLarge, Trouble, parse_time, read_answer
from sync.client.identity import Identity
from sync.client.orders import Rejected, read_command
from sync.client.ports import Facts, Grant, Position, QueueNews, SyncStore
from sync.client.sealing_keys import keep_sealing_keys
from sync.client.transport import Answer, NoAnswer, Transport
from sync.client.uploader import Heard, heard
from sync.protocol.canonical import canonical
from sync.protocol.messages import HEARTBEAT, LeaseGrant, Updates
from sync.protocol.orders import REVOCATION, Revocation
from sync.protocol.signing import LEASE, UPDATES

LOW = 5
"""A queue with at most this many working numbers for today (one chunk) wants more."""

LARGEST_NUMBER = 999_999
_log = logging.getLogger("zuil.sync")


@dataclass(frozen=True)
class Updated:
    """An authentic answer was taken in.

    Attributes:
        leases: how many new ones were kept.
        commands: how many new ones were kept.
        snapshot: newest version of settings and offer there is for this column; 0 for none.
    """

    leases: int
    heard: Heard | None
    commands: int = 0
    snapshot: int = 0


@dataclass(frozen=True)
class Revoked:
    """The back office itself says, in answer to this very request, that the column is revoked.

    Attributes:
        drain_until: until when it still takes events; None when it does not.
    """

    drain_until: datetime | None


class Updater:
    """Asks for updates.

    Args:
        url: address of the updates.
    """

    def __init__(self, store: SyncStore, identity: Identity, facts: Facts, transport: Transport, url: str) -> None:
        self._store = store
        self._identity = identity
        self._facts = facts
        self._transport = transport
        self._url = url
        self._offset = timedelta()

    def step(self) -> Updated | Revoked | Trouble:
        """Ask once, and once more when only our clock was off."""
        outcome = self._ask()
        if isinstance(outcome, Refused) and outcome.server_time is not None:
            # Not signed, so it moves nothing but the time we write on requests.
            self._offset = outcome.server_time - self._store.now()
            outcome = self._ask()
        return outcome

    def running_low(self) -> bool:
        """Whether some queue is at its last working chunk of today."""
        today = self._facts.today()
        stock = self._store.stock(self._facts.queues, today)
        return any(line.service_date == today and line.working <= LOW for line in stock)

    def _ask(self) -> Updated | Revoked | Trouble:
        nonce = secrets.token_urlsafe(16)
        position = self._store.position()
        answer = self._transport.post(self._url, canonical(self._request(nonce, position)))
        members = read_answer(answer)
        match members:
            case dict():
                return self._take_in(members, nonce, position, answer)
            case TooLarge() | Gap() | Fork():
                return NotOurServer("that is no answer to a request for updates")
            case Refused():
                return read_revocation(members, nonce, self._identity) or members
            case _:
                return members

    def _request(self, nonce: str, position: Position) -> dict[str, object]:
        facts, sqlite = self._facts, self._store.sqlite
        stock = self._store.stock(facts.queues, facts.today())
        message: dict[str, object] = {
            "source": position.source,
            "epoch": position.epoch,
            "sentAt": (self._store.now() + self._offset).isoformat(timespec="milliseconds"),
            "nonce": nonce,
            "appVersion": facts.app_version,
            "lastSequence": position.last_sequence,
            "ackedSequence": position.acked_sequence,
            "sqliteVersion": sqlite.version,
            "sqliteAffected": sqlite.affected,
            "stock": [
                {
                    "queueId": line.queue_id,
                    "serviceDate": line.service_date.isoformat(),
                    "working": line.working,
                    "reserve": line.reserve,
                }
                for line in stock
            ],
            "devices": dict(facts.devices()),
        }
        return self._identity.key.sign_object(HEARTBEAT, message)

    def _take_in(
        self, members: dict[str, object], nonce: str, position: Position, answer: Answer | NoAnswer
    ) -> Updated | Trouble:
        updates = self._authentic(members, nonce, position)
        if updates is None:
            return NotOurServer("the answer is no signed answer to this request")
        clock = heard(updates.server_time, answer)
        if clock is not None:
            self._offset = timedelta()
            self._store.anchor_time(clock.server_time, clock.error_ms)
        self._store.queue_news(_news(updates, position))
        self._keep_keys(members)
        grants = [grant for raw in updates.leases if (grant := self._grant(raw, position)) is not None]
        leases = self._store.add_grants(grants) if grants else 0
        return Updated(leases, clock, self._take_commands(updates), max(0, updates.snapshot))

    def _take_commands(self, updates: Updates) -> int:
        read = [read_command(raw, self._identity) for raw in updates.commands]
        for rejected in read:
            if isinstance(rejected, Rejected):
                _log.warning("a command was not taken: %s", rejected.refused.reason.value)
                self._store.reject_command(rejected.key, rejected.claimed, rejected.refused)
        return self._store.receive_commands([each for each in read if isinstance(each, Command)])

    def _authentic(self, members: dict[str, object], nonce: str, position: Position) -> Updates | None:
        if not self._identity.backoffice.verify_object(UPDATES, members):
            return None
        try:
            updates = Updates.model_validate(members)
        except ValidationError:
            return None
        return updates if updates.nonce == nonce and updates.source == position.source else None

    def _keep_keys(self, members: dict[str, object]) -> None:
        """A disk that is full must not keep numbers from the column."""
        if self._identity.directory is None:
            return
        try:
            keep_sealing_keys(self._identity.directory, members)
        except OSError as error:
            _log.warning("the sealing keys cannot be kept (%s); those before stay", error.strerror)

    def _grant(self, raw: dict[str, object], position: Position) -> Grant | None:
        """The lease, when it is signed, whole and ours."""
        if not self._identity.backoffice.verify_object(LEASE, raw):
            return None
        try:
            lease = LeaseGrant.model_validate(raw)
        except ValidationError:
            return None
        expires_at = parse_time(lease.expires_at)
        column = self._identity.column
        ours = lease.kiosk_id == column.kiosk_id and lease.office_id == column.office_id
        whole = lease.epoch == position.epoch and lease.first_number <= lease.last_number <= LARGEST_NUMBER
        if not ours or not whole or expires_at is None:
            return None
        return Grant(
            lease_id=lease.lease_id,
            epoch=lease.epoch,
            queue_id=lease.queue_id,
            service_date=lease.service_date,
            kind=lease.kind,
            first=lease.first_number,
            last=lease.last_number,
            expires_at=expires_at,
            signature=lease.signature.value,
        )


def read_revocation(refused: Refused, nonce: str, identity: Identity) -> Revoked | None:
    """What the refusal proves; None when anybody on the way may have said it."""
    proof = refused.revocation
    if proof is None or not identity.backoffice.verify_object(REVOCATION, proof):
        return None
    try:
        revocation = Revocation.model_validate(proof)
    except ValidationError:
        return None
    if revocation.nonce != nonce or revocation.source != identity.column.source:
        return None
    return Revoked(parse_time(revocation.drain_until))


def _news(updates: Updates, position: Position) -> list[QueueNews]:
    """The queues with their age on arrival, by the back office's own clock."""
    now = parse_time(updates.server_time)
    news = []
    for queue in updates.queues:
        as_of = parse_time(queue.as_of)
        if now is None or as_of is None or queue.waiting_count < 0:
            continue
        age = max(0.0, (now - as_of).total_seconds())
        news.append(QueueNews(queue.queue_id, queue.waiting_count, age, position.epoch, queue.known_sequence))
    return news
