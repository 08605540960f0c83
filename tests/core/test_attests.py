"""Who may have an attest, what its number is, and in which language it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.attests import (
    FROM_CARD,
    Applicant,
    AttestField,
    AttestProduct,
    GroupKind,
    Kind,
    NotEntitled,
    RegisterData,
    Use,
    attest_language,
    entitlement,
    number_label,
)
from kiosk.core.language import LanguageLawError, LanguageProfile, Regime, attest_languages
from kiosk.core.texts import LANGUAGES, Language
from tests.core.towns import text

PRODUCT = AttestProduct(
    id="residence",
    title=text("Bewijs van woonst"),
    kind=Kind.RESIDENCE,
    purpose="home",
    uses=(Use("school", text("School")),),
    languages=("nl", "fr"),
    validity_days=90,
    who=text("Inwoners"),
    legal=text("Afgegeven aan de persoon zelf."),
    facts=(AttestField.SURNAME, AttestField.GIVEN_NAMES, AttestField.ADDRESS),
)
SOMEBODY = Applicant(document="citizen", valid=True, age=40, lives_here=True, belgian=True)
UNKNOWN = Applicant(document="other", valid=None, age=None, lives_here=None, belgian=False)


def test_somebody_whom_nothing_speaks_against_is_served() -> None:
    strict = replace(PRODUCT, documents=("citizen",), min_age=18, resident=True)
    assert entitlement(strict, SOMEBODY) is None


REFUSED: list[tuple[AttestProduct, Applicant, NotEntitled]] = [
    (PRODUCT, replace(SOMEBODY, valid=False), NotEntitled.EXPIRED),
    (replace(PRODUCT, documents=("citizen", "kids")), replace(SOMEBODY, document="foreigner"), NotEntitled.DOCUMENT),
    (replace(PRODUCT, kind=Kind.NATIONALITY), replace(SOMEBODY, belgian=False), NotEntitled.NOT_BELGIAN),
    (replace(PRODUCT, min_age=18), replace(SOMEBODY, age=17), NotEntitled.AGE),
    (replace(PRODUCT, resident=True), replace(SOMEBODY, lives_here=False), NotEntitled.ELSEWHERE),
    (replace(PRODUCT, resident=True), replace(SOMEBODY, lives_here=None), NotEntitled.ELSEWHERE),
]


@pytest.mark.parametrize(("product", "applicant", "why"), REFUSED, ids=[row[2].value for row in REFUSED])
def test_each_reason_is_seen_and_goes_away_with_its_cause(
    product: AttestProduct, applicant: Applicant, why: NotEntitled
) -> None:
    assert entitlement(product, applicant) is why
    assert entitlement(product, SOMEBODY) is None
    if why is not NotEntitled.EXPIRED:
        assert entitlement(PRODUCT, applicant) is None


def test_every_reason_has_a_case_here() -> None:
    assert {row[2] for row in REFUSED} == set(NotEntitled)


def test_the_birthday_itself_is_old_enough() -> None:
    assert entitlement(replace(PRODUCT, min_age=18), replace(SOMEBODY, age=18)) is None


def test_what_a_card_does_not_say_does_not_speak_against_anybody_but_where_they_live() -> None:
    assert entitlement(replace(PRODUCT, min_age=18), UNKNOWN) is None
    assert entitlement(replace(PRODUCT, min_age=18, resident=True), UNKNOWN) is NotEntitled.ELSEWHERE


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.NATIONALITY])
def test_only_the_attest_of_nationality_is_for_belgians(kind: Kind) -> None:
    assert entitlement(replace(PRODUCT, kind=kind), replace(SOMEBODY, belgian=False)) is None


@given(
    st.sampled_from(Kind),
    st.sampled_from([(), ("citizen",), ("kids", "foreigner")]),
    st.integers(0, 30),
    st.booleans(),
    st.sampled_from(["citizen", "kids", "foreigner"]),
    st.sampled_from([True, False, None]),
    st.none() | st.integers(0, 120),
    st.sampled_from([True, False, None]),
    st.booleans(),
)
def test_nobody_is_served_with_an_expired_card_or_refused_without_a_rule(
    kind: Kind,
    documents: tuple[str, ...],
    min_age: int,
    resident: bool,
    document: str,
    valid: bool | None,
    age: int | None,
    lives_here: bool | None,
    belgian: bool,
) -> None:
    product = replace(PRODUCT, kind=kind, documents=documents, min_age=min_age, resident=resident)
    why = entitlement(product, Applicant(document, valid, age, lives_here, belgian))
    ruled = (bool(documents), min_age > 0, resident, kind is Kind.NATIONALITY, valid is False)
    assert why is None or any(ruled)
    assert (why is NotEntitled.EXPIRED) == (valid is False)


def test_the_number_tells_office_column_year_and_count() -> None:
    assert number_label("districtshuis", "K1", 2026, 42, practice=False) == "districtshuis-K1-2026-00042"
    assert number_label("bib", "K2", 2027, 123456, practice=False) == "bib-K2-2027-123456"


def test_a_number_of_a_practice_column_cannot_be_taken_for_a_real_one() -> None:
    real = number_label("bib", "K1", 2026, 1, practice=False)
    assert number_label("bib", "K1", 2026, 1, practice=True) == f"DEMO-{real}"


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_two_counts_never_have_one_number(first: int, second: int) -> None:
    labels = {number_label("bib", "K1", 2026, count, practice=False) for count in (first, second)}
    assert len(labels) == len({first, second})


@pytest.mark.parametrize(
    ("visit", "languages", "expected"),
    [("nl", ("nl", "fr"), "nl"), ("fr", ("nl", "fr"), "fr"), ("en", ("nl", "fr"), "nl"), ("de", ("fr", "nl"), "fr")],
)
def test_an_attest_is_in_the_language_of_the_visit_where_it_may_be(
    visit: Language, languages: tuple[Language, ...], expected: Language
) -> None:
    assert attest_language(replace(PRODUCT, languages=languages), visit) == expected


LAWFUL: list[tuple[Regime, tuple[Language, ...], tuple[Language, ...]]] = [
    (Regime.DUTCH, ("nl",), ("nl",)),
    (Regime.FRENCH, ("fr",), ("fr",)),
    (Regime.MALMEDY, ("fr", "de"), ("fr", "de")),
    (Regime.GERMAN, ("de", "fr"), ("de", "fr")),
    (Regime.BORDER, ("fr", "nl"), ("fr", "nl")),
    (Regime.RIM, ("nl", "fr"), ("nl", "fr")),
    (Regime.BRUSSELS, ("fr", "nl"), ("fr", "nl")),
    (Regime.TOURIST, ("nl", "fr", "en"), ("nl",)),
    (Regime.TOURIST, ("fr", "nl", "de"), ("fr",)),
    (Regime.NETHERLANDS, ("nl", "en", "de"), ("nl",)),
    (Regime.DEMO, ("nl", "fr", "en", "de"), ("nl", "fr", "en", "de")),
]


@pytest.mark.parametrize(("regime", "screen", "paper"), LAWFUL)
def test_what_may_stand_on_a_screen_is_not_all_permitted_on_a_document(
    regime: Regime, screen: tuple[Language, ...], paper: tuple[Language, ...]
) -> None:
    assert attest_languages(LanguageProfile(regime, screen)) == paper


def test_every_regime_has_a_case_here() -> None:
    assert {row[0] for row in LAWFUL} == set(Regime)


@given(st.sampled_from(Regime), st.permutations(LANGUAGES), st.integers(1, len(LANGUAGES)))
def test_a_document_is_in_languages_of_the_site_only_and_always_in_one(
    regime: Regime, languages: list[Language], count: int
) -> None:
    try:
        profile = LanguageProfile(regime, tuple(languages[:count]))
    except LanguageLawError:
        return
    permitted = attest_languages(profile)
    assert permitted == profile.languages[: len(permitted)] != ()


def test_what_the_card_alone_can_show_is_told_by_the_kind() -> None:
    assert {kind for kind in Kind if replace(PRODUCT, kind=kind).from_card} == FROM_CARD


def test_keys_of_the_seal_never_change() -> None:
    """An attest of today is checked in ten years, by these numbers."""
    assert [(field.name, field.value) for field in AttestField] == [
        ("SURNAME", 1),
        ("GIVEN_NAMES", 2),
        ("BIRTH_DATE", 3),
        ("BIRTH_PLACE", 4),
        ("SEX", 5),
        ("NATIONALITY", 6),
        ("ADDRESS", 7),
        ("CARD_NUMBER", 8),
        ("CARD_VALID_UNTIL", 9),
        ("CIVIL_STATUS", 10),
        ("SINCE", 11),
        ("RELATION", 12),
        ("SEEN_ON", 13),
        ("FROM", 14),
        ("UNTIL", 15),
        ("PARENT_1", 16),
        ("PARENT_2", 17),
        ("SPOUSE", 18),
        ("MARRIED_ON", 19),
        ("MARRIED_IN", 20),
        ("RECORD_NUMBER", 21),
        ("NATIONAL_NUMBER", 22),
    ]
    assert [(group.name, group.value) for group in GroupKind] == [("MEMBERS", 1), ("ADDRESSES", 2)]


def test_nothing_a_register_answered_shows_in_a_log() -> None:
    data = RegisterData(date(2026, 11, 25), {"SURNAME": "Verzonnen"}, {})
    assert "Verzonnen" not in repr(data)
