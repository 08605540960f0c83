"""Answers of a register, from the event of the request to the data the column prints."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from kiosk.core.attests import RegisterProblem
from sync.backoffice import schema
from sync.backoffice.answers import WRONG_CODES
from sync.backoffice.registers.simulated.faults import RegisterFault
from sync.client.register_answers import NoSuchRequest, NotReady, Ready, RefusedBy, RegisterClient
from sync.client.transport import Answer as HttpAnswer
from sync.client.transport import HttpTransport, NoAnswer
from sync.protocol.attests import ANSWER, ANSWER_REQUEST
from sync.protocol.canonical import canonical
from sync.protocol.ids import new_code
from sync.protocol.sealing import OpeningKey, Place
from sync.protocol.signing import SigningKey
from tests.backoffice.attesting import asked
from tests.backoffice.column import Json, post
from tests.backoffice.conftest import Clock
from tests.backoffice.unsealing import BENOIT, LOTTE, World, world

quiet = pytest.mark.expects_log("zuil.backoffice.unsealer")


@pytest.fixture
def town(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[World]:
    """Back office, column and register; the test starts the unsealer."""
    with world(database_url, tmp_path, clock) as made:
        yield made


def state_of(town: World, request_id: str) -> tuple[str, str | None]:
    """State and problem of a request, from its row."""
    table = schema.attest_request.c
    with town.office.database.read() as connection:
        row = connection.execute(select(table.state, table.problem).where(table.id == request_id)).one()
    return row.state, row.problem


def test_the_household_of_who_asked_comes_back(town: World) -> None:
    request_id, _ = town.request(paid=True)
    with town.unsealer():
        reply = town.ask(request_id=request_id)
    assert isinstance(reply, Ready), reply
    assert reply.data.facts["SURNAME"] == "Van Voorbeeld"
    assert reply.data.as_of.isoformat() == "2026-11-23"
    assert [row["RELATION"] for row in reply.data.groups["MEMBERS"]] == ["reference", "spouse", "child", "child"]
    assert (reply.request_id, reply.product_id, reply.use_id, reply.language) == (
        request_id,
        "household",
        "social",
        "nl",
    )
    assert reply.paid
    assert state_of(town, request_id) == ("answered", None)


def test_no_more_is_sent_than_the_product_prints(town: World) -> None:
    request_id, _ = town.request()
    with town.unsealer():
        reply = town.ask(request_id=request_id)
    assert isinstance(reply, Ready)
    assert set(reply.data.facts) == {"SURNAME", "GIVEN_NAMES", "BIRTH_DATE", "ADDRESS"}


def test_the_code_on_the_receipt_finds_it_as_people_type_it(town: World) -> None:
    request_id, code = town.request("residence-history", use="general", language="fr")
    with town.unsealer():
        reply = town.ask(code=code.lower().replace("-", " "))
    assert isinstance(reply, Ready), reply
    assert (reply.request_id, reply.language, reply.paid) == (request_id, "fr", False)
    assert len(reply.data.groups["ADDRESSES"]) == 2


def test_an_answered_request_can_be_asked_again_until_it_is_issued(town: World) -> None:
    request_id, code = town.request()
    with town.unsealer():
        assert isinstance(town.ask(request_id=request_id), Ready)
        reply = town.ask(request_id=request_id)
        assert isinstance(reply, Ready)
        attest_id = town.issue(reply)
        assert state_of(town, request_id)[0] == "issued"
        assert town.ask(request_id=request_id) == NotReady(offline=False)
        assert town.ask(code=code) == NoSuchRequest()
        town.column.record("attests.voided", attest_id, {"attestId": attest_id, "reason": "restart"})
        town.send()
        assert isinstance(town.ask(code=code), Ready)


def test_somebody_elses_card_gets_nothing_and_spoils_nothing(town: World) -> None:
    request_id, code = town.request()
    with town.unsealer():
        assert town.ask(code=code, national_number=BENOIT) == RefusedBy(RegisterProblem.OTHER_PERSON)
        assert town.register.asked == []
        assert state_of(town, request_id) == ("pending", None)
        assert isinstance(town.ask(code=code), Ready)


@pytest.mark.parametrize(
    ("product", "who", "problem", "state"),
    [
        ("criminal-record", LOTTE, RegisterProblem.REFERRED, "refused"),
        ("household", "85617100254", RegisterProblem.UNKNOWN_PERSON, "refused"),
        ("marriage", BENOIT, RegisterProblem.NO_RECORD, "refused"),
    ],
)
def test_what_a_register_cannot_give_is_said(
    town: World, product: str, who: str, problem: RegisterProblem, state: str
) -> None:
    request_id, _ = town.request(product, who)
    with town.unsealer():
        assert town.ask(request_id=request_id, national_number=who) == RefusedBy(problem)
        assert state_of(town, request_id) == (state, problem.value)
        asked_before = len(town.register.asked)
        assert town.ask(request_id=request_id, national_number=who) == RefusedBy(problem)
        assert len(town.register.asked) == asked_before


def test_data_that_are_too_old_are_refused_today_and_asked_again_tomorrow(town: World) -> None:
    request_id, _ = town.request()
    with town.unsealer():
        town.register.fault = RegisterFault.TOO_OLD
        assert town.ask(request_id=request_id) == RefusedBy(RegisterProblem.TOO_OLD)
        assert state_of(town, request_id) == ("pending", "too_old")
        town.register.fault = None
        assert isinstance(town.ask(request_id=request_id), Ready)
    assert state_of(town, request_id) == ("answered", None)


@quiet
@pytest.mark.parametrize(
    "fault",
    [f for f in RegisterFault if f not in (RegisterFault.TOO_OLD, RegisterFault.SLOW)],
)
def test_a_sick_register_leaves_the_request_open(town: World, fault: RegisterFault) -> None:
    request_id, _ = town.request()
    town.register.fault = fault
    with town.unsealer():
        assert town.ask(request_id=request_id) == NotReady(offline=False)
        assert state_of(town, request_id) == ("pending", "down")
        town.register.fault = None
        assert isinstance(town.ask(request_id=request_id), Ready)


def test_without_an_unsealer_nothing_is_lost(town: World) -> None:
    request_id, _ = town.request()
    assert town.ask(request_id=request_id) == NotReady(offline=False)
    assert state_of(town, request_id) == ("pending", None)
    with town.unsealer():
        assert isinstance(town.ask(request_id=request_id), Ready)


def test_an_unsealer_without_the_key_opens_nothing(town: World) -> None:
    request_id, _ = town.request()
    other = town.folder / "other.key"
    other.write_text("A" * 43 + "\n")
    other.chmod(0o600)
    with town.unsealer(keys=(other,)):
        assert town.ask(request_id=request_id) == NotReady(offline=False)
    with town.unsealer(keys=(other, town.key_file)):
        assert isinstance(town.ask(request_id=request_id), Ready)


def test_the_answer_waits_for_an_event_that_is_still_on_its_way(town: World) -> None:
    town.request()
    held_back = town.send
    town.send = lambda: None  # type: ignore[method-assign]
    request_id, _ = town.request()
    with town.unsealer(), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(town.ask, request_id=request_id, wait_seconds=20)
        while not _nonces(town):  # the question is in, the event is not
            time.sleep(0.01)
        held_back()
        reply = waiting.result(timeout=30)
    assert isinstance(reply, Ready), reply


def test_many_columns_may_wait_without_holding_up_the_others(town: World) -> None:
    """More questions wait than there are threads; a health check still gets through."""
    unknown = "01890000-0000-7000-8000-000000000000"
    with ThreadPoolExecutor(50) as pool:
        waiting = [pool.submit(town.ask, request_id=unknown, wait_seconds=3) for _ in range(50)]
        while _nonces(town) < 50:
            time.sleep(0.01)
        assert town.client.get("/health").status_code == 200
        assert not all(one.done() for one in waiting)
        assert {one.result(timeout=60) for one in waiting} == {NotReady(offline=False)}


def test_wrong_codes_are_counted_for_each_column(town: World, clock: Clock) -> None:
    for _ in range(WRONG_CODES):
        assert town.ask(code=new_code()) == NoSuchRequest()
    _, code = town.request()
    with town.unsealer():
        assert town.ask(code=code) == NotReady(offline=False)
        assert post(town.client, "answers", _question(town, codeHash="x" * 43)).status_code == 429
        town.column.clock_ms = clock.now = clock.now + 11 * 60 * 1000
        assert isinstance(town.ask(code=code), Ready)


def test_a_code_that_cannot_be_one_is_not_even_sent(town: World) -> None:
    assert town.ask(code="ABCD-EFGH-A") == NoSuchRequest()
    assert _nonces(town) == 0


def test_the_question_must_be_the_columns_own(town: World) -> None:
    message = _question(town, requestId="01890000-0000-7000-8000-000000000000")
    assert post(town.client, "answers", {**message, "waitSec": 1}).status_code == 401
    assert post(town.client, "answers", message).json()["state"] == "pending"
    assert post(town.client, "answers", message).json()["type"].endswith("replayedRequest")
    assert post(town.client, "answers", _question(town)).status_code == 400


def test_erased_requests_are_no_longer_known(town: World) -> None:
    request_id, _ = town.request()
    with town.office.database.write() as connection:
        connection.execute(update(schema.event).values(redacted_ms=1))
    with town.unsealer():
        assert town.ask(request_id=request_id) == NoSuchRequest()


class Forger:
    """Between column and back office: changes answers."""

    def __init__(self, change: str, town: World) -> None:
        self.change, self.town, self.inner = change, town, HttpTransport()

    def post(self, url: str, body: bytes) -> HttpAnswer | NoAnswer:
        """Pass on, changed."""
        import json

        answer = self.inner.post(url, body)
        assert isinstance(answer, HttpAnswer)
        members = json.loads(answer.body)
        key = self.town.office.key
        match self.change:
            case "other signer":
                key = SigningKey.generate()
            case "other nonce":
                members["nonce"] = "n" * 22
            case "other source":
                members["source"] = f"{members['source']}x"
            case "other request":
                members["requestId"] = "01890000-0000-7000-8000-000000000000"
            case "other key":
                to = OpeningKey.generate().public
                members["sealed"] = to.seal({}, "register-answer:1", Place.answer(members["requestId"]))
            case _:
                pass
        return replace(answer, body=canonical(key.sign_object(ANSWER, members)))

    def close(self) -> None:
        """Close."""
        self.inner.close()


@pytest.mark.parametrize(
    ("change", "ready"),
    [
        ("nothing", True),
        ("other signer", False),
        ("other nonce", False),
        ("other source", False),
        ("other request", False),
        ("other key", False),
    ],
)
def test_only_an_answer_that_is_ours_counts(town: World, change: str, ready: bool) -> None:
    request_id, _ = town.request()

    def now() -> datetime:
        return datetime.fromtimestamp(town.clock.now / 1000).astimezone()

    with town.unsealer():
        client = RegisterClient(town.identity(), town.server.url, lambda: Forger(change, town), now)
        reply = client.ask(request_id=request_id, code=None, national_number=LOTTE, key=town.key, wait_seconds=0)
    assert isinstance(reply, Ready) is ready


def test_no_back_office_is_off_line(town: World) -> None:
    request_id, _ = town.request()
    assert town.ask(request_id=request_id, url="http://127.0.0.1:9") == NotReady(offline=True)


def _question(town: World, **named: object) -> Json:
    nonce = f"nonce-{time.monotonic_ns()}-0000000000"
    person = town.key.seal({"nationalNumber": LOTTE}, "applicant:1", Place.answer(nonce))
    members: Json = {"answerKey": str(OpeningKey.generate().public), "person": person, "waitSec": 0, **named}
    return asked(town.column, ANSWER_REQUEST, members, nonce=nonce)


def _nonces(town: World) -> int:
    table = schema.request_nonce.c
    with town.office.database.read() as connection:
        return len(connection.execute(select(table.nonce).where(table.nonce.not_like("certificate%"))).all())
