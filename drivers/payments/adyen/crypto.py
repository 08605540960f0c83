"""Keys and locks of the envelope: PBKDF2, AES-256-CBC and HMAC-SHA256 over the plain bytes.

The scheme is Adyen's; ours is only the order of the checks. Not for: JSON (`envelope`).
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from drivers.payments.adyen.refusals import Tampered

NONCE_BYTES = 16
_BLOCK = 16
_SALT = b"AdyenNexoV1Salt"
_ROUNDS = 4000


@dataclass(frozen=True, repr=False)
class Secrets:
    """What a passphrase makes."""

    mac: bytes
    cipher: bytes
    vector: bytes


@dataclass(frozen=True)
class Key:
    """A passphrase that is set at Adyen for a shop or a terminal.

    Attributes:
        passphrase: ASCII; official clients do not agree on other letters.
    """

    identifier: str
    version: int
    passphrase: str = field(repr=False)

    @functools.cached_property
    def secrets(self) -> Secrets:
        """Derived once: it takes 4000 rounds."""
        return derive(self.passphrase)


@dataclass(frozen=True)
class Locked:
    """A message nobody else can read or alter."""

    blob: bytes
    nonce: bytes
    mac: bytes


def derive(passphrase: str) -> Secrets:
    """The three secrets of a passphrase."""
    made = hashlib.pbkdf2_hmac("sha1", passphrase.encode("ascii"), _SALT, _ROUNDS, 80)
    return Secrets(made[:32], made[32:64], made[64:])


def lock(plain: bytes, secret: Secrets, nonce: bytes | None = None) -> Locked:
    """Encrypt and sign; `nonce` (16 bytes) is drawn unless a test gives it."""
    drawn = secrets.token_bytes(NONCE_BYTES) if nonce is None else nonce
    padder = PKCS7(_BLOCK * 8).padder()
    padded = padder.update(plain) + padder.finalize()
    encryptor = _cipher(secret, drawn).encryptor()
    blob = encryptor.update(padded) + encryptor.finalize()
    return Locked(blob, drawn, _mac(plain, secret))


def unlock(locked: Locked, secret: Secrets) -> bytes | Tampered:
    """The plain bytes, exactly as they were signed."""
    if len(locked.nonce) != NONCE_BYTES or not locked.blob or len(locked.blob) % _BLOCK:
        return Tampered()
    decryptor = _cipher(secret, locked.nonce).decryptor()
    padded = decryptor.update(locked.blob) + decryptor.finalize()
    unpadder = PKCS7(_BLOCK * 8).unpadder()
    try:
        plain = unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        return Tampered()
    return plain if hmac.compare_digest(_mac(plain, secret), locked.mac) else Tampered()


def _mac(plain: bytes, secret: Secrets) -> bytes:
    return hmac.digest(secret.mac, plain, "sha256")


def _cipher(secret: Secrets, nonce: bytes) -> Cipher[modes.CBC]:
    vector = bytes(a ^ b for a, b in zip(secret.vector, nonce, strict=True))
    return Cipher(algorithms.AES(secret.cipher), modes.CBC(vector))
