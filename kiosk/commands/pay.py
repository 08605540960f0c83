"""The verb with which a technician tries a payment terminal with real money, after a question.

Not for: looking whether a terminal works (`zuil doctor` charges nothing), charging (`terminal_trial`).
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from kiosk.commands.column import ConfigOption
from kiosk.commands.failures import Failed

MOST_CENTS = 500
"""A try needs no more."""


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("pay")(pay)


def pay(
    amount: Annotated[str, typer.Argument(help="Euros, like 0.01; at most 5.")], config: ConfigOption = None
) -> None:
    """Charge a little at this column's terminal, after a question, and undo it if you like. Stop the kiosk first."""
    from config.column import load_column
    from config.settings import NO_TERMINAL
    from kiosk.commands.terminal_trial import try_terminal

    column = load_column(config)
    uri = column.settings.terminal.uri
    if uri == NO_TERMINAL:
        raise Failed("no terminal is set; write its address into the settings, under terminal", 2)
    cents = _cents(amount)
    typer.confirm(f"This charges a card {cents / 100:.2f} euros at {uri.partition('?')[0]}. Go on?", abort=True)
    try_terminal(column, cents)


def _cents(amount: str) -> int:
    try:
        cents = Decimal(amount.replace(",", ".")) * 100
        fits = 0 < cents <= MOST_CENTS and cents == cents.to_integral_value()
    except InvalidOperation:  # no number, or one that cannot be compared
        fits = False
    if not fits:
        raise Failed(f"'{amount}' is no amount to try with; write euros from 0.01 to {MOST_CENTS / 100:.2f}", 2)
    return int(cents)
