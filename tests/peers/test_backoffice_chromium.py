"""A real browser, headless Chromium, on the back office's pages: login, calling by key and by touch, display, looks."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from sync.backoffice.app import create_app
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.settings import BackOfficeSettings
from sync.backoffice.staff import create_user
from sync.protocol.ids import uuid7
from tests.backoffice.column import Column
from tests.backoffice.sites import SITE

PASSWORD = "correct horse battery"
SECONDS = 20
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--window-size=1366,768",
)
AUDIT = """
const named = (e) => (e.getAttribute("aria-label") || (e.labels && [...e.labels].map((l) => l.textContent).join(""))
  || e.textContent || "").trim();
const seen = (e) => e.getClientRects().length > 0;
const problems = [];
if (!document.documentElement.lang) problems.push("no language");
if (document.querySelectorAll("h1").length !== 1) problems.push("h1: " + document.querySelectorAll("h1").length);
if (document.querySelectorAll("main").length !== 1) problems.push("main: " + document.querySelectorAll("main").length);
for (const e of document.querySelectorAll("button, a[href], input:not([type=hidden])"))
  if (!named(e)) problems.push("no name: " + e.outerHTML);
for (const e of document.querySelectorAll("button, .sheet a, .sheet input:not([type=hidden])"))
  if (seen(e) && !e.matches("[type=checkbox]") && e.getBoundingClientRect().height < 43)
    problems.push("too small: " + e.outerHTML);
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
if (new Set(ids).size !== ids.length) problems.push("double id");
for (const e of document.querySelectorAll("[style], [onclick]")) problems.push("inline: " + e.outerHTML);
if (document.documentElement.scrollWidth > innerWidth) problems.push("wider than the screen");
return problems;
"""


@dataclass
class Town:
    """A back office with one column and one clerk."""

    server: BackOfficeServer
    column: Column
    client: httpx.Client
    numbers: int = 0

    def issue(self, **changes: object) -> str:
        """One more citizen takes a ticket; its label."""
        self.numbers += 1
        label = f"A{self.numbers:03d}"
        self.column.clock_ms = self.server.office.clock()
        today = self.server.office.today().isoformat()
        self.column.issue(self.numbers, serviceDate=today, label=label, **changes)
        self.column.send(self.client, len(self.column.events))
        return label


@pytest.fixture(scope="module")
def open_window() -> Iterator[Callable[[], webdriver.Chrome]]:
    """Opens browser windows that never meet, and closes them all."""
    opened: list[webdriver.Chrome] = []
    with tempfile.TemporaryDirectory(prefix="zuil-chromium-", ignore_cleanup_errors=True) as folder:

        def window() -> webdriver.Chrome:
            options = webdriver.ChromeOptions()
            options.binary_location = "/usr/bin/chromium"
            for flag in (*FLAGS, f"--user-data-dir={Path(folder) / str(len(opened))}"):
                options.add_argument(flag)
            driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
            opened.append(driver)
            return driver

        yield window
        for driver in opened:
            driver.quit()


@pytest.fixture(scope="module")
def desk(open_window: Callable[[], webdriver.Chrome]) -> webdriver.Chrome:
    """The clerk's window."""
    return open_window()


@pytest.fixture(scope="module")
def wall(open_window: Callable[[], webdriver.Chrome]) -> webdriver.Chrome:
    """The window on the waiting room's wall."""
    return open_window()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A fresh back office."""
    quick = BackOfficeSettings(argon2_memory_kib=1024, argon2_rounds=1, beat_sec=1)
    app = create_app(f"sqlite:///{tmp_path / 'town.db'}", SITE, settings=quick)
    with BackOfficeServer(app) as server, httpx.Client(base_url=server.url) as client:
        create_user(server.office, "an", "An Peeters", PASSWORD)
        code = new_enrolment_code(server.office, "hall")
        yield Town(server, Column.join(client, code, server.office.clock()), client)


@pytest.fixture(autouse=True)
def leave_pages(town: Town, desk: webdriver.Chrome, wall: webdriver.Chrome) -> Iterator[None]:
    """Streams end before the back office does, and no page complained."""
    yield
    for driver in (desk, wall):
        complaints = [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
        driver.get("about:blank")
        assert complaints == []


def _log_in(driver: webdriver.Chrome, town: Town, language: str = "nl") -> None:
    driver.delete_all_cookies()
    driver.get(f"{town.server.url}/login?lang={language}")
    assert driver.switch_to.active_element.get_attribute("id") == "login"
    driver.switch_to.active_element.send_keys("an", Keys.TAB)
    driver.switch_to.active_element.send_keys(PASSWORD, Keys.ENTER)
    _wait(driver, lambda: driver.find_elements(By.ID, "counter"))


def _sit_down(driver: webdriver.Chrome, town: Town, language: str = "nl") -> None:
    _log_in(driver, town, language)
    driver.find_element(By.ID, "counter").send_keys("3", Keys.ENTER)
    _wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "html[data-ready=yes]"))


def _wait(driver: webdriver.Chrome, condition: Callable[[], object]) -> None:
    WebDriverWait(driver, SECONDS, poll_frequency=0.05).until(lambda _: condition())


def _press(driver: webdriver.Chrome, id: str) -> None:
    """Click what has this id."""
    _with_element(driver, id, lambda element: element.click())


def _take_hold(driver: webdriver.Chrome, id: str) -> None:
    """Put the finger down on what has this id."""
    _with_element(driver, id, lambda element: ActionChains(driver).click_and_hold(element).perform())


def _with_element(driver: webdriver.Chrome, id: str, act: Callable[[WebElement], None]) -> None:
    """Find and act; the list may be exchanged in between, and then it is found again."""

    def once() -> bool:
        act(driver.find_element(By.ID, id))
        return True

    WebDriverWait(driver, SECONDS, poll_frequency=0.05, ignored_exceptions=[StaleElementReferenceException]).until(
        lambda _: once()
    )


def _type(driver: webdriver.Chrome, key: str) -> None:
    """Press a key wherever the focus is."""
    ActionChains(driver).send_keys(key).perform()


def _text(driver: webdriver.Chrome, css: str) -> str:
    return str(driver.execute_script("return document.querySelector(arguments[0])?.innerText ?? ''", css))


def test_clerk_calls_by_key_and_by_touch_and_the_wall_shows_it(
    town: Town, desk: webdriver.Chrome, wall: webdriver.Chrome
) -> None:
    first, second = town.issue(), town.issue(language="fr")
    wall.get(f"{town.server.url}/display/hall")
    _wait(wall, lambda: "Even geduld" in _text(wall, "#wait"))
    _sit_down(desk, town)
    _type(desk, Keys.F2)
    _wait(desk, lambda: _text(desk, "#current") == first)
    _wait(wall, lambda: _text(wall, "#number") == first)
    assert _text(wall, "#counter") == "3"
    assert _text(desk, "#status") == f"{first} is opgeroepen"
    _press(desk, "act-next")
    _wait(desk, lambda: _text(desk, "#current") == second)
    assert desk.switch_to.active_element.get_attribute("id") == "act-next"
    _wait(wall, lambda: _text(wall, "#number") == second)
    assert first in _text(wall, "#list")
    chimes = "return Number(document.getElementById('display').dataset.chimes)"
    assert wall.execute_script(chimes) == 2
    _type(desk, Keys.F4)
    _wait(wall, lambda: wall.execute_script(chimes) == 3)
    _type(desk, Keys.F8)
    _wait(desk, lambda: _text(desk, "#status") == f"{second} is niet gekomen")


def test_new_tickets_and_host_calls_appear_by_themselves(town: Town, desk: webdriver.Chrome) -> None:
    _sit_down(desk, town, "fr")
    label = town.issue(serviceIds=["eid"])
    _wait(desk, lambda: label in _text(desk, ".waiting"))
    assert "Carte d’identité" in _text(desk, ".waiting")
    call = uuid7()
    town.column.record("hosts.called", call, {"callId": call, "officeId": "hall", "page": "home"})
    town.column.send(town.client, len(town.column.events))
    _wait(desk, lambda: "Aide demandée à la borne 1" in _text(desk, ".host"))
    _press(desk, f"host-{call}")
    _wait(desk, lambda: not desk.find_elements(By.CSS_SELECTOR, ".host"))


def test_two_quick_presses_call_one_person(town: Town, desk: webdriver.Chrome) -> None:
    first, second = town.issue(), town.issue()
    _sit_down(desk, town)
    desk.execute_script("const b = document.getElementById('act-next'); b.click(); b.click();")
    _wait(desk, lambda: _text(desk, "#current") == first)
    assert second in _text(desk, ".waiting")


HOLD = """
const real = window.fetch;
window.held = [];
window.sent = [];
window.fetch = async (url, options) => {
  window.sent.push(new URL(url, location).pathname);
  const answer = await real(url, options);
  if (String(url).endsWith(arguments_0)) await new Promise((free) => window.held.push(free));
  return answer;
};
"""
"""Holds the answer to one button back until `held` lets it go, as a loaded machine does."""


def _hold(driver: webdriver.Chrome, path: str) -> None:
    driver.execute_script(HOLD.replace("arguments_0", repr(path)))


def _let_go(driver: webdriver.Chrome) -> None:
    _wait(driver, lambda: driver.execute_script("return window.held.length"))
    driver.execute_script("window.held.shift()()")


def _press_before_the_answer(desk: webdriver.Chrome, called: str, path: str, key: str) -> None:
    """Call somebody, press a key whose answer is held back, then "did not come", and only then let the answer go."""
    _type(desk, Keys.F2)
    _wait(desk, lambda: _text(desk, "#current") == called)
    _hold(desk, path)
    _type(desk, key)
    _wait(desk, lambda: desk.execute_script("return window.held.length"))
    _type(desk, Keys.F8)
    _let_go(desk)


def test_a_key_pressed_before_the_answer_to_the_last_one_is_not_lost(town: Town, desk: webdriver.Chrome) -> None:
    first = town.issue()
    _sit_down(desk, town)
    _press_before_the_answer(desk, first, "/counter/recall", Keys.F4)
    _wait(desk, lambda: _text(desk, "#status") == f"{first} is niet gekomen")


def test_what_was_meant_for_one_person_is_not_done_to_the_next(town: Town, desk: webdriver.Chrome) -> None:
    first, second = town.issue(), town.issue()
    _sit_down(desk, town)
    _press_before_the_answer(desk, first, "/counter/next", Keys.F2)
    _wait(desk, lambda: _text(desk, "#current") == second)
    assert "/counter/noshow" not in desk.execute_script("return window.sent")


def test_last_number_is_readable_from_eight_metres(town: Town, wall: webdriver.Chrome, desk: webdriver.Chrome) -> None:
    """Capitals at least a quarter of the screen's height, and never cut, also with a suffix."""
    town.issue(suffix="K1")
    wall.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 1920, "height": 1080, "deviceScaleFactor": 1, "mobile": False}
    )
    wall.get(f"{town.server.url}/display/hall")
    _sit_down(desk, town)
    _type(desk, Keys.F2)
    _wait(wall, lambda: _text(wall, "#number"))
    wall.execute_script("return document.fonts.ready")
    share = wall.execute_script(
        "return parseFloat(getComputedStyle(document.getElementById('number')).fontSize) * 0.668 / innerHeight"
    )
    assert share >= 0.25
    fits = "const n = document.getElementById('number'); return n.scrollWidth <= n.parentElement.clientWidth"
    assert wall.execute_script(fits)
    assert wall.execute_script(AUDIT) == []
    wall.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("language", ["nl", "de"])
@pytest.mark.parametrize("size", [(1366, 768), (820, 1180)], ids=["desk", "tablet"])
def test_pages_are_accessible_in_what_can_be_counted(
    town: Town, desk: webdriver.Chrome, language: str, size: tuple[int, int]
) -> None:
    for _ in range(3):
        town.issue()
    desk.set_window_size(*size)
    desk.get(f"{town.server.url}/?lang={language}")
    assert desk.execute_script(AUDIT) == []
    _log_in(desk, town, language)
    assert desk.execute_script(AUDIT) == []
    _sit_down(desk, town, language)
    _type(desk, Keys.F2)
    _wait(desk, lambda: _text(desk, "#current") == "A001")
    assert desk.execute_script(AUDIT) == []


def test_every_action_is_reached_by_tab_with_visible_focus(town: Town, desk: webdriver.Chrome) -> None:
    town.issue()
    _sit_down(desk, town)
    _type(desk, Keys.F2)
    _wait(desk, lambda: _text(desk, "#current") == "A001")
    desk.execute_script("document.activeElement.blur()")
    reached = set()
    for _ in range(25):
        _type(desk, Keys.TAB)
        focused = desk.switch_to.active_element
        reached.add(focused.get_attribute("id"))
        ring = desk.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
        assert focused.tag_name == "body" or ring == "solid"
    assert {"act-next", "act-recall", "act-noshow", "act-done"} <= reached


def test_pages_say_when_the_line_is_cut(town: Town, desk: webdriver.Chrome, wall: webdriver.Chrome) -> None:
    wall.get(f"{town.server.url}/display/hall")
    _wait(wall, lambda: "Even geduld" in _text(wall, "#wait"))
    _sit_down(desk, town)
    town.server.stop()
    _wait(wall, lambda: "Geen verbinding" in _text(wall, "#lost"))
    _type(desk, Keys.F2)
    _wait(desk, lambda: "Geen verbinding" in _text(desk, "#lost"))
    for driver in (desk, wall):
        driver.get("about:blank")
        driver.get_log("browser")


def test_phone_follows_a_ticket(town: Town, wall: webdriver.Chrome) -> None:
    town.issue()
    town.issue()
    ticket = town.column.events[-1]["subject"]
    wall.get(f"{town.server.url}/follow/{ticket}")
    assert "1 persoon voor u" in _text(wall, "#state")
    assert wall.execute_script(AUDIT) == []


def test_list_is_not_exchanged_under_a_finger(town: Town, desk: webdriver.Chrome) -> None:
    """A tap that begins before a change and ends after it still counts."""
    first = town.issue()
    _sit_down(desk, town)
    news = "return Number(document.documentElement.dataset.news || 0)"
    _wait(desk, lambda: desk.execute_script(news) > 0)
    _take_hold(desk, "act-next")
    before = desk.execute_script(news)
    later = town.issue()
    _wait(desk, lambda: desk.execute_script(news) > before)
    ActionChains(desk).release().perform()
    _wait(desk, lambda: _text(desk, "#current") == first)
    _wait(desk, lambda: later in _text(desk, ".waiting"))
