"""`zuil backoffice unsealer` and `zuil simulate register` as whole processes: the line of real use."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from kiosk.commands import unsealer
from kiosk.commands.failures import Failed
from sync.client.register_answers import Ready
from tests.backoffice.conftest import Clock
from tests.backoffice.unsealing import LOTTE, SITE_FOLDER, World, world

_MAIN = """
import typer
from kiosk.commands import unsealer
app = typer.Typer()
unsealer.register(app)
unsealer.register_simulated(app)
app()
"""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[World]:
    """Back office, column and register on SQLite, in the time of this machine."""
    clock = Clock()
    clock.now = time.time_ns() // 1_000_000
    with world(f"sqlite:///{tmp_path / 'backoffice.db'}", tmp_path, clock) as made:
        yield made


def _until(seen: Callable[[], bool]) -> None:
    while not seen():
        time.sleep(0.02)


def test_the_process_serves_a_column_and_ends_when_told(town: World) -> None:
    request_id, _ = town.request()
    told = ["unsealer", "--database", town.database_url, "--site", str(SITE_FOLDER), "--key", str(town.key_file)]
    told += ["--socket", str(town.socket), "--register", town.register.url]
    with subprocess.Popen([sys.executable, "-c", _MAIN, *told], stderr=subprocess.PIPE, text=True) as process:
        _until(lambda: town.socket.exists() or process.poll() is not None)
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        reply = town.ask(request_id=request_id)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        said = process.stderr.read() if process.stderr else ""
    assert isinstance(reply, Ready)
    assert LOTTE not in said
    assert not town.socket.exists()


def test_the_simulated_register_answers_other_programs_and_obeys() -> None:
    told = [sys.executable, "-c", _MAIN, "register", "--port", "0", "--fault", "slow"]
    done = subprocess.run(told, input="state\nfault down\nstate\nquit\n", capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    address, slow, _, down = done.stdout.splitlines()
    assert address.startswith("http://127.0.0.1:")
    assert (slow.split()[1], down.split()[1]) == ("slow,", "down,")
    app = typer.Typer()
    app.command("register")(unsealer.simulate_register)
    app.command("other")(lambda: None)
    listed = CliRunner().invoke(app, ["register", "--list"])
    assert LOTTE in listed.stdout
    assert "wrong-reference" in listed.stdout


@pytest.mark.parametrize(
    ("mail", "sender", "says"),
    [("mail.example.be", "a@b.example", "HOST:PORT"), ("h:x", "a@b.example", "HOST:PORT"), ("h:25", "", "--mail-from")],
)
def test_mail_that_cannot_be_used_is_said_at_once(mail: str, sender: str, says: str) -> None:
    with pytest.raises(Failed, match=says):
        unsealer._mailbox(mail, sender)


def test_mail_to_another_machine_is_always_safe() -> None:
    far, near = unsealer._mailbox("mail.example.be:587", "a@b.example"), unsealer._mailbox("[::1]:25", "a@b.example")
    assert far is not None
    assert near is not None
    assert (far.starttls, near.starttls) == (True, False)


def test_a_folder_that_is_none_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="is no folder"):
        unsealer._folder(tmp_path / "none")
