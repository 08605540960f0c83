"""Words as search compares them: folded to plain letters, without the words that say nothing, and how alike two are.

Not for: which services have which words (`kiosk.core.search`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 2
"""Letters of the shortest word that is looked for."""

EXACT = 100.0
_PREFIX = 82.0
_PREFIX_SPAN = 15.0
_PART = 70.0
_PART_SPAN = 10.0
_WHOLE = 40.0
_WHOLE_SPAN = 30.0
_MISSPELT = 84.0
_MISSPELT_BEGINNING = 72.0
_PER_ERROR = 10.0
_SHORTEST_PART = 4
"""A shorter piece of a compound turns up in too many words by chance."""

_WORD = re.compile(r"[a-z0-9]+")
_LETTERS = str.maketrans({"\u00ad": None, "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "y": "ij"})
# y becomes ij and not the other way round, so that "ri" stays the beginning of "rijbewijs" while it is typed

STOP_WORDS: frozenset[str]
"""Words that say nothing about what somebody looks for, folded."""


def fold(text: str) -> list[str]:
    """The words of a text in small letters without accents: "L’État" gives `l`, `etat`."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


# Articles, pronouns and the verbs every question begins with: Dutch, French, English, German.
STOP_WORDS = frozenset(
    fold("""
    aan ben bij de dit een en heb hebben het hoe ik in is kan kunnen maken mag mijn moet moeten naar nodig om of ons op
    te tot uw van voor waar wat we wie wij wil willen wilt worden zijn
    au aux avec besoin comment dans de des du est et faire j je la le les ma mes mon notre nous ou par pour puis que
    quel quelle qui sur un une veux voudrais vouloir
    a an and are can do for get have how i in is me my need of on or our the to want we what where which with would
    auf bei brauche das dem den der die ein eine einen für habe ich in ist kann mein meine meinen mit möchte muss oder
    und unser von was wie wir wo zu zum zur
    """)
)


def telling(words: Sequence[str]) -> list[str]:
    """The words that say what somebody looks for; all of them when none says more than the others."""
    told = [word for word in words if word not in STOP_WORDS and len(word) >= SHORTEST]
    return told or [word for word in words if len(word) >= SHORTEST]


def alike(word: str, vocabulary: Sequence[str]) -> list[tuple[int, float]]:
    """Every word of the vocabulary like `word`, by index, with how alike they are: up to 100.

    A misspelling is looked for only where nothing begins with the word as typed. An index may come more than once.
    """
    parts = [(index, other) for index, other in enumerate(vocabulary) if word in other or other in word]
    found = [(index, score) for index, other in parts if (score := _contained(word, other))]
    if any(score >= _PREFIX for _, score in found):
        return found
    return found + list(_misspelt(word, vocabulary))


def _contained(word: str, other: str) -> float:
    """How alike two words are when one is a part of the other; else 0."""
    if other.startswith(word):
        return EXACT if other == word else _PREFIX + _PREFIX_SPAN * len(word) / len(other)
    if len(word) >= _SHORTEST_PART and word in other:
        return _PART + _PART_SPAN * len(word) / len(other)
    if len(other) >= _SHORTEST_PART and (word.startswith(other) or word.endswith(other)):
        return _WHOLE + _WHOLE_SPAN * len(other) / len(word)
    return 0.0


def _misspelt(word: str, vocabulary: Sequence[str]) -> Iterator[tuple[int, float]]:
    errors = _errors_forgiven(len(word))
    if not errors:
        return
    for _, distance, index in process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=errors, limit=None):
        yield index, _MISSPELT - _PER_ERROR * distance
    if len(word) > _SHORTEST_PART:  # the beginning of a longer word, still being typed
        begun = [other[: len(word)] for other in vocabulary]
        found = process.extract(word, begun, scorer=OSA.distance, score_cutoff=min(errors, 2), limit=None)
        for _, distance, index in found:
            yield index, _MISSPELT_BEGINNING - _PER_ERROR * distance


def _errors_forgiven(length: int) -> int:
    if length < _SHORTEST_PART:
        return 0
    return 1 if length < 6 else 2 if length < 10 else 3
