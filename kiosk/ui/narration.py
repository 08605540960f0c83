"""What the voice says: the same page in the same words, as a list of utterances.

Pure. Speech matches what is shown (EN 301 549, 5.1.3.1); numbers of tickets are read sign by sign.

What others must not hear is only said when the voice is known to reach one pair of ears (EN 301 549, 5.1.3.8). Through
a loudspeaker a private fact is its label and where it can be read. Of a PIN the voice then says how many digits there
are and nothing more: not the key that was pressed, and not the key the focus comes to either, because whoever hears
"five" and then "one digit" knows the digit, and whoever counts words between two presses knows it too. So digit keys
are passed in silence, in the order the page told when it appeared; keys that are no digits are named. To a headset all
of it is said, except that a press never repeats its key. Not for: making sound (`speaker`).
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.pages import PinPage, TicketPage, View, WelcomePage
from kiosk.core.texts import Language, Texts, message
from kiosk.ui.measure import SOFT_HYPHEN
from kiosk.ui.words import FactWords, PageWords, Wording


@dataclass(frozen=True)
class Utterance:
    """Words for the voice of one language, without soft hyphens."""

    text: str
    language: Language


def narrate(view: View, texts: Texts, *, private: bool = False) -> tuple[Utterance, ...]:
    """Everything a page says when it appears: heading first, then what there is to read, never the options.

    Args:
        private: whether only the person hears it.
    """
    wording = Wording(texts, view.language)
    if view.overlay is not None:
        words = wording.page(view.overlay.page)
        return _said((words.title, words.subtitle), view.language)
    words = wording.page(view.page)
    unsaid = "" if private else words.unsaid
    head = _said((words.title, words.news, words.subtitle), view.language)
    return (*head, *_matter(words, private, view.language), *_said((unsaid,), view.language))


def seconds_left(view: View, texts: Texts) -> str:
    """The countdown of an overlay in words, or nothing."""
    if view.overlay is None or view.overlay.seconds_left is None:
        return ""
    return texts.words(message("ui.seconds_left", count=view.overlay.seconds_left), view.language)


def entered(view: View, texts: Texts) -> tuple[Utterance, ...]:
    """How many digits of a PIN there are, said after each key; nothing where no PIN is asked."""
    if view.overlay is not None or not isinstance(view.page, PinPage):
        return ()
    return _said((Wording(texts, view.language).page(view.page).entered,), view.language)


def item(name: str, description: str, view: View, *, private: bool = False) -> tuple[Utterance, ...]:
    """What is said when the focus comes to something: name, then description.

    On the attract screen each language's own name is said in that language. Digits of a keypad are named in private.
    """
    if isinstance(view.page, PinPage) and name.isdigit() and not private:
        return ()
    language = view.language
    if isinstance(view.page, WelcomePage) and view.overlay is None:
        own = {option.id.rpartition(".")[2]: option for option in view.page.options}
        language = next((code for code, o in own.items() if code in view.languages and _says(o.label, name)), language)
    return _said((name, description), language)


def spell(label: str) -> str:
    """A ticket number sign by sign: `A042` becomes `A, 0, 4, 2`."""
    return ", ".join(sign for sign in label if sign.isalnum())


def plain(text: str) -> str:
    """Words without soft hyphens."""
    return text.replace(SOFT_HYPHEN, "")


def _matter(words: PageWords, private: bool, language: Language) -> tuple[Utterance, ...]:
    facts = tuple(said for fact in words.facts for said in _fact(fact, private, language))
    sections = tuple(line for section in words.sections for line in (section.heading, *section.items))
    number = (spell(words.label),) if words.kind == TicketPage.kind else ()
    picture = (words.picture_name, words.progress)
    first, last = (*number, words.paper, *picture), (*sections, *words.notices, words.empty, words.code_hint)
    return (*_said(first, language), *facts, *_said(last, language))


def _fact(fact: FactWords, private: bool, language: Language) -> tuple[Utterance, ...]:
    """A fact in one breath; what was typed in another language is said by the voice of that language."""
    heard = _heard(fact, private)
    if fact.language in ("", language):
        return _said((f"{fact.label}: {heard}",), language)
    return (*_said((fact.label,), language), *_said((heard,), fact.language))


def _heard(fact: FactWords, private: bool) -> str:
    return fact.value if private or not fact.said else fact.said


def _said(texts: tuple[str, ...], language: Language) -> tuple[Utterance, ...]:
    return tuple(Utterance(plain(text), language) for text in texts if text)


def _says(label: object, name: str) -> bool:
    values = getattr(label, "values", {})
    return name in [plain(value) for value in values.values()]
