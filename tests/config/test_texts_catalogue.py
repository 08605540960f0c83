"""The catalogue of texts: what it says, what it refuses to load."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.problems import ConfigError
from config.text_entries import Entry
from config.texts import Catalog, load_texts
from kiosk.core.texts import LANGUAGES, Localized, Texts, message

GOOD = """\
[ticket.people]
nl = { one = "{count} persoon voor u", other = "{count} personen voor u" }
fr = { one = "Une personne avant vous", other = "{count} personnes avant vous" }
en = { one = "{count} person before you", other = "{count} people before you" }
de = { one = "{count} Person vor Ihnen", other = "{count} Personen vor Ihnen" }

[hours.opens]
nl = "Open op {day} om {time}"
fr = "Ouvre {day} à {time}"
en = "Opens on {day} at {time}"
de = "Öffnet am {day} um {time}"

[sheet.line]
nl = "{what}: {price_cents}"
fr = "{what} : {price_cents}"
en = "{what}: {price_cents}"
de = "{what}: {price_cents}"

[screen.practice]
nl = "Oefen\\u00ADversie"
fr = "Essai"
en = "Practice"
de = "Übungs\\u00ADversion"
"""


def texts(folder: Path, *files: str) -> Catalog:
    """The catalogue of these files."""
    for number, text in enumerate(files):
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")
    return load_texts(folder)


@pytest.fixture
def good(tmp_path: Path) -> Catalog:
    return texts(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("nl", 0, "0 personen voor u"),
        ("nl", 1, "1 persoon voor u"),
        ("fr", 1, "Une personne avant vous"),
        ("fr", 4, "4 personnes avant vous"),
        ("fr", 1_000_000, "1000000 personnes avant vous"),
        ("en", 1, "1 person before you"),
        ("de", 12, "12 Personen vor Ihnen"),
    ],
)
def test_the_count_chooses_the_form(good: Catalog, language: str, count: int, said: str) -> None:
    assert good.words(message("ticket.people", count=count), language) == said


def test_days_times_and_money_are_written_in_the_language(good: Catalog) -> None:
    opens = message("hours.opens", day=date(2026, 11, 24), time=time(9, 0))
    assert good.words(opens, "nl") == "Open op dinsdag 24 november om 09:00"
    assert good.words(opens, "de") == "Öffnet am Dienstag, 24. November um 09:00"


def test_texts_within_texts_are_in_the_same_language(good: Catalog) -> None:
    adult = Localized({"nl": "Volwassene", "fr": "Adulte", "en": "Adult", "de": "Erwachsene"})
    line = message("sheet.line", what=adult, price_cents=7500)
    assert good.words(line, "fr") == "Adulte : 75,00\u00a0€"
    nested = message("sheet.line", what=message("ticket.people", count=1), price_cents=0)
    assert good.words(nested, "nl").startswith("1 persoon voor u: ")


def test_braces_in_a_value_stay_what_they_are(good: Catalog) -> None:
    line = message("sheet.line", what="{price_cents} {nothing}", price_cents=100)
    assert good.words(line, "en") == "{price_cents} {nothing}: €1.00"


def test_soft_hyphens_are_for_the_screen_only(good: Catalog) -> None:
    assert good.words(message("screen.practice"), "nl") == "Oefen\u00adversie"
    assert good.spoken(message("screen.practice"), "nl") == "Oefenversie"
    assert good.spoken(Localized({"nl": "Reis\u00adpas"}), "nl") == "Reispas"


def test_what_is_missing_at_run_time_is_named(good: Catalog) -> None:
    with pytest.raises(KeyError, match=r"no text has the key 'ticket\.peple'"):
        good.words(message("ticket.peple"), "nl")
    with pytest.raises(KeyError, match=r"the text 'hours\.opens' needs a value for 'time'"):
        good.words(message("hours.opens", day="now"), "nl")
    with pytest.raises(KeyError, match="needs a value for 'count'"):
        good.words(message("ticket.people"), "nl")
    with pytest.raises(TypeError, match=r"'count' of the text 'ticket\.people' is '3', not a number"):
        good.words(message("ticket.people", count="3"), "nl")


def test_the_catalogue_tells_its_keys_and_placeholders(good: Catalog) -> None:
    assert good.keys() == {"ticket.people", "hours.opens", "sheet.line", "screen.practice"}
    assert good.placeholders("hours.opens") == {"day", "time"}
    assert good.placeholders("ticket.people") == {"count"}
    assert good.placeholders("screen.practice") == frozenset()


def test_the_catalogue_is_what_the_core_asks_for(good: Catalog) -> None:
    asked: Texts = good
    assert asked.words(Localized({"nl": "x"}), "nl") == "x"


@given(st.text(), st.text())
def test_any_value_arrives_as_it_is(before: str, value: str) -> None:
    template = before.replace("{", "").replace("}", "") + "{name}"
    catalogue = Catalog({"a": Entry(Path(), {"nl": template}, frozenset({"name"}))})
    assert catalogue.words(message("a", name=value), "nl") == template.removesuffix("{name}") + value


MISTAKES = [
    ('fr = "Essai"\n', "", 19, "'screen.practice' has no translation in 'fr'; add fr = \"…\" to it"),
    ('fr = "Essai"', 'fr = ""', 21, "'screen.practice.fr' is empty; write the text"),
    ('fr = "Essai"', "fr = 3", 21, "'screen.practice' has no text in 'fr'; write a text between"),
    ('fr = "Essai"', 'fr = "Essai {x}"', 21, "'screen.practice' has {x} in 'fr' only; use the placeholders of 'nl'"),
    ('fr = "Essai"', 'fr = "Essai {X}"', 21, "a brace without a name in 'screen.practice.fr'; write placeholders as"),
    ('fr = "Essai"', 'fr = "Essai }"', 21, "a brace without a name in 'screen.practice.fr'"),
    ('fr = "Essai"', 'fr = "Essai"\nes = "x"', 22, "'screen.practice' has the unknown language 'es'"),
    ("Ouvre {day} à", "Ouvre à", 9, "'hours.opens' lacks {day} in 'fr'; use the placeholders of 'nl'"),
    ('one = "{count} person before you", ', "", 4, "'ticket.people' has no form 'one' in 'en'; add one = \"…\" to it"),
    (
        'other = "{count} people',
        'othr = "{count} people',
        4,
        "'ticket.people' has the unknown form 'othr'; did you mean 'other'?",
    ),
    ("[ticket.people]", 'loose = "x"\n[ticket.people]', 1, "'loose' stands outside a text; write a table a key"),
    ("[screen.practice]", "[screen.empty]\n[screen.practice]", 19, "'screen.empty' has no translation in 'nl'"),
    ("[hours.opens]", "[hours.opens", 7, "this is no TOML"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "said"), MISTAKES, ids=[said[:40] for *_, said in MISTAKES])
def test_a_mistake_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, line: int, said: str) -> None:
    text = GOOD.replace(right, wrong, 1)
    assert text != GOOD
    with pytest.raises(ConfigError) as raised:
        texts(tmp_path, text)
    told = [str(problem) for problem in raised.value.problems if problem.line == line]
    assert any(said in one for one in told), str(raised.value)


def test_a_key_in_two_files_is_refused_and_both_are_named(tmp_path: Path) -> None:
    again = GOOD[GOOD.index("[screen.practice]") :]
    with pytest.raises(ConfigError) as raised:
        texts(tmp_path, GOOD, again)
    (problem,) = raised.value.problems
    assert (problem.file.name, problem.line) == ("1.toml", 1)
    assert problem.found == "the key 'screen.practice' is also in 0.toml"


def test_a_key_twice_in_one_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="this is no TOML"):
        texts(tmp_path, GOOD + '[screen.practice]\nnl = "x"\n')


def test_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        texts(tmp_path, "[a]\nnl = 'x'", "[b]\nfr = 'x'", "[c")
    assert [problem.file.name for problem in raised.value.problems] == ["0.toml"] * 3 + ["1.toml"] * 3 + ["2.toml"]


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there are no texts"):
        load_texts(tmp_path)


def test_the_texts_that_are_shipped_load_and_say_something_in_every_language() -> None:
    catalogue = load_texts()
    plain = [key for key in sorted(catalogue.keys()) if not catalogue.placeholders(key)]
    assert plain
    for key in plain:
        for language in LANGUAGES:
            assert catalogue.spoken(message(key), language).strip()
