"""A column under remote care for tests: real store, real sync client, real back office over HTTP, a fake caretaker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from kiosk.commanding import Commander
from kiosk.core.closure import Closure
from kiosk.remote import Remote, handlers
from kiosk.store.store import KioskStore
from sync.backoffice import schema
from sync.backoffice.app import create_app
from sync.backoffice.commands import CommandCard, command_cards, give_command
from sync.backoffice.core import BackOffice
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.server import BackOfficeServer
from sync.client.answers import Trouble
from sync.client.asking import Asker
from sync.client.client import SyncClient
from sync.client.enrolment import enrol
from sync.client.identity import Identity, load_identity
from sync.client.reports import Sent, send_report
from sync.client.transport import Answer, HttpTransport, NoAnswer
from tests.backoffice.sites import SITE
from tests.store.columns import START, TODAY, Hands, open_at


@dataclass
class FakeCaretaker:
    """Remembers what it was asked. Fits `kiosk.journeys.ports.Caretaker`."""

    closure: Closure | None = None
    asked: list[str] = field(default_factory=list)

    async def close(self, closure: Closure) -> None:
        """See the port."""
        self.closure = closure
        self.asked.append("close")

    async def open(self, by: str) -> None:
        """See the port."""
        self.closure = None
        self.asked.append("open")

    def end_visit(self, by: str) -> None:
        """See the port."""
        self.asked.append("end_visit")

    def restart(self, by: str) -> None:
        """See the port."""
        self.asked.append(f"restart {by}")


class Cable(HttpTransport):
    """HTTP that can be told to lose answers or to lie; what was posted is kept by its last word."""

    def __init__(self) -> None:
        super().__init__()
        self.lose: set[str] = set()
        self.instead: Callable[[str, Answer | NoAnswer], Answer | NoAnswer] | None = None
        self.posted: list[str] = []

    def post(self, url: str, body: bytes) -> Answer | NoAnswer:
        """Post, and perhaps lose the answer once."""
        name = url.rpartition("/")[2]
        self.posted.append(name)
        answer = super().post(url, body)
        if name in self.lose:
            self.lose.discard(name)
            from sync.client.transport import Failure

            return NoAnswer(Failure.CUT_OFF, "lost")
        return self.instead(name, answer) if self.instead else answer


@dataclass
class Street:
    """One column under care, one back office, one cable."""

    office: BackOffice
    url: str
    folder: Path
    identity: Identity
    store: KioskStore
    cable: Cable
    client: SyncClient
    caretaker: FakeCaretaker = field(default_factory=FakeCaretaker)
    told: list[object] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    revocations: list[object] = field(default_factory=list)
    clock: Hands = field(default_factory=Hands)

    @property
    def kiosk_id(self) -> str:
        """Id of the column."""
        return self.identity.column.kiosk_id

    def tick(self, times: int = 1) -> None:
        """Ask for updates and send events, at once."""
        for _ in range(times):
            loop = self.client.loop()
            loop._upload.due = loop._update.due = loop._rotation.due = 0.0
            loop.tick()

    def give(self, kind: str, hours: int = 24, **arguments: str | int | bool) -> str:
        """Staff give a command; its id."""
        return give_command(self.office, self.kiosk_id, kind, arguments, "staff-1", hours)

    def commander(self) -> Commander:
        """A commander as `kiosk.app` makes it, whose errands are run by whoever ticks."""
        remote = Remote(
            caretaker=self.caretaker,
            send=self.send,
            renewed=lambda: None,
            examine=lambda: [{"subject": "printer", "wrong": True, "says": "paper_out"}],
            logs=self.folder / "log",
            identity=self.folder / "identity",
            data=self.folder,
            languages=("nl", "fr"),
            told=self.told.append,
            retire=lambda: self.retired.append("retire"),
        )
        return Commander(self.store, handlers(remote), self.clock.now)

    async def send(self, command_id: str, name: str, media_type: str, content: bytes) -> Sent | Trouble:
        """Send a report over the cable."""
        asker = Asker(self.identity, self.cable, self.url, self.store.now)
        return await asyncio.to_thread(send_report, asker, command_id, name, media_type, content)

    async def look(self, commander: Commander | None = None) -> None:
        """Carry out what there is."""
        await (commander or self.commander()).look()

    async def carry_out(self) -> None:
        """Fetch, carry out, and tell."""
        self.tick()
        await self.look()
        self.tick()

    def cards(self) -> list[CommandCard]:
        """Commands as staff see them, newest first."""
        with self.office.database.read() as connection:
            return command_cards(self.office, connection, self.kiosk_id)

    def ends(self) -> list[tuple[str, str, str]]:
        """Kind, outcome and detail of each, oldest first."""
        return [(card.kind, card.outcome, card.detail) for card in reversed(self.cards())]

    def key_at_backoffice(self) -> str:
        """The key that counts there."""
        with self.office.database.read() as connection:
            return str(connection.execute(select(schema.kiosk.c.public_key)).scalar_one())

    def start_again(self) -> None:
        """Stop store and client and start them anew, as after a power cut."""
        assert self.client.stop()
        self.store.close()
        self.identity = load_identity(self.folder / "identity")
        self.store, self.cable, self.client = _open(self.folder, self.url, self.identity, self.clock)
        self.store.on_revoked(self.revocations.append)


def _open(folder: Path, url: str, identity: Identity, clock: Hands) -> tuple[KioskStore, Cable, SyncClient]:
    store, cable = open_at(folder / "kiosk.db", identity.column, clock), Cable()
    client = SyncClient(store, identity, url, queues=("travel",), today=lambda: TODAY, transport=cable)
    return store, cable, client


@contextmanager
def street(folder: Path) -> Iterator[Street]:
    """A column that has just joined."""
    now = int(START.timestamp() * 1000)
    app = create_app(f"sqlite:///{folder / 'backoffice.db'}", SITE, clock=lambda: now)
    with BackOfficeServer(app) as server:
        enrol(server.url, new_enrolment_code(server.office, "hall"), folder / "identity", practice=SITE.practice)
        identity, clock = load_identity(folder / "identity"), Hands()
        made = Street(server.office, server.url, folder, identity, *_open(folder, server.url, identity, clock))
        made.clock = clock
        made.store.on_revoked(made.revocations.append)
        try:
            yield made
        finally:
            assert made.client.stop()
            made.store.close()
