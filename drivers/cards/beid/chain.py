"""Who issued a certificate, and does that lead to a pinned root.

Signatures are checked with the issuer's key directly: certificates of the oldest cards are signed with SHA-1, which
path builders refuse. Not for: data files (`verify`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from drivers.cards.beid.certificates import PublicKey, hash_of, key_bytes, key_of
from drivers.cards.beid.trust import Trust


class Broken(Exception):
    """A link of a chain does not hold; the text says which, and names nobody."""


def issued_by(signed: x509.Certificate | x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Whether the issuer's name and key are those of the signature."""
    return signed.issuer == issuer.subject and _is_signed(signed, key_of(issuer))


def list_of(authority: x509.Certificate, trust: Trust) -> x509.CertificateRevocationList | None:
    """The newest revocation list at hand that this authority signed, or None."""
    found = trust.revocation_list(authority.subject)
    if found is None:
        return None
    proof = (id(found), key_bytes(key_of(authority)))
    if proof not in trust.proven:
        if not issued_by(found, authority):
            return None
        trust.proven.add(proof)
    return found


def pinned_root(root: x509.Certificate, trust: Trust) -> None:
    """The root on a card must be signed by itself and have the key of a pinned one.

    Raises:
        Broken: when it is not.
    """
    pinned = {key_bytes(key_of(each)) for each in trust.roots}
    if key_bytes(key_of(root)) not in pinned or not issued_by(root, root):
        raise Broken("the root on the card is not pinned")


def from_pinned_root(certificate: x509.Certificate, trust: Trust) -> None:
    """A certificate must be issued by a pinned root directly.

    Raises:
        Broken: when it is not.
    """
    if not any(issued_by(certificate, root) for root in trust.roots):
        raise Broken("not issued by a pinned root")


def from_authority(certificate: x509.Certificate, authority: x509.Certificate | None, trust: Trust) -> None:
    """A holder's certificate must be issued by an authority that a pinned root issued.

    Raises:
        Broken: naming the link that does not hold.
    """
    if authority is None:
        raise Broken("the card has no certificate of its authority")
    from_pinned_root(authority, trust)
    if not is_authority(authority):
        raise Broken("its issuer is no authority")
    if not issued_by(certificate, authority):
        raise Broken("not issued by the authority on the card")


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it may issue others."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def key_usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    """What the key may be used for, where the certificate says."""
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def valid_on(certificate: x509.Certificate, day: date) -> bool:
    """Whether any moment of the day lies within the certificate's validity."""
    return valid_between(certificate, day, day)


def valid_between(certificate: x509.Certificate, first: date, last: date) -> bool:
    """Whether any moment from the first to the last day lies within the certificate's validity."""
    begin = datetime.combine(first, time.min, tzinfo=UTC)
    end = datetime.combine(last, time.max, tzinfo=UTC)
    return certificate.not_valid_before_utc <= end and begin <= certificate.not_valid_after_utc


def _is_signed(signed: x509.Certificate | x509.CertificateRevocationList, key: PublicKey) -> bool:
    content = signed.tbs_certificate_bytes if isinstance(signed, x509.Certificate) else signed.tbs_certlist_bytes
    algorithm = hash_of(signed)
    # The library lets unused bits at the end of a signature pass; a signature has none, and no byte may be changed.
    whole = signed.public_bytes(Encoding.DER).endswith(b"\x00" + signed.signature)
    return whole and algorithm is not None and _verifies(key, signed.signature, content, algorithm)


def _verifies(key: PublicKey, signature: bytes, content: bytes, algorithm: HashAlgorithm) -> bool:
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, content, padding.PKCS1v15(), algorithm)
        else:
            key.verify(signature, content, ec.ECDSA(algorithm))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
