"""How to get to one page with a card in hand: what to put in, key and touch until it stands on the screen.

Not for: which pages there are (`card_scenes`, `attest_scenes`) or collecting them (`collect`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from drivers.card_contract import CardKind
from kiosk.core.pages import Keyed
from kiosk.core.texts import Language
from kiosk.demo.rehearsal import Circumstances, Rehearsal
from kiosk.demo.told_attests import ToldAttests
from kiosk.demo.told_cards import ToldCards

Step = Callable[[Rehearsal], Awaitable[None]]


@dataclass(frozen=True)
class Scene:
    """How to get to one page.

    Attributes:
        service: whose sheet begins it; its first way is taken.
        steps: after that.
        cards: makes the reader.
        attests: sets the attest desk.
        changes: what else differs from a quiet morning, by member of `Circumstances`.
    """

    service: str
    steps: tuple[Step, ...] = ()
    cards: Callable[[], ToldCards] = field(default=ToldCards)
    attests: Callable[[ToldAttests], None] = field(default=lambda _: None)
    changes: Mapping[str, object] = field(default_factory=dict)

    def facts(self, quiet: Circumstances) -> Circumstances:
        """How things stand in this scene."""
        return replace(quiet, cards=self.cards, attests=self.attests, **self.changes)  # type: ignore[arg-type]

    async def play(self, rehearsal: Rehearsal, language: Language) -> None:
        """Play it until its page stands on the screen."""
        await rehearsal.touch(language, "all", f"service:{self.service}", "way:0")
        for step in self.steps:
            await step(rehearsal)


def put_in(kind: CardKind = CardKind.EID) -> Step:
    """Put a card in."""

    async def step(rehearsal: Rehearsal) -> None:
        await rehearsal.do(partial(rehearsal.cards.insert, kind))

    return step


async def pull(rehearsal: Rehearsal) -> None:
    """Take the card out."""
    await rehearsal.do(rehearsal.cards.pull)


def touch(*names: str) -> Step:
    """Touch options by their ids."""
    return lambda rehearsal: rehearsal.touch(*names)


def key(digits: str) -> Step:
    """Press keys of the keypad."""

    async def step(rehearsal: Rehearsal) -> None:
        view = rehearsal.screen.view
        await rehearsal.do(partial(rehearsal.screen.give, Keyed(view.serial if view else 0, digits)))

    return step


def type_in(text: str) -> Step:
    """Let the field hold a text."""

    async def step(rehearsal: Rehearsal) -> None:
        await rehearsal.do(partial(rehearsal.screen.type, text))

    return step
