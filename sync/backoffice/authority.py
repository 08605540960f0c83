"""The municipality's own authority: a P-256 certificate made at first need, and the certificates it gives to columns.

Its private key lies in the database, as the signing key of the back office does; whoever copies one copies the other.
Imported only when used, because it loads X.509. Not for: who may have a certificate (`certificates`) or which of them
count (`trust`).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import Connection, insert, select

from sync.backoffice import schema
from sync.backoffice.core import BackOffice
from sync.backoffice.trust import NoAuthority, raise_version
from sync.protocol.canonical import b64url

if TYPE_CHECKING:
    from kiosk.documents.seal_contract import AttestKey
    from sync.backoffice.kiosks import Kiosk

YEARS = 10
_HOUR_MS = 3600 * 1000
_DAY_MS = 24 * _HOUR_MS
_EARLIER_MS = _HOUR_MS
"""A certificate begins so long before now, for columns whose clock is behind."""
_ENTERPRISE = re.compile(r"[0-9]{10}\Z")
_NAME_LENGTH = 64


@dataclass(frozen=True, repr=False)
class Authority:
    """The key and certificate that stand above every key that seals attests."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        """The certificate in DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)


def load_authority(office: BackOffice, connection: Connection) -> Authority:
    """The authority of the site, made now if there is none yet.

    Args:
        connection: of a writing transaction.

    Raises:
        NoAuthority: when the site issues no attests, or has become another enterprise.
    """
    identifier = _identifier(office)
    row = _row(office, connection)
    if row is None:
        _make(office, connection)
        row = _row(office, connection)
    if row is None:
        raise NoAuthority("the authority was not kept; look whether the database can be written")
    made = _read(*row)
    told = made.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    if [attribute.value for attribute in told] != [identifier]:
        raise NoAuthority(f"the authority was made for another enterprise number than {identifier[6:]} of the site")
    return made


def issue_certificate(
    office: BackOffice, connection: Connection, kiosk: Kiosk | None, public_key: ec.EllipticCurvePublicKey
) -> bytes:
    """Certify a key that seals attests, and put it on the trust list.

    Args:
        connection: of a writing transaction.
        kiosk: whose key it is; None for the back office's own.

    Returns:
        The certificate in DER.

    Raises:
        NoAuthority: as `load_authority`.
    """
    authority = load_authority(office, connection)
    now = office.clock()
    ends = int(authority.certificate.not_valid_after_utc.timestamp() * 1000)
    valid_from = (now - _EARLIER_MS) // 1000 * 1000
    valid_to = min(ends, (now + office.settings.attest_certificate_days * _DAY_MS) // 1000 * 1000)
    subject = _name(office, kiosk.id if kiosk is not None else f"{office.site.id} back office")
    issuer = authority.certificate
    builder = (
        _builder(subject, issuer.subject, public_key, valid_from, valid_to)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
    )
    der = builder.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    connection.execute(
        insert(schema.attest_certificate).values(
            kid=kid_of(der),
            organisation_id=office.site.id,
            kiosk_id=kiosk.id if kiosk is not None else None,
            certificate=der,
            issued_ms=now,
            valid_from_ms=valid_from,
            valid_to_ms=valid_to,
        )
    )
    raise_version(office, connection)
    return der


def kid_of(certificate: bytes) -> str:
    """Name of a key: the first 8 bytes of the SHA-256 of its certificate, base64url."""
    return b64url(hashlib.sha256(certificate).digest()[:8])


def make_office_key(office: BackOffice, folder: Path) -> AttestKey:
    """Give the unsealer a key of its own for documents that are made centrally.

    A new one at each call: the private half is made in `folder`, is never in the database, and stays there.

    Args:
        folder: of the unsealer, for this key alone.

    Raises:
        NoAuthority: as `load_authority`.
    """
    from kiosk.documents.seal.keys import FileAttestKey, install, make_request
    from sync.backoffice.certificates import key_of_request

    key = key_of_request(make_request(folder))
    if isinstance(key, str):
        raise ValueError(f"the key in {folder} cannot be certified: {key}")
    with office.database.write() as connection:
        certificate = issue_certificate(office, connection, None, key)
        chain = load_authority(office, connection).der
    install(folder, certificate, (chain,))
    return FileAttestKey.load(folder)


def _identifier(office: BackOffice) -> str:
    number = office.site.enterprise_number
    if not _ENTERPRISE.match(number):
        raise NoAuthority(
            "this site issues no attests: give its file a [signing] with an enterprise number of 10 digits"
        )
    return f"NTRBE-{number}"


def _row(office: BackOffice, connection: Connection) -> tuple[bytes, bytes] | None:
    table = schema.authority.c
    row = connection.execute(
        select(table.private_key, table.certificate).where(table.organisation_id == office.site.id)
    ).first()
    return (bytes(row.private_key), bytes(row.certificate)) if row else None


def _make(office: BackOffice, connection: Connection) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    organisation = office.site.words(office.site.name, office.site.languages[0])
    subject = _name(office, f"{organisation} attests"[:_NAME_LENGTH])
    starts = office.clock() - _EARLIER_MS
    builder = (
        _builder(subject, subject, key.public_key(), starts, starts + YEARS * 365 * _DAY_MS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    )
    certificate = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    connection.execute(
        office.database.insert(schema.authority)
        .values(
            organisation_id=office.site.id,
            private_key=private,
            certificate=certificate.public_bytes(serialization.Encoding.DER),
            trust_version=1,
        )
        .on_conflict_do_nothing()
    )


def _read(private: bytes, certificate: bytes) -> Authority:
    key = serialization.load_der_private_key(private, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise NoAuthority("the key of the authority in the database is no elliptic key")
    return Authority(key, x509.load_der_x509_certificate(certificate))


def _name(office: BackOffice, common: str) -> x509.Name:
    organisation = office.site.words(office.site.name, office.site.languages[0])
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:_NAME_LENGTH]),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, _identifier(office)),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, from_ms: int, to_ms: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_moment(from_ms))
        .not_valid_after(_moment(to_ms))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC)
