"""Commands in, whole answers out: chains, wrong lengths, cards that never stop, and no copy of a PIN."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import pytest

from drivers.cards.apdu import Answer, Command
from drivers.cards.exchange import MOST_FETCHES, Exchange
from drivers.cards.transport import LineBroken, LineFault, Unsupported

READ = Command(0x00, 0xB0, 0x00, 0x00, le=256)
WRITE = Command(0x00, 0x2A, 0x9E, 0x9A, bytes(32))
VERIFY = Command(0x00, 0x20, 0x00, 0x01)
BLOCK = bytes.fromhex("24 98 76 FF FF FF FF FF")


@dataclass
class Told:
    """A card that answers what it was told, in order; the last answer for ever.

    Attributes:
        given: the very objects it was given.
        heard: copies of them, made when they came.
    """

    answers: list[bytes]
    given: list[bytes] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    atr: bytes = b"\x3b\x00"

    def transmit(self, command: bytes) -> bytes:
        self.given.append(command)
        self.heard.append(bytes(command).hex(" ").upper())
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def control(self, code: int, data: bytes) -> bytes:
        raise Unsupported

    def close(self) -> None:
        """Nothing to free."""


def ask(command: Command, *answers: str) -> tuple[Answer, list[str], list[float]]:
    """The whole answer, what the card heard, and every pause."""
    card, pauses = Told([bytes.fromhex(answer) for answer in answers]), list[float]()
    exchange = Exchange(card, pauses.append)
    answer = exchange.send(command)
    assert exchange.apdus == len(card.heard)
    return answer, card.heard, pauses


@pytest.mark.parametrize(
    ("answers", "data", "fetched"),
    [
        (["AA 90 00"], "AA", []),
        (["61 02", "AA BB 90 00"], "AABB", ["00 C0 00 00 02"]),
        (["AA 61 01", "BB 61 00", "CC 90 00"], "AABBCC", ["00 C0 00 00 01", "00 C0 00 00 00"]),
        (["61 02", "AA 62 82"], "AA", ["00 C0 00 00 02"]),
    ],
    ids=["at once", "fetched", "in a chain, 00 is 256", "ending in a warning"],
)
def test_what_is_held_ready_is_fetched(answers: list[str], data: str, fetched: list[str]) -> None:
    answer, heard, _ = ask(WRITE, *answers)
    assert answer.data == bytes.fromhex(data)
    assert heard[1:] == fetched


def test_a_wrong_length_is_asked_again_once_after_a_pause() -> None:
    answer, heard, pauses = ask(READ, "6C 03", "AA BB CC 90 00")
    assert (answer.data, answer.ok) == (b"\xaa\xbb\xcc", True)
    assert heard == ["00 B0 00 00 00", "00 B0 00 00 03"]
    assert pauses == [0.010]
    assert ask(READ, "6C 00", "90 00")[1][1] == "00 B0 00 00 00", "00 is 256"


def test_a_card_that_wants_ever_another_length_is_not_followed() -> None:
    answer, heard, pauses = ask(READ, "6C 03", "6C 04", "AA 90 00")
    assert answer.sw == 0x6C04
    assert (len(heard), len(pauses)) == (2, 1)


def test_the_second_answer_may_have_to_be_fetched() -> None:
    assert ask(READ, "6C 03", "61 03", "AA BB CC 90 00")[0].data == b"\xaa\xbb\xcc"


def test_data_are_never_sent_twice() -> None:
    answer, heard, _ = ask(WRITE, "6C 03", "90 00")
    assert (answer.sw, len(heard)) == (0x6C03, 1)


def test_a_card_may_be_slow_to_repeat() -> None:
    pauses: list[float] = []
    exchange = Exchange(Told([b"\x6c\x01", b"\xaa\x90\x00"]), pauses.append)
    exchange.delay = 0.05
    exchange.send(READ)
    assert pauses == [0.05]


def test_as_many_fetches_as_permitted_are_whole_and_one_more_is_a_fault() -> None:
    last = ["61 01", *["AA 61 01"] * (MOST_FETCHES - 1), "BB 90 00"]
    answer, heard, _ = ask(WRITE, *last)
    assert answer == Answer(b"\xaa" * (MOST_FETCHES - 1) + b"\xbb", 0x9000)
    assert len(heard) == MOST_FETCHES + 1
    with pytest.raises(LineBroken, match="does not stop") as broken:
        ask(WRITE, "61 01", *["AA 61 01"] * MOST_FETCHES, "BB 90 00")
    assert broken.value.fault is LineFault.MUTE


def test_a_card_that_always_offers_more_is_left_after_that_many() -> None:
    card = Told([b"\xaa\x61\x00"])
    with pytest.raises(LineBroken, match="does not stop"):
        Exchange(card).send(WRITE)
    assert len(card.heard) == MOST_FETCHES + 1


def test_answers_are_counted() -> None:
    exchange = Exchange(Told([b"\xaa\x61\x02", b"\xbb\xcc\x90\x00"]))
    exchange.send(WRITE)
    assert (exchange.apdus, exchange.received) == (2, 7)


def test_a_pin_reaches_the_card_and_what_carried_it_is_overwritten() -> None:
    card, block = Told([b"\x90\x00"]), bytearray(BLOCK)
    assert Exchange(card).send_secret(VERIFY, block).ok
    assert card.heard == ["00 20 00 01 08 24 98 76 FF FF FF FF FF"]
    assert list(card.given[0]) == [0] * 13
    assert block == BLOCK, "the block is the caller's to overwrite"


def test_it_is_overwritten_also_when_the_card_is_pulled() -> None:
    class Pulled(Told):
        def transmit(self, command: bytes) -> bytes:
            super().transmit(command)
            raise LineBroken(LineFault.REMOVED)

    card = Pulled([])
    card.answers = [b""]
    with pytest.raises(LineBroken):
        Exchange(card).send_secret(VERIFY, bytearray(BLOCK))
    assert "98 76" in card.heard[0]
    assert list(card.given[0]) == [0] * 13


def test_a_command_that_is_no_secret_keeps_its_copy() -> None:
    """The control: what the line was given can be seen to stay."""
    card = Told([b"\x90\x00"])
    Exchange(card).send(Command(0x00, 0x2A, 0x9E, 0x9A, BLOCK))
    assert BLOCK in bytes(card.given[0])


def logged(caplog: pytest.LogCaptureFixture, ins: int) -> str:
    """What the log says of a command, sent in the way of secrets."""
    caplog.clear()
    with caplog.at_level(logging.DEBUG, logger="zuil.card"):
        Exchange(Told([BLOCK + b"\x63\xc2"])).send_secret(Command(0x00, ins, 0x00, 0x01), bytearray(BLOCK))
    return caplog.text


@pytest.mark.parametrize("ins", [0x20, 0x24, 0x2C])
def test_of_a_secret_the_log_has_header_and_status_only(caplog: pytest.LogCaptureFixture, ins: int) -> None:
    assert f"00 {ins:02X} 00 01 -> … bytes, 63C2" in logged(caplog, ins)
    assert "98" not in caplog.text.partition("00 01")[2]


def test_of_other_commands_it_has_the_length_too(caplog: pytest.LogCaptureFixture) -> None:
    """The control: the log does tell what it may."""
    assert "-> 8 bytes, 63C2" in logged(caplog, 0x2A)
