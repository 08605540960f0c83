"""What `zuil doctor` finds of a card reader and of the roots cards are verified with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from config.problems import ConfigError
from kiosk.commands.doctor import Finding, examine
from kiosk.demo.world import World
from kiosk.doctor import cards
from kiosk.doctor.cards import BADGES, READER, ROOTS
from kiosk.doctor.finding import Severity
from tests.config.small_site import SERVICE, SITE, write_site
from tests.drivers.card_bench import Bench
from tests.terminal.test_command import zuil

SUBJECTS = ("card reader", "card roots")


@dataclass(frozen=True)
class Column:
    """A column that was enrolled, with other card settings.

    Attributes:
        settings: as the demo writes them; the demo itself is over.
        file: where they are written for the doctor.
    """

    settings: str
    reader: str
    roots: Path
    file: Path

    def with_cards(self, table: str) -> Path:
        """Its settings file with that table [card]."""
        text = self.settings.replace(f'reader = "{self.reader}"\ntrust = "{self.roots}"\n', table)
        self.file.write_text(text)
        return self.file

    def found(self, table: str) -> list[Finding]:
        """What the doctor says of its cards."""
        return [finding for finding in examine(self.with_cards(table)) if finding.subject in SUBJECTS]

    @property
    def trust(self) -> str:
        """The line of the settings with the roots of the simulation."""
        return f'trust = "{self.roots}"\n'


@pytest.fixture(scope="module")
def column(tmp_path_factory: pytest.TempPathFactory) -> Column:
    folder = tmp_path_factory.mktemp("world")
    with World(folder) as world:
        settings = world.column("districtshuis").read_text()
        return Column(settings, world.cards.reader, world.cards.trust.resolve(), folder / "zuil.toml")


def test_without_a_reader_nothing_is_wrong(column: Column) -> None:
    assert column.found('reader = "none"\n') == [READER.ok("none is set; nothing is offered with a card")]


def test_a_virtual_slot_is_left_to_the_column(column: Column) -> None:
    assert column.found(f'reader = "{column.reader}"\n{column.trust}') == [
        READER.ok(f"{column.reader}: a slot for simulated cards, for practice"),
        ROOTS.ok(str(column.roots)),
    ]


def test_the_card_that_is_in_is_named_by_its_kind(column: Column, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    bench.put_in("adult")
    monkeypatch.setattr(cards, "open_cards", lambda *_: lambda: bench.driver)
    reader, _ = column.found(f'reader = "pcsc"\n{column.trust}')
    assert reader == READER.ok("pcsc: Simulated reader; in it now: eid")
    assert bench.driver.slot.card is None, "it was let go"


def badges(column: Column, table: str, staff: str) -> Finding:
    """What the doctor says of its badges, with these readers."""
    file = column.with_cards(table)
    file.write_text(file.read_text().replace("[staff]\n", f"[staff]\n{staff}"))
    return next(finding for finding in examine(file) if finding.subject == BADGES.subject)


def test_badges_need_a_reader_and_one_of_their_own_is_looked_at(
    column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    virtual = f'reader = "{column.reader}"\n{column.trust}'
    shared = badges(column, virtual, "")
    assert shared == BADGES.ok("none of its own is set; badges are shown to the card reader")
    nowhere = badges(column, 'reader = "none"\n', "")
    assert nowhere.severity is Severity.ATTENTION
    assert "set staff.reader" in nowhere.next_step
    bench = Bench()
    bench.put_in("badge")
    monkeypatch.setattr(cards, "open_cards", lambda *_: lambda: bench.driver)
    own = badges(column, virtual, 'reader = "pcsc:PICC"\n')
    assert own == BADGES.ok("pcsc:PICC: Simulated reader; in it now: badge")
    assert bench.driver.slot.card is None, "it was let go"


def test_without_roots_no_card_can_be_verified(column: Column) -> None:
    reader, unverified = column.found(f'reader = "{column.reader}"\n')
    assert not reader.wrong
    assert unverified.severity is Severity.BROKEN
    assert "set card.trust" in unverified.next_step


def test_roots_that_are_not_there_are_named(column: Column, tmp_path: Path) -> None:
    missing = tmp_path / "roots.pem"
    reader, found = column.found(f'reader = "{column.reader}"\ntrust = "{missing}"\n')
    assert not reader.wrong
    assert found.wrong
    assert f"{missing}: No such file" in found.found


def test_without_pcscd_it_says_what_to_install_and_status_is_2(column: Column) -> None:
    table = f'reader = "pcsc"\n{column.trust}'
    reader, in_order = column.found(table)
    assert reader.wrong
    assert reader.found.startswith("pcsc: no_service: pcscd does not answer; install and start it")
    assert not in_order.wrong
    shown = zuil("doctor", "--config", str(column.with_cards(table)))
    assert shown.returncode == 2
    assert f"BROKEN     card reader: {reader.found}" in shown.stdout


def test_test_roots_and_a_virtual_slot_are_wrong_where_citizens_are_served(column: Column, tmp_path: Path) -> None:
    """On the practice site they are in order, see above."""
    icon = ('icon = "card"', 'icon = "airplane-tilt"')
    write_site(tmp_path / "town", SITE.replace(*icon), passport=SERVICE.replace(*icon))
    settings, head = tmp_path / "zuil.toml", '[column]\nsite = "town"\ncontact_point = "town-hall"\n[card]\n'
    settings.write_text(f'{head}reader = "pcsc"\n{column.trust}')
    _, found = [finding for finding in examine(settings) if finding.subject in SUBJECTS]
    assert found.wrong
    assert "its roots are for tests, and this is no practice; use the roots of Belgium" in found.found
    settings.write_text(f'{head}reader = "{column.reader}"\n')
    with pytest.raises(ConfigError, match="the card reader is a virtual slot, but the site"):
        examine(settings)
