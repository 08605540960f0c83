"""What python-escpos does to a process is undone: no folder left, no logging started, no import before opening."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.printers.escpos.library import cache_folder

PROGRAM = """
import logging, sys
import drivers.printers.opening, drivers.runner, drivers.printers.escpos.driver
assert not {"escpos", "serial", "usb"} & set(sys.modules), "device libraries wait until a driver opens"
from drivers.printers.escpos.library import Sheet, warm_up
warm_up()
assert "escpos" in sys.modules
assert logging.getLogger().handlers == [], "logging is the application's"
sheet = Sheet()
sheet.raw(b"x")
sheet.style(align="center", scale=8, bold=True, inverse=False)
assert sheet.data == b"x\\x1d!\\x77\\x1bE\\x01\\x1ba\\x01\\x1dB\\x00"
"""


def run(tmp_path: Path, cache: Path) -> list[str]:
    temporary = tmp_path / "tmp"
    temporary.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(temporary), "XDG_CACHE_HOME": str(cache), "PYTHONWARNINGS": "error"}
    environment.pop("ESCPOS_CAPABILITIES_PICKLE_DIR", None)
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return sorted(path.name for path in temporary.iterdir())


def test_nothing_is_left_behind_and_the_table_is_kept(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert run(tmp_path, cache) == []
    kept = list((cache / "zuil" / "escpos").iterdir())
    assert len(kept) == 1
    before = kept[0].stat().st_mtime_ns
    assert run(tmp_path, cache) == []
    assert kept[0].stat().st_mtime_ns == before, "read, not written again"


def table(cache: Path) -> Path:
    return next((cache / "zuil" / "escpos").iterdir())


@pytest.mark.parametrize("left", [0, 1000])
def test_a_table_cut_short_is_made_anew(tmp_path: Path, left: int) -> None:
    """A process was killed, or the power failed, while the table was being written."""
    cache = tmp_path / "cache"
    run(tmp_path, cache)
    whole = table(cache).read_bytes()
    table(cache).write_bytes(whole[:left])
    assert run(tmp_path, cache) == []
    assert table(cache).read_bytes() == whole


def test_the_library_alone_fails_on_a_table_cut_short(tmp_path: Path) -> None:
    """The control: what the copy protects from."""
    cache = tmp_path / "cache"
    run(tmp_path, cache)
    table(cache).write_bytes(b"")
    environment = {**os.environ, "TMPDIR": str(tmp_path), "ESCPOS_CAPABILITIES_PICKLE_DIR": str(table(cache).parent)}
    done = subprocess.run(
        [sys.executable, "-c", "from escpos import printer"], env=environment, capture_output=True, text=True
    )
    assert "EOFError" in done.stderr


def test_processes_that_start_together_do_not_read_each_others_half(tmp_path: Path) -> None:
    cache, temporary = tmp_path / "cache", tmp_path / "tmp"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "XDG_CACHE_HOME": str(cache), "PYTHONWARNINGS": "error"}
    together = [
        subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    complaints = [process.communicate(timeout=100)[1] for process in together]
    assert [process.returncode for process in together] == [0] * 6, complaints
    assert [path.suffix for path in (cache / "zuil" / "escpos").iterdir()] == [".pickle"]


def test_a_cache_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert run(tmp_path, blocked) == []


def test_the_cache_stands_under_the_users_own(monkeypatch: object) -> None:
    assert cache_folder().parts[-2:] == ("zuil", "escpos")
