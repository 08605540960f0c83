"""The line breaks at every message of a payment, before and after booking; what was lost is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drivers.payment_contract import Approved, Inconclusive, NotCharged
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.habits import Habits, Writes
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from tests.drivers.zvt_bench import (
    BRISK,
    ORDER,
    QUICK,
    NotingJournal,
    Steps,
    charged,
    driver_for,
    judged,
    order_faults,
    warm_up,
)

LAST_MESSAGE = 12
"""06 01, 80, twice 04 FF and 80, 04 0F, 80, 06 D3, 80, 06 0F, 80."""
BOOKS = {
    "on our answer": BRISK,
    "at once": replace(BRISK, books_at_once=True),
    "at once, glued": replace(BRISK, books_at_once=True, adds_unknown=True),
}


def test_an_uncut_payment_has_that_many_messages() -> None:
    with SimulatedZvtTerminal(habits=BRISK, script=Script.CUT, cut_at=LAST_MESSAGE + 1) as simulated:
        journal = NotingJournal()
        driver = driver_for(simulated, journal)
        assert isinstance(driver.pay(ORDER, journal, Steps()), Approved)
        driver.close()
    start = next(place for place, noted in enumerate(journal.log) if noted.what == "0601")
    passed = [noted for noted in journal.log[start:] if noted.who in ("sent", "came")]
    assert len(passed) == LAST_MESSAGE


@pytest.mark.parametrize("writes", [Writes.WHOLE, Writes.GLUED])
@pytest.mark.parametrize("books", BOOKS)
@pytest.mark.parametrize("cut_at", range(1, LAST_MESSAGE + 1))
def test_a_cut_at_every_message_and_the_enquiry_after_it(cut_at: int, books: str, writes: Writes) -> None:
    with SimulatedZvtTerminal(habits=BOOKS[books], writes=writes) as simulated:
        warm_up(simulated)
        simulated.script, simulated.cut_at = Script.CUT, cut_at
        journal = NotingJournal()
        driver = driver_for(simulated, journal)
        evidence = driver.pay(ORDER, journal, Steps())
        assert judged(evidence, simulated.ledger)
        assert isinstance(evidence, Approved if cut_at == LAST_MESSAGE else Inconclusive)
        later = driver.enquire(journal.remembered(), journal)
        driver.close()
        assert isinstance(later, Approved if charged(simulated.ledger) else NotCharged)
        assert len(simulated.ledger.bookings) <= 2
        assert order_faults(journal.log) == []


def test_the_cuts_fall_on_both_sides_of_the_booking() -> None:
    for habits, last_unbooked in ((BOOKS["on our answer"], 8), (BOOKS["at once"], 6)):
        for cut_at in (last_unbooked, last_unbooked + 1):
            with SimulatedZvtTerminal(habits=habits, script=Script.CUT, cut_at=cut_at) as simulated:
                driver = driver_for(simulated)
                assert isinstance(driver.pay(ORDER, NotingJournal(), Steps()), Inconclusive)
                driver.close()
                assert charged(simulated.ledger) == (cut_at > last_unbooked)


@pytest.mark.parametrize("cut_at", range(1, 9))
def test_a_terminal_that_goes_on_alone_is_asked_until_it_has_finished(cut_at: int) -> None:
    with SimulatedZvtTerminal(habits=replace(BRISK, lingers=3)) as simulated:
        warm_up(simulated)
        simulated.script, simulated.cut_at = Script.CUT, cut_at
        journal = NotingJournal()
        driver = driver_for(simulated, journal)
        assert isinstance(driver.pay(ORDER, journal, Steps()), Inconclusive)
        answers = [driver.enquire(journal.remembered(), journal) for _ in range(4)]
        driver.close()
        if cut_at == 1:  # the command never arrived
            assert [type(answer) for answer in answers] == [NotCharged] * 4
            assert not charged(simulated.ledger)
        else:
            assert [type(answer) for answer in answers] == [Inconclusive] * 3 + [Approved]
            assert charged(simulated.ledger)


@pytest.mark.parametrize(
    "habits",
    [
        pytest.param(replace(BRISK, empty_repeat=True), id="the enquiry ends and tells nothing"),
        pytest.param(replace(BRISK, clock_offset=3600.0), id="its clock is wrong and nobody knew"),
    ],
)
def test_what_cannot_be_proven_stays_open(habits: Habits) -> None:
    with SimulatedZvtTerminal(habits=BRISK) as simulated:
        warm_up(simulated)
        simulated.habits = habits
        simulated.script = Script.ANSWER_LOST
        journal = NotingJournal()
        driver = driver_for(simulated, journal)
        assert isinstance(driver.pay(ORDER, journal, Steps()), Inconclusive)
        assert charged(simulated.ledger)
        assert isinstance(driver.enquire(journal.remembered(), journal), Inconclusive)
        driver.close()


def test_a_wrong_clock_is_known_after_one_payment() -> None:
    with SimulatedZvtTerminal(habits=replace(BRISK, clock_offset=3600.0)) as simulated:
        driver = driver_for(simulated)
        assert isinstance(driver.pay(replace(ORDER, amount_cents=700), NotingJournal(), Steps()), Approved)
        simulated.script = Script.ANSWER_LOST
        journal = NotingJournal()
        driver.pay(ORDER, journal, Steps())
        assert isinstance(driver.enquire(journal.remembered(), journal), Approved)
        driver.close()


def test_an_empty_memory_proves_a_payment_and_never_its_absence() -> None:
    for script, evidence in ((Script.ANSWER_LOST, Approved), (Script.RESTARTS, Inconclusive)):
        with SimulatedZvtTerminal(habits=BRISK, script=script) as simulated:
            journal = NotingJournal()
            driver = driver_for(simulated, journal)
            driver.pay(ORDER, journal, Steps())
            assert type(driver.enquire(journal.remembered(), journal)) is evidence
            driver.close()


def test_asking_again_and_again_charges_nothing() -> None:
    with SimulatedZvtTerminal(habits=BRISK) as simulated:
        warm_up(simulated)
        simulated.script = Script.ANSWER_LOST
        journal = NotingJournal()
        driver = driver_for(simulated, journal, QUICK)
        driver.pay(ORDER, journal, Steps())
        answers = [driver.enquire(journal.remembered(), journal) for _ in range(5)]
        driver.close()
        assert all(isinstance(answer, Approved) for answer in answers)
        assert len(simulated.ledger.bookings) == 2
