"""Power cuts in the middle of a payment: pay, lose power at one write, start again, ask the judge. Not a test.

The disk is copied at that instant, as a cut leaves it; the terminal goes on by itself, as a terminal does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from drivers.payments.adyen.address import format_terminal_uri, parse_terminal_uri
from drivers.payments.adyen.opening import open_adyen
from drivers.payments.opening import OpenTerminal
from drivers.payments.opi.opening import open_opi
from drivers.payments.zvt.opening import open_zvt
from drivers.simulated.terminal.adyen.terminal import SimulatedAdyenTerminal
from drivers.simulated.terminal.ledger import Ledger
from drivers.simulated.terminal.opi.terminal import SimulatedOpiTerminal
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.habits import Habits
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from kiosk.core.payment_saga import UNDECIDED, PaymentState
from kiosk.journeys.ports import Paid
from tests.drivers import adyen_bench, opi_bench
from tests.payments.till import (
    BRISK,
    HURRIED,
    CutStore,
    Machine,
    PowerCut,
    attempts,
    broken_promises,
    till,
    until,
)

PROTOCOLS = ("zvt", "adyen", "opi")
ADYEN = replace(adyen_bench.QUICK, first_look=1.0, after_cancel=1.0, confirm=0.5)
"""A request that a busy machine has not taken in yet must not pass for one that never came."""
OPI = replace(opi_bench.QUICK, idle=3.0, after_abort=3.0)


@dataclass(frozen=True)
class Cut:
    """One cut.

    Attributes:
        at: number of the write about this payment, from 1.
        before: whether power goes before or after that write is on the disk.
        give_back: whether what was paid is then undone, and the cut may fall into that.
        habits: of a ZVT terminal.
    """

    protocol: str
    script: Script
    at: int
    before: bool
    give_back: bool = False
    habits: Habits = BRISK


@dataclass(frozen=True)
class Outcome:
    """What the next start made of it.

    Attributes:
        broken: what the judge says against the column.
        states: of the attempts after those that only fill the terminal's memory.
    """

    broken: list[str]
    states: list[PaymentState]
    ledger: Ledger


@contextmanager
def simulated(protocol: str, folder: Path, habits: Habits = BRISK) -> Iterator[tuple[Machine, str]]:
    """A terminal of that protocol, and its address."""
    match protocol:
        case "zvt":
            with SimulatedZvtTerminal(habits=habits) as zvt:
                yield zvt, zvt.uri
        case "adyen":
            with SimulatedAdyenTerminal() as adyen:
                yield adyen, format_terminal_uri(adyen.address(folder / "adyen"))
        case _:
            with SimulatedOpiTerminal() as opi:
                yield opi, f"{opi.uri}&memory={folder / 'opi.json'}"


def opening_of(uri: str) -> OpenTerminal:
    """What makes a driver in a hurry for the terminal at that address."""
    match uri.partition("+")[0]:
        case "zvt":
            return open_zvt(uri, timing=HURRIED)
        case "adyen":
            return partial(open_adyen, parse_terminal_uri(uri), timing=ADYEN)
        case _:
            return open_opi(uri, timing=OPI)


@contextmanager
def machine(protocol: str, folder: Path, habits: Habits = BRISK) -> Iterator[tuple[Machine, OpenTerminal]]:
    """A terminal of that protocol, and what makes a driver for it."""
    with simulated(protocol, folder, habits) as (terminal, uri):
        yield terminal, opening_of(uri)


async def cut_and_start_again(
    folder: Path,
    cut: Cut,
    skipping: Callable[[str], bool] = lambda kind: False,  # noqa: ARG005 - only the control leaves notes out
) -> Outcome:
    """Pay, lose power there, start again from what the disk held, and wait until everything is known.

    The terminal has booked before: one with nothing in its memory cannot prove that nothing was added to it.
    """
    path = folder / "kiosk.db"
    image = folder / "image" / path.name
    with machine(cut.protocol, folder, cut.habits) as (terminal, opening):
        async with till(path, terminal, opening=opening) as before_that:
            while PaymentState.SPENT not in await before_that.states():
                await before_that.ready()
                earlier = await before_that.pay()
                if isinstance(earlier, Paid):
                    await before_that.store.move_payment(earlier.payment_id, PaymentState.SPENT)
            known = len(await before_that.states())
        terminal.script = cut.script
        cutting = partial(CutStore, path=path, image=image.parent, at=cut.at, before=cut.before, skipping=skipping)
        async with till(path, terminal, opening=opening, cut=cutting) as first:
            await first.ready()
            with contextlib.suppress(PowerCut):
                paid = await first.pay()
                if cut.give_back and isinstance(paid, Paid):
                    await first.desk._book.move_payment(paid.payment_id, PaymentState.UNDELIVERED, "noPaper")
                    first.desk.give_back()
                    await until(lambda: first.desk.ready or image.exists())
        terminal.script = Script.APPROVE
        async with till(image if image.exists() else path, terminal, opening=opening) as again:
            await until(lambda: not any(state in UNDECIDED for _, state in attempts(again.store)))
            await again.ready()
            return Outcome(broken_promises(again.store, terminal), (await again.states())[known:], terminal.ledger)
