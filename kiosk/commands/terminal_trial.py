"""One payment for a technician, with the journal and the desk of every other; undone afterwards if they like.

Not for: the question before it (`pay`).
"""

from __future__ import annotations

import asyncio

import typer

from config.column import ColumnConfig
from drivers.terminal_runner import TerminalRunner
from kiosk.app import column_clock, terminal_of
from kiosk.commands.failures import Failed, failing_on
from kiosk.core.payment_saga import PaymentState
from kiosk.journeys.ports import ChargeResult, Fee, MaybePaid, NotPaid, Paid, Progress
from kiosk.paying import Patience, TerminalDesk
from kiosk.store.errors import StoreRefused
from kiosk.store.store import KioskStore, open_store
from sync.client.column import NotEnrolled
from sync.client.identity import load_identity

PRODUCT = "technician"
_PATIENCE_S = 20.0
_LOOK_S = 0.05


def try_terminal(column: ColumnConfig, cents: int) -> None:
    """Charge and perhaps undo; says each step.

    Raises:
        Failed: when it was not paid, not undone, or nobody knows; or when the kiosk runs.
    """
    data = column.settings.column.data
    with failing_on(StoreRefused, NotEnrolled):
        identity = load_identity(data / "identity")
        store = open_store(data / "kiosk.db", identity.column, column_clock(column))
    try:
        asyncio.run(_try(column, store, cents))
    finally:
        store.close()


async def _try(column: ColumnConfig, store: KioskStore, cents: int) -> None:
    settings = column.settings.terminal
    runner = TerminalRunner(terminal_of(column), "payment terminal")
    desk = TerminalDesk(store, runner, column_clock(column), Patience(card=settings.card_seconds, spend=3600.0))
    runner.start()
    try:
        await desk.start()
        await _until_free(desk, "the terminal is not ready; `zuil doctor` says why")
        payment_id = _said(await desk.charge(Fee(PRODUCT, cents, "nl"), _tell))
        if await asyncio.to_thread(typer.confirm, "Undo it now?", default=True):
            await _undo(desk, store, payment_id)
        else:
            await store.move_payment(payment_id, PaymentState.SPENT)
    finally:
        await desk.finish()
        runner.stop()


async def _undo(desk: TerminalDesk, store: KioskStore, payment_id: str) -> None:
    await store.move_payment(payment_id, PaymentState.UNDELIVERED, PRODUCT)
    desk.give_back()
    await _until_free(desk, "the terminal does not answer; the kiosk undoes it once it runs")
    if (await store.payment(payment_id)).state is not PaymentState.REVERSED:
        raise Failed("it could not be undone: the money is owed, and the back office is told")
    typer.echo("undone")


async def _until_free(desk: TerminalDesk, otherwise: str) -> None:
    limit = asyncio.get_running_loop().time() + _PATIENCE_S
    while not desk.ready:
        if asyncio.get_running_loop().time() > limit:
            raise Failed(otherwise)
        await asyncio.sleep(_LOOK_S)


def _tell(progress: Progress) -> None:
    typer.echo(progress.value.replace("_", " "))


def _said(result: ChargeResult) -> str:
    match result:
        case Paid(payment_id):
            typer.echo(f"paid: {payment_id}")
            return payment_id
        case NotPaid(reason):
            raise Failed(f"not paid: {reason.replace('_', ' ')}")
        case MaybePaid(payment_id):
            raise Failed(f"nobody knows whether it was paid: {payment_id}; the kiosk goes on asking once it runs")
