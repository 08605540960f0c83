"""A view as lines of plain text, in the view's language: what a terminal prints and what a script reads.

Everything a page says is here, in reading order; options are numbered from 1. Not for: input.
"""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.core.pages import (
    Fact,
    NoticePage,
    Option,
    Page,
    SearchPage,
    Section,
    SheetPage,
    TicketPage,
    View,
    WelcomePage,
)
from kiosk.core.texts import Language, Text, Texts


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
        options = page.options
        return [*lines, *self._options(options, view.language)]

    def option_words(self, option: Option, language: Language) -> str:
        """What an option says, without its hint."""
        return self._texts.spoken(option.label, language)

    def _say(self, text: Text, language: Language) -> str:
        return self._texts.spoken(text, language)

    def _head(self, page: Page, language: Language) -> Iterator[str]:
        yield f"== {self._say(page.title, language)} =="
        if page.subtitle:
            yield self._say(page.subtitle, language)

    def _body(self, page: Page, language: Language) -> Iterator[str]:
        match page:
            case WelcomePage():
                yield from (f"! {self._say(notice, language)}" for notice in page.notices)
            case SearchPage():
                yield f"> {page.query}"
                if page.empty:
                    yield self._say(page.empty, language)
            case SheetPage():
                yield from self._facts(page.facts, language)
                for section in page.sections:
                    yield from self._section(section, language)
            case TicketPage():
                yield f"   {page.label}"
                yield from self._facts(page.facts, language)
                if page.paper:
                    yield self._say(page.paper, language)
            case NoticePage():
                yield from self._facts(page.facts, language)

    def _facts(self, facts: tuple[Fact, ...], language: Language) -> Iterator[str]:
        for fact in facts:
            yield f"{self._say(fact.label, language)}: {self._say(fact.value, language)}"

    def _section(self, section: Section, language: Language) -> Iterator[str]:
        yield f"-- {self._say(section.heading, language)}"
        mark = "* " if section.bulleted else ""
        yield from (f"   {mark}{self._say(item, language)}" for item in section.items)

    def _options(self, options: tuple[Option, ...], language: Language) -> Iterator[str]:
        for number, option in enumerate(options, start=1):
            hint = f"  ({self._say(option.hint, language)})" if option.hint else ""
            yield f"[{number}] {self.option_words(option, language)}{hint}"
