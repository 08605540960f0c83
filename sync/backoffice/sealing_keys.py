"""The public keys that columns seal personal data to, as the back office hands them out.

It holds public halves only: a private half is made by the command line into a file for the unsealer, and never comes
here. Not for: opening anything (`sync.backoffice.unsealer`).
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, select

from sync.backoffice import schema
from sync.backoffice.core import BackOffice, rfc3339
from sync.protocol.canonical import b64url
from sync.protocol.sealing import OpeningKey, SealingKey

VALID_DAYS = 400
"""A little over a year, so that the yearly change has time to reach every column."""
_DAY_MS = 24 * 3600 * 1000


def add_sealing_key(office: BackOffice, public_key: SealingKey, not_before: int, not_after: int) -> str:
    """Hand out a key from now on; a key known already gets this time.

    Args:
        not_before, not_after: UTC milliseconds.

    Returns:
        Its kid.

    Raises:
        ValueError: when the key would end before it begins.
    """
    if not_after <= not_before:
        raise ValueError("a sealing key must end after it begins")
    times = {"not_before_ms": not_before, "not_after_ms": not_after}
    with office.database.write() as connection:
        connection.execute(
            office.database.insert(schema.sealing_key)
            .values(kid=public_key.id, organisation_id=office.site.id, public_key=str(public_key), **times)
            .on_conflict_do_update(index_elements=["kid"], set_=times)
        )
    return public_key.id


def make_sealing_key(office: BackOffice, file: Path) -> str:
    """Make a key pair: the private half into a new file that only its owner reads, the public half to the columns.

    The file is on disk before any column hears of the key.

    Args:
        file: must not exist; base64url of 32 bytes and a newline, mode 0600.

    Returns:
        The kid.

    Raises:
        OSError: when the file exists or cannot be written.
    """
    key = OpeningKey.generate()
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as written:
        written.write(f"{b64url(key.raw)}\n".encode("ascii"))
        written.flush()
        os.fsync(written.fileno())
    now = office.clock()
    return add_sealing_key(office, key.public, now, now + VALID_DAYS * _DAY_MS)


def current_keys(office: BackOffice, connection: Connection) -> list[dict[str, object]]:
    """Every key that has not ended, those of later included, as `OrganisationKey` members."""
    table = schema.sealing_key
    rows = connection.execute(
        select(table)
        .where(table.c.organisation_id == office.site.id, table.c.not_after_ms > office.clock())
        .order_by(table.c.not_before_ms, table.c.kid)
    )
    return [
        {
            "kid": row.kid,
            "publicKey": row.public_key,
            "notBefore": rfc3339(row.not_before_ms),
            "notAfter": rfc3339(row.not_after_ms),
        }
        for row in rows
    ]
