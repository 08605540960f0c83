"""The page of technicians without a browser: who sees it, what its forms do, what stands on it; on both databases."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import select

from kiosk.core.commands import KINDS
from sync.backoffice import schema
from sync.backoffice.commands import give_command, open_orders
from sync.backoffice.core import BackOffice, rfc3339
from sync.backoffice.pages.words import entries
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.staff import create_user
from sync.protocol.canonical import b64url
from sync.protocol.orders import COMMAND, REPORT, REPORT_REQUEST
from tests.backoffice.column import Column, Json, post
from tests.backoffice.conftest import Clock
from tests.backoffice.test_backoffice_pages import PASSWORD, Browser

PAGE = "/staff/columns"


@pytest.fixture
def column(enrol: Callable[[], Column]) -> Column:
    """A column of the hall."""
    return enrol()


@pytest.fixture
def browser(office: BackOffice, server: BackOfficeServer) -> Iterator[Browser]:
    """An, a technician, logged in."""
    create_user(office, "an", "An Peeters", PASSWORD, "technician")
    with httpx.Client(base_url=server.url, follow_redirects=True, timeout=10) as client:
        made = Browser(client)
        made.log_in()
        yield made


def kiosk_id(column: Column) -> str:
    """Its id."""
    return str(column.receipt["kioskId"])


def press(browser: Browser, column: Column, action: str = "commands", **fields: str) -> httpx.Response:
    """Send a form of the column's page."""
    page = browser.client.get(f"{PAGE}/{kiosk_id(column)}").text
    return browser.client.post(
        f"{PAGE}/{kiosk_id(column)}/{action}", data={"csrf": browser.field(page, "csrf"), **fields}
    )


def orders(office: BackOffice, column: Column) -> list[Json]:
    """What is sent to the column."""
    with office.database.read() as connection:
        return open_orders(office, connection, kiosk_id(column))


def tell(column: Column, client: httpx.Client, kind: str, command: str, **data: object) -> None:
    """The column says how a command ended."""
    first = len(column.events) + 1
    column.record(kind, command, {"commandId": command, "kind": "open", **data})
    column.send(client, first)


def report(column: Column, client: httpx.Client, command: str, name: str, media: str, content: bytes) -> httpx.Response:
    """The column sends what it was asked for."""
    message: Json = {
        "source": column.source,
        "sentAt": rfc3339(column.clock_ms),
        "nonce": f"nonce-{len(content)}-{command}",
        "commandId": command,
        "name": name,
        "mediaType": media,
        "content": b64url(content),
    }
    return post(client, "reports", column.key.sign_object(REPORT_REQUEST, message))


def test_only_technicians_see_it_or_do_anything(office: BackOffice, server: BackOfficeServer, column: Column) -> None:
    with httpx.Client(base_url=server.url, follow_redirects=True, timeout=10) as client:
        assert client.get(PAGE).url.path == "/login"
        assert client.post(f"{PAGE}/{kiosk_id(column)}/commands", data={"kind": "open"}).status_code == 401
        create_user(office, "an", "An Peeters", PASSWORD)
        clerk = Browser(client)
        csrf = clerk.field(clerk.log_in().text, "csrf")
        assert client.get(PAGE).status_code == 404
        assert "/staff/columns" not in client.get("/counter").text
        for action, fields in (("commands", {"kind": "open"}), ("revoke", {"confirm": "K1"})):
            answer = client.post(f"{PAGE}/{kiosk_id(column)}/{action}", data={"csrf": csrf, **fields})
            assert answer.status_code == 404
    assert orders(office, column) == []


def test_a_form_of_another_site_is_refused(office: BackOffice, browser: Browser, column: Column) -> None:
    answer = browser.client.post(f"{PAGE}/{kiosk_id(column)}/commands", data={"csrf": "theirs", "kind": "open"})
    assert answer.status_code == 403
    assert orders(office, column) == []


def test_a_command_is_signed_names_who_gave_it_and_goes_with_every_answer(
    office: BackOffice, client: httpx.Client, browser: Browser, column: Column
) -> None:
    assert "wacht op de zuil" in press(browser, column, kind="close", text="Even dicht", until="2026-11-23T14:00").text
    for _ in range(2):
        (order,) = post(client, "updates", column.updates_request()).json()["commands"]
        assert office.key.public.verify_object(COMMAND, order)
        assert order["arguments"] == {"text": "Even dicht", "until": "2026-11-23T14:00:00+01:00"}
    with office.database.read() as connection:
        assert order["by"] == connection.execute(select(schema.staff.c.id)).scalar_one()
    tell(column, client, "commands.ended", order["commandId"], outcome="done", detail="<b>fine</b>", by=order["by"])
    assert post(client, "updates", column.updates_request()).json()["commands"] == []
    page = browser.client.get(f"{PAGE}/{kiosk_id(column)}").text
    assert "An Peeters" in page
    assert "gedaan" in page
    assert "&lt;b&gt;fine" in page


def test_an_expired_command_is_not_sent_any_more(
    office: BackOffice, client: httpx.Client, browser: Browser, column: Column, clock: Clock
) -> None:
    press(browser, column, kind="open")
    clock.pass_seconds(24 * 3600)
    assert orders(office, column) == []
    create_user(office, "an", "An Peeters", PASSWORD)
    browser.log_in()
    assert "te laat" in browser.client.get(f"{PAGE}/{kiosk_id(column)}").text


def test_what_no_column_would_do_is_refused_and_grave_commands_need_the_suffix(
    office: BackOffice, browser: Browser, column: Column
) -> None:
    for fields in ({"kind": "dance"}, {"kind": "close", "until": "soon"}, {"kind": "close", "text": "x" * 201}):
        assert press(browser, column, **fields).status_code == 400
    for typed in ("", "K9"):
        assert press(browser, column, kind="wipe", confirm=typed).status_code == 400
        assert press(browser, column, "revoke", confirm=typed).status_code == 400
    assert orders(office, column) == []
    suffix = str(column.receipt["suffix"])
    assert press(browser, column, kind="wipe", confirm=suffix).status_code == 200
    assert [order["kind"] for order in orders(office, column)] == ["wipe"]


@pytest.mark.parametrize("drains", [False, True])
def test_revoking_names_who_did_it_and_whether_the_rest_is_taken(
    office: BackOffice, client: httpx.Client, browser: Browser, column: Column, drains: bool
) -> None:
    column.issue(1)
    answer = press(
        browser, column, "revoke", confirm=str(column.receipt["suffix"]), **({"drain": "yes"} if drains else {})
    )
    assert "buiten dienst" in answer.text
    refused = post(client, "updates", column.updates_request())
    assert refused.status_code == 403
    assert ("drainUntil" in refused.json()["revocation"]) == drains
    assert post(client, "batches", column.batch()).status_code == (200 if drains else 403)
    with office.database.read() as connection:
        by = connection.execute(select(schema.kiosk.c.revoked_by)).scalar_one()
        assert by == connection.execute(select(schema.staff.c.id)).scalar_one()


def test_a_drain_ends(office: BackOffice, client: httpx.Client, browser: Browser, column: Column, clock: Clock) -> None:
    column.issue(1)
    press(browser, column, "revoke", confirm=str(column.receipt["suffix"]), drain="yes")
    clock.pass_seconds(24 * 3600)
    assert post(client, "batches", column.batch()).status_code == 403


def test_findings_are_shown_and_a_log_is_handed_out(
    office: BackOffice, client: httpx.Client, browser: Browser, column: Column
) -> None:
    findings = give_command(office, kiosk_id(column), "diagnostics", {}, "x")
    log = give_command(office, kiosk_id(column), "logs", {}, "x")
    found = [{"subject": "printer", "wrong": True, "says": "<i>paper_out</i>"}]
    answer = report(column, client, findings, "diagnostics", "application/json", json.dumps(found).encode())
    assert answer.status_code == 200
    assert office.key.public.verify_object(REPORT, answer.json())
    assert report(column, client, log, "logs", "application/gzip", gzip.compress(b"line\n")).status_code == 200
    page = browser.client.get(f"{PAGE}/{kiosk_id(column)}").text
    assert "&lt;i&gt;paper_out" in page
    handed = browser.client.get(f"{PAGE}/{kiosk_id(column)}/reports/{log}")
    assert gzip.decompress(handed.content) == b"line\n"
    assert "attachment" in handed.headers["Content-Disposition"]
    assert browser.client.get(f"{PAGE}/other/reports/{log}").status_code == 404


def test_a_report_nobody_asked_for_is_refused(
    office: BackOffice, client: httpx.Client, column: Column, enrol: Callable[[], Column]
) -> None:
    other = enrol()
    theirs = give_command(office, kiosk_id(other), "logs", {}, "x")
    mine = give_command(office, kiosk_id(column), "logs", {}, "x")
    assert report(column, client, theirs, "logs", "application/gzip", b"x").status_code == 400
    assert report(column, client, mine, "diagnostics", "application/json", b"xy").status_code == 400
    assert report(column, client, mine, "logs", "application/gzip", b"xyz").status_code == 200


def test_a_column_speaks_only_of_its_own_commands_and_once(
    office: BackOffice, client: httpx.Client, column: Column, enrol: Callable[[], Column]
) -> None:
    other = enrol()
    given = give_command(office, kiosk_id(column), "open", {}, "x")
    tell(other, client, "commands.ended", given, outcome="done", by="x")
    assert len(orders(office, column)) == 1
    tell(column, client, "commands.ended", given, outcome="failed", by="x")
    tell(column, client, "commands.ended", given, outcome="done", by="x")
    with office.database.read() as connection:
        assert connection.execute(select(schema.command.c.outcome)).scalar_one() == "failed"


def test_the_page_speaks_every_language_of_the_site(browser: Browser, column: Column) -> None:
    for language in ("fr", "en", "de", "nl"):
        page = browser.client.get(PAGE).text
        browser.client.post(f"{PAGE}/language", data={"csrf": browser.field(page, "csrf"), "language": language})
        answer = browser.client.get(f"{PAGE}/{kiosk_id(column)}").text
        assert f'<html lang="{language}">' in answer
        for key in ("fleet.title", "fleet.give", "fleet.kind.restart", "fleet.history.none"):
            assert entries()[key][language] in answer


def test_every_kind_has_words() -> None:
    for kind in KINDS.values():
        assert f"fleet.kind.{kind.name}" in entries()
        assert f"fleet.means.{kind.name}" in entries()
        for name in kind.arguments:
            assert name in ("nl", "fr", "en", "de") or f"fleet.argument.{name}" in entries()
