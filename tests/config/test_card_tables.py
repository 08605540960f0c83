"""Purposes, hints and card offers in a municipality's files: what they become, and what is said of each mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.problems import ConfigError
from config.site import load_site
from config.texts import load_texts
from drivers.card_contract import RESTRICTED, Field
from drivers.contract import Reason
from kiosk.core.catalogue import Site, WayKind
from kiosk.core.hints import CardFacts, HintWhen, hints
from kiosk.core.purposes import WIPED, Level
from sync.backoffice.pages.words import entries
from tests.config.small_site import SERVICE, SITE, line_of, write_site

BERCHEM = Path(__file__).parents[2] / "config" / "sites" / "berchem"

CARD_SITE = (
    SITE.replace('web = "small.example"\n', 'web = "small.example"\npostal_codes = ["2600", "1234 AB"]\n')
    + """
[[purposes]]
id = "look"
fields = ["name", "address"]
level = "card"
[purposes.title]
nl = "Kijken"
fr = "Regarder"
[purposes.why]
nl = "We tonen uw kaart."
fr = "Nous montrons votre carte."

[[purposes]]
id = "prove"
fields = ["national_number"]
level = "pin"
proof = false
[purposes.title]
nl = "Bewijzen"
fr = "Prouver"
[purposes.why]
nl = "We zoeken uw dossier."
fr = "Nous cherchons votre dossier."
[purposes.keep]
nl = "Een jaar"
fr = "Un an"
[purposes.basis]
nl = "Een verzonnen wet"
fr = "Une loi inventée"

[[hints]]
id = "soon"
when = "expires_within"
months = 6
service = "passport"
[hints.says]
nl = "Uw kaart vervalt"
fr = "Votre carte expire"

[[hints]]
id = "young"
when = "age_between"
from_age = 12
to_age = 17
service = "passport"
[hints.says]
nl = "Voor jongeren"
fr = "Pour les jeunes"

[[hints]]
id = "taxes"
when = "season"
from_day = "11-15"
until_day = "02-29"
service = "passport"
[hints.says]
nl = "Belastingen"
fr = "Impôts"

[[hints]]
id = "moved"
when = "lives_elsewhere"
service = "passport"
[hints.says]
nl = "Verhuisd?"
fr = "Déménagé ?"
"""
)
CARD_OFFER = '[[offers]]\nway = "card"\npurpose = "look"\n'
CARD_SERVICE = SERVICE + CARD_OFFER


def loaded(folder: Path, site: str = CARD_SITE, service: str = CARD_SERVICE) -> Site:
    """The site of these files."""
    return load_site(write_site(folder, site, passport=service), folder / "icons")


def test_purposes_become_values_of_the_core(tmp_path: Path) -> None:
    site = loaded(tmp_path)
    look, prove = site.purposes
    assert site.purpose("look") is look
    assert (look.fields, look.level, look.proof) == (("name", "address"), Level.CARD, True)
    assert (look.keep, look.basis) == (WIPED, None)
    assert look.why.values["fr"] == "Nous montrons votre carte."
    assert (prove.fields, prove.level, prove.proof) == (("national_number",), Level.PIN, False)
    assert prove.basis is not None
    assert prove.basis.values["nl"] == "Een verzonnen wet"
    assert prove.keep != WIPED
    with pytest.raises(KeyError):
        site.purpose("sell")


def test_what_is_said_when_a_purpose_does_not_say_how_long_it_keeps_is_in_the_catalogue() -> None:
    assert load_texts().words(WIPED, "nl")


def test_hints_become_rules_of_the_core_and_codes_texts(tmp_path: Path) -> None:
    site = loaded(tmp_path)
    assert site.postal_codes == ("2600", "1234 AB")
    soon, young, taxes, moved = site.hints
    assert (soon.when, soon.months, soon.service) == (HintWhen.EXPIRES_WITHIN, 6, "passport")
    assert (young.when, young.from_age, young.to_age) == (HintWhen.AGE_BETWEEN, 12, 17)
    assert (taxes.when, taxes.from_day, taxes.until_day) == (HintWhen.SEASON, (11, 15), (2, 29))
    assert (moved.when, moved.says.values["nl"]) == (HintWhen.LIVES_ELSEWHERE, "Verhuisd?")


def test_a_card_offer_names_its_purpose(tmp_path: Path) -> None:
    offer = loaded(tmp_path).service("passport").offers[-1]
    assert (offer.way, offer.purpose) == (WayKind.CARD, "look")


def test_a_site_without_any_of_it_still_loads(tmp_path: Path) -> None:
    site = loaded(tmp_path, SITE, SERVICE)
    assert (site.purposes, site.hints, site.postal_codes) == ((), (), ())


LOOK, PROVE = "[[purposes]]", 'id = "prove"'
SITE_MISTAKES = [
    (
        'fields = ["name", "address"]',
        'fields = ["name", "adress"]',
        "adress",
        "a card has no field 'adress'; did you mean",
    ),
    (
        'fields = ["name", "address"]',
        "fields = []",
        "fields = []",
        "write at least one field between [square brackets]",
    ),
    ('fields = ["name", "address"]\n', "", LOOK, "'purposes.fields' is missing; add fields = at least one field"),
    ('level = "card"', 'level = "chip"', "chip", 'unknown level \'chip\'; write "card" (card only) or "pin"'),
    ("proof = false", 'proof = "no"', 'proof = "no"', "'purposes.proof' is \"no\"; write true or false"),
    (
        '["name", "address"]',
        '["name", "photo"]',
        LOOK,
        "purpose 'look' reads 'photo' and names no legal basis; add a table [purposes.basis]",
    ),
    (
        '["name", "address"]',
        '["national_number"]',
        LOOK,
        "purpose 'look' reads 'national_number' and names no legal basis; add a table [purposes.basis]",
    ),
    ('fr = "Une loi inventée"\n', "", "[purposes.basis]", "'purposes.basis' has no translation in 'fr'; add fr ="),
    ('fr = "Un an"\n', "", "[purposes.keep]", "'purposes.keep' has no translation in 'fr'; add fr ="),
    (
        'fr = "Nous montrons votre carte."\n',
        "",
        "[purposes.why]",
        "'purposes.why' has no translation in 'fr'; add fr =",
    ),
    ('nl = "Kijken"', 'nl = ""', 'nl = ""', "'purposes.title' is empty in 'nl'; write the text"),
    (PROVE, 'id = "look"', 'id = "look"', "id 'look' twice in purposes; give each its own id"),
    ('id = "young"', 'id = "soon"', 'id = "soon"', "id 'soon' twice in hints; give each its own id"),
    ('when = "season"', 'when = "sesaon"', "sesaon", "a hint cannot look at 'sesaon'; did you mean 'season'?"),
    ("months = 6\n", "", "[[hints]]", "hint 'soon' looks at 'expires_within' and has no 'months'; add months"),
    ("months = 6", "months = 0", "months", "'hints.months' is 0; write a whole number from 1 to 120"),
    (
        "months = 6",
        "months = 6\nto_age = 9",
        "[[hints]]",
        "hint 'soon' looks at 'expires_within' and has a 'to_age'; it tells months only",
    ),
    ("to_age = 17\n", "", "age_between", "hint 'young' looks at 'age_between' and has no 'to_age'; add to_age"),
    ("to_age = 17", "to_age = 11", "age_between", "hint 'young' goes from 12 to 11 years; write the lower age first"),
    ("to_age = 17", "to_age = 151", "to_age", "'hints.to_age' is 151; write a whole number from 0 to 150"),
    ('until_day = "02-29"\n', "", '"season"', "hint 'taxes' looks at 'season' and has no 'until_day'; add until_day"),
    ('"11-15"', '"15-11"', "15-11", "'15-11' is no day of the year; write month and day, like '05-01'"),
    ('"02-29"', '"02-30"', "02-30", "'02-30' is no day of the year; write month and day"),
    ('"02-29"', '"2-29"', "2-29", "'2-29' is no day of the year; write month and day"),
    ('"02-29"', '"00-10"', "00-10", "'00-10' is no day of the year; write month and day"),
    ('"02-29"', "2027-02-28", "2027-02-28", "'hints.until_day' is 2027-02-28; write a text"),
    (
        'service = "passport"',
        'service = "pasport"',
        '"pasport"',
        "unknown service 'pasport'; did you mean 'passport'?",
    ),
    ('fr = "Impôts"\n', "", "[hints.says]", "'hints.says' has no translation in 'fr'; add fr ="),
    ('"2600"', '"26000"', "26000", "'26000' is no postal code; write it like '2600' or '1234 AB'"),
    (
        'postal_codes = ["2600", "1234 AB"]\n',
        "",
        "lives_elsewhere",
        "hint 'moved' looks at 'lives_elsewhere' and the site has no postal codes; add postal_codes",
    ),
    (
        'when = "lives_elsewhere"',
        'when = "child_card"\nmonths = 3',
        "child_card",
        "hint 'moved' looks at 'child_card' and has a 'months'; take months out",
    ),
]
ABOVE = {"age_between": 2, '"season"': 2, "child_card": 2}
"""Where a rule is wrong as a whole, its first line is told: that of `[[hints]]`, two above its `when`."""
NTH = {'id = "look"': 2, 'id = "soon"': 2, "[hints.says]": 3}


@pytest.mark.parametrize(
    ("right", "wrong", "marker", "said"), SITE_MISTAKES, ids=[f"{m[3][:60]}" for m in SITE_MISTAKES]
)
def test_a_mistake_in_purposes_or_hints_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, marker: str, said: str
) -> None:
    text = CARD_SITE.replace(right, wrong, 1)
    assert text != CARD_SITE
    line = line_of(text, marker, NTH.get(marker, 1)) - ABOVE.get(marker, 0)
    assert_told(tmp_path, text, CARD_SERVICE, "site.toml", line, said)


SERVICE_MISTAKES = [
    ('purpose = "look"', 'purpose = "loook"', "loook", 0, "unknown purpose 'loook'; did you mean 'look'?"),
    ('purpose = "look"\n', "", 'way = "card"', -1, "way 'card' tells nothing; add purpose"),
    ('purpose = "look"', 'queue = "identity"', 'way = "card"', -1, "way 'card' has no 'queue'; it tells purpose only"),
    ('way = "card"', 'way = "ticket"', 'purpose = "look"', -2, "way 'ticket' has no 'purpose'; it tells queue only"),
]


@pytest.mark.parametrize(("right", "wrong", "marker", "below", "said"), SERVICE_MISTAKES)
def test_a_mistake_in_a_card_offer_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, marker: str, below: int, said: str
) -> None:
    text = SERVICE + CARD_OFFER.replace(right, wrong)
    assert_told(tmp_path, CARD_SITE, text, "passport.toml", line_of(text, marker) + below, said)


def test_nobody_is_forced_to_use_a_card(tmp_path: Path) -> None:
    text = SERVICE[: SERVICE.index("[[offers]]")] + CARD_OFFER
    line = line_of(text, 'way = "card"')
    assert_told(
        tmp_path, CARD_SITE, text, "passport.toml", line, "given with a card only; add another way, like a ticket"
    )


def test_a_purpose_of_a_site_without_purposes_is_unknown(tmp_path: Path) -> None:
    line = line_of(CARD_SERVICE, 'purpose = "look"')
    assert_told(tmp_path, SITE, CARD_SERVICE, "passport.toml", line, "unknown purpose 'look'; leave it out")


def assert_told(folder: Path, site: str, service: str, file: str, line: int, said: str) -> None:
    """Exactly one problem, in that file, on that line, in these words."""
    with pytest.raises(ConfigError) as raised:
        loaded(folder, site, service)
    (problem,) = raised.value.problems
    assert said in str(problem)
    assert (problem.file.name, problem.line) == (file, line)


def test_every_field_of_the_contract_can_be_asked_for_and_the_restricted_ones_with_a_basis_only(
    tmp_path: Path,
) -> None:
    refused = set()
    for field in Field:
        try:
            loaded(tmp_path, CARD_SITE.replace('["name", "address"]', f'["{field.value}"]'))
        except ConfigError:
            refused.add(field)
    assert refused == RESTRICTED


DEMO = load_site(BERCHEM)


COLLECTED = {offer.purpose for service in DEMO.services for offer in service.offers if offer.way is WayKind.COLLECT}
FOR_ATTESTS = {product.purpose for product in DEMO.attests} | COLLECTED
"""Purposes of attests have tests of their own (`test_demo_attests`)."""


def test_the_demo_site_shows_every_kind_of_hint_and_asks_for_nothing_restricted() -> None:
    assert {rule.when for rule in DEMO.hints} == set(HintWhen)
    purposes = [purpose for purpose in DEMO.purposes if purpose.id not in FOR_ATTESTS]
    assert {purpose.level for purpose in purposes} == set(Level)
    asked = {name for purpose in purposes for name in purpose.fields}
    assert not asked & {field.value for field in RESTRICTED}


def test_every_purpose_of_the_demo_site_is_used_by_a_service_that_has_other_ways_too() -> None:
    card = [service for service in DEMO.services if any(offer.purpose for offer in service.offers)]
    used = {offer.purpose for service in card for offer in service.offers if offer.purpose}
    assert used | FOR_ATTESTS == {purpose.id for purpose in DEMO.purposes}
    assert all(any(offer.way is not WayKind.CARD for offer in service.offers) for service in card)


@pytest.mark.parametrize(
    ("facts", "services"),
    [
        (CardFacts("citizen", date(2026, 11, 24), lives_here=True), ["identity-card"]),
        (CardFacts("citizen", date(2027, 5, 25), lives_here=True), ["identity-card"]),
        (CardFacts("citizen", date(2027, 5, 26), lives_here=True), []),
        (CardFacts("kids", date(2028, 1, 1), lives_here=False), ["kids-id", "change-of-address"]),
        (CardFacts("citizen", date(2030, 1, 1), 1961, 5, 2, lives_here=True), ["pension"]),
    ],
)
def test_the_demo_site_hints_at_what_is_of_use(facts: CardFacts, services: list[str]) -> None:
    assert [rule.service for rule in hints(DEMO.hints, facts, date(2026, 11, 25))] == services


def test_reception_has_words_for_every_reason_and_the_card_reader() -> None:
    known = entries()
    assert [reason for reason in Reason if f"reason.{reason.value}" not in known] == []
    assert "device.reader" in known
