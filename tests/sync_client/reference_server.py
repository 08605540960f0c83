"""A small honest back office in memory: the accept rule of the sync contract and nothing else. Not a test.

Written against the contract, not against `sync.backoffice`, so that a shared misunderstanding would show. It remembers
everything it ever accepted, which is what the invariants are judged by.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sync.client.transport import Answer
from sync.protocol.batch import Batch, batch_is_signed
from sync.protocol.canonical import canonical, sha256
from sync.protocol.chain import BrokenChain, check_chain
from sync.protocol.ids import six_digits, uuid7
from sync.protocol.messages import EnrolmentRequest, UpdatesRequest, problem_type
from sync.protocol.signing import ACK, LEASE, RECEIPT, UPDATES, PublicKey, SigningKey

Event = dict[str, object]
PROVISIONAL = 2**30
CHUNK = 5
RESERVE = 20


@dataclass
class Known:
    """One enrolled column.

    Attributes:
        chains: accepted events by epoch, in order.
        ever: hash of every event ever accepted, also of those a restored backup forgot.
        effects: how often each event had its effect.
    """

    key: PublicKey
    receipt: dict[str, object]
    chains: dict[int, list[Event]] = field(default_factory=dict)
    ever: dict[tuple[int, int], str] = field(default_factory=dict)
    effects: Counter[str] = field(default_factory=Counter)
    dead: list[str] = field(default_factory=list)
    forks: int = 0

    @property
    def birth(self) -> str:
        """Hash every chain of it begins with."""
        return sha256(canonical(self.receipt))


class ReferenceServer:
    """The back office."""

    def __init__(self) -> None:
        self.key = SigningKey(b"\x07" * 32)
        self.columns: dict[str, Known] = {}
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        self.queues = ("travel",)
        self.grants_numbers = True
        self._working = 1
        self._reserve = 900
        self._nonces: set[str] = set()

    # --- what travels over the wire -------------------------------------------------------------------------------

    def handle(self, url: str, body: bytes) -> Answer:
        """Answer one request, honestly."""
        match url.rpartition("/")[2]:
            case "batches":
                return self._batch(body)
            case "updates":
                return self._updates(body)
            case "enrolments":
                return self._enrolment(body)
        return problem(404, "urn:problem-type:belgif:resourceNotFound")

    def enrol(self, key: PublicKey, nonce: str = "n" * 16) -> dict[str, object]:
        """Take a column in; the signed receipt."""
        ordinal = len(self.columns) + 1
        receipt = self.key.sign_object(
            RECEIPT,
            {
                "kioskId": f"kiosk-{ordinal}",
                "source": f"urn:uuid:kiosk-{ordinal}",
                "epoch": 1,
                "organisationId": "antwerp",
                "officeId": "berchem",
                "kioskOrdinal": ordinal,
                "suffix": f"K{ordinal}",
                "publicKey": str(self.key.public),
                "nonce": nonce,
                "check": six_digits(key, self.key.public),
                "issuedAt": "2026-11-01T08:00:00.000Z",
            },
        )
        self.columns[str(receipt["source"])] = Known(key, receipt)
        return receipt

    def restore_backup(self, source: str, keep: int) -> None:
        """Forget all but the first `keep` events of every chain, as after restoring an old backup.

        Effects are forgotten with the events; what was granted is not.
        """
        known = self.columns[source]
        for chain in known.chains.values():
            for event in chain[keep:]:
                known.effects.pop(str(event["id"]), None)
            del chain[keep:]

    def _enrolment(self, body: bytes) -> Answer:
        request = EnrolmentRequest.model_validate_json(body)
        return _answer(self.enrol(PublicKey.parse(request.public_key), request.nonce))

    def _batch(self, body: bytes) -> Answer:
        try:
            batch = Batch.model_validate_json(body)
        except ValueError:
            return problem(400, "urn:problem-type:belgif:schemaViolation")
        known = self.columns.get(batch.source)
        if known is None or not batch_is_signed(batch, known.key):
            return problem(401, problem_type("invalidSignature"))
        try:
            head = check_chain(batch.events, batch.first_sequence, batch.previous_hash)
        except BrokenChain:
            return problem(401, problem_type("invalidSignature"))
        if head != batch.head_hash:
            return problem(401, problem_type("invalidSignature"))
        return self._accept(known, batch)

    def _accept(self, known: Known, batch: Batch) -> Answer:
        chain = known.chains.get(batch.epoch, [])
        head = str(chain[-1]["hash"]) if chain else known.birth
        if batch.first_sequence > len(chain) + 1:
            return problem(409, problem_type("sequenceGap"), expectedSequence=len(chain) + 1, ackedHash=head)
        told = [str(event["hash"]) for event in batch.events]
        held = [str(event["hash"]) for event in chain[batch.first_sequence - 1 :]]
        before = str(chain[batch.first_sequence - 2]["hash"]) if batch.first_sequence > 1 else known.birth
        if any(a != b for a, b in zip(told, held, strict=False)) or batch.previous_hash != before:
            known.forks += 1
            return problem(409, problem_type("chainFork"))
        new = batch.events[len(held) :]
        known.chains[batch.epoch] = chain + new
        dead = [self._effect(known, batch.epoch, event) for event in new]
        return _answer(self.ack(batch, [each for each in dead if each]))

    def ack(self, batch: Batch, dead: list[dict[str, object]]) -> dict[str, object]:
        """The signed acknowledgement of a batch."""
        return self.key.sign_object(
            ACK,
            {
                "source": batch.source,
                "epoch": batch.epoch,
                "ackedSequence": batch.last_sequence,
                "ackedHash": batch.head_hash,
                "receivedCount": len(batch.events),
                "serverTime": self._time(),
                "deadLettered": dead,
                "hints": {"nextAttemptSec": 0, "leasesLow": []},
            },
        )

    def _effect(self, known: Known, epoch: int, event: Event) -> dict[str, object] | None:
        """Store the event; poison is put aside, everything else has its effect."""
        known.ever[(epoch, int(str(event["sequence"])))] = str(event["hash"])
        data = event["data"]
        assert isinstance(data, dict)
        if data.get("language") == "poison":
            known.dead.append(str(event["id"]))
            return {"sequence": int(str(event["sequence"])), "id": event["id"], "problemType": problem_type("unknown")}
        known.effects[str(event["id"])] += 1
        return None

    def _updates(self, body: bytes) -> Answer:
        members = json.loads(body)
        request = UpdatesRequest.model_validate(members)
        known = self.columns.get(request.source)
        if known is None or not known.key.verify_object("kiosk-heartbeat-v1", members) or request.nonce in self._nonces:
            return problem(401, problem_type("invalidSignature"))
        self._nonces.add(request.nonce)
        wanted = [
            line for line in request.stock if line.service_date == self.now.date() and request.epoch < PROVISIONAL
        ]
        leases = [self._lease(known, request.epoch, line.queue_id) for line in wanted if line.working <= CHUNK]
        leases += [self._lease(known, request.epoch, line.queue_id, "reserve") for line in wanted if not line.reserve]
        chain = known.chains.get(request.epoch, [])
        queue = {"queueId": "travel", "waitingCount": 3, "openCounters": 1, "asOf": self._time()}
        return _answer(
            self.key.sign_object(
                UPDATES,
                {
                    "source": request.source,
                    "nonce": request.nonce,
                    "serverTime": self._time(),
                    "leases": leases if self.grants_numbers else [],
                    "queues": [{**queue, "knownSequence": len(chain)}],
                },
            )
        )

    def _lease(self, known: Known, epoch: int, queue: str, kind: str = "working") -> dict[str, object]:
        size = CHUNK if kind == "working" else RESERVE
        if kind == "working":
            first, self._working = self._working, self._working + size
        else:
            self._reserve -= size
            first = self._reserve
        return self.lease(known, epoch, queue, kind, first, first + size - 1)

    def lease(self, known: Known, epoch: int, queue: str, kind: str, first: int, last: int) -> dict[str, object]:
        """One signed lease."""
        day: date = self.now.date()
        return self.key.sign_object(
            LEASE,
            {
                "leaseId": uuid7(),
                "officeId": "berchem",
                "queueId": queue,
                "serviceDate": day.isoformat(),
                "kioskId": known.receipt["kioskId"],
                "epoch": epoch,
                "kind": kind,
                "firstNumber": first,
                "lastNumber": last,
                "grantedAt": self._time(),
                "expiresAt": (self.now + timedelta(days=1)).isoformat(),
            },
        )

    def _time(self) -> str:
        return self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _answer(members: dict[str, object]) -> Answer:
    return Answer(200, canonical(members))


def problem(status: int, type_: str, **more: object) -> Answer:
    """An RFC 9457 problem."""
    return Answer(status, json.dumps({"type": type_, "title": "t", "status": status, **more}).encode())
