"""Everything that stands on the A4 page, as plain data for the template: words in one language, facts, the code.

Not for: how it looks (`assets/documents/attest.typ`) or making the file (`kiosk.documents.attest.page`).
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from kiosk.core.attests import AttestContent, AttestField, AttestProduct, Group, Kind, Printed
from kiosk.core.catalogue import Site
from kiosk.core.texts import Language, Text, Texts, message
from kiosk.documents.attest.dates import day_words
from kiosk.documents.attest.qr import Drawing
from kiosk.documents.seal_contract import CannotMake

_AS_WIDE_AS_NEEDED = 0.0
_WIDTHS = {
    AttestField.SURNAME: 1.2,
    AttestField.GIVEN_NAMES: 1.3,
    AttestField.ADDRESS: 1.0,
    AttestField.BIRTH_DATE: _AS_WIDE_AS_NEEDED,
    AttestField.FROM: _AS_WIDE_AS_NEEDED,
    AttestField.UNTIL: _AS_WIDE_AS_NEEDED,
}
"""Shares of the width of a table by column, 1 for the others; 0 never breaks its lines."""


class Wording:
    """The words that page and receipt share: labels, dates, who signs and how to check.

    Args:
        verify_url: where anybody can check, as printed; empty when there is no such page.
    """

    def __init__(self, site: Site, texts: Texts, language: Language, verify_url: str = "") -> None:
        self.language = language
        self._site, self._texts, self._verify_url = site, texts, verify_url

    def said(self, text: Text) -> str:
        """Words without soft hyphens."""
        return self._texts.spoken(text, self.language)

    @property
    def municipality(self) -> str:
        """Name of the municipality."""
        return self.said(self._site.name)

    def sentence(self, kind: Kind) -> str:
        """What an attest of that kind states.

        Raises:
            CannotMake: for the one kind no column makes.
        """
        if kind is Kind.CRIMINAL_RECORD:
            raise CannotMake("an extract from the criminal record is never made by a column")
        return self.said(message(f"attest.kind.{kind.value}.sentence", municipality=self._site.name))

    def fact(self, printed: Printed) -> tuple[str, str]:
        """Label and value."""
        return self.label(printed.field), printed.value

    def label(self, field: AttestField) -> str:
        """Label of a fact."""
        return self.said(message(f"attest.field.{field.name.lower()}"))

    def heading(self, group: Group) -> str:
        """Heading of a group."""
        return self.said(message(f"attest.group.{group.kind.name.lower()}"))

    def dates(self, content: AttestContent, product: AttestProduct) -> list[tuple[str, str]]:
        """Issued, valid until, as of, and what for: label and value."""
        issued = content.issued_at.astimezone(ZoneInfo(self._site.timezone)).date()
        fresh = "attest.paper.as_of_card" if product.from_card else "attest.paper.as_of_register"
        days = (("attest.paper.issued_on", issued), ("attest.paper.valid_until", content.valid_until))
        rows = [(self.said(message(key)), day_words(day, self.language)) for key, day in days]
        rows.append((self.said(message(fresh)), day_words(content.as_of, self.language)))
        if content.purpose:
            rows.append((self.said(message("attest.paper.purpose")), content.purpose))
        return rows

    def check_lines(self) -> list[str]:
        """How to check it, one sentence a line."""
        where = (
            message("attest.paper.check.web", address=self._verify_url)
            if self._verify_url
            else message("attest.paper.check.counter", municipality=self._site.name, phone=self._site.phone)
        )
        return [self.said(where), self.said(message("attest.paper.check.compare"))]

    def signing(self) -> dict[str, str]:
        """Who answers for it: `intro`, `officer`, `capacity`, `sealed`.

        Raises:
            CannotMake: when the site names nobody.
        """
        signing = self._site.signing
        if signing is None:
            raise CannotMake("the site names nobody who signs attests; fill in [signing] of site.toml")
        return {
            "intro": self.said(message("attest.paper.signed", municipality=self._site.name)),
            "officer": signing.officer,
            "capacity": self.said(signing.capacity),
            "sealed": self.said(message("attest.paper.sealed")),
        }


def sheet_data(
    content: AttestContent, product: AttestProduct, site: Site, wording: Wording, code: Drawing, *, duplicate: bool
) -> dict[str, object]:
    """The data of the template, everything but the text of the seal; JSON types only."""
    said = wording.said
    title = said(product.title)
    return {
        "language": content.language,
        "document_title": f"{title} {content.number}",
        "municipality": wording.municipality,
        "mark": site.mark,
        "logo": site.logo,
        "brand": site.brand,
        "place": content.place,
        "title": title,
        "sentence": wording.sentence(content.kind),
        "number_label": said(message("attest.paper.number")),
        "number": content.number,
        "facts": [wording.fact(printed) for printed in content.facts],
        "groups": [_table(group, wording) for group in content.groups],
        "dates": wording.dates(content, product),
        "check": {"title": said(message("attest.paper.check.title")), "lines": wording.check_lines()},
        "signing": wording.signing(),
        "legal": said(product.legal),
        "page": said(message("attest.paper.page", page="{page}", pages="{pages}")),
        "qr": {
            "side": code.side,
            "module": code.module_mm,
            "runs": code.runs,
            "words": said(message("attest.paper.code")),
        },
        "duplicate": _duplicate(wording) if duplicate else None,
        "practice": _practice(wording) if content.practice else None,
    }


def _table(group: Group, wording: Wording) -> dict[str, object]:
    present = {printed.field for row in group.rows for printed in row}
    columns = [field for field in _order(group) if field in present]
    return {
        "title": wording.heading(group),
        "columns": [wording.label(field) for field in columns],
        "widths": [_WIDTHS.get(field, 1.0) for field in columns],
        "rows": [_cells(row, columns) for row in group.rows],
    }


def _order(group: Group) -> list[AttestField]:
    """Fields as the rows have them, those of the longest row first."""
    longest = max(group.rows, key=len)
    fields = [printed.field for printed in longest]
    return fields + [printed.field for row in group.rows for printed in row if printed.field not in fields]


def _cells(row: tuple[Printed, ...], columns: list[AttestField]) -> list[str]:
    values = {printed.field: printed.value for printed in row}
    return [values.get(field, "–") for field in columns]


def _duplicate(wording: Wording) -> dict[str, str]:
    words = wording.said(message("attest.paper.duplicate_words"))
    return {"title": wording.said(message("attest.paper.duplicate")), "words": words}


def _practice(wording: Wording) -> dict[str, str]:
    words = wording.said(message("attest.paper.practice_words"))
    return {"title": wording.said(message("attest.paper.practice")), "words": words}
