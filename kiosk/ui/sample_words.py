"""Words of sample pages, written down in four languages at once.

Not for: the product; its words are in `assets/translations`.
"""

from __future__ import annotations

from kiosk.core.texts import LANGUAGES, Localized


def text(nl: str, fr: str, en: str, de: str) -> Localized:
    """One text in four languages."""
    return Localized({"nl": nl, "fr": fr, "en": en, "de": de})


def same(words: str) -> Localized:
    """The same words in every language."""
    return Localized(dict.fromkeys(LANGUAGES, words))
