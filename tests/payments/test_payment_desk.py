"""Paying at a terminal that speaks real bytes: whatever it does, nobody is charged twice or told a lie."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from kiosk.core.payment_saga import UNDECIDED, PaymentState
from kiosk.journeys.ports import MaybePaid, NotPaid, Paid, Progress
from kiosk.paying import Patience
from kiosk.store.errors import StoreFull
from kiosk.store.store import KioskStore
from tests.payments.till import BRISK, FEE, HURRIED, TIMING, CutStore, attempts, becomes, broken_promises, till, until

pytestmark = [pytest.mark.expects_log("zuil.pay", "zuil.terminal"), pytest.mark.timeout(90)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.db"


def terminal(script: Script = Script.APPROVE, **more: object) -> SimulatedZvtTerminal:
    return SimulatedZvtTerminal(script=script, habits=replace(BRISK, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("script", [Script.APPROVE, Script.TALKATIVE, Script.RECEIPTS, Script.WRONG_PIN, Script.DRIP])
async def test_paid_is_paid_once(path: Path, script: Script) -> None:
    with terminal(script) as machine:
        async with till(path, machine) as at:
            await at.ready()
            result = await at.pay()
            assert isinstance(result, Paid)
            assert [each.amount_cents for each in machine.ledger.bookings] == [FEE.amount_cents]
            assert await at.states() == [PaymentState.SETTLED]
            assert at.desk.ready
            assert any("12,50" in line for lines in result.receipts for line in lines)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (Script.DECLINE, "declined"),
        (Script.CANCEL_BY_CITIZEN, "cancelled"),
        (Script.CARD_TIME_OUT, "cancelled"),
    ],
)
async def test_not_paid_is_not_charged(path: Path, script: Script, reason: str) -> None:
    with terminal(script) as machine:
        async with till(path, machine) as at:
            await at.ready()
            assert await at.pay() == NotPaid(reason)
            assert machine.ledger.balance_cents == 0
            assert await at.states() == [PaymentState.FAILED]
            assert at.desk.ready


async def test_steps_are_those_of_the_terminal(path: Path) -> None:
    with terminal(Script.TALKATIVE) as machine:
        async with till(path, machine) as at:
            await at.ready()
            await at.pay()
            await asyncio.sleep(0)
    seen = [step for step in Progress if step in at.told]
    assert {Progress.WAITING_FOR_CARD, Progress.ENTER_PIN, Progress.ASKING_BANK} <= set(seen)
    assert Progress.CHECKING not in seen


async def test_an_answer_that_was_lost_is_asked_for(path: Path) -> None:
    with terminal(Script.ANSWER_LOST) as machine:
        async with till(path, machine, timing=HURRIED) as at:
            await at.ready()
            assert isinstance(await at.pay(), Paid)
            assert Progress.CHECKING in at.told
            assert len(machine.ledger.bookings) == 1
            assert await at.states() == [PaymentState.SETTLED]


@pytest.mark.parametrize("cut_at", range(1, 13))
async def test_a_line_cut_at_any_message_ends_in_the_truth(path: Path, cut_at: int) -> None:
    with terminal(Script.CUT) as machine:
        machine.cut_at = cut_at
        async with till(path, machine, timing=HURRIED) as at:
            await at.ready()
            result = await at.pay()
            [state] = await at.states()
            charged = machine.ledger.balance_cents
            match result:
                case Paid():
                    assert (charged, state) == (FEE.amount_cents, PaymentState.SETTLED)
                case NotPaid():
                    assert (charged, state) == (0, PaymentState.FAILED)
                case MaybePaid():
                    assert state in UNDECIDED
            assert broken_promises(at.store, machine) == []


async def test_another_amount_is_never_paid(path: Path) -> None:
    with terminal(Script.WRONG_AMOUNT) as machine:
        async with till(path, machine) as at:
            await at.ready()
            assert await at.pay() == NotPaid("not_charged")
            assert machine.ledger.balance_cents == 0


async def test_stopping_is_asked_for_and_the_terminal_decides(path: Path) -> None:
    for script, expected in ((Script.WAITS_FOR_CANCEL, NotPaid), (Script.IGNORES_CANCEL, Paid)):
        with terminal(script) as machine:
            async with till(path.with_name(f"{script.value}.db"), machine) as at:
                await at.ready()
                paying = asyncio.ensure_future(at.pay())
                await until(lambda at=at: Progress.WAITING_FOR_CARD in at.told)  # type: ignore[misc]
                at.desk.cancel()
                assert isinstance(await paying, expected)
                assert (machine.ledger.balance_cents > 0) == (expected is Paid)


async def test_without_a_card_the_terminal_is_asked_to_stop(path: Path) -> None:
    with terminal(Script.WAITS_FOR_CANCEL) as machine:
        async with till(path, machine, patience=Patience(card=30)) as at:
            await at.ready()
            assert await at.pay() == NotPaid("cancelled")
            assert machine.ledger.balance_cents == 0


async def test_without_a_terminal_nothing_begins(path: Path) -> None:
    machine = terminal()
    machine.start()
    machine.stop()
    async with till(path, machine) as at:
        assert not at.desk.ready
        assert await at.pay() == NotPaid("not_ready")
        assert attempts(at.store) == []


async def test_paid_and_not_given_is_undone_at_the_terminal(path: Path) -> None:
    with terminal() as machine:
        async with till(path, machine) as at:
            await at.ready()
            paid = await at.pay()
            assert isinstance(paid, Paid)
            await at.store.move_payment(paid.payment_id, PaymentState.UNDELIVERED, "noPaper")
            at.desk.give_back()
            await becomes(at.store, PaymentState.REVERSED)
            assert machine.ledger.balance_cents == 0
            await at.ready()


async def test_money_for_which_nothing_is_issued_goes_back_by_itself(path: Path) -> None:
    """The visit that paid ended by a defect."""
    with terminal() as machine:
        async with till(path, machine, patience=Patience(spend=60)) as at:
            await at.ready()
            assert isinstance(await at.pay(), Paid)
            await becomes(at.store, PaymentState.REVERSED)
            assert machine.ledger.balance_cents == 0


async def test_an_undoing_of_which_nobody_knows_is_owed(path: Path) -> None:
    with terminal() as machine:
        async with till(path, machine, timing=HURRIED) as at:
            await at.ready()
            paid = await at.pay()
            assert isinstance(paid, Paid)
            await at.store.move_payment(paid.payment_id, PaymentState.UNDELIVERED, "noPaper")
            machine.script = Script.ANSWER_LOST
            at.desk.give_back()
            await becomes(at.store, PaymentState.REFUND_DUE)
            assert broken_promises(at.store, machine) == []


async def test_where_staff_pay_back_nothing_is_undone(path: Path) -> None:
    with terminal() as machine:
        async with till(path, machine, reverses=False) as at:
            await at.ready()
            paid = await at.pay()
            assert isinstance(paid, Paid)
            await at.store.move_payment(paid.payment_id, PaymentState.UNDELIVERED, "noPaper")
            at.desk.give_back()
            await asyncio.sleep(0.1)
            assert await at.states() == [PaymentState.UNDELIVERED]
            assert machine.ledger.balance_cents == FEE.amount_cents


async def test_paid_after_the_citizen_left_goes_back(path: Path) -> None:
    """The terminal is away longer than anybody waits; when it is back it says that it booked."""
    with terminal(Script.ANSWER_LOST) as machine:
        async with till(path, machine, timing=HURRIED, patience=Patience(citizen=1)) as at:
            await at.ready()
            assert isinstance(await at.pay(), MaybePaid)
            machine.script = Script.APPROVE
            await becomes(at.store, PaymentState.REVERSED)
            assert (len(machine.ledger.bookings), machine.ledger.balance_cents) == (1, 0)
            assert broken_promises(at.store, machine) == []


async def test_a_terminal_that_never_tells_goes_to_staff(path: Path) -> None:
    with terminal(Script.CUT, empty_repeat=True) as machine:
        machine.cut_at = 2
        patience = Patience(citizen=10, reachable=60)
        async with till(path, machine, timing=HURRIED, patience=patience) as at:
            await at.ready()
            assert isinstance(await at.pay(), MaybePaid)
            await becomes(at.store, PaymentState.CASE)
            machine.script = Script.APPROVE
            assert not at.desk.ready
            assert await at.pay() == NotPaid("not_ready")
            await becomes(at.store, PaymentState.CASE)


async def test_the_timing_of_the_tests_is_not_what_decides(path: Path) -> None:
    """The same payment with the patience of a real terminal."""
    with terminal() as machine:
        async with till(path, machine, timing=replace(TIMING, tick=0.05)) as at:
            await at.ready()
            assert isinstance(await at.pay(), Paid)


class FullBook:
    """A store without room for how a payment ended, until somebody makes some."""

    def __init__(self, store: KioskStore) -> None:
        self._store = store
        self.full = False

    def note_payment_now(self, payment_id: str, kind: str, *more: object) -> PaymentState:
        if self.full and kind == "concluded":
            raise StoreFull("the disk is full")
        return self._store.note_payment_now(payment_id, kind, *more)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


async def test_an_end_for_which_there_was_no_room_is_found_out_once_there_is(path: Path) -> None:
    books: list[FullBook] = []

    def full(store: KioskStore) -> FullBook:
        books.append(FullBook(store))
        books[0].full = True
        return books[0]

    with terminal() as machine:
        async with till(path, machine, cut=full) as at:  # type: ignore[arg-type]
            await at.ready()
            assert isinstance(await at.pay(), MaybePaid)
            assert machine.ledger.balance_cents == FEE.amount_cents
            assert not at.desk.ready, "no other payment begins meanwhile"
            books[0].full = False
            await becomes(at.store, PaymentState.REVERSED)
            assert machine.ledger.balance_cents == 0, "nothing was given for it, so the money went back"


class Late(CutStore):
    """Writes down that it was paid, and says so only after the citizen was sent away."""

    gone: Callable[[], bool] = staticmethod(lambda: True)

    def note_payment_now(
        self,
        payment_id: str,
        kind: str,
        data: Mapping[str, object],
        after: PaymentState | None = None,
        reason: str | None = None,
    ) -> PaymentState:
        state = super().note_payment_now(payment_id, kind, data, after, reason)
        limit = time.monotonic() + 20
        while state is PaymentState.SETTLED and not self.gone() and time.monotonic() < limit:
            time.sleep(0.005)
        return state


async def test_who_was_sent_away_in_the_moment_it_became_known_is_not_said_to_have_paid(path: Path) -> None:
    late: list[Late] = []

    def slow(store: KioskStore) -> Late:
        late.append(Late(store, path, path))
        return late[0]

    with terminal(Script.ANSWER_LOST) as machine:
        async with till(path, machine, timing=HURRIED, patience=Patience(citizen=600), cut=slow) as at:
            await at.ready()
            late[0].gone = lambda: not at.desk._waited_for
            assert isinstance(await at.pay(), MaybePaid)
            machine.script = Script.APPROVE
            await becomes(at.store, PaymentState.REVERSED)
            assert machine.ledger.balance_cents == 0
