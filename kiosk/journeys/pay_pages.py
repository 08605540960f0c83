"""What stands on the screen while somebody pays: asked, under way, and every way it can end.

Not for: deciding anything (`kiosk.journeys.pay`).
"""

from __future__ import annotations

from kiosk.core.pages import Fact, NoticePage, Option, Tone, Weight
from kiosk.core.texts import Text, message
from kiosk.journeys.ports import Progress
from kiosk.journeys.visit import Column

PAY = "pay"
STOP = "stop"
_STOPPABLE = frozenset({Progress.WAITING_FOR_CARD, Progress.CARD_SEEN, Progress.ENTER_PIN, Progress.PIN_WRONG})
"""Steps at which the terminal still takes a wish to stop."""


def ask(column: Column, what: Text, amount_cents: int) -> NoticePage:
    """How much, what for, and how."""
    return NoticePage(
        title=message("pay.title", price_cents=amount_cents),
        subtitle=message(f"pay.method.{column.payments.method}"),
        icon="credit-card",
        facts=_facts(column, what),
        options=(Option(PAY, message("pay.pay"), weight=Weight.PRIMARY), Option("cancel", message("pay.cancel"))),
        back=False,
    )


def taking(column: Column, what: Text, amount_cents: int, progress: Progress, *, stopping: bool) -> NoticePage:
    """How far it is; stopping is offered while the terminal still takes it."""
    stop = Option(STOP, message("pay.stop"))
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


def unknown(reference: str, phone: str) -> NoticePage:
    """Nobody knows yet: never that it was not paid."""
    return NoticePage(
        title=message("pay.unknown.title"),
        subtitle=message("pay.unknown.subtitle"),
        tone=Tone.DANGER,
        icon="warning-circle",
        facts=(
            Fact(message("pay.reference"), message("plain", text=short(reference)), "receipt"),
            Fact(message("host.phone"), message("plain", text=phone), "phone"),
        ),
        options=(Option("done", message("card.understood"), weight=Weight.PRIMARY),),
        back=False,
    )


def short(payment_id: str) -> str:
    """The end of an id, long enough to find it by and short enough to read out."""
    return payment_id[-8:].upper()


def _facts(column: Column, what: Text) -> tuple[Fact, ...]:
    cards = column.cards_accepted
    accepted = (Fact(message("pay.cards"), message("plain", text=cards), "credit-card"),) if cards else ()
    return (Fact(message("pay.what"), what, "file-text"), *accepted)
