"""What the card signs, by the algorithm byte of MSE: the same byte means different things from one generation to the
next (belgian-eid.md §7). Hashing is always outside the card.

Not for: whether it may (`rights`).
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo, Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import (
    MD5,
    SHA1,
    SHA3_256,
    SHA3_384,
    SHA3_512,
    SHA224,
    SHA256,
    SHA384,
    SHA512,
    HashAlgorithm,
)

from drivers.simulated.card.keys import PrivateKey

COORDINATE = 48
"""Bytes of r and of s on P-384."""
PKCS1_OVERHEAD = 11
RAW = 0x01
"""PKCS#1 with a DigestInfo the caller supplies."""

# The first cards sign SHA-1 and MD5; a reader is not supposed to ask for them, and finds out here when it does.
_RSA_HASHES: dict[int, HashAlgorithm] = {0x02: SHA1(), 0x04: MD5(), 0x08: SHA256()}  # noqa: S303
_PSS_HASHES: dict[int, HashAlgorithm] = {0x10: SHA1(), 0x20: SHA256()}  # noqa: S303
_CURVE_HASHES: dict[int, tuple[HashAlgorithm, ...]] = {
    0x01: (SHA256(),),
    0x02: (SHA384(),),
    0x04: (SHA512(),),
    0x08: (SHA3_256(),),
    0x10: (SHA3_384(),),
    0x20: (SHA3_512(),),
    0x40: (SHA1(), SHA224(), SHA256(), SHA384(), SHA512()),  # noqa: S303
}
FIRST_WITH_SHA256 = 0x17


def knows(applet: int, key: PrivateKey, algorithm: int) -> bool:
    """Whether a card of that applet version signs with this algorithm byte and kind of key."""
    if isinstance(key, EllipticCurvePrivateKey):
        return algorithm in _CURVE_HASHES
    old = {RAW, 0x02, 0x04}
    return algorithm in (old if applet < FIRST_WITH_SHA256 else old | _RSA_HASHES.keys() | _PSS_HASHES.keys())


def sign(key: PrivateKey, algorithm: int, data: bytes) -> bytes | None:
    """The signature as the card gives it, or None when these data are of no length the algorithm takes."""
    if isinstance(key, EllipticCurvePrivateKey):
        return _on_curve(key, _CURVE_HASHES[algorithm], data)
    return _with_rsa(key, algorithm, data)


def _on_curve(key: EllipticCurvePrivateKey, hashes: tuple[HashAlgorithm, ...], data: bytes) -> bytes | None:
    algorithm = next((known for known in hashes if known.digest_size == len(data)), None)
    if algorithm is None:
        return None
    r, s = decode_dss_signature(key.sign(data, ECDSA(Prehashed(algorithm))))
    return r.to_bytes(COORDINATE, "big") + s.to_bytes(COORDINATE, "big")


def _with_rsa(key: RSAPrivateKey, algorithm: int, data: bytes) -> bytes | None:
    if algorithm == RAW:
        fits = 0 < len(data) <= key.key_size // 8 - PKCS1_OVERHEAD
        return key.sign(data, PKCS1v15(), NoDigestInfo()) if fits else None
    pss = _PSS_HASHES.get(algorithm)
    hashed = pss or _RSA_HASHES[algorithm]
    if len(data) != hashed.digest_size:
        return None
    padding = PSS(MGF1(hashed), hashed.digest_size) if pss else PKCS1v15()
    return key.sign(data, padding, Prehashed(hashed))
