"""What is wrong with a screen, in words: cut text, small targets, narrow gaps, overlaps, things outside the glass."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont
from PySide6.QtQuick import QQuickItem

from kiosk.core.pages import Look
from kiosk.ui.measure import QtMeasure, Style
from kiosk.ui.metrics import ScreenModel, cap_px, metrics_for
from kiosk.ui.tokens import load_design
from tests.ui.driver import Seen, Ui

SLACK = 1.5
PRIMARY = ("option_", "back", "next_page", "previous_page")
_MEASURE = QtMeasure(load_design().family)


def problems(ui: Ui, look: Look) -> list[str]:
    """Everything wrong with what is shown."""
    ui.draw()
    texts, buttons = ui.texts_shown(), ui.buttons()
    return [
        *cut_texts(texts),
        *broken_words(texts),
        *small_texts(texts, ui.model, look),
        *outside(texts + buttons, ui.model),
        *spilled(texts),
        *small_targets(buttons, ui.model),
        *close_targets(buttons, ui.model),
        *overlapping_texts(texts),
        *covered_texts(texts, buttons),
        *out_of_reach(buttons, ui.model, look),
    ]


def cut_texts(texts: list[Seen]) -> Iterator[str]:
    """Texts that do not show all their words."""
    for seen in texts:
        item = seen.item
        if item.property("truncated") or item.property("contentWidth") > item.width() + SLACK:
            yield f"cut: {seen.name!r}"
        elif item.property("contentHeight") > item.height() + SLACK:
            yield f"too high: {seen.name!r}"


def broken_words(texts: list[Seen]) -> Iterator[str]:
    """Words broken where no hyphen shows it."""
    for seen in texts:
        font = seen.item.property("font")
        assert isinstance(font, QFont)
        widest = _MEASURE.widest(seen.name, Style(font.pixelSize(), font.weight().value))
        if widest > seen.item.width() + SLACK:
            yield f"word broken: {seen.name!r} needs {widest}, has {seen.item.width():.0f}"


def small_texts(texts: list[Seen], model: ScreenModel, look: Look) -> Iterator[str]:
    """Texts whose capitals are too low for the viewing distance."""
    least = cap_px(model, load_design(), look.size)
    for seen in texts:
        if seen.item.property("font").pixelSize() < least:
            yield f"small text: {seen.name!r}"


def outside(seen: list[Seen], model: ScreenModel) -> Iterator[str]:
    """Things that stand partly outside the glass."""
    glass = QRectF(-SLACK, -SLACK, model.width_px + 2 * SLACK, model.height_px + 2 * SLACK)
    for thing in seen:
        if not glass.contains(thing.rect):
            yield f"outside: {thing.name!r} at {thing.rect}"


def spilled(texts: list[Seen]) -> Iterator[str]:
    """Words that stick out of their button or card."""
    for seen in texts:
        card = _card(seen.item)
        if card is not None and not _grown(card, SLACK).contains(seen.rect):
            yield f"spilled: {seen.name!r} {seen.rect} out of {card}"


def small_targets(buttons: list[Seen], model: ScreenModel) -> Iterator[str]:
    """Buttons below 15 mm, or below 20 mm for what acts on the page."""
    design = load_design()
    for seen in buttons:
        wanted = design.primary_mm if seen.name.startswith(PRIMARY) else design.target_mm
        if min(seen.rect.width(), seen.rect.height()) < wanted * model.px_per_mm - 0.5:
            yield f"small target: {seen.name} {seen.rect.width():.0f}×{seen.rect.height():.0f}"


def close_targets(buttons: list[Seen], model: ScreenModel) -> Iterator[str]:
    """Buttons with less than 2.5 mm between them."""
    gap = load_design().gap_mm * model.px_per_mm - 0.5
    for one, other in combinations(buttons, 2):
        if _grown(one.rect, gap).intersects(other.rect):
            yield f"too close: {one.name} and {other.name}"


def overlapping_texts(texts: list[Seen]) -> Iterator[str]:
    """Texts on top of each other."""
    for one, other in combinations(texts, 2):
        if _grown(one.rect, -2).intersects(_grown(other.rect, -2)):
            yield f"overlap: {one.name!r} and {other.name!r}"


def covered_texts(texts: list[Seen], buttons: list[Seen]) -> Iterator[str]:
    """Texts under a button that is not theirs."""
    for seen in texts:
        for button in buttons:
            if not _inside(seen.item, button.item) and _grown(button.rect, -2).intersects(_grown(seen.rect, -2)):
                yield f"covered: {seen.name!r} by {button.name}"


def out_of_reach(buttons: list[Seen], model: ScreenModel, look: Look) -> Iterator[str]:
    """Buttons above the line of low reach."""
    line = metrics_for(model, look, load_design()).reachTop
    for seen in buttons:
        if seen.rect.top() < line:
            yield f"out of reach: {seen.name} at {seen.rect.top():.0f}, line {line}"


def _card(item: QQuickItem) -> QRectF | None:
    parent = item.parentItem()
    while parent is not None:
        name = parent.metaObject().className()
        if parent.inherits("QQuickAbstractButton") or name.startswith(
            ("KsBlock", "KsNews", "KsPinField", "KsPractice", "KsToolbar")
        ):
            return parent.mapRectToScene(QRectF(0, 0, parent.width(), parent.height()))
        parent = parent.parentItem()
    return None


def _inside(item: QQuickItem, ancestor: QQuickItem) -> bool:
    parent = item.parentItem()
    while parent is not None:
        if parent == ancestor:
            return True
        parent = parent.parentItem()
    return False


def _grown(rect: QRectF, by: float) -> QRectF:
    return rect.adjusted(-by, -by, by, by)
