"""The virtual slot over real TCP: cards come and go; one that answers late, in crumbs or nonsense harms nobody."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from config.settings import CardSettings
from drivers.card_contract import CardFailed, CardKind, CardProblem, CardRead, Slot
from drivers.cards.address import BadReaderAddress, VirtualReader, parse_reader
from drivers.cards.driver import BeidDriver
from drivers.cards.opening import connect
from drivers.cards.transport import Connection, LineBroken, LineFault, Unsupported
from drivers.cards.transports.virtual import GET_ATR, NAME, POWER_OFF, POWER_ON, VirtualTransport
from drivers.contract import CannotOpen, Reason
from drivers.simulated.card.registry import card_named
from drivers.simulated.card.vpcd import VpcdCard
from tests.drivers.card_bench import EVERYTHING, NOW, TODAY, roots_of_the_simulation

LIMIT_S = 10.0
SHORT_S = 0.05
ATR = b"\x3b\x00"
COMMAND = bytes.fromhex("00B0000000")
ANSWER = b"answer\x90\x00"


@pytest.fixture
def slot() -> Iterator[VirtualTransport]:
    slot = VirtualTransport("127.0.0.1", 0)
    yield slot
    slot.close()


@pytest.fixture
def impatient() -> Iterator[VirtualTransport]:
    slot = VirtualTransport("127.0.0.1", 0, answer_seconds=SHORT_S)
    yield slot
    slot.close()


@pytest.fixture
def driver(slot: VirtualTransport) -> BeidDriver:
    return BeidDriver(slot, roots_of_the_simulation(), lambda: NOW, lambda _: None)


@pytest.fixture
def card(slot: VirtualTransport) -> Iterator[VpcdCard]:
    with VpcdCard("127.0.0.1", slot.port, empty_seconds=0) as card:
        yield card


class RawCard:
    """The other end, byte by byte in the hands of the test."""

    def __init__(self, slot: VirtualTransport) -> None:
        self.line = socket.create_connection(("127.0.0.1", slot.port))
        self.line.settimeout(LIMIT_S)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def hear(self) -> bytes:
        length = int.from_bytes(self.line.recv(2, socket.MSG_WAITALL), "big")
        return self.line.recv(length, socket.MSG_WAITALL)

    def power_up(self) -> None:
        assert self.hear() == POWER_ON
        assert self.hear() == GET_ATR
        self.line.sendall(framed(ATR))

    def close(self) -> None:
        self.line.close()


def framed(payload: bytes) -> bytes:
    return len(payload).to_bytes(2, "big") + payload


@contextmanager
def answering(slot: VirtualTransport, script: Callable[[RawCard], None]) -> Iterator[RawCard]:
    """A card that follows a script in a thread of its own."""
    card = RawCard(slot)
    thread = threading.Thread(target=script, args=(card,))
    thread.start()
    try:
        until(lambda: slot.look().present)
        yield card
    finally:
        thread.join(LIMIT_S)
        card.close()


def until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < limit
        threading.Event().wait(0.002)


def holds(driver: BeidDriver, kind: CardKind | None) -> Slot:
    """Look, as the runner does, until the slot holds that."""

    def looked() -> bool:
        assert driver.status().usable
        return driver.slot.card is kind

    until(looked)
    return driver.slot


def test_put_in_read_exchanged_and_taken_out(driver: BeidDriver, card: VpcdCard) -> None:
    assert driver.status().raw == NAME
    assert driver.slot == Slot()
    card.insert(card_named("adult", TODAY))
    assert holds(driver, CardKind.EID) == Slot(CardKind.EID, 1)
    read = driver.read(EVERYTHING, lambda _: None)
    assert isinstance(read, CardRead)
    assert read.verdict.failed == ()
    card.insert(card_named("bank", TODAY))
    assert holds(driver, CardKind.BANK) == Slot(CardKind.BANK, 2)
    card.pull()
    assert holds(driver, None) == Slot(None, 2)
    assert driver.read(EVERYTHING, lambda _: None) == CardFailed(CardProblem.REMOVED)


def test_exchanged_between_two_looks_it_is_another_card(driver: BeidDriver, slot: VirtualTransport) -> None:
    with VpcdCard("127.0.0.1", slot.port) as first, VpcdCard("127.0.0.1", slot.port) as second:
        first.insert(card_named("adult", TODAY))
        assert holds(driver, CardKind.EID).insertion == 1
        second.insert(card_named("adult-de", TODAY))
        assert second.wait_until_connected()
        first.pull()
        assert first.wait_until_connected(connected=False)
        driver.status()
        assert driver.slot == Slot(CardKind.EID, 2), "never seen empty, and still another insertion"


def test_of_two_cards_at_once_the_second_waits_its_turn(driver: BeidDriver, slot: VirtualTransport) -> None:
    with VpcdCard("127.0.0.1", slot.port) as first, VpcdCard("127.0.0.1", slot.port) as second:
        first.insert(card_named("adult", TODAY))
        assert first.wait_until_connected()
        second.insert(card_named("bank", TODAY))
        assert second.wait_until_connected()
        assert holds(driver, CardKind.EID) == Slot(CardKind.EID, 1, found=True), "it was there at the first look"
        read = driver.read(EVERYTHING, lambda _: None)
        assert isinstance(read, CardRead), "the other one does not speak in between"
        assert driver.slot.insertion == 1
        first.pull()
        assert holds(driver, CardKind.BANK) == Slot(CardKind.BANK, 2)


@pytest.mark.parametrize("reader", ["virtual://0.0.0.0:35963", "virtual://192.0.2.1:35963", "virtual://[::]:1"])
def test_settings_permit_no_slot_that_other_machines_reach(reader: str) -> None:
    with pytest.raises(BadReaderAddress, match="no slot on this machine"):
        parse_reader(reader)
    with pytest.raises(ValueError, match="reader"):
        CardSettings(reader=reader)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1"])
def test_every_address_the_settings_permit_can_be_listened_on(host: str) -> None:
    slot = VirtualTransport(host, 0)
    with socket.create_connection((host, slot.port)):
        until(lambda: slot.look().present)
    slot.close()


def test_a_port_that_is_taken_is_said_and_may_become_free(slot: VirtualTransport) -> None:
    refused = connect(VirtualReader("127.0.0.1", slot.port))
    assert isinstance(refused, CannotOpen)
    assert refused.reason is Reason.UNREACHABLE
    assert not refused.permanent
    assert str(slot.port) in refused.detail
    slot.close()
    again = connect(VirtualReader("127.0.0.1", slot.port))
    assert isinstance(again, VirtualTransport)
    again.close()


def test_whole_after_every_possible_cut(slot: VirtualTransport) -> None:
    whole = framed(ANSWER)

    def crumbs(card: RawCard) -> None:
        card.power_up()
        for cut in range(1, len(whole)):
            assert card.hear() == COMMAND
            card.line.sendall(whole[:cut])
            card.line.sendall(whole[cut:])
        assert card.hear() == COMMAND
        for octet in whole:
            card.line.sendall(bytes((octet,)))

    with answering(slot, crumbs):
        connection = slot.connect()
        assert connection.atr == ATR
        for _ in range(len(whole)):
            assert connection.transmit(COMMAND) == ANSWER


@pytest.mark.parametrize("told", range(len(framed(ANSWER))))
def test_the_end_of_the_line_inside_an_answer_is_a_card_taken_out(slot: VirtualTransport, told: int) -> None:
    def leave(card: RawCard) -> None:
        card.power_up()
        assert card.hear() == COMMAND
        card.line.sendall(framed(ANSWER)[:told])
        card.close()

    with answering(slot, leave):
        connection = slot.connect()
        with pytest.raises(LineBroken) as broken:
            connection.transmit(COMMAND)
        assert broken.value.fault is LineFault.REMOVED
        assert not slot.look().present
        with pytest.raises(LineBroken):
            slot.connect()


@pytest.mark.parametrize("frame", [b"\x00\x00", b"\x00\x01\x90"], ids=["empty", "half a status word"])
def test_an_answer_without_a_status_word_is_mute_and_the_next_one_counts(slot: VirtualTransport, frame: bytes) -> None:
    def answers(card: RawCard) -> None:
        card.power_up()
        assert card.hear() == COMMAND
        card.line.sendall(frame)
        assert card.hear() == COMMAND
        card.line.sendall(framed(ANSWER))

    with answering(slot, answers):
        connection = slot.connect()
        with pytest.raises(LineBroken) as broken:
            connection.transmit(COMMAND)
        assert broken.value.fault is LineFault.MUTE
        assert connection.transmit(COMMAND) == ANSWER


def test_a_card_without_an_answer_to_reset_is_mute(slot: VirtualTransport) -> None:
    def mute(card: RawCard) -> None:
        assert (card.hear(), card.hear()) == (POWER_ON, GET_ATR)
        card.line.sendall(framed(b""))

    with answering(slot, mute), pytest.raises(LineBroken) as broken:
        slot.connect()
    assert broken.value.fault is LineFault.MUTE


@pytest.mark.parametrize("told", [b"", framed(ANSWER)[:-1], b"\xff\xff garbage"], ids=["nothing", "half", "garbage"])
def test_a_card_that_does_not_end_its_answer_is_mute_until_it_is_put_in_again(
    impatient: VirtualTransport, told: bytes
) -> None:
    """What it still says would otherwise pass for the answer to another command."""
    with answering(impatient, RawCard.power_up) as card:
        connection = impatient.connect()
        card.line.sendall(told)
        with pytest.raises(LineBroken, match="no whole answer within") as broken:
            connection.transmit(COMMAND)
        assert broken.value.fault is LineFault.MUTE
        card.line.sendall(framed(b"late\x90\x00"))
        for speak in (lambda: connection.transmit(COMMAND), impatient.connect):
            with pytest.raises(LineBroken, match="put it in again"):
                speak()
        connection.close()
        assert impatient.look().present
    until(lambda: not impatient.look().present)
    with answering(impatient, RawCard.power_up):
        assert impatient.connect().atr == ATR


def test_the_limit_is_for_the_whole_answer(impatient: VirtualTransport) -> None:
    """A card that drips would otherwise hold the bus for days."""
    stopped = threading.Event()

    def drip(card: RawCard) -> None:
        card.power_up()
        card.line.sendall(b"\xff\xff")
        while not stopped.wait(SHORT_S / 5):
            card.line.sendall(b"\x00")

    with answering(impatient, drip):
        connection = impatient.connect()
        try:
            with pytest.raises(LineBroken, match="no whole answer"):
                connection.transmit(COMMAND)
        finally:
            stopped.set()


def test_a_card_that_speaks_unasked_and_goes_does_not_stay_for_ever(slot: VirtualTransport) -> None:
    with answering(slot, RawCard.power_up) as card:
        connection = slot.connect()
        card.line.sendall(framed(ANSWER))
        until(lambda: not in_step(slot, connection))
    until(lambda: not slot.look().present)


def in_step(slot: VirtualTransport, connection: Connection) -> bool:
    """Whether the card would still be asked; it answers nothing more."""
    slot.look()
    try:
        connection.close()
        slot.connect()
    except LineBroken as broken:
        return "unasked" not in broken.detail
    return True


def test_noise_for_answers_is_a_card_that_cannot_be_read(driver: BeidDriver, card: VpcdCard) -> None:
    noisy = card_named("adult", TODAY)
    card.insert(noisy)
    holds(driver, CardKind.EID)
    noisy.set_fault("garbage")
    result = driver.read(EVERYTHING, lambda _: None)
    assert isinstance(result, CardFailed)
    noisy.clear()
    card.insert(noisy)
    until(lambda: driver.status().usable and isinstance(driver.read(EVERYTHING, lambda _: None), CardRead))


def test_power_off_is_told_and_every_right_is_gone(slot: VirtualTransport) -> None:
    heard: list[bytes] = []

    def listen(card: RawCard) -> None:
        card.power_up()
        heard.append(card.hear())

    with answering(slot, listen):
        slot.connect().close()
    assert heard == [POWER_OFF]


def test_it_has_no_keys_and_after_the_end_no_reader(slot: VirtualTransport) -> None:
    with answering(slot, RawCard.power_up):
        connection = slot.connect()
        with pytest.raises(Unsupported):
            connection.control(0x42000D48, b"")
        slot.close()
        slot.close()
        connection.close()
        with pytest.raises(LineBroken):
            connection.transmit(COMMAND)
    assert slot.look().trouble is Reason.NO_READER


def test_nothing_stays_open(driver: BeidDriver, card: VpcdCard, slot: VirtualTransport) -> None:
    """The listening socket is looked for after every test; this is the card's own."""
    card.insert(card_named("adult", TODAY))
    holds(driver, CardKind.EID)
    line = slot._card
    assert line is not None
    driver.close()
    assert line._socket.fileno() == -1
    assert card.wait_until_connected(connected=False)
