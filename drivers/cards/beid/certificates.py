"""Certificates as they lie on the card: DER, then zeros; a file of zeros only means that there is none.

Not for: whether they are to be trusted (`chain`).
"""

from __future__ import annotations

import warnings

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from drivers.cards.beid.files import der_length
from drivers.cards.beid.malformed import Malformed

UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""Everything the library says of bytes that are no certificate it can read."""

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


def cut(file: bytes) -> bytes | None:
    """The certificate without its padding, or None where there is none.

    Raises:
        Malformed: when the file holds something else.
    """
    if not any(file):
        return None
    length = der_length(file)
    if not length or length > len(file):
        raise Malformed("a certificate file holds one DER certificate and then zeros")
    return file[:length]


def load(file: bytes) -> x509.Certificate | None:
    """The certificate of a file, or None where there is none.

    Raises:
        Malformed: when the file holds something else.
    """
    der = cut(file)
    if der is None:
        return None
    # Parsed anew each time: it takes some 50 µs, and a cache would keep holders, who are named, beyond their visit.
    try:
        with warnings.catch_warnings():
            # What a card holds is judged by its signatures; the library's remarks on odd ones help nobody.
            warnings.simplefilter("ignore")
            certificate = x509.load_der_x509_certificate(der)
            certificate.subject, certificate.issuer, certificate.extensions  # noqa: B018 - parsed when first asked
    except UNREADABLE as problem:
        raise Malformed(f"a certificate that cannot be read: {type(problem).__name__}") from None
    return certificate


def key_of(certificate: x509.Certificate) -> PublicKey:
    """Its public key.

    Raises:
        Malformed: when it is neither RSA nor an elliptic curve key.
    """
    try:
        key = certificate.public_key()
    except UNREADABLE as problem:
        raise Malformed(f"a key that cannot be read: {type(problem).__name__}") from None
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise Malformed("a key of a card is RSA or an elliptic curve key")
    return key


def hash_of(signed: x509.Certificate | x509.CertificateRevocationList) -> HashAlgorithm | None:
    """The hash of its signature, or None when that is no hash we know."""
    try:
        return signed.signature_hash_algorithm
    except UNREADABLE:
        return None


def key_bytes(key: PublicKey) -> bytes:
    """The key as SubjectPublicKeyInfo, to compare it by."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def national_number_of(certificate: x509.Certificate) -> str | None:
    """The serialNumber of the subject, which is the holder's national number."""
    found = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return str(found[0].value) if found else None
