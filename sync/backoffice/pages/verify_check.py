"""Judges what somebody gave: a PDF, a picture with a code, or the text of one, against the trust list of the moment.

Nothing is kept and nothing is logged. Not for: reading a request (`verify_form`) or words for people (`verify_shown`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from kiosk.documents.seal.picture_apart import Unreadable, codes_apart
from kiosk.documents.seal_contract import Finding, Verdict
from sync.backoffice.core import BackOffice
from sync.backoffice.pages.verify_form import Given
from sync.backoffice.trust import trust_file

if TYPE_CHECKING:
    from kiosk.documents.seal.trust import Trust

_LINES = str.maketrans("", "", "\r\n\t\u200b\ufeff")
"""What copying puts into a code and no code has."""


class Hint(Enum):
    """What may help where nothing could be judged; texts `verify.hint.<value>`."""

    NO_CODE = "no_code"
    SEVERAL = "several"
    PDF = "pdf"
    TEXT = "text"


@dataclass(frozen=True, repr=False)
class Checked:
    """A verdict, and what may help."""

    verdict: Verdict
    hint: Hint | None = None


class Checker:
    """Checks against the list of one back office, which is loaded again when it changed."""

    def __init__(self, office: BackOffice) -> None:
        self._office = office
        self._loaded: tuple[str, Trust] | None = None

    def check(self, given: Given) -> Checked:
        """What was given is worth; for any bytes at all there is an answer. Blocks, up to some seconds.

        Raises:
            NoAuthority: when the site issues no attests.
        """
        trust = self._trust()
        now = datetime.fromtimestamp(self._office.clock() / 1000, UTC)
        if not given.file:
            return _text(given.text.translate(_LINES), trust, now)
        if b"%PDF-" in given.file[:1024]:
            from kiosk.documents.attest.pdf_check import verify_pdf

            return _hinting(verify_pdf(given.file, trust, now), Hint.PDF)
        return _picture(given.file, trust, now)

    def _trust(self) -> Trust:
        from kiosk.documents.seal.trust import load_trust

        made, loaded = trust_file(self._office), self._loaded
        if loaded is None or loaded[0] != made.etag:
            loaded = self._loaded = (made.etag, load_trust(made.body, pinned=self._office.key.public))
        return loaded[1]


def _text(text: str, trust: Trust, now: datetime) -> Checked:
    from kiosk.documents.seal.check import verify_text

    return _hinting(verify_text(text, trust, now), Hint.TEXT)


def _picture(data: bytes, trust: Trust, now: datetime) -> Checked:
    from kiosk.documents.seal.text import PREFIXES

    try:
        codes = codes_apart(data)
    except Unreadable as problem:
        return Checked(Verdict(Finding.NOT_A_SEAL, detail=str(problem)), Hint.NO_CODE)
    seals = {code for code in codes if code.startswith(PREFIXES)}
    if len(seals) > 1:
        return Checked(Verdict(Finding.NOT_A_SEAL, detail=f"the picture has {len(seals)} seals"), Hint.SEVERAL)
    if not codes:
        return Checked(Verdict(Finding.NOT_A_SEAL, detail="no code can be read in the picture"), Hint.NO_CODE)
    return Checked(_text(seals.pop() if seals else codes[0], trust, now).verdict)


def _hinting(verdict: Verdict, hint: Hint) -> Checked:
    return Checked(verdict, hint if verdict.finding is Finding.NOT_A_SEAL else None)
