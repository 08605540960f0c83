"""The simulated printer told what to do by lines of text."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.simulated.faults import FAULTS
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.steering import HELP, run_printer_simulator, steer


class Lines(io.StringIO):
    """Replies that can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._more = threading.Condition()

    def flush(self) -> None:
        with self._more:
            self._more.notify_all()

    def wait_for(self, text: str) -> None:
        with self._more:
            assert self._more.wait_for(lambda: text in self.getvalue(), 10), self.getvalue()


def test_every_command_answers_with_what_it_did(simulated: SimulatedPrinter) -> None:
    assert steer(simulated, "fault paper-out\n") == f"paper-out: {FAULTS['paper-out']}"
    assert steer(simulated, "state").startswith("offline; faults: paper-out; papers: 0; hosts: 0;")
    assert steer(simulated, "refill") == "new roll"
    assert steer(simulated, "fault cover-open").startswith("cover-open")
    assert steer(simulated, "clear") == "all faults cleared"
    assert steer(simulated, "state").startswith("online; faults: none")
    assert steer(simulated, "faults").count("\n") == len(FAULTS) - 1


@pytest.mark.parametrize("line", ["", "explode", "fault", "fault a b"])
def test_what_is_no_command_is_told_the_commands(line: str, simulated: SimulatedPrinter) -> None:
    assert steer(simulated, line) == HELP


def test_what_is_no_fault_is_told_the_faults(simulated: SimulatedPrinter) -> None:
    assert "there are paper-low" in steer(simulated, "fault fire")


def test_a_whole_run_by_another_process(tmp_path: Path) -> None:
    replies = Lines()
    hosts: list[bool] = []

    def commands() -> Iterator[str]:
        yield "state\n"
        port = int(replies.getvalue().split("tcp://127.0.0.1:")[1].split(",")[0])
        with socket.create_connection(("127.0.0.1", port)) as host:
            host.sendall(b"hello\n\x1dV\x42\x00")
            replies.wait_for("paper: ")
        hosts.append(True)
        yield "quit\n"
        yield "state\n"

    assert run_printer_simulator(0, tmp_path, commands(), replies) == 0  # type: ignore[arg-type]
    assert hosts == [True]
    assert (tmp_path / "ticket-0001.txt").read_text() == "hello\n"
    assert str(tmp_path / "ticket-0001.png") in replies.getvalue()


def test_a_taken_port_ends_with_status_one(simulated: SimulatedPrinter, tmp_path: Path) -> None:
    replies = Lines()
    assert run_printer_simulator(simulated.port, tmp_path, io.StringIO(""), replies) == 1
    assert "is another printer running?" in replies.getvalue()
