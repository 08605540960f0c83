"""A whole world for tests of answers: back office, column, simulated register, unsealer on a socket. Not a test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import httpx

from config.site import load_site
from config.texts import load_texts
from kiosk.core.attests import AttestContent
from kiosk.core.catalogue import Site
from kiosk.core.events import KINDS
from kiosk.core.texts import Texts
from kiosk.documents.attest.facts import register_facts
from kiosk.documents.seal.keys import FileAttestKey, install, make_request
from kiosk.documents.seal.text import seal_text
from sync.backoffice.app import create_app
from sync.backoffice.core import BackOffice
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.registers.contract import Register
from sync.backoffice.registers.simulated.server import RegisterServer
from sync.backoffice.sealing_keys import make_sealing_key
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.site import site_info
from sync.backoffice.unsealer.answering import Desk
from sync.backoffice.unsealer.documents import Documents
from sync.backoffice.unsealer.handing import Ways
from sync.backoffice.unsealer.keys import KeyRing
from sync.backoffice.unsealer.process import Setup, desk_of, jobs, opened, ways_of
from sync.backoffice.unsealer.server import UnsealerServer
from sync.client.column import Column as ColumnFacts
from sync.client.identity import Identity
from sync.client.register_answers import Ready, RegisterClient, RegisterReply
from sync.client.transport import HttpTransport
from sync.protocol.canonical import b64url, sha256, unb64url
from sync.protocol.ids import new_code, uuid7
from sync.protocol.sealing import Place, SealingKey
from sync.protocol.signing import PublicKey
from tests.backoffice.attesting import certificate_request
from tests.backoffice.column import Column, post
from tests.backoffice.conftest import QUICK, Clock

SITE_FOLDER = Path("config/sites/berchem")
LOTTE = "85717100253"
"""Van Voorbeeld Lotte Marie: the first simulated card."""
BENOIT = "90717100558"


@cache
def site() -> Site:
    """The municipality of the demonstration."""
    return load_site(SITE_FOLDER)


@cache
def texts() -> Texts:
    """The catalogue of texts."""
    return load_texts()


@dataclass
class World:
    """Everything, and short words for what a column does."""

    server: BackOfficeServer
    client: httpx.Client
    clock: Clock
    column: Column
    key: SealingKey
    key_file: Path
    folder: Path
    database_url: str
    register: RegisterServer
    sent: int = 0
    issued: int = 0

    @property
    def office(self) -> BackOffice:
        """The web process's back office."""
        return self.server.office

    @property
    def socket(self) -> Path:
        """Where the unsealer listens."""
        return self.folder / "unsealer.sock"

    def made(self, **changes: object) -> Setup:
        """How the unsealer is set up."""
        usual = Setup(
            (self.key_file,), self.database_url, self.socket, self.register.url, attest_key=self.folder / "bo"
        )
        return replace(usual, **changes)  # type: ignore[arg-type]

    def request(
        self,
        product: str = "household",
        national_number: str = LOTTE,
        *,
        use: str = "social",
        delivery: str = "column",
        email: str | None = None,
        language: str = "nl",
        paid: bool = False,
    ) -> tuple[str, str]:
        """Record and send a request; its id and its code."""
        request_id, code = uuid7(self.clock.now), new_code()
        plain = {"nationalNumber": national_number, "surname": "Van Voorbeeld", "givenNames": "Lotte Marie"}
        data: dict[str, object] = {
            "requestId": request_id,
            "officeId": self.column.office,
            "productId": product,
            "useId": use,
            "language": language,
            "feeCents": 200 if paid else 0,
            "codeHash": sha256(code.encode()),
            "delivery": delivery,
            **({"paymentId": uuid7(self.clock.now)} if paid else {}),
        }
        self.record("attests.requested", request_id, data, {**plain, **({"email": email} if email else {})})
        self.send()
        return request_id, code

    def redirect(self, request_id: str, delivery: str, email: str | None = None) -> None:
        """Record and send that a request is to be had in another way."""
        data: dict[str, object] = {"requestId": request_id, "delivery": delivery}
        if email is None:
            self.column.record("attests.redirected", request_id, data)
        else:
            self.record("attests.redirected", request_id, data, {"email": email})
        self.send()

    def record(self, kind: str, subject: str, data: dict[str, object], plain: dict[str, object]) -> str:
        """Record an event with a sealed part, bound to itself; its id."""
        schema = f"{kind.replace('.', '-').replace('attests', 'attest')}:1"
        event_id = uuid7(self.clock.now)
        place = Place.event(
            {"source": self.column.source, "epoch": self.column.epoch, "id": event_id, "type": KINDS[kind].type}
        )
        sealed = self.key.seal(plain, schema, place)
        self.column.record(kind, subject, {**data, "sealed": sealed}, event_id=event_id)
        return event_id

    def issue(self, reply: Ready, *, unsealed: dict[str, object] | None = None) -> str:
        """Seal what a register answered as a column does, record it and send it; the id of the attest."""
        attest_id, self.issued = str(uuid.uuid4()), self.issued + 1
        content = self.content(reply, attest_id)
        plain: dict[str, object] = {"seal": seal_text(content, self.attest_key())}
        data: dict[str, object] = {
            "attestId": attest_id,
            "number": content.number,
            "officeId": self.column.office,
            "productId": reply.product_id,
            "useId": reply.use_id,
            "language": reply.language,
            "feeCents": 0,
            "requestId": reply.request_id,
            "validUntil": content.valid_until.isoformat(),
            "medium": "sheet",
            "kid": b64url(self.attest_key().kid),
        }
        self.record("attests.issued", attest_id, data, {**plain, **({"unsealed": unsealed} if unsealed else {})})
        self.send()
        return attest_id

    def content(self, reply: Ready, attest_id: str) -> AttestContent:
        """What the column prints of an answer."""
        product, signing = site().attest(reply.product_id), site().signing
        facts, groups = register_facts(reply.data, product, reply.language, texts())
        now = datetime.fromtimestamp(self.clock.now // 1000, self.office.site.zone)
        return AttestContent(
            id=uuid.UUID(attest_id).bytes,
            product=product.id,
            kind=product.kind,
            language=reply.language,
            number=f"DEMO-{self.column.office}-K1-{now.year}-{self.issued:05d}",
            issued_at=now,
            valid_until=now.date() + timedelta(days=product.validity_days),
            as_of=reply.data.as_of,
            place="Berchem",
            purpose="",
            issuer=signing.issuer if signing is not None else "",
            kiosk=str(self.column.receipt["kioskId"]),
            facts=facts,
            groups=groups,
            practice=True,
        )

    def attest_key(self) -> FileAttestKey:
        """The column's own key that seals attests, certified by the back office at first need."""
        folder = self.folder / "column"
        if not folder.exists():
            told = post(self.client, "certificates", certificate_request(self.column, make_request(folder))).json()
            chain = tuple(unb64url(der) for der in told["chain"])
            install(folder, unb64url(told["certificate"]), chain)
        return FileAttestKey.load(folder)

    def send(self) -> None:
        """Send what was not sent yet."""
        answer = self.column.send(self.client, self.sent + 1)
        assert answer["deadLettered"] == [], answer
        self.sent = len(self.column.events)

    def identity(self) -> Identity:
        """The column as its own program sees it."""
        told = self.column.receipt
        return Identity(
            ColumnFacts.of(told), self.column.key, PublicKey.parse(str(told["publicKey"])), str(told["check"])
        )

    def ask(
        self,
        *,
        request_id: str | None = None,
        code: str | None = None,
        national_number: str = LOTTE,
        wait_seconds: int = 0,
        url: str | None = None,
    ) -> RegisterReply:
        """Ask as a column does."""

        def now() -> datetime:
            return datetime.fromtimestamp(self.clock.now / 1000).astimezone()

        client = RegisterClient(self.identity(), url or self.server.url, HttpTransport, now)
        return client.ask(
            request_id=request_id,
            code=code,
            national_number=national_number,
            key=self.key,
            wait_seconds=wait_seconds,
        )

    @contextmanager
    def unsealer(
        self, *, ways: Ways | None = None, register: Register | None = None, **changes: object
    ) -> Iterator[tuple[Desk, Documents]]:
        """An unsealer that listens."""
        made = self.made(**changes)
        with opened(made, site(), QUICK) as office:
            office = replace(office, clock=self.clock)
            desk = desk_of(made, office, site())
            if register is not None:
                desk = replace(desk, register=register)
            documents = Documents(office, site(), texts(), made.attest_key)
            ways = ways or ways_of(made, office)
            with UnsealerServer(made.socket, jobs(desk, documents, ways), 0o600):
                yield desk, documents


@contextmanager
def world(database_url: str, folder: Path, clock: Clock) -> Iterator[World]:
    """Start everything but the unsealer."""
    app = create_app(database_url, site_info(site()), settings=QUICK, clock=clock)
    app.state.unsealer = folder / "unsealer.sock"

    def now() -> datetime:
        return datetime.fromtimestamp(clock.now / 1000).astimezone()

    with (
        BackOfficeServer(app) as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
        RegisterServer(now=now, slow_seconds=60) as register,
    ):
        key_file = folder / "sealing.key"
        make_sealing_key(server.office, key_file)
        public = KeyRing.load([key_file])
        key = next(iter(public._keys.values())).public
        office_id = site_info(site()).offices[0].id
        column = Column.join(client, new_enrolment_code(server.office, office_id), clock.now)
        yield World(server, client, clock, column, key, key_file, folder, database_url, register)
