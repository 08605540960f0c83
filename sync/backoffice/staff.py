"""Staff accounts and sessions: Argon2id, a lock after wrong passwords, one CSRF token a session.

Local accounts only; a municipality's own sign-in comes later behind the same sessions. Not for: cookies and forms
(`pages`).
"""

from __future__ import annotations

import hmac
import re
import secrets
import threading
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select, update

from sync.backoffice import schema
from sync.backoffice.core import BackOffice
from sync.backoffice.settings import BackOfficeSettings
from sync.protocol.canonical import sha256
from sync.protocol.ids import uuid7

_HASHING = threading.BoundedSemaphore(2)
"""Argon2 takes 64 MiB a hash on purpose; two at a time keep a flood of logins from taking the memory."""

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}\Z")
_SHORTEST = 10
ROLES = ("clerk", "technician")
"""What somebody may do: everybody works at a counter; a technician also looks after columns."""


class InvalidAccount(ValueError):
    """Login, name or password cannot be accepted; the text says what would be right."""


@dataclass(frozen=True)
class Session:
    """Somebody who is logged in.

    Attributes:
        id: hash of the cookie's token.
        name: shown on the page.
        csrf: token every form carries.
        office_id: building chosen, or None.
        counter: counter chosen, or None.
        queues: ids of the queues this counter calls.
        role: one of `ROLES`.
    """

    id: str
    staff_id: str
    name: str
    csrf: str
    language: str
    office_id: str | None
    counter: str | None
    queues: tuple[str, ...]
    role: str = "clerk"

    @property
    def technician(self) -> bool:
        """Whether they may look after columns."""
        return self.role == "technician"


def create_user(office: BackOffice, login: str, name: str, password: str, role: str | None = None) -> str:
    """Create an account, or give an existing one a new password and name (and unlock it).

    Args:
        role: one of `ROLES`; None leaves an existing account's and makes a new one a clerk.

    Returns:
        The staff id.

    Raises:
        InvalidAccount: saying what would be right.
    """
    login = login.strip().lower()
    if not _LOGIN.match(login):
        raise InvalidAccount("a login has 2 to 80 of: letters a-z, digits, dot, hyphen, underscore, @")
    if len(password) < _SHORTEST or len(password) > 200:
        raise InvalidAccount(f"a password has {_SHORTEST} to 200 characters")
    if not 0 < len(name) <= 120 or not name.isprintable():
        raise InvalidAccount("a name has 1 to 120 printable characters")
    if role is not None and role not in ROLES:
        raise InvalidAccount(f"there is no role {role!r}; there are {', '.join(ROLES)}")
    hashed = _hasher(office.settings).hash(password)
    renewed = {"name": name, "password_hash": hashed, "failures": 0, "locked_until_ms": None}
    statement = office.database.insert(schema.staff).values(
        id=uuid7(office.clock()),
        organisation_id=office.site.id,
        login=login,
        name=name,
        password_hash=hashed,
        role=role or ROLES[0],
        created_ms=office.clock(),
    )
    with office.database.write() as connection:
        return str(
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["organisation_id", "login"],
                    set_=renewed if role is None else {**renewed, "role": role},
                ).returning(schema.staff.c.id)
            ).scalar_one()
        )


def log_in(office: BackOffice, login: str, password: str, language: str) -> str | None:
    """Check a password and begin a session.

    A locked account, an unknown one and a wrong password look the same, and take the same time.

    Returns:
        The token for the cookie, or None.
    """
    table = schema.staff
    find = select(table).where(table.c.organisation_id == office.site.id, table.c.login == login.strip().lower()[:80])
    with office.database.read() as connection:
        row = connection.execute(find).first()
    now = office.clock()
    right = _verify(office.settings, row.password_hash if row else None, password)
    if row is None or (row.locked_until_ms or 0) > now:
        return None
    if not right:
        _count_failure(office, row.id, now)
        return None
    token = secrets.token_urlsafe(32)
    with office.database.write() as connection:
        connection.execute(update(table).where(table.c.id == row.id).values(failures=0, locked_until_ms=None))
        connection.execute(delete(schema.session).where(schema.session.c.last_used_ms < now - _idle_ms(office)))
        connection.execute(
            office.database.insert(schema.session).values(
                token_hash=sha256(token.encode()),
                staff_id=row.id,
                csrf=secrets.token_urlsafe(32),
                language=language,
                begun_ms=now,
                last_used_ms=now,
            )
        )
    return token


def find_session(office: BackOffice, token: str) -> Session | None:
    """The session a cookie belongs to; its life is prolonged by being used."""
    now, table, staff = office.clock(), schema.session, schema.staff
    with office.database.read() as connection:
        row = connection.execute(
            select(table, staff.c.name, staff.c.role)
            .join_from(table, staff, table.c.staff_id == staff.c.id)
            .where(table.c.token_hash == sha256(token.encode()), staff.c.organisation_id == office.site.id)
        ).first()
    if row is None or row.last_used_ms < now - _idle_ms(office):
        return None
    if row.last_used_ms < now - 60_000:
        with office.database.write() as connection:
            connection.execute(update(table).where(table.c.token_hash == row.token_hash).values(last_used_ms=now))
    return Session(
        id=row.token_hash,
        staff_id=row.staff_id,
        name=row.name,
        csrf=row.csrf,
        language=row.language,
        office_id=row.office_id,
        counter=row.counter,
        queues=tuple(row.queues.split()),
        role=row.role,
    )


def log_out(office: BackOffice, session: Session) -> None:
    """End a session."""
    with office.database.write() as connection:
        connection.execute(delete(schema.session).where(schema.session.c.token_hash == session.id))


def choose_counter(office: BackOffice, session: Session, office_id: str, counter: str, queues: tuple[str, ...]) -> None:
    """Remember where this session sits and which queues it calls."""
    _change(office, session, office_id=office_id, counter=counter, queues=" ".join(queues))


def choose_language(office: BackOffice, session: Session, language: str) -> None:
    """Remember the language of this session's pages."""
    _change(office, session, language=language)


def csrf_is_right(session: Session, token: str) -> bool:
    """Whether a form came from our own page of this session."""
    return hmac.compare_digest(session.csrf.encode(), token.encode())


def _change(office: BackOffice, session: Session, **values: str) -> None:
    with office.database.write() as connection:
        connection.execute(update(schema.session).where(schema.session.c.token_hash == session.id).values(**values))


def _count_failure(office: BackOffice, staff_id: str, now: int) -> None:
    table, settings = schema.staff, office.settings
    with office.database.write() as connection:
        failures = connection.execute(
            update(table)
            .where(table.c.id == staff_id)
            .values(failures=table.c.failures + 1)
            .returning(table.c.failures)
        ).scalar_one()
        if failures >= settings.lockout_tries:
            locked = now + settings.lockout_minutes * 60_000
            connection.execute(update(table).where(table.c.id == staff_id).values(failures=0, locked_until_ms=locked))


def _hasher(settings: BackOfficeSettings) -> PasswordHasher:
    return PasswordHasher(time_cost=settings.argon2_rounds, memory_cost=settings.argon2_memory_kib)


def _verify(settings: BackOfficeSettings, stored: str | None, password: str) -> bool:
    """Check a password; for an account that does not exist the same work is done for nothing."""
    hasher = _hasher(settings)
    with _HASHING:
        if stored is None:
            hasher.hash(password[:200])
            return False
        try:
            return hasher.verify(stored, password[:200])
        except (VerifyMismatchError, InvalidHashError):
            return False


def _idle_ms(office: BackOffice) -> int:
    return office.settings.session_idle_minutes * 60_000
