"""The whole column under care, as `zuil run` puts it together: findings, the line for everybody, a new version."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from config.column import load_column
from config.texts import load_texts
from kiosk.app import Kiosk
from kiosk.core.pages import WelcomePage
from kiosk.paths import TRANSLATIONS
from kiosk.snapshots import load_in_use
from sync.backoffice.commands import CommandCard, command_cards, give_command
from sync.backoffice.releases import publish
from sync.backoffice.reports import find_report
from sync.protocol.packing import pack_folder
from tests.app.test_retiring import SECONDS, Column
from tests.app.test_retiring import column as column  # the fixture

SITE = Path("config/sites/berchem").resolve()


def cards(column: Column) -> list[CommandCard]:
    """Commands as staff see them."""
    office = column.server.office
    with office.database.read() as connection:
        return command_cards(office, connection, column.kiosk_id)


async def ended(column: Column, count: int) -> list[CommandCard]:
    """Wait until so many commands ended."""
    async with asyncio.timeout(SECONDS):
        while len(done := [card for card in cards(column) if card.outcome != "open"]) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return done


async def test_findings_of_the_running_column_and_the_line_for_everybody(column: Column) -> None:
    office = column.server.office
    words = {language: f"Lift ({language})" for language in ("nl", "fr", "en", "de")}
    asked = give_command(office, column.kiosk_id, "diagnostics", {}, "staff-1")
    give_command(office, column.kiosk_id, "message", words, "staff-1")
    async with column.serving():
        done = await ended(column, 2)
        assert {card.kind: card.outcome for card in done} == {"diagnostics": "done", "message": "done"}
        report = find_report(office, asked)
        assert report is not None
        subjects = {finding["subject"] for finding in json.loads(report.content)}
        assert {"settings", "version", "enrolment", "printer", "card reader", "back office", "room on disk"} <= subjects
        async with asyncio.timeout(SECONDS):
            while "Lift (nl)" not in "\n".join(column.screen.lines()):  # noqa: ASYNC110 - a screen, no event
                await asyncio.sleep(0.02)
    async with column.serving():
        await column.sees(WelcomePage)
        async with asyncio.timeout(SECONDS):
            while "Lift (nl)" not in "\n".join(column.screen.lines()):  # noqa: ASYNC110 - a screen, no event
                await asyncio.sleep(0.02)


async def test_a_restart_ends_serving_in_order_and_the_next_start_proves_it(column: Column) -> None:
    give_command(column.server.office, column.kiosk_id, "restart", {}, "staff-1")
    kiosk = Kiosk(column.config, load_texts(TRANSLATIONS))
    async with asyncio.timeout(SECONDS):
        await kiosk.serve(column.screen)
    assert kiosk.restarting
    async with column.serving():
        (card,) = await ended(column, 1)
    assert (card.kind, card.outcome) == ("restart", "done")


async def test_a_published_version_is_fetched_checked_and_used_from_the_next_start(
    column: Column, tmp_path: Path
) -> None:
    shutil.copytree(SITE, tmp_path / "new")
    file = tmp_path / "new" / "site.toml"
    brand = column.config.site.brand
    file.write_text(file.read_text().replace(brand, "#112233"))
    publish(column.server.office, pack_folder(tmp_path / "new"), "staff-1")
    settings = tmp_path / "zuil.toml"
    kiosk = Kiosk(load_in_use(settings), load_texts(TRANSLATIONS), file=settings)
    async with asyncio.timeout(SECONDS):
        await kiosk.serve(column.screen)
    assert kiosk.restarting, "nobody stands there: it starts anew at once"
    assert load_column(settings).site.brand == brand
    assert load_in_use(settings).site.brand == "#112233"


@pytest.mark.expects_log("zuil.column")
async def test_a_version_that_serving_cannot_live_with_is_taken_back_at_once(
    column: Column, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kiosk.snapshots import Snapshots

    settings = tmp_path / "zuil.toml"
    snapshots = Snapshots(column.data)
    snapshots.keep(1, pack_folder(SITE), {"visit.idle_seconds": 90})
    snapshots.activate(1, 1)

    async def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("kiosk.app.serve", breaks)
    with pytest.raises(ZeroDivisionError):
        await Kiosk(load_in_use(settings), load_texts(TRANSLATIONS), file=settings).serve(column.screen)
    assert load_in_use(settings).settings.visit.idle_seconds == 60
    assert snapshots.read().told[-1].reason == "serving ended: ZeroDivisionError"


async def test_serving_that_ends_by_itself_ends_the_column_and_retires_nothing(
    column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ends(*_: object) -> None:
        return None

    monkeypatch.setattr("kiosk.app.serve", ends)
    async with asyncio.timeout(SECONDS):
        await Kiosk(column.config, load_texts(TRANSLATIONS)).serve(column.screen)
    assert column.screen.view is None
    assert (column.data / "identity" / "signing.key").exists()
