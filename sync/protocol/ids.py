"""Identifiers: time-ordered UUIDs, one-time codes people type, six digits two screens compare.

Not for: sequence numbers, which only a store's transaction hands out.
"""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid
from typing import TYPE_CHECKING

from kiosk.core.codes import clean_code, new_code
from sync.protocol.canonical import sha256

if TYPE_CHECKING:  # the store makes ids long before anything needs cryptography
    from sync.protocol.signing import PublicKey


def uuid7(now_ms: int | None = None) -> str:
    """A UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then randomness."""
    milliseconds = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    value = (milliseconds & (2**48 - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def first_uuid7(ms: int) -> str:
    """The smallest UUID version 7 of a moment: ids made before it sort before it."""
    return str(uuid.UUID(int=(ms & (2**48 - 1)) << 80))


def six_digits(kiosk: PublicKey, backoffice: PublicKey) -> str:
    """What both screens show at enrolment so that a person can compare: six digits from both public keys."""
    digest = hashlib.sha256(b"kiosk-check-v1\x00" + kiosk.raw + backoffice.raw).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def chain_start(receipt_canonical: bytes) -> str:
    """`prevhash` of a column's first event: the hash of its signed enrolment receipt."""
    return sha256(receipt_canonical)


__all__ = ["chain_start", "clean_code", "first_uuid7", "new_code", "six_digits", "uuid7"]
