"""The verbs of attests as a technician types them, on the demonstration municipality."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kiosk.commands.backoffice import app
from kiosk.commands.failures import Failed
from kiosk.documents.seal.keys import FileAttestKey
from kiosk.documents.seal.trust import load_trust
from sync.protocol.canonical import unb64url
from sync.protocol.sealing import OpeningKey

SITE = Path(__file__).resolve().parents[2] / "config" / "sites" / "berchem"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A new database."""
    return f"sqlite:///{tmp_path / 'backoffice.db'}"


def _typed(database: str, *words: str) -> Result:
    verb, *rest = words
    return CliRunner().invoke(app, [verb, "--database", database, "--site", str(SITE), *rest])


def _said(result: Result) -> str:
    assert result.exit_code == 0, result.exception
    return result.output


def test_keys_are_made_and_the_list_that_knows_them_is_carried(database: str, tmp_path: Path) -> None:
    private, folder, carried = tmp_path / "sealing.key", tmp_path / "office", tmp_path / "trust.json"
    said = _said(_typed(database, "sealing-key", "--out", str(private)))
    key = OpeningKey(unb64url(private.read_text(encoding="ascii").strip()))
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert key.public.id in said
    assert private.read_text(encoding="ascii").strip() not in said
    _said(_typed(database, "office-key", "--out", str(folder)))
    _said(_typed(database, "trust", "--out", str(carried)))
    assert load_trust(carried.read_bytes()).issuer(FileAttestKey.load(folder).kid) is not None


def test_nothing_to_erase_is_said(database: str) -> None:
    assert "0 events" in _said(_typed(database, "redact"))


def test_what_cannot_be_done_is_one_sentence(database: str, tmp_path: Path) -> None:
    unknown = _typed(database, "revoke-attest", "districtshuis-K1-2026-00001", "--reason", "wrong person")
    assert isinstance(unknown.exception, Failed)
    assert "there is no attest" in str(unknown.exception)
    taken = tmp_path / "there"
    taken.write_text("")
    for words in (("sealing-key", "--out", str(taken)), ("trust", "--out", str(tmp_path / "no" / "folder"))):
        refused = _typed(database, *words)
        assert isinstance(refused.exception, Failed), words
        assert refused.exception.status == 2
