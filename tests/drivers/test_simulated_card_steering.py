"""The simulated card told what to do by lines of text, and the verb `zuil simulate card` around it."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import typer
from cryptography import x509
from typer.testing import CliRunner

from drivers.simulated.card.faults import CARD_FAULTS
from drivers.simulated.card.generation import Generation
from drivers.simulated.card.pki import trust_pem
from drivers.simulated.card.registry import CARDS
from drivers.simulated.card.steering import HELP, CardSteering, run_card_simulator
from drivers.simulated.card.vpcd import GET_ATR, VpcdCard
from kiosk.commands.devices import simulate
from kiosk.commands.failures import Failed
from tests.drivers.card_rigs import TODAY


@pytest.fixture
def reader() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        yield listening


@pytest.fixture
def slot(reader: socket.socket) -> Iterator[VpcdCard]:
    with VpcdCard("127.0.0.1", reader.getsockname()[1], empty_seconds=0) as slot:
        yield slot


def _steering(slot: VpcdCard, generation: Generation | None = None) -> CardSteering:
    return CardSteering(slot, lambda: TODAY, generation)


def test_every_command_answers_with_what_it_did(slot: VpcdCard) -> None:
    steering = _steering(slot)
    assert steering.steer("state\n") == "no card"
    assert steering.steer("fault slow") == "no card is in; insert one first"
    assert steering.steer("insert adult") == f"adult: {CARDS['adult']}"
    assert slot.wait_until_connected()
    assert steering.steer("state") == "adult; in the reader; fault: none"
    assert steering.steer("fault wrong-photo") == f"wrong-photo: {CARD_FAULTS['wrong-photo']}"
    assert steering.steer("state").endswith("fault: wrong-photo")
    assert steering.steer("clear") == "all faults cleared"
    assert steering.steer("state").endswith("fault: none")
    assert steering.steer("pull") == "pulled"
    assert steering.steer("state") == "no card"
    assert steering.steer("cards").count("\n") == len(CARDS) - 1
    assert steering.steer("faults").count("\n") == len(CARD_FAULTS) - 1


@pytest.mark.parametrize("line", ["", "explode", "insert", "insert a b", "fault"])
def test_what_is_no_command_is_told_the_commands(line: str, slot: VpcdCard) -> None:
    assert _steering(slot).steer(line) == HELP


def test_what_is_no_name_is_told_the_names(slot: VpcdCard) -> None:
    steering = _steering(slot)
    assert "there are adult, " in steering.steer("insert nobody")
    steering.steer("insert adult")
    assert "there are pulled-mid-read, " in steering.steer("fault fire")


def test_a_card_without_a_reader_says_so() -> None:
    with VpcdCard("127.0.0.1", 9) as slot:
        steering = _steering(slot)
        steering.steer("insert adult")
        assert steering.steer("state") == "adult; no reader listens; fault: none"


def test_a_whole_run_by_another_process(reader: socket.socket, slot: VpcdCard) -> None:
    heard: list[bytes] = []

    def commands() -> Iterator[str]:
        line, _ = reader.accept()
        with line:
            line.sendall(b"\x00\x01" + GET_ATR)
            heard.append(line.recv(2 + 13, socket.MSG_WAITALL))
            yield "state\n"
        yield "quit\n"
        yield "insert adult\n"

    replies = io.StringIO()
    steering = _steering(slot, Generation.V1_7)
    assert run_card_simulator(steering, ("insert adult",), commands(), replies) == 0  # type: ignore[arg-type]
    assert heard[0].hex().endswith("ad1311")
    assert replies.getvalue().splitlines()[0] == HELP
    assert "adult; in the reader" in replies.getvalue()
    assert replies.getvalue().count("adult: ") == 1


def _app() -> typer.Typer:
    app = typer.Typer()
    app.add_typer(simulate, name="simulate")
    return app


def test_the_verb_lists_every_name() -> None:
    result = CliRunner().invoke(_app(), ["simulate", "card", "--list"])
    assert result.exit_code == 0
    assert all(name in result.output for name in (*CARDS, *CARD_FAULTS))


def test_the_verb_gives_roots_and_carries_out_what_it_is_told(reader: socket.socket, tmp_path: Path) -> None:
    port, trust = reader.getsockname()[1], tmp_path / "trust.pem"
    arguments = ["--vpcd", f"127.0.0.1:{port}", "--card", "kids-id", "--fault", "slow", "--trust-out", str(trust)]
    result = CliRunner().invoke(
        _app(), ["simulate", "card", *arguments, "--generation", "1.7"], input="state\npull\nquit\n"
    )
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[1:3] == [f"kids-id: {CARDS['kids-id']}", f"slow: {CARD_FAULTS['slow']}"]
    assert lines[3].startswith("kids-id; ")
    assert lines[4] == "pulled"
    assert trust.read_bytes() == trust_pem()
    assert len(x509.load_pem_x509_certificates(trust.read_bytes())) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--vpcd", "35963"], "is no HOST:PORT"),
        (["--vpcd", "127.0.0.1:0"], "is no HOST:PORT"),
        (["--vpcd", "192.0.2.1:35963"], "is another machine"),
        (["--card", "nobody"], "there are adult, "),
        (["--fault", "fire"], "there are pulled-mid-read, "),
        (["--generation", "2.0"], "there are 1.1, "),
    ],
)
def test_words_the_verb_cannot_use(arguments: list[str], told: str) -> None:
    result = CliRunner().invoke(_app(), ["simulate", "card", *arguments], input="")
    assert isinstance(result.exception, Failed)
    assert result.exception.status == 2
    assert told in str(result.exception)


def test_roots_that_cannot_be_written(tmp_path: Path) -> None:
    arguments = ["simulate", "card", "--trust-out", str(tmp_path / "no" / "trust.pem")]
    result = CliRunner().invoke(_app(), arguments, input="")
    assert isinstance(result.exception, Failed)
    assert result.exception.status == 1


def test_today_is_the_day_the_card_is_put_in(slot: VpcdCard) -> None:
    asked: list[date] = []

    def today() -> date:
        asked.append(TODAY)
        return TODAY

    steering = CardSteering(slot, today)
    assert asked == []
    steering.steer("insert adult")
    assert asked == [TODAY]
