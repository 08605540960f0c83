"""Practice and reality never meet: at enrolment from both ends, and at each start of a column."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from config.column import load_column
from config.texts import load_texts
from kiosk.app import Kiosk
from kiosk.demo.world import World
from kiosk.terminal.script_screen import ScriptScreen
from sync.backoffice.app import create_app
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.server import BackOfficeServer
from sync.client.column import RECEIPT_FILE, OtherKind
from sync.client.column import load_column as load_identity_column
from sync.client.enrolment import EnrolmentFailed, enrol
from sync.protocol.messages import EnrolmentRequest
from tests.backoffice.sites import SITE


@contextmanager
def backoffice(folder: Path, *, practice: bool) -> Iterator[BackOfficeServer]:
    app = create_app(f"sqlite:///{folder / 'backoffice.db'}", replace(SITE, practice=practice))
    with BackOfficeServer(app) as running:
        yield running


@pytest.mark.parametrize("practice", [True, False])
def test_a_back_office_takes_only_columns_of_its_kind(tmp_path: Path, practice: bool) -> None:
    with backoffice(tmp_path, practice=practice) as server:
        code = new_enrolment_code(server.office, "hall")
        with pytest.raises(EnrolmentFailed, match="practice"):
            enrol(server.url, code, tmp_path / "wrong", practice=not practice)
        assert not (tmp_path / "wrong" / RECEIPT_FILE).exists()
        joined = enrol(server.url, code, tmp_path / "right", practice=practice)
    assert joined.column.practice is practice, "the mistake cost no try of the code"
    assert load_identity_column(tmp_path / "right").practice is practice


@pytest.mark.parametrize("practice", [True, False])
def test_a_column_takes_only_a_back_office_of_its_kind(
    tmp_path: Path, practice: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A back office that does not look: the column looks too."""
    validate = EnrolmentRequest.model_validate

    def blind(message: dict[str, object]) -> EnrolmentRequest:
        return validate(message).model_copy(update={"practice": practice})

    monkeypatch.setattr(EnrolmentRequest, "model_validate", blind)
    with backoffice(tmp_path, practice=practice) as server:
        with pytest.raises(EnrolmentFailed, match="practice"):
            enrol(server.url, new_enrolment_code(server.office, "hall"), tmp_path / "wrong", practice=not practice)
        assert not (tmp_path / "wrong" / RECEIPT_FILE).exists()


def test_a_practice_site_does_not_start_with_a_real_identity(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        settings = world.column("districtshuis")
        receipt = settings.parent / "identity" / RECEIPT_FILE
        told = json.loads(receipt.read_text())
        assert told["practice"] is True
        for changed in ({**told, "practice": False}, {k: v for k, v in told.items() if k != "practice"}):
            receipt.write_text(json.dumps(changed))
            with pytest.raises(Exception) as refused:
                asyncio.run(Kiosk(load_column(settings), load_texts()).serve(ScriptScreen(load_texts())))
            assert refused.type.__name__ in ("OtherKind", "IdentityDamaged")


def test_a_real_site_does_not_start_with_an_identity_of_practice(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        config = load_column(world.column("districtshuis"))
        real = replace(config, site=replace(config.site, practice=False))
        with pytest.raises(OtherKind, match="for real use and the column joined a back office for practice"):
            asyncio.run(Kiosk(real, load_texts()).serve(ScriptScreen(load_texts())))
        with pytest.raises(OtherKind):
            Kiosk(real, load_texts()).fetch_numbers()
