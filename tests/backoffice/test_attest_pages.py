"""The staff page of attests without a browser: who sees it, what is marked, what its buttons do."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from sync.backoffice import schema
from sync.backoffice.pages.attests import DECISIONS
from sync.backoffice.pages.words import entries
from sync.backoffice.staff import create_user
from sync.backoffice.unsealer.contract import Trouble
from sync.client.register_answers import Ready
from tests.backoffice.column import Json
from tests.backoffice.conftest import Clock
from tests.backoffice.test_backoffice_pages import HTML, PASSWORD, Browser
from tests.backoffice.unsealing import LOTTE, World, world

PAGE = "/staff/attests"
REASON = "Printer zonder inkt"


@pytest.fixture
def town(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[World]:
    """Back office, column and register; An has an account."""
    with world(database_url, tmp_path, clock) as made:
        create_user(made.office, "an", "An Peeters", PASSWORD)
        yield made


@pytest.fixture
def browser(town: World) -> Iterator[Browser]:
    """An, at her counter in the building of the column."""
    with httpx.Client(base_url=town.server.url, follow_redirects=True, timeout=30) as client:
        made = Browser(client)
        page = made.log_in().text
        info = town.office.site.office(town.column.office)
        assert info is not None
        fields = {"csrf": made.field(page, "csrf"), "office": info.id, "counter": "3", "queue": info.queues[0].id}
        assert client.post("/counter/setup", data=fields).status_code == 200
        yield made


def issued(town: World) -> str:
    """Ask for a household and issue it; the id of the attest."""
    request_id, _ = town.request()
    with town.unsealer():
        reply = town.ask(request_id=request_id)
    assert isinstance(reply, Ready)
    return town.issue(reply)


def paper(town: World, attest_id: str, kind: str) -> None:
    """Tell what became of the paper."""
    job = "01890000-0000-7000-8000-000000000001"
    data: Json = {
        "attestId": attest_id,
        "jobId": job,
        "medium": "sheet",
        **({} if kind == "printed" else {"reason": "x"}),
    }
    town.column.record(f"attests.{kind}", attest_id, data)
    town.send()


def press(browser: Browser, path: str, **fields: str) -> httpx.Response:
    """Send a form of the page."""
    page = browser.client.get(PAGE).text
    data = {"csrf": browser.field(page, "csrf"), **fields}
    return browser.client.post(f"{PAGE}/{path}", data=data, headers=HTML)


def state_of(town: World, attest_id: str) -> tuple[str, str | None]:
    """State and reason in the row."""
    table = schema.attest.c
    with town.office.database.read() as connection:
        row = connection.execute(select(table.state, table.reason).where(table.id == attest_id)).one()
    return row.state, row.reason


def test_nobody_sees_it_or_does_anything_without_logging_in(town: World) -> None:
    attest_id = issued(town)
    with httpx.Client(base_url=town.server.url, follow_redirects=True) as client:
        assert client.get(PAGE).url.path == "/login"
        for action in (*DECISIONS, "duplicate"):
            assert client.post(f"{PAGE}/{attest_id}/{action}", data={"reason": REASON}).status_code == 401
    assert state_of(town, attest_id) == ("issued", None)


@pytest.mark.parametrize("action", [*DECISIONS, "duplicate"])
def test_a_form_of_another_site_is_refused(town: World, browser: Browser, action: str) -> None:
    attest_id = issued(town)
    with town.unsealer():
        answer = browser.client.post(f"{PAGE}/{attest_id}/{action}", data={"csrf": "theirs", "reason": REASON})
    assert answer.status_code == 403
    assert state_of(town, attest_id) == ("issued", None)
    assert _rows(town, "attest_copy") == 0


def test_what_is_in_doubt_stands_first_and_is_marked(town: World, browser: Browser) -> None:
    doubtful, failed, fine = issued(town), issued(town), issued(town)
    paper(town, doubtful, "printUnknown")
    paper(town, failed, "printFailed")
    paper(town, fine, "printed")
    page = browser.client.get(PAGE).text
    order = sorted((doubtful, failed, fine), key=page.index)
    assert order[-1] == fine
    assert page.count("attest doubt") == 2
    assert "papier onzeker" in page
    assert "geen papier" in page
    assert "op papier" in page


def test_nothing_on_the_page_names_a_person(town: World, browser: Browser) -> None:
    issued(town)
    page = browser.client.get(PAGE)
    assert page.headers["Cache-Control"] == "no-store"
    for personal in ("Lotte", "Voorbeeld", LOTTE, "Ionela"):
        assert personal not in page.text


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_the_page_speaks_every_language_of_the_site(town: World, browser: Browser, language: str) -> None:
    issued(town)
    town.request("birth", use="other")
    answer = press(browser, "language", language=language)
    assert answer.url.path == PAGE
    assert f'<html lang="{language}">' in answer.text
    for key in ("attests.title", "attests.open", "attests.request.pending", "attests.paper.queued"):
        assert entries()[key][language] in answer.text


@pytest.mark.parametrize(("action", "state"), [("void", "voided"), ("revoke", "revoked")])
def test_taking_back_needs_a_reason_and_reaches_the_trust_list(
    town: World, browser: Browser, action: str, state: str
) -> None:
    attest_id = issued(town)
    before = town.client.get("/trust.json").json()
    for empty in ("", "   ", "x" * 501, "a\x07b"):
        assert press(browser, f"{attest_id}/{action}", reason=empty).status_code == 400
    assert state_of(town, attest_id) == ("issued", None)
    answer = press(browser, f"{attest_id}/{action}", reason=REASON)
    assert answer.status_code == 200
    assert REASON in answer.text
    assert state_of(town, attest_id) == (state, REASON)
    after = town.client.get("/trust.json").json()
    assert after["version"] > before["version"]
    assert len(after["revoked"]) == 1


def test_what_was_taken_back_cannot_be_taken_back_in_another_way(town: World, browser: Browser) -> None:
    attest_id = issued(town)
    press(browser, f"{attest_id}/void", reason=REASON)
    answer = press(browser, f"{attest_id}/revoke", reason="Anders")
    assert answer.status_code == 409
    assert state_of(town, attest_id) == ("voided", REASON)


def test_the_duplicate_goes_to_the_browser_and_nowhere_else(town: World, browser: Browser) -> None:
    attest_id = issued(town)
    with town.unsealer():
        answer = press(browser, f"{attest_id}/duplicate", reason=REASON)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    text = subprocess.run(["pdftotext", "-", "-"], input=answer.content, capture_output=True, check=True)
    assert "DUPLICA" in text.stdout.decode().upper()
    table = schema.attest_copy.c
    with town.office.database.read() as connection:
        copy = connection.execute(select(table.attest_id, table.reason, table.asked_by)).one()
        staff = connection.execute(select(schema.staff.c.id)).scalar_one()
    assert tuple(copy) == (attest_id, REASON, staff)
    assert _rows(town, "opening") == 2
    kept = [path for path in town.folder.rglob("*") if path.is_file() and b"%PDF" in path.read_bytes()]
    assert kept == []


def test_a_duplicate_needs_a_reason(town: World, browser: Browser) -> None:
    attest_id = issued(town)
    with town.unsealer():
        assert press(browser, f"{attest_id}/duplicate", reason=" ").status_code == 400
    assert _rows(town, "attest_copy") == 0


def test_without_an_unsealer_a_duplicate_says_so(town: World, browser: Browser) -> None:
    attest_id = issued(town)
    answer = press(browser, f"{attest_id}/duplicate", reason=REASON)
    assert answer.status_code == 409
    assert "Bel de technische dienst" in answer.text


def test_an_attest_of_another_building_is_not_there(town: World, browser: Browser) -> None:
    attest_id = issued(town)
    with town.office.database.write() as connection:
        connection.execute(schema.attest.update().values(office_id="elsewhere"))
    assert attest_id not in browser.client.get(PAGE).text
    with town.unsealer():
        for action in (*DECISIONS, "duplicate"):
            assert press(browser, f"{attest_id}/{action}", reason=REASON).status_code == 404
    assert state_of(town, attest_id) == ("issued", None)


def test_a_word_that_is_no_action_does_nothing(town: World, browser: Browser) -> None:
    assert press(browser, f"{issued(town)}/destroy", reason=REASON).status_code == 404


def test_an_attest_is_found_by_its_number(town: World, browser: Browser) -> None:
    first, second = issued(town), issued(town)
    page = browser.client.get(PAGE, params={"number": "00002"}).text
    assert second in page
    assert first not in page
    assert second not in browser.client.get(PAGE, params={"number": "%"}).text


def test_open_requests_show_their_age_and_problem(town: World, browser: Browser, clock: Clock) -> None:
    town.request("birth", use="other")
    town.column.clock_ms = clock.now = clock.now + 3 * 3_600_000
    request_id, _ = town.request("marriage", use="bank")
    with town.unsealer():
        town.ask(request_id=request_id)
        refused, _ = town.request("criminal-record", use="work")
        town.ask(request_id=refused)
    page = browser.client.get(PAGE).text
    assert "3 uur geleden" in page
    assert "een andere dienst maakt dit" in page
    assert page.index("3 uur geleden") < page.index("zojuist")


def test_a_reason_cannot_become_part_of_the_page(town: World, browser: Browser) -> None:
    answer = press(browser, f"{issued(town)}/void", reason="<script>alert(1)</script>")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_every_trouble_has_words() -> None:
    for trouble in Trouble:
        assert f"attests.trouble.{trouble.value}" in entries()


def _rows(town: World, table: str) -> int:
    with town.office.database.read() as connection:
        return len(connection.execute(select(schema.metadata.tables[table])).all())
