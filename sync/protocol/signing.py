"""Ed25519 signatures over messages, each bound to what kind of message it is.

A signed object is a JSON object with a `signature` member; what is signed is its kind, `//`, and the canonical form of
the object without that member. Not for: transport security or personal data (sealing).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.protocol.canonical import b64url, canonical, sha256, unb64url

ACK = "kiosk-ack-v1"
LEASE = "kiosk-lease-v1"
UPDATES = "kiosk-updates-v1"
RECEIPT = "kiosk-receipt-v1"
ENROLMENT = "kiosk-enrolment-v1"
SNAPSHOT = "kiosk-snapshot-v1"
"""Kinds of signed message. A signature made for one kind is never valid for another."""


@dataclass(frozen=True)
class PublicKey:
    """An Ed25519 public key; `raw` is 32 bytes.

    Raises:
        ValueError: when the bytes are not a key.
    """

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != 32:
            raise ValueError("an Ed25519 public key has 32 bytes")

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """Read base64url text."""
        return cls(unb64url(text))

    def __str__(self) -> str:
        return b64url(self.raw)

    @property
    def id(self) -> str:
        """Thumbprint: first 16 characters of the SHA-256 of the raw key."""
        return sha256(self.raw)[:16]

    @cached_property
    def _key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.raw)

    def verify(self, kind: str, message: bytes, signature: str) -> bool:
        """Whether `signature` (base64url) is this key's over `message` of that kind."""
        try:
            self._key.verify(unb64url(signature), kind.encode() + b"//" + message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def verify_object(self, kind: str, signed: Mapping[str, object]) -> bool:
        """Whether a signed object carries this key's signature for that kind."""
        signature = signed.get("signature")
        if not isinstance(signature, dict) or signature.get("keyId") != self.id or signature.get("alg") != "Ed25519":
            return False
        try:
            message = canonical(_unsigned(signed))
        except (ValueError, RecursionError):  # lone surrogates, NaN, nesting without end: nobody signs that
            return False
        return self.verify(kind, message, str(signature.get("value", "")))


@dataclass(frozen=True, repr=False)
class SigningKey:
    """An Ed25519 private key; `raw` is the 32-byte seed and stays out of every log (no repr)."""

    raw: bytes

    @classmethod
    def generate(cls) -> SigningKey:
        """A new key from the system's randomness."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.raw)

    @cached_property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self._key.public_key().public_bytes_raw())

    def sign(self, kind: str, message: bytes) -> str:
        """Signature over `message` of that kind, base64url."""
        return b64url(self._key.sign(kind.encode() + b"//" + message))

    def signature(self, kind: str, message: bytes) -> dict[str, str]:
        """The `signature` member of a message."""
        return {"keyId": self.public.id, "alg": "Ed25519", "value": self.sign(kind, message)}

    def sign_object(self, kind: str, unsigned: Mapping[str, object]) -> dict[str, object]:
        """A copy of the object with its `signature` member."""
        return {**unsigned, "signature": self.signature(kind, canonical(_unsigned(unsigned)))}


def _unsigned(signed: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in signed.items() if name != "signature"}
