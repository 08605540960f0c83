"""What `zuil doctor` finds of the printer of A4 pages and of the keys of attests; `zuil print` on such a printer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.commands.doctor import Finding, examine
from kiosk.demo.world import World
from kiosk.doctor.finding import Severity
from tests.terminal.test_command import zuil


@dataclass(frozen=True)
class Column:
    """An enrolled column in a running world."""

    world: World
    settings: Path

    def found(self, subject: str) -> Finding:
        """What the doctor says of it."""
        return next(finding for finding in examine(self.settings) if finding.subject == subject)

    @property
    def identity(self) -> Path:
        return self.settings.parent / "identity"


@pytest.fixture
def column(tmp_path: Path) -> Iterator[Column]:
    with World(tmp_path, attests=True) as world:
        yield Column(world, world.column("districtshuis"))


def test_a_column_that_can_seal_and_print_is_well(column: Column) -> None:
    assert not column.found("A4 printer").wrong
    attests = column.found("attests")
    assert (attests.wrong, "counts until" in attests.found) == (False, True)


def test_each_thing_that_is_missing_is_named(column: Column) -> None:
    (column.identity / "sealing.json").unlink()
    assert column.found("attests").wrong
    assert "zuil backoffice sealing-key" in column.found("attests").next_step
    shutil.rmtree(column.identity / "attest")
    assert "no key to seal attests" in column.found("attests").found


def test_an_empty_tray_is_named(column: Column) -> None:
    assert column.world.attests
    column.world.attests.set_printer("media-empty")
    found = column.found("A4 printer")
    assert (found.severity, "paper_out" in found.found) == (Severity.BROKEN, True)


def test_without_an_a4_printer_it_says_what_becomes_of_attests(column: Column) -> None:
    assert column.world.attests
    text = column.settings.read_text().replace(column.world.attests.printer.uri, "none")
    column.settings.write_text(text)
    assert column.found("A4 printer") == Finding(
        "device.sheet_printer",
        "A4 printer",
        Severity.OK,
        "none is set; attests come on receipt paper or as a file",
    )


def test_print_on_a4_says_what_became_of_it(column: Column, tmp_path: Path) -> None:
    assert column.world.attests
    uri = column.world.attests.printer.uri
    printed = zuil("print", "--test-page", "--to", uri)
    assert (printed.returncode, printed.stdout) == (0, "printed\n")
    assert column.world.attests.sheets()[0].startswith(b"%PDF-1.7")
    text = tmp_path / "words.txt"
    text.write_text("no PDF")
    refused = zuil("print", str(text), "--to", uri)
    assert (refused.returncode, "is no PDF" in refused.stderr) == (2, True)
    column.world.attests.set_printer("media-empty")
    failed = zuil("print", "--test-page", "--to", uri)
    assert (failed.returncode, "failed: paper_out" in failed.stderr) == (1, True)
    wrong = zuil("print", "--test-page", "--to", "ipp://")
    assert (wrong.returncode, "right are ipp://" in wrong.stderr) == (2, True)


def test_the_payment_terminal_is_asked_how_it_is_and_nothing_is_charged(column: Column) -> None:
    assert column.world.attests is not None
    terminal = column.world.attests.terminal
    assert not column.found("payment terminal").wrong
    terminal.stop()
    assert column.found("payment terminal").severity is Severity.BROKEN
    assert terminal.ledger.bookings == ()
