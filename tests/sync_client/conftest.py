"""A column and its back office for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync_client.pairs import Pair, pair


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Pair]:
    """An enrolled column with an open store, and the reference server."""
    with pair(tmp_path) as made:
        yield made
