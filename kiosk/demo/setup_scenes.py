"""Every page of `zuil setup`, taken from the real story over a told bench: what the technician does, page by page.

Not for: drawing them (`kiosk.demo.shots`, `tests.ui`) or what the bench answers (`told_bench`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from kiosk.core.pages import Chosen, Input, NoticePage, Page, Tool, ToolUsed, Typed, View, WentBack
from kiosk.core.texts import Language, Message, Texts
from kiosk.demo.told_bench import LEFT, MUCH, NOTHING, ToldBench
from kiosk.paths import DEMO_SITE
from kiosk.setup.pages import AGAIN, DONE, GO, OTHER, SAME, TYPE, WRITE, plain
from kiosk.setup.story import Story
from kiosk.setup.touch import MARKS
from kiosk.setup.trials import Panel

BACKOFFICE = "https://backoffice.example"
PANEL = Panel(1080, 1920, 24.0)
PLACE = "/etc/zuil"
"""Where the pictures say the file is; the story writes in a folder that is thrown away."""

Answer = Callable[[int], Input]


@dataclass(frozen=True)
class Turn:
    """One page that waits, and what the technician does.

    Attributes:
        name: of the page, to be kept by it; "" when it was seen before.
    """

    name: str
    answer: Answer


def choose(option: str, name: str = "") -> Turn:
    """Choose an option."""
    return Turn(name, partial(Chosen, option=option))


def types(text: str, name: str = "") -> Turn:
    """Fill the field, or touch beside a mark."""
    return Turn(name, partial(Typed, text=text))


def back(name: str = "") -> Turn:
    """Go back."""
    return Turn(name, WentBack)


def leave() -> Turn:
    """Give it up."""
    return Turn("", lambda _: ToolUsed(Tool.START_OVER))


def _fills(asked: str, text: str) -> tuple[Turn, ...]:
    """A field while it is empty and when it is full."""
    return types(text, f"{asked}-empty"), choose(GO, asked)


def _tries(name: str, *between: Turn, end: str = GO) -> tuple[Turn, ...]:
    return choose(GO, f"trial-{name}"), *between, choose(end, f"tried-{name}")


_ANSWERS = (
    choose(AGAIN, "found-nothing"),
    choose(GO, "found"),
    *_fills("ask-name", "Zuil 9"),
    choose(GO, "wrong"),
    types("zuil-9", "ask-name-wrong"),
    choose(GO),
    *_fills("ask-site", "site"),
    choose("districtshuis", "ask-place"),
    choose("HDMI-A-1.portrait", "ask-screen"),
    *_fills("ask-diagonal", "24"),
    choose(TYPE, "ask-printer"),
    *_fills("ask-printer-typed", "192.0.2.40"),
    choose(GO, "wrong-printer"),
    back(),
    choose("printer_2"),
    choose("generic-80mm", "ask-profile"),
    choose("sheets_1", "ask-sheets"),
    choose("any", "ask-reader"),
    choose(TYPE, "ask-trust"),
    *_fills("ask-trust-typed", "roots.pem"),
    choose(GO),
    back(),
    choose("no_trust"),
    choose(TYPE, "ask-terminal"),
    # A practice site takes no other terminal.
    *_fills("ask-terminal-typed", "zvt+tcp://127.0.0.1:20007"),
    choose(TYPE, "ask-backoffice"),
    *_fills("ask-backoffice-typed", BACKOFFICE),
)
_TRIALS = (
    *_tries("paper", choose("yes", "right-paper")),
    *_tries("sheet"),
    *_tries("card"),
    *_tries("terminal"),
    *_tries("voice", choose("no", "right-voice")),
    *_tries("touch", *(types("1.5 -2.0", f"mark-{at}") for at in range(1, len(MARKS) + 1))),
    *_tries("size", choose(OTHER, "ruler"), *_fills("ask-length", "80")),
    *_tries("clock", choose("yes", "right-clock")),
)
_CODE = _fills("ask-code", "7K3M-9QXA-B")
_JOIN = (
    *_CODE,
    choose(OTHER, "check"),
    choose(GO, "not-joined"),
    *_CODE,
    choose(SAME),
)
_SAME = (
    choose(GO),
    choose(WRITE, "hub-known"),
    choose(WRITE, "nothing"),
    *_CODE,
    choose(SAME),
    choose(GO, "no-numbers"),
    choose(DONE),
)
_ALONE = (
    choose(GO),
    choose("ask_backoffice"),
    choose("alone"),
    choose(WRITE, "hub-one"),
    choose(WRITE, "review-one"),
    choose(DONE, "finished-well"),
)
_REFUSED = (
    choose(GO),
    choose("ask_terminal"),
    choose("serial_1"),
    choose(WRITE),
    choose(WRITE),
    choose(GO, "not-written"),
    leave(),
)
"""A practice site takes no terminal that charges."""
_WRITE = (choose(WRITE, "hub"), choose(WRITE, "review"))


@dataclass(frozen=True)
class Scene:
    """One story.

    Attributes:
        file: makes the settings file that is there before, from the one the first story wrote.
    """

    turns: Sequence[Turn]
    bench: Callable[[], ToldBench] = ToldBench
    file: Callable[[str], str] = str


SCENES = (
    Scene(
        (*_ANSWERS, *_TRIALS, *_WRITE, *_JOIN, choose(DONE, "finished-but")),
        lambda: ToldBench([NOTHING, MUCH], findings=LEFT),
        lambda _: '[speech]\nprogram = "espeak-ng"\n',
    ),
    Scene(_SAME, lambda: ToldBench(numbers=None)),
    Scene(_ALONE),
    Scene((choose(DONE, "unreadable"),), file=lambda _: "[screen]\nwidth_px = wide\n"),
    Scene(_REFUSED),
)


class Watched:
    """A screen with a technician before it who keeps what they see.

    Attributes:
        pages: by name; one that takes no answer by the key of its title.
        left: turns that are still to come.
    """

    def __init__(self, turns: Sequence[Turn], folder: Path) -> None:
        self.pages: dict[str, Page] = {}
        self.left = list(turns)
        self._folder = folder
        self._view: View | None = None

    def show(self, view: View) -> None:
        """See the port."""
        self._view = view
        page = view.page
        if not page.options and not page.back and isinstance(page.title, Message):
            self._keep(page.title.key.removeprefix("setup.").replace("_", "-"), page)

    async def read(self) -> Input:
        """The next turn; a story that goes on longer than its turns is a mistake in them."""
        if self._view is None or not self.left:
            raise RuntimeError(f"no turn for {self._view and self._view.page}")
        turn = self.left.pop(0)
        if turn.name:
            self._keep(turn.name, self._view.page)
        answer = turn.answer(self._view.serial)
        if isinstance(answer, Chosen) and self._view.page.option(answer.option) is None:
            raise RuntimeError(f"{turn} is no answer to {self._view.page}")
        return answer

    def on_knock(self, listener: Callable[[], None]) -> None:
        """Nobody knocks."""

    def _keep(self, name: str, page: Page) -> None:
        self.pages.setdefault(f"setup-{name}", _placed(page, str(self._folder)))


def _placed(page: Page, folder: str) -> Page:
    """With the place of a packaged column where the machine's own words name the folder that is thrown away."""
    if not isinstance(page, NoticePage):
        return page
    facts = tuple(
        replace(fact, value=plain(str(fact.value.data["text"]).replace(folder, PLACE)))
        if isinstance(fact.value, Message) and fact.value.key == "plain"
        else fact
        for fact in page.facts
    )
    return replace(page, facts=facts)


async def setup_pages(texts: Texts, language: Language, at: datetime) -> dict[str, Page]:
    """Every page of setup by name, each as it first came.

    Args:
        at: what the machine's clock says.
    """
    pages: dict[str, Page] = {}
    written = ""
    for scene in SCENES:
        with _column(scene.file(written)) as settings:
            screen = Watched((choose(language, "language"), *scene.turns), settings.parent)
            await Story(screen, scene.bench(), settings, texts, PANEL, lambda: at).play()
            if screen.left:
                raise RuntimeError(f"the story ended before {screen.left[0]}")
            for name, page in screen.pages.items():
                pages.setdefault(name, page)
            written = written or settings.read_text(encoding="utf-8")
    return pages


@contextmanager
def _column(text: str) -> Iterator[Path]:
    """A folder with a settings file and the municipality's data beside it."""
    with tempfile.TemporaryDirectory(prefix="zuil-setup-") as folder:
        (Path(folder) / "site").symlink_to(DEMO_SITE.resolve())
        settings = Path(folder) / "zuil.toml"
        settings.write_text(text, encoding="utf-8")
        yield settings
