"""What stands on the screen while somebody pays: asked, under way, and every way it can end.

Not for: deciding anything (`kiosk.journeys.pay`).
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.codes import code_of
from kiosk.core.pages import Fact, NoticePage, Option, Tone, Weight
from kiosk.core.texts import Text, message
from kiosk.journeys.ports import Progress
from kiosk.journeys.visit import Column

PAY = "pay"
COUNTER = "counter"
PAID_THERE = "paid_there"
STOP = "stop"
_STOPPABLE = frozenset({Progress.WAITING_FOR_CARD, Progress.CARD_SEEN, Progress.ENTER_PIN, Progress.PIN_WRONG})
"""Steps at which the terminal still takes a wish to stop."""


def ask(column: Column, what: Text, amount_cents: int) -> NoticePage:
    """How much, what for, and how."""
    here = column.payments.ready
    return NoticePage(
        title=message("pay.title", price_cents=amount_cents),
        subtitle=message(f"pay.method.{column.payments.method if here else 'counter'}"),
        icon="credit-card" if here else "currency-eur",
        facts=_facts(column, what) if here else (_for(what),),
        options=(*_ways(column), Option("cancel", message("pay.cancel"), icon="x-circle")),
        back=False,
    )


def _ways(column: Column) -> tuple[Option, ...]:
    """The best way first."""
    ways = [Option(PAY, message("pay.pay"))] if column.payments.ready else []
    if column.counter_fees.offered:
        ways += [
            Option(COUNTER, message("pay.counter"), icon="users-three"),
            Option(PAID_THERE, message("pay.paid_there"), icon="check-circle"),
        ]
    return (replace(ways[0], weight=Weight.PRIMARY), *ways[1:]) if ways else ()


def owed(code: str, what: Text, amount_cents: int) -> NoticePage:
    """Where to pay, and what to do then."""
    return NoticePage(
        title=message("pay.owed.title", price_cents=amount_cents),
        subtitle=message("pay.owed.subtitle"),
        icon="currency-eur",
        facts=(_for(what), Fact(message("pay.code"), message("plain", text=code), "receipt")),
        options=(Option("done", message("card.understood"), weight=Weight.PRIMARY),),
        back=False,
    )


def not_paid_there(reason: str, phone: str) -> NoticePage:
    """What the counter said of it, or did not, and what to do."""
    return NoticePage(
        title=message("pay.not_there.waiting" if reason == "not_yet" else "pay.not_there.title"),
        subtitle=message(f"pay.not_there.{reason}"),
        tone=Tone.WARNING,
        icon="warning-circle",
        facts=(Fact(message("host.phone"), message("plain", text=phone), "phone"),),
        options=(Option("done", message("card.understood"), weight=Weight.PRIMARY),),
        back=False,
    )


def taking(column: Column, what: Text, amount_cents: int, progress: Progress, *, stopping: bool) -> NoticePage:
    """How far it is; stopping is offered while the terminal still takes it."""
    stop = Option(STOP, message("pay.stop"), icon="x-circle")
    checking = progress is Progress.CHECKING
    return NoticePage(
        title=message("pay.title", price_cents=amount_cents),
        subtitle=message("pay.step.stopping" if stopping and not checking else f"pay.step.{progress.value}"),
        tone=Tone.WARNING if checking or progress is Progress.PIN_WRONG else Tone.PLAIN,
        icon="credit-card",
        facts=_facts(column, what),
        options=(stop,) if progress in _STOPPABLE and not stopping else (),
        back=False,
    )


def not_paid(reason: str) -> NoticePage:
    """Certainly not paid, and what to do."""
    return NoticePage(
        title=message("pay.not_paid.title"),
        subtitle=message(f"pay.not_paid.{reason}"),
        tone=Tone.WARNING,
        icon="warning-circle",
        options=(Option("done", message("card.understood"), weight=Weight.PRIMARY),),
        back=False,
    )


def unknown(payment_id: str, phone: str) -> NoticePage:
    """Nobody knows yet: never that it was not paid."""
    return NoticePage(
        title=message("pay.unknown.title"),
        subtitle=message("pay.unknown.subtitle"),
        tone=Tone.DANGER,
        icon="warning-circle",
        facts=(
            Fact(message("pay.reference"), message("plain", text=code_of(payment_id)), "receipt"),
            Fact(message("host.phone"), message("plain", text=phone), "phone"),
        ),
        options=(Option("done", message("card.understood"), weight=Weight.PRIMARY),),
        back=False,
    )


def _facts(column: Column, what: Text) -> tuple[Fact, ...]:
    cards = column.cards_accepted
    accepted = (Fact(message("pay.cards"), message("plain", text=cards), "credit-card"),) if cards else ()
    return (_for(what), *accepted)


def _for(what: Text) -> Fact:
    return Fact(message("pay.what"), what, "file-text")
