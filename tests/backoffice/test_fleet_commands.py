"""The verbs that look after columns, as a technician types them; for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from config.column import load_column
from kiosk.cli import assemble
from kiosk.commands.failures import Failed
from sync.backoffice import admin
from sync.backoffice.app import create_app
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.kiosks import find_kiosk
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.site import site_info
from sync.client.enrolment import enrol

SITE = Path(__file__).resolve().parents[2] / "config" / "sites" / "berchem"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A back office with two columns in one building."""
    url = f"sqlite:///{tmp_path / 'backoffice.db'}"
    with BackOfficeServer(create_app(url, site_info(load_column(None).site))) as server:
        for name in ("one", "two"):
            code = new_enrolment_code(server.office, "districtshuis")
            enrol(server.url, code, tmp_path / name, practice=server.office.site.practice)
    return url


def typed(database: str, verb: str, *words: str) -> Result:
    """Type a verb."""
    return CliRunner().invoke(assemble(), ["backoffice", verb, "--database", database, "--site", str(SITE), *words])


def said(result: Result) -> str:
    """What it said, when it worked."""
    assert result.exit_code == 0, result.exception
    return result.output


def test_a_command_is_given_and_followed(database: str) -> None:
    given = json.loads(said(typed(database, "command", "districtshuis/K1", "close", "text=Even dicht", "--json")))
    cards = json.loads(said(typed(database, "commands", "K1", "--json")))
    assert [(card["id"], card["kind"], card["outcome"], card["by"]) for card in cards] == [
        (given["commandId"], "close", "open", "command line")
    ]
    assert cards[0]["arguments"] == {"text": "Even dicht"}
    assert said(typed(database, "commands", "K2")) == ""


def test_columns_are_listed_and_one_is_revoked(database: str) -> None:
    states = {card["suffix"]: card["state"] for card in json.loads(said(typed(database, "columns", "--json")))}
    assert set(states) == {"K1", "K2"}
    said(typed(database, "revoke", "K2", "--drain-hours", "2"))
    states = {card["suffix"]: card["state"] for card in json.loads(said(typed(database, "columns", "--json")))}
    assert states["K2"] == "revoked"
    with admin.visiting(database, site_info(load_column(None).site)) as office:
        sources = [card.id for card in admin.columns(database, office.site) if card.suffix == "K2"]
        with office.database.read() as connection:
            kiosk = find_kiosk(connection, office.database, office.site.id, f"urn:uuid:{sources[0]}")
    assert kiosk is not None
    assert kiosk.revoked
    assert kiosk.drain_until_ms is not None


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (("command", "K9", "open"), "districtshuis/K1"),
        (("command", "K1", "dance"), "restart"),
        (("command", "K1", "close", "loud=yes"), "text"),
        (("command", "K1", "close", "text"), "NAME=VALUE"),
        (("command", "K1", "open", "--hours", "0"), "1 hour"),
        (("report", "nothing"), "zuil backoffice commands"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_that_says_what_would_be_right(
    database: str, words: tuple[str, ...], right: str
) -> None:
    result = typed(database, *words)
    assert isinstance(result.exception, Failed)
    assert right in str(result.exception)
