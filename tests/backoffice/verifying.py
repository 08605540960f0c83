"""A back office whose column seals attests of every fate, for tests of the page that checks them. Not a test.

Everybody on the attests is plainly invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
from starlette.types import ASGIApp

from kiosk.core.attests import NEVER_SEALED, AttestContent, AttestField, Kind, Printed
from kiosk.documents.attest.pdf_seal import seal_pdf
from kiosk.documents.seal.keys import FileAttestKey, install, make_request
from kiosk.documents.seal.text import cose_of, seal_text
from sync.backoffice.app import create_app
from sync.backoffice.core import BackOffice
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.pages.words import entries
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.site import SiteInfo
from sync.backoffice.trust import raise_version, revoke_certificate
from sync.protocol.canonical import b64url, unb64url
from tests.backoffice.attesting import certificate_request
from tests.backoffice.column import Column, post
from tests.backoffice.conftest import QUICK, Clock
from tests.backoffice.sites import SITE
from tests.documents.attest_rigs import RESIDENCE, pages
from tests.documents.seal_codes import as_file, drawn
from tests.documents.seal_rigs import make_content

MARKED = "Van Merkteken-Proefpersoon"
"""A surname that stands nowhere else, to look for where it may not be."""
TITLES = {"nl": "Attest van hoofdverblijfplaats", "fr": "Certificat de résidence principale"}
VERIFYING = replace(
    SITE,
    practice=False,
    services={
        **SITE.services,
        "residence": {**TITLES, "en": "Certificate of residence", "de": "Wohnsitzbescheinigung"},
    },
)
HTML = {"Accept": "text/html"}


@dataclass
class Hall:
    """The town hall: its back office, one column, the key the column seals with."""

    server: BackOfficeServer
    client: httpx.Client
    clock: Clock
    key: FileAttestKey
    folder: Path

    @property
    def office(self) -> BackOffice:
        """From the inside."""
        return self.server.office

    @property
    def now(self) -> datetime:
        """Of its clock, in its time zone."""
        return datetime.fromtimestamp(self.clock.now / 1000, self.office.site.zone)

    def content(self, kind: Kind = Kind.RESIDENCE, **changes: object) -> AttestContent:
        """An attest of the marked person, sealed now, good for three months."""
        content = make_content(kind, issuer=f"BE:{self.office.site.enterprise_number}", issued_at=self.now)
        facts = tuple(replace(p, value=MARKED) if p.field is AttestField.SURNAME else p for p in content.facts)
        return replace(content, **{"facts": facts, **changes})  # type: ignore[arg-type]

    def seal(self, kind: Kind = Kind.RESIDENCE, **changes: object) -> str:
        """Its text."""
        return seal_text(self.content(kind, **changes), self.key)

    def pdf(self) -> bytes:
        """The sealed PDF of one."""
        content = self.content()
        page = pages().pdf(content, RESIDENCE, seal_text(content, self.key))
        return seal_pdf(page, self.key, location="Lindeveld", reason="Attest", signed_at=content.issued_at)

    def code(self) -> str:
        """With which one more column may join."""
        return new_enrolment_code(self.office, "hall")

    def revoke_key(self) -> None:
        """Nothing this key sealed counts any more."""
        revoke_certificate(self.office, b64url(self.key.kid), 0)

    def new_list(self) -> None:
        """Make the list anew."""
        with self.office.database.write() as connection:
            raise_version(self.office, connection)

    def post(self, *, path: str = "/verify", lang: str = "nl", **parts: object) -> httpx.Response:
        """Post the form as a browser does, `file` as bytes, `text` as text."""
        files = {
            name: (name, value, "application/octet-stream") if isinstance(value, bytes) else (None, value)
            for name, value in parts.items()
        }
        return self.client.post(f"{path}?lang={lang}", files=files, headers=HTML)  # type: ignore[arg-type]


@contextmanager
def hall(
    folder: Path, clock: Clock, site: SiteInfo = VERIFYING, watch: Callable[[ASGIApp], ASGIApp] | None = None
) -> Iterator[Hall]:
    """Open the town hall; with SQLite, since a check only reads the trust list.

    Args:
        watch: put around the whole application.
    """
    app = create_app(f"sqlite:///{folder / 'hall.db'}", site, settings=QUICK, clock=clock)
    if watch is not None:
        app.add_middleware(watch)
    with BackOfficeServer(app) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        column = Column.join(client, new_enrolment_code(server.office, "hall"), clock.now, practice=False)
        keys = folder / "column"
        told = post(client, "certificates", certificate_request(column, make_request(keys))).json()
        key = install(keys, unb64url(told["certificate"]), tuple(unb64url(der) for der in told["chain"]))
        clock.pass_seconds(60)
        yield Hall(server, client, clock, key, folder)


def picture_of(seal: str) -> bytes:
    """A PNG of its code."""
    return as_file(drawn(seal))


def altered(seal: str) -> str:
    """The same seal with one letter of what it says exchanged; its form is still right."""
    import base45  # type: ignore[import-untyped]

    cose = bytearray(cose_of(seal))
    at = bytes(cose).index(MARKED.encode())
    cose[at] = ord("W")
    return "BE0:" + str(base45.b45encode(bytes(cose)).decode())


def yesterday(hall: Hall) -> date:
    """The last day of an attest that has just expired."""
    return hall.now.date() - timedelta(days=1)


def longest() -> tuple[Printed, ...]:
    """Facts as long as they come."""
    value = "Vanderverzonnenhovenberghsteen-Proefpersoonsdochter de la Grande Dénomination Imaginaire"
    return tuple(Printed(field, value) for field in AttestField if field not in NEVER_SEALED)


def words(key: str, language: str = "nl") -> str:
    """Of the pages' own table."""
    return entries()[key][language]
