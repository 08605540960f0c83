"""Documents as bytes: every item, no byte that is obeyed by mistake, and a word for what does not fit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import Align, Feed, Line, PaperDocument, PaperItem, QrCode, Rule
from drivers.printers.escpos.builder import Content, Unprintable, build, cut, start
from drivers.printers.escpos.codes import exact_dots
from drivers.printers.escpos.profiles import Profile, profile_named
from drivers.printers.escpos.raster import REAL_TIME
from drivers.simulated.receipt.parser import next_command
from tests.drivers.rigs import FONTS, ticket

T20 = profile_named("epson-tm-t20iii")
GENERIC = profile_named("generic-80mm")


def data(*items: PaperItem, profile: Profile = T20) -> bytes:
    content = build(PaperDocument(items), profile, FONTS)
    assert isinstance(content, Content)
    return content.data


def names(commands: bytes) -> list[str]:
    found = []
    while (command := next_command(commands)) is not None:
        found.append(command.name)
        commands = commands[command.size :]
    assert commands == b"", "no half command at the end"
    return found


def test_a_line_says_size_weight_place_and_text() -> None:
    line = Line("Loket 3", Align.RIGHT, scale=5, bold=True, inverse=True)
    assert data(line) == b"\x1d!\x44\x1bE\x01\x1ba\x02\x1dB\x01 Loket 3 \n"


def test_white_letters_have_black_at_both_ends_and_still_fit() -> None:
    assert data(Line(" OEFENING ", inverse=True)).endswith(b" OEFENING \n")
    rows = data(Line("x" * 48, inverse=True)).split(b"\n")
    assert [len(row.removeprefix(b"\x1d!\x00\x1bE\x00\x1ba\x00\x1dB\x01")) for row in rows] == [48, 4, 0]


def test_a_job_starts_from_known_modes_and_ends_with_a_cut() -> None:
    assert start(T20) == b"\x1b@\x1bR\x00\x1bt\x10\x1db\x01"
    assert start(profile_named("pc858-80mm")) == b"\x1b@\x1bR\x00\x1bt\x13"
    assert cut(T20) == b"\x1dV\x42\x28"
    assert cut(Profile.model_validate({**T20.model_dump(), "cutter": "full"})) == b"\x1dV\x41\x28"
    assert names(cut(profile_named("generic-58mm"))) == ["ESC J"]


def test_large_text_wraps_at_fewer_columns() -> None:
    assert data(Line("Identiteitskaart aanvragen", scale=2)).count(b"\n") == 2
    assert data(Line("Identiteitskaart aanvragen", scale=1)).count(b"\n") == 1
    assert data(Line("B042", scale=99)).startswith(b"\x1d!\x77")


def test_native_codes_are_left_to_the_printer_and_others_are_drawn() -> None:
    assert "GS ( k" in names(data(QrCode("https://wacht.example/b")))
    assert "GS ( k" not in names(data(QrCode("https://wacht.example/b"), profile=GENERIC))
    assert "GS ( k" not in names(data(QrCode("Łucja"))), "the printer would guess the alphabet"


def test_an_exact_code_is_drawn_also_where_the_printer_could() -> None:
    commands = data(QrCode("BE1:SEAL", 0.625, exact=True))
    assert names(commands) == ["GS !", "ESC E", "ESC a", "GS B", "GS v 0"]
    at = commands.index(b"\x1dv0\x00")
    assert int.from_bytes(commands[at + 6 : at + 8], "little") == (21 + 8) * 5, "with its quiet zone, in whole dots"


@pytest.mark.parametrize(("millimetres", "dots"), [(0.625, 5), (0.63, 6), (0.75, 6), (0.5, 4), (1.0, 8), (0.1, 3)])
def test_an_exact_module_is_whole_dots_and_never_smaller_than_asked(millimetres: float, dots: int) -> None:
    assert exact_dots(millimetres, T20) == dots


def test_an_exact_code_wider_than_the_paper_is_not_made_smaller() -> None:
    seal = "BE1:" + "A0" * 218
    narrow = profile_named("generic-58mm")
    problem = build(PaperDocument((QrCode(seal, 0.625, exact=True),)), narrow, FONTS)
    assert problem == Unprintable(
        f"a QR code of 440 characters is 385 dots wide at 5 dots a module; the paper has {narrow.dots}"
    )
    assert isinstance(build(PaperDocument((QrCode(seal, 0.625),)), narrow, FONTS), Content), "the control"
    too_long = build(PaperDocument((QrCode("x" * 5000, 0.625, exact=True),)), T20, FONTS)
    assert too_long == Unprintable("a QR code of 5000 characters is more than any code holds; the paper has 576")


def test_control_characters_in_a_code_are_drawn_and_never_sent() -> None:
    assert not REAL_TIME.search(data(QrCode("a\x10\x04\x01b")))


def test_a_letter_outside_the_page_draws_its_line_only() -> None:
    lines = data(Line("Łucja"), Line("Jan"))
    assert "GS v 0" in names(lines)
    assert b"Jan\n" in lines


def test_rules_feeds_and_empty_lines() -> None:
    assert names(data(Rule()))[-2:] == ["GS v 0", "ESC J"]
    assert data(Feed(2)) == b"\x1bJ\x3c"
    assert data(Feed(-1)) == b""
    assert data(Feed(20)) == b"\x1bJ\xff\x1bJ\xff\x1bJ\x5a"
    assert data(Line("")).endswith(b"\n")


def test_a_code_that_does_not_fit_is_named() -> None:
    problem = build(PaperDocument((QrCode("x" * 5000),)), T20, FONTS)
    assert problem == Unprintable("a QR code of 5000 characters is too large for 576 dots")


def test_the_length_of_the_paper_is_about_right() -> None:
    content = build(ticket(), T20, FONTS)
    assert isinstance(content, Content)
    assert 600 < content.dots < 900


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(max_size=60),
    scale=st.integers(-1, 10),
    align=st.sampled_from(Align),
    flags=st.tuples(st.booleans(), st.booleans()),
    profile=st.sampled_from([T20, GENERIC]),
)
def test_no_text_can_make_the_printer_obey(
    text: str, scale: int, align: Align, flags: tuple[bool, bool], profile: Profile
) -> None:
    commands = data(Line(text, align, scale, *flags), profile=profile)
    assert not REAL_TIME.search(commands)
    assert set(names(commands)) <= {"text", "LF", "GS !", "ESC E", "ESC a", "GS B", "GS v 0", "ESC J"}


@pytest.mark.parametrize("name", ["\x1b@", "\x1dV\x00", "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", "\x1bp\x00AA"])
def test_a_hostile_name_is_printed_and_not_obeyed(name: str) -> None:
    assert set(names(data(Line(f"Mevr. {name} Peeters")))) == {"text", "LF", "GS !", "ESC E", "ESC a", "GS B"}
