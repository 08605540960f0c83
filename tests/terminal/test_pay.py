"""`zuil pay`: a question first, then the same journal and desk as for everybody, and undone if wished."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from drivers.simulated.terminal.ledger import Ledger
from kiosk.cli import assemble
from kiosk.commands.failures import Failed
from kiosk.demo.world import World

pytestmark = pytest.mark.expects_log("zuil.terminal", "zuil.pay")


@pytest.fixture
def column(tmp_path: Path) -> Iterator[tuple[World, Path]]:
    with World(tmp_path, attests=True) as world:
        yield world, world.column("districtshuis")


def ledger(world: World) -> Ledger:
    assert world.attests is not None
    return world.attests.terminal.ledger


def pay(amount: str, settings: Path, answers: str) -> Result:
    return CliRunner().invoke(assemble(), ["pay", amount, "--config", str(settings)], input=answers)


def test_nothing_is_charged_before_the_question_is_answered(column: tuple[World, Path]) -> None:
    world, settings = column
    said = pay("0.01", settings, "n\n")
    assert (said.exit_code, ledger(world).bookings) == (1, ())
    assert "charges a card 0.01 euros at zvt+tcp://127.0.0.1" in said.output


def test_paid_and_undone(column: tuple[World, Path]) -> None:
    world, settings = column
    said = pay("0,05", settings, "y\ny\n")
    assert said.exit_code == 0, said.output
    assert said.output.rstrip().endswith("undone")
    assert [(each.amount_cents, each.reversed) for each in ledger(world).bookings] == [(5, True)]


def test_paid_and_kept(column: tuple[World, Path]) -> None:
    world, settings = column
    assert pay("1", settings, "y\nn\n").exit_code == 0
    assert ledger(world).balance_cents == 100


def test_not_paid_is_a_failure(column: tuple[World, Path]) -> None:
    world, settings = column
    assert world.attests is not None
    world.attests.set_terminal("decline")
    said = pay("1", settings, "y\n")
    assert isinstance(said.exception, Failed)
    assert str(said.exception) == "not paid: declined"


@pytest.mark.parametrize("amount", ["0", "-1", "5.01", "0.001", "much", "nan", "inf"])
def test_only_a_small_amount_is_tried(column: tuple[World, Path], amount: str) -> None:
    world, settings = column
    said = CliRunner().invoke(assemble(), ["pay", "--config", str(settings), "--", amount], input="y\n")
    assert isinstance(said.exception, Failed)
    assert "0.01 to 5.00" in str(said.exception)
    assert ledger(world).bookings == ()


def test_without_a_terminal_it_says_where_to_set_one() -> None:
    said = CliRunner().invoke(assemble(), ["pay", "1"], input="y\n")
    assert isinstance(said.exception, Failed)
    assert "settings, under terminal" in str(said.exception)
