"""One payment or reversal as the simulated terminal plays it, by script. Not for: sockets (`terminal`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from drivers.simulated.terminal.ledger import Ledger
from drivers.simulated.terminal.opi import words
from drivers.simulated.terminal.opi.knobs import Oddity
from drivers.simulated.terminal.opi.markup import tag
from drivers.simulated.terminal.opi.words import Last
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.wording import Wording, wording

WRONG_BY = 100
"""Cents more than it was asked for."""


class Stage(Protocol):
    """What a play is played on."""

    def step(self) -> None:
        """A message is about to pass; the line may break here."""
        ...

    def call(self, content: str, kind: str = "Output") -> tuple[str, bool] | None:
        """Ask the till; its OverallResult and whether it said yes, or None when it did not answer."""
        ...

    def wait_for_abort(self) -> bool:
        """Wait; False when the terminal is switched off meanwhile."""
        ...


@dataclass
class Play:
    """One payment.

    Attributes:
        last: how the terminal will remember it; changes as the play goes on.
    """

    stage: Stage
    script: Script
    odd: Collection[Oddity]
    ledger: Ledger
    last: Last
    remember: Callable[[Last], None]
    booked: bool = False

    @property
    def says(self) -> Wording:
        """Its words for this till."""
        return wording(self.last.language)

    def run(self) -> None:
        """Everything between the request and its answer."""
        self._begin()
        play = _PLAYS.get(self.script, Play._pays)
        play(self)

    def carry_on(self) -> None:
        """The line broke: the terminal finishes alone, one way or the other."""
        if not self.booked and Oddity.CARRIES_ON in self.odd:
            self._book()
        elif not self.booked:
            self._end("Aborted")

    def _begin(self) -> None:
        self._end("Failure")
        self._show(self.says.show_card)

    def _pays(self) -> None:
        if self.script is Script.TALKATIVE:
            self._show(self.says.card_read)
        self._show(self.says.enter_pin)
        if self.script is Script.WRONG_PIN:
            self._show(self.says.wrong_pin, self.says.again)
            self._show(self.says.enter_pin)
        if self.script is Script.TALKATIVE:
            self._show(self.says.wait)
            self._show(self.says.take_card)
        if self._hindered():
            self._end("Failure")
            return
        self._book()
        self._papers()

    def _hindered(self) -> bool:
        """Whether somebody at the till had to say yes, and did not."""
        if Oddity.ASKS_SIGNATURE in self.odd:
            asked = tag("Input", tag("Command", "GetConfirmation"), {"InDeviceTarget": "CashierKeyboard"})
            said = self.stage.call(words.output("CashierDisplay", [self.says.signature]) + asked, "Input")
            if said is None or not said[1]:
                return True
        if Oddity.ASKS_GOODS in self.odd or self.script is Script.GOODS_REFUSED:
            said = self.stage.call(words.output("DeliveryBox"))
            return said is None or said[0] != "Success"
        return False

    def _book(self) -> None:
        cents = self.last.cents + (WRONG_BY if self.script is Script.WRONG_AMOUNT else 0)
        self.ledger.book(cents, self.last.request_id)
        self.booked = True
        self.last = replace(self.last, cents=cents, approval=f"A{self.last.stan}")
        self._end("Success")

    def _papers(self) -> None:
        long = self.script is Script.RECEIPTS
        self.stage.call(words.output("E-Journal", data=words.journal(self.last)))
        if Oddity.LATE_CALLBACK not in self.odd:
            self.paper(long)
        if long:
            self.stage.call(words.output("Printer", words.receipt(self.last, True), {"TicketType": "MerchantReceipt"}))

    def paper(self, long: bool = False) -> None:
        """The citizen's receipt."""
        more = {"TicketType": "CustomerReceipt"} | ({"Immediate": "true"} if long else {})
        self.stage.call(words.output("Printer", words.receipt(self.last, long), more))

    def _declines(self) -> None:
        self._show(self.says.enter_pin)
        self._show(self.says.wait)
        self._end("Failure")
        self.paper()

    def _cancelled(self) -> None:
        self._end("Aborted")

    def _times_out(self) -> None:
        self._end("TimedOut")

    def _waits(self) -> None:
        if self.stage.wait_for_abort():
            self._end("Aborted")

    def _ignores(self) -> None:
        if self.stage.wait_for_abort():
            self._pays()

    def _restarts(self) -> None:
        self._show(self.says.enter_pin)
        self._end("Aborted")

    def _show(self, *lines: str) -> None:
        self.stage.call(words.output("CustomerDisplay", lines))

    def _end(self, result: str) -> None:
        self.last = replace(self.last, result=result)
        self.remember(self.last)


_PLAYS: dict[Script, Callable[[Play], None]] = {
    Script.DECLINE: Play._declines,
    Script.CANCEL_BY_CITIZEN: Play._cancelled,
    Script.CARD_TIME_OUT: Play._times_out,
    Script.WAITS_FOR_CANCEL: Play._waits,
    Script.IGNORES_CANCEL: Play._ignores,
    Script.RESTARTS: Play._restarts,
}


def ticket(last: Last) -> Sequence[str]:
    """The outputs that give the last ticket again."""
    return (
        words.output("E-Journal", data=words.journal(last)),
        words.output("Printer", words.receipt(last), {"TicketType": "CustomerReceipt"}),
    )
