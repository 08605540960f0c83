"""Our own reader through the real pcscd: hot-plug, exclusive hold, a card pulled, a daemon that ends."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from drivers.card_contract import (
    Authenticated,
    BadgeRead,
    CardFailed,
    CardKind,
    CardProblem,
    CardRead,
    CardRequest,
    Field,
    NoNumber,
    Pin,
)
from drivers.cards.beid.trust import Trust, load_trust
from drivers.cards.driver import BeidDriver
from drivers.cards.transport import LineBroken, LineFault
from drivers.cards.transports.pcsc import PcscTransport
from drivers.contract import Reason
from drivers.simulated.card.badges import BADGES
from drivers.simulated.card.pki import trust_pem
from drivers.simulated.card.registry import card_named
from drivers.simulated.card.vpcd import VpcdCard
from tests.peers.pcscd import THIS_PROCESS, Pcscd

pytestmark = pytest.mark.xdist_group("pcscd")

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
EVERYTHING = CardRequest(frozenset(Field), certificates=True)
PATIENCE_S = 15.0


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    roots = tmp_path_factory.mktemp("trust") / "roots.pem"
    roots.write_bytes(trust_pem())
    return load_trust(roots, specimens=True)


@pytest.fixture
def pcscd() -> Iterator[Pcscd]:
    try:
        with Pcscd(THIS_PROCESS) as running:
            yield running
    finally:
        shutil.rmtree(THIS_PROCESS)


@pytest.fixture
def slot(pcscd: Pcscd) -> Iterator[VpcdCard]:
    with VpcdCard("127.0.0.1", pcscd.port) as running:
        yield running


@pytest.fixture
def driver(pcscd: Pcscd, trust: Trust) -> Iterator[BeidDriver]:
    opened = BeidDriver(PcscTransport("Virtual"), trust, lambda: NOW, time.sleep)
    yield opened
    opened.close()


def until(driver: BeidDriver, wanted: Callable[[], bool]) -> None:
    """Look at the slot, as the runner does, until something is so."""
    limit = time.monotonic() + PATIENCE_S
    while not wanted():
        assert time.monotonic() < limit, f"the slot holds {driver.slot}"
        driver.status()
        time.sleep(0.02)


@pytest.mark.parametrize("name", ["old-card", "adult-fr", "rekeyed", "adult"])
def test_every_generation_is_read_verified_and_asked_for_its_pin(driver: BeidDriver, slot: VpcdCard, name: str) -> None:
    assert driver.status().usable
    assert driver.slot.card is None
    slot.insert(card_named(name, TODAY))
    until(driver, lambda: driver.slot.card is CardKind.EID)
    read = driver.read(EVERYTHING, lambda _: None)
    assert isinstance(read, CardRead)
    assert read.verdict.failed == ()
    assert read.person.photo is not None
    assert read.person.photo.startswith(b"\xff\xd8")
    pin = Pin()
    pin.add("1234")
    result = driver.authenticate(pin, "nl")
    assert isinstance(result, Authenticated)
    assert result.verdict.failed == ()
    assert len(pin) == 0


def test_a_card_taken_out_and_another_put_in_are_two_insertions(driver: BeidDriver, slot: VpcdCard) -> None:
    slot.insert(card_named("adult", TODAY))
    until(driver, lambda: driver.slot.card is CardKind.EID)
    first = driver.slot.insertion
    slot.pull()
    until(driver, lambda: driver.slot.card is None)
    assert driver.read(EVERYTHING, lambda _: None) == CardFailed(CardProblem.REMOVED)
    slot.insert(card_named("bank", TODAY))
    until(driver, lambda: driver.slot.card is CardKind.BANK)
    assert driver.slot.insertion == first + 1


def test_of_several_readers_the_one_with_a_card_counts(pcscd: Pcscd, driver: BeidDriver, slot: VpcdCard) -> None:
    with VpcdCard("127.0.0.1", pcscd.port + 1) as second:
        second.insert(card_named("adult-fr", TODAY))
        until(driver, lambda: driver.slot.card is CardKind.EID)
        first = driver.slot
        slot.insert(card_named("bank", TODAY))
        pcscd.wait_for_card()
        driver.status()
        assert driver.slot == first, "a card that is in keeps its turn"
        assert isinstance(driver.read(EVERYTHING, lambda _: None), CardRead)
        second.pull()
        until(driver, lambda: driver.slot.card is CardKind.BANK)


def test_a_card_pulled_while_it_is_read(driver: BeidDriver, slot: VpcdCard) -> None:
    card = card_named("adult", TODAY)
    card.set_fault("pulled-mid-read")
    slot.insert(card)
    until(driver, lambda: driver.slot.card is CardKind.EID)
    result = driver.read(EVERYTHING, lambda _: None)
    assert isinstance(result, CardFailed)
    assert result.problem in (CardProblem.REMOVED, CardProblem.MUTE)


def test_the_card_is_held_alone(driver: BeidDriver, slot: VpcdCard, trust: Trust) -> None:
    slot.insert(card_named("adult", TODAY))
    until(driver, lambda: driver.slot.card is CardKind.EID)
    other = PcscTransport("Virtual")
    other.look()
    with pytest.raises(LineBroken) as broken:
        other.connect()
    assert broken.value.fault is LineFault.IN_USE
    second = BeidDriver(other, trust, lambda: NOW, time.sleep)
    second.status()
    assert second.slot.card is CardKind.IN_USE
    assert second.read(EVERYTHING, lambda _: None) == CardFailed(CardProblem.IN_USE, "in_use")
    driver.close()
    until(second, lambda: second.slot.card is CardKind.EID)
    second.close()


def test_a_daemon_that_ends_is_told_and_found_again(pcscd: Pcscd, driver: BeidDriver) -> None:
    assert driver.status().usable
    pcscd.__exit__()
    until(driver, lambda: driver.status().reason is Reason.NO_SERVICE)
    assert "pcscd" in driver.status().raw
    with Pcscd(THIS_PROCESS):
        until(driver, lambda: driver.status().usable)


def test_no_reader_of_that_name(pcscd: Pcscd, trust: Trust) -> None:
    driver = BeidDriver(PcscTransport("Nothing of the kind"), trust, lambda: NOW, time.sleep)
    status = driver.status()
    assert status.reason is Reason.NO_READER
    assert "Nothing of the kind" in status.raw
    driver.close()


@pytest.mark.parametrize("name", ["badge", "badge-desfire"])
def test_a_badge_is_named_by_its_number(driver: BeidDriver, slot: VpcdCard, name: str) -> None:
    slot.insert(card_named(name, TODAY))
    until(driver, lambda: driver.slot.card is CardKind.BADGE)
    assert driver.read_badge() == BadgeRead(BADGES[name].number.hex().upper())
    assert driver.read(EVERYTHING, lambda _: None) == CardFailed(CardProblem.NOT_EID, "badge")
    slot.pull()
    until(driver, lambda: driver.slot.card is None)
    assert driver.read_badge() == CardFailed(CardProblem.REMOVED)


@pytest.mark.parametrize(("name", "why"), [("badge-random", NoNumber.RANDOM), ("badge-silent", NoNumber.NONE)])
def test_a_badge_without_a_number_for_good_names_nobody(
    driver: BeidDriver, slot: VpcdCard, name: str, why: NoNumber
) -> None:
    slot.insert(card_named(name, TODAY))
    until(driver, lambda: driver.slot.card is CardKind.BADGE)
    assert driver.read_badge() is why


def test_a_badge_torn_away_while_its_number_is_asked_for(driver: BeidDriver, slot: VpcdCard) -> None:
    card = card_named("badge", TODAY)
    card.set_fault("pulled-mid-read", 0)
    slot.insert(card)
    until(driver, lambda: driver.slot.card is CardKind.BADGE)
    torn = driver.read_badge()
    assert isinstance(torn, CardFailed)
    assert torn.problem in (CardProblem.REMOVED, CardProblem.MUTE)
