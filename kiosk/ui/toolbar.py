"""The tool bar, it stands on every screen: languages and tools, always in the same place.

Its size is that of the widest words of every permitted language, so that it never jumps when the language changes.
Pure. Not for: what a tool does (journeys).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from kiosk.core.pages import Contrast, Look, TextSize, Tool
from kiosk.core.texts import Language, Texts, message
from kiosk.ui.measure import Measure, Style
from kiosk.ui.metrics import Metrics
from kiosk.ui.words import OWN_NAMES

ICONS = {
    Tool.TEXT_SIZE: "text-aa-bold",
    Tool.CONTRAST: "circle-half-bold",
    Tool.REACH: "arrow-fat-lines-down-bold",
    Tool.SPEECH: "speaker-high-bold",
    Tool.HELP: "hand-waving-bold",
    Tool.START_OVER: "arrow-counter-clockwise-bold",
}
TOGGLES = (Tool.TEXT_SIZE, Tool.CONTRAST, Tool.REACH, Tool.SPEECH)
ICON_GAP = 6


@dataclass(frozen=True)
class ToolWords:
    """A tool as drawn and said; `toggle` says it has a state, `on` which."""

    id: str
    label: str
    name: str
    icon: str
    toggle: bool
    on: bool


@dataclass(frozen=True)
class ToolbarPlan:
    """Columns and heights; `stacked` puts a tool's icon above its label instead of beside it."""

    languageColumns: int  # noqa: N815 - QML's spelling
    languageHeight: int  # noqa: N815
    languagesRoom: int  # noqa: N815
    toolColumns: int  # noqa: N815
    toolHeight: int  # noqa: N815
    stacked: bool
    height: int


def tools_of(look: Look, offered: Sequence[Tool], texts: Texts, language: Language) -> tuple[ToolWords, ...]:
    """The tools offered on this column, with their state in `look`."""
    on = {
        Tool.TEXT_SIZE: look.size is TextSize.LARGE,
        Tool.CONTRAST: look.contrast is Contrast.HIGH,
        Tool.REACH: look.reach,
        Tool.SPEECH: look.speech,
    }
    return tuple(
        ToolWords(
            tool.value,
            texts.words(message(f"ui.tool.{tool.value}"), language),
            texts.spoken(message(f"ui.tool.{tool.value}"), language),
            ICONS[tool],
            tool in TOGGLES,
            on.get(tool, False),
        )
        for tool in offered
    )


def plan_toolbar(
    languages: Sequence[Language], tools: Sequence[Tool], width: int, m: Metrics, texts: Texts, measure: Measure
) -> ToolbarPlan:
    """The lowest toolbar in which every word of every permitted language stays whole."""
    labels = [texts.words(message(f"ui.tool.{tool.value}"), code) for code in languages for tool in tools]
    language_columns, language_height = _languages(languages, width, m, measure)
    rows = ceil(len(languages) / language_columns) if len(languages) > 1 else 0
    room = rows * language_height + max(rows - 1, 0) * m.toolbarGap
    height, columns, tool_height, stacked = min(_tool_grids(labels, len(tools), width, m, measure))
    total = room + (m.toolbarGap if room else 0) + height
    return ToolbarPlan(language_columns, language_height, room, columns, tool_height, stacked, total)


def _languages(languages: Sequence[Language], width: int, m: Metrics, measure: Measure) -> tuple[int, int]:
    style = Style(m.body, 600, m.titleLeading)
    widest = max(measure.widest(OWN_NAMES[code], style) for code in languages)
    wanted = (len(languages), 2, 1) if m.portrait else (1,)
    columns = next((c for c in wanted if _cell(width, c, m.toolbarGap) >= widest + 16), 1)
    return columns, max(m.language, m.target)


def _tool_grids(
    labels: Sequence[str], count: int, width: int, m: Metrics, measure: Measure
) -> Iterator[tuple[int, int, int, bool]]:
    style = Style(m.label, 600, m.titleLeading)
    widest = max(measure.widest(label, style) for label in labels)
    for columns in (count, 3, 2, 1) if m.portrait else (2, 1):
        for stacked in (True, False):
            room = tool_room(m, _cell(width, columns, m.toolbarGap), stacked)
            if room < widest and columns > 1:
                continue
            text = max(measure.height(label, style, room) for label in labels)
            inner = text + m.toolIcon + ICON_GAP if stacked else max(text, m.toolIcon)
            height = max(inner + 2 * m.toolPad, m.target)
            rows = ceil(count / columns)
            yield rows * height + (rows - 1) * m.toolbarGap, columns, height, stacked


def tool_room(m: Metrics, cell: int, stacked: bool) -> int:
    """Width for a tool's words in a cell."""
    return cell - 12 if stacked else cell - m.toolIcon - 3 * m.toolPad


def _cell(width: int, columns: int, gap: int) -> int:
    return (width - (columns - 1) * gap) // columns
