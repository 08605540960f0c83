"""Services that give an attest, or one that waited: what their ways become, and what is said of each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.core.catalogue import WayKind
from tests.config.attest_site import ATTEST_OFFER, ATTEST_SERVICE, ATTEST_SITE, ATTESTS, assert_told, loaded
from tests.config.small_site import SERVICE, SITE, line_of


def test_an_attest_offer_names_its_product(tmp_path: Path) -> None:
    offer = loaded(tmp_path).service("passport").offers[-1]
    assert (offer.way, offer.attest, offer.purpose, offer.queue) == (WayKind.ATTEST, "life", None, None)


SERVICE_MISTAKES = [
    ('attest = "life"', 'attest = "lfe"', "lfe", 0, "unknown attest 'lfe'; did you mean 'life'?"),
    ('attest = "life"\n', "", 'way = "attest"', -1, "way 'attest' tells nothing; add attest"),
    (
        'attest = "life"',
        'purpose = "home"',
        'way = "attest"',
        -1,
        "way 'attest' has no 'purpose'; it tells attest only",
    ),
    ('way = "attest"', 'way = "card"', 'attest = "life"', -2, "way 'card' has no 'attest'; it tells purpose only"),
    (
        'attest = "life"',
        'attest = "residence"',
        'attest = "residence"',
        0,
        "the attest 'residence' may cost 500 cents and this service names no such price; add a table [[costs]] with",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "marker", "below", "said"), SERVICE_MISTAKES)
def test_a_mistake_in_an_attest_offer_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, marker: str, below: int, said: str
) -> None:
    text = SERVICE + ATTEST_OFFER.replace(right, wrong)
    assert_told(tmp_path, ATTEST_SITE, text, "passport.toml", line_of(text, marker) + below, said)


def test_a_price_that_the_service_names_is_right(tmp_path: Path) -> None:
    text = ATTEST_SERVICE.replace('"life"', '"residence"').replace("amount_cents = 7500", "amount_cents = 500")
    assert loaded(tmp_path, service=text).service("passport").offers[-1].attest == "residence"


COLLECT_MISTAKES = [
    ("", "", "home", "an attest is collected with the purpose 'home', which does not read 'national_number'; add"),
    (
        '[purposes.keep]\nnl = "Drie jaar."\nfr = "Trois ans."\n',
        "",
        "look-up",
        "an attest is collected with the purpose 'look-up', which says that nothing is kept; what an attest says is",
    ),
    (
        'fields = ["national_number", "birth_date"]\n',
        'fields = ["national_number", "birth_date"]\nproof = false\n',
        "look-up",
        "an attest is collected with the purpose 'look-up', which verifies no signature; take proof = false out of it",
    ),
    ("", "", "lok-up", "unknown purpose 'lok-up'; did you mean 'look-up'?"),
]


@pytest.mark.parametrize(("right", "wrong", "purpose", "said"), COLLECT_MISTAKES)
def test_who_collects_with_a_code_is_known_by_a_purpose_that_fits(
    tmp_path: Path, right: str, wrong: str, purpose: str, said: str
) -> None:
    site = ATTEST_SITE[: ATTEST_SITE.index(ATTESTS)].replace(right, wrong)
    service = SERVICE + f'[[offers]]\nway = "collect"\npurpose = "{purpose}"\n'
    assert_told(tmp_path, site, service, "passport.toml", line_of(service, f'purpose = "{purpose}"'), said)


def test_a_way_to_collect_names_its_purpose(tmp_path: Path) -> None:
    service = SERVICE + '[[offers]]\nway = "collect"\npurpose = "look-up"\n'
    offer = loaded(tmp_path, service=service).service("passport").offers[-1]
    assert (offer.way, offer.purpose, offer.attest) == (WayKind.COLLECT, "look-up", None)


@pytest.mark.parametrize(
    "more", ["", '[[offers]]\nway = "collect"\npurpose = "look-up"\n', '[[offers]]\nway = "card"\npurpose = "home"\n']
)
def test_nobody_is_forced_to_use_a_card_for_an_attest(tmp_path: Path, more: str) -> None:
    text = SERVICE[: SERVICE.index("[[offers]]")] + ATTEST_OFFER + more
    line = line_of(text, 'way = "attest"')
    said = "given with a card only; add another way, like a ticket"
    assert_told(tmp_path, ATTEST_SITE, text, "passport.toml", line, said)


def test_an_attest_of_a_site_without_attests_is_unknown(tmp_path: Path) -> None:
    line = line_of(ATTEST_SERVICE, 'attest = "life"')
    assert_told(tmp_path, SITE, ATTEST_SERVICE, "passport.toml", line, "unknown attest 'life'; leave it out")
