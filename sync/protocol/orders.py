"""Messages of remote care: commands to a column, what it sends back, its new key, its revocation, its snapshot.

Each is signed over the kind named at the class. Not for: what a command does (`kiosk.core.commands`).
"""

from __future__ import annotations

from pydantic import Field

from sync.protocol.attests import Asked
from sync.protocol.batch import Signature, Wire

COMMAND = "kiosk-command-v1"
REPORT_REQUEST = "kiosk-report-request-v1"
REPORT = "kiosk-report-v1"
KEY_REQUEST = "kiosk-key-request-v1"
KEY = "kiosk-key-v1"
KEY_PROOF = "kiosk-key-proof-v1"
REVOCATION = "kiosk-revocation-v1"
SNAPSHOT_REQUEST = "kiosk-snapshot-request-v1"
UPDATE = "kiosk-update-v1"

LARGEST_REPORT = 360_000
"""Bytes of a report, so that the request that carries them in base64url stays under half a mebibyte."""
LARGEST_SNAPSHOT = 700_000
"""Bytes of a packed snapshot, so that its answer stays under a mebibyte."""

_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


class CommandOrder(Wire):
    """A command to one column. Signed by the back office, kind `kiosk-command-v1`.

    Attributes:
        command_id: UUID version 7.
        arguments: flat.
        by: staff id of who gave it.
    """

    command_id: str = Field(pattern=_UUID)
    source: str
    kind: str = Field(pattern=r"^[A-Za-z]{1,40}$")
    arguments: dict[str, bool | int | str] = Field(max_length=20)
    issued_at: str
    expires_at: str
    by: str = Field(max_length=80)
    signature: Signature


class ReportRequest(Asked):
    """`POST /kiosk/v1/reports`: what a command asked for.

    Attributes:
        name: "diagnostics" or "logs".
        media_type: of the content.
        content: base64url; nothing about a person.
    """

    command_id: str = Field(pattern=_UUID)
    name: str = Field(pattern=r"^[a-z]{1,20}$")
    media_type: str = Field(pattern=r"^[a-z]{1,20}/[a-z0-9.+-]{1,40}$")
    content: str = Field(max_length=LARGEST_REPORT * 4 // 3 + 4)


class ReportKept(Wire):
    """Its answer. Signed, kind `kiosk-report-v1`."""

    source: str
    nonce: str
    command_id: str
    signature: Signature


class KeyRequest(Asked):
    """`POST /kiosk/v1/keys`: the key in use vouches for a new one. The same request with a key that is in use already
    is answered again, because its answer was lost.

    Attributes:
        public_key: the new key, base64url.
        proof: signature of the new key over `source` and the command's id, kind `kiosk-key-proof-v1`.
    """

    command_id: str = Field(pattern=_UUID)
    public_key: str = Field(max_length=60)
    proof: str = Field(max_length=100)


class KeyAccepted(Wire):
    """Its answer: only this key counts from now on. Signed, kind `kiosk-key-v1`."""

    source: str
    nonce: str
    public_key: str
    signature: Signature


class Revocation(Wire):
    """Member `revocation` of a refusal: proof that the back office itself revoked the column that asks. Signed, kind
    `kiosk-revocation-v1`; bound to the request by its nonce, because anybody on the way can answer 403.

    Attributes:
        drain_until: until when events are still accepted; None when they are not.
    """

    source: str
    nonce: str
    revoked_at: str
    drain_until: str | None = None
    signature: Signature


class SnapshotRequest(Asked):
    """`POST /kiosk/v1/snapshots`: the newest settings and offer for this column.

    Attributes:
        active: version in use; 0 for none.
    """

    active: int = Field(ge=0)


class SnapshotAnswer(Wire):
    """Its answer. Signed, kind `kiosk-snapshot-v1`.

    Attributes:
        version: rises with every publication; 0 where there is nothing newer than `active`.
        content: packed folder (see `sync.protocol.packing`), base64url; "" where there is nothing newer.
        settings: values by dotted name, of the settings that may be set from afar.
    """

    source: str
    nonce: str
    version: int = Field(ge=0)
    content: str
    settings: dict[str, bool | int | str] = Field(default_factory=dict)
    signature: Signature


def key_proof(source: str, command_id: str) -> bytes:
    """What a new key signs to prove that its private half is at the column."""
    return f"{source}//{command_id}".encode()
