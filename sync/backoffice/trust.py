"""Which keys and attests count: the signed trust list, and everything that takes trust away.

The list is made from the tables each time its version or the day changes, so that it can be fetched by anybody at any
time and carried in a file. Not for: giving out certificates (`authority`) or judging a seal (`kiosk.documents.seal`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from sync.backoffice import schema
from sync.backoffice.core import BackOffice, rfc3339
from sync.protocol.attests import TRUST
from sync.protocol.canonical import b64url, canonical

COUNTS_NOT = ("revoked", "voided")
"""States of an attest that stand on the list."""
_DAY_MS = 24 * 3600 * 1000


class NoAuthority(ValueError):
    """The site cannot certify keys; the text says what would be right."""


class UnknownCertificate(ValueError):
    """No key of this organisation has that name."""


class UnknownAttest(ValueError):
    """There is no such attest."""


class WrongState(ValueError):
    """The attest was already taken back in another way.

    Attributes:
        state: the one it has.
    """

    def __init__(self, number: str, state: str) -> None:
        super().__init__(f"attest {number} is {state} already; only one that counts can be taken back")
        self.state = state


@dataclass(frozen=True)
class TrustFile:
    """The list as it is served.

    Attributes:
        made_ms: when it was made; with the version its ETag.
    """

    version: int
    made_ms: int
    body: bytes

    @property
    def etag(self) -> str:
        """Names this very list."""
        return f'"{self.version}-{self.made_ms}"'


def trust_list(office: BackOffice) -> dict[str, object]:
    """The signed `TrustList` of now, as JSON members; the first call makes the authority.

    Raises:
        NoAuthority: when the site issues no attests.
    """
    from sync.backoffice.authority import load_authority

    with office.database.write() as connection:
        authority = load_authority(office, connection)
        version = _version(office, connection)
        issuers = [_issuer(row) for row in _certificates(office, connection)]
        revoked = [_revoked(row) for row in _taken_back(office, connection)]
    return office.key.sign_object(
        TRUST,
        {
            "version": version,
            "organisation": office.site.id,
            "issuedAt": rfc3339(office.clock()),
            "publicKey": str(office.key.public),
            "authorities": [b64url(authority.der)],
            "issuers": issuers,
            "revoked": revoked,
        },
    )


def trust_file(office: BackOffice) -> TrustFile:
    """The list as bytes, from memory while neither version nor day changed.

    Raises:
        NoAuthority: when the site issues no attests.
    """
    kept = office.trust.get(office.site.id)
    with office.database.read() as connection:
        version = _version(office, connection)
    now = office.clock()
    if kept is None or kept.version != version or kept.made_ms // _DAY_MS != now // _DAY_MS:
        members = trust_list(office)
        kept = TrustFile(int(str(members["version"])), now, canonical(members))
        office.trust[office.site.id] = kept
    return kept


def raise_version(office: BackOffice, connection: Connection) -> None:
    """The list says something new from now on; without an authority there is no list and nothing to do."""
    table = schema.authority
    connection.execute(
        update(table).where(table.c.organisation_id == office.site.id).values(trust_version=table.c.trust_version + 1)
    )


def revoke_certificate(office: BackOffice, kid: str, from_ms: int) -> None:
    """What this key seals from then on does not count; a later moment than an earlier revocation changes nothing.

    Args:
        kid: as on the list.
        from_ms: UTC milliseconds; before now when the key was in wrong hands earlier.

    Raises:
        UnknownCertificate: when the organisation has no such key.
    """
    table = schema.attest_certificate
    with office.database.write() as connection:
        found = connection.execute(
            select(table.c.kid).where(table.c.organisation_id == office.site.id, table.c.kid == kid)
        ).first()
        if found is None:
            raise UnknownCertificate(f"there is no key {kid!r}; the trust list names those there are")
        if _revoke(connection, from_ms, table.c.kid == kid):
            raise_version(office, connection)


def revoke_certificates_of(office: BackOffice, connection: Connection, kiosk_id: str) -> None:
    """Nothing a column seals from now on counts; in the transaction that revokes the column."""
    table = schema.attest_certificate.c
    mine = (table.organisation_id == office.site.id) & (table.kiosk_id == kiosk_id)
    if _revoke(connection, office.clock(), mine):
        raise_version(office, connection)


def revoke_attest(office: BackOffice, attest_id: str, reason: str, by: str) -> None:
    """Staff take an attest back: it should not have been given. Again does nothing, the first reason stays.

    Args:
        by: login of who decides.

    Raises:
        UnknownAttest: when there is none.
        WrongState: when it was voided.
    """
    _take_back(office, attest_id, "revoked", reason, by)


def void_attest(office: BackOffice, attest_id: str, reason: str, by: str) -> None:
    """The attest reached nobody and does not count. Again does nothing, the first reason stays.

    Args:
        by: login of who decides.

    Raises:
        UnknownAttest: when there is none.
        WrongState: when it was revoked.
    """
    _take_back(office, attest_id, "voided", reason, by)


def _take_back(office: BackOffice, attest_id: str, state: str, reason: str, by: str) -> None:
    table = schema.attest
    here = (table.c.id == attest_id) & (table.c.organisation_id == office.site.id)
    with office.database.write() as connection:
        row = connection.execute(select(table.c.state, table.c.number).where(here).with_for_update()).first()
        if row is None:
            raise UnknownAttest("there is no such attest; give its id or number as on the paper")
        if row.state == state:
            return
        if row.state != "issued":
            raise WrongState(row.number, row.state)
        connection.execute(
            update(table).where(here).values(state=state, reason=reason, decided_by=by[:80], decided_ms=office.clock())
        )
        raise_version(office, connection)


def _revoke(connection: Connection, from_ms: int, which: ColumnElement[bool]) -> bool:
    table = schema.attest_certificate
    later = table.c.revoked_from_ms.is_(None) | (table.c.revoked_from_ms > from_ms)
    return connection.execute(update(table).where(which, later).values(revoked_from_ms=from_ms)).rowcount > 0


def _version(office: BackOffice, connection: Connection) -> int:
    table = schema.authority.c
    found = connection.execute(select(table.trust_version).where(table.organisation_id == office.site.id)).scalar()
    return int(found or 0)


def _certificates(office: BackOffice, connection: Connection) -> list[Row[tuple[object, ...]]]:
    table = schema.attest_certificate
    rows = select(table).where(table.c.organisation_id == office.site.id).order_by(table.c.issued_ms, table.c.kid)
    return list(connection.execute(rows))


def _taken_back(office: BackOffice, connection: Connection) -> list[Row[tuple[object, ...]]]:
    table = schema.attest
    rows = (
        select(table.c.id, func.coalesce(table.c.decided_ms, table.c.issued_ms).label("at_ms"))
        .where(table.c.organisation_id == office.site.id, table.c.state.in_(COUNTS_NOT))
        .order_by(table.c.id)
    )
    return list(connection.execute(rows))


def _issuer(row: Row[tuple[object, ...]]) -> dict[str, object]:
    revoked = {} if row.revoked_from_ms is None else {"revokedFrom": rfc3339(row.revoked_from_ms)}
    return {
        "kid": row.kid,
        "certificate": b64url(bytes(row.certificate)),
        "validFrom": rfc3339(row.valid_from_ms),
        "validTo": rfc3339(row.valid_to_ms),
        **revoked,
    }


def _revoked(row: Row[tuple[object, ...]]) -> dict[str, object]:
    return {"id": b64url(uuid.UUID(row.id).bytes), "revokedAt": rfc3339(row.at_ms)}
