"""From a card or a register to printed texts: words of one language, and errors that name the fact and nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from drivers.card_contract import Address, PartialDate, Person, Sex
from kiosk.core.attests import AttestField, AttestProduct, GroupKind, Kind, Printed, RegisterData
from kiosk.core.texts import LANGUAGES, Language
from kiosk.documents.attest.dates import day_words, iso_words, partial_words
from kiosk.documents.attest.facts import UnprintableName, card_facts, register_facts
from kiosk.documents.attest.words import CIVIL_STATUSES, RELATIONS, SEXES
from kiosk.documents.seal_contract import CannotMake
from tests.documents.attest_rigs import HISTORY, HOUSEHOLD, LIFE, LOTTE, RESIDENCE, TEXTS, TODAY, history, household

SECRET = "Zilverschoon"
"""A surname that may stand in no error."""


def values(facts: tuple[Printed, ...]) -> list[str]:
    return [printed.value for printed in facts]


@pytest.mark.parametrize(
    ("language", "born", "nationality"),
    [
        ("nl", "26 maart 1985", "Belg"),
        ("fr", "26 mars 1985", "Belge"),
        ("en", "26 March 1985", "Belgian"),
        ("de", "26. März 1985", "Belgisch"),
    ],
)
def test_a_card_is_put_into_the_words_of_the_attest(language: Language, born: str, nationality: str) -> None:
    facts = card_facts(LOTTE, RESIDENCE, language, TEXTS, TODAY)
    assert tuple(printed.field for printed in facts) == RESIDENCE.facts
    address = "Grotesteenweg 150 bus 3, 2600 Berchem (Antwerpen)"
    assert values(facts) == ["Van Voorbeeld", "Lotte Marie", born, "Antwerpen", nationality, address]


def test_a_proof_of_life_says_the_day_and_the_card() -> None:
    *_, sex, seen, number, valid = values(card_facts(LOTTE, LIFE, "fr", TEXTS, date(2026, 12, 1)))
    assert (sex, seen, number, valid) == ("Femme", "1er décembre 2026", "000-0000001-01", "23 septembre 2033")


@pytest.mark.parametrize(
    ("known", "language", "words"),
    [
        (PartialDate(1954, 8, 26), "nl", "26 augustus 1954"),
        (PartialDate(1954, 8), "nl", "augustus 1954"),
        (PartialDate(1954, 3), "de", "März 1954"),
        (PartialDate(1954, 8, 1), "fr", "1er août 1954"),
        (PartialDate(1954), "en", "1954"),
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(known: PartialDate, language: Language, words: str) -> None:
    assert partial_words(known, language) == words
    parts = filter(None, (str(known.year), *(f"{part:02d}" for part in (known.month, known.day) if part)))
    assert iso_words("-".join(parts), language) == words


def test_every_month_has_its_name_in_every_language() -> None:
    for language in LANGUAGES:
        assert len({day_words(date(2026, month, 2), language) for month in range(1, 13)}) == 12
    assert iso_words("1954-00-00", "nl") == "1954"


@pytest.mark.parametrize(
    "text", ["26-08-1954", "1954-13-01", "1954-02-30", "1954-00-07", "1954-8-6", "", "1954-08-26Z"]
)
def test_what_is_no_date_is_not_written(text: str) -> None:
    with pytest.raises(ValueError):
        iso_words(text, "nl")


def test_names_are_as_on_the_card_in_one_unicode_form() -> None:
    written = replace(LOTTE, surname=" D\u2019Exemple\u0301 ", given_names='Şükrü #panic() $x$ *y* #read("z")')
    surname, given, *_ = values(card_facts(written, RESIDENCE, "nl", TEXTS, TODAY))
    assert (surname, given) == ("D\u2019Exempl\u00e9", 'Şükrü #panic() $x$ *y* #read("z")')


@pytest.mark.parametrize(
    ("person", "name"),
    [
        (replace(LOTTE, surname=None), "surname"),
        (replace(LOTTE, birth_date=None), "birth_date"),
        (replace(LOTTE, nationality=None), "nationality"),
        (replace(LOTTE, address=Address("", "", "")), "address"),
        (replace(LOTTE, address=None), "address"),
    ],
)
def test_what_the_card_lacks_is_named_and_nobody_with_it(person: Person, name: str) -> None:
    with pytest.raises(CannotMake, match=f"the card does not say {name}, which this attest prints") as raised:
        card_facts(person, RESIDENCE, "nl", TEXTS, TODAY)
    assert "Voorbeeld" not in str(raised.value)


def test_who_has_one_name_or_no_known_place_of_birth_gets_an_attest_all_the_same() -> None:
    told = card_facts(replace(LOTTE, given_names="  ", birth_place=""), RESIDENCE, "nl", TEXTS, TODAY)
    fields = [printed.field for printed in told]
    assert AttestField.SURNAME in fields
    assert not {AttestField.GIVEN_NAMES, AttestField.BIRTH_PLACE} & set(fields)


def test_a_sex_the_card_does_not_tell_is_missing() -> None:
    with pytest.raises(CannotMake, match="does not say sex"):
        card_facts(replace(LOTTE, sex=Sex.UNKNOWN), LIFE, "nl", TEXTS, TODAY)


def test_a_product_from_the_card_cannot_ask_for_what_no_card_has() -> None:
    asking = replace(RESIDENCE, facts=(AttestField.SURNAME, AttestField.CIVIL_STATUS))
    with pytest.raises(CannotMake, match="no identity card says civil_status"):
        card_facts(LOTTE, asking, "nl", TEXTS, TODAY)


def test_a_day_that_does_not_exist_is_no_date_of_birth() -> None:
    with pytest.raises(CannotMake, match="birth_date on the card is no date that exists"):
        card_facts(replace(LOTTE, birth_date=PartialDate(1985, 2, 30)), RESIDENCE, "nl", TEXTS, TODAY)


HIDDEN = ["\x00", "\x1b", "\n", "\r", "\t", "\x85", "\xad", "\u061c", "\u200b", "\u200d", "\u200e", "\u2028", "\u2029"]
TURNED = ["\u202a", "\u202e", "\u2066", "\u2069", "\ufeff", "\ud800", "\ue000"]


@pytest.mark.parametrize("hidden", HIDDEN + TURNED, ids=lambda hidden: f"U+{ord(hidden):04X}")
def test_what_cannot_be_seen_is_refused_by_its_code_point(hidden: str) -> None:
    with pytest.raises(UnprintableName, match=f"surname: U\\+{ord(hidden):04X}") as raised:
        card_facts(replace(LOTTE, surname=f"{SECRET}{hidden}x"), RESIDENCE, "nl", TEXTS, TODAY)
    assert SECRET not in str(raised.value)
    facts = {**history(1).facts, "SURNAME": f"{SECRET}{hidden}x"}
    with pytest.raises(UnprintableName, match=f"surname: U\\+{ord(hidden):04X}"):
        register_facts(replace(history(1), facts=facts), HISTORY, "nl", TEXTS)


def test_a_name_of_200_characters_is_printed_and_one_of_300_refused() -> None:
    assert len(values(card_facts(replace(LOTTE, surname="A" * 200), RESIDENCE, "nl", TEXTS, TODAY))[0]) == 200
    with pytest.raises(UnprintableName, match="surname: more than 250 characters"):
        card_facts(replace(LOTTE, surname="A" * 300), RESIDENCE, "nl", TEXTS, TODAY)


def test_a_household_is_put_into_words() -> None:
    facts, (members,) = register_facts(household(3), HOUSEHOLD, "de", TEXTS)
    assert values(facts) == ["Van Voorbeeld", "Lotte Marie", "Grotesteenweg 150 bus 3, 2600 Berchem (Antwerpen)"]
    assert members.kind is GroupKind.MEMBERS
    assert [values(row) for row in members.rows] == [
        ["Van Voorbeeld", "Lotte Marie", "10. Januar 1955", "Bezugsperson"],
        ["Van Voorbeeld", "Zoë Hélène", "11. Februar 1961", "Ehepartner"],
        ["Van Voorbeeld", "Jürgen", "12. März 1967", "Kind"],
    ]


def test_earlier_addresses_have_an_end_and_the_present_one_has_none() -> None:
    facts, (addresses,) = register_facts(history(2), HISTORY, "en", TEXTS)
    assert values(facts)[-1] == "Married"
    assert [[printed.field for printed in row] for row in addresses.rows] == [
        [AttestField.ADDRESS, AttestField.FROM],
        [AttestField.ADDRESS, AttestField.FROM, AttestField.UNTIL],
    ]
    assert values(addresses.rows[1])[1:] == ["1 February 2023", "31 January 2025"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_word_in_every_language(language: Language) -> None:
    def worded(field: AttestField, code: str) -> str:
        data = RegisterData(TODAY, {field.name: code}, {})
        ((printed,), groups) = register_facts(data, replace(HISTORY, kind=Kind.BIRTH, facts=(field,)), language, TEXTS)
        assert groups == ()
        return printed.value

    for field, codes in (
        (AttestField.SEX, SEXES),
        (AttestField.RELATION, RELATIONS),
        (AttestField.CIVIL_STATUS, CIVIL_STATUSES),
    ):
        assert len({worded(field, code) for code in codes}) == len(codes)


def _without(name: str) -> RegisterData:
    data = household(2)
    first, *rest = data.groups["MEMBERS"]
    cut = {key: value for key, value in first.items() if key != name}
    return replace(data, groups={"MEMBERS": (cut, *rest)})


@pytest.mark.parametrize(
    ("data", "product", "said"),
    [
        (replace(household(2), facts={}), HOUSEHOLD, "the register does not say surname, which this attest prints"),
        (replace(household(2), groups={}), HOUSEHOLD, "the register gave no members, which this attest prints"),
        (replace(history(2), groups={"MEMBERS": ()}), HISTORY, "the register gave no addresses"),
        (_without("RELATION"), HOUSEHOLD, "the register does not say relation"),
        (_without("BIRTH_DATE"), HOUSEHOLD, "the register does not say birth_date"),
        (
            replace(history(1), facts={**history(1).facts, "BIRTH_DATE": SECRET}),
            HISTORY,
            "the birth_date of the register is no date; it is written YYYY-MM-DD",
        ),
        (
            replace(history(1), facts={**history(1).facts, "CIVIL_STATUS": SECRET}),
            HISTORY,
            "an unknown code of civil status; known are single, married",
        ),
    ],
)
def test_what_a_register_got_wrong_is_named_and_never_repeated(
    data: RegisterData, product: AttestProduct, said: str
) -> None:
    with pytest.raises(CannotMake, match=said) as raised:
        register_facts(data, product, "nl", TEXTS)
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_only_what_the_product_prints_is_taken_from_a_register() -> None:
    more = {**household(1).facts, "NATIONAL_NUMBER": "85717100293", "CIVIL_STATUS": "no such code"}
    rows = ({**household(1).groups["MEMBERS"][0], "NATIONAL_NUMBER": "85717100293"},)
    generous = RegisterData(TODAY, more, {"MEMBERS": rows, "ADDRESSES": ({"ADDRESS": "Elders 1"},)})
    facts, groups = register_facts(generous, HOUSEHOLD, "nl", TEXTS)
    assert (facts, groups) == register_facts(household(1), HOUSEHOLD, "nl", TEXTS)


def test_a_national_number_is_grouped_where_a_product_prints_it() -> None:
    asking = replace(LIFE, facts=(AttestField.NATIONAL_NUMBER,))
    assert values(card_facts(LOTTE, asking, "nl", TEXTS, TODAY)) == ["85.71.71-002.93"]
    data = RegisterData(TODAY, {"NATIONAL_NUMBER": "85717100293"}, {})
    assert values(register_facts(data, asking, "nl", TEXTS)[0]) == ["85.71.71-002.93"]
