"""Attests in a municipality's files: what they become, and what is said of each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.attest_tables import ESSENTIAL, FACTS, check_digits
from config.problems import ConfigError
from kiosk.core.attests import FROM_CARD, AttestField, DeliveryWay, GroupKind, Kind, Signing
from tests.config.attest_site import ATTEST_SERVICE, ATTEST_SITE, SIGNING, assert_told, loaded
from tests.config.small_site import SERVICE, SITE, line_of


def test_attests_become_values_of_the_core(tmp_path: Path) -> None:
    site = loaded(tmp_path)
    residence, life, household = site.attests
    assert site.attest("residence") is residence
    assert (residence.kind, residence.purpose, residence.languages) == (Kind.RESIDENCE, "home", ("fr", "nl"))
    assert residence.facts == (AttestField.SURNAME, AttestField.GIVEN_NAMES, AttestField.ADDRESS)
    assert (residence.documents, residence.min_age, residence.resident) == (("citizen", "foreigner"), 12, True)
    assert [(use.id, use.price_cents) for use in residence.uses] == [("school", 0), ("other", 500)]
    assert residence.uses[1].title.values["fr"] == "Autre chose"
    assert residence.title.values["nl"] == "Bewijs van woonst"
    assert residence.who.values["nl"] == "Inwoners"
    assert residence.legal.values["fr"] == "Délivré à la personne."
    assert (life.documents, life.min_age, life.resident, life.max_age_days) == ((), 0, False, 0)
    assert (life.validity_days, household.validity_days, household.max_age_days) == (1, 3650, 7)
    assert (life.from_card, household.from_card) == (True, False)
    with pytest.raises(KeyError):
        site.attest("immortality")


def test_who_signs_becomes_a_value_of_the_core(tmp_path: Path) -> None:
    signing = loaded(tmp_path).signing
    assert isinstance(signing, Signing)
    assert (signing.enterprise_number, signing.officer) == ("0000000097", "An Voorbeeld")
    assert signing.issuer == "BE:0000000097"
    assert signing.capacity.values["fr"] == "Agente"


def test_other_ways_to_have_an_attest_are_those_that_are_named(tmp_path: Path) -> None:
    text = 'attest_deliveries = ["ebox", "email"]\n' + ATTEST_SITE
    assert loaded(tmp_path, text).deliveries == (DeliveryWay.EBOX, DeliveryWay.EMAIL)
    assert loaded(tmp_path).deliveries == ()


def test_a_way_that_there_is_not_is_refused(tmp_path: Path) -> None:
    text = 'attest_deliveries = ["pigeon"]\n' + ATTEST_SITE
    with pytest.raises(ConfigError, match=r"cannot be had by 'pigeon'; write one of: ebox, email"):
        loaded(tmp_path, text)


@pytest.mark.parametrize(
    ("regime", "languages"), [("rim", ("nl", "fr")), ("brussels", ("nl", "fr")), ("netherlands", ("nl",))]
)
def test_an_attest_that_names_no_language_may_be_in_all_the_law_permits(
    tmp_path: Path, regime: str, languages: tuple[str, ...]
) -> None:
    text = ATTEST_SITE.replace('languages = ["fr", "nl"]\n', "").replace('"rim"', f'"{regime}"')
    assert {product.languages for product in loaded(tmp_path, text).attests} == {languages}


def test_a_site_without_attests_needs_nobody_who_signs(tmp_path: Path) -> None:
    site = loaded(tmp_path, SITE, SERVICE)
    assert (site.attests, site.signing) == ((), None)


def test_a_site_may_say_who_signs_before_it_issues_anything(tmp_path: Path) -> None:
    assert loaded(tmp_path, SITE + SIGNING, SERVICE).signing is not None


def test_two_attests_may_share_a_purpose_that_reads_enough_for_both(tmp_path: Path) -> None:
    text = ATTEST_SITE.replace('purpose = "alive"', 'purpose = "look-up"')
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, text)
    assert "attest 'life' prints 'surname' and the purpose 'look-up' does not read 'name'" in str(raised.value)
    site = loaded(tmp_path, text.replace('fields = ["national_number", ', 'fields = ["name", "national_number", '))
    assert [product.purpose for product in site.attests] == ["home", "look-up", "look-up"]


RESIDENCE, HOUSEHOLD = 'id = "residence"', 'id = "household"'
FACTS_OF_RESIDENCE = 'facts = ["surname", "given_names", "address"]'
SITE_MISTAKES = [
    # one value
    ('"0000.000.097"', '"0000.000.098"', "enterprise_number", "no enterprise number, its last two digits would be 97"),
    ('"0000.000.097"', '"0000000097"', "enterprise_number", "write its ten digits like '0000.000.097'"),
    ('"0000.000.097"', '"2000.000.097"', "enterprise_number", "'2000.000.097' is no enterprise number"),
    ('"0000.000.097"', '"٠٠٠٠.٠٠٠.٠٩٧"', "enterprise_number", "is no enterprise number; write its ten digits"),
    ('"An Voorbeeld"', '" "', "officer", "'signing.officer' is no name; write the name as it is printed, one line"),
    ('"An Voorbeeld"', '"An\\nVoorbeeld"', "officer", "'signing.officer' is no name"),
    ('"An Voorbeeld"', f'"{"An" * 31}"', "officer", "one line of at most 60 characters"),
    ('officer = "An Voorbeeld"\n', "", "[signing]", "'signing.officer' is missing; add officer ="),
    ('fr = "Agente"\n', "", "[signing.capacity]", "'signing.capacity' has no translation in 'fr'; add fr ="),
    ('kind = "residence"', 'kind = "residense"', "residense", "unknown kind of attest 'residense'; did you mean"),
    (
        'kind = "life"',
        'kind = "ghost"',
        "ghost",
        "unknown kind of attest 'ghost'; write one of: birth, criminal_record",
    ),
    ("validity_days = 90", "validity_days = 0", "validity_days", "write a whole number from 1 to 3650"),
    ("validity_days = 3650", "validity_days = 3651", "3651", "write a whole number from 1 to 3650"),
    ("validity_days = 90\n", "", "[[attests]]", "'attests.validity_days' is missing; add validity_days = a whole"),
    ("price_cents = 500", "price_cents = -1", "price_cents", "'attests.uses.price_cents' is -1; write a whole number"),
    ("price_cents = 500", "price_cents = 1_000_001", "price_cents", "write a whole number from 0 to 1000000"),
    ("price_cents = 500", "price_cents = 5.0", "price_cents", "'attests.uses.price_cents' is 5.0; write a whole"),
    ("min_age = 12", "min_age = 151", "min_age", "'attests.min_age' is 151; write a whole number from 0 to 150"),
    ("max_age_days = 7", "max_age_days = 366", "max_age", "'attests.max_age_days' is 366; write a whole number from 0"),
    ("resident = true", 'resident = "yes"', "resident =", "'attests.resident' is \"yes\"; write true or false"),
    ("resident = true", "residents = true", "residents", "unknown key 'attests.residents'; did you mean 'resident'?"),
    (
        '"surname", "given_names", "seen_on"',
        '"surname", "given_name", "seen_on"',
        'given_name"',
        "an attest has no fact",
    ),
    ('"citizen", "foreigner"', '"citizen", "forainer"', "forainer", "unknown kind of document 'forainer'; did you"),
    ('nl = "Inwoners"', 'nl = ""', 'nl = ""', "'attests.who' is empty in 'nl'; write the text"),
    ('fr = "Du registre."\n', "", "[attests.legal]", "'attests.legal' has no translation in 'fr'; add fr ="),
    ('nl = "Gezin"', f'nl = "{"Gezin" * 7}"', "GezinGezin", "'attests.title' has 35 characters in 'nl'; write at most"),
    ('nl = "School"\n', "", "[attests.uses.title]", "'attests.uses.title' has no translation in 'nl'"),
    # values of one attest
    ('"fr", "nl"]', '"fr", "fr"]', "[[attests]]", "attest 'residence' names 'fr' twice in languages; name each once"),
    (FACTS_OF_RESIDENCE, FACTS_OF_RESIDENCE[:-1] + ', "address"]', "[[attests]]", "names 'address' twice in facts"),
    ('"citizen", "foreigner"', '"citizen", "citizen"', "[[attests]]", "names 'citizen' twice in documents"),
    ('id = "other"', 'id = "school"', "[[attests]]", "attest 'residence' has the use 'school' twice; give each use"),
    (
        ', "address"]\ndoc',
        "]\ndoc",
        "[[attests]]",
        "is of kind 'residence' and does not print 'address'; add \"address\"",
    ),
    (
        '"given_names", "seen_on"',
        '"given_names"',
        "[[attests]]",
        "attest 'life' is of kind 'life' and does not print 'seen_on'",
    ),
    # between an attest and the rest of the file
    (HOUSEHOLD, RESIDENCE, RESIDENCE, "id 'residence' twice in attests; give each its own id"),
    ('purpose = "home"', 'purpose = "hme"', "hme", "unknown purpose 'hme'; did you mean 'home'?"),
    ('"nationality", "address"]', '"nationality"]', FACTS_OF_RESIDENCE, "prints 'address' and the purpose 'home' does"),
    ('"birth_date", "nationality"', '"nationality"', "min_age", "attest 'residence' has a lowest age and the purpose"),
    (
        '"national_number", ',
        "",
        'purpose = "look-up"',
        "'household' asks a register and the purpose 'look-up' does not",
    ),
    ('fields = ["name"]', 'fields = ["card_number"]', '"seen_on"', "'life' prints 'surname' and the purpose 'alive'"),
    (
        '"given_names", "seen_on"',
        '"given_names", "seen_on", "national_number"',
        '"seen_on"',
        "prints 'national_number' and the purpose 'alive' does not read 'national_number'; add \"national_number\" to",
    ),
    (
        '"given_names", "seen_on"',
        '"given_names", "seen_on", "since"',
        '"seen_on"',
        "an attest of kind 'life' has no 'since'; write one of: address, birth_date",
    ),
    (
        '"given_names", "civil_status"',
        '"given_names", "card_number"',
        '"card_number"]',
        "an attest of kind 'household' has no 'card_number'; write one of: address, birth_date",
    ),
    (
        '"given_names", "civil_status"',
        '"given_names", "relation"',
        '"relation"]',
        "an attest of kind 'household' has no 'relation'",
    ),
    (
        "validity_days = 1\n",
        "validity_days = 1\nmax_age_days = 0\n",
        "max_age_days",
        "attest 'life' is made from the card and has max_age_days; take it out; it is for data of a register",
    ),
    ('postal_codes = ["2600"]\n', "", "resident =", "attest 'residence' is for residents and the site has no postal"),
    (
        'fields = ["name"]\nlevel = "pin"',
        'fields = ["name"]\nlevel = "card"',
        'purpose = "alive"',
        "attest 'life' states that somebody lives and a card alone does not show it; write level = \"pin\" in the",
    ),
    (
        'fields = ["name"]\n',
        'fields = ["name"]\nproof = false\n',
        'purpose = "alive"',
        "attest 'life' has the purpose 'alive', which verifies no signature; take proof = false out of it",
    ),
    (
        '[purposes.keep]\nnl = "Twee jaar."\nfr = "Deux ans."\n',
        "",
        'purpose = "alive"',
        "attest 'life' has the purpose 'alive', which says that nothing is kept; what an attest says is; add a table",
    ),
    (
        'languages = ["fr", "nl"]',
        'languages = ["fr", "de"]',
        "languages =",
        "regime 'rim' permits attests in ['nl', 'fr'], not in 'de'; take it out, or leave languages out",
    ),
    ('regime = "rim"', 'regime = "netherlands"', "languages =", "permits attests in ['nl'], not in 'fr'; take it out"),
    ('languages = ["fr", "nl"]', "languages = []", "languages =", "write at least one language, or leave it out"),
    (SIGNING, "", "[[attests]]", "the site has attests and nobody who signs them; add a table [signing] with"),
]
NTH = {"[attests.legal]": 3, RESIDENCE: 2}
"""Where the place of the mistake is not the first that reads so."""


@pytest.mark.parametrize(("right", "wrong", "marker", "said"), SITE_MISTAKES, ids=[m[3][:60] for m in SITE_MISTAKES])
def test_a_mistake_in_an_attest_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, marker: str, said: str
) -> None:
    text = ATTEST_SITE.replace(right, wrong, 1)
    assert text != ATTEST_SITE
    nth = 2 if marker == "[[attests]]" and "'life'" in said else NTH.get(marker, 1)
    assert_told(tmp_path, text, ATTEST_SERVICE, "site.toml", line_of(text, marker, nth), said)


def test_an_attest_without_uses_says_how_one_is_written(tmp_path: Path) -> None:
    text = ATTEST_SITE[: ATTEST_SITE.rindex("[[attests.uses]]")]
    line = line_of(text, "[[attests]]", 3)
    assert_told(tmp_path, text, ATTEST_SERVICE, "site.toml", line, "add uses = at least one table [[attests.uses]]")


def test_a_register_attest_has_a_legal_basis(tmp_path: Path) -> None:
    text = ATTEST_SITE.replace('[purposes.basis]\nnl = "Een verzonnen wet"\nfr = "Une loi inventée"\n', "")
    line = line_of(text, "[[purposes]]", 3)
    said = "purpose 'look-up' reads 'national_number' and names no legal basis"
    assert_told(tmp_path, text, ATTEST_SERVICE, "site.toml", line, said)


def test_residents_are_known_by_the_address_on_the_card(tmp_path: Path) -> None:
    text = ATTEST_SITE.replace("validity_days = 1\n", "validity_days = 1\nresident = true\n")
    line = line_of(text, "resident = true", 2)
    said = "attest 'life' is for residents and the purpose 'alive' does not read 'address'"
    assert_told(tmp_path, text, ATTEST_SERVICE, "site.toml", line, said)


def test_a_wrong_profile_is_told_once_and_not_again_for_each_attest(tmp_path: Path) -> None:
    text = ATTEST_SITE.replace('order = ["nl", "fr"]', 'order = ["fr", "nl"]')
    assert_told(tmp_path, text, ATTEST_SERVICE, "site.toml", line_of(text, "order ="), "regime 'rim' permits")
    text = ATTEST_SITE.replace('regime = "rim"', 'regime = "moon"')
    assert_told(tmp_path, text, ATTEST_SERVICE, "site.toml", line_of(text, "regime ="), "unknown regime 'moon'")


@given(st.integers(0, 99_999_999))
def test_check_digits_are_those_of_the_law_and_one_wrong_digit_is_seen(first: int) -> None:
    text = f"{first:08d}"
    assert (int(text) + int(check_digits(text))) % 97 == 0
    for place in range(8):
        other = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
        assert check_digits(other) != check_digits(text)


def test_every_kind_says_what_it_can_print_and_what_it_must() -> None:
    assert set(FACTS) == set(ESSENTIAL) == set(Kind)
    for kind in Kind:
        assert len(set(FACTS[kind])) == len(FACTS[kind])
        assert set(ESSENTIAL[kind]) <= set(FACTS[kind])
    rows = {AttestField.RELATION, AttestField.FROM, AttestField.UNTIL}
    assert {fact for facts in FACTS.values() for fact in facts} == set(AttestField) - rows
    assert len(GroupKind) == 2  # the rows in which those three stand


def test_what_only_a_register_knows_is_not_printed_from_a_card() -> None:
    card = {fact for kind in FROM_CARD for fact in FACTS[kind]}
    registers = {fact for kind in set(Kind) - FROM_CARD for fact in FACTS[kind]}
    assert not card & {AttestField.SINCE, AttestField.CIVIL_STATUS, AttestField.PARENT_1, AttestField.SPOUSE}
    assert not registers & {AttestField.CARD_NUMBER, AttestField.CARD_VALID_UNTIL, AttestField.SEEN_ON}
