"""Staff have the program start anew: it ends in order with the status a service manager restarts on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.demo.supervisor import KioskProcess
from kiosk.demo.world import World
from kiosk.running import RESTART
from kiosk.terminal.text_screen import KNOCK


@pytest.fixture
def column(tmp_path: Path) -> Iterator[Path]:
    with World(tmp_path) as world:
        yield world.column("districtshuis")


def until(child: subprocess.Popen[str], words: str) -> str:
    """Read what the column writes up to those words; the line they stand in."""
    assert child.stdout is not None
    for line in child.stdout:
        if words in line:
            return line
    raise AssertionError(f"'{words}' was never written")


def number(line: str) -> str:
    return line[line.index("[") + 1 : line.index("]")]


def test_the_program_ends_in_order_with_the_status_for_a_restart(column: Path) -> None:
    command = [sys.executable, "-m", "kiosk.cli", "run", "--text", "--config", str(column)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None

        def type_in(line: str) -> None:
            assert child.stdin is not None
            child.stdin.write(line + "\n")
            child.stdin.flush()

        until(child, "Deutsch")
        type_in(KNOCK)
        until(child, "Bevestigen")
        type_in("246810")
        until(child, "6 cijfers")
        type_in("a")
        type_in(number(until(child, "Zuil herstarten")))
        until(child, "De zuil herstarten?")
        type_in(number(until(child, "Zuil herstarten")))
        assert child.wait(60) == RESTART


def test_the_demo_starts_a_column_again_that_wants_to(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    once = f"import pathlib, sys; p = pathlib.Path({str(mark)!r}); again = p.exists(); p.touch()"
    process = KioskProcess(tmp_path / "none.toml")
    process._command = [sys.executable, "-c", f"{once}; sys.exit(0 if again else {RESTART})"]
    process.start()
    assert process.wait() == 0
    assert mark.exists()
