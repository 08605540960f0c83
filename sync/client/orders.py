"""Which commands of an answer are genuine: each signed by the pinned key, for this column. Pure.

Whether a genuine one may be carried out is decided when it is about to be (`kiosk.core.commands`). Not for: keeping.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError

from kiosk.core.commands import Command, Reason, Refusal
from sync.client.answers import parse_time
from sync.client.identity import Identity
from sync.protocol.canonical import canonical, sha256
from sync.protocol.orders import COMMAND, CommandOrder


@dataclass(frozen=True)
class Rejected:
    """What says it is a command and is none for us.

    Attributes:
        key: its own, so that it never stands in the way of a genuine command of the same id.
        claimed: as far as it can be read; nothing in it is proved.
    """

    key: str
    claimed: Command
    refused: Refusal


def read_command(raw: dict[str, object], identity: Identity) -> Command | Rejected | None:
    """A genuine command, or why not; None for what does not even name itself."""
    try:
        order = CommandOrder.model_validate(raw)
    except ValidationError:
        return _malformed(raw)
    issued_at, expires_at = parse_time(order.issued_at), parse_time(order.expires_at)
    if issued_at is None or expires_at is None:
        return _malformed(raw)
    command = Command(order.command_id, order.kind, order.arguments, issued_at, expires_at, order.by)
    if not identity.backoffice.verify_object(COMMAND, raw):
        return _rejected(raw, command, Reason.WRONG_SIGNATURE)
    if order.source != identity.column.source:
        return _rejected(raw, command, Reason.OTHER_COLUMN)
    return command


def _malformed(raw: dict[str, object]) -> Rejected | None:
    named = {"commandId": raw.get("commandId"), "kind": raw.get("kind")}
    never = datetime.fromtimestamp(0, UTC)
    try:
        id_only = CommandOrder.model_validate(
            {**named, "source": "", "arguments": {}, "issuedAt": "", "expiresAt": "", "by": "", "signature": _NONE}
        )
    except ValidationError:
        return None
    return _rejected(raw, Command(id_only.command_id, id_only.kind, {}, never, never, ""), Reason.MALFORMED)


_NONE = {"keyId": "", "alg": "", "value": ""}


def _rejected(raw: dict[str, object], claimed: Command, reason: Reason) -> Rejected:
    try:
        digest = sha256(canonical(raw))
    except (ValueError, RecursionError):
        digest = claimed.id
    return Rejected(f"rejected:{digest}", claimed, Refusal(reason))
