"""Brand colours: known contrasts, and a readable colour in place of one that is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.brand import NEEDED, WHITE, contrast, darkened, is_colour, readable

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@pytest.mark.parametrize(
    ("colour", "on_white"),
    [("#000000", 21.0), ("#FFFFFF", 1.0), ("#154273", 10.2), ("#003865", 12.0), ("#0057B7", 6.9), ("#C93675", 4.9)],
)
def test_contrast_agrees_with_published_values(colour: str, on_white: float) -> None:
    assert contrast(colour, WHITE) == pytest.approx(on_white, abs=0.06)


@given(COLOURS)
def test_the_darker_colour_is_readable_and_contrast_has_no_direction(colour: str) -> None:
    assert readable(darkened(colour))
    assert contrast(darkened(colour), WHITE) >= NEEDED
    assert contrast(colour, WHITE) == contrast(WHITE, colour)


def test_a_colour_dark_enough_stays_as_it_is() -> None:
    assert darkened("#0B4F6C") == "#0B4F6C"
    assert readable("#FFDD00")
    assert not readable("#C93675")


@pytest.mark.parametrize("text", ["0B4F6C", "#0B4F6", "#0B4F6CC", "#GGGGGG", "teal", ""])
def test_other_ways_to_write_a_colour_are_not_taken(text: str) -> None:
    assert not is_colour(text)
