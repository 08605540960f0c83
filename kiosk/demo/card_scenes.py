"""The pages around the identity card, by name.

Not for: how to get to a page (`scenes`), collecting them (`collect`), or what cards answer (`told_cards`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

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
from kiosk.demo.scenes import Scene, key, pull, put_in, touch
from kiosk.demo.told_cards import GENUINE, ToldCards, invented_person


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
_KEYPAD = (put_in(), touch("confirm"))

CARD_SCENES: dict[str, Scene] = {
    "card-insert": Scene(_CHECK),
    **{
        f"card-{kind.value.replace('_', '-')}": Scene(_CHECK, (put_in(kind),))
        for kind in CardKind
        if kind is not CardKind.EID
    },
    "card-ready": Scene(_CHECK, cards=lambda: ToldCards(slot=Slot(CardKind.EID, 1))),
    "card-reading": Scene(_CHECK, (put_in(),), _reading_for_ever),
    "card-pulled-too-early": Scene(_CHECK, (put_in(), pull), _failing(CardProblem.REMOVED)),
    "card-garbled": Scene(_CHECK, (put_in(),), _failing(CardProblem.GARBLED)),
    "card-reader-failed": Scene(_CHECK, (put_in(),), _failing(CardProblem.READER)),
    "card-untrusted": Scene(
        _CHECK, (put_in(),), lambda: ToldCards(verdict=GENUINE.with_check(Check(CheckName.CHIP, Finding.FAILED)))
    ),
    "card-review": Scene(_CHECK, (put_in(),)),
    "card-taken-out": Scene(_CHECK, (put_in(), pull)),
    "card-done": Scene(_CHECK, (put_in(), touch("confirm"))),
    "card-done-hints": Scene(_CHECK, (put_in(), touch("confirm")), _everything_to_hint_at),
    "card-take": Scene(_CHECK, (put_in(), touch("confirm", "done"))),
    "pin-keypad": Scene(_PIN, (*_KEYPAD, key("12"))),
    "pin-wrong": Scene(_PIN, (*_KEYPAD, key("1111"), touch("confirm")), lambda: ToldCards(answers=[PinWrong(2)])),
    "pin-last": Scene(_PIN, _KEYPAD, lambda: ToldCards(state=PinState(1, pinpad=False))),
    "pin-blocked": Scene(_PIN, _KEYPAD, lambda: ToldCards(state=PinState(0, pinpad=False))),
    "pin-expired": Scene(
        _PIN, _KEYPAD, lambda: ToldCards(verdict=Verdict((Check(CheckName.VALIDITY, Finding.FAILED),)))
    ),
    "pin-failed": Scene(_PIN, _KEYPAD, lambda: ToldCards(state=CardFailed(CardProblem.GARBLED))),
    "pin-no-key": Scene(_PIN, _KEYPAD, lambda: ToldCards(state=PinState(3, pinpad=False, present=False))),
    "pin-again": Scene(_PIN, _KEYPAD, lambda: ToldCards(state=PinState(3, pinpad=True), answers=[PinEnd.TIMED_OUT])),
    "pin-done": Scene(_PIN, (*_KEYPAD, key("1234"), touch("confirm"))),
}
"""Every page by name, in the order of a visit."""
