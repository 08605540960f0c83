"""A view as lines of plain text, in the view's language: what a terminal prints and what a script reads.

Everything a page says is here, in reading order. Options are numbered from 1; beside a keypad, where digits are the
PIN, they have letters. Not for: input.
"""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.core.pages import (
    CardPage,
    Fact,
    MeasurePage,
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
    View,
    WelcomePage,
)
from kiosk.core.texts import Language, Text, Texts, message


def option_marks(page: Page) -> list[str]:
    """What is typed for each option of a page: numbers, or letters beside a keypad."""
    if isinstance(page, PinPage):
        return [chr(ord("a") + at) for at in range(len(page.options))]
    return [str(at) for at in range(1, len(page.options) + 1)]


class Drawing:
    """Draws views.

    Args:
        texts: turns texts into words.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def lines(self, view: View) -> list[str]:
        """Every line of a view: the page, or the notice laid over it."""
        page: Page = view.overlay.page if view.overlay else view.page
        lines = [*self._head(page, view.language), *self._body(page, view.language)]
        return [*lines, *self._options(page, view.language)]

    def option_words(self, option: Option, language: Language) -> str:
        """What an option says, without its hint."""
        return self._texts.spoken(option.label, language)

    def _say(self, text: Text, language: Language) -> str:
        return self._texts.spoken(text, language)

    def _head(self, page: Page, language: Language) -> Iterator[str]:
        yield f"== {self._say(page.title, language)} =="
        if page.subtitle:
            mark = _mark(page.tone) if isinstance(page, CardPage | StepPage) else ""
            yield mark + self._say(page.subtitle, language)

    def _body(self, page: Page, language: Language) -> Iterator[str]:
        match page:
            case WelcomePage():
                yield from (f"! {self._say(notice, language)}" for notice in page.notices)
            case SearchPage():
                yield f"> {page.query}"
                yield from self._perhaps(page.empty, language)
            case SheetPage():
                yield from self._facts(page.facts, language)
                yield from self._sections(page.sections, language)
            case TicketPage():
                if page.label:
                    yield f"   {page.label}"
                yield from self._facts(page.facts, language)
                yield from self._perhaps(page.paper, language)
                yield from (f"({page.code})",) if page.code and not page.label else ()
            case NoticePage():
                yield from self._facts(page.facts, language)
            case CardPage() | StepPage():
                yield from self._picture(page, language)
            case MeasurePage():
                yield self._say(message("ui.measure"), language)
            case PinPage():
                yield self._say(message("ui.pin.entered", count=page.entered), language)
                yield from (_mark(page.tone) + news for news in self._perhaps(page.news, language))

    def _perhaps(self, text: Text | None, language: Language) -> Iterator[str]:
        if text:
            yield self._say(text, language)

    def _picture(self, page: CardPage | StepPage, language: Language) -> Iterator[str]:
        """The picture in words, how far it is, and what is read."""
        kind = "card" if isinstance(page, CardPage) else "paper"
        yield f"({self._say(message(f'ui.{kind}.{page.picture.value}'), language)})"
        if page.of:
            yield self._say(message(f"ui.{kind}.progress", done=page.done, of=page.of), language)
        if isinstance(page, CardPage):
            yield from self._sections(page.sections, language)

    def _facts(self, facts: tuple[Fact, ...], language: Language) -> Iterator[str]:
        for fact in facts:
            yield f"{self._say(fact.label, language)}: {self._say(fact.value, language)}"

    def _sections(self, sections: tuple[Section, ...], language: Language) -> Iterator[str]:
        for section in sections:
            yield f"-- {self._say(section.heading, language)}"
            mark = "* " if section.bulleted else ""
            yield from (f"   {mark}{self._say(item, language)}" for item in section.items)

    def _options(self, page: Page, language: Language) -> Iterator[str]:
        for mark, option in zip(option_marks(page), page.options, strict=True):
            hint = f"  ({self._say(option.hint, language)})" if option.hint else ""
            yield f"[{mark}] {self.option_words(option, language)}{hint}"


def _mark(tone: Tone) -> str:
    return "! " if tone in (Tone.WARNING, Tone.DANGER) else ""
