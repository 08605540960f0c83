"""Checks a seal against a trust list, without a network.

Not for: pictures (`picture`), PDF files (`kiosk.documents.attest`), or words for people (texts `verify.*`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.core.attests import AttestContent
from kiosk.documents.seal.cose import NotSealed, open_sealed, signed_by
from kiosk.documents.seal.statement import NotAStatement, decode, expiry
from kiosk.documents.seal.text import NotASeal, cose_of
from kiosk.documents.seal.trust import Trust, TrustedIssuer
from kiosk.documents.seal_contract import Finding, Verdict

AHEAD = timedelta(days=1)
"""How far the clock of a column may be ahead of the one that checks."""


def verify_text(text: str, trust: Trust, now: datetime) -> Verdict:
    """What a seal is worth; for any text at all there is a verdict.

    The content is in the verdict wherever the signature is right and of the issuer it names, so that it can be compared
    with the paper: a genuine code can stand on an altered page.

    Args:
        now: timezone-aware.
    """
    try:
        opened = open_sealed(cose_of(text))
    except (NotASeal, NotSealed) as problem:
        return Verdict(Finding.NOT_A_SEAL, detail=str(problem))
    issuer = trust.issuer(opened.kid)
    if issuer is None:
        return Verdict(Finding.UNKNOWN_KEY, detail=f"the list of {trust.organisation} has no key {opened.kid.hex()}")
    if not signed_by(opened, issuer.public_key):
        return Verdict(Finding.TAMPERED, detail=f"the signature is not of the key {opened.kid.hex()}")
    try:
        content = decode(opened.statement)
    except NotAStatement as problem:
        return Verdict(Finding.NOT_A_SEAL, detail=str(problem), issuer=issuer.organisation)
    if content.issuer != issuer.issuer:
        detail = f"sealed in the name of {content.issuer} with a key of {issuer.issuer}"
        return Verdict(Finding.TAMPERED, detail=detail, issuer=issuer.organisation)
    finding, detail = judged(content, issuer, trust, now)
    return Verdict(finding, content, detail, issuer.organisation, content.issued_at)


def judged(content: AttestContent, issuer: TrustedIssuer, trust: Trust, now: datetime) -> tuple[Finding, str]:
    """What an attest that was sealed by this key is worth now, and why."""
    sealed_at = content.issued_at
    if sealed_at > now + AHEAD:
        return Finding.OUT_OF_TIME, f"sealed at {sealed_at.isoformat()}, which is still to come"
    if not issuer.valid_from <= sealed_at <= issuer.valid_to:
        span = f"{issuer.valid_from.isoformat()} to {issuer.valid_to.isoformat()}"
        return Finding.OUT_OF_TIME, f"sealed at {sealed_at.isoformat()}; the key counts from {span}"
    if issuer.revoked_from is not None and sealed_at >= issuer.revoked_from:
        return Finding.REVOKED, f"the key does not count from {issuer.revoked_from.isoformat()} on"
    if trust.revoked(content.id):
        return Finding.REVOKED, "the attest was taken back"
    if now >= expiry(content):
        return Finding.EXPIRED, f"it was good until {content.valid_until.isoformat()}"
    return Finding.VALID, ""
