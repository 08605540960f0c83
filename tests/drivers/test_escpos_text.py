"""Text on its way to paper: nothing in it is obeyed, nothing in it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printers.escpos.profiles import CodePage
from drivers.printers.escpos.text import clean, encode, wrap

CP1252 = CodePage(number=16, codec="cp1252")
CP858 = CodePage(number=19, codec="cp858")
DUTCH_FRENCH_GERMAN = "àâäçéèêëîïôöùûüÿœæßÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ€ij „“”’–—…·«»"


def test_control_and_direction_characters_are_taken_out() -> None:
    hostile = "Jan\x1b@\x1dV\x00 Peeters\x10\x14\x08\u202e\u2066\u200b\x9b\x7f\ufeff"
    assert clean(hostile) == "Jan@V Peeters"


def test_line_ends_become_line_feeds_and_odd_spaces_become_spaces() -> None:
    assert clean("a\r\nb\rc\u2028d\te") == "a\nb\nc\nd e"
    assert clean("1\u202f000") == "1\u00a0000"


def test_letters_are_composed() -> None:
    assert clean("Cafe\u0301") == "Café"


@given(st.text())
def test_whatever_the_text_only_printable_characters_and_line_feeds_are_left(text: str) -> None:
    assert all(character == "\n" or ord(character) >= 0x20 for character in clean(text))
    assert not any(0x7F <= ord(character) < 0xA0 for character in clean(text))


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_the_windows_page_holds_all_three_languages() -> None:
    encoded = encode(DUTCH_FRENCH_GERMAN, CP1252)
    assert encoded is not None
    assert encoded.decode("cp1252") == DUTCH_FRENCH_GERMAN
    assert encode("€", CP1252) == b"\x80"
    assert encode("€", CP858) == b"\xd5"


@pytest.mark.parametrize("name", ["Łucja", "Şükrü", "Čapek", "Αθήνα", "Киев", "日本"])
def test_letters_outside_the_page_are_not_respelt(name: str) -> None:
    assert encode(name, CP1252) is None


def test_lines_break_between_words() -> None:
    assert wrap("Nummers kunnen van volgorde wisselen", 16) == ["Nummers kunnen", "van volgorde", "wisselen"]
    assert wrap("", 16) == [""]
    assert wrap("a\n\nb", 16) == ["a", "", "b"]


def test_a_word_longer_than_the_line_is_cut_and_a_no_break_space_holds() -> None:
    assert wrap("nr 12345678901234567890", 8) == ["nr", "12345678", "90123456", "7890"]
    assert wrap("kost € 25\u00a0000", 9) == ["kost €", "25\u00a0000"]


@given(st.text(alphabet="ab \n", max_size=80), st.integers(min_value=1, max_value=20))
def test_wrapping_loses_no_letter_and_keeps_the_width(text: str, columns: int) -> None:
    rows = wrap(text, columns)
    assert all(len(row) <= columns for row in rows)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "").replace("\n", "")
