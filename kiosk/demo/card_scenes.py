"""The pages around the identity card, by name: what to put in, key and touch until each one stands on the screen.

Not for: collecting them (`collect`), or what cards answer (`told_cards`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from drivers.card_contract import (
    CardFailed,
    CardKind,
    CardProblem,
    Check,
    CheckName,
    Finding,
    PartialDate,
    PinEnd,
    PinState,
    PinWrong,
    Slot,
    Verdict,
)
from kiosk.core.pages import Keyed
from kiosk.core.texts import Language
from kiosk.demo.rehearsal import Rehearsal
from kiosk.demo.told_cards import GENUINE, ToldCards, invented_person

Step = Callable[[Rehearsal], Awaitable[None]]


@dataclass(frozen=True)
class CardScene:
    """How to get to one page.

    Attributes:
        service: whose sheet begins it.
        cards: makes the reader.
        steps: after the way with the card was chosen.
    """

    service: str
    steps: tuple[Step, ...] = ()
    cards: Callable[[], ToldCards] = field(default=ToldCards)

    async def play(self, rehearsal: Rehearsal, language: Language) -> None:
        """Play it until its page stands on the screen."""
        await rehearsal.touch(language, "all", f"service:{self.service}", "way:0")
        for step in self.steps:
            await step(rehearsal)


def _put_in(kind: CardKind = CardKind.EID) -> Step:
    async def step(rehearsal: Rehearsal) -> None:
        await rehearsal.do(partial(rehearsal.cards.insert, kind))

    return step


async def _pull(rehearsal: Rehearsal) -> None:
    await rehearsal.do(rehearsal.cards.pull)


def _touch(*names: str) -> Step:
    return lambda rehearsal: rehearsal.touch(*names)


def _key(digits: str) -> Step:
    async def step(rehearsal: Rehearsal) -> None:
        view = rehearsal.screen.view
        await rehearsal.do(partial(rehearsal.screen.give, Keyed(view.serial if view else 0, digits)))

    return step


def _failing(problem: CardProblem) -> Callable[[], ToldCards]:
    return lambda: ToldCards(result=CardFailed(problem))


def _reading_for_ever() -> ToldCards:
    cards = ToldCards()
    cards.released.clear()
    return cards


def _everything_to_hint_at() -> ToldCards:
    """A card that expires soon, of somebody near their pension who lives elsewhere."""
    person = invented_person(valid_until=date(2027, 2, 1))
    home = replace(person.address, postal_code="9000", municipality="Gent") if person.address else None
    return ToldCards(person=replace(person, address=home, birth_date=PartialDate(1961, 8, 26)))


_CHECK, _PIN = "card-check", "pin-test"
_KEYPAD = (_put_in(), _touch("confirm"))

CARD_SCENES: dict[str, CardScene] = {
    "card-insert": CardScene(_CHECK),
    **{
        f"card-{kind.value.replace('_', '-')}": CardScene(_CHECK, (_put_in(kind),))
        for kind in CardKind
        if kind is not CardKind.EID
    },
    "card-ready": CardScene(_CHECK, cards=lambda: ToldCards(slot=Slot(CardKind.EID, 1))),
    "card-reading": CardScene(_CHECK, (_put_in(),), _reading_for_ever),
    "card-pulled-too-early": CardScene(_CHECK, (_put_in(), _pull), _failing(CardProblem.REMOVED)),
    "card-garbled": CardScene(_CHECK, (_put_in(),), _failing(CardProblem.GARBLED)),
    "card-reader-failed": CardScene(_CHECK, (_put_in(),), _failing(CardProblem.READER)),
    "card-untrusted": CardScene(
        _CHECK, (_put_in(),), lambda: ToldCards(verdict=GENUINE.with_check(Check(CheckName.CHIP, Finding.FAILED)))
    ),
    "card-review": CardScene(_CHECK, (_put_in(),)),
    "card-taken-out": CardScene(_CHECK, (_put_in(), _pull)),
    "card-done": CardScene(_CHECK, (_put_in(), _touch("confirm"))),
    "card-done-hints": CardScene(_CHECK, (_put_in(), _touch("confirm")), _everything_to_hint_at),
    "card-take": CardScene(_CHECK, (_put_in(), _touch("confirm", "done"))),
    "pin-keypad": CardScene(_PIN, (*_KEYPAD, _key("12"))),
    "pin-wrong": CardScene(_PIN, (*_KEYPAD, _key("1111"), _touch("confirm")), lambda: ToldCards(answers=[PinWrong(2)])),
    "pin-last": CardScene(_PIN, _KEYPAD, lambda: ToldCards(state=PinState(1, pinpad=False))),
    "pin-blocked": CardScene(_PIN, _KEYPAD, lambda: ToldCards(state=PinState(0, pinpad=False))),
    "pin-expired": CardScene(
        _PIN, _KEYPAD, lambda: ToldCards(verdict=Verdict((Check(CheckName.VALIDITY, Finding.FAILED),)))
    ),
    "pin-failed": CardScene(_PIN, _KEYPAD, lambda: ToldCards(state=CardFailed(CardProblem.GARBLED))),
    "pin-no-key": CardScene(_PIN, _KEYPAD, lambda: ToldCards(state=PinState(3, pinpad=False, present=False))),
    "pin-again": CardScene(
        _PIN, _KEYPAD, lambda: ToldCards(state=PinState(3, pinpad=True), answers=[PinEnd.TIMED_OUT])
    ),
    "pin-done": CardScene(_PIN, (*_KEYPAD, _key("1234"), _touch("confirm"))),
}
"""Every page by name, in the order of a visit."""
