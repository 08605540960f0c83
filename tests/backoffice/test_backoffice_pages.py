"""The pages without a browser: who may see them, forms with tokens, what stands on them in each language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

import httpx
import pytest

from sync.backoffice.core import BackOffice
from sync.backoffice.pages.words import IncompleteTexts, Words, entries, in_every, read_entries
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.staff import create_user
from sync.protocol.ids import uuid7
from tests.backoffice.column import Column
from tests.backoffice.conftest import Clock

PASSWORD = "correct horse battery"
HTML = {"Accept": "text/html"}


class Browser:
    """Somebody with a browser and no scripts."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def field(self, page: str, name: str) -> str:
        """The value of a hidden field."""
        found = re.search(rf'name="{name}" value="([^"]*)"', page)
        assert found, name
        return unescape(found.group(1))

    def log_in(self, password: str = PASSWORD) -> httpx.Response:
        """Fill in the login form."""
        page = self.client.get("/login").text
        fields = {"login": "an", "password": password, "token": self.field(page, "token")}
        return self.client.post("/login", data=fields)

    def sit_down(self) -> None:
        """Log in and take counter 3 for two queues."""
        page = self.log_in().text
        fields = {"csrf": self.field(page, "csrf"), "office": "hall", "counter": "3", "queue": ["travel", "civil"]}
        assert "Loket 3" in self.client.post("/counter/setup", data=fields).text

    def press(self, action: str, **changes: str) -> httpx.Response:
        """Press a button of the counter page."""
        page = self.client.get("/counter").text
        fields = {"csrf": self.field(page, "csrf"), "key": self.field(page, "key"), **changes}
        return self.client.post(f"/counter/{action}", data=fields, headers={**HTML, "X-Fragment": "1"})


@pytest.fixture
def browser(office: BackOffice, server: BackOfficeServer) -> Iterator[Browser]:
    """A browser; An has an account."""
    create_user(office, "an", "An Peeters", PASSWORD)
    with httpx.Client(base_url=server.url, follow_redirects=True, timeout=10) as client:
        yield Browser(client)


def test_nobody_sees_the_counter_without_logging_in(browser: Browser) -> None:
    for path in ("/counter", "/counter/setup"):
        assert browser.client.get(path).url.path == "/login"
    for path in ("/counter/board", "/counter/events"):
        assert browser.client.get(path).status_code == 401
    for path in ("/counter/next", "/counter/setup", "/counter/language", "/logout", "/counter/hosts/x"):
        assert browser.client.post(path).status_code == 401


def test_wrong_password_says_so_and_keeps_the_status(browser: Browser) -> None:
    answer = browser.log_in("wrong")
    assert answer.status_code == 401
    assert "Dat klopt niet" in answer.text


def test_login_form_of_another_site_is_refused(browser: Browser) -> None:
    browser.client.get("/login")
    answer = browser.client.post("/login", data={"login": "an", "password": PASSWORD, "token": "theirs"})
    assert answer.status_code == 403
    assert browser.client.get("/counter").url.path == "/login"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    page = browser.client.get("/login")
    cookie = page.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"


def test_forms_without_the_sessions_token_are_refused(browser: Browser, column: Column, client: httpx.Client) -> None:
    column.issue(1)
    column.send(client)
    browser.sit_down()
    for path in ("/counter/next", "/counter/setup", "/counter/language", "/logout", "/counter/hosts/x"):
        assert browser.client.post(path, data={"csrf": "guess", "key": "k"}).status_code == 403
    assert "A001" in browser.client.get("/counter").text
    assert "A001 is opgeroepen" in browser.press("next").text


def test_buttons_work_without_scripts(browser: Browser, column: Column, client: httpx.Client) -> None:
    column.issue(1)
    column.send(client)
    browser.sit_down()
    page = browser.client.get("/counter").text
    fields = {"csrf": browser.field(page, "csrf"), "key": browser.field(page, "key")}
    answer = browser.client.post("/counter/next", data=fields)
    assert answer.url.path == "/counter"
    assert 'id="current">A001<' in answer.text
    assert 'id="current">A001<' in browser.client.post("/counter/next", data=fields).text


def test_what_cannot_be_done_is_said(browser: Browser) -> None:
    browser.sit_down()
    assert "Er wacht niemand" in browser.press("next").text
    assert "Er is niemand aan uw loket" in browser.press("recall").text
    assert browser.press("explode").status_code == 404
    assert browser.press("next", key="").status_code == 400


def test_setup_refuses_what_is_no_counter(browser: Browser) -> None:
    page = browser.log_in().text
    csrf = browser.field(page, "csrf")
    for changes in ({"counter": ""}, {"counter": "<3>"}, {"queue": "moon"}, {"office": "moon"}):
        fields = {"csrf": csrf, "office": "hall", "counter": "3", "queue": "travel", **changes}
        answer = browser.client.post("/counter/setup", data=fields)
        assert (answer.status_code, "loketnummer" in answer.text) == (400, True), changes
    assert browser.client.get("/counter").url.path == "/counter/setup"
    assert browser.client.get("/counter/board").status_code == 409


def test_staff_see_paper_language_service_columns_and_host_calls(
    browser: Browser, column: Column, client: httpx.Client, clock: Clock
) -> None:
    tickets = [column.issue(1, language="fr", serviceIds=["eid"]), column.issue(2), column.issue(3, "living", "C")]
    column.record("tickets.printUnknown", "t", {"ticketId": tickets[0], "jobId": "j", "reason": "silent"})
    column.record("tickets.printFailed", "t", {"ticketId": tickets[1], "jobId": "j", "reason": "paper_out"})
    column.record("devices.degraded", "printer", {"device": "printer", "reason": "paper_out"})
    call = uuid7()
    column.record("hosts.called", call, {"callId": call, "officeId": "hall", "page": "home"})
    column.record("tickets.printed", "x", {"ticketId": uuid7(), "jobId": "j"})
    column.send(client)
    browser.sit_down()
    page = browser.client.get("/counter").text
    for words in (
        "papier onzeker",
        "geen papier",
        "Identiteitskaart",
        "Frans",
        "printer: papier op",
        "Hulp gevraagd aan zuil 1",
        "Andere wachtrijen",
        "1 bericht van een zuil is onbruikbaar",
    ):
        assert words in page, words
    csrf = browser.field(page, "csrf")
    after = browser.client.post(f"/counter/hosts/{call}", data={"csrf": csrf})
    assert "Hulp gevraagd" not in after.text
    clock.pass_seconds(300)
    assert "geen verbinding sinds 5 min" in browser.client.get("/counter").text


def test_language_of_the_staff_page_can_be_chosen(browser: Browser) -> None:
    browser.sit_down()
    page = browser.client.get("/counter").text
    csrf = browser.field(page, "csrf")
    for language, words in (("fr", "Appeler le suivant"), ("en", "Call next"), ("de", "Nächste Person aufrufen")):
        changed = browser.client.post("/counter/language", data={"csrf": csrf, "language": language})
        assert words in changed.text
        assert f'<html lang="{language}">' in changed.text
    kept = browser.client.post("/counter/language", data={"csrf": csrf, "language": "xx"})
    assert "Nächste Person" in kept.text


def test_log_out_ends_the_session(browser: Browser) -> None:
    browser.sit_down()
    csrf = browser.field(browser.client.get("/counter").text, "csrf")
    assert browser.client.post("/logout", data={"csrf": csrf}).url.path == "/login"
    assert browser.client.get("/counter").url.path == "/login"


def test_follow_page_speaks_the_tickets_language_and_counts_people(
    client: httpx.Client, column: Column, browser: Browser
) -> None:
    first, second, third = column.issue(1), column.issue(2, language="fr"), column.issue(3, language="de")
    column.send(client)
    assert "U bent de volgende" in client.get(f"/follow/{first}").text
    assert "1 personne avant vous" in client.get(f"/follow/{second}").text
    assert "2 Personen vor Ihnen" in client.get(f"/follow/{third}").text
    browser.sit_down()
    browser.press("next")
    assert "Ga naar loket 3" in client.get(f"/follow/{first}/state").text
    browser.press("noshow")
    assert "u was er niet" in client.get(f"/follow/{first}/state").text


def test_follow_page_of_a_ticket_not_heard_of_is_honest(client: httpx.Client) -> None:
    for ticket in (uuid7(), "nonsense", "%00"):
        answer = client.get(f"/follow/{ticket}?lang=en")
        assert answer.status_code == 404
        assert "do not know this number yet" in answer.text
    assert client.get(f"/follow/{uuid7()}/state").status_code == 200


def test_pages_and_api_say_what_is_wrong_each_in_its_way(client: httpx.Client) -> None:
    assert "Deze pagina bestaat niet" in client.get("/moon", headers=HTML).text
    assert client.get("/moon").headers["content-type"] == "application/problem+json"
    assert client.get("/kiosk/v1/moon", headers=HTML).headers["content-type"] == "application/problem+json"
    assert client.put("/kiosk/v1/batches").status_code == 405
    assert client.get("/display/moon", headers=HTML).status_code == 404
    assert client.get("/").status_code == 200


def test_static_files_are_only_ours(client: httpx.Client) -> None:
    assert client.get("/static/app.css").status_code == 200
    assert "--brand:#0B4F6C" in client.get("/static/theme.css").text
    for path in ("/static/..%2frender.py", "/static/texts.toml", "/static/fonts/..%2F..%2Fx.ttf", "/static/none.css"):
        assert client.get(path).status_code == 404, path


def test_too_large_and_unreadable_forms_are_refused(browser: Browser) -> None:
    assert browser.client.post("/login", content=b"x" * 20_000).status_code == 413
    assert browser.client.post("/login", content=b"\xff").status_code == 400


def test_words_are_there_in_every_language() -> None:
    for key in entries():
        for language in ("nl", "fr", "en", "de"):
            assert Words(language)(key, **dict.fromkeys(_placeholders(key, language), "x"))
            assert _placeholders(key, language) == _placeholders(key, "nl") or key.endswith(".one"), key
    with pytest.raises(IncompleteTexts, match="'de'"):
        read_entries('"a.b" = { nl = "x", fr = "x", en = "x" }')


def _placeholders(key: str, language: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", entries()[key][language]))


def test_counting_follows_the_language() -> None:
    assert Words("fr").count("waiting.people", 0) == "0 personne"
    assert Words("nl").count("waiting.people", 0) == "0 personen"
    assert Words("en").count("waiting.people", 1) == "1 person"
    assert Words("nl").either("device.teleporter", "teleporter") == "teleporter"
    assert in_every(("nl", "de", "fr"), "column.number") == ("Nummer", "Numéro")


@pytest.mark.parametrize("action", ["next", "recall"])
def test_service_and_language_we_have_no_words_for_are_shown_as_they_are(
    browser: Browser, enrol: Callable[[], Column], client: httpx.Client, action: str
) -> None:
    column = enrol()
    column.issue(1, serviceIds=["no-such-service"], language="xx")
    column.send(client)
    browser.sit_down()
    assert "no-such-service" in browser.press(action).text
