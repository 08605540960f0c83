"""What others wish while an OPI terminal works on a payment: cancelling, goods, signatures, a ticket that was left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.payment_contract import (
    Approved,
    Cancelled,
    CancelledBy,
    Declined,
    Goods,
    Inconclusive,
    NotCharged,
    Step,
)
from drivers.payments.opi.profile import OpiProfile
from drivers.simulated.terminal.opi.knobs import Oddity
from drivers.simulated.terminal.scripts import Script
from tests.drivers.opi_bench import IMPATIENT, ORDER, QUICK, Ears, Notes, both_ends, in_background


def test_cancelling_asks_at_most_three_times(tmp_path: Path) -> None:
    with both_ends(tmp_path, replace(IMPATIENT, abort_gap=0.01, after_abort=2.0)) as (simulated, driver):
        simulated.script = Script.WAITS_FOR_CANCEL
        deaf = simulated._abort

        def refuses() -> str:
            simulated.aborts += 1
            return "Failure"

        simulated._abort = refuses  # type: ignore[method-assign]
        notes = Notes()
        evidence = driver.pay(ORDER, notes, Ears(Step.WAITING_FOR_CARD, driver.ask_to_cancel))
        simulated._abort = deaf  # type: ignore[method-assign]
        simulated._abort()
        assert isinstance(evidence, Inconclusive)
        assert simulated.aborts - 1 == 3
        assert notes.order.count("sending abort") == 3


def test_without_an_open_payment_nothing_is_aborted(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        driver.ask_to_cancel()
        assert isinstance(driver.pay(ORDER, Notes(), Ears()), Approved)
        driver.ask_to_cancel()
        driver.status()
        assert simulated.aborts == 0


def test_a_silent_terminal_is_asked_to_stop_once_and_then_nobody_knows(tmp_path: Path) -> None:
    with both_ends(tmp_path, IMPATIENT) as (simulated, driver):
        simulated.script = Script.LATE_ANSWER
        notes = Notes()
        assert isinstance(driver.pay(ORDER, notes, Ears()), Inconclusive)
        assert simulated.aborts == 1
        assert notes.order.count("sending payment") == 1


@pytest.mark.parametrize(
    ("answer", "kind", "told"),
    [(Goods.OUT, Approved, [Goods.OUT]), (Goods.REFUSED, NotCharged, [Goods.REFUSED])],
)
def test_goods_are_answered_by_whoever_knows(answer: Goods, kind: type, told: list[Goods], tmp_path: Path) -> None:
    with both_ends(tmp_path, profile=OpiProfile(goods_handshake=True)) as (simulated, driver):
        simulated.oddities = {Oddity.ASKS_GOODS}
        notes = Notes()
        helpers = []

        def later() -> None:
            driver.goods(Goods.WAIT)
            helpers.append(in_background(lambda: driver.goods(answer)))

        evidence = driver.pay(ORDER, notes, Ears(Step.ENTER_PIN, later))
        helpers[0].join()
        assert type(evidence) is kind
        assert notes.answers == told
        assert simulated.ledger.balance_cents == (1250 if answer is Goods.OUT else 0)


def test_goods_nobody_speaks_of_are_refused(tmp_path: Path) -> None:
    timing = replace(QUICK, goods=0.05)
    with both_ends(tmp_path, timing, OpiProfile(goods_handshake=True)) as (simulated, driver):
        simulated.oddities = {Oddity.ASKS_GOODS}
        notes = Notes()
        assert isinstance(driver.pay(ORDER, notes, Ears()), NotCharged)
        assert notes.answers == [Goods.REFUSED]
        assert simulated.ledger.bookings == ()


def test_without_the_handshake_every_question_is_answered_with_yes(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        simulated.oddities = {Oddity.ASKS_GOODS}
        notes = Notes()
        driver.goods(Goods.REFUSED)
        assert isinstance(driver.pay(ORDER, notes, Ears()), Approved)
        assert notes.answers == [Goods.OUT]


def test_an_answer_about_goods_that_cannot_be_kept_does_not_leave(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        simulated.oddities = {Oddity.ASKS_GOODS}
        with pytest.raises(OSError, match="journal"):
            driver.pay(ORDER, Notes(fail_at="goods"), Ears())
    assert simulated.ledger.bookings == ()


def test_a_signature_is_never_confirmed(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        simulated.oddities = {Oddity.ASKS_SIGNATURE}
        assert isinstance(driver.pay(ORDER, Notes(), Ears()), Declined)
        assert simulated.ledger.bookings == ()


def test_a_ticket_that_was_left_is_collected(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        simulated.oddities = {Oddity.PRINT_LAST_TICKET}
        assert isinstance(driver.pay(ORDER, Notes(), Ears()), NotCharged)
        assert simulated.requests[-1] == "TicketReprint"
        again = replace(ORDER, attempt_id="another")
        assert isinstance(driver.pay(again, Notes(), Ears()), Approved)


def test_a_cancel_before_the_request_leaves_keeps_it_here(tmp_path: Path) -> None:
    with both_ends(tmp_path) as (simulated, driver):
        ready = driver._session.ready

        def cancelled_meanwhile() -> object:
            driver.ask_to_cancel()
            return ready()

        driver._session.ready = cancelled_meanwhile  # type: ignore[method-assign,assignment]
        assert driver.pay(ORDER, Notes(), Ears()) == Cancelled(CancelledBy.KIOSK)
        assert simulated.money_commands == []
