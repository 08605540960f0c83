"""Handing over: a notice by e-mail without a word of the attest, a sealed document for the eBox, whole numbering."""

from __future__ import annotations

import json
import logging
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from kiosk.core.attests import RegisterProblem
from kiosk.documents.seal.check import verify_text
from kiosk.documents.seal.trust import load_trust
from kiosk.documents.seal_contract import Finding
from sync.backoffice import schema
from sync.backoffice.handover.contract import Delivery, HandedOver, NotHandedOver, Notice
from sync.backoffice.handover.ebox import EboxFolder
from sync.backoffice.handover.email import EmailNotifier, Mailbox
from sync.backoffice.registers.simulated.faults import RegisterFault
from sync.backoffice.unsealer.contract import JobRefused
from sync.backoffice.unsealer.handing import Patience, Ways, handover, sweep
from sync.client.register_answers import Ready, RefusedBy
from tests.backoffice.conftest import Clock
from tests.backoffice.mailbox import MailServer
from tests.backoffice.unsealing import BENOIT, LOTTE, World, world

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ADDRESS = "marked@example.be"
quiet = pytest.mark.expects_log("zuil.backoffice.unsealer")


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server."""
    with MailServer() as running:
        yield running


@pytest.fixture
def town(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[World]:
    """Back office, column and register."""
    with world(database_url, tmp_path, clock) as made:
        yield made


def mailbox(mail: MailServer) -> Mailbox:
    """Where the test's mail goes."""
    return Mailbox("127.0.0.1", mail.port, "attests@berchem.example", starttls=False)


def ebox(town: World) -> Path:
    """The folder of the connector."""
    folder = town.folder / "ebox"
    folder.mkdir(exist_ok=True)
    return folder


def states(town: World) -> dict[str, str]:
    """State of every request."""
    table = schema.attest_request.c
    with town.office.database.read() as connection:
        return {row.id: row.state for row in connection.execute(select(table.id, table.state))}


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_the_notice_says_what_is_ready_in_the_language_of_the_request_and_nothing_of_it(
    town: World, mail: MailServer, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    request_id, _ = town.request(delivery="email", email=ADDRESS, language=language)
    with town.unsealer(mailbox=mailbox(mail)) as (desk, documents):
        ways = Ways(EmailNotifier(mailbox(mail), lambda: NOW))
        assert sweep(desk, documents, ways) == 1
        assert sweep(desk, documents, ways) == 0
        assert isinstance(town.ask(request_id=request_id), Ready)
    (message,) = mail.messages
    body = message.get_content()
    title = {"nl": "Gezinssamenstelling", "fr": "Composition de ménage", "en": "Household", "de": "Haushalts"}
    day = {"nl": "22 december 2026", "fr": "22 décembre 2026", "en": "22 December 2026", "de": "22. Dezember 2026"}
    assert message["To"] == ADDRESS
    assert title[language] in message["Subject"]
    assert day[language] in body
    assert message["Content-Language"] == language
    for personal in ("Lotte", "Voorbeeld", LOTTE, "Ionela", "Grotesteenweg"):
        assert personal not in body
        assert personal not in str(message["Subject"])
    assert ADDRESS not in caplog.text
    assert states(town)[request_id] == "answered"


def test_what_cannot_be_given_is_told_too_and_sent_to_the_counter(town: World, mail: MailServer) -> None:
    request_id, _ = town.request("marriage", BENOIT, use="bank", delivery="email", email=ADDRESS)
    with town.unsealer(mailbox=mailbox(mail)) as (desk, documents):
        sweep(desk, documents, Ways(EmailNotifier(mailbox(mail), lambda: NOW)))
        assert "loket" in mail.messages[0].get_content()
        assert town.ask(request_id=request_id, national_number=BENOIT) == RefusedBy(RegisterProblem.NO_RECORD)


@quiet
def test_a_mail_that_was_not_taken_is_sent_again(
    town: World, mail: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    request_id, _ = town.request(delivery="email", email=ADDRESS)
    mail.refuse = f"550 <{ADDRESS}> nobody here"
    ways = Ways(EmailNotifier(mailbox(mail), lambda: NOW))
    with town.unsealer() as (desk, documents):
        sweep(desk, documents, ways)
        assert states(town)[request_id] == "pending"
        assert ADDRESS not in caplog.text
        mail.refuse = None
        sweep(desk, documents, ways)
    assert len(mail.messages) == 1
    assert states(town)[request_id] == "answered"


@quiet
def test_nobody_is_told_anything_while_the_register_is_down(town: World, mail: MailServer) -> None:
    request_id, _ = town.request(delivery="email", email=ADDRESS)
    town.register.fault = RegisterFault.DOWN
    with town.unsealer() as (desk, documents):
        sweep(desk, documents, Ways(EmailNotifier(mailbox(mail), lambda: NOW)))
    assert mail.messages == []
    assert states(town)[request_id] == "pending"


@quiet
def test_a_request_that_stays_open_is_tried_less_and_less_often(town: World, mail: MailServer, clock: Clock) -> None:
    town.request(delivery="email", email=ADDRESS)
    town.register.fault = RegisterFault.DOWN
    ways, patience, tried = Ways(EmailNotifier(mailbox(mail), lambda: NOW)), Patience(), []
    with town.unsealer() as (desk, documents):
        for minute in range(180):
            if sweep(desk, documents, ways, patience):
                tried.append(minute)
            clock.pass_seconds(60)
    assert tried == [0, 1, 3, 7, 15, 31, 63, 123]


@pytest.mark.parametrize(
    "address", ["", "no address", "a@b", "a@example.be\r\nBcc: all@example.be", "a@example.be, b@example.be"]
)
def test_an_address_that_is_none_is_not_mailed_to(mail: MailServer, address: str) -> None:
    notice = Notice(address, "nl", "Attest", "Berchem", date(2026, 12, 1), True, "id")
    assert isinstance(EmailNotifier(mailbox(mail), lambda: NOW).notify(notice), NotHandedOver)
    assert mail.recipients == []


def test_without_a_safe_line_nothing_is_said(mail: MailServer) -> None:
    notice = Notice(ADDRESS, "nl", "Attest", "Berchem", date(2026, 12, 1), True, "id")
    safe = Mailbox("127.0.0.1", mail.port, "a@b.example")
    assert isinstance(EmailNotifier(safe, lambda: NOW).notify(notice), NotHandedOver)
    assert mail.recipients == []


def test_the_ebox_gets_a_sealed_document_that_counts(town: World) -> None:
    request_id, _ = town.request(delivery="ebox", paid=True)
    folder = ebox(town)
    with town.unsealer(ebox=folder) as (desk, documents):
        sweep(desk, documents, Ways(ebox=EboxFolder(folder)))
    (described,) = folder.glob("*.json")
    told = json.loads(described.read_text())
    pdf = folder / told["file"]
    assert stat.S_IMODE(pdf.stat().st_mode) == 0o640
    assert told["nationalNumber"] == LOTTE
    assert told["number"] == "DEMO-berchem-demo-BO-2026-00001"
    assert states(town)[request_id] == "issued"
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    assert told["number"] in text
    assert "Ionela" in text
    checked = subprocess.run(["pdfsig", "-nocert", str(pdf)], capture_output=True, check=False).stdout.decode()
    assert "Signature is Valid" in checked
    assert _sealed_in(pdf, town.client, town.folder) is Finding.VALID
    assert {path.suffix for path in folder.iterdir()} == {".pdf", ".json"}


def _sealed_in(pdf: Path, client: httpx.Client, folder: Path) -> Finding:
    """The code in the PDF, judged by the trust list of the back office."""
    from kiosk.documents.seal.picture import codes_in

    subprocess.run(["pdftoppm", "-png", "-r", "150", str(pdf), str(folder / "page")], check=True)
    picture = next(folder.glob("page*.png")).read_bytes()
    (code,) = (text for text in codes_in(picture) if text.startswith("BE"))
    return verify_text(code, load_trust(client.get("/trust.json").content), NOW).finding


@quiet
def test_numbers_have_no_gaps_when_the_folder_cannot_be_written(town: World) -> None:
    first, _ = town.request(delivery="ebox")
    folder = town.folder / "gone"
    with town.unsealer() as (desk, documents):
        broken = Ways(ebox=EboxFolder(folder))
        sweep(desk, documents, broken)
        sweep(desk, documents, broken)
        assert states(town)[first] == "pending"
        folder.mkdir()
        second, _ = town.request("birth", use="other", delivery="ebox")
        sweep(desk, documents, broken)
    numbers = sorted(json.loads(path.read_text())["number"] for path in folder.glob("*.json"))
    assert numbers == ["DEMO-berchem-demo-BO-2026-00001", "DEMO-berchem-demo-BO-2026-00002"]
    assert (states(town)[first], states(town)[second]) == ("issued", "issued")
    with town.office.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.attest)).scalar() == 2


@quiet
def test_without_a_key_no_number_is_used(town: World) -> None:
    town.request(delivery="ebox")
    with town.unsealer(attest_key=None) as (desk, documents):
        sweep(desk, documents, Ways(ebox=EboxFolder(ebox(town))))
    with town.office.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.attest)).scalar() == 0


def test_a_way_that_is_not_set_up_is_refused(town: World) -> None:
    request_id, _ = town.request(delivery="email", email=ADDRESS)
    collected, _ = town.request()
    with town.unsealer() as (desk, documents):
        for asked in (request_id, collected, "01890000-0000-7000-8000-000000000000"):
            with pytest.raises(JobRefused):
                handover(desk, documents, Ways(), asked, "staff")


def test_the_same_document_twice_is_one_document(tmp_path: Path) -> None:
    delivery = Delivery("id", "n", "p", "nl", "t", LOTTE, date(2026, 12, 1), b"%PDF")
    way = EboxFolder(tmp_path)
    assert way.hand_over(delivery) == HandedOver()
    assert way.hand_over(delivery) == HandedOver()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["id.json", "id.pdf"]
    assert LOTTE not in repr(delivery)


def test_a_request_that_waited_at_a_column_may_be_announced_by_email_after_all(town: World, mail: MailServer) -> None:
    request_id, _ = town.request()
    ways = Ways(EmailNotifier(mailbox(mail), lambda: NOW))
    with town.unsealer(mailbox=mailbox(mail)) as (desk, documents):
        assert sweep(desk, documents, ways) == 0
        town.redirect(request_id, "email", ADDRESS)
        assert sweep(desk, documents, ways) == 1
        assert mail.messages[0]["To"] == ADDRESS
        assert isinstance(town.ask(request_id=request_id), Ready), "it is still collected at a column"
    with town.office.database.read() as connection:
        whys = connection.execute(select(schema.opening.c.why).order_by(schema.opening.c.id)).scalars().all()
    assert whys[:2] == ["email/attest-household", "address/attest-household"]


def test_a_request_that_was_answered_at_a_column_may_go_to_the_ebox_after_all(town: World) -> None:
    request_id, _ = town.request()
    folder = ebox(town)
    with town.unsealer(ebox=folder) as (desk, documents):
        assert isinstance(town.ask(request_id=request_id), Ready)
        town.redirect(request_id, "ebox")
        assert sweep(desk, documents, Ways(None, EboxFolder(folder))) == 1
    assert states(town)[request_id] == "issued"
    assert list(folder.glob("**/*.pdf"))
