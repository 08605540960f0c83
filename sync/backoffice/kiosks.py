"""The columns the back office knows: finding one, and locking it for the length of a transaction.

Not for: letting a new one in (`enrolment`).
"""

from __future__ import annotations

from collections.abc import Callable
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
        revoked_ms: since when nothing of it counts; None while it is trusted.
        drain_until_ms: until when a revoked column may hand in its last events; None when it may not.
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
    quarantined: bool
    revoked_ms: int | None = None
    drain_until_ms: int | None = None

    @property
    def revoked(self) -> bool:
        """Whether nothing of it counts any more."""
        return self.revoked_ms is not None

    def may_drain(self, now_ms: int) -> bool:
        """Whether it is revoked and may still hand in events."""
        return self.drain_until_ms is not None and now_ms < self.drain_until_ms


def find_kiosk(connection: Connection, database: Database, organisation_id: str, source: str) -> Kiosk | None:
    """The column with that source, revoked ones included."""
    if not source.isprintable():
        return None
    row = database.bulk.run(connection, _FIND, {"organisation": organisation_id, "source": source}).first()
    return _kiosk(row) if row else None


def signed_by(office: BackOffice, source: str, good: Callable[[PublicKey], bool]) -> Signer | None:
    """Who signs under that source, when `good` says so of its key; None for everybody else.

    A key may have been rotated while this process remembered the one before, so a refusal looks again.
    """
    known = signer_of(office, source)
    if known is not None and good(known.key):
        return known
    if known is None or office.signers.pop(source, None) is None:
        return None
    again = signer_of(office, source)
    return again if again is not None and again.key != known.key and good(again.key) else None


def same_key(office: BackOffice, kiosk: Kiosk, signer: Signer) -> bool:
    """Whether the locked column still signs with that key; another process may have rotated it."""
    if kiosk.public_key == str(signer.key):
        return True
    office.signers.pop(kiosk.source, None)
    return False


def signer_of(office: BackOffice, source: str) -> Signer | None:
    """Who signs under that source, as last heard; see `signed_by`."""
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


def revoke_kiosk(office: BackOffice, kiosk_id: str, drain_hours: int = 0, by: str = "") -> bool:
    """Refuse everything this column sends from now on; its numbers stay burnt, and no seal it makes counts any more.

    Args:
        drain_hours: for so long its last events are still taken; 0 for not at all, as for a stolen column.
        by: who did it, for the record.

    Returns:
        False when there is no such column.
    """
    table, now = schema.kiosk, office.clock()
    with office.database.write() as connection:
        done = connection.execute(
            update(table)
            .where(table.c.id == kiosk_id, table.c.organisation_id == office.site.id)
            .values(
                revoked_ms=now, drain_until_ms=now + drain_hours * 3_600_000 if drain_hours else None, revoked_by=by
            )
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
        quarantined=row.quarantined_ms is not None,
        revoked_ms=row.revoked_ms,
        drain_until_ms=row.drain_until_ms,
    )
