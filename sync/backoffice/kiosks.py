"""The columns the back office knows: finding one, and locking it for the length of a transaction.

Not for: letting a new one in (`enrolment`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Row, bindparam, select, update

from sync.backoffice import schema
from sync.backoffice.core import BackOffice, Signer
from sync.backoffice.database import Database
from sync.backoffice.trust import revoke_certificates_of
from sync.protocol.signing import PublicKey

_FIND = select(schema.kiosk).where(
    schema.kiosk.c.organisation_id == bindparam("organisation"), schema.kiosk.c.source == bindparam("source")
)
_LOCK = (
    select(schema.kiosk, schema.chain.c.acked_sequence, schema.chain.c.acked_hash)
    .join_from(
        schema.kiosk,
        schema.chain,
        (schema.chain.c.kiosk_id == schema.kiosk.c.id) & (schema.chain.c.epoch == bindparam("in_epoch")),
        isouter=True,
    )
    .where(schema.kiosk.c.id == bindparam("kiosk"))
    .with_for_update(of=schema.kiosk)
)


@dataclass(frozen=True)
class Head:
    """Last accepted event of a chain."""

    sequence: int
    hash: str


@dataclass(frozen=True)
class Kiosk:
    """One enrolled column.

    Attributes:
        ordinal: counts up per office; breaks ties in the queue.
        suffix: on its last-resort numbers, "K3".
        epoch: the chain it was last granted.
        receipt_hash: hash of its signed receipt, where every chain of it begins.
        quarantined: its chain forked; it gets no numbers until it is enrolled again.
    """

    id: str
    office_id: str
    ordinal: int
    suffix: str
    source: str
    public_key: str
    epoch: int
    receipt_hash: str
    last_seen_ms: int
    revoked: bool
    quarantined: bool


def find_kiosk(connection: Connection, database: Database, organisation_id: str, source: str) -> Kiosk | None:
    """The column with that source, revoked ones included."""
    if not source.isprintable():
        return None
    row = database.bulk.run(connection, _FIND, {"organisation": organisation_id, "source": source}).first()
    return _kiosk(row) if row else None


def signer_of(office: BackOffice, source: str) -> Signer | None:
    """Who signs under that source; remembered, because neither its key nor its place ever changes."""
    known = office.signers.get(source)
    if known is None:
        with office.database.read() as connection:
            kiosk = find_kiosk(connection, office.database, office.site.id, source)
        if kiosk is None:
            return None
        known = office.signers[source] = Signer(kiosk.id, kiosk.office_id, PublicKey.parse(kiosk.public_key))
    return known


def lock_kiosk(connection: Connection, database: Database, kiosk_id: str, epoch: int) -> tuple[Kiosk, Head]:
    """The column as it is now and the head of one of its chains, locked until the transaction ends.

    A chain not yet begun has its head at the receipt of enrolment. On SQLite the writer lock is held already.
    """
    row = database.bulk.run(connection, _LOCK, {"kiosk": kiosk_id, "in_epoch": epoch}).one()
    kiosk = _kiosk(row)
    if row.acked_sequence is None:
        return kiosk, Head(0, kiosk.receipt_hash)
    return kiosk, Head(row.acked_sequence, row.acked_hash)


def kiosks_of(connection: Connection, organisation_id: str, office_id: str) -> list[Kiosk]:
    """The columns of an office that are not revoked, by ordinal."""
    table = schema.kiosk
    rows = connection.execute(
        select(table)
        .where(table.c.organisation_id == organisation_id, table.c.office_id == office_id, table.c.revoked_ms.is_(None))
        .order_by(table.c.ordinal)
    )
    return [_kiosk(row) for row in rows]


def revoke_kiosk(office: BackOffice, kiosk_id: str) -> bool:
    """Refuse everything this column sends from now on; its numbers stay burnt, and no seal it makes counts any more.

    Returns:
        False when there is no such column.
    """
    table = schema.kiosk
    with office.database.write() as connection:
        done = connection.execute(
            update(table)
            .where(table.c.id == kiosk_id, table.c.organisation_id == office.site.id)
            .values(revoked_ms=office.clock())
        )
        revoke_certificates_of(office, connection, kiosk_id)
    return done.rowcount == 1


def _kiosk(row: Row[tuple[object, ...]]) -> Kiosk:
    return Kiosk(
        id=row.id,
        office_id=row.office_id,
        ordinal=row.ordinal,
        suffix=row.suffix,
        source=row.source,
        public_key=row.public_key,
        epoch=row.epoch,
        receipt_hash=row.receipt_hash,
        last_seen_ms=row.last_seen_ms,
        revoked=row.revoked_ms is not None,
        quarantined=row.quarantined_ms is not None,
    )
