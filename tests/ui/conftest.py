"""Offscreen, software renderer, no motion: the same picture everywhere."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

from collections.abc import Callable, Iterator

import pytest

from config.texts import load_texts
from kiosk.core.texts import Texts
from kiosk.ui.app import application
from kiosk.ui.brand import Brand
from kiosk.ui.metrics import ScreenModel
from kiosk.ui.samples import BRAND
from kiosk.ui.theme import DEMO_COLUMN
from tests.ui.driver import Ui

OpenUi = Callable[..., Ui]


@pytest.fixture(scope="session")
def texts() -> Texts:
    """The product's own catalogue."""
    return load_texts()


@pytest.fixture(scope="session", autouse=True)
def qt_application() -> object:
    """One application with our fonts."""
    return application()


@pytest.fixture
def open_ui(texts: Texts) -> Iterator[OpenUi]:
    """Opens windows for a panel; each is taken down after the test."""
    opened: list[Ui] = []

    def build(model: ScreenModel = DEMO_COLUMN, brand: Brand = BRAND, settle_s: float = 0.0) -> Ui:
        opened.append(Ui(model, brand, texts, settle_s))
        return opened[-1]

    yield build
    for ui in opened:
        ui.close()


@pytest.fixture
def ui(open_ui: OpenUi) -> Ui:
    """The demonstration column."""
    return open_ui()
