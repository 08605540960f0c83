"""What `zuil doctor` finds of a card reader and of the roots cards are verified with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.simulated.card.registry import card_named
from drivers.simulated.card.vpcd import VpcdCard
from kiosk.commands.doctor import Finding, examine
from kiosk.demo.world import World
from tests.drivers.card_bench import TODAY
from tests.terminal.test_command import zuil

SUBJECTS = ("card reader", "card roots")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("world")) as world:
        yield world


class Column:
    """A column of that world with other card settings."""

    def __init__(self, world: World, file: Path) -> None:
        self._settings = world.column("districtshuis").read_text()
        self._table = f'reader = "{world.cards.reader}"\ntrust = "{world.cards.trust.resolve()}"\n'
        self._site = f'site = "{world.site_folder}"'
        self.file = file
        assert self._table in self._settings
        assert self._site in self._settings

    def with_cards(self, table: str, site: Path | None = None) -> Path:
        """Its settings file with that table [card], perhaps at another site."""
        text = self._settings.replace(self._table, table)
        self.file.write_text(text.replace(self._site, f'site = "{site}"') if site else text)
        return self.file

    def found(self, table: str, site: Path | None = None) -> list[Finding]:
        """What the doctor says of its cards."""
        return [finding for finding in examine(self.with_cards(table, site)) if finding.subject in SUBJECTS]


@pytest.fixture
def column(world: World, tmp_path: Path) -> Column:
    return Column(world, tmp_path / "zuil.toml")


@pytest.fixture
def roots(world: World) -> str:
    return f'trust = "{world.cards.trust.resolve()}"\n'


def test_without_a_reader_nothing_is_wrong(column: Column) -> None:
    assert column.found('reader = "none"\n') == [
        Finding("card reader", False, "none is set; nothing is offered with a card")
    ]


def test_a_virtual_slot_and_the_card_in_it(world: World, column: Column, roots: str) -> None:
    reader = world.cards.reader
    table = f'reader = "{reader}"\n{roots}'
    in_order = Finding("card roots", False, str(world.cards.trust.resolve()))
    assert column.found(table) == [Finding("card reader", False, f"{reader}: virtual slot"), in_order]
    with VpcdCard("127.0.0.1", world.cards.port) as slot:
        slot.insert(card_named("bank", TODAY))
        seen = f"{reader}: virtual slot; in it now: bank"
        while Finding("card reader", False, seen) not in column.found(table):
            assert slot.card is not None
    assert column.found(table)[1] == in_order


def test_without_roots_no_card_can_be_verified(world: World, column: Column) -> None:
    reader, unverified = column.found(f'reader = "{world.cards.reader}"\n')
    assert not reader.wrong
    assert unverified.wrong
    assert "set card.trust" in unverified.says


def test_roots_that_are_not_there_are_named(world: World, column: Column, tmp_path: Path) -> None:
    missing = tmp_path / "roots.pem"
    (found,) = column.found(f'reader = "{world.cards.reader}"\ntrust = "{missing}"\n')
    assert found.wrong
    assert f"not_configured: {missing}: No such file" in found.says


def test_without_pcscd_it_says_what_to_install_and_status_is_1(column: Column, roots: str) -> None:
    table = f'reader = "pcsc"\n{roots}'
    reader, in_order = column.found(table)
    assert reader.wrong
    assert reader.says.startswith("pcsc: no_service: pcscd does not answer; install and start it")
    assert not in_order.wrong
    shown = zuil("doctor", "--config", str(column.with_cards(table)))
    assert shown.returncode == 1
    assert f"WRONG  card reader: {reader.says}" in shown.stdout


def test_test_roots_are_wrong_where_citizens_are_served(
    world: World, column: Column, roots: str, tmp_path: Path
) -> None:
    """On the practice site they are in order, see above."""
    real = tmp_path / "site"
    shutil.copytree(world.site_folder, real)
    site = real / "site.toml"
    text = site.read_text()
    assert "practice = true" in text
    site.write_text(text.replace("practice = true", "practice = false"))
    (found,) = column.found(f'reader = "pcsc"\n{roots}', real)
    assert found.wrong
    assert "its roots are for tests, and this is no practice; use the roots of Belgium" in found.says
    refused = zuil("doctor", "--config", str(column.with_cards(f'reader = "{world.cards.reader}"\n', real)))
    assert refused.returncode == 2
    assert "the card reader is a virtual slot, but the site" in refused.stderr
