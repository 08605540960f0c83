"""Certificates and revocation lists of the simulated world, as DER.

Not for: which ones there are (`pki`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from drivers.simulated.card.keys import PrivateKey

_SHA256_WITH_RSA = bytes.fromhex("06092A864886F70D01010B")
_SHA1_WITH_RSA = bytes.fromhex("06092A864886F70D010105")
LONGEST_COMMON_NAME = 64
"""Of X.520."""


@dataclass(frozen=True)
class Authority:
    """Somebody with a certificate and its key.

    Attributes:
        certificate: DER.
    """

    certificate: bytes
    key: PrivateKey

    @property
    def name(self) -> x509.Name:
        """Subject of the certificate."""
        return x509.load_der_x509_certificate(self.certificate).subject


@dataclass(frozen=True)
class Wanted:
    """What a certificate is to say.

    Attributes:
        subject: pairs of attribute and text, in order.
        usage: `digital_signature`, `content_commitment` (non-repudiation) or `authority`.
        since, until: validity, UTC.
    """

    subject: tuple[tuple[x509.ObjectIdentifier, str], ...]
    usage: str
    since: datetime
    until: datetime


def country_and(common_name: str, **more: str) -> tuple[tuple[x509.ObjectIdentifier, str], ...]:
    """A subject in Belgium; `more` names attributes of `NameOID` in small letters."""
    rest = tuple((getattr(NameOID, name.upper()), text) for name, text in more.items())
    return ((NameOID.COUNTRY_NAME, "BE"), (NameOID.COMMON_NAME, common_name[:LONGEST_COMMON_NAME]), *rest)


def issue(wanted: Wanted, key: PrivateKey, serial: int, issuer: Authority | None, *, sha1: bool = False) -> Authority:
    """A certificate for `key`, self-signed when there is no issuer.

    Args:
        sha1: sign with SHA-1, as the first cards were; RSA issuers only.
    """
    subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in wanted.subject])
    authority = wanted.usage == "authority"
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.name if issuer else subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(wanted.since)
        .not_valid_after(wanted.until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(_usage(wanted.usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    certificate = builder.sign(signer, SHA256() if isinstance(signer, RSAPrivateKey) else SHA384())
    if sha1 and isinstance(signer, RSAPrivateKey):
        return Authority(_signed_with_sha1(certificate, signer), key)
    return Authority(certificate.public_bytes(Encoding.DER), key)


def revocation_list(issuer: Authority, serials: Iterable[int], made: datetime, valid: timedelta) -> bytes:
    """A list of revoked certificates, DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.name)
        .last_update(made)
        .next_update(made + valid)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    for serial in serials:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(made).build()
        builder = builder.add_revoked_certificate(entry)
    algorithm = SHA256() if isinstance(issuer.key, RSAPrivateKey) else SHA384()
    return builder.sign(issuer.key, algorithm).public_bytes(Encoding.DER)


def _usage(usage: str) -> x509.KeyUsage:
    authority = usage == "authority"
    return x509.KeyUsage(
        digital_signature=usage == "digital_signature",
        content_commitment=usage == "content_commitment",
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _signed_with_sha1(certificate: x509.Certificate, signer: RSAPrivateKey) -> bytes:
    """The same certificate signed anew: the library's builder refuses SHA-1, its keys still sign with it.

    The two algorithm names have the same length, so no length around them changes.
    """
    to_sign = certificate.tbs_certificate_bytes.replace(_SHA256_WITH_RSA, _SHA1_WITH_RSA)
    signature = signer.sign(to_sign, PKCS1v15(), SHA1())  # noqa: S303 - what first-generation cards hold
    return (
        certificate.public_bytes(Encoding.DER)
        .replace(certificate.tbs_certificate_bytes, to_sign)
        .replace(_SHA256_WITH_RSA, _SHA1_WITH_RSA)
        .replace(certificate.signature, signature)
    )
