"""Accounts and sessions: passwords, the lock, the life of a session."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sync.backoffice import schema
from sync.backoffice.core import BackOffice
from sync.backoffice.database import Database
from sync.backoffice.staff import (
    InvalidAccount,
    choose_counter,
    choose_language,
    create_user,
    csrf_is_right,
    find_session,
    log_in,
    log_out,
)
from tests.backoffice.conftest import Clock

PASSWORD = "correct horse battery"


@pytest.fixture
def an(office: BackOffice) -> str:
    """An has an account."""
    return create_user(office, "An", "An Peeters", PASSWORD)


def test_password_is_stored_as_argon2id(database: Database, an: str) -> None:
    with database.read() as connection:
        stored = connection.execute(select(schema.staff.c.password_hash)).scalar_one()
    assert stored.startswith("$argon2id$")


def test_session_lives_while_it_is_used(office: BackOffice, an: str, clock: Clock) -> None:
    token = log_in(office, " AN ", PASSWORD, "nl")
    assert token is not None
    for _ in range(3):
        clock.pass_seconds(11 * 3600)
        found = find_session(office, token)
        assert found is not None
        assert found.staff_id == an
    clock.pass_seconds(13 * 3600)
    assert find_session(office, token) is None


def test_session_ends_with_log_out_and_unknown_tokens_are_nobody(office: BackOffice, an: str) -> None:
    token = log_in(office, "an", PASSWORD, "nl")
    assert token is not None
    session = find_session(office, token)
    assert session is not None
    log_out(office, session)
    assert find_session(office, token) is None
    assert find_session(office, "guess") is None


def test_wrong_passwords_lock_the_account_for_a_while(office: BackOffice, an: str, clock: Clock) -> None:
    for _ in range(4):
        assert log_in(office, "an", "wrong", "nl") is None
    assert log_in(office, "an", PASSWORD, "nl") is not None
    for _ in range(5):
        assert log_in(office, "an", "wrong", "nl") is None
    assert log_in(office, "an", PASSWORD, "nl") is None
    clock.pass_seconds(15 * 60 + 1)
    assert log_in(office, "an", PASSWORD, "nl") is not None


def test_new_password_unlocks(office: BackOffice, an: str) -> None:
    for _ in range(5):
        log_in(office, "an", "wrong", "nl")
    assert create_user(office, "an", "An P.", "another battery") == an
    assert log_in(office, "an", PASSWORD, "nl") is None
    assert log_in(office, "an", "another battery", "nl") is not None


def test_unknown_account_is_nobody(office: BackOffice) -> None:
    assert log_in(office, "nobody", PASSWORD, "nl") is None


def test_accounts_that_cannot_be_are_refused(office: BackOffice) -> None:
    for login, name, password, says in (
        ("a b", "A", PASSWORD, "login has"),
        ("ab", "A", "short", "10 to 200"),
        ("ab", "", PASSWORD, "name has"),
        ("ab", "\u0007", PASSWORD, "name has"),
    ):
        with pytest.raises(InvalidAccount, match=says):
            create_user(office, login, name, password)


def test_choices_stay_with_the_session(office: BackOffice, an: str) -> None:
    token = log_in(office, "an", PASSWORD, "nl")
    assert token is not None
    session = find_session(office, token)
    assert session is not None
    choose_counter(office, session, "hall", "3", ("travel", "civil"))
    choose_language(office, session, "fr")
    again = find_session(office, token)
    assert again is not None
    assert (again.office_id, again.counter, again.queues) == ("hall", "3", ("travel", "civil"))
    assert again.language == "fr"
    assert csrf_is_right(again, session.csrf)
    assert not csrf_is_right(again, "é")
