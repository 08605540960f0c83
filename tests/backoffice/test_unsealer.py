"""The process that opens: what it opens, what it writes down first, what it refuses, and what never leaves it."""

from __future__ import annotations

import json
import logging
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from kiosk.core.attests import Kind, RegisterData
from sync.backoffice import schema
from sync.backoffice.registers.contract import NoRegister, RegisterAnswer
from sync.backoffice.unsealer.answering import answer
from sync.backoffice.unsealer.contract import JobRefused, Trouble
from sync.backoffice.unsealer.copies import duplicate
from sync.backoffice.unsealer.keys import KeyFileDamaged, KeyRing
from sync.backoffice.unsealer.server import UnsealerServer
from sync.client.register_answers import NotReady, Ready
from sync.protocol.attests import ANSWER_REQUEST
from sync.protocol.sealing import OpeningKey, Place
from sync.protocol.signing import SigningKey
from tests.backoffice.attesting import asked
from tests.backoffice.column import Json
from tests.backoffice.conftest import Clock
from tests.backoffice.unsealing import LOTTE, World, world

MARKED = ("Van Voorbeeld", "Lotte Marie", LOTTE, "Ionela", "Grotesteenweg", "marked@example.be")
"""What would betray a person in a log, a file or a table."""


@pytest.fixture
def town(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[World]:
    """Back office, column and register; the test starts the unsealer."""
    with world(database_url, tmp_path, clock) as made:
        yield made


def openings(town: World) -> list[tuple[str, str, str]]:
    """What was written down: event, why, who."""
    table = schema.opening.c
    with town.office.database.read() as connection:
        rows = connection.execute(select(table.event_id, table.why, table.actor).order_by(table.id)).all()
    return [(row.event_id, row.why, row.actor) for row in rows]


def event_of(town: World, request_id: str) -> str:
    """Id of the event of a request."""
    table = schema.attest_request.c
    with town.office.database.read() as connection:
        return str(connection.execute(select(table.event_id).where(table.id == request_id)).scalar_one())


def question(town: World, request_id: str, **changes: object) -> Json:
    """A signed question of the column."""
    nonce = "n" * 22
    person = town.key.seal({"nationalNumber": LOTTE}, "applicant:1", Place.answer(nonce))
    members: Json = {
        "requestId": request_id,
        "answerKey": str(OpeningKey.generate().public),
        "person": person,
        "waitSec": 0,
        **changes,
    }
    return asked(town.column, ANSWER_REQUEST, members, nonce=nonce)


def issued(town: World, **unsealed: object) -> str:
    """Ask for a household and issue it; the id of the attest."""
    request_id, _ = town.request()
    reply = town.ask(request_id=request_id)
    assert isinstance(reply, Ready)
    return town.issue(reply, unsealed=unsealed or None)


def test_every_opening_is_written_down_with_its_purpose(town: World) -> None:
    request_id, _ = town.request()
    with town.unsealer() as (desk, documents):
        reply = town.ask(request_id=request_id)
        assert isinstance(reply, Ready)
        attest_id = town.issue(reply)
        duplicate(desk, documents, attest_id, "staff-1")
    kiosk = str(town.column.receipt["kioskId"])
    first, second = openings(town)
    assert first == (event_of(town, request_id), "answer/attest-household", kiosk)
    assert second[1:] == ("duplicate", "staff-1")


def test_the_line_is_on_disk_before_anything_is_opened(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request_id, _ = town.request()
    seen: list[int] = []

    def look(_ring: KeyRing, _sealed: object, _place: object) -> dict[str, object]:
        seen.append(len(openings(town)))
        return {}

    monkeypatch.setattr(KeyRing, "open", look)
    with town.unsealer() as (desk, _), pytest.raises(JobRefused):
        answer(desk, question(town, request_id))
    assert seen == [1]


def test_what_cannot_be_written_down_is_not_opened(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above: with the table gone, nothing reaches the keys."""
    request_id, _ = town.request()
    reached: list[object] = []
    monkeypatch.setattr(KeyRing, "open", lambda *told: reached.append(told))
    with town.office.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE opening")
    with town.unsealer() as (desk, _), pytest.raises(Exception, match="opening"):
        answer(desk, question(town, request_id))
    assert reached == []


def test_an_event_that_is_not_held_or_was_erased_is_refused_and_not_noted(town: World) -> None:
    request_id, _ = town.request()
    with town.unsealer() as (desk, _):
        with pytest.raises(JobRefused) as unknown:
            desk.vault.opening("01890000-0000-7000-8000-000000000000", "answer", "somebody")
        with town.office.database.write() as connection:
            connection.execute(update(schema.event).values(redacted_ms=1))
        with pytest.raises(JobRefused) as erased:
            answer(desk, question(town, request_id))
    assert (unknown.value.trouble, erased.value.trouble) == (Trouble.NOT_HELD, Trouble.NOT_HELD)
    assert openings(town) == []


def test_an_event_of_another_organisation_is_not_held(town: World) -> None:
    request_id, _ = town.request()
    event_id = event_of(town, request_id)
    with town.unsealer() as (desk, _):
        desk.vault.opening(event_id, "answer", "somebody")
        with town.office.database.write() as connection:
            connection.execute(schema.organisation.insert().values(id="other", signing_seed=b"1" * 32, created_ms=1))
            connection.execute(update(schema.kiosk).values(organisation_id="other"))
        with pytest.raises(JobRefused):
            desk.vault.opening(event_id, "answer", "somebody")


def test_a_question_counts_only_with_the_columns_own_signature(town: World) -> None:
    """Whoever runs the web process can seal a number to the public key, and still asks in nobody's name."""
    request_id, _ = town.request()
    right = question(town, request_id)
    with town.unsealer() as (desk, _):
        assert answer(desk, right).members["state"] == "ready"
        for wrong in ({**right, "answerKey": str(OpeningKey.generate().public)}, _resigned(right), {"source": "x"}):
            with pytest.raises(JobRefused) as refused:
                answer(desk, wrong)
            assert refused.value.trouble is Trouble.BAD_JOB
    assert len(openings(town)) == 1


def _resigned(message: Json) -> Json:
    return SigningKey.generate().sign_object(ANSWER_REQUEST, message)


def test_sealed_text_opens_only_in_its_own_place(town: World) -> None:
    request_id, _ = town.request()
    moved = town.key.seal({"nationalNumber": LOTTE}, "applicant:1", Place.answer("another nonce of some length"))
    with town.unsealer() as (desk, _), pytest.raises(JobRefused) as refused:
        answer(desk, question(town, request_id, person=moved))
    assert refused.value.trouble is Trouble.NO_KEY


def test_key_files_are_looked_at_before_they_are_used(tmp_path: Path) -> None:
    file = tmp_path / "a.key"
    for content, mode, what in (
        ("", 0o600, "32 bytes"),
        ("A" * 43, 0o644, "others may read"),
        ("?" * 43, 0o600, "cannot be read"),
    ):
        file.write_text(content)
        file.chmod(mode)
        with pytest.raises(KeyFileDamaged, match=what):
            KeyRing.load([file])
    with pytest.raises(KeyFileDamaged, match="cannot be read"):
        KeyRing.load([tmp_path / "none.key"])
    file.write_text("A" * 43)
    file.chmod(0o600)
    assert len(KeyRing.load([file]).kids) == 1


def test_the_socket_is_for_owner_and_group_only(tmp_path: Path) -> None:
    path = tmp_path / "u.sock"
    with UnsealerServer(path, {}, 0o660):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        assert _spoken(path, b"GET /health HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.0 200")
    assert not path.exists()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /nothing HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /answer HTTP/1.0\r\nContent-Length: 2\r\n\r\n[]",
        b"POST /answer HTTP/1.0\r\nContent-Length: 999999999\r\n\r\n",
        b"POST /answer HTTP/1.0\r\n\r\n",
        b"POST /answer HTTP/1.0\r\nContent-Length: 4\r\n\r\n\xff\xfe{}",
    ],
)
def test_a_job_that_cannot_be_read_is_refused(tmp_path: Path, request_bytes: bytes) -> None:
    path = tmp_path / "u.sock"
    with UnsealerServer(path, {"/answer": lambda _: pytest.fail("reached")}):
        assert b"bad_job" in _spoken(path, request_bytes)


@pytest.mark.expects_log("zuil.backoffice.unsealer")
def test_a_defect_says_nothing_of_what_was_opened(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_members: object) -> object:
        raise RuntimeError(f"{LOTTE} cannot be divided")

    path = tmp_path / "u.sock"
    with UnsealerServer(path, {"/answer": broken}):  # type: ignore[dict-item]
        answered = _spoken(path, b"POST /answer HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}")
    assert b'"failed"' in answered
    assert "RuntimeError" in caplog.text
    assert LOTTE not in caplog.text
    assert LOTTE.encode() not in answered


def _spoken(path: Path, request: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(path))
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        told = b""
        while more := line.recv(65536):
            told += more
    return told


def test_a_duplicate_carries_the_code_of_the_original_and_its_mark(town: World) -> None:
    with town.unsealer() as (desk, documents):
        attest_id = issued(town, national_number="85.71.71-002.53")
        pdf = duplicate(desk, documents, attest_id, "staff").pdf
    text = _text(pdf, town.folder)
    assert "DUPLICA" in text.upper()
    assert "Łucja" in text
    assert "85.71.71-002.53" in text
    assert b"/ByteRange" in pdf


def test_there_is_no_duplicate_of_an_attest_that_was_taken_back(town: World) -> None:
    with town.unsealer() as (desk, documents):
        attest_id = issued(town)
        with town.office.database.write() as connection:
            connection.execute(update(schema.attest).values(state="revoked"))
        before = len(openings(town))
        with pytest.raises(JobRefused) as refused:
            duplicate(desk, documents, attest_id, "staff")
        assert refused.value.trouble is Trouble.TAKEN_BACK
        assert len(openings(town)) == before


def _text(pdf: bytes, folder: Path) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, cwd=folder)
    return done.stdout.decode()


def test_nothing_of_a_person_is_written_anywhere(town: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with town.unsealer() as (desk, documents):
        request_id, _ = town.request(email="marked@example.be")
        reply = town.ask(request_id=request_id)
        assert isinstance(reply, Ready)
        duplicate(desk, documents, town.issue(reply), "staff")
        assert "Ionela" not in repr((reply, reply.data, desk.vault))
    held = _whole_database(town)
    files = b"".join(path.read_bytes() for path in town.folder.rglob("*") if path.is_file())
    for marked in MARKED:
        assert marked not in held
        assert marked not in caplog.text
        assert marked.encode() not in files
    assert request_id in held


def _whole_database(town: World) -> str:
    with town.office.database.read() as connection:
        rows = [connection.execute(select(table)).all() for table in schema.metadata.sorted_tables]
    return json.dumps([[list(map(str, row)) for row in table] for table in rows], ensure_ascii=False)


_WEB = """
import gc, sys
from pathlib import Path
from config.site import load_site
from sync.backoffice import create_app
from sync.backoffice.site import site_info
from sync.protocol.sealing import OpeningKey
app = create_app("sqlite:///" + sys.argv[1], site_info(load_site(Path("config/sites/berchem"))))
assert not any(isinstance(thing, OpeningKey) for thing in gc.get_objects())
loaded = [name for name in sys.modules if name.startswith("sync.backoffice.unsealer.")]
assert set(loaded) <= {"sync.backoffice.unsealer.contract", "sync.backoffice.unsealer.client"}, loaded
assert not any(name.startswith("sync.backoffice.registers") for name in sys.modules)
secret = Path(sys.argv[2]).read_text().strip()
for thing in gc.get_objects():
    if isinstance(thing, (dict, list, tuple)):
        for value in (thing.values() if isinstance(thing, dict) else thing):
            assert not (isinstance(value, str) and value != secret and secret in value)
import sync.backoffice.core
assert "Opening" not in Path(sync.backoffice.core.__file__).read_text()
if len(sys.argv) > 3:
    key = OpeningKey.generate()
    assert not any(isinstance(thing, OpeningKey) for thing in gc.get_objects()), "seen"
app.state.office.database.close()
"""


def _web(tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    secret = tmp_path / "sealing.key"
    secret.write_text("B" * 43)
    told = [sys.executable, "-c", _WEB, str(tmp_path / "web.db"), str(secret), *more]
    return subprocess.run(told, capture_output=True, text=True, timeout=100)


def test_the_web_process_holds_no_key_and_loads_nothing_that_opens(tmp_path: Path) -> None:
    done = _web(tmp_path)
    assert done.returncode == 0, done.stderr


def test_control_a_key_in_the_web_process_would_be_seen(tmp_path: Path) -> None:
    done = _web(tmp_path, "with a key")
    assert done.returncode != 0
    assert "seen" in done.stderr


class Silent:
    """A register that says nothing of anybody."""

    def ask(self, kind: Kind, national_number: str, purpose: str, reference: str) -> RegisterAnswer:
        """Data without a single fact."""
        return RegisterData(date(2026, 11, 23), {}, {})


def test_another_register_fits_the_same_port(town: World) -> None:
    request_id, _ = town.request()
    with town.unsealer(register=Silent()):
        reply = town.ask(request_id=request_id)
    assert isinstance(reply, Ready)
    assert reply.data.facts == {}


@pytest.mark.expects_log("zuil.backoffice.unsealer")
def test_without_a_register_requests_stay_open(town: World) -> None:
    request_id, _ = town.request()
    with town.unsealer(register=NoRegister()):
        assert town.ask(request_id=request_id) == NotReady(offline=False)
