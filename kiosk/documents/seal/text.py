"""The seal as text for a QR code: `BE1:` and base45 of the deflated seal, `BE0:` where deflating does not shrink it.

Base45 stays within the alphanumeric mode of a QR code, which scanners pass on unharmed. Not for: drawing a code, nor
believing one (`check`).
"""

from __future__ import annotations

import zlib

import base45  # type: ignore[import-untyped]
from cryptography import x509

from kiosk.core.attests import AttestContent
from kiosk.documents.seal.certificates import issuer_of
from kiosk.documents.seal.cose import NotSealed, open_sealed, sign
from kiosk.documents.seal.statement import NotAStatement, decode, encode
from kiosk.documents.seal_contract import AttestKey, CannotMake

PLAIN, DEFLATED = "BE0:", "BE1:"
PREFIXES = (PLAIN, DEFLATED)
MAX_INFLATED = 8_192
"""Bytes; a text that inflates to more is refused before it does."""
MAX_CHARACTERS = 3_391
"""What the largest QR code holds at error correction M, alphanumeric."""

_LONGEST = 4_296
"""What any QR code holds, alphanumeric."""
_ALPHABET = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
_OTHERS = (
    ("HC1:", "this is a European health certificate"),
    ("DC0", "this is a French 2D-Doc"),
    ("HTTP:", "this is the address of a page"),
    ("HTTPS:", "this is the address of a page"),
)


class NotASeal(ValueError):
    """A text that is no seal; the message says what it seems to be, and never repeats it."""


def seal_text(content: AttestContent, key: AttestKey) -> str:
    """Seal a content; two calls give two texts, for a signature is never the same twice.

    Raises:
        CannotMake: when the content cannot be sealed, when the key's certificate does not count at that moment or is
            of another issuer (nobody would believe the paper), or when no QR code holds the text.
    """
    _fits(content, key)
    text = _text_of(sign(encode(content), key))
    if len(text) > MAX_CHARACTERS:
        raise CannotMake(f"the seal has {len(text)} characters; a QR code holds {MAX_CHARACTERS}")
    return text


def cose_of(text: str) -> bytes:
    """The bytes of the seal in a text; white space around it does not count, for no seal begins or ends with any.

    Raises:
        NotASeal: when it is something else, or was damaged.
    """
    text = text.strip()
    prefix, body = text[:4], text[4:]
    if prefix not in PREFIXES:
        raise NotASeal(_what_else(text))
    if len(text) > _LONGEST:
        raise NotASeal("the text is longer than a QR code can be")
    if not body or not _ALPHABET.issuperset(body):
        raise NotASeal("the text holds characters that no seal has, such as small letters; scan it again")
    try:
        packed: bytes = base45.b45decode(body)
    except ValueError:
        raise NotASeal("the text was damaged; scan it again") from None
    return packed if prefix == PLAIN else _inflated(packed)


def content_of(text: str) -> AttestContent:
    """What a seal says, with nothing checked of who made it.

    Raises:
        NotASeal: when it is no seal, or its statement cannot be read.
    """
    try:
        return decode(open_sealed(cose_of(text)).statement)
    except (NotSealed, NotAStatement) as problem:
        raise NotASeal(str(problem)) from problem


def _fits(content: AttestContent, key: AttestKey) -> None:
    certificate = x509.load_der_x509_certificate(key.certificate)
    if content.issued_at.utcoffset() is None:
        raise CannotMake("this cannot be sealed: the moment of sealing has no time zone")
    if not certificate.not_valid_before_utc <= content.issued_at <= certificate.not_valid_after_utc:
        raise CannotMake("the certificate of the key that seals attests does not count now; the column needs a new one")
    if issuer_of(certificate) != content.issuer:
        raise CannotMake(
            "the certificate of the key that seals attests is of another enterprise number than the site's"
        )


def _text_of(cose: bytes) -> str:
    deflated = zlib.compress(cose, 9)
    prefix, packed = (DEFLATED, deflated) if len(deflated) < len(cose) else (PLAIN, cose)
    body: bytes = base45.b45encode(packed)
    return prefix + body.decode("ascii")


def _inflated(packed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        cose = inflater.decompress(packed, MAX_INFLATED)
    except zlib.error:
        raise NotASeal("the text was damaged; scan it again") from None
    if inflater.unconsumed_tail:
        raise NotASeal(f"the text inflates to more than {MAX_INFLATED} bytes; no seal does")
    if not inflater.eof or inflater.unused_data:
        raise NotASeal("the text was cut short, or something follows it; scan it again")
    return cose


def _what_else(text: str) -> str:
    upper = text.upper()
    for prefix, what in _OTHERS:
        if upper.startswith(prefix):
            return f"{what}, not the seal of an attest, which begins with {PLAIN} or {DEFLATED}"
    if upper.startswith(PREFIXES):
        return "the text was changed to small letters; scan it again"
    if upper.startswith("BE") and upper[3:4] == ":":
        return "the seal is of a kind this program does not know; a newer one checks it"
    return f"the seal of an attest begins with {PLAIN} or {DEFLATED}; this does not"
