"""The question whether the goods are out, answered by another thread; and what is written down before each answer."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from drivers.payment_contract import Approved, Goods, Inconclusive, NotCharged, PaymentEvidence
from drivers.payments.zvt.goods import GoodsDesk
from drivers.payments.zvt.profile import ZvtProfile
from drivers.simulated.terminal.outcomes import told
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.habits import Habits
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from tests.drivers.zvt_bench import (
    BRISK,
    ORDER,
    LateJournal,
    NotingJournal,
    Steps,
    charged,
    driver_for,
    judged,
    order_faults,
    warm_up,
)

HANDSHAKE = ZvtProfile(goods_handshake=True, goods_questions=5)


def sold(
    habits: Habits, answers: dict[int, Goods], journal: NotingJournal, script: Script = Script.APPROVE
) -> tuple[PaymentEvidence, PaymentEvidence, bool]:
    """Pay with the handshake.

    Args:
        answers: what another thread says once the terminal has asked so many times.

    Returns:
        The evidence, that of an enquiry after it, and whether the ledger has it.
    """
    with SimulatedZvtTerminal(habits=habits) as simulated:
        warm_up(simulated)
        simulated.script = script
        driver = driver_for(simulated, journal, profile=HANDSHAKE)
        asked, threads = 0, []

        def heard(answer: Goods) -> None:
            nonlocal asked
            if answer is not Goods.WAIT:
                return
            asked += 1
            if asked in answers:
                threads.append(threading.Thread(target=driver.goods, args=(answers[asked],)))
                threads[-1].start()

        journal.on_goods = heard
        evidence = driver.pay(ORDER, journal, Steps())
        for thread in threads:
            thread.join()
        later = driver.enquire(journal.remembered(), journal)
        driver.close()
        assert judged(evidence, simulated.ledger)
        assert judged(later, simulated.ledger)
        return evidence, later, charged(simulated.ledger)


def answers_of(journal: NotingJournal) -> list[object]:
    return [noted.detail for noted in journal.log if noted.what == "goods"]


@pytest.mark.parametrize("books_at_once", [False, True])
def test_the_terminal_books_when_the_goods_are_out(books_at_once: bool) -> None:
    journal = NotingJournal()
    evidence, later, booked = sold(replace(BRISK, books_at_once=books_at_once), {1: Goods.OUT}, journal)
    assert isinstance(evidence, Approved)
    assert isinstance(later, Approved)
    assert booked
    assert answers_of(journal)[0] is Goods.WAIT
    assert answers_of(journal)[-1] is Goods.OUT
    assert order_faults(journal.log) == []


def test_it_asks_again_until_the_goods_are_out() -> None:
    journal = NotingJournal()
    evidence, _, booked = sold(BRISK, {3: Goods.OUT}, journal)
    assert isinstance(evidence, Approved)
    assert booked
    assert [noted.what for noted in journal.log].count("849C") >= 2


@pytest.mark.parametrize("books_at_once", [False, True])
def test_refused_goods_are_never_paid_for(books_at_once: bool) -> None:
    journal = NotingJournal()
    habits = replace(BRISK, books_at_once=books_at_once)
    evidence, later, booked = sold(habits, {1: Goods.REFUSED}, journal, Script.GOODS_REFUSED)
    assert type(evidence) is told("zvt")[Script.GOODS_REFUSED] is NotCharged
    assert isinstance(later, NotCharged)
    assert not booked
    assert order_faults(journal.log) == []


def test_a_terminal_that_never_hears_that_they_are_out_gives_up() -> None:
    journal = NotingJournal()
    evidence, later, booked = sold(BRISK, {}, journal)
    assert isinstance(evidence, NotCharged)
    assert isinstance(later, NotCharged)
    assert not booked
    assert [noted.what for noted in journal.log].count("849C") == 6


def test_a_terminal_that_books_in_spite_of_a_refusal_is_found_out() -> None:
    journal = NotingJournal()
    evidence, later, booked = sold(replace(BRISK, books_whatever=True), {1: Goods.REFUSED}, journal)
    assert isinstance(evidence, Inconclusive)
    assert isinstance(later, Approved)
    assert booked


def test_without_the_handshake_the_goods_are_not_asked_for() -> None:
    with SimulatedZvtTerminal(habits=BRISK) as simulated:
        journal = NotingJournal()
        driver = driver_for(simulated, journal)
        driver.goods(Goods.REFUSED)
        assert isinstance(driver.pay(ORDER, journal, Steps()), Approved)
        driver.close()
        assert answers_of(journal) == []


def test_another_amount_that_is_booked_all_the_same_stays_open() -> None:
    with SimulatedZvtTerminal(habits=replace(BRISK, books_whatever=True)) as simulated:
        warm_up(simulated)
        simulated.script = Script.WRONG_AMOUNT
        journal = NotingJournal()
        driver = driver_for(simulated, journal)
        assert isinstance(driver.pay(ORDER, journal, Steps()), Inconclusive)
        assert isinstance(driver.enquire(journal.remembered(), journal), Inconclusive)
        driver.close()
        assert simulated.ledger.balance_cents == 700 + 1350


def test_a_refusal_stays() -> None:
    desk = GoodsDesk()
    assert desk.ask() is Goods.WAIT
    desk.answer(Goods.REFUSED)
    desk.answer(Goods.OUT)
    assert desk.ask(5.0) is Goods.REFUSED
    desk.reset()
    assert desk.ask() is Goods.WAIT


def test_control_a_journal_that_is_called_after_sending_is_detected() -> None:
    journal = LateJournal()
    with SimulatedZvtTerminal(habits=BRISK) as simulated:
        driver = driver_for(simulated, journal, profile=HANDSHAKE)
        journal.on_goods = None
        driver.pay(ORDER, journal, Steps())
        driver.close()
    faults = order_faults(journal.log)
    assert "0601 left before it was written down" in faults
    assert "040F was acknowledged before it was written down" in faults
    assert "an answer about the goods left before it was written down" in faults


def test_control_a_command_that_is_sent_again_is_detected() -> None:
    journal = NotingJournal()
    with SimulatedZvtTerminal(habits=BRISK) as simulated:
        driver = driver_for(simulated, journal)
        driver.pay(ORDER, journal, Steps())
        driver.pay(ORDER, journal, Steps())
        driver.close()
    assert order_faults(journal.log) == ["0601 left 2 times"]
