"""The simulated card for other processes: one line a command, one line an answer.

Not for: the dock, which puts cards into a slot of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TextIO

from drivers.simulated.card.faults import CARD_FAULTS
from drivers.simulated.card.faulty import FaultyCard
from drivers.simulated.card.generation import Generation
from drivers.simulated.card.registry import CARDS, UnknownCard, card_named
from drivers.simulated.card.vpcd import VpcdCard
from drivers.simulated.console import UnknownFault, listed, obey, replying

HELP = "commands: insert NAME, pull, fault NAME, clear, state, cards, faults, quit"


class CardSteering:
    """Carries out commands on one virtual slot.

    Args:
        today: what the dates on the cards are counted from, asked for with each card.
        generation: of every identity card, or None for each person's own.
    """

    def __init__(self, slot: VpcdCard, today: Callable[[], date], generation: Generation | None = None) -> None:
        self._slot = slot
        self._today = today
        self._generation = generation
        self._name = ""

    def steer(self, line: str) -> str:
        """Carry out one command; the answer says what was done or what would be right."""
        match line.split():
            case ["insert", name]:
                return self._insert(name)
            case ["pull"]:
                self._slot.pull()
                return "pulled"
            case ["fault", name]:
                return self._fault(name)
            case ["clear"]:
                card = self._slot.card
                if isinstance(card, FaultyCard):
                    card.clear()
                return "all faults cleared"
            case ["state"]:
                return self._state()
            case ["cards"]:
                return listed(CARDS)
            case ["faults"]:
                return listed(CARD_FAULTS)
            case _:
                return HELP

    def _insert(self, name: str) -> str:
        try:
            card = card_named(name, self._today(), self._generation)
        except UnknownCard as problem:
            return str(problem)
        self._slot.insert(card)
        self._name = name
        return f"{name}: {CARDS[name]}"

    def _fault(self, name: str) -> str:
        card = self._slot.card
        if not isinstance(card, FaultyCard):
            return "no card is in; insert one first"
        try:
            card.set_fault(name)
        except UnknownFault as problem:
            return str(problem)
        return f"{name}: {CARD_FAULTS[name]}"

    def _state(self) -> str:
        card = self._slot.card
        if not isinstance(card, FaultyCard):
            return "no card"
        where = "in the reader" if self._slot.connected else "no reader listens"
        return f"{self._name}; {where}; fault: {card.fault.value if card.fault else 'none'}"


def run_card_simulator(steering: CardSteering, first: tuple[str, ...], commands: TextIO, replies: TextIO) -> int:
    """Carry out `first`, then every line of `commands` until it ends or says quit.

    Returns:
        Exit status 0.
    """
    reply = replying(replies)
    reply(HELP)
    for line in first:
        reply(steering.steer(line))
    obey(steering.steer, commands, reply)
    return 0
