"""Batches of events, as they travel on every hop, and the signature over their head.

One Ed25519 signature over the head authenticates every event before it, because the events are chained. Not for:
deciding what to send (`sync.client`) or to accept (`sync.backoffice`).
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from sync.protocol.signing import PublicKey, SigningKey

BATCH = "kiosk-batch-v1"
MAX_EVENTS = 100
MAX_BYTES = 512 * 1024


class Wire(BaseModel):
    """Base of every message: camelCase on the wire, unknown members ignored, immutable."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore")

    def wire(self) -> dict[str, object]:
        """The message as JSON members; members that are None are left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class Signature(Wire):
    """Who signed, how, and the signature in base64url."""

    key_id: str
    alg: str
    value: str


class Envelope(BaseModel):
    """One event: CloudEvents 1.0 with Belgif and our own attributes, names as on the wire (all lower case).

    Unknown attributes are kept and travel on. `sequence` is a decimal text from "1" per epoch; `time` is RFC 3339 UTC;
    `uptimems` milliseconds since boot; `hlc` a hybrid logical clock, sortable as text.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    specversion: str
    id: str
    source: str
    service: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    dataschema: str
    sequence: str = Field(pattern=r"^[1-9][0-9]{0,17}$")
    sequencetype: str
    epoch: int
    hlc: str
    bootid: str
    uptimems: int
    clockstate: str
    clockerrms: int
    prevhash: str
    hash: str
    data: dict[str, object]


class Batch(Wire):
    """A gap-free run of events of one column and epoch. Events stay as they were written: plain JSON objects."""

    source: str
    epoch: int = Field(ge=1)
    first_sequence: int = Field(ge=1)
    last_sequence: int = Field(ge=1)
    previous_hash: str
    head_hash: str
    signature: Signature
    events: list[dict[str, object]] = Field(min_length=1, max_length=MAX_EVENTS)


def head(source: str, epoch: int, first: int, last: int, head_hash: str) -> bytes:
    """The bytes a batch's signature is made over (after the kind and `//`)."""
    return f"{source}//{epoch}//{first}//{last}//{head_hash}".encode()


def make_batch(events: list[dict[str, object]], key: SigningKey) -> dict[str, object]:
    """Wrap chained events of one source and epoch into a signed batch, ready for JSON.

    Args:
        events: at least one and at most `MAX_EVENTS`, in order.
        key: the column's signing key.
    """
    first, last = events[0], events[-1]
    source, epoch = str(first["source"]), int(str(first["epoch"]))
    first_sequence, last_sequence = int(str(first["sequence"])), int(str(last["sequence"]))
    message = head(source, epoch, first_sequence, last_sequence, str(last["hash"]))
    return {
        "source": source,
        "epoch": epoch,
        "firstSequence": first_sequence,
        "lastSequence": last_sequence,
        "previousHash": first["prevhash"],
        "headHash": last["hash"],
        "signature": key.signature(BATCH, message),
        "events": events,
    }


def batch_is_signed(batch: Batch, key: PublicKey) -> bool:
    """Whether the batch's head was signed by `key`."""
    signature = batch.signature
    if signature.key_id != key.id or signature.alg != "Ed25519":
        return False
    message = head(batch.source, batch.epoch, batch.first_sequence, batch.last_sequence, batch.head_hash)
    return key.verify(BATCH, message, signature.value)
