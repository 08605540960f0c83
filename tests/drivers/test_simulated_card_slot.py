"""The simulated slot: a transport whose card comes and goes, other people's cards, and a reader with keys."""

from __future__ import annotations

import threading

import pytest

from drivers.cards.transport import Connection, LineBroken, LineFault, Transport, Unsupported
from drivers.contract import Reason
from drivers.simulated.card.faulty import FaultyCard
from drivers.simulated.card.pinpad import FEATURE_REQUEST, VERIFY_CODE, Keying, SimulatedPinpad
from drivers.simulated.card.registry import card_named
from drivers.simulated.card.slot import SimulatedSlot
from tests.drivers.card_rigs import TODAY

STRUCTURE = bytes.fromhex("1E1E8947040C04020113080000000 00D000000".replace(" ", ""))
"""Of belgian-eid.md §6, without its command."""
TEMPLATE = bytes.fromhex("0020000108 20FFFFFFFFFFFFFF")
APPLET = bytes.fromhex("00A404000FA00000003029057000AD13100101FF")


def _broken(connection: Connection) -> LineFault:
    with pytest.raises(LineBroken) as caught:
        connection.transmit(APPLET)
    return caught.value.fault


def _refused(slot: SimulatedSlot) -> LineFault:
    with pytest.raises(LineBroken) as caught:
        slot.connect()
    return caught.value.fault


def _inserted(name: str = "adult", pinpad: SimulatedPinpad | None = None) -> tuple[SimulatedSlot, FaultyCard]:
    slot, card = SimulatedSlot(pinpad), card_named(name, TODAY)
    slot.insert(card)
    return slot, card


def test_a_card_comes_and_goes() -> None:
    slot = SimulatedSlot()
    transport: Transport = slot
    assert not transport.look().present
    assert _refused(slot) is LineFault.REMOVED
    slot.insert(card_named("adult", TODAY))
    first = transport.look()
    assert first.present
    slot.pull()
    assert not transport.look().present
    slot.insert(card_named("adult", TODAY))
    assert transport.look().insertion > first.insertion


def test_commands_and_bytes_are_counted() -> None:
    slot, _ = _inserted()
    connection = slot.connect()
    assert connection.transmit(APPLET) == b"\x90\x00"
    assert (slot.apdus, slot.octets) == (1, len(APPLET) + 2)


def test_a_pulled_card_is_gone_for_its_connection_even_when_another_is_in() -> None:
    slot, _ = _inserted()
    connection = slot.connect()
    slot.pull()
    assert _broken(connection) is LineFault.REMOVED
    slot.insert(card_named("adult", TODAY))
    assert _broken(connection) is LineFault.REMOVED
    with pytest.raises(LineBroken):
        connection.control(FEATURE_REQUEST, b"")
    connection.close()
    assert slot.connect().transmit(APPLET) == b"\x90\x00"


def test_pulling_does_not_wait_for_a_slow_card_and_its_answer_is_lost() -> None:
    slot = SimulatedSlot()
    asked, go_on = threading.Event(), threading.Event()

    def pause(_: float) -> None:
        asked.set()
        assert go_on.wait(10)

    card = FaultyCard(card_named("adult", TODAY).card, TODAY, pause)
    card.set_fault("slow")
    slot.insert(card)
    connection = slot.connect()
    faults: list[LineFault] = []
    reader = threading.Thread(target=lambda: faults.append(_broken(connection)))
    reader.start()
    assert asked.wait(10)
    slot.pull()
    assert not slot.look().present
    go_on.set()
    reader.join(10)
    assert faults == [LineFault.REMOVED]


def test_closing_drops_every_right_and_the_connection() -> None:
    slot, _ = _inserted()
    connection = slot.connect()
    connection.transmit(bytes.fromhex("0020000108241234FFFFFFFFFF"))
    connection.close()
    connection.close()
    assert _broken(connection) is LineFault.REMOVED
    assert slot.connect().transmit(bytes.fromhex("0020000100")) == b"\x63\xc3"


def test_a_card_that_goes_by_its_own_fault_leaves_the_slot_empty() -> None:
    slot, card = _inserted()
    connection = slot.connect()
    card.set_fault("pulled-mid-read", after=0)
    assert _broken(connection) is LineFault.REMOVED
    assert not slot.look().present
    assert slot.card is None


@pytest.mark.parametrize("name", ["upside-down", "adult"])
def test_mute_cards(name: str) -> None:
    slot, card = _inserted(name)
    if name == "adult":
        connection = slot.connect()
        card.set_fault("mute")
        assert _broken(connection) is LineFault.MUTE
    assert _refused(slot) is LineFault.MUTE
    assert slot.look().present


def test_a_reader_in_other_hands_and_one_that_is_unplugged() -> None:
    slot, _ = _inserted()
    slot.in_use = True
    assert _refused(slot) is LineFault.IN_USE
    slot.in_use = False
    connection = slot.connect()
    slot.unplugged = True
    assert slot.look().trouble is Reason.NO_READER
    assert _broken(connection) is LineFault.READER
    assert _refused(slot) is LineFault.READER
    slot.unplugged = False
    slot.close()
    assert slot.connect().atr


@pytest.mark.parametrize(
    ("name", "application", "answer"),
    [
        ("bank", b"1PAY.SYS.DDF01", b"\x61\x12"),
        ("bank", b"1TIC.ICA", b"\x6a\x82"),
        ("mobib", b"1TIC.ICA", b"\x61\x0c"),
        ("foreign-eid", bytes.fromhex("A0000002471001"), b"\x61\x0b"),
        ("foreign-eid", bytes.fromhex("A000000063504B43532D3135"), b"\x61\x10"),
        ("dutch-eid", bytes.fromhex("A0000007885043412D654D525444"), b"\x61\x12"),
        ("blank", b"1PAY.SYS.DDF01", b"\x6a\x82"),
        ("sis", b"1PAY.SYS.DDF01", b"\x6d\x00"),
    ],
)
def test_other_cards(name: str, application: bytes, answer: bytes) -> None:
    slot, _ = _inserted(name)
    connection = slot.connect()
    assert connection.transmit(bytes((0x00, 0xA4, 0x04, 0x00, len(application))) + application) == answer
    if answer[0] == 0x61:
        assert connection.transmit(bytes((0x00, 0xC0, 0x00, 0x00, answer[1])))[-2:] == b"\x90\x00"
        assert connection.transmit(bytes((0x00, 0xC0, 0x00, 0x00, answer[1]))) == b"\x69\x85"
    assert connection.transmit(APPLET)[0] in (0x6A, 0x6D)
    assert connection.atr[0] == 0x3B


def test_a_reader_without_keys_says_so() -> None:
    slot, _ = _inserted()
    with pytest.raises(Unsupported):
        slot.connect().control(FEATURE_REQUEST, b"")


def test_keys_of_the_reader() -> None:
    pinpad = SimulatedPinpad(["1234", "9999", Keying.CANCELLED, Keying.TIMED_OUT, "123", "12345"])
    slot, _ = _inserted(pinpad=pinpad)
    connection = slot.connect()
    assert connection.control(FEATURE_REQUEST, b"").hex() == "0604" + f"{VERIFY_CODE:08x}"
    with pytest.raises(Unsupported):
        connection.control(0x42330007, b"")
    said = [connection.control(VERIFY_CODE, STRUCTURE + TEMPLATE).hex() for _ in range(7)]
    assert said == ["9000", "63c2", "6401", "6400", "6403", "63c1", "6400"]
    assert pinpad.languages == [0x0813] * 7


@pytest.mark.parametrize(("digits", "block"), [("1234", "241234FFFFFFFFFF"), ("12345", "2512345FFFFFFFFF")])
def test_the_reader_builds_the_block_by_the_structure(digits: str, block: str) -> None:
    sent: list[bytes] = []

    def transmit(command: bytes) -> bytes:
        sent.append(command)
        return b"\x90\x00"

    assert SimulatedPinpad([digits]).control(VERIFY_CODE, STRUCTURE + TEMPLATE, transmit) == b"\x90\x00"
    assert sent == [bytes.fromhex("0020000108" + block)]


@pytest.mark.parametrize(
    "structure",
    [
        b"",
        STRUCTURE[:-1],
        STRUCTURE + TEMPLATE[:-1],
        STRUCTURE + TEMPLATE + b"\xff",
        STRUCTURE.replace(b"\x89", b"\x82", 1) + TEMPLATE,
        STRUCTURE.replace(b"\x47", b"\x48", 1) + TEMPLATE,
        STRUCTURE.replace(b"\x47", b"\x41", 1) + TEMPLATE,
        STRUCTURE.replace(b"\x47", b"\x87", 1) + TEMPLATE,
    ],
)
def test_the_reader_rejects_a_structure_it_cannot_follow(structure: bytes) -> None:
    pinpad = SimulatedPinpad(["1234"])
    assert pinpad.control(VERIFY_CODE, structure, lambda _: b"\x90\x00") == b"\x6b\x80"


def test_a_wrong_place_in_the_structure_makes_a_wrong_pin() -> None:
    slot, _ = _inserted(pinpad=SimulatedPinpad(["1234"]))
    shifted = STRUCTURE.replace(b"\x89\x47", b"\x91\x46", 1)
    assert slot.connect().control(VERIFY_CODE, shifted + TEMPLATE) == b"\x63\xc2"
