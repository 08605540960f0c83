"""The hidden gesture of staff: the two upper corners in turn, on every page, and by nobody by accident."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from kiosk.core.pages import Look, Page
from kiosk.ui.corners import Corners
from kiosk.ui.samples import IDLE, PAGES
from kiosk.ui.theme import DEMO_COLUMN, DEMO_COUNTER
from tests.ui.conftest import OpenUi
from tests.ui.driver import Ui
from tests.ui.test_ui_keys import nodes
from tests.ui.test_ui_port import on_thread

GLASS = (1080.0, 1920.0)
RIGHT, LEFT, MIDDLE = (1070.0, 10.0), (10.0, 10.0), (540.0, 900.0)


def pressed(*presses: tuple[tuple[float, float], float]) -> list[bool]:
    corners = Corners()
    return [corners.pressed(at, GLASS, now) for at, now in presses]


def test_right_left_right_left_within_four_seconds() -> None:
    assert pressed((RIGHT, 0), (LEFT, 1), (RIGHT, 2), (LEFT, 3.9)) == [False, False, False, True]


def test_it_can_be_made_again_but_not_halved() -> None:
    made = pressed(*((RIGHT if at % 2 == 0 else LEFT, at * 0.5) for at in range(8)))
    assert made == [False, False, False, True] * 2


@pytest.mark.parametrize(
    "presses",
    [
        [(RIGHT, 0), (LEFT, 1), (RIGHT, 2), (LEFT, 4.5)],
        [(LEFT, 0), (RIGHT, 1), (LEFT, 2), (RIGHT, 3)],
        [(RIGHT, at * 0.2) for at in range(20)],
        [(LEFT, at * 0.2) for at in range(20)],
        [(RIGHT, 0), (LEFT, 1), (MIDDLE, 1.5), (RIGHT, 2), (LEFT, 3)],
        [((1070.0, 200.0), 0), (LEFT, 1), (RIGHT, 2), (LEFT, 3)],
    ],
    ids=["too slow", "the other way round", "drumming right", "drumming left", "a touch between", "too low"],
)
def test_anything_else_is_nothing(presses: list[tuple[tuple[float, float], float]]) -> None:
    assert not any(pressed(*presses))


def knock(ui: Ui) -> None:
    right, left = QPoint(ui.quick.width() - 8, 8), QPoint(8, 8)
    for where in (right, left, right, left):
        QTest.mouseClick(ui.quick, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    ui.settle()


@pytest.mark.parametrize("panel", ["portrait", "landscape"])
def test_it_works_on_every_kind_of_page_and_touches_nothing_there(open_ui: OpenUi, panel: str) -> None:
    ui = open_ui(DEMO_COLUMN if panel == "portrait" else DEMO_COUNTER)
    knocks: list[int] = []
    ui.window.model.knocked.connect(lambda: knocks.append(1))
    kinds: dict[str, Page] = {page.kind: page for page, _ in PAGES.values()}
    for number, page in enumerate(kinds.values(), 1):
        ui.show(page)
        knock(ui)
        assert len(knocks) == number, page.kind
    assert all(type(given).__name__ == "Touched" for given in ui.given)


def test_it_works_over_a_notice_too(ui: Ui) -> None:
    knocks: list[int] = []
    ui.window.model.knocked.connect(lambda: knocks.append(1))
    page, overlay = next((page, overlay) for page, overlay in PAGES.values() if overlay is not None)
    ui.show(page, overlay=overlay)
    knock(ui)
    assert knocks == [1]
    assert IDLE is not None


def test_nothing_in_the_corners_can_be_seen_heard_or_focused(ui: Ui) -> None:
    before = PAGES["home"][0]
    ui.show(before, look=Look(speech=True))
    names = {str(node.text(QAccessible.Text.Name)).lower() for node in nodes(ui)}
    assert not [name for name in names if "personeel" in name or "staff" in name]


def test_a_knock_comes_to_the_journeys_loop(ui: Ui) -> None:
    async def journey() -> str:
        knocked = asyncio.Event()
        ui.screen.on_knock(knocked.set)
        listening.append(True)
        await asyncio.wait_for(knocked.wait(), 30)
        return "knocked"

    listening: list[bool] = []
    ui.show(PAGES["home"][0])
    done = on_thread(journey)
    ui.wait(lambda: bool(listening))
    knock(ui)
    ui.wait(done.done)
    assert done.result() == "knocked"
    knock(ui)  # the loop has ended: nobody hears it, and nothing breaks
