"""Whether a request that a column signed may be answered: its shape, signature, age, nonce and the state of the column.

One way for every message that is an `Asked`; updates use the same parts inside their own transaction. Not for: what is
answered then.
"""

from __future__ import annotations

from typing import TypeVar, cast

from pydantic import ValidationError
from sqlalchemy import Connection, delete

from sync.backoffice import schema
from sync.backoffice.core import BackOffice, Signer, parse_rfc3339, rfc3339
from sync.backoffice.kiosks import Kiosk, lock_kiosk, same_key, signed_by
from sync.backoffice.problems import Refusal
from sync.protocol.attests import Asked
from sync.protocol.canonical import JSON
from sync.protocol.orders import REVOCATION

M = TypeVar("M", bound=Asked)

_ANY_EPOCH = 1
"""Locking a column names a chain; here none is looked at."""


def check_asked(
    office: BackOffice, message: dict[str, object], model: type[M], kind: str
) -> tuple[Signer, M] | Refusal:
    """Check a signed request and use up its nonce, in a transaction of its own.

    Args:
        message: the request as JSON members, as received.
        kind: the kind of message its signature must be for.

    Returns:
        Who asks and what, or why it is refused.
    """
    try:
        request = model.model_validate(message)
    except ValidationError as error:
        return wrong_shape(error)
    signer = signed_by(office, request.source, lambda key: key.verify_object(kind, message))
    if signer is None:
        return Refusal("invalidSignature", "the request is not signed by the key of an enrolled column")
    if not request.nonce.isprintable():
        return Refusal("schemaViolation", "nonce must be printable")
    refusal = out_of_time(office, request.sent_at)
    if refusal:
        return refusal
    with office.database.write() as connection:
        kiosk, _head = lock_kiosk(connection, office.database, signer.kiosk_id, _ANY_EPOCH)
        if not same_key(office, kiosk, signer):
            return Refusal("invalidSignature", "the column signs with another key by now")
        if kiosk.revoked:
            return revoked(office, kiosk, request.nonce)
        if not nonce_is_new(office, connection, kiosk.id, request.nonce):
            return Refusal("replayedRequest", "use a new nonce for every request")
    return signer, request


def revoked(office: BackOffice, kiosk: Kiosk, nonce: str) -> Refusal:
    """The refusal of a revoked column, with the proof that it is ours and in answer to that very request.

    Without the proof a column does nothing but call for a technician: anybody on the way can answer 403.
    """
    proof = {
        "source": kiosk.source,
        "nonce": nonce,
        "revokedAt": rfc3339(kiosk.revoked_ms or 0),
        **({"drainUntil": rfc3339(kiosk.drain_until_ms)} if kiosk.drain_until_ms is not None else {}),
    }
    signed = cast(JSON, office.key.sign_object(REVOCATION, proof))
    return Refusal("kioskRevoked", "the column is out of service", {"revocation": signed})


def wrong_shape(error: ValidationError) -> Refusal:
    """Which member is wrong first; never what it said."""
    first = error.errors(include_url=False, include_input=False)[0]
    return Refusal("schemaViolation", f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}")


def out_of_time(office: BackOffice, sent_at: str) -> Refusal | None:
    """Why the column's time on a request is not good enough, or None."""
    now = office.clock()
    try:
        sent = parse_rfc3339(sent_at)
    except (ValueError, OverflowError):
        return Refusal("schemaViolation", "sentAt must be RFC 3339 with offset")
    if abs(now - sent) > office.settings.request_age_sec * 1000:
        return Refusal("clockSkew", "correct the offset and ask again", {"serverTime": rfc3339(now)})
    return None


def nonce_is_new(office: BackOffice, connection: Connection, kiosk_id: str, nonce: str) -> bool:
    """Remember a nonce of a locked column for as long as its request could be replayed; False when it was there."""
    table, now = schema.request_nonce, office.clock()
    kept_ms = 2 * office.settings.request_age_sec * 1000
    connection.execute(delete(table).where(table.c.kiosk_id == kiosk_id, table.c.seen_ms < now - kept_ms))
    return office.database.claim(connection, table, kiosk_id=kiosk_id, nonce=nonce, seen_ms=now)
