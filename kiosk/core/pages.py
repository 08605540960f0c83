"""What a screen is asked to show, and what a person can answer: the whole language between journeys and screens.

A page is data: keys and values, no pixels, no words of one language, no callbacks. Each kind of page is a frozen
dataclass; a screen (Qt Quick, text terminal, script) draws the kinds it is given and hands back inputs. Not for:
deciding what comes next; that is the journey's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import ClassVar, assert_never

from kiosk.core.texts import Language, Text


class Weight(Enum):
    """How strongly an option asks to be taken."""

    PRIMARY = "primary"
    """The next thing to do; at most two a page."""
    NORMAL = "normal"
    QUIET = "quiet"


@dataclass(frozen=True)
class Option:
    """One thing a person can choose on a page.

    Attributes:
        id: stable name, unique on its page; scripts, tests and accessible tools find the option by it.
        label: what it says, a verb where it acts.
        hint: one short line below the label, or None.
        icon: file name in `assets/icons` without its ending, or None.
    """

    id: str
    label: Text
    hint: Text | None = None
    icon: str | None = None
    weight: Weight = Weight.NORMAL


@dataclass(frozen=True)
class Fact:
    """A labelled fact: "Cost: 25 euro". `icon` as in `Option`.

    Attributes:
        private: shown, and never said aloud where others may hear it (EN 301 549, 5.1.3.8).
        language: of the value, where somebody typed it in one language for all; "" is that of the page.
    """

    label: Text
    value: Text
    icon: str | None = None
    private: bool = False
    language: Language = ""


@dataclass(frozen=True)
class Section:
    """A headed part of a sheet; `items` are list points, or paragraphs when `bulleted` is false."""

    heading: Text
    items: tuple[Text, ...]
    icon: str | None = None
    bulleted: bool = True


class Tone(Enum):
    """What kind of news a page or a line brings; shape and words carry it beside the colour."""

    PLAIN = "plain"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True)
class Page:
    """What every page has.

    Attributes:
        title: the one heading.
        subtitle: one sentence below the heading, or None.
        options: what can be chosen, in reading and focus order.
        back: whether Back leads to exactly the page before; false after a commit point.
    """

    kind: ClassVar[str] = "page"

    title: Text
    subtitle: Text | None = None
    options: tuple[Option, ...] = ()
    back: bool = True

    def option(self, id: str) -> Option | None:
        """The option of that id, or None."""
        return next((option for option in self.options if option.id == id), None)


@dataclass(frozen=True)
class WelcomePage(Page):
    """The attract screen: one option a language, each in that language (`Option.label` is a `Localized`
    whose every value is the language's own name), plus a notice line for what works today.

    Attributes:
        notices: facts worth knowing before starting (practice mark, counters closed, printer out of paper).
    """

    kind: ClassVar[str] = "welcome"
    notices: tuple[Text, ...] = ()


@dataclass(frozen=True)
class MenuPage(Page):
    """Options as tiles: primary ones large on top, the others in a grid below `group`.

    Attributes:
        group: heading above the grid, or None.
    """

    kind: ClassVar[str] = "menu"
    group: Text | None = None


@dataclass(frozen=True)
class SearchPage(Page):
    """A field, the on-screen keyboard and the services found so far (in `options`).

    Attributes:
        query: what was typed so far; plain text of the citizen.
        empty: what to say when nothing was found; it offers a way on, never a dead end.
        field: what the field is called where it is not a question about a service.
    """

    kind: ClassVar[str] = "search"
    query: str = ""
    empty: Text | None = None
    field: Text | None = None


@dataclass(frozen=True)
class SheetPage(Page):
    """One service: what it is, what to bring, cost, where; its ways on are the options.

    Attributes:
        facts: short labelled facts (cost, audience, waiting).
        sections: headed parts.
    """

    kind: ClassVar[str] = "sheet"
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class TicketPage(Page):
    """The number, large, and what really happened to the paper.

    Attributes:
        label: the queue number as printed, for example `A042` or `A007-K3`; read letter by letter.
        facts: people ahead, place to wait.
        paper: one sentence on the paper and what to do.
        paper_tone: success when confirmed, plain while printing, warning when unknown or failed.
        code: text of the QR code, or None when a code would lead nowhere.
        code_hint: what scanning the code gives.
    """

    kind: ClassVar[str] = "ticket"
    label: str = ""
    facts: tuple[Fact, ...] = ()
    paper: Text | None = None
    paper_tone: Tone = Tone.PLAIN
    code: str | None = None
    code_hint: Text | None = None


@dataclass(frozen=True)
class NoticePage(Page):
    """One piece of news with its tone: host called, out of service, something went wrong.

    Attributes:
        facts: exact data that helps on: telephone, address, opening hours.
    """

    kind: ClassVar[str] = "notice"
    tone: Tone = Tone.PLAIN
    icon: str | None = None
    facts: tuple[Fact, ...] = ()


class CardPicture(Enum):
    """What the picture of card and reader shows."""

    INSERT = "insert"
    """An arrow: put the card in, chip first."""
    TURN = "turn"
    """The card is in and cannot be read: take it out and turn it."""
    READING = "reading"
    """The card is in and stays in."""
    TAKE = "take"
    """An arrow: take the card out. This picture also rings."""


@dataclass(frozen=True)
class CardPage(Page):
    """Card and reader as a picture, and what the card is needed for.

    Attributes:
        picture: what to do with the card.
        tone: WARNING when something about the card is wrong; the sentence is the subtitle.
        sections: what is read, what is not, and why.
        done: parts ready, for a row of `of` steps.
        of: 0 draws no progress.
    """

    kind: ClassVar[str] = "card"
    picture: CardPicture = CardPicture.INSERT
    tone: Tone = Tone.PLAIN
    sections: tuple[Section, ...] = ()
    done: int = 0
    of: int = 0


class PaperPicture(Enum):
    """What the picture of the receipt printer shows while its roll is changed."""

    OPEN = "open"
    """An arrow: lift the cover."""
    OLD_OUT = "old_out"
    """An arrow out of it: take the old roll."""
    NEW_IN = "new_in"
    """An arrow into it: lay the new roll in."""
    CLOSE = "close"
    """An arrow: press the cover down."""
    TEST = "test"
    """A paper on its way out."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class StepPage(Page):
    """The receipt printer as a picture, and one thing to do with it.

    Attributes:
        tone: DANGER when it failed.
        done: steps ready, for a row of `of` steps; 0 draws none.
    """

    kind: ClassVar[str] = "step"
    picture: PaperPicture = PaperPicture.OPEN
    tone: Tone = Tone.PLAIN
    done: int = 0
    of: int = 0


@dataclass(frozen=True)
class PinPage(Page):
    """A keypad for a PIN. The page only knows how many digits there are.

    Attributes:
        entered: digits so far, drawn as dots.
        least: digits from which the first primary option makes sense.
        most: no more are taken.
        news: one sentence on the last entry or on the tries left, or None.
        tone: of `news`.
    """

    kind: ClassVar[str] = "pin"
    entered: int = 0
    least: int = 4
    most: int = 12
    news: Text | None = None
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class MeasurePage(Page):
    """The screen itself is measured, for technicians: a mark to be touched, or a line to hold a ruler against.

    A touch is answered with `Typed`: how far from the mark, millimetres across and down, like `1.5 -0.3`.

    Attributes:
        mark: place of the mark in thousandths of the whole screen, across and down; None draws none.
        ruler_mm: length of the line in millimetres; 0 draws none.
    """

    kind: ClassVar[str] = "measure"
    mark: tuple[int, int] | None = None
    ruler_mm: float = 0.0


class TextSize(Enum):
    """Two sizes of text; LARGE gives capitals of 0.7 degrees at 600 mm (EN 301 549, 5.1.4)."""

    NORMAL = "normal"
    LARGE = "large"


class Contrast(Enum):
    """Two colour schemes, both with every text at 7:1 or better."""

    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True)
class Look:
    """How this visit wants to see and hear; falls back to the default for the next person.

    Attributes:
        reach: true puts everything touchable in the lower part of the screen.
        speech: true reads the page and each focused item aloud.
    """

    size: TextSize = TextSize.NORMAL
    contrast: Contrast = Contrast.NORMAL
    reach: bool = False
    speech: bool = False


@dataclass(frozen=True)
class Overlay:
    """A question laid over the page: idle warning, host called. Its page takes every input while it is there.

    Attributes:
        page: the notice and its options.
        seconds_left: whole seconds until it acts by itself, or None when it waits.
    """

    page: NoticePage
    seconds_left: int | None = None


@dataclass(frozen=True)
class View:
    """Everything a screen draws at one moment.

    Attributes:
        serial: rises with every new page; an input for an older serial is stale (a double tap) and ignored.
        language: the one language of everything on screen.
        languages: what the citizen may switch to, in the order of the site's language profile.
    """

    serial: int
    page: Page
    language: Language
    languages: tuple[Language, ...]
    look: Look = field(default_factory=Look)
    overlay: Overlay | None = None


class Tool(Enum):
    """What stands in the same place on every screen. The value is also its text key's last part."""

    LANGUAGE = "language"
    TEXT_SIZE = "text_size"
    CONTRAST = "contrast"
    REACH = "reach"
    SPEECH = "speech"
    HELP = "help"
    START_OVER = "start_over"


def adjusted(look: Look, tool: Tool) -> Look:
    """The look after a tool was used; tools that are not about looks leave it as it is."""
    match tool:
        case Tool.TEXT_SIZE:
            return replace(look, size=TextSize.LARGE if look.size is TextSize.NORMAL else TextSize.NORMAL)
        case Tool.CONTRAST:
            return replace(look, contrast=Contrast.HIGH if look.contrast is Contrast.NORMAL else Contrast.NORMAL)
        case Tool.REACH:
            return replace(look, reach=not look.reach)
        case Tool.SPEECH:
            return replace(look, speech=not look.speech)
        case Tool.LANGUAGE | Tool.HELP | Tool.START_OVER:
            return look
        case _:
            assert_never(tool)


@dataclass(frozen=True)
class Chosen:
    """An option of the page (or of its overlay) was chosen."""

    serial: int
    option: str


@dataclass(frozen=True)
class Typed:
    """The text of a field changed to `text`, whole."""

    serial: int
    text: str


ERASE, CLEAR = "<", "x"
"""Keys of a keypad that are no digit: the last digit, all digits."""


@dataclass(frozen=True)
class Keyed:
    """Keys of a keypad were pressed, usually one: digits, `ERASE` or `CLEAR`. They show in no log."""

    serial: int
    keys: str = field(repr=False)


@dataclass(frozen=True)
class WentBack:
    """Back was chosen."""

    serial: int


@dataclass(frozen=True)
class ToolUsed:
    """A tool was used; `argument` is the language code for LANGUAGE, else empty."""

    tool: Tool
    argument: str = ""


@dataclass(frozen=True)
class Touched:
    """Somebody is there: a touch or key that chose nothing; it only keeps the visit awake."""


Input = Chosen | Typed | Keyed | WentBack | ToolUsed | Touched
"""Everything a person can do to a screen."""
