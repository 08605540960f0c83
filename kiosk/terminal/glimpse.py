"""What somebody sees of a page at a glance, and what they can do: small enough to pass from one process to another.

Not for: drawing (`draw`), or what to do next (`kiosk.demo.person`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from kiosk.core.pages import (
    CardPage,
    Chosen,
    Input,
    Keyed,
    PinPage,
    Tool,
    ToolUsed,
    Touched,
    Typed,
    View,
    Weight,
    WentBack,
)
from kiosk.core.texts import Texts
from kiosk.terminal.moment import moment, top


@dataclass(frozen=True)
class Glimpse:
    """A page at a glance.

    Attributes:
        serial: of the view; an answer names it.
        moment: see `kiosk.terminal.moment`.
        kind: of the page.
        title: its words.
        options: ids, in order.
        primary: those among them that ask to be taken.
        picture: of a card page, or "".
        missing: digits a keypad still wants, or 0.
    """

    serial: int
    moment: str
    kind: str
    title: str
    language: str
    options: tuple[str, ...] = ()
    primary: tuple[str, ...] = ()
    back: bool = False
    picture: str = ""
    missing: int = 0

    @staticmethod
    def of(view: View, texts: Texts) -> Glimpse:
        """What of a view can be seen at a glance."""
        page = top(view)
        return Glimpse(
            view.serial,
            moment(view),
            page.kind,
            texts.spoken(page.title, view.language),
            view.language,
            tuple(option.id for option in page.options),
            tuple(option.id for option in page.options if option.weight is Weight.PRIMARY),
            page.back,
            page.picture.value if isinstance(page, CardPage) else "",
            max(0, page.least - page.entered) if isinstance(page, PinPage) else 0,
        )

    @staticmethod
    def read(plain: Mapping[str, object]) -> Glimpse:
        """From `plain`; raises TypeError for another shape."""
        listed = {name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()}
        return Glimpse(**listed)  # type: ignore[arg-type]

    def plain(self) -> dict[str, object]:
        """As JSON can hold it."""
        return asdict(self)


@dataclass(frozen=True)
class Act:
    """One thing a person does: a verb of visit files and its words.

    Attributes:
        verb: "touch", "type", "key", "back" or "tool".
    """

    verb: str
    words: tuple[str, ...] = field(default=())

    def as_input(self, serial: int) -> Input:
        """The same as an answer to the view with that serial; something senseless is a touch beside everything."""
        match self.verb, self.words:
            case "touch", (option,):
                return Chosen(serial, option)
            case "type", (text,):
                return Typed(serial, text)
            case "key", (keys,):
                return Keyed(serial, keys)
            case "back", ():
                return WentBack(serial)
            case "tool", (name, *rest) if name in {tool.value for tool in Tool}:
                return ToolUsed(Tool(name), rest[0] if rest else "")
            case _:
                return Touched()

    @staticmethod
    def of(given: Input) -> Act | None:
        """What was done, or None for a touch that chose nothing."""
        match given:
            case Chosen(_, option):
                return Act("touch", (option,))
            case Typed(_, text):
                return Act("type", (text,))
            case Keyed(_, keys):
                return Act("key", (keys,))
            case WentBack():
                return Act("back")
            case ToolUsed(tool, argument):
                return Act("tool", (tool.value, argument) if argument else (tool.value,))
            case _:
                return None
