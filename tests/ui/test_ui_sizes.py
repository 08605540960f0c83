"""Millimetres to pixels, colours to contrast: the numbers every screen stands on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.pages import Contrast, Look, TextSize
from kiosk.ui.colour import EDGE, ENOUGH, PAPER, SURFACE, ColourError, brand_colours, contrast, mix
from kiosk.ui.metrics import Form, ScreenModel, cap_px, metrics_for, offers_reach
from kiosk.ui.theme import DEMO_COLUMN, DEMO_COUNTER, QML, ThemeValues, theme_source
from kiosk.ui.tokens import load_design

DESIGN = load_design()
PANELS = st.builds(
    ScreenModel,
    st.sampled_from((1080, 1440, 2160)),
    st.sampled_from((1920, 2560, 3840)),
    st.floats(21.5, 55),
    st.sampled_from((500.0, 600.0, 700.0)),
)
HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


def test_pixels_in_a_millimetre() -> None:
    assert ScreenModel(1080, 1920, 27).px_per_mm == pytest.approx(3.21, abs=0.01)
    assert ScreenModel(1080, 1920, 21.5).px_per_mm == pytest.approx(4.03, abs=0.01)
    assert DEMO_COLUMN.px(20) == 65
    assert (DEMO_COLUMN.form, DEMO_COUNTER.form) == (Form.PORTRAIT, Form.LANDSCAPE)


@pytest.mark.parametrize(("inch", "large"), [(27, 36), (32, 30), (21.5, 45)])
def test_large_text_reaches_the_standard(inch: float, large: int) -> None:
    assert cap_px(ScreenModel(1080, 1920, inch), DESIGN, TextSize.LARGE) == large


@given(PANELS, st.sampled_from(TextSize), st.booleans())
def test_no_size_is_below_its_millimetres(model: ScreenModel, size: TextSize, reach: bool) -> None:
    m = metrics_for(model, Look(size=size, reach=reach), DESIGN)
    least = DESIGN.text[size.value]["cap_mm"] * model.viewing_distance_mm / 600
    for px in (m.body, m.label, m.title, m.h2, m.h1, m.display):
        assert px * DESIGN.cap_height / model.px_per_mm >= least - 1e-6
    assert min(m.language, m.key, m.target) >= 15 * model.px_per_mm
    assert min(m.tileMin, m.primaryMin, m.button, m.field) >= 20 * model.px_per_mm
    assert min(m.gap, m.toolbarGap) >= 2.5 * model.px_per_mm


def test_control_design_pixels_alone_are_too_small_on_a_dense_panel() -> None:
    dense = ScreenModel(1080, 1920, 15.6)
    assert DESIGN.form("portrait").sizes["normal"]["language"] < 15.2 * dense.px_per_mm
    assert metrics_for(dense, Look(), DESIGN).language >= 15 * dense.px_per_mm


def test_reach_is_offered_where_a_panel_is_high() -> None:
    assert offers_reach(DEMO_COLUMN, DESIGN)
    assert not offers_reach(DEMO_COUNTER, DESIGN)
    assert metrics_for(DEMO_COLUMN, Look(reach=True), DESIGN).reachTop == 768
    assert metrics_for(DEMO_COUNTER, Look(reach=True), DESIGN).reachTop == 0


def test_a_panel_without_size_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        ScreenModel(1080, 1920, 0)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#15222E", PAPER) == pytest.approx(14.7, abs=0.1)
    assert contrast("#0B4F6C", SURFACE) == pytest.approx(8.9, abs=0.1)
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"


TEXT_PAIRS = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "sunken"),
    ("ink", "brandTint"),
    ("inkMuted", "paper"),
    ("inkMuted", "surface"),
    ("inkMuted", "brandTint"),
    ("brandInk", "brand"),
    ("brandInk", "brandPressed"),
    ("brandText", "paper"),
    ("brandText", "surface"),
    ("brandText", "brandTint"),
    ("success", "successTint"),
    ("warning", "warningTint"),
    ("danger", "dangerTint"),
    ("success", "paper"),
    ("warning", "paper"),
    ("danger", "paper"),
]
EDGE_PAIRS = [("outline", "paper"), ("outline", "surface"), ("brandEdge", "paper"), ("focusOuter", "paper")]


@given(HEX, st.sampled_from(Contrast))
def test_every_text_reads_at_seven_to_one_with_any_brand(colour: str, scheme: Contrast) -> None:
    values = ThemeValues(DEMO_COLUMN, colour, 1.0).colours(scheme)
    for text, ground in TEXT_PAIRS:
        assert contrast(values[text], values[ground]) >= ENOUGH, (text, ground, values[text], values[ground])
    for edge, ground in EDGE_PAIRS:
        assert contrast(values[edge], values[ground]) >= EDGE, (edge, ground)
    assert contrast(values["focusOuter"], values["focusInner"]) >= EDGE


@pytest.mark.parametrize("colour", ["#154273", "#003865", "#0B4F6C", "#FFD400"])
def test_a_readable_brand_is_taken_as_it_is(colour: str) -> None:
    assert brand_colours(colour).fill == colour


@pytest.mark.parametrize("colour", ["#C93675", "#0057B7", "#888888"])
def test_a_brand_that_does_not_read_is_darkened(colour: str) -> None:
    found = brand_colours(colour)
    assert found.fill != colour
    assert contrast(found.fill, SURFACE) >= ENOUGH > contrast(colour, SURFACE)


@pytest.mark.parametrize("wrong", ["blue", "#12345", "#GGGGGG", ""])
def test_what_is_no_colour_is_refused_with_an_example(wrong: str) -> None:
    with pytest.raises(ColourError, match="#0B4F6C"):
        brand_colours(wrong)


def test_the_theme_file_is_what_the_tokens_say() -> None:
    assert (QML / "Kiosk" / "Theme.qml").read_text(encoding="utf-8") == theme_source()


def test_motion_follows_one_scale() -> None:
    still = ThemeValues(DEMO_COLUMN, "#0B4F6C", 0.0).values(Look())
    assert (still["pressMs"], still["pageMs"], still["tickMs"], still["slide"], still["pressScale"]) == (0, 0, 0, 0, 1)
    assert ThemeValues(DEMO_COLUMN, "#0B4F6C", 1.0).values(Look())["pageMs"] == 240
