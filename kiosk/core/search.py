"""Finds services by the words people use for them, while they type.

Forgives accents, capitals, spelling, words not finished and compounds written apart or together; looks in the language
of the visit first and in the site's other languages second, because people type the word they know. Nothing typed is
kept. Not for: drawing what was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import log

from kiosk.core.catalogue import Service, Theme
from kiosk.core.search_words import SHORTEST, STOP_WORDS, alike, fold, telling
from kiosk.core.texts import Language

_TITLE, _KEYWORD, _THEME, _SUMMARY = 1.0, 0.97, 0.6, 0.55
_OTHER_LANGUAGE = 0.8
_MOST_WORDS = 6
"""Words of a question that are looked at; more say nothing more."""
_ENOUGH = 45.0
"""A service less like the question than this was not meant."""
_NEAR_BEST = 0.62
"""Nor was one that is less than this share as like it as the best."""
_BEST_WORD = 0.3
"""Weight of the best word beside the mean of all: one right word in a long question should find something."""
_UNKNOWN_WORD = 0.4
"""Weight, in that mean, of a word no service knows."""

Posting = tuple[int, Language, float]
"""Where a word stands: the place of the service in the catalogue, the language, and the weight of the text."""


class Search:
    """Search over the services of a site in the language of a visit.

    The first one over some services builds their index; others over the same ones are free, whatever the language.

    Args:
        services: in the order of the catalogue.
        language: the language of the visit.
        themes: so that the name of a theme finds its services; may be left out.
    """

    def __init__(self, services: tuple[Service, ...], language: Language, themes: tuple[Theme, ...] = ()) -> None:
        self._services = services
        self._language = language
        self._index = _index(_Same(services), _Same(themes))

    def find(self, query: str) -> tuple[str, ...]:
        """Ids of the services that fit what was typed so far, best first; empty when nothing does."""
        words = fold(query)[-_MOST_WORDS:]
        if len("".join(words)) < SHORTEST:
            return ()
        scores = self._index.scores(words, self._language)
        best = max(scores.values(), default=0.0)
        kept = [place for place, score in scores.items() if score >= max(_ENOUGH, _NEAR_BEST * best)]
        kept.sort(key=lambda place: (-round(scores[place]), self._services[place].popular or 100, place))
        return tuple(self._services[place].id for place in kept)


class _Same:
    """Values compared by being the same tuple: comparing fifty sheets a keystroke would cost more than searching."""

    def __init__(self, values: tuple[Service, ...] | tuple[Theme, ...]) -> None:
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.values is self.values

    def __hash__(self) -> int:
        return id(self.values)


@lru_cache(maxsize=4)
def _index(services: _Same, themes: _Same) -> _Index:
    titles = {theme.id: theme.title.values for theme in themes.values if isinstance(theme, Theme)}
    index = _Index()
    for place, service in enumerate(services.values):
        if isinstance(service, Service):
            for language, text, weight in _texts(service):
                index.add(text, (place, language, weight))
            for language, title in titles.get(service.theme, {}).items():
                index.add(title, (place, language, _THEME))
    return index


def _texts(service: Service) -> Iterator[tuple[Language, str, float]]:
    """Every text of a service that is searched, with its weight."""
    for language, title in service.title.values.items():
        yield language, title, _TITLE
        yield from ((language, keyword, _KEYWORD) for keyword in service.keywords.get(language, ()))
        yield language, service.summary.values.get(language, ""), _SUMMARY


class _Index:
    """Every word of the catalogue, and every short text as one word, with the places where they stand."""

    def __init__(self) -> None:
        self._words = _Vocabulary()
        self._phrases = _Vocabulary()

    def add(self, text: str, posting: Posting) -> None:
        folded = fold(text)
        for word in set(folded) - STOP_WORDS:
            self._words.add(word, posting)
        if posting[2] > _SUMMARY:  # a sentence is never typed as a whole
            self._phrases.add("".join(folded), posting)

    def scores(self, words: Sequence[str], language: Language) -> dict[int, float]:
        """How like the typed words each service is, up to 100; services unlike them are left out."""
        found = [self._words.like(word, language) for word in telling(words)]
        weights = [_rarity(len(places)) for places in found]
        scores = {place: _together([one.get(place, 0.0) for one in found], weights) for one in found for place in one}
        if len(words) > 1:  # "rij bewijs", and a whole title typed as it is
            for place, score in self._phrases.like("".join(words), language).items():
                scores[place] = max(score, scores.get(place, 0.0))
        return scores


class _Vocabulary:
    """Different words, each with its places."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._words: list[str] = []
        self._postings: list[list[Posting]] = []

    def add(self, word: str, posting: Posting) -> None:
        number = self._number.setdefault(word, len(self._words))
        if number == len(self._words):
            self._words.append(word)
            self._postings.append([])
        self._postings[number].append(posting)

    def like(self, word: str, language: Language) -> dict[int, float]:
        """The best score of each service over everything the word is like."""
        best: dict[int, float] = {}
        for number, likeness in alike(word, self._words):
            for place, spoken, weight in self._postings[number]:
                score = likeness * weight * (1.0 if spoken == language else _OTHER_LANGUAGE)
                if score > best.get(place, 0.0):
                    best[place] = score
        return best


def _rarity(services: int) -> float:
    """A word few services know says more than one that many know: "new passport" is about the passport."""
    return 1 / (1 + log(services)) if services else _UNKNOWN_WORD


def _together(scores: Sequence[float], weights: Sequence[float]) -> float:
    mean = sum(score * weight for score, weight in zip(scores, weights, strict=True)) / sum(weights)
    return mean + _BEST_WORD * (max(scores) - mean)
