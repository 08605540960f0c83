"""The simulated terminals told what to do by lines of text, and the verb `zuil simulate terminal` around them."""

from __future__ import annotations

import io
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from config.settings import TerminalSettings
from drivers.contract import CannotOpen
from drivers.payment_contract import Approved, Declined, Inconclusive, PaymentEvidence, PaymentOrder
from drivers.payments.opening import open_terminal
from drivers.payments.opi.address import parse_opi_uri
from drivers.simulated.terminal.adyen.oddities import CutPoint
from drivers.simulated.terminal.adyen.terminal import SimulatedAdyenTerminal
from drivers.simulated.terminal.opi.terminal import SimulatedOpiTerminal
from drivers.simulated.terminal.scripts import SCRIPTS, Script
from drivers.simulated.terminal.steering import (
    HELP,
    NoSuchCut,
    SimulatedTerminal,
    TerminalSteering,
    run_terminal_simulator,
)
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from kiosk.commands.devices import simulate
from kiosk.commands.failures import Failed
from tests.drivers.adyen_bench import Notes, quiet

PROTOCOLS = ("adyen", "zvt", "opi")
MAKERS: dict[str, Callable[[], SimulatedTerminal]] = {
    "adyen": SimulatedAdyenTerminal,
    "zvt": SimulatedZvtTerminal,
    "opi": SimulatedOpiTerminal,
}
ORDER = PaymentOrder("0197f3c0-7f3b-7000-8000-000000000417", 1250)
SECOND = PaymentOrder("0197f3c0-7f3b-7000-8000-000000000418", 475)


@pytest.fixture(autouse=True)
def _numbers_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tills count their messages in a folder of this test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(params=PROTOCOLS)
def terminal(request: pytest.FixtureRequest) -> Iterator[SimulatedTerminal]:
    terminal = MAKERS[request.param]()
    terminal.start()
    yield terminal
    terminal.stop()


def _steering(terminal: SimulatedTerminal) -> TerminalSteering:
    return TerminalSteering(terminal, range(1, 7))


def test_every_command_answers_with_what_it_did(terminal: SimulatedTerminal) -> None:
    steering = _steering(terminal)
    assert steering.steer("script decline\n") == f"decline: {SCRIPTS['decline']}"
    assert terminal.script is Script.DECLINE
    assert steering.steer("state").startswith("script: decline; breaks at: ")
    assert steering.steer("cut 3") == f"cut: {SCRIPTS['cut']} Breaks at: 3."
    assert (terminal.script, terminal.cut_at) == (Script.CUT, 3)
    assert steering.steer("state") == "script: cut; breaks at: 3; bookings: 0; balance: 0 cents"
    assert steering.steer("script approve") == f"approve: {SCRIPTS['approve']}"
    assert (terminal.script, terminal.cut_at) == (Script.APPROVE, 3)
    assert steering.steer("scripts").count("\n") == len(SCRIPTS) - 1


def test_the_ledger_shows_every_booking_and_what_was_undone(terminal: SimulatedTerminal) -> None:
    steering = _steering(terminal)
    assert steering.steer("ledger") == "balance: 0 cents"
    terminal.ledger.book(1250, "417")
    terminal.ledger.book(300)
    terminal.ledger.reverse(1)
    assert steering.steer("ledger").splitlines() == [
        "booking 1: 1250 cents; reference: '417'; undone: yes",
        "booking 2: 300 cents; reference: ''; undone: no",
        "balance: 300 cents",
    ]
    assert steering.steer("state").endswith("bookings: 2; balance: 300 cents")


def test_a_reference_cannot_look_like_another_booking(terminal: SimulatedTerminal) -> None:
    terminal.ledger.book(1, "x\nbooking 2: 999 cents; reference: 'y'; undone: no")
    assert len(_steering(terminal).steer("ledger").splitlines()) == 2


@pytest.mark.parametrize("name", ["zvt", "opi"])
def test_a_cut_without_a_place_says_that_one_must_be_chosen(name: str) -> None:
    terminal = MAKERS[name]()
    try:
        assert _steering(terminal).steer("script cut").endswith("Breaks at: nowhere, choose with cut N.")
    finally:
        terminal.stop()


@pytest.mark.parametrize("line", ["explode", "script", "script a b", "cut", "cut 1 2", "ledger all"])
def test_what_is_no_command_is_told_so_and_the_commands(line: str, terminal: SimulatedTerminal) -> None:
    assert _steering(terminal).steer(line) == f"{line!r} is no command; {HELP}"
    assert terminal.script is Script.APPROVE


def test_an_empty_line_is_told_the_commands(terminal: SimulatedTerminal) -> None:
    assert _steering(terminal).steer("\n") == HELP


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("script dance", "no script 'dance'; there are approve, decline, "),
        ("cut here", "'here' is no number, as in: cut 1"),
        ("cut 0", "the line cannot break at 0; say a number from 1 to 6"),
        ("cut 7", "the line cannot break at 7; say a number from 1 to 6"),
        ("cut -1", "the line cannot break at -1; say a number from 1 to 6"),
    ],
)
def test_what_is_no_script_and_no_place_changes_nothing(line: str, told: str, terminal: SimulatedTerminal) -> None:
    before = terminal.cut_at
    assert _steering(terminal).steer(line).startswith(told)
    assert (terminal.script, terminal.cut_at) == (Script.APPROVE, before)


def test_a_place_that_there_is_not_is_an_error_of_its_own(terminal: SimulatedTerminal) -> None:
    with pytest.raises(NoSuchCut, match="say a number from 1 to 6"):
        _steering(terminal).cut(9)


@pytest.mark.parametrize("last", ["quit\n", "exit\n", ""])
@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_run_ends_at_quit_and_at_the_end_of_input_and_frees_its_port(name: str, last: str) -> None:
    replies, terminal = io.StringIO(), MAKERS[name]()
    assert isinstance(terminal, SimulatedAdyenTerminal | SimulatedZvtTerminal | SimulatedOpiTerminal)
    commands = io.StringIO(f"ledger\n{last}{'state' if last else ''}")
    assert run_terminal_simulator(terminal, "address", _steering(terminal), commands, replies) == 0
    assert replies.getvalue().splitlines() == ["address", HELP, "balance: 0 cents"]
    with socket.create_server(("127.0.0.1", terminal.port)) as again:
        assert again.getsockname()[1] == terminal.port


def _app() -> typer.Typer:
    app = typer.Typer()
    app.add_typer(simulate, name="simulate")
    return app


def _words(protocol: str, folder: Path) -> list[str]:
    more = {
        "adyen": ["--out", str(folder / "ady en")],
        "zvt": [],
        "opi": ["--till-port", "0", "--out", str(folder / "o pi")],
    }[protocol]
    return ["simulate", "terminal", "--protocol", protocol, "--port", "0", *more]


def test_the_verb_lists_every_script() -> None:
    result = CliRunner().invoke(_app(), ["simulate", "terminal", "--list-scripts"])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == list(SCRIPTS)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_verb_begins_as_it_was_told(protocol: str, tmp_path: Path) -> None:
    def state(*words: str) -> str:
        result = CliRunner().invoke(_app(), [*_words(protocol, tmp_path), *words], input="state\nquit\n")
        assert result.exit_code == 0, result.output
        return result.output.splitlines()[2]

    assert state().startswith("script: approve; ")
    assert state("--script", "talkative").startswith("script: talkative; ")
    assert state("--cut-at", "2").startswith("script: cut; breaks at: 2; ")
    assert state("--cut-at", "2", "--script", "approve").startswith("script: approve; breaks at: 2; ")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_first_line_is_an_address_that_settings_take(protocol: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(_app(), _words(protocol, tmp_path), input="")
    uri = result.output.splitlines()[0]
    assert TerminalSettings(uri=uri).uri == uri
    assert uri.startswith(f"{protocol}+")


def test_adyen_writes_its_files_where_it_is_told_and_names_them_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["simulate", "terminal", "--protocol", "adyen", "--port", "0", "--out", "here"]
    uri = CliRunner().invoke(_app(), words, input="").output.splitlines()[0]
    assert f"keys={tmp_path / 'here'}/" in uri
    assert {file.name for file in (tmp_path / "here").iterdir()} == {"adyen-keys.toml", "adyen-ca.pem"}


def test_opi_names_the_file_of_its_numbers_in_the_folder_it_is_told(tmp_path: Path) -> None:
    words = ["simulate", "terminal", "--protocol", "opi", "--port", "0", "--out", str(tmp_path)]
    uri = CliRunner().invoke(_app(), words, input="").output.splitlines()[0]
    assert parse_opi_uri(uri).memory == tmp_path / "opi-KIOSK42.json"


def test_opi_calls_back_where_it_is_told() -> None:
    words = ["simulate", "terminal", "--protocol", "opi", "--port", "0"]
    assert "listen=5102&" in CliRunner().invoke(_app(), [*words, "--till-port", "5102"], input="").output
    assert "listen=4102&" in CliRunner().invoke(_app(), words, input="").output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "name a protocol with --protocol; there are adyen, zvt, opi"),
        (["--protocol", "ctep"], "no protocol 'ctep'; there are adyen, zvt, opi"),
        (["--protocol", "zvt", "--script", "dance"], "no script 'dance'; there are approve, "),
        (["--protocol", "zvt", "--port", "0", "--cut-at", "0"], "say a number from 1 to "),
        (["--protocol", "opi", "--port", "0", "--cut-at", "-1"], "say a number from 1 to "),
        (["--protocol", "adyen", "--port", "0"], "adyen needs a folder"),
        (["--protocol", "zvt", "--out", "x"], "--out is for adyen and opi"),
        (["--protocol", "adyen", "--till-port", "4102"], "--till-port is for opi"),
        (["--protocol", "opi", "--port", "4102", "--till-port", "4102"], "cannot both listen on port 4102"),
    ],
)
def test_words_the_verb_cannot_use(arguments: list[str], told: str) -> None:
    result = CliRunner().invoke(_app(), ["simulate", "terminal", *arguments], input="")
    assert isinstance(result.exception, Failed)
    assert result.exception.status == 2
    assert told in str(result.exception)


def test_adyen_breaks_at_its_own_places_only(tmp_path: Path) -> None:
    last = max(CutPoint)
    words = _words("adyen", tmp_path)
    assert CliRunner().invoke(_app(), [*words, "--cut-at", str(last.value)], input="").exit_code == 0
    result = CliRunner().invoke(_app(), [*words, "--cut-at", str(last + 1)], input="")
    assert isinstance(result.exception, Failed)
    assert str(result.exception) == "the line cannot break at 7; say a number from 0 to 6"


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_what_is_no_port(port: str) -> None:
    result = CliRunner().invoke(_app(), ["simulate", "terminal", "--protocol", "zvt", "--port", port], input="")
    assert result.exit_code == 2


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_taken_port_is_said(protocol: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(_app(), [*_words(protocol, tmp_path), "--port", str(port)], input="")
    assert isinstance(result.exception, Failed)
    assert result.exception.status == 1
    assert str(result.exception).startswith(f"cannot listen on port {port}: Address already in use; ")


def test_files_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    words = ["simulate", "terminal", "--protocol", "adyen", "--port", "0", "--out", str(file)]
    result = CliRunner().invoke(_app(), words, input="")
    assert isinstance(result.exception, Failed)
    assert result.exception.status == 1
    assert str(file) in str(result.exception)


class Simulator:
    """The verb in a process of its own.

    Attributes:
        uri: its first line.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.uri = self._line()
        assert self._line() == HELP

    def tell(self, command: str) -> str:
        """Say one line, hear one line."""
        assert self._process.stdin
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self._line()

    def ledger(self) -> list[str]:
        """What it prints of its bookings, then the balance."""
        lines = [self.tell("ledger")]
        while not lines[-1].startswith("balance: "):
            lines.append(self._line())
        return lines

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the simulator is gone"
        return line.rstrip("\n")


@contextmanager
def _another_process(protocol: str, folder: Path, *words: str) -> Iterator[Simulator]:
    command = [sys.executable, "-m", "kiosk.cli", *_words(protocol, folder), *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Simulator(process)
            process.communicate("quit\n", timeout=30)
            assert process.returncode == 0
        finally:
            process.kill()


def _paid(uri: str, order: PaymentOrder) -> PaymentEvidence:
    driver = open_terminal(uri)()
    assert not isinstance(driver, CannotOpen), driver
    try:
        return driver.pay(order, Notes(), quiet)
    finally:
        driver.close()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_real_drivers_pay_at_another_process_and_its_ledger_agrees(protocol: str, tmp_path: Path) -> None:
    with _another_process(protocol, tmp_path) as simulator:
        first = _paid(simulator.uri, ORDER)
        assert isinstance(first, Approved), first
        assert first.amount_cents == 1250
        booking, balance = simulator.ledger()
        assert booking.startswith("booking 1: 1250 cents; reference: ")
        assert booking.endswith("; undone: no")
        assert balance == "balance: 1250 cents"

        assert simulator.tell("script decline").startswith("decline: ")
        second = _paid(simulator.uri, SECOND)
        assert isinstance(second, Declined), second
        assert simulator.ledger() == [booking, "balance: 1250 cents"]

        assert simulator.tell("script approve").startswith("approve: ")
        third = _paid(simulator.uri, SECOND)
        assert isinstance(third, Approved), third
        assert [line.split(";")[0] for line in simulator.ledger()] == [
            "booking 1: 1250 cents",
            "booking 2: 475 cents",
            "balance: 1725 cents",
        ]


@pytest.mark.parametrize(("protocol", "number"), [("adyen", 3), ("zvt", 2), ("opi", 1)])
def test_a_line_that_is_told_to_break_breaks_before_anything_is_booked(
    protocol: str, number: int, tmp_path: Path
) -> None:
    with _another_process(protocol, tmp_path, "--cut-at", str(number)) as simulator:
        evidence = _paid(simulator.uri, ORDER)
        assert isinstance(evidence, Inconclusive), evidence
        assert simulator.ledger() == ["balance: 0 cents"]
