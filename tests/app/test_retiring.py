"""The end of a column: the page, the last events, everything destroyed, and nothing of it undone by a cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from config.column import ColumnConfig, load_column
from config.texts import load_texts
from kiosk.app import Kiosk
from kiosk.clock import DrivenClock, settle
from kiosk.core.pages import NoticePage, Tool, View, WelcomePage
from kiosk.journeys.out_of_service import EACH_S, out_of_service
from kiosk.paths import TRANSLATIONS
from kiosk.retired import MARK, Retirement, announce, destroy, left_over, read_retirement
from kiosk.retiring import retire
from kiosk.store.store import KioskStore
from kiosk.terminal.script_screen import ScriptScreen
from sync.backoffice import schema
from sync.backoffice.app import create_app
from sync.backoffice.commands import command_cards, give_command
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.kiosks import revoke_kiosk
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.site import site_info
from sync.client.client import SyncClient
from sync.client.enrolment import enrol
from sync.client.identity import load_identity
from tests.store.columns import START

SECONDS = 30


class Column:
    """A whole column of the demonstration site beside a real back office."""

    def __init__(self, folder: Path, server: BackOfficeServer) -> None:
        self.server = server
        self.data, self.logs = folder / "data", folder / "log"
        self.logs.mkdir()
        (self.logs / "zuil.log").write_text("a line\n")
        settings = folder / "zuil.toml"
        settings.write_text(
            f'[column]\nsite = "{Path("config/sites/berchem").resolve()}"\ndata = "data"\n'
            f'[sync]\nurl = "{server.url}"\nheartbeat_seconds = 5\n[log]\nfolder = "log"\n[speech]\nprogram = ""\n'
        )
        self.config: ColumnConfig = load_column(settings)
        code = new_enrolment_code(server.office, self.config.here.id)
        identity = enrol(server.url, code, self.data / "identity", practice=self.config.site.practice)
        self.kiosk_id = identity.column.kiosk_id
        self.screen = ScriptScreen(load_texts(TRANSLATIONS))

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """The whole column at work."""
        kiosk = Kiosk(self.config, load_texts(TRANSLATIONS))
        task = asyncio.create_task(kiosk.serve(self.screen))
        try:
            yield
        finally:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    async def sees(self, kind: type) -> None:
        """Wait until the screen shows a page of that kind."""
        async with asyncio.timeout(SECONDS):
            while self.screen.view is None or not isinstance(self.screen.view.page, kind):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def is_destroyed(self) -> None:
        """Wait until nothing is left but the mark."""
        async with asyncio.timeout(SECONDS):
            while not ((mark := read_retirement(self.data)) and mark.destroyed):  # noqa: ASYNC110 - a file, no event
                await asyncio.sleep(0.02)
        assert left_over(self.data, self.logs) == []

    def kinds(self) -> list[str]:
        """Types of all events the back office has, in order."""
        table = schema.event.c
        with self.server.office.database.read() as connection:
            types = connection.execute(select(table.type).order_by(table.sequence)).scalars()
            return [str(each).partition("kiosk.v1.")[2].replace(".notify", "") for each in types]


@pytest.fixture
def column(tmp_path: Path) -> Iterator[Column]:
    """A column that has joined."""
    site = site_info(load_column(None).site)
    app = create_app(f"sqlite:///{tmp_path / 'backoffice.db'}", site)
    with BackOfficeServer(app) as server:
        yield Column(tmp_path, server)


async def test_a_wiped_column_says_so_hands_in_everything_and_is_empty(column: Column) -> None:
    office = column.server.office
    given = give_command(office, column.kiosk_id, "wipe", {}, "staff-1")
    async with column.serving():
        await column.sees(NoticePage)
        await column.is_destroyed()
    with office.database.read() as connection:
        card = command_cards(office, connection, column.kiosk_id)[0]
    assert (card.id, card.outcome) == (given, "done")
    assert column.kinds()[-2:] == ["devices.stopped", "columns.retired"]
    assert sorted(path.name for path in column.data.iterdir()) == [MARK]


@pytest.mark.expects_log("zuil.sync")
async def test_a_column_revoked_while_it_serves_ends(column: Column) -> None:
    async with column.serving():
        await column.sees(WelcomePage)
        revoke_kiosk(column.server.office, column.kiosk_id, drain_hours=1)
        await column.sees(NoticePage)
        await column.is_destroyed()
    assert column.kinds()[-1] == "columns.retired"


@pytest.mark.expects_log("zuil.sync")
async def test_a_stolen_column_found_revoked_at_its_start_ends_and_hands_in_nothing(column: Column) -> None:
    revoke_kiosk(column.server.office, column.kiosk_id)
    async with column.serving():
        await column.sees(NoticePage)
        await column.is_destroyed()
    assert column.kinds() == []
    async with column.serving():
        await column.sees(NoticePage)
    assert sorted(path.name for path in column.data.iterdir()) == [MARK], "it never serves again"


async def test_without_a_mark_nothing_is_destroyed(column: Column) -> None:
    before = left_over(column.data, column.logs)
    assert before
    with pytest.raises(RuntimeError, match="without a mark"):
        destroy(column.data, column.logs)
    assert left_over(column.data, column.logs) == before


@pytest.mark.parametrize("cut", range(8))
async def test_a_cut_while_destroying_is_finished_by_the_next_start(
    column: Column, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    """Power goes at the n-th file; keys go first."""
    announce(column.data, Retirement("wiped", "c", drains=False))
    (column.data / "kiosk.db-wal").write_bytes(b"w" * 100)
    secret = (column.data / "identity" / "signing.key").read_bytes()
    left = [cut]

    def unplugged(path: Path) -> None:
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1
        whole(path)

    from kiosk import retired

    whole = retired._overwrite
    monkeypatch.setattr(retired, "_overwrite", unplugged)
    try:
        destroy(column.data, column.logs)
    except KeyboardInterrupt:
        kept = [path for path in left_over(column.data, column.logs) if path.read_bytes() == secret]
        assert not kept or cut < 2
    monkeypatch.undo()
    async with column.serving():
        await column.sees(NoticePage)
        await column.is_destroyed()


@pytest.mark.expects_log("zuil.column")
def test_a_mark_nobody_can_read_is_a_mark(tmp_path: Path) -> None:
    (tmp_path / MARK).write_text("{")
    mark = read_retirement(tmp_path)
    assert mark is not None
    assert not mark.drains


def test_a_mark_stays_what_it_was_first(tmp_path: Path) -> None:
    announce(tmp_path, Retirement("revoked", "backoffice", drains=False))
    announce(tmp_path, Retirement("wiped", "c", drains=True))
    mark = read_retirement(tmp_path)
    assert mark is not None
    assert (mark.reason, mark.drains) == ("revoked", False)


def test_a_drain_ends_at_its_hour(tmp_path: Path) -> None:
    clock = DrivenClock(START)
    later = Retirement("revoked", "b", clock.now().isoformat(), drains=True)
    assert not later.may_drain(clock.now())
    assert replace(later, drain_until=None).may_drain(clock.now())
    assert not replace(later, drain_until=None, destroyed=True).may_drain(clock.now())


@pytest.mark.expects_log("zuil.column")
async def test_a_column_without_a_network_is_destroyed_all_the_same(column: Column) -> None:
    announce(column.data, Retirement("revoked", "backoffice", drains=True))
    clock, tries = DrivenClock(START), []

    def connect(store: KioskStore) -> SyncClient | None:
        identity = load_identity(column.data / "identity")
        client = SyncClient(store, identity, "http://127.0.0.1:9", queues=(), today=clock.now)
        tries.append(client)
        return client

    ending = asyncio.create_task(retire(column.screen, column.config, clock, connect))
    async with asyncio.timeout(SECONDS):
        while not ((mark := read_retirement(column.data)) and mark.destroyed):
            await clock.pass_time(5)
            await asyncio.sleep(0.02)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert len(tries) == 1
    assert left_over(column.data, column.logs) == []


async def test_the_page_speaks_each_language_in_turn_and_has_no_button(column: Column) -> None:
    clock = DrivenClock(START)
    showing = asyncio.create_task(out_of_service(column.screen, column.config.site, column.config.here, clock))
    seen: list[str] = []
    for _ in range(4):
        await settle()
        view: View | None = column.screen.view
        assert view is not None
        assert view.page.options == ()
        seen.append(view.language)
        await clock.pass_time(EACH_S)
    assert tuple(seen[: len(column.config.site.profile.languages)]) == column.config.site.profile.languages
    column.screen.use(Tool.LANGUAGE, "nl")
    await settle()
    assert column.screen.view is not None
    assert column.screen.view.language == "nl"
    showing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await showing
