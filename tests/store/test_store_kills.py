"""The real process, killed at random moments: what it promised is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.kill_loop import run_kills


def test_fifty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    tally = run_kills(50, seed=20261123, folder=tmp_path)
    assert tally.kills == 50
    assert len(tally.promised) > 50, "the children were killed before they could promise anything"


def test_control_promising_before_the_commit_is_caught(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="promised and not on disk"):
        run_kills(40, seed=1, folder=tmp_path, early=True)
