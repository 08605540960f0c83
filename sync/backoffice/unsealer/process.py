"""Putting an unsealer together: keys, database, site, register, ways of handing over, socket.

Not for: the words of the command (`kiosk.commands.unsealer`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from kiosk.core.catalogue import Site
from kiosk.core.texts import Texts
from sync.backoffice.core import BackOffice, open_back_office
from sync.backoffice.database import Database
from sync.backoffice.handover.ebox import EboxFolder
from sync.backoffice.handover.email import EmailNotifier, Mailbox
from sync.backoffice.migrations import prepare
from sync.backoffice.registers.contract import NoRegister, Register
from sync.backoffice.registers.magda.adapter import MagdaRegister
from sync.backoffice.registers.magda.services import Platform
from sync.backoffice.registers.magda.transport import Credentials, HttpTransport
from sync.backoffice.settings import BackOfficeSettings
from sync.backoffice.site import site_info
from sync.backoffice.unsealer.answering import Desk, answer
from sync.backoffice.unsealer.contract import ANSWER, DUPLICATE, HANDOVER, Document, Done, JobRefused, Trouble
from sync.backoffice.unsealer.copies import duplicate
from sync.backoffice.unsealer.documents import Documents
from sync.backoffice.unsealer.handing import Patience, Ways, handover, sweep
from sync.backoffice.unsealer.keys import KeyRing
from sync.backoffice.unsealer.server import Jobs, UnsealerServer
from sync.backoffice.unsealer.vault import Vault

log = logging.getLogger("zuil.backoffice.unsealer")
SWEEP_SECONDS = 60.0


@dataclass(frozen=True)
class Setup:
    """How one unsealer is set up.

    Attributes:
        keys: files of private keys, all that may still be needed.
        register: address of the platform, or None where none is connected.
        attest_key: folder of the back office's own key, or None where it makes no documents.
        ebox: folder for the eBox connector, or None.
        socket_mode: 0600, or 0660 where the web process shares the group.
        verify_url: where anybody can check a code.
    """

    keys: tuple[Path, ...]
    database: str
    socket: Path
    register: str | None = None
    credentials: Credentials | None = None
    platform: Platform | None = None
    attest_key: Path | None = None
    mailbox: Mailbox | None = None
    ebox: Path | None = None
    socket_mode: int = 0o660
    verify_url: str = ""


def jobs(desk: Desk, documents: Documents, ways: Ways) -> Jobs:
    """The jobs by their path."""

    def do_answer(members: Mapping[str, object]) -> Done:
        message = members.get("message")
        if not isinstance(message, dict):
            raise JobRefused(Trouble.BAD_JOB, "an answer needs the signed question of the column")
        return answer(desk, message)

    def do_duplicate(members: Mapping[str, object]) -> Document:
        if not _text(members, "reason").strip():
            raise JobRefused(Trouble.BAD_JOB, "a duplicate needs a reason")
        return duplicate(desk, documents, _text(members, "attestId"), _text(members, "actor"))

    def do_handover(members: Mapping[str, object]) -> Done:
        return handover(desk, documents, ways, _text(members, "requestId"), _text(members, "actor"))

    return {ANSWER: do_answer, DUPLICATE: do_duplicate, HANDOVER: do_handover}


@contextmanager
def opened(made: Setup, site: Site, settings: BackOfficeSettings | None = None) -> Iterator[BackOffice]:
    """The database, as a guest of the back office that runs beside it."""
    database = Database(made.database, guest=True)
    try:
        prepare(database)
        yield open_back_office(database, site_info(site), settings or BackOfficeSettings())
    finally:
        database.close()


def desk_of(made: Setup, office: BackOffice, site: Site) -> Desk:
    """Keys, events and register.

    Raises:
        KeyFileDamaged: for a key file that cannot be used.
    """
    ring = KeyRing.load(made.keys)
    return Desk(office, site, Vault(office, ring), _register(made, office))


def ways_of(made: Setup, office: BackOffice) -> Ways:
    """How things are handed over here."""
    email = EmailNotifier(made.mailbox, lambda: _now(office)) if made.mailbox is not None else None
    return Ways(email, EboxFolder(made.ebox) if made.ebox is not None else None)


def run(made: Setup, site: Site, texts: Texts, wait: Callable[[float], bool]) -> None:
    """Serve until told to stop; open requests are looked at every minute.

    Args:
        wait: lets so many seconds pass; True when it is time to stop.

    Raises:
        KeyFileDamaged, UnsupportedDatabase, NewerSchema, OSError: when it cannot begin.
    """
    with opened(made, site) as office:
        desk, ways = desk_of(made, office, site), ways_of(made, office)
        documents = Documents(office, site, texts, made.attest_key, verify_url=made.verify_url)
        with UnsealerServer(made.socket, jobs(desk, documents, ways), made.socket_mode):
            log.info("unsealer listens; keys: %d", len(made.keys))
            patience = Patience()
            while not wait(SWEEP_SECONDS):
                _sweep(desk, documents, ways, patience)


def _sweep(desk: Desk, documents: Documents, ways: Ways, patience: Patience) -> None:
    """One round; a database that is away for a while is no reason to end."""
    if ways.email is None and ways.ebox is None:
        return
    try:
        sweep(desk, documents, ways, patience)
    except SQLAlchemyError as error:
        log.warning("open requests were not looked at: %s", type(error).__name__)


def _register(made: Setup, office: BackOffice) -> Register:
    if made.register is None:
        return NoRegister()
    transport = HttpTransport(made.register, made.credentials)
    return MagdaRegister(transport, made.platform or Platform(), lambda: _now(office))


def _now(office: BackOffice) -> datetime:
    return datetime.fromtimestamp(office.clock() / 1000, office.site.zone)


def _text(members: Mapping[str, object], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 500:
        raise JobRefused(Trouble.BAD_JOB, f"a job names {name}")
    return value
