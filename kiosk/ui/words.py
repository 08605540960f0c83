"""A page turned into words of one language: what QML draws and the voice reads.

Pure. A `View` holds keys; here they become sentences through `Texts`, so a language switch is a new `PageWords` and
nothing else. Not for: sizes and places (`planning`, `flow`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.core.pages import (
    CardPage,
    Fact,
    MeasurePage,
    MenuPage,
    NoticePage,
    Option,
    Page,
    PinPage,
    SearchPage,
    Section,
    SheetPage,
    StepPage,
    TicketPage,
    Tone,
    Weight,
    WelcomePage,
)
from kiosk.core.texts import Language, Text, Texts, message

OWN_NAMES: dict[Language, str] = {"nl": "Nederlands", "fr": "Français", "en": "English", "de": "Deutsch"}
"""Languages in their own words; never flags."""

TONE_ICONS = {
    Tone.PLAIN: "info",
    Tone.SUCCESS: "check-circle",
    Tone.WARNING: "warning",
    Tone.DANGER: "warning-circle",
}


@dataclass(frozen=True)
class OptionWords:
    """An option as drawn (`label`, `hint`) and as said (`name`, `description`); `place` is its place on the page."""

    id: str
    label: str
    hint: str
    icon: str
    weight: str
    name: str
    description: str
    place: int = 0


@dataclass(frozen=True)
class FactWords:
    """A labelled fact in words; `said` stands for a private value wherever somebody may hear it, else it is empty.

    Attributes:
        language: of the value; "" is that of the page.
    """

    label: str
    value: str
    icon: str
    said: str = ""
    language: Language = ""


@dataclass(frozen=True)
class SectionWords:
    """A headed part in words."""

    heading: str
    items: tuple[str, ...]
    icon: str
    bulleted: bool


@dataclass(frozen=True)
class PageWords:
    """Everything any kind of page may draw; what a kind does not have is empty.

    Attributes:
        news: a sentence with the tone of the page: what is wrong with a card, what became of a PIN.
        picture: which picture of card and reader; `picture_name` says what can be seen on it.
        progress: `done` of `of` in words; empty where nothing is counted.
        entered: how many digits there are, in words; `count` as a number. The digits themselves are not known here.
        enough: whether there are enough of them for the next action.
        unsaid: what only the voice says of a keypad.
        marked: whether there is a mark to be touched, at `mark_x` and `mark_y` thousandths of the screen.
        ruler_mm: length of a line to measure; 0 draws none.
    """

    kind: str
    title: str
    name: str
    subtitle: str
    back: bool
    options: tuple[OptionWords, ...]
    group: str = ""
    notices: tuple[str, ...] = ()
    query: str = ""
    empty: str = ""
    facts: tuple[FactWords, ...] = ()
    sections: tuple[SectionWords, ...] = ()
    label: str = ""
    paper: str = ""
    tone: str = Tone.PLAIN.value
    icon: str = ""
    code: str = ""
    code_hint: str = ""
    news: str = ""
    picture: str = ""
    picture_name: str = ""
    done: int = 0
    of: int = 0
    progress: str = ""
    entered: str = ""
    count: int = 0
    enough: bool = True
    field_name: str = ""
    unsaid: str = ""
    marked: bool = False
    mark_x: int = 0
    mark_y: int = 0
    ruler_mm: float = 0.0

    def of_weight(self, *weights: Weight) -> tuple[OptionWords, ...]:
        """The options of these weights, in their order."""
        wanted = {weight.value for weight in weights}
        return tuple(option for option in self.options if option.weight in wanted)

    @property
    def loose(self) -> tuple[OptionWords, ...]:
        """Options that are no tiles of a menu and no results of a search."""
        if self.kind in (MenuPage.kind, WelcomePage.kind):
            return ()
        return self.of_weight(Weight.QUIET) if self.kind == SearchPage.kind else self.options

    @property
    def lead(self) -> OptionWords | None:
        """The option that stands bottom right: the first primary one; of a search the first quiet one.

        A page that waits for a card has no next action on screen; its only way on stands there, without being filled.
        """
        weight = Weight.QUIET if self.kind == SearchPage.kind else Weight.PRIMARY
        first = next((option for option in self.loose if option.weight == weight.value), None)
        only = self.loose[0] if self.kind == CardPage.kind and len(self.loose) == 1 else None
        return first or only

    @property
    def second(self) -> OptionWords | None:
        """The option that stands bottom left where there is no Back, when it is the only other one."""
        others = [option for option in self.loose if option is not self.lead]
        return others[0] if not self.back and self.lead and len(others) == 1 else None


class Wording:
    """Renders pages in one language."""

    def __init__(self, texts: Texts, language: Language) -> None:
        self._texts, self._language = texts, language

    def words(self, text: Text | None) -> str:
        """The words of `text`, or nothing for None."""
        return "" if text is None else self._texts.words(text, self._language)

    def spoken(self, text: Text | None) -> str:
        """The same for voice and accessible names."""
        return "" if text is None else self._texts.spoken(text, self._language)

    def page(self, page: Page) -> PageWords:
        """All words of `page`."""
        base = PageWords(
            kind=page.kind,
            title=self.words(page.title),
            name=self.spoken(page.title),
            subtitle=self.words(page.subtitle),
            back=page.back,
            options=tuple(self.option(option, place) for place, option in enumerate(page.options)),
        )
        return self._with_own(base, page)

    def option(self, option: Option, place: int = 0) -> OptionWords:
        """The words of one option."""
        return OptionWords(
            option.id,
            self.words(option.label),
            self.words(option.hint),
            option.icon or "",
            option.weight.value,
            self.spoken(option.label),
            self.spoken(option.hint),
            place,
        )

    def facts(self, facts: tuple[Fact, ...]) -> tuple[FactWords, ...]:
        """The words of labelled facts."""
        unheard = self._own("private")
        return tuple(
            FactWords(
                self.words(f.label), self.words(f.value), f.icon or "info", unheard if f.private else "", f.language
            )
            for f in facts
        )

    def sections(self, sections: tuple[Section, ...]) -> tuple[SectionWords, ...]:
        """The words of headed parts."""
        return tuple(
            SectionWords(self.words(s.heading), tuple(map(self.words, s.items)), s.icon or "list-bullets", s.bulleted)
            for s in sections
        )

    def _with_own(self, words: PageWords, page: Page) -> PageWords:
        """`words` with what only this kind of page has."""
        match page:
            case WelcomePage():
                return replace(words, notices=tuple(map(self.words, page.notices)))
            case MenuPage():
                return replace(words, group=self.words(page.group))
            case SearchPage():
                icon = "note-pencil" if page.field else "magnifying-glass"
                field, empty = self.words(page.field), self.words(page.empty)
                return replace(words, query=page.query, empty=empty, field_name=field, icon=icon)
            case SheetPage():
                return replace(words, facts=self.facts(page.facts), sections=self.sections(page.sections))
            case NoticePage():
                icon = page.icon or TONE_ICONS[page.tone]
                return replace(words, facts=self.facts(page.facts), tone=page.tone.value, icon=icon)
            case _:
                return self._with_picture(words, page)

    def _with_picture(self, words: PageWords, page: Page) -> PageWords:
        """The same of pages that show more than words."""
        match page:
            case TicketPage():
                return self._ticket(words, page)
            case CardPage():
                return self._card(words, page)
            case StepPage():
                return self._step(words, page)
            case PinPage():
                return self._pin(words, page)
            case MeasurePage(mark=mark):
                across, down = mark or (0, 0)
                return replace(words, marked=mark is not None, mark_x=across, mark_y=down, ruler_mm=page.ruler_mm)
            case _:
                return words

    def _card(self, words: PageWords, page: CardPage) -> PageWords:
        plain = page.tone is Tone.PLAIN
        return replace(
            words,
            subtitle=words.subtitle if plain else "",
            news="" if plain else words.subtitle,
            tone=page.tone.value,
            icon=TONE_ICONS[page.tone],
            sections=self.sections(page.sections),
            picture=page.picture.value,
            picture_name=self._own(f"card.{page.picture.value}"),
            done=page.done,
            of=page.of,
            progress=self._own("card.progress", done=page.done, of=page.of) if page.of else "",
        )

    def _step(self, words: PageWords, page: StepPage) -> PageWords:
        plain = page.tone is Tone.PLAIN
        return replace(
            words,
            subtitle=words.subtitle if plain else "",
            news="" if plain else words.subtitle,
            tone=page.tone.value,
            icon=TONE_ICONS[page.tone],
            picture=page.picture.value,
            picture_name=self._own(f"paper.{page.picture.value}"),
            done=page.done,
            of=page.of,
            progress=self._own("paper.progress", done=page.done, of=page.of) if page.of else "",
        )

    def _pin(self, words: PageWords, page: PinPage) -> PageWords:
        return replace(
            words,
            news=self.words(page.news),
            tone=page.tone.value,
            icon=TONE_ICONS[page.tone],
            entered=self._own("pin.entered", count=page.entered),
            count=page.entered,
            enough=page.entered >= page.least,
            field_name=self._own("pin.field"),
            unsaid=self._own("pin.unsaid"),
        )

    def _own(self, key: str, **data: int) -> str:
        """Words of the screen itself."""
        return self._texts.words(message(f"ui.{key}", **data), self._language)

    def _ticket(self, words: PageWords, page: TicketPage) -> PageWords:
        return replace(
            words,
            label=page.label,
            facts=self.facts(page.facts),
            paper=self.words(page.paper),
            tone=page.paper_tone.value,
            icon="printer" if page.paper_tone is Tone.PLAIN else TONE_ICONS[page.paper_tone],
            code=page.code or "",
            code_hint=self.words(page.code_hint),
        )
