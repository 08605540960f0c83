"""Files that wait for one download each: encrypted by the column, with a key the back office never sees.

A file lives for half an hour and goes with the first fetch. Not for: the page that decrypts it in the browser
(`pages`).
"""

from __future__ import annotations

import secrets

from sqlalchemy import delete, func, insert, select

from sync.backoffice import schema
from sync.backoffice.asked import check_asked
from sync.backoffice.core import BackOffice, rfc3339
from sync.backoffice.problems import Refusal
from sync.protocol.attests import DOWNLOAD, DOWNLOAD_REQUEST, DownloadRequest
from sync.protocol.canonical import unb64url

MINUTES = 30
MOST_WAITING = 5
"""Files of one column that wait at the same time."""
_SMALLEST = 12 + 16
"""Nonce and tag of AES-GCM around an empty file."""


def keep_download(office: BackOffice, message: dict[str, object]) -> dict[str, object] | Refusal:
    """Check a signed `DownloadRequest`, keep its file, and answer with a signed `DownloadOffer`.

    Args:
        message: the request as JSON members, as received.
    """
    asked = check_asked(office, message, DownloadRequest, DOWNLOAD_REQUEST)
    if isinstance(asked, Refusal):
        return asked
    signer, request = asked
    try:
        content = unb64url(request.content)
    except ValueError:
        content = b""
    if len(content) < _SMALLEST:
        return Refusal("schemaViolation", "content: must be base64url of nonce and encrypted file")
    table, now = schema.download, office.clock()
    file_id, expires_ms = secrets.token_urlsafe(32), now + MINUTES * 60_000
    mine = (table.c.organisation_id == office.site.id) & (table.c.kiosk_id == signer.kiosk_id)
    with office.database.write() as connection:
        connection.execute(delete(table).where(table.c.expires_ms <= now))
        waiting = connection.execute(select(func.count()).where(mine)).scalar_one()
        if waiting >= MOST_WAITING:
            return Refusal("tooManyRequests", f"at most {MOST_WAITING} files wait at a time", {"retryAfterSec": 60})
        connection.execute(
            insert(table).values(
                id=file_id,
                organisation_id=office.site.id,
                kiosk_id=signer.kiosk_id,
                content=content,
                expires_ms=expires_ms,
            )
        )
    answer: dict[str, object] = {
        "source": request.source,
        "nonce": request.nonce,
        "id": file_id,
        "expiresAt": rfc3339(expires_ms),
    }
    return office.key.sign_object(DOWNLOAD, answer)


def fetch_once(office: BackOffice, id: str) -> bytes | None:
    """The encrypted file of that id, which is gone then; None when it is not there (any more)."""
    table = schema.download
    with office.database.write() as connection:
        connection.execute(delete(table).where(table.c.expires_ms <= office.clock()))
        content = connection.execute(
            delete(table).where(table.c.id == id, table.c.organisation_id == office.site.id).returning(table.c.content)
        ).scalar()
    return bytes(content) if content is not None else None


def remove_expired(office: BackOffice) -> int:
    """Remove the files nobody fetched in time; returns how many."""
    table = schema.download
    with office.database.write() as connection:
        return connection.execute(delete(table).where(table.c.expires_ms <= office.clock())).rowcount
