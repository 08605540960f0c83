"""Settings and offer for columns: each publication is a whole folder with a version that only rises.

`POST /kiosk/v1/snapshots` gives a column the newest one with the settings made for it. Not for: what is in the folder
(`config.site`), which whoever publishes checks first, and the column checks again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, insert, select

from sync.backoffice import schema
from sync.backoffice.asked import check_asked
from sync.backoffice.core import BackOffice
from sync.backoffice.problems import Refusal
from sync.protocol.canonical import b64url
from sync.protocol.orders import LARGEST_SNAPSHOT, SNAPSHOT_REQUEST, SnapshotRequest
from sync.protocol.signing import SNAPSHOT

Setting = str | int | bool


class CannotPublish(ValueError):
    """A folder that cannot be published; the text says why."""


def newest_version(office: BackOffice, connection: Connection) -> int:
    """Version of the latest publication; 0 where there is none."""
    table = schema.site_release.c
    return int(
        connection.execute(
            select(func.max(table.version)).where(table.organisation_id == office.site.id)
        ).scalar_one_or_none()
        or 0
    )


def publish(office: BackOffice, packed: bytes, by: str) -> int:
    """Publish a packed folder as the newest version; its version.

    Raises:
        CannotPublish: when it is too large to be fetched.
    """
    if len(packed) > LARGEST_SNAPSHOT:
        raise CannotPublish(f"the folder is {len(packed)} bytes when packed; the most is {LARGEST_SNAPSHOT}")
    with office.database.write() as connection:
        return _add(office, connection, packed, by)


def set_for_column(office: BackOffice, kiosk_id: str, name: str, value: Setting | None, by: str) -> int:
    """Set one setting of one column, or take it back (None), and publish the newest folder again; the version.

    Raises:
        CannotPublish: when nothing was ever published.
    """
    table = schema.column_setting
    with office.database.write() as connection:
        newest = _newest(office, connection)
        if newest is None:
            raise CannotPublish("publish the folder of the site first, with `zuil backoffice publish-site FOLDER`")
        connection.execute(delete(table).where(table.c.kiosk_id == kiosk_id, table.c.name == name))
        if value is not None:
            row = {"kiosk_id": kiosk_id, "name": name, "value": json.dumps(value), "set_by": by}
            connection.execute(insert(table).values(**row, set_ms=office.clock()))
        return _add(office, connection, newest[1], by)


def settings_of(connection: Connection, kiosk_id: str) -> dict[str, Setting]:
    """The settings made for one column, by dotted name."""
    table = schema.column_setting.c
    rows = connection.execute(select(table.name, table.value).where(table.kiosk_id == kiosk_id).order_by(table.name))
    return {str(row.name): json.loads(row.value) for row in rows}


def answer_snapshot(office: BackOffice, message: dict[str, object]) -> dict[str, object] | Refusal:
    """Check a signed `SnapshotRequest` and answer it with the newest version, when the column has an older one.

    Args:
        message: the request as JSON members, as received.
    """
    asked = check_asked(office, message, SnapshotRequest, SNAPSHOT_REQUEST)
    if isinstance(asked, Refusal):
        return asked
    signer, request = asked
    with office.database.read() as connection:
        newest = _newest(office, connection)
        settings: Mapping[str, Setting] = settings_of(connection, signer.kiosk_id)
    version, content = newest if newest is not None and newest[0] > request.active else (0, b"")
    answer: dict[str, object] = {
        "source": request.source,
        "nonce": request.nonce,
        "version": version,
        "content": b64url(content),
        "settings": dict(settings) if version else {},
    }
    return office.key.sign_object(SNAPSHOT, answer)


def _newest(office: BackOffice, connection: Connection) -> tuple[int, bytes] | None:
    table = schema.site_release.c
    row = connection.execute(
        select(table.version, table.content)
        .where(table.organisation_id == office.site.id)
        .order_by(table.version.desc())
        .limit(1)
    ).first()
    return None if row is None else (int(row.version), bytes(row.content))


def _add(office: BackOffice, connection: Connection, packed: bytes, by: str) -> int:
    organisation = schema.organisation.c
    connection.execute(select(organisation.id).where(organisation.id == office.site.id).with_for_update())
    version = newest_version(office, connection) + 1
    connection.execute(
        insert(schema.site_release).values(
            organisation_id=office.site.id,
            version=version,
            content=packed,
            published_by=by,
            published_ms=office.clock(),
        )
    )
    return version
