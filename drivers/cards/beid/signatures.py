"""How the generations sign: which algorithm byte, what the card wants, what it gives (belgian-eid.md §7).

The byte 01 means another thing on 1.7 than on 1.8, so everything comes from the applet's version and nothing from a
certificate. Not for: certificates of the register (`verify`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

from drivers.cards.beid.certificates import PublicKey
from drivers.cards.beid.malformed import Malformed

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - the register of the oldest cards signed with it
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
}

_DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300D060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300D060960864801650304020205000430"),
}
_EC_BYTES = {"sha256": 0x01, "sha384": 0x02}
_FIRST_EC_APPLET, _FIRST_SHA256_APPLET = 0x18, 0x17
_GIVEN_DIGEST_INFO, _SHA256_BY_CARD = 0x01, 0x08


@dataclass(frozen=True)
class Algorithm:
    """How a card signs a digest.

    Attributes:
        mse: the algorithm byte.
        hash_name: of the digest, a key of `HASHES`.
        prefix: put before the digest (DigestInfo), where the card does not do it.
        elliptic: whether the answer is r and s, raw.
    """

    mse: int
    hash_name: str
    prefix: bytes
    elliptic: bool

    def digest(self, message: bytes) -> bytes:
        """What is signed of a message."""
        return hashlib.new(self.hash_name, message).digest()


def algorithm_for(applet: int, hash_name: str | None = None) -> Algorithm:
    """How a card of that applet signs; without a hash, with the one it prefers.

    Raises:
        Malformed: for a hash that is neither sha256 nor sha384.
    """
    elliptic = applet >= _FIRST_EC_APPLET
    name = hash_name or ("sha384" if elliptic else "sha256")
    if name not in _DIGEST_INFO:
        raise Malformed(f"cards sign sha256 and sha384 digests, not {name}")
    if elliptic:
        return Algorithm(_EC_BYTES[name], name, b"", elliptic=True)
    if name == "sha256" and applet >= _FIRST_SHA256_APPLET:
        return Algorithm(_SHA256_BY_CARD, name, b"", elliptic=False)
    return Algorithm(_GIVEN_DIGEST_INFO, name, _DIGEST_INFO[name], elliptic=False)


def encode_for_card(digest: bytes, algorithm: Algorithm) -> bytes:
    """What the card is given to sign.

    Raises:
        Malformed: when the digest has not the length of its hash.
    """
    if len(digest) != HASHES[algorithm.hash_name].digest_size:
        raise Malformed(f"a {algorithm.hash_name} digest has {HASHES[algorithm.hash_name].digest_size} bytes")
    return algorithm.prefix + digest


def decode_from_card(signature: bytes, algorithm: Algorithm) -> bytes:
    """The signature in the form everybody else knows: PKCS#1 v1.5 as it stands, or r and s as DER.

    Raises:
        Malformed: for an answer that is no pair of equal halves.
    """
    return to_der(signature) if algorithm.elliptic else signature


def to_der(raw: bytes) -> bytes:
    """r and s, raw, as DER.

    Raises:
        Malformed: for an answer that is no pair of equal halves.
    """
    half, odd = divmod(len(raw), 2)
    if odd or not half:
        raise Malformed("a raw signature has two halves of the same length")
    return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))


def is_signature(key: PublicKey, signature: bytes, digest: bytes, hash_name: str) -> bool:
    """Whether this key signed this digest."""
    algorithm = HASHES[hash_name]
    if len(digest) != algorithm.digest_size:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest, padding.PKCS1v15(), Prehashed(algorithm))
        else:
            key.verify(signature, digest, ec.ECDSA(Prehashed(algorithm)))
    except (InvalidSignature, ValueError):
        return False
    return True
