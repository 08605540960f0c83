"""Pictures for the printer: right dots, small pieces, and nothing in them that is obeyed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.printers.escpos import codes, letters
from drivers.printers.escpos.profiles import profile_named
from drivers.printers.escpos.raster import FRAGMENT_ROWS, REAL_TIME, _command, raster
from drivers.simulated.receipt.parser import next_command
from tests.drivers.rigs import FONTS

T20 = profile_named("epson-tm-t20iii")


def from_bits(width: int, height: int, bits: bytes) -> Image.Image:
    return Image.frombytes("1", (width, height), bits)


def test_a_small_picture_is_one_command_with_its_dots() -> None:
    assert raster(from_bits(16, 2, b"\x80\x01\xff\xff")) == b"\x1dv0\x00\x02\x00\x02\x00\x80\x01\xff\xff"


def test_tall_pictures_go_in_pieces_of_256_rows() -> None:
    data = raster(Image.new("1", (64, 600), 255))
    heights = []
    while (command := next_command(data)) is not None:
        heights.append(int.from_bytes(command.data[3:5], "little"))
        data = data[command.size :]
    assert heights == [FRAGMENT_ROWS, FRAGMENT_ROWS, 88]
    assert data == b""


def test_a_real_time_sequence_moves_over_by_a_dot_when_there_is_room() -> None:
    picture = from_bits(23, 1, b"\x10\x04\x00")
    assert REAL_TIME.search(_command(picture)), "the control: as it stands it would be obeyed"
    assert raster(picture) == b"\x1dv0\x00\x03\x00\x01\x00\x08\x02\x00"


def test_a_real_time_sequence_in_a_full_width_picture_loses_one_dot() -> None:
    data = raster(from_bits(16, 1, b"\x10\x14"))
    assert data[8:] == b"\x10\x54"


@given(st.binary(min_size=72, max_size=720))
def test_no_picture_is_ever_obeyed(bits: bytes) -> None:
    rows = len(bits) // 72
    assert not REAL_TIME.search(raster(from_bits(576, rows, bits[: rows * 72])))


@given(st.lists(st.sampled_from([b"\x10", b"\x04", b"\x05", b"\x14", b"\x54", b"\x44"]), min_size=16, max_size=64))
def test_not_even_a_picture_made_of_such_bytes(parts: list[bytes]) -> None:
    rows = len(parts) // 8
    assert not REAL_TIME.search(raster(from_bits(64, rows, b"".join(parts)[: rows * 8])))


def test_drawn_letters_have_the_height_of_typed_ones_and_fit_the_paper() -> None:
    pictures = letters.draw_lines("Łucja Żółć-Wiśniewska van den Bęrgh " * 3, FONTS, height=48, width=576)
    assert len(pictures) > 1
    assert all(picture.height == 48 and picture.width <= 576 and picture.getbbox() for picture in pictures)


def test_without_fonts_a_built_in_one_draws() -> None:
    (picture,) = letters.draw_lines("Łucja", None, height=24, width=576)
    assert picture.getbbox()


def test_a_drawn_word_wider_than_the_paper_is_cut() -> None:
    pictures = letters.draw_lines("Ł" * 80, FONTS, height=48, width=400)
    assert len(pictures) > 2
    assert all(picture.width <= 400 for picture in pictures)


def test_inverse_letters_are_white_on_black() -> None:
    (plain,) = letters.draw_lines("Ł", FONTS, height=24, width=576)
    (inverse,) = letters.draw_lines("Ł", FONTS, height=24, width=576, inverse=True)
    assert sum(inverse.tobytes()) > sum(plain.tobytes())


def test_bold_letters_use_the_bold_font() -> None:
    (plain,) = letters.draw_lines("Łąka", FONTS, height=48, width=576)
    (bold,) = letters.draw_lines("Łąka", FONTS, height=48, width=576, bold=True)
    assert plain.tobytes() != bold.tobytes()


def test_modules_have_the_size_asked_for_or_the_largest_that_fits() -> None:
    assert codes.module_dots(25, 0.75, T20) == 6
    assert codes.module_dots(101, 0.75, T20) == 5
    assert codes.module_dots(25, 0.01, T20) == codes.SMALLEST_MODULE_DOTS
    assert codes.module_dots(177, 0.75, profile_named("generic-58mm")) is None


SEALS = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", min_size=1, max_size=500)


@settings(max_examples=10, deadline=None)
@given(SEALS, st.integers(3, 7))
def test_no_dot_of_a_code_is_moved_or_turned_on_its_way(text: str, dots: int) -> None:
    picture = codes.qr_picture(text, dots)
    drawn = b"".join(
        _command(picture.crop((0, top, picture.width, min(top + FRAGMENT_ROWS, picture.height))))
        for top in range(0, picture.height, FRAGMENT_ROWS)
    )
    assert raster(picture) == drawn


def test_capitals_and_digits_cost_five_and_a_half_bits() -> None:
    assert codes.qr_modules("BE1:" + "A0" * 218) == 69
    assert codes.qr_modules("be1:" + "a0" * 218) == 81, "the control: as many letters as bytes"
    assert codes.qr_modules("BE1:" + "7" * 436) == 69, "one long row of digits does not change the mode"


def test_a_text_too_long_for_any_code_is_told() -> None:
    assert codes.qr_modules("x" * 5000) is None
    assert codes.qr_modules("https://wacht.example/b/B042") == 29
