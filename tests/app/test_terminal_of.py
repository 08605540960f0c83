"""Where the driver of the payment terminal keeps its numbers: with the data for practice, else in its usual place."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.column import load_column
from drivers.contract import CannotOpen
from drivers.payments.opening import open_terminal
from drivers.simulated.terminal.adyen.terminal import SimulatedAdyenTerminal
from drivers.simulated.terminal.opi.terminal import SimulatedOpiTerminal
from kiosk.app import terminal_of
from tests.config.small_site import SERVICE, SITE, write_site
from tests.config.test_settings import with_real_icon
from tests.drivers.adyen_bench import ORDER, Notes, quiet
from tests.payments.cuts import simulated

COLUMN = '[column]\nsite = "town"\ncontact_point = "town-hall"\ndata = "data"\n'


@pytest.mark.parametrize("practice", [True, False])
def test_practice_writes_nothing_outside_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, practice: bool
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    site = with_real_icon(SITE).replace("practice = false", f"practice = {str(practice).lower()}")
    write_site(tmp_path / "town", site, passport=with_real_icon(SERVICE))
    settings = tmp_path / "zuil.toml"
    with SimulatedOpiTerminal() as terminal:
        column = (
            f'[column]\nsite = "town"\ncontact_point = "town-hall"\ndata = "data"\n[terminal]\nuri = "{terminal.uri}"\n'
        )
        settings.write_text(column, encoding="utf-8")
        driver = terminal_of(load_column(settings))()
        assert not isinstance(driver, CannotOpen)
        driver.pay(ORDER, Notes(), quiet)
        driver.close()
    written = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("opi-KIOSK42.json"))
    assert written == (["data/opi-KIOSK42.json"] if practice else ["home/zuil/opi-KIOSK42.json"])


@pytest.mark.parametrize("protocol", ["adyen", "opi"])
def test_an_address_that_names_a_file_is_obeyed(tmp_path: Path, protocol: str) -> None:
    with simulated(protocol, tmp_path / "named") as (terminal, uri):
        assert isinstance(terminal, SimulatedAdyenTerminal | SimulatedOpiTerminal)
        driver = open_terminal(uri, tmp_path / "folder")()
        assert not isinstance(driver, CannotOpen)
        driver.status()
        driver.close()
    assert not (tmp_path / "folder").exists()
