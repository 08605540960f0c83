"""Measuring the screen itself: marks in the very corners, touches told in millimetres, a line of a true length."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from kiosk.core.pages import Typed
from kiosk.setup import pages
from kiosk.setup.touch import MARKS
from kiosk.ui.metrics import ScreenModel
from kiosk.ui.theme import DEMO_COLUMN
from tests.ui.conftest import OpenUi
from tests.ui.driver import Ui


def touch(ui: Ui, x: float, y: float) -> None:
    """At a place of the canvas; the window may be smaller than it."""
    scale = min(ui.quick.width() / DEMO_COLUMN.width_px, ui.quick.height() / DEMO_COLUMN.height_px)
    where = QPoint(round(x * scale), round(y * scale))
    QTest.mouseClick(ui.quick, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    ui.settle()


def typed(ui: Ui) -> list[tuple[int, float, float]]:
    """Every touch that was told: serial, millimetres across and down."""
    return [(each.serial, *map(float, each.text.split())) for each in ui.given if isinstance(each, Typed)]


def test_a_touch_anywhere_on_the_glass_is_told_from_the_mark_in_millimetres(ui: Ui) -> None:
    for at, (across, down) in enumerate(MARKS, 1):
        view = ui.show(pages.mark((across, down), at, len(MARKS)))
        ui.draw()
        x, y = across / 1000 * DEMO_COLUMN.width_px, down / 1000 * DEMO_COLUMN.height_px
        touch(ui, x + 10 * DEMO_COLUMN.px_per_mm, y - 4 * DEMO_COLUMN.px_per_mm)
        serial, right, below = typed(ui)[-1]
        assert serial == view.serial
        assert (right, below) == (pytest.approx(10, abs=1), pytest.approx(-4, abs=1))
    assert len(typed(ui)) == len(MARKS)


def test_a_bouncing_touch_counts_once(open_ui: OpenUi) -> None:
    ui = open_ui(settle_s=0.0)
    ui.show(pages.mark((500, 500), 3, 5))
    ui.draw()
    for _ in range(2):
        touch(ui, 540, 960)
    assert len(typed(ui)) == 1


@pytest.mark.parametrize("inch", [15.6, 27.0, 43.0])
def test_the_line_is_as_long_as_a_card_on_every_panel(open_ui: OpenUi, inch: float) -> None:
    model = ScreenModel(1080, 1920, inch)
    ui = open_ui(model)
    ui.show(pages.ruler())
    ui.draw()
    assert ui.window.model.property("page").pixels(pages.CARD_MM) / model.px_per_mm == pytest.approx(85.6)
    (line,) = [item for item in ui.walk() if item.objectName() == "ruler"]
    assert line.width() == pytest.approx(pages.CARD_MM * model.px_per_mm, abs=0.5)
