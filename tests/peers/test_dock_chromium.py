"""A real browser, headless Chromium, on the dock's page: every button by key, what it says, and how it is built."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from kiosk.core.texts import LANGUAGES, message
from kiosk.demo.dock import Dock
from kiosk.demo.dock_page import dock_routes
from kiosk.demo.dock_words import dock_texts
from kiosk.demo.supervisor import KioskProcess
from kiosk.demo.world import World
from tests.peers.test_backoffice_chromium import AUDIT, FLAGS

SECONDS = 20


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[tuple[Dock, World]]:
    with World(tmp_path / "demo") as world:
        dock = Dock(world, KioskProcess(tmp_path / "no-column"), {"Counter page": f"{world.server.url}/counter"})
        world.serve_also(dock_routes(dock))
        with dock:
            yield dock, world


@pytest.fixture
def page(dock: tuple[Dock, World]) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    with tempfile.TemporaryDirectory(prefix="zuil-chromium-", ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
        try:
            driver.get(f"{dock[1].server.url}/dock?lang=en")
            until(driver, lambda: driver.find_elements(By.ID, "record-on"))
            yield driver
        finally:
            driver.quit()


def until(driver: webdriver.Chrome, condition: Callable[[], object]) -> None:
    WebDriverWait(driver, SECONDS, poll_frequency=0.05).until(lambda _: condition())


def pressed(driver: webdriver.Chrome) -> set[str]:
    """Ids of the buttons that say they are on."""
    found = driver.execute_script("return [...document.querySelectorAll('[aria-pressed=true]')].map((b) => b.id)")
    return set(found)


def test_every_button_is_reached_by_the_tab_key_and_moved_by_the_space_bar(
    dock: tuple[Dock, World], page: webdriver.Chrome
) -> None:
    buttons = [f"{lever.id}-{state}" for lever in dock[0].state().levers for state in lever.states]
    assert len(buttons) > 70
    page.execute_script("document.querySelector('nav a').focus()")
    reached = []
    for _ in buttons:
        page.switch_to.active_element.send_keys(Keys.TAB)
        reached.append(page.switch_to.active_element.get_attribute("id"))
    assert reached == buttons
    page.find_element(By.ID, "network-cut").send_keys(Keys.SPACE)
    until(page, lambda: "network-cut" in pressed(page))
    assert dock[1].network_state == "cut"
    assert page.find_element(By.ID, "network-does").text.startswith("The cable is out")
    assert page.switch_to.active_element.get_attribute("id") == "network-cut", "what was pressed keeps the focus"


def test_what_cannot_be_done_is_said_with_what_would_be_right(page: webdriver.Chrome) -> None:
    page.find_element(By.ID, "record-on").send_keys(Keys.SPACE)
    until(page, lambda: page.find_element(By.ID, "problem").is_displayed())
    assert "begins at the attract screen" in page.find_element(By.ID, "problem").text
    page.find_element(By.ID, "clock-day-behind").send_keys(Keys.SPACE)
    until(page, lambda: not page.find_element(By.ID, "problem").is_displayed())
    assert "clock-day-behind" in pressed(page)


@pytest.mark.parametrize("width", [420, 1366, 1920])
def test_it_is_built_for_everybody(page: webdriver.Chrome, width: int) -> None:
    page.set_window_size(width, 900)
    assert page.execute_script(AUDIT) == []
    severe = [
        entry for entry in page.get_log("browser") if entry["level"] == "SEVERE" and "favicon" not in entry["message"]
    ]
    assert severe == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_the_chosen_language_and_keeps_what_was_pressed(
    dock: tuple[Dock, World], page: webdriver.Chrome, language: str
) -> None:
    words = dock_texts()
    dock[0].set("network", "cut")
    page.find_element(By.ID, f"language-{language}").send_keys(Keys.SPACE)
    until(page, lambda: page.execute_script("return document.documentElement.lang") == language)
    until(page, lambda: {f"language-{language}", "network-cut"} <= pressed(page))
    assert page.switch_to.active_element.get_attribute("id") == f"language-{language}"
    shown = page.find_element(By.TAG_NAME, "body").text
    for lever in dock[0].state().levers:
        keys = [f"lever.{lever.id}", *(f"name.{lever.id}.{state}" for state in lever.states)]
        for key in (*keys, f"does.{lever.id}.{lever.now}"):
            # A column that is off stands in none of its lever's states.
            if key.startswith("does") and lever.now not in lever.states:
                continue
            assert words.words(message(key), language) in shown, key
    page.find_element(By.ID, "record-on").send_keys(Keys.SPACE)
    until(page, lambda: page.find_element(By.ID, "problem").is_displayed())
    told = words.words(message("problem.not-at-the-start"), language)
    assert page.find_element(By.ID, "problem").text == told
    assert page.execute_script(AUDIT) == []
