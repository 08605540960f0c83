"""Pick-up codes that people read, type and scan: nine characters without look-alikes, the last one a check.

The same form as an enrolment code, so that one rule tells what a typing mistake is. Not for: who may use one.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_LOOK_ALIKES = str.maketrans("OIL", "011")


def new_code() -> str:
    """A code such as `ABCD-EFGH-J`."""
    body = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return _written(body)


def code_of(id: str) -> str:
    """The code by which somebody names a thing that has an id: a payment, on slips and at the counter."""
    bits = int.from_bytes(hashlib.sha256(id.encode()).digest()[:LENGTH], "big")
    return _written("".join(LETTERS[bits >> (5 * place) & 31] for place in range(LENGTH)))


def clean_code(typed: str) -> str | None:
    """The code as it is stored, from what somebody typed or a scanner read; None when it cannot be one."""
    text = typed.upper().replace("-", "").replace(" ", "").translate(_LOOK_ALIKES)
    body, check = text[:LENGTH], text[LENGTH:]
    if len(text) != LENGTH + 1 or not set(text) <= set(LETTERS) or check != _check(body):
        return None
    return _written(body)


def code_hash(code: str) -> str:
    """SHA-256 of a code as stored, base64url: all the back office knows of it before somebody brings it."""
    return urlsafe_b64encode(hashlib.sha256(code.encode()).digest()).rstrip(b"=").decode("ascii")


def _written(body: str) -> str:
    return f"{body[:4]}-{body[4:]}-{_check(body)}"


def _check(body: str) -> str:
    """Weighted sum mod 31: every single wrong character and nearly every swap is seen."""
    total = sum((place + 1) * LETTERS.index(letter) for place, letter in enumerate(body))
    return LETTERS[total % 31]
