"""A simulated card at the other end of the vpcd protocol, with the test in place of the reader."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from drivers.simulated.card.registry import card_named
from drivers.simulated.card.vpcd import GET_ATR, POWER_OFF, POWER_ON, RESET, VpcdCard
from tests.drivers.card_rigs import TODAY

VERIFY = bytes.fromhex("0020000108241234FFFFFFFFFF")
STATE = bytes.fromhex("0020000100")


class Reader:
    """Listens as a virtual reader does."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(10)
        self.port: int = self._listening.getsockname()[1]
        self._line: socket.socket | None = None

    @property
    def line(self) -> socket.socket:
        """The connection with the card."""
        if self._line is None:
            self._line, _ = self._listening.accept()
            self._line.settimeout(10)
        return self._line

    def say(self, payload: bytes) -> None:
        self.line.sendall(len(payload).to_bytes(2, "big") + payload)

    def ask(self, payload: bytes) -> bytes:
        self.say(payload)
        return self.hear(int.from_bytes(self.hear(2), "big"))

    def hear(self, length: int) -> bytes:
        return self.line.recv(length, socket.MSG_WAITALL) if length else b""

    def ended(self) -> bool:
        """Whether the card is gone; the next question goes to the next one."""
        gone = self.line.recv(1) == b""
        self.eject()
        return gone

    def eject(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def close(self) -> None:
        self.eject()
        self._listening.close()


@pytest.fixture
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.close()


@pytest.fixture
def slot(reader: Reader) -> Iterator[VpcdCard]:
    with VpcdCard("127.0.0.1", reader.port, empty_seconds=0) as slot:
        yield slot


def test_answer_to_reset_and_commands(reader: Reader, slot: VpcdCard) -> None:
    card = card_named("adult", TODAY)
    slot.insert(card)
    reader.say(POWER_ON)
    assert reader.ask(GET_ATR) == card.atr
    assert slot.connected
    assert reader.ask(STATE) == b"\x63\xc3"


@pytest.mark.parametrize("power", [POWER_OFF, POWER_ON, RESET])
def test_power_drops_rights(reader: Reader, slot: VpcdCard, power: bytes) -> None:
    slot.insert(card_named("adult", TODAY))
    assert reader.ask(VERIFY) == b"\x90\x00"
    assert reader.ask(STATE) == b"\x90\x00"
    reader.say(power)
    assert reader.ask(STATE) == b"\x63\xc3"


def test_payloads_in_crumbs_and_of_no_length(reader: Reader, slot: VpcdCard) -> None:
    slot.insert(card_named("adult", TODAY))
    for byte in len(VERIFY).to_bytes(2, "big") + VERIFY:
        reader.line.sendall(bytes((byte,)))
    assert reader.hear(4) == b"\x00\x02\x90\x00"
    assert reader.ask(b"") == b"\x67\x00"


def test_a_pulled_card_ends_the_connection_and_the_next_one_makes_another(reader: Reader, slot: VpcdCard) -> None:
    slot.insert(card_named("adult", TODAY))
    first = reader.ask(GET_ATR)
    slot.pull()
    assert reader.ended()
    assert slot.wait_until_connected(False)
    assert slot.card is None
    slot.insert(card_named("adult-fr", TODAY))
    assert reader.ask(GET_ATR) not in (first, b"")


def test_another_card_takes_its_place(reader: Reader, slot: VpcdCard) -> None:
    slot.insert(card_named("adult", TODAY))
    assert reader.ask(GET_ATR)
    slot.insert(card_named("bank", TODAY))
    assert reader.ended()
    assert reader.ask(GET_ATR).hex().startswith("3b67")


def test_a_card_pulled_by_its_fault_does_not_come_back(reader: Reader, slot: VpcdCard) -> None:
    card = card_named("adult", TODAY)
    card.set_fault("pulled-mid-read", after=1)
    slot.insert(card)
    assert reader.ask(STATE) == b"\x63\xc3"
    reader.say(STATE)
    assert reader.ended()
    assert slot.wait_until_connected(False)
    assert slot.card is None


def test_a_mute_card_answers_with_nothing(reader: Reader, slot: VpcdCard) -> None:
    card = card_named("adult", TODAY)
    slot.insert(card)
    assert reader.ask(STATE) == b"\x63\xc3"
    card.set_fault("mute")
    assert reader.ask(STATE) == b""
    assert reader.ask(GET_ATR) == b""


def test_it_comes_back_when_the_reader_hangs_up(reader: Reader, slot: VpcdCard) -> None:
    slot.insert(card_named("adult", TODAY))
    assert reader.ask(GET_ATR)
    reader.eject()
    assert reader.ask(GET_ATR)


def test_it_waits_for_a_reader_that_is_not_there_yet() -> None:
    early = Reader()
    port = early.port
    early.close()
    with VpcdCard("127.0.0.1", port, empty_seconds=0) as slot:
        slot.insert(card_named("adult", TODAY))
        assert not slot.wait_until_connected(seconds=0.05)
        with socket.create_server(("127.0.0.1", port)):
            assert slot.wait_until_connected()
    assert not slot.connected
