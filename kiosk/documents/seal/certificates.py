"""What is read of a certificate: whose it is, which key it has, and who issued it.

Not for: deciding whom to trust (`trust`).
"""

from __future__ import annotations

import hashlib
import re

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

_REGISTERED = re.compile(r"NTRBE-([0-9]{10})")
_SURPRISES = (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension)
"""What the library says of a certificate that is none."""


class BadCertificate(ValueError):
    """A certificate that cannot be used; the text says why."""


def load(der: bytes) -> x509.Certificate:
    """A certificate whose names, key and extensions can be read.

    Raises:
        BadCertificate: when it is none.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        _ = certificate.extensions, certificate.public_key(), certificate.subject, certificate.issuer
        _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except _SURPRISES as error:
        raise BadCertificate("this is no certificate in DER that can be read") from error
    return certificate


def kid_of(der: bytes) -> bytes:
    """First 8 bytes of the SHA-256 of a certificate in DER."""
    return hashlib.sha256(der).digest()[:8]


def organisation_of(certificate: x509.Certificate) -> str:
    """Name of the organisation, or empty."""
    return _only(certificate, NameOID.ORGANIZATION_NAME)


def issuer_of(certificate: x509.Certificate) -> str:
    """The organisation as a seal names it, `BE:<ten digits>`; empty where it is no Belgian enterprise."""
    found = _REGISTERED.fullmatch(_only(certificate, NameOID.ORGANIZATION_IDENTIFIER))
    return f"BE:{found[1]}" if found else ""


def seals(certificate: x509.Certificate) -> bool:
    """Whether its key is of a kind that seals, and may sign at all."""
    key = certificate.public_key()
    p256 = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    if not (p256 or isinstance(key, ed25519.Ed25519PublicKey)) or is_authority(certificate):
        return False
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it may issue others."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether an authority signed it."""
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, *_SURPRISES):
        return False
    return is_authority(authority)


def der_of(certificate: x509.Certificate) -> bytes:
    """Its bytes."""
    return certificate.public_bytes(Encoding.DER)


def _only(certificate: x509.Certificate, name: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(name)
    value = found[0].value if len(found) == 1 else ""
    return value if isinstance(value, str) else ""
