"""The attest and the proof of request on 80 mm paper: the same facts, marks, and a code of a certain size."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from drivers.contract import Line, PaperDocument, QrCode
from kiosk.core.attests import AttestProduct
from kiosk.core.texts import LANGUAGES, Language, message
from kiosk.documents.attest.printable import UnprintableName
from kiosk.documents.attest.receipt import SEAL_MODULE_MM, RequestSlip, attest_receipt, request_receipt
from kiosk.documents.seal_contract import CannotMake
from tests.documents.attest_rigs import (
    HISTORY,
    HOUSEHOLD,
    LIFE,
    RESIDENCE,
    SITE,
    TEXTS,
    VERIFY,
    card_content,
    history,
    household,
    named,
    register_content,
    same,
    seal_like,
)


def lines(paper: PaperDocument) -> list[str]:
    return [item.text for item in paper.items if isinstance(item, Line)]


def codes(paper: PaperDocument) -> list[QrCode]:
    return [item for item in paper.items if isinstance(item, QrCode)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("product", [RESIDENCE, LIFE])
def test_everything_that_stands_on_the_page_stands_on_the_receipt(product: AttestProduct, language: Language) -> None:
    content = card_content(product, language)
    paper = attest_receipt(content, product, seal_like(), SITE, TEXTS, verify_url=VERIFY)
    text = "\n".join(lines(paper))
    assert SITE.signing is not None
    for words in (
        *content.words(),
        product.title.values[language],
        product.legal.values[language],
        SITE.signing.officer,
        SITE.signing.capacity.values[language],
        TEXTS.spoken(message("attest.paper.as_of_card"), language),
        TEXTS.spoken(message(f"attest.kind.{product.kind.value}.sentence", municipality=SITE.name), language),
        VERIFY,
    ):
        assert words in text


def test_the_code_is_the_seal_at_a_certain_size() -> None:
    seal = seal_like()
    paper = attest_receipt(card_content(), RESIDENCE, seal, SITE, TEXTS)
    assert codes(paper) == [QrCode(seal, SEAL_MODULE_MM, exact=True)]


def test_every_member_and_every_address_is_on_the_receipt() -> None:
    members = register_content(HOUSEHOLD, household(10), "fr")
    addresses = register_content(HISTORY, history(15), "de")
    for content, product in ((members, HOUSEHOLD), (addresses, HISTORY)):
        text = "\n".join(lines(attest_receipt(content, product, seal_like(), SITE, TEXTS)))
        (group,) = content.groups
        assert TEXTS.spoken(message(group.kind.key), content.language) in text
        for row in group.rows:
            for printed in row:
                assert f"{TEXTS.spoken(message(printed.field.key), content.language)}: {printed.value}" in text


def test_marks_stand_above_everything_and_only_where_they_belong() -> None:
    content = card_content()

    def first(practice: bool, duplicate: bool) -> list[str]:
        marked = replace(content, practice=practice)
        paper = attest_receipt(marked, RESIDENCE, seal_like(), SITE, TEXTS, duplicate=duplicate)
        return [item.text for item in paper.items if isinstance(item, Line) and item.inverse]

    assert first(False, False) == []
    assert first(True, False) == ["Oefening: niet geldig"]
    assert first(False, True) == ["DUPLICAAT"]
    assert first(True, True) == ["Oefening: niet geldig", "DUPLICAAT"]


def test_what_cannot_be_printed_is_refused_on_the_receipt_too() -> None:
    with pytest.raises(UnprintableName):
        attest_receipt(named("Zilver\u202eschoon"), RESIDENCE, seal_like(), SITE, TEXTS)
    with pytest.raises(CannotMake, match="names nobody who signs"):
        attest_receipt(card_content(), RESIDENCE, seal_like(), replace(SITE, signing=None), TEXTS)


def slip(language: Language = "nl", *, practice: bool = False, code: str = "K7M-4PX") -> RequestSlip:
    collect = (
        message("plain", text="Kom terug naar deze zuil."),
        same(nl="Loket Burgerzaken", fr="Guichet État civil"),
    )
    asked = datetime(2026, 11, 25, 23, 40, tzinfo=UTC)
    return RequestSlip(HOUSEHOLD.title, asked, code, collect, "03 000 00 01", practice, language)


def test_a_proof_of_request_says_what_when_and_how_to_collect() -> None:
    paper = request_receipt(slip(), SITE, TEXTS)
    assert lines(paper) == [
        "Lindeveld",
        "Bewijs van uw aanvraag",
        "Attest van gezinssamenstelling",
        "Gevraagd op donderdag 26 november om 00:40",
        "Uw code om het op te halen",
        "K7M-4PX",
        "Kom terug naar deze zuil.",
        "Loket Burgerzaken",
        "Bewaar dit papier goed. Het is zelf geen attest.",
        "Vragen? Bel 03 000 00 01.",
    ]
    assert [code.text for code in codes(paper)] == ["K7M-4PX"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_proof_of_request_is_in_its_language_and_is_no_attest(language: Language) -> None:
    text = lines(request_receipt(slip(language), SITE, TEXTS))
    for other in LANGUAGES:
        assert (TEXTS.spoken(message("attest.paper.request.keep"), other) in text) == (other == language)
    assert HOUSEHOLD.title.values[language] in text


def test_a_practice_proof_says_so() -> None:
    assert lines(request_receipt(slip(practice=True), SITE, TEXTS))[0] == "Oefening: niet geldig"


@pytest.mark.parametrize("code", ["K7", "K7M-4PX", "K7M-4PX-9RT-2WD", "K" * 40])
def test_the_pick_up_code_is_as_large_as_the_paper_allows(code: str) -> None:
    paper = request_receipt(slip(code=code), SITE, TEXTS)
    (large,) = [item for item in paper.items if isinstance(item, Line) and item.text == code]
    assert large.scale >= 2
    assert len(code) * large.scale <= 48 or large.scale == 2
