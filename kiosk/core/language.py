"""Language law: which languages a site may put on screen and paper, and in which order.

The rules are those of the Belgian language law of 18 July 1966 for notices to the public and of the Dutch Awb 2:6.
A site names its regime; a language or an order the regime forbids is refused when the site is loaded, not noticed on
the column. Not for: the language of a visit, which is a fact of the visit and never of a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kiosk.core.texts import LANGUAGES, Language


class Regime(Enum):
    """The language area or exception a site falls under."""

    DUTCH = "dutch"
    """Dutch-language area: Dutch only (art. 11 par. 1)."""
    FRENCH = "french"
    """French-language area: French only."""
    MALMEDY = "malmedy"
    """Malmedy area, where the council decided for both: French and German."""
    GERMAN = "german"
    """German-language area: German and French (art. 11 par. 2)."""
    BORDER = "border"
    """Language-border towns: Dutch and French."""
    RIM = "rim"
    """Six towns around Brussels: Dutch and French, Dutch first (art. 24)."""
    BRUSSELS = "brussels"
    """Brussels-Capital: Dutch and French, equal (art. 18)."""
    TOURIST = "tourist"
    """Recognised tourist centre by council decision: at least three languages (art. 11 par. 3)."""
    NETHERLANDS = "netherlands"
    """Dutch, and other languages where they serve better and harm nobody (Awb 2:6); Dutch first."""
    DEMO = "demo"
    """A demonstration: every language, and the screen says that it is one."""


class LanguageLawError(ValueError):
    """A site lists languages its regime does not permit; the text says which would be right."""


_EXACT: dict[Regime, tuple[tuple[Language, ...], ...]] = {
    Regime.DUTCH: (("nl",),),
    Regime.FRENCH: (("fr",),),
    Regime.MALMEDY: (("fr", "de"),),
    Regime.GERMAN: (("de", "fr"),),
    Regime.BORDER: (("nl", "fr"), ("fr", "nl")),
    Regime.RIM: (("nl", "fr"),),
    Regime.BRUSSELS: (("nl", "fr"), ("fr", "nl")),
}


@dataclass(frozen=True)
class LanguageProfile:
    """The languages of a site, in order; the first is the default.

    Raises:
        LanguageLawError: when the regime forbids a language or the order.
    """

    regime: Regime
    languages: tuple[Language, ...]

    def __post_init__(self) -> None:
        if len(set(self.languages)) != len(self.languages) or not set(self.languages) <= set(LANGUAGES):
            raise LanguageLawError(f"languages must be different ones of {', '.join(LANGUAGES)}")
        problem = _problem(self.regime, self.languages)
        if problem:
            raise LanguageLawError(f"regime '{self.regime.value}' {problem}, not {list(self.languages)}")

    @property
    def default(self) -> Language:
        """The language shown when nobody chose one."""
        return self.languages[0]


def attest_languages(profile: LanguageProfile) -> tuple[Language, ...]:
    """The languages in which the site may issue attests, in order.

    A notice to visitors may be in more languages than a document: in a tourist centre attests are in the language of
    the area (the first of the profile), and in the Netherlands in Dutch.
    """
    if profile.regime in (Regime.TOURIST, Regime.NETHERLANDS):
        return profile.languages[:1]
    return profile.languages


def _problem(regime: Regime, languages: tuple[Language, ...]) -> str | None:
    if regime in _EXACT:
        permitted = _EXACT[regime]
        if languages not in permitted:
            return "permits " + " or ".join(str(list(order)) for order in permitted)
    elif regime is Regime.TOURIST and len(languages) < 3:
        return "asks for at least three languages"
    elif regime is Regime.NETHERLANDS and languages[:1] != ("nl",):
        return "asks for 'nl' first"
    elif not languages:
        return "asks for at least one language"
    return None
