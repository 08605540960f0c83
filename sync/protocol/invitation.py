"""The invitation a technician carries to a column as a QR code: where to join, with which code, whose key must answer.

JSON text `{"url": …, "code": …, "rootKeyThumbprint": …}`; the thumbprint is that of RFC 7638 over the back office's
Ed25519 key, so nobody in between can answer in its place. Not for: the joining itself.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from kiosk.core.codes import clean_code
from sync.protocol.canonical import b64url, canonical
from sync.protocol.signing import PublicKey

LONGEST = 2000
_MEMBERS = ("url", "code", "rootKeyThumbprint")


class BadInvitation(ValueError):
    """A text that is no invitation; the message says what would be right."""


@dataclass(frozen=True)
class Invitation:
    """What stands in the code.

    Attributes:
        url: address of the back office.
        code: one-time code, as `ABCD-EFGH-J`.
        thumbprint: of its key; "" when the code was typed and nobody knows.
    """

    url: str
    code: str
    thumbprint: str = ""

    def __str__(self) -> str:
        values = (self.url, self.code, self.thumbprint)
        return json.dumps(dict(zip(_MEMBERS, values, strict=True)), ensure_ascii=False)


def thumbprint(key: PublicKey) -> str:
    """SHA-256 over the key as a JWK with its required members only (RFC 7638, RFC 8037), base64url."""
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": b64url(key.raw)}
    return b64url(hashlib.sha256(canonical(jwk)).digest())


def parse_invitation(text: str) -> Invitation:
    """Read the text of the QR code.

    Raises:
        BadInvitation: naming what is wrong.
    """
    right = "scan the code that `zuil backoffice enrol-code --qr` shows, or type address and code"
    if len(text) > LONGEST:
        raise BadInvitation(f"this is too long for an invitation; {right}")
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInvitation(f"this is no invitation; {right}") from None
    if not isinstance(read, dict) or not all(isinstance(read.get(name), str) for name in _MEMBERS):
        raise BadInvitation(f"an invitation has url, code and rootKeyThumbprint; {right}")
    url, code, print_of_key = (str(read[name]).strip() for name in _MEMBERS)
    check_url(url)
    if clean_code(code) is None:
        raise BadInvitation(f"its code is not one; {right}")
    if len(print_of_key) != len(b64url(bytes(32))):
        raise BadInvitation(f"its rootKeyThumbprint is not one; {right}")
    return Invitation(url.rstrip("/"), code, print_of_key)


def check_url(url: str) -> None:
    """Whether it can be the address of a back office.

    Raises:
        BadInvitation: when it cannot.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise BadInvitation(f"{url[:80]!r} is no address of a back office; right is https://backoffice.example")
