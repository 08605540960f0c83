"""Checks the PDF of an attest: one seal over the whole file and nothing after it, and the sealed facts inside it.

The file must be the very bytes that were sealed: one seal, no second revision, nothing appended, no spare bytes around
the signature that mean something. The facts then come from the seal text among the keywords, sealed by the same issuer.
Not for: the seal text itself (`kiosk.documents.seal.check`).
"""

from __future__ import annotations

import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

from kiosk.documents.attest.pdf_shape import OtherShape, has_shape
from kiosk.documents.attest.pdf_spare import Spare, covers_everything, holds_nothing_else
from kiosk.documents.seal.certificates import kid_of
from kiosk.documents.seal.check import verify_text
from kiosk.documents.seal.cose import NotSealed, open_sealed
from kiosk.documents.seal.text import NotASeal, cose_of
from kiosk.documents.seal.trust import Trust, TrustedIssuer
from kiosk.documents.seal_contract import Finding, Verdict

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

T = TypeVar("T")

for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)
    # What the library has to say of a hostile file is in the verdict; its own log would quote the file.

MOST_BYTES = 600_000
"""No attest of ours comes near; more is not read at all."""
MOST_DECODED = 100_000
"""Bytes that all packed streams together may become while the seal is looked for; in a file of ours none is opened."""

_MARKS = (b"/Keywords(BE", b"/T (Seal)", b"/ETSI.CAdES.detached")
"""A file that holds two of these was a sealed attest once, whatever can still be read of it."""


class _Refused(Exception):
    """The file is not a sealed attest; carries the verdict."""

    def __init__(self, finding: Finding, detail: str, issuer: str = "", sealed_at: datetime | None = None) -> None:
        super().__init__(detail)
        self.verdict = Verdict(finding, None, detail, issuer, sealed_at)


def verify_pdf(data: bytes, trust: Trust, now: datetime) -> Verdict:
    """What a PDF is worth; for any bytes at all there is a verdict, and nothing is fetched.

    The seal is judged at the moment it was made. The facts in the verdict are those of the seal text in the file.

    Args:
        now: timezone-aware.
    """
    try:
        return _verified(data, trust, now)
    except _Refused as refused:
        return refused.verdict


def _verified(data: bytes, trust: Trust, now: datetime) -> Verdict:
    if len(data) > MOST_BYTES:
        raise _Refused(Finding.NOT_A_SEAL, f"the file has {len(data)} bytes; an attest has at most {MOST_BYTES}")
    if b"%PDF-" not in data[:1024]:
        raise _Refused(_damaged(data), "this is no PDF")
    with _library(data):
        has_shape(data)
        seal, text = _only_seal(data)
        covers_everything(seal, data)
        certificate, sealed_at = bytes(seal.signer_cert.dump()), seal.self_reported_timestamp
        if sealed_at is None or sealed_at.utcoffset() is None:
            raise _Refused(Finding.TAMPERED, "the seal does not say when it was made")
        trusted = _is_whole(seal, trust, sealed_at)
    issuer = _issuer(certificate, trust)
    with _library(data):
        holds_nothing_else(seal, trust.authorities)
    _in_time(issuer, sealed_at)
    if not trusted:
        raise _Refused(Finding.UNKNOWN_KEY, f"no authority of {trust.organisation} vouches for the key")
    return _facts(text, issuer, sealed_at, trust, now)


def _damaged(data: bytes) -> Finding:
    return Finding.TAMPERED if sum(mark in data for mark in _MARKS) > 1 else Finding.NOT_A_SEAL


@contextmanager
def _library(data: bytes) -> Iterator[None]:
    """Whatever a hostile file makes the library raise is a verdict, and nothing of its text is passed on."""
    try:
        yield
    except _Refused:
        raise
    except OtherShape as other:
        raise _Refused(_damaged(data), str(other)) from None
    except Spare as spare:
        raise _Refused(Finding.TAMPERED, str(spare)) from None
    except Exception as error:  # noqa: BLE001 - the libraries raise anything at all over broken files
        detail = f"the file cannot be read as the PDF of an attest ({type(error).__name__})"
        raise _Refused(_damaged(data), detail) from None


def _only_seal(data: bytes) -> tuple[EmbeddedPdfSignature, str]:
    """The seal, and the text among the keywords."""
    from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
    from pyhanko.pdf_utils.reader import PdfFileReader

    limits = DecodeLimits(
        per_stream=StreamDecodeLimits(max_output_size=MOST_DECODED),
        document_budget=DocumentDecodeBudget(base_allowance=MOST_DECODED, max_ratio=0),
    )
    reader = PdfFileReader(BytesIO(data), decode_limits=limits)
    fields = reader.root["/AcroForm"]["/Fields"]
    if len(fields) != 1:
        raise _Refused(Finding.TAMPERED, f"the PDF has {len(fields)} fields for seals; an attest has one")
    if "/Kids" in fields[0]:
        raise _Refused(_damaged(data), "the field of the seal has parts")
    (seal,) = reader.embedded_signatures
    return seal, _keywords(reader)


def _keywords(reader: PdfFileReader) -> str:
    words = reader.trailer["/Info"]["/Keywords"]
    return words if isinstance(words, str) else ""


def _issuer(certificate: bytes, trust: Trust) -> TrustedIssuer:
    kid = kid_of(certificate)
    issuer = trust.issuer(kid)
    if issuer is None or issuer.certificate != certificate:
        raise _Refused(Finding.UNKNOWN_KEY, f"the list of {trust.organisation} has no key {kid.hex()}")
    return issuer


def _in_time(issuer: TrustedIssuer, sealed_at: datetime) -> None:
    if not issuer.valid_from <= sealed_at <= issuer.valid_to:
        span = f"{issuer.valid_from.isoformat()} to {issuer.valid_to.isoformat()}"
        detail = f"sealed at {sealed_at.isoformat()}; the key counts from {span}"
        raise _Refused(Finding.OUT_OF_TIME, detail, issuer.organisation, sealed_at)
    if issuer.revoked_from is not None and sealed_at >= issuer.revoked_from:
        detail = f"the key does not count from {issuer.revoked_from.isoformat()} on"
        raise _Refused(Finding.REVOKED, detail, issuer.organisation, sealed_at)


def _is_whole(seal: EmbeddedPdfSignature, trust: Trust, sealed_at: datetime) -> bool:
    """Whether an authority vouched for the key at that moment; raises where the file is not what was sealed."""
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    roots = [Certificate.load(der) for der in trust.authorities]
    context = ValidationContext(roots, moment=sealed_at, allow_fetching=False, revocation_mode="soft-fail")
    usage = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
    status = _at_once(async_validate_pdf_signature(seal, context, key_usage_settings=usage))
    if not (status.intact and status.valid and status.coverage is SignatureCoverageLevel.ENTIRE_FILE):
        raise _Refused(Finding.TAMPERED, "the file is not the one that was sealed")
    if seal.docmdp_level is not MDPPerm.NO_CHANGES:
        raise _Refused(Finding.TAMPERED, "the seal allows changes; that of an attest allows none")
    return bool(status.trusted)


def _at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that has nothing to wait for, on any thread, also one whose event loop is running."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    coroutine.close()
    raise RuntimeError("the check of a signature waits, and there is nothing to wait for")


def _facts(text: str, issuer: TrustedIssuer, sealed_at: datetime, trust: Trust, now: datetime) -> Verdict:
    """What the seal text in the file is worth.

    It is of the key that sealed the file, or of another one of the same issuer that sealed before: a duplicate has the
    code of the first copy, and the back office seals its file.
    """
    try:
        kid = open_sealed(cose_of(text)).kid
    except (NotASeal, NotSealed) as problem:
        raise _Refused(Finding.TAMPERED, f"the file is sealed, its code is not: {problem}") from None
    verdict = verify_text(text, trust, now)
    if kid == kid_of(issuer.certificate) or verdict.sealed_at is None:
        return verdict
    other = trust.issuer(kid)
    if other is None or other.issuer != issuer.issuer or sealed_at < verdict.sealed_at:
        raise _Refused(Finding.TAMPERED, "the file and its code are of different keys, and it is no duplicate")
    return verdict
