"""The attest as a page: PDF/A-2b from one template, the same bytes every time, in our own fonts only.

Data travels as JSON and never as source, so whatever stands in a name prints as itself. A character the fonts lack
makes no page at all. Not for: what stands on it (`kiosk.documents.attest.sheet`), the seal in the file
(`kiosk.documents.attest.pdf_seal`).
"""

from __future__ import annotations

import json
import re
import threading
import zlib
from datetime import datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.core.attests import AttestContent, AttestProduct
from kiosk.core.catalogue import Site
from kiosk.core.texts import Texts
from kiosk.documents.attest.printable import printable
from kiosk.documents.attest.qr import drawing
from kiosk.documents.attest.sheet import Wording, sheet_data
from kiosk.documents.seal_contract import CannotMake, MissingGlyph

if TYPE_CHECKING:
    from typst import Compiler, PDFStandard, TypstError

TEMPLATE = "attest.typ"
STANDARD: PDFStandard = "a-2b"

_BREAK = 0x200B
"""Put into long words by the template; never what a font lacks."""
_LACKING = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


class AttestPages:
    """Makes pages for one site; keeps fonts and template loaded between pages. For any thread, one page at a time.

    Args:
        fonts: folder with our fonts.
        templates: folder with `attest.typ`.
        verify_url: where anybody can check, as printed; empty when there is no such page.
    """

    def __init__(self, site: Site, texts: Texts, fonts: Path, templates: Path, verify_url: str = "") -> None:
        self._site, self._texts, self._verify_url = site, texts, verify_url
        self._fonts, self._templates = fonts, templates
        self._one_at_a_time = threading.Lock()

    def check(self, content: AttestContent, product: AttestProduct) -> None:
        """Whether a page can be made: it is made, with a code at least as large as that of the seal to come.

        Raises:
            MissingGlyph: naming the characters our fonts lack.
            CannotMake: saying what else is in the way; never with a text of the person.
        """
        self.pdf(content, product, _placeholder(content))

    def pdf(self, content: AttestContent, product: AttestProduct, seal: str, *, duplicate: bool = False) -> bytes:
        """A PDF/A-2b of one A4 page, or of more where the facts need them; the same bytes for the same arguments.

        Args:
            seal: text of the code; it is also the only keyword of the document.

        Raises:
            MissingGlyph, CannotMake: as `check`.
        """
        for words in content.words():
            printable(words, "attest")
        wording = Wording(self._site, self._texts, content.language, self._verify_url)
        data = sheet_data(content, product, self._site, wording, drawing(seal), duplicate=duplicate)
        return self._compile(json.dumps(data | {"seal": seal}, ensure_ascii=False), content.issued_at, STANDARD)

    @cached_property
    def _compiler(self) -> Compiler:
        from typst import Compiler, Fonts

        fonts = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[self._fonts])
        if not fonts.families():
            raise CannotMake("there are no fonts; name the folder assets/fonts")
        if not (self._templates / TEMPLATE).is_file():
            raise CannotMake(f"there is no {TEMPLATE}; name the folder assets/documents")
        return Compiler(self._templates / TEMPLATE, root=self._templates, font_paths=fonts, ignore_system_fonts=True)

    def _compile(self, data: str, issued_at: datetime, standard: PDFStandard) -> bytes:
        from typst import TypstError

        with self._one_at_a_time:
            try:
                pdf = self._compiler.compile(
                    format="pdf",
                    sys_inputs={"data": data},
                    pdf_standards=[standard],
                    timestamp=_fixed_offset(issued_at),
                )
            except TypstError as error:
                # What typst says may quote a name, so nothing of it but code points is kept.
                raise _refusal(error) from None
        if not isinstance(pdf, bytes):
            raise CannotMake("the template gave no single file")
        return pdf


def _fixed_offset(moment: datetime) -> datetime:
    """The same moment in a zone typst takes: a plain distance to UTC."""
    return moment.astimezone(timezone(moment.utcoffset() or timedelta()))


def _refusal(error: TypstError) -> CannotMake:
    lacking = [_unescaped(text) for text in _LACKING.findall(error.diagnostic)]
    points = sorted({ord(character) for text in lacking for character in text} - {_BREAK})
    if lacking:
        return MissingGlyph(tuple(f"U+{point:04X}" for point in points))
    return CannotMake("the template and its data do not fit each other")


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)


def _placeholder(content: AttestContent) -> str:
    """A text as long as the seal of `content` at most: everything printed, keys, signature, in base45."""
    words = [*content.words(), content.product, content.kiosk, content.issuer]
    raw = "\n".join(words).encode()
    size = min(len(raw), len(zlib.compress(raw))) + 5 * len(words) + 240
    return "BE0:" + "A" * (size * 3 // 2)
