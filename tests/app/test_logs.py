"""The log: bounded, by subject, and off the terminal when that is the screen."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import LogSettings
from kiosk.logs import start_logging


@pytest.fixture(autouse=True)
def root_as_before() -> Iterator[None]:
    root, level = logging.getLogger(), logging.getLogger("zuil").level
    handlers, root_level = list(root.handlers), root.level
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(root_level)
    logging.getLogger("zuil").setLevel(level)


def test_records_are_lines_in_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(LogSettings(folder=tmp_path / "log"), terminal=False)
    logging.getLogger("zuil.printer").info("ready again")
    assert "zuil.printer: ready again" in (tmp_path / "log" / "zuil.log").read_text()
    assert capsys.readouterr().err == ""


def test_the_level_is_the_settings(tmp_path: Path) -> None:
    start_logging(LogSettings(folder=tmp_path, level="warning"), terminal=False)
    logging.getLogger("zuil.printer").info("quiet")
    assert not (tmp_path / "zuil.log").exists()


def test_a_library_that_set_up_logging_first_is_undone(tmp_path: Path) -> None:
    stray = logging.NullHandler()
    logging.getLogger().addHandler(stray)
    start_logging(LogSettings(folder=tmp_path))
    assert stray not in logging.getLogger().handlers
