"""Giving a column a certificate for its sealing key: `POST /kiosk/v1/certificates`.

Only the key of the request counts; every name in the certificate is the back office's. The same key asked again gets
the same certificate: its answer was lost. Not for: making the certificate (`authority`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, func, select

from sync.backoffice import schema
from sync.backoffice.asked import check_asked
from sync.backoffice.core import BackOffice
from sync.backoffice.kiosks import lock_kiosk
from sync.backoffice.problems import Refusal
from sync.backoffice.trust import NoAuthority
from sync.protocol.attests import CERTIFICATE, CERTIFICATE_REQUEST, CertificateRequest
from sync.protocol.canonical import b64url, unb64url

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

MOST_A_DAY = 5
"""New certificates of one column in a day; each stays on the trust list for good."""
_DAY_MS = 24 * 3600 * 1000


def grant_certificate(office: BackOffice, message: dict[str, object]) -> dict[str, object] | Refusal:
    """Check a signed `CertificateRequest` and answer it with a signed `CertificateGrant`.

    Args:
        message: the request as JSON members, as received.
    """
    asked = check_asked(office, message, CertificateRequest, CERTIFICATE_REQUEST)
    if isinstance(asked, Refusal):
        return asked
    signer, request = asked
    try:
        key = key_of_request(unb64url(request.csr))
    except ValueError:
        key = "it is not base64url"
    if isinstance(key, str):
        return Refusal("schemaViolation", f"csr: {key}")
    try:
        with office.database.write() as connection:
            granted = _grant(office, connection, signer.kiosk_id, key)
    except NoAuthority as error:
        return Refusal("resourceNotFound", str(error))
    if isinstance(granted, Refusal):
        return granted
    certificate, authority = granted
    answer: dict[str, object] = {
        "source": request.source,
        "nonce": request.nonce,
        "certificate": b64url(certificate),
        "chain": [b64url(authority)],
    }
    return office.key.sign_object(CERTIFICATE, answer)


def key_of_request(der: bytes) -> EllipticCurvePublicKey | str:
    """The key of a PKCS#10 request whose own signature proves that the asker has its private half.

    Args:
        der: bytes of anybody.

    Returns:
        The P-256 key, or what is wrong.
    """
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        request = x509.load_der_x509_csr(der)
        key = request.public_key()
        # The kind of key is looked at first: checking a signature of another kind may cost a great deal.
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            return "its key must be P-256"
        return key if request.is_signature_valid else "it is not signed with its own key"
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return "it is no PKCS#10 request in DER"


def _grant(
    office: BackOffice, connection: Connection, kiosk_id: str, key: EllipticCurvePublicKey
) -> tuple[bytes, bytes] | Refusal:
    from sync.backoffice.authority import issue_certificate, load_authority

    kiosk, _head = lock_kiosk(connection, office.database, kiosk_id, 1)
    if kiosk.revoked:
        return Refusal("kioskRevoked")
    authority = load_authority(office, connection).der
    known = _known(office, connection, kiosk_id, key)
    if known is not None and known.revoked_from_ms is not None:
        return Refusal("schemaViolation", "csr: this key was revoked; make a new one")
    if known is not None:
        return bytes(known.certificate), authority
    if _given_today(office, connection, kiosk_id) >= MOST_A_DAY:
        return Refusal("tooManyRequests", f"at most {MOST_A_DAY} certificates a day", {"retryAfterSec": 3600})
    return issue_certificate(office, connection, kiosk, key), authority


def _known(
    office: BackOffice, connection: Connection, kiosk_id: str, key: EllipticCurvePublicKey
) -> Row[tuple[object, ...]] | None:
    """The certificate this column has for that key, while it lasts or when it was revoked."""
    from cryptography import x509

    table = schema.attest_certificate
    rows = connection.execute(
        select(table).where(
            table.c.organisation_id == office.site.id,
            table.c.kiosk_id == kiosk_id,
            (table.c.valid_to_ms > office.clock()) | table.c.revoked_from_ms.is_not(None),
        )
    )
    for row in rows:
        if x509.load_der_x509_certificate(bytes(row.certificate)).public_key() == key:
            return row
    return None


def _given_today(office: BackOffice, connection: Connection, kiosk_id: str) -> int:
    table = schema.attest_certificate.c
    return int(
        connection.execute(
            select(func.count()).where(
                table.organisation_id == office.site.id,
                table.kiosk_id == kiosk_id,
                table.issued_ms > office.clock() - _DAY_MS,
            )
        ).scalar_one()
    )
