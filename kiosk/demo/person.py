"""Somebody at the column who wants something: takes it where it is offered, and goes where they are sent.

They know pages only at a glance, like everybody. Not for: when people come and who they are (`visitors`), nor moving
their hands (`hand`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.terminal.glimpse import Act, Glimpse

WAY_OUT = ("stay", "leave", "done", "cancel", "continue", "go_on")
"""Options somebody takes who has nothing more to wish for, in this order."""
TRIES = 2
"""How often somebody puts a card in, or keys a PIN, before they give up."""
PAPER_S, LOOK_S, LONG_S, GLANCE_S = 4.0, 1.5, 10.0, 0.2
"""How long somebody waits for news of a paper, looks at what comes of a touch, at a page that only says to wait, and at
letters that are larger now."""

_NEWS = 3
"""Times a page of a paper is drawn anew while it still prints."""


@dataclass(frozen=True)
class Wish:
    """What somebody comes for.

    Attributes:
        options: ids they take where they find them, each once, in this order of preference.
        card: name of the card they bring, or "".
        words: what they type into a field.
        help: whether they ask for somebody on the way.
        leaves_after: they walk away after so many touches; 0 stays to the end.
    """

    name: str
    options: tuple[str, ...]
    card: str = ""
    words: str = ""
    help: bool = False
    leaves_after: int = 0


@dataclass(frozen=True)
class Move:
    """What somebody does next.

    Attributes:
        act: a touch, or None.
        card: "in", "out" or "" for leaving it as it is.
        patience: seconds they then look at what comes of it.
        leaves: they have gone.
    """

    act: Act | None = None
    card: str = ""
    patience: float = LOOK_S
    leaves: bool = False


class Person:
    """One visit.

    Args:
        pin: of their card.
        tools: used on the first page, such as text_size.
    """

    def __init__(self, wish: Wish, pin: str = "1234", tools: Sequence[str] = ()) -> None:
        self.wish = wish
        self._pin = pin
        self._options = list(wish.options)
        self._tools = list(tools)
        self._helped = not wish.help
        self._typed = False
        self._insertions = self._pins = self._touches = 0
        self._waited: Counter[str] = Counter()
        self.begun = False

    def next(self, seen: Glimpse, *, card_in: bool) -> Move:
        """What they do at what they see now.

        Args:
            card_in: whether there is a card in the slot.
        """
        if self.wish.leaves_after and self._touches >= self.wish.leaves_after:
            return Move(leaves=True)
        move = self._next(seen, card_in)
        self._touches += move.act is not None
        return move

    def _next(self, seen: Glimpse, card_in: bool) -> Move:
        if self._tools:
            return Move(Act("tool", (self._tools.pop(0),)), patience=GLANCE_S)
        if seen.picture:
            return self._at_the_reader(seen, card_in)
        if seen.kind == "pin" and self._pins < TRIES:
            return self._key(seen)
        if seen.kind == "search" and not self._typed:
            self._typed = True
            return Move(Act("type", (self.wish.words,)))
        if ".printing" in seen.moment and self._waits_at(seen.moment, _NEWS):
            return Move(patience=PAPER_S)
        if self.begun and not self._helped:
            self._helped = True
            return Move(Act("tool", ("help",)))
        return self._choose(seen)

    def _choose(self, seen: Glimpse) -> Move:
        wish = next((option for option in self._options if option in seen.options), None)
        if wish is not None:
            self._options.remove(wish)
            self.begun = True
            return Move(Act("touch", (wish,)))
        way = next((way for way in WAY_OUT if way in seen.options), None)
        if way is not None:
            return Move(Act("touch", (way,)))
        if seen.back:
            return Move(patience=PAPER_S) if not seen.options and self._waits_at(seen.moment) else Move(Act("back"))
        if seen.kind == "menu":
            return Move(Act("tool", ("start_over",)))
        if seen.options:
            return Move(Act("touch", ((*seen.primary, *seen.options)[0],)))
        return Move(patience=LONG_S)

    def _waits_at(self, moment: str, times: int = 1) -> bool:
        """Whether they have not waited there so often yet."""
        self._waited[moment] += 1
        return self._waited[moment] <= times

    def _at_the_reader(self, seen: Glimpse, card_in: bool) -> Move:
        if seen.picture in ("take", "turn"):
            return Move(card="out")
        if seen.picture == "insert" and not card_in and self._insertions < TRIES and self.wish.card:
            self._insertions += 1
            return Move(card="in")
        return self._choose(seen)

    def _key(self, seen: Glimpse) -> Move:
        if seen.missing:
            return Move(Act("key", (self._pin[-seen.missing :],)))
        self._pins += 1
        return Move(Act("touch", ("confirm",)))
