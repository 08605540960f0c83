"""The long run and the parts it rests on: stable item count, sound references, fonts, icons, the book of pictures."""

from __future__ import annotations

import gc
import logging
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QRawFont

from kiosk.core.pages import Contrast, Look, TextSize
from kiosk.core.texts import Texts
from kiosk.ui import samples
from kiosk.ui.app import desktop_size
from kiosk.ui.images import CodeProvider, IconProvider, code_image
from kiosk.ui.shots import shoot
from kiosk.ui.theme import DEMO_COLUMN, QML
from kiosk.ui.tokens import ASSETS, load_design
from tests.ui.driver import Ui


def test_the_binding_keeps_its_references() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(200):
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < 20


def test_hundreds_of_pages_leave_nothing_behind(ui: Ui) -> None:
    def round_trip() -> int:
        for number, (page, overlay) in enumerate(samples.PAGES.values()):
            look = Look(TextSize.LARGE, Contrast.HIGH, reach=True) if number % 2 else Look()
            ui.show(page, ("nl", "fr", "en", "de")[number % 4], look, overlay)
        ui.show(samples.HOME)
        return sum(1 for _ in ui._all(ui.quick.contentItem()))

    counts = [round_trip() for _ in range(20)]
    assert len(set(counts[2:])) == 1
    gc.collect()
    assert len(ui.window.model.findChildren(QObject)) < 20


def test_pages_that_come_faster_than_they_move_keep_their_words(texts: Texts) -> None:
    ui = Ui(DEMO_COLUMN, samples.BRAND, texts, 0.0, motion_scale=1.0)
    try:
        for number, (page, _) in enumerate(list(samples.PAGES.values()) * 3):
            ui.show(page, ("nl", "fr", "en", "de")[number % 4])
        ui.wait(lambda: not ui.quick.property("animating"))
        ui.settle()
        assert len(ui.window.model._pages) == 1
    finally:
        ui.close()


def test_a_resting_screen_draws_nothing(ui: Ui) -> None:
    frames = []
    ui.show(samples.SEARCH)
    ui.draw()
    ui.quick.frameSwapped.connect(lambda: frames.append(1))
    for _ in range(50):
        ui.settle()
    assert len(frames) <= 1


def test_every_weight_is_one_family_and_covers_our_languages() -> None:
    family = load_design().family
    assert set(QFontDatabase.styles(family)) >= {"Regular", "Medium", "SemiBold", "Bold"}
    widths = set()
    for weight in (400, 500, 600, 700):
        font = QFont(family)
        font.setPixelSize(100)
        font.setWeight(QFont.Weight(weight))
        raw = QRawFont.fromFont(font)
        assert raw.familyName() == family
        assert not [sign for sign in "éèêëçàâîïôùûüöäßœłšžğ€’–" if not raw.supportsCharacter(ord(sign))]
        widths.add(QFontMetrics(font).horizontalAdvance("Gemeentehuis"))
    assert len(widths) == 4
    assert abs(QRawFont.fromFont(font).capHeight() / 100 - load_design().cap_height) < 0.01


def test_every_icon_the_screens_name_is_there() -> None:
    named = set()
    for source in (*QML.rglob("*.qml"), *Path(samples.__file__).parent.glob("*.py")):
        text = source.read_text(encoding="utf-8")
        named |= {path.stem for path in (ASSETS / "icons").glob("*.svg") if f'"{path.stem}"' in text}
    assert {"arrow-left-bold", "magnifying-glass", "check-circle", "clock-countdown"} <= named
    for option in (o for page, _ in samples.PAGES.values() for o in page.options if o.icon):
        assert (ASSETS / "icons" / f"{option.icon}.svg").is_file()


def test_an_icon_takes_the_colour_it_is_asked_in() -> None:
    image = IconProvider().requestImage("check-bold/8e1b1b", QSize(), QSize(64, 64))
    colours = {
        image.pixelColor(x, y).name() for x in range(64) for y in range(64) if image.pixelColor(x, y).alpha() == 255
    }
    assert colours == {"#8e1b1b"}


@pytest.mark.expects_log("zuil.screen")
@pytest.mark.parametrize("name", ["no-such-icon", "../LICENSE", ""])
def test_an_unknown_icon_is_said_once_and_drawn_as_information(name: str, caplog: pytest.LogCaptureFixture) -> None:
    provider = IconProvider()
    with caplog.at_level(logging.WARNING, "zuil.screen"):
        drawn = [provider.requestImage(f"{name}/000000", QSize(), QSize(32, 32)) for _ in range(2)]
    assert drawn[0] == IconProvider().requestImage("info/000000", QSize(), QSize(32, 32))
    assert len(caplog.records) == 1


def test_a_code_has_its_quiet_zone_and_whole_modules() -> None:
    image = code_image("https://lindeveld.example/volg/7f3a2c9d", 280)
    dark = [(x, y) for x in range(280) for y in range(280) if image.pixelColor(x, y) == QColor("black")]
    left, top = min(x for x, _ in dark), min(y for _, y in dark)
    module = next(x for x in range(left, 280) if image.pixelColor(x, top) == QColor("white")) - left
    assert module % 7 == 0
    assert left >= 4 * module // 7
    assert (
        CodeProvider().requestImage("https%3A%2F%2Flindeveld.example%2Fvolg%2F7f3a2c9d", QSize(), QSize(280, 280))
        == image
    )


def test_the_code_stands_on_white_in_high_contrast_too(ui: Ui) -> None:
    ui.show(samples.TICKET, look=Look(contrast=Contrast.HIGH))
    code = ui.find("code")
    corner = code.mapToScene(code.boundingRect().topLeft()).toPoint()
    assert ui.quick.grabWindow().pixelColor(corner.x() + 2, corner.y() + 2) == QColor("white")


def test_the_book_of_pictures_has_an_index(texts: Texts, tmp_path: Path) -> None:
    pages = {"ticket": samples.PAGES["ticket"]}
    made = shoot(texts, pages, tmp_path, (DEMO_COLUMN,), ("nl",), samples.BRAND)
    assert len(made) == 8
    assert all(path.stat().st_size > 10_000 for path in made)
    assert "portrait-27/ticket-nl-large-contrast-reach.png" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_desktop_window_keeps_the_proportions_of_the_panel() -> None:
    size = desktop_size(DEMO_COLUMN, QSize(1920, 1080))
    assert size.height() <= 972
    assert abs(size.width() / size.height() - 1080 / 1920) < 0.01
    assert desktop_size(DEMO_COLUMN, QSize(3000, 3000)) == QSize(1080, 1920)
