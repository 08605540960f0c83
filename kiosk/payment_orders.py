"""What the back office's commands about payments do here.

Not for: signatures and at-most-once (`kiosk.commanding`), or what staff may decide (`kiosk.core.payment_saga`).
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.commanding import Ended, Handler
from kiosk.core.commands import Command, Outcome
from kiosk.core.payment_saga import NotTheirs, Verdict
from kiosk.journeys.ports import Till
from kiosk.store.errors import UnknownPayment


def payment_handlers(till: Till) -> Mapping[str, Handler]:
    """By kind of command."""

    async def decide(command: Command) -> Ended:
        try:
            verdict = Verdict(command.arguments["verdict"])
        except ValueError:
            known = ", ".join(each.value for each in Verdict)
            return Ended(Outcome.FAILED, f"there is no such verdict; there are {known}")
        try:
            state = await till.decide(str(command.arguments["payment"]), verdict, command.by)
        except UnknownPayment:
            return Ended(Outcome.FAILED, "this column has no such payment")
        except NotTheirs as refused:
            return Ended(Outcome.FAILED, str(refused))
        return Ended(Outcome.DONE, state.value)

    async def reprint(command: Command) -> Ended:
        try:
            printed = await till.reprint(str(command.arguments["payment"]), command.by)
        except UnknownPayment:
            return Ended(Outcome.FAILED, "this column has no such payment")
        return Ended(Outcome.DONE) if printed else Ended(Outcome.FAILED, "the terminal gave no receipt for it")

    async def close(_command: Command) -> Ended:
        result = await till.close_period()
        if result is None:
            return Ended(Outcome.FAILED, "there is no terminal, or it is busy or cannot be reached")
        return Ended(Outcome.DONE, result.value)

    return {"decidePayment": Handler(decide), "reprintReceipt": Handler(reprint), "endTerminalDay": Handler(close)}
