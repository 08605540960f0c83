"""The attests of the demo site: what a municipality may copy has to be right.

Not for: what the loader says of mistakes (`test_attest_tables`).
"""

from __future__ import annotations

from pathlib import Path

from config.site import load_site
from drivers.card_contract import RESTRICTED
from kiosk.core.attests import AttestField, Kind
from kiosk.core.catalogue import WayKind
from kiosk.core.language import attest_languages
from kiosk.core.purposes import WIPED, Level
from kiosk.core.texts import LANGUAGES

DEMO = load_site(Path(__file__).parents[2] / "config" / "sites" / "berchem")


def test_the_demo_site_issues_every_kind_in_every_language() -> None:
    assert DEMO.signing is not None
    assert DEMO.signing.issuer == "BE:0000000097"
    assert [product.kind for product in DEMO.attests] == list(Kind)
    assert {product.languages for product in DEMO.attests} == {attest_languages(DEMO.profile)} == {LANGUAGES}


def test_every_attest_of_the_demo_site_is_offered_first_by_a_service_that_has_other_ways_too() -> None:
    services = [service for service in DEMO.services if any(offer.attest for offer in service.offers)]
    assert [service.offers[0].attest is not None for service in services] == [True] * len(services)
    assert {service.offers[0].attest for service in services} == {product.id for product in DEMO.attests}
    assert all(any(offer.way is WayKind.TICKET for offer in service.offers) for service in services)


def test_the_demo_site_asks_the_national_number_for_registers_only_and_with_the_pin() -> None:
    for product in DEMO.attests:
        purpose = DEMO.purpose(product.purpose)
        assert bool(set(purpose.fields) & {field.value for field in RESTRICTED}) is not product.from_card
        assert "photo" not in purpose.fields
        assert AttestField.NATIONAL_NUMBER not in product.facts
        assert purpose.keep != WIPED
        if not product.from_card:
            assert purpose.basis is not None
            assert purpose.level is Level.PIN


def test_an_attest_that_waited_can_be_collected_with_the_pin_only() -> None:
    service = DEMO.service("collect-attest")
    purpose = DEMO.purpose(service.offers[0].purpose or "")
    assert service.offers[0].way is WayKind.COLLECT
    assert (purpose.fields, purpose.level) == (("name", "national_number"), Level.PIN)
    assert purpose.basis is not None
    assert any(offer.way is WayKind.TICKET for offer in service.offers)


def test_the_demo_site_reads_no_more_for_an_attest_than_it_needs() -> None:
    for product in DEMO.attests:
        if product.from_card:
            needed = {"birth_date"} if product.min_age else set()
            needed |= {"address"} if product.resident else set()
            names = {fact.name.lower() for fact in product.facts} - {"seen_on", "card_valid_until"}
            needed |= {"name" if name in ("surname", "given_names") else name for name in names}
            assert set(DEMO.purpose(product.purpose).fields) == needed


def test_one_attest_of_the_demo_site_costs_money_for_one_use_and_its_service_says_so() -> None:
    priced = [
        (product.id, use.id, use.price_cents) for product in DEMO.attests for use in product.uses if use.price_cents
    ]
    assert priced == [("household", "other", 200)]
    assert [cost.amount_cents for cost in DEMO.service("household-composition").costs] == [0, 200]


def test_services_do_not_promise_at_once_what_a_register_must_answer() -> None:
    always = {"nl": "U krijgt het meteen", "fr": "Vous la recevez tout de suite", "en": "You get it at once"}
    for service in DEMO.services:
        product = service.offers[0].attest
        if product is not None and not DEMO.attest(product).from_card:
            assert [words for language, words in always.items() if words in service.summary.values[language]] == []
