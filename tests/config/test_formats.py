"""Days, times, money and plural forms in the four languages."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from config.formats import money, plural_form, shown, warm_up
from config.text_entries import NEEDED_FORMS
from kiosk.core.texts import LANGUAGES

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    ("language", "day", "first", "moment", "price"),
    [
        ("nl", "maandag 23 november", "dinsdag 1 december", "maandag 23 november om 14:05", "€ 25,00"),
        ("fr", "lundi 23 novembre", "mardi 1er décembre", "lundi 23 novembre à 14:05", "25,00 €"),
        ("en", "Monday 23 November", "Tuesday 1 December", "Monday 23 November at 14:05", "€25.00"),
        ("de", "Montag, 23. November", "Dienstag, 1. Dezember", "Montag, 23. November um 14:05", "25,00 €"),
    ],
)
def test_values_read_as_people_of_that_language_write_them(
    language: str, day: str, first: str, moment: str, price: str
) -> None:
    at = datetime(2026, 11, 23, 14, 5, tzinfo=BRUSSELS)
    assert shown("day", date(2026, 11, 23), language) == day
    assert shown("day", date(2026, 12, 1), language) == first
    assert shown("moment", at, language) == moment
    assert shown("time", time(9, 5), language) == "09:05"
    assert shown("fee_cents", 2500, language).replace("\u00a0", " ") == price
    assert shown("count", 1234, language) == "1234"
    assert shown("name", "Ann", language) == "Ann"


def test_an_amount_stays_on_one_line() -> None:
    for language in LANGUAGES:
        assert " " not in money(123456, language)
        assert "\u202f" not in money(123456, language)  # printers have no narrow space


def test_cents_are_exact() -> None:
    assert money(1, "nl") == "€\u00a00,01"
    assert money(10_000_005, "en") == "€100,000.05"


@pytest.mark.parametrize(
    ("language", "count", "form"),
    [("nl", 1, "one"), ("nl", 0, "other"), ("fr", 0, "one"), ("fr", 2, "other"), ("fr", 1_000_000, "many")],
)
def test_plural_forms_follow_cldr(language: str, count: int, form: str) -> None:
    assert plural_form(count, language) == form


def test_the_forms_every_text_must_have_are_those_the_languages_use() -> None:
    for language in LANGUAGES:
        rules = Locale.parse(language).plural_form
        assert {rules(count) for count in range(1000)} == set(NEEDED_FORMS)


def test_warming_up_reaches_every_language() -> None:
    warm_up()
