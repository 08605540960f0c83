"""The other messages on the wire: acknowledgement, problem, enrolment, lease, updates, heartbeat.

Members are camelCase on the wire. Times are RFC 3339 with offset, dates `YYYY-MM-DD`. Messages that matter (ack, lease,
updates, enrolment receipt) are signed by the back office; see `sync.protocol.signing`. Not for: events (`batch`).
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from sync.protocol.attests import OrganisationKey
from sync.protocol.batch import Signature, Wire


class Hints(Wire):
    """What else the back office has to say.

    Attributes:
        next_attempt_sec: wait at least so long before the next batch (spreads a fleet after an outage).
        leases_low: queues for which the column should ask numbers.
    """

    next_attempt_sec: int = 0
    leases_low: tuple[str, ...] = ()


class DeadLettered(Wire):
    """An event that was stored and acknowledged but could not be processed; staff see it."""

    sequence: int
    id: str
    problem_type: str


class Ack(Wire):
    """Proof of receipt: names the sequence *and* the hash of the last accepted event. Signed, kind `kiosk-ack-v1`."""

    source: str
    epoch: int
    acked_sequence: int
    acked_hash: str
    received_count: int
    server_time: str
    dead_lettered: tuple[DeadLettered, ...] = ()
    hints: Hints = Hints()
    signature: Signature


class Problem(Wire):
    """RFC 9457 problem. `type` is a URN; the extra members belong to single problem types."""

    type: str
    title: str
    status: int
    detail: str = ""
    expected_sequence: int | None = None
    acked_hash: str | None = None
    max_bytes: int | None = None
    retry_after_sec: int | None = None
    server_time: str | None = None
    revocation: dict[str, object] | None = None


def problem_type(name: str) -> str:
    """URN of one of our own problem types: `sequenceGap`, `chainFork`, `invalidSignature`, `kioskRevoked`, …"""
    return f"urn:problem-type:zuil:kiosk:{name}"


class EnrolmentRequest(Wire):
    """A column asks to join. Signed by its own new key, kind `kiosk-enrolment-v1`.

    Attributes:
        code: the one-time code a technician got from the back office.
        public_key: base64url of the column's Ed25519 key.
        nonce: random text, at least 16 characters.
        practice: whether the column's site is for practice; a real back office takes no such column, nor the reverse.
    """

    code: str
    public_key: str
    nonce: str = Field(min_length=16)
    app_version: str
    practice: bool = False
    signature: Signature


class Receipt(Wire):
    """Answer to an enrolment: the column's birth certificate. Signed, kind `kiosk-receipt-v1`.

    `prevhash` of its first event is the SHA-256 of the canonical form of the receipt as received.

    Attributes:
        public_key: the back office's key, pinned from now on.
        suffix: permanent suffix of the column's own last-resort numbers, unique per office ("K3").
        check: six digits both screens show, derived from both public keys.
        practice: whether it is a back office for practice.
    """

    kiosk_id: str
    source: str
    epoch: int
    organisation_id: str
    office_id: str
    kiosk_ordinal: int
    suffix: str
    public_key: str
    nonce: str
    check: str
    issued_at: str
    practice: bool = False
    signature: Signature


class LeaseGrant(Wire):
    """A range of numbers for one queue and day. Signed, kind `kiosk-lease-v1`."""

    lease_id: str
    office_id: str
    queue_id: str
    service_date: date
    kiosk_id: str
    epoch: int
    kind: str = Field(pattern="^(working|reserve)$")
    first_number: int = Field(ge=1)
    last_number: int = Field(ge=1)
    granted_at: str
    expires_at: str
    signature: Signature


class LeaseStock(Wire):
    """How many numbers a column has left for one queue and day."""

    queue_id: str
    service_date: date
    working: int
    reserve: int


class UpdatesRequest(Wire):
    """What a column says when it asks for updates; it doubles as heartbeat. Signed by the column, kind
    `kiosk-heartbeat-v1`.

    Attributes:
        sent_at: the column's clock; the back office refuses a request older than five minutes of its own time.
        nonce: random, seen once.
        stock: numbers left by queue and day, for every queue the column serves.
        devices: device name to state or reason ("printer": "paper_out").
    """

    source: str
    epoch: int
    sent_at: str
    nonce: str = Field(min_length=16)
    app_version: str
    last_sequence: int
    acked_sequence: int
    sqlite_version: str
    sqlite_affected: bool
    stock: tuple[LeaseStock, ...]
    devices: dict[str, str]
    signature: Signature


HEARTBEAT = "kiosk-heartbeat-v1"


class QueueState(Wire):
    """One queue of the office at `as_of`.

    Attributes:
        waiting_count: people waiting, tickets of every column included.
        known_sequence: last sequence of the asking column that the count includes.
    """

    queue_id: str
    waiting_count: int
    open_counters: int
    as_of: str
    known_sequence: int = 0


class Updates(Wire):
    """Answer to `UpdatesRequest`. Signed by the back office, kind `kiosk-updates-v1`.

    Attributes:
        nonce: the request's, so that an old answer cannot be replayed.
        leases: new grants, each signed by itself as well.
        queues: state of each queue of the office, when the back office knows it.
        sealing_keys: every key that personal data may be sealed to, now or later; empty where there is none.
        commands: those not known to have ended, each signed by itself as well; see `sync.protocol.orders`.
        snapshot: newest version of settings and offer for this column; 0 where none was published.
    """

    source: str
    nonce: str
    server_time: str
    leases: tuple[dict[str, object], ...] = ()
    queues: tuple[QueueState, ...] = ()
    sealing_keys: tuple[OrganisationKey, ...] = ()
    commands: tuple[dict[str, object], ...] = ()
    snapshot: int = 0
    signature: Signature
