"""Sealing of personal data to a public key (HPKE, RFC 9180), bound to the place where it stands.

A column seals with the organisation's key and cannot open what it wrote; only the holder of the private half can. The
text is padded, so that its length says nothing, and bound to its event, so that it cannot be moved to another one.
Not for: signatures (`signing`) or who may open (`sync.backoffice.unsealer`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from sync.protocol.canonical import b64url, canonical, sha256, unb64url

ALG = "HPKE-X25519-SHA256-A256GCM"
BLOCK = 256
"""Plaintexts are padded with spaces to a multiple of this many bytes."""
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_KEY_BYTES = 32


class CannotOpen(ValueError):
    """Sealed text that this key does not open here: another key, another place, or altered bytes."""


@dataclass(frozen=True)
class Place:
    """Where sealed text stands; it opens nowhere else.

    Attributes:
        domain: "kiosk-seal-v1" for events, "kiosk-answer-v1" for answers to a column.
        parts: of an event its source, epoch, id and type.
    """

    domain: str
    parts: tuple[str, ...]

    @classmethod
    def event(cls, event: Mapping[str, object]) -> Place:
        """The place of an event, by its envelope."""
        return cls("kiosk-seal-v1", tuple(str(event[name]) for name in ("source", "epoch", "id", "type")))

    @classmethod
    def answer(cls, request_id: str) -> Place:
        """The place of the answer to a request."""
        return cls("kiosk-answer-v1", (request_id,))

    def info(self, kid: str) -> bytes:
        """The `info` of HPKE: domain, key and parts, each ended by a zero byte."""
        return b"".join(part.encode() + b"\x00" for part in (self.domain, kid, *self.parts))


@dataclass(frozen=True)
class SealingKey:
    """The public half; `raw` is 32 bytes of X25519.

    Raises:
        ValueError: when the bytes are not a key.
    """

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != _KEY_BYTES:
            raise ValueError(f"an X25519 public key has {_KEY_BYTES} bytes")

    @classmethod
    def parse(cls, text: str) -> SealingKey:
        """Read base64url text."""
        return cls(unb64url(text))

    def __str__(self) -> str:
        return b64url(self.raw)

    @property
    def id(self) -> str:
        """Thumbprint: first 16 characters of the SHA-256 of the raw key."""
        return sha256(self.raw)[:16]

    @cached_property
    def _key(self) -> X25519PublicKey:
        return X25519PublicKey.from_public_bytes(self.raw)

    def seal(self, plain: Mapping[str, object], schema: str, place: Place) -> dict[str, str]:
        """The `sealed` member: `{"kid", "alg", "schema", "ctsha256", "ct"}`.

        Args:
            plain: JSON without floats.
            schema: name of the shape of `plain`, such as "attest-issued:1".
        """
        text = _padded(canonical(dict(plain)))
        sealed = _SUITE.encrypt(text, self._key, info=place.info(self.id))
        return {"kid": self.id, "alg": ALG, "schema": schema, "ctsha256": _digest(sealed), "ct": b64url(sealed)}


@dataclass(frozen=True, repr=False)
class OpeningKey:
    """The private half; stays in the process that opens, and out of every log (no repr)."""

    raw: bytes

    @classmethod
    def generate(cls) -> OpeningKey:
        """A new key from the system's randomness."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @cached_property
    def _key(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.raw)

    @cached_property
    def public(self) -> SealingKey:
        """The public half."""
        return SealingKey(self._key.public_key().public_bytes_raw())

    def open(self, sealed: Mapping[str, object], place: Place) -> dict[str, object]:
        """The plain JSON object.

        Raises:
            CannotOpen: naming what does not fit; an erased text (no `ct`) is one of those.
        """
        if sealed.get("alg") != ALG or sealed.get("kid") != self.public.id:
            raise CannotOpen("sealed to another key or in another way")
        if not isinstance(sealed.get("ct"), str):
            raise CannotOpen("the sealed text was erased")
        try:
            raw = unb64url(str(sealed["ct"]))
            plain = json.loads(_SUITE.decrypt(raw, self._key, info=place.info(self.public.id)))
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("the sealed text was altered or stands in another place") from error
        if not isinstance(plain, dict):
            raise CannotOpen("the sealed text is no object")
        return plain


def digest_fits(sealed: Mapping[str, object]) -> bool:
    """Whether `ctsha256` is the digest of `ct`; true also where `ct` was erased."""
    ct = sealed.get("ct")
    if ct is None:
        return isinstance(sealed.get("ctsha256"), str)
    try:
        return isinstance(ct, str) and _digest(unb64url(ct)) == sealed.get("ctsha256")
    except ValueError:
        return False


def _padded(text: bytes) -> bytes:
    return text + b" " * (-len(text) % BLOCK)


def _digest(sealed: bytes) -> str:
    return b64url(hashlib.sha256(sealed).digest())
