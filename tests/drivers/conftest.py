"""A simulated printer for every test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from drivers.simulated.printer import SimulatedPrinter


@pytest.fixture
def simulated() -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter() as printer:
        yield printer
