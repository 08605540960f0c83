"""Search by the words people use: spelling, compounds, languages, and any keystrokes at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.catalogue import Service, Theme
from kiosk.core.search import Search
from kiosk.core.search_words import fold, telling
from kiosk.core.texts import Localized
from tests.core.towns import service, text


def sheet(
    id: str, nl: str, fr: str, keywords: str = "", mots: str = "", summary: str = "", **more: str | int
) -> Service:
    """A service with titles in two languages and comma-separated search words."""
    words = {"nl": tuple(filter(None, keywords.split(", "))), "fr": tuple(filter(None, mots.split(", ")))}
    return service(id, title=text(nl, fr=fr), summary=text(summary, fr=""), keywords=words, offers=(), **more)


SHEETS = (
    sheet("passport", "Reis\u00adpas", "Passeport", "paspoort, reizen", "voyage", "Reizen buiten Europa", popular=2),
    sheet("licence", "Rijbewijs", "Permis de conduire", "auto", "voiture", "Bewijs dat u mag rijden"),
    sheet("birth", "Geboorte aangeven", "Déclarer une naissance", "baby, geboorteakte", "bébé, enfant"),
    sheet("moving", "Verhuizen", "Déménager", "adres veranderen, nieuw adres", "changer d’adresse", popular=1),
    sheet("resident", "Bewonerskaart", "Carte de riverain", "parkeren, parkeerkaart", "stationner"),
    sheet("disabled", "Parkeerkaart met handicap", "Carte de stationnement", "parkeerkaart", "handicap"),
    sheet("waste", "Sorteerpas", "Carte de tri", "containerpark, nieuw afval", "déchets", theme="waste"),
)
NL = Search(SHEETS, "nl")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("reispas", "passport"),
        ("REISPAS", "passport"),
        ("paspoort", "passport"),
        ("pasport", "passport"),
        ("paspoord", "passport"),
        ("papsoort", "passport"),
        ("pas", "passport"),
        ("rij", "licence"),
        ("ri", "licence"),
        ("rijbev", "licence"),
        ("rybewijs", "licence"),
        ("rij bewijs", "licence"),
        ("geboorteakte", "birth"),
        ("geboorte-akte", "birth"),
        ("gebortte", "birth"),
        ("aangifte geboorte baby", "birth"),
        ("verhuisd", "moving"),
        ("ik wil mijn adres veranderen", "moving"),
        ("nieuw paspoort", "passport"),
        ("nieuw adres", "moving"),
        ("kaart bewoners", "resident"),
        ("bewonersparkeerkaart", "disabled"),
        ("handicap", "disabled"),
        ("containerpark", "waste"),
    ],
)
def test_what_people_type_finds_what_they_mean(typed: str, first: str) -> None:
    assert NL.find(typed)[:1] == (first,)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("naissance", "birth"),
        ("bebe", "birth"),
        ("déménager", "moving"),
        ("demenager", "moving"),
        ("permis", "licence"),
    ],
)
def test_a_word_of_another_language_of_the_site_is_found(typed: str, first: str) -> None:
    assert NL.find(typed)[0] == first


def test_the_language_of_the_visit_comes_before_the_others() -> None:
    sheets = (sheet("french", "Iets", "Tram"), sheet("dutch", "Tram", "Autre"))
    assert Search(sheets, "nl").find("tram") == ("dutch", "french")
    assert Search(sheets, "fr").find("tram") == ("french", "dutch")


def test_a_part_of_a_compound_finds_it() -> None:
    assert set(NL.find("kaart")) >= {"resident", "disabled"}
    assert "licence" in NL.find("bewijs")


def test_a_title_counts_more_than_a_sentence_and_the_popular_one_comes_first_among_equals() -> None:
    sheets = (
        sheet("mention", "Iets", "a", summary="Hier staat tram"),
        sheet("rare", "Tram", "b"),
        sheet("common", "Tram", "c", popular=1),
    )
    assert Search(sheets, "nl").find("tram") == ("common", "rare")
    assert Search(sheets[:1], "nl").find("tram") == ("mention",)


@pytest.mark.parametrize("typed", ["", " ", "p", "é", "?!", "qqqq", "xylofoon", "1", "💶", "\u00ad"])
def test_nothing_is_found_for_nothing(typed: str) -> None:
    assert NL.find(typed) == ()


def test_words_that_say_nothing_do_not_decide() -> None:
    assert NL.find("ik wil een paspoort")[0] == "passport"
    assert "passport" in NL.find("ik wil op reis")
    assert telling(fold("ik wil een paspoort")) == ["paspoort"]
    assert telling(fold("de")) == ["de"]


def test_the_name_of_a_theme_finds_its_services() -> None:
    themes = (Theme("waste", text("Afval en netheid"), text(""), "card"),)
    assert Search(SHEETS, "nl", themes).find("netheid") == ("waste",)
    assert NL.find("netheid") == ()


def test_a_service_that_lacks_a_language_is_still_found() -> None:
    only = service("only", title=Localized({"nl": "Zwembad"}), summary=Localized({"nl": "Baantjes"}))
    assert Search((only,), "fr").find("zwem") == ("only",)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("L’État-civil", ["l", "etat", "civil"]),
        ("Führerschein Straße", ["fuhrerschein", "strasse"]),
        ("Reis\u00adpas", ["reispas"]),
        ("cœur Kĳk", ["coeur", "kijk"]),
        ("rybewijs", ["rijbewijs"]),
        ("½ №5", ["1", "2", "no5"]),
    ],
)
def test_words_are_folded_to_plain_letters(written: str, folded: list[str]) -> None:
    assert fold(written) == folded


@given(st.text(max_size=60))
def test_any_keystrokes_give_known_ids_each_once(typed: str) -> None:
    found = NL.find(typed)
    assert len(set(found)) == len(found)
    assert set(found) <= {one.id for one in SHEETS}


@given(st.sampled_from(SHEETS), st.integers(3, 20))
def test_the_beginning_of_a_title_finds_its_service(one: Service, length: int) -> None:
    assert one.id in NL.find(one.title.values["nl"].replace("\u00ad", "")[:length])


@given(st.sampled_from(SHEETS), st.data())
def test_a_title_with_two_letters_swapped_is_still_found(one: Service, data: st.DataObject) -> None:
    title = one.title.values["nl"].replace("\u00ad", "").split()[0]
    place = data.draw(st.integers(1, len(title) - 2))
    swapped = title[:place] + title[place + 1] + title[place] + title[place + 2 :]
    assert one.id in NL.find(swapped)
