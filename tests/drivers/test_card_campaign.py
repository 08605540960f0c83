"""Every fault of a card at every step: each ends in a value, the right check fails, and the next card is served."""

from __future__ import annotations

import pytest

from drivers.card_contract import (
    Authenticated,
    AuthenticateResult,
    CardFailed,
    CardProblem,
    CardRead,
    CheckName,
    PinEnd,
    ReadResult,
)
from drivers.simulated.card.faults import CARD_FAULTS, CardFault
from drivers.simulated.card.faulty import FaultyCard
from drivers.simulated.card.registry import card_named
from tests.drivers.card_bench import GENERATIONS, TODAY, Bench, pin_of

PROBLEMS: dict[CardFault, set[CardProblem]] = {
    CardFault.PULLED_MID_READ: {CardProblem.REMOVED},
    CardFault.MUTE: {CardProblem.MUTE},
    CardFault.MUTE_MID_READ: {CardProblem.MUTE},
    CardFault.GARBAGE: {CardProblem.MUTE, CardProblem.NOT_EID, CardProblem.GARBLED},
    CardFault.ENDLESS_61: {CardProblem.MUTE, CardProblem.NOT_EID, CardProblem.GARBLED},
    CardFault.ENDLESS_FILE: {CardProblem.GARBLED},
}
"""What reading says of faults that prevent it."""

CHECKS: dict[CardFault, set[CheckName]] = {
    CardFault.IDENTITY_CHANGED: {CheckName.IDENTITY_SIGNATURE},
    CardFault.ADDRESS_CHANGED: {CheckName.ADDRESS_SIGNATURE},
    CardFault.PHOTO_CHANGED: {CheckName.PHOTO_HASH},
    CardFault.SIGNATURE_CHANGED: {CheckName.IDENTITY_SIGNATURE},
    CardFault.CERTIFICATE_CHANGED: {CheckName.REGISTER_CERTIFICATE},
    CardFault.WRONG_PHOTO: {CheckName.PHOTO_HASH},
    CardFault.FOREIGN_ADDRESS: {CheckName.ADDRESS_SIGNATURE},
    CardFault.COPIED_CHIP: {CheckName.CHIP},
}
"""The check that must fail, for faults that only proof can find."""


def faulty(fault: CardFault, name: str = "adult", after: int | None = None) -> FaultyCard:
    card = FaultyCard(card_named(name, TODAY).card, TODAY, pause=lambda _: None)
    if after is None:
        card.set_fault(fault.value)
    else:
        card.set_fault(fault.value, after)
    return card


def read_with(fault: CardFault, name: str = "adult") -> ReadResult:
    bench = Bench()
    bench.put_in(faulty(fault, name))
    result = bench.read()
    bench.pull()
    bench.put_in(name)
    assert bench.must_read().verdict.failed == (), "the next card is served"
    bench.driver.close()
    return result


@pytest.mark.parametrize("fault", CardFault)
@pytest.mark.parametrize("name", GENERATIONS.values(), ids=GENERATIONS)
def test_reading_under_every_fault(fault: CardFault, name: str) -> None:
    result = read_with(fault, name)
    if fault in PROBLEMS:
        assert isinstance(result, CardFailed)
        assert result.problem in PROBLEMS[fault]
        return
    assert isinstance(result, CardRead)
    wanted = CHECKS.get(fault, set())
    if fault is CardFault.COPIED_CHIP and name != "adult":
        wanted = set()  # a copy of an older generation cannot be told from its original without the PIN
    failed = {check.name for check in result.verdict.failed}
    assert wanted <= failed
    if not wanted:
        assert failed == set()


def test_every_fault_is_expected_somewhere() -> None:
    harmless = {
        CardFault.SLOW,
        CardFault.EXTRA_6C,
        CardFault.EXTRA_61,
        CardFault.PIN_BLOCKED,
        CardFault.PULLED_AT_PIN,
        CardFault.FOREIGN_KEY,
    }
    assert {fault.value for fault in PROBLEMS | CHECKS} | {fault.value for fault in harmless} == set(CARD_FAULTS)


def authenticated_with(fault: CardFault, name: str) -> AuthenticateResult:
    bench = Bench()
    bench.put_in(faulty(fault, name))
    pin = pin_of("1234")
    result = bench.driver.authenticate(pin, "nl")
    assert len(pin) == 0
    return result


@pytest.mark.parametrize("fault", CardFault)
@pytest.mark.parametrize("name", ["adult-fr", "adult"])
def test_the_pin_under_every_fault(fault: CardFault, name: str) -> None:
    result = authenticated_with(fault, name)
    match fault:
        case CardFault.PULLED_AT_PIN:
            assert result == CardFailed(CardProblem.REMOVED, "pulled during a command")
        case CardFault.PIN_BLOCKED:
            assert result is PinEnd.BLOCKED
        case CardFault.FOREIGN_KEY | CardFault.COPIED_CHIP:
            assert isinstance(result, Authenticated)
            assert CheckName.CHALLENGE in {check.name for check in result.verdict.failed}
        case _ if fault in PROBLEMS:
            assert isinstance(result, CardFailed)
            assert result.problem in PROBLEMS[fault]
        case _:
            assert isinstance(result, Authenticated)


@pytest.mark.parametrize("name", ["adult-fr", "adult"])
@pytest.mark.parametrize("fault", [CardFault.PULLED_MID_READ, CardFault.MUTE_MID_READ])
def test_at_any_command(fault: CardFault, name: str) -> None:
    """Pulled, or mute, after every number of commands from none to all."""
    whole = Bench()
    whole.put_in(name)
    whole.must_read()
    expected = CardProblem.REMOVED if fault is CardFault.PULLED_MID_READ else CardProblem.MUTE
    for after in range(whole.slot.apdus):
        bench = Bench()
        bench.put_in(faulty(fault, name, after))
        result = bench.read()
        assert isinstance(result, CardFailed), after
        assert result.problem is expected, after
        bench.put_in(name)
        bench.must_read()
