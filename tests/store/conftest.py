"""An open store for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.store.store import KioskStore
from tests.store.columns import Hands, open_at


@pytest.fixture
def clock() -> Hands:
    """The clock of `store`."""
    return Hands()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where `store` lies."""
    return tmp_path / "kiosk.db"


@pytest.fixture
def store(path: Path, clock: Hands) -> Iterator[KioskStore]:
    """A fresh, open store."""
    opened = open_at(path, clock=clock)
    yield opened
    opened.close()
