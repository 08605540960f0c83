"""A real browser, headless Chromium, on the page of technicians: a command given by keyboard, looks, what it shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from sync.backoffice.app import create_app
from sync.backoffice.commands import give_command
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.settings import BackOfficeSettings
from sync.backoffice.staff import create_user
from tests.backoffice.column import Column, post
from tests.backoffice.sites import SITE
from tests.backoffice.test_column_pages import report
from tests.peers.test_backoffice_chromium import AUDIT, FLAGS
from tests.peers.test_verify_chromium import CONTRAST

PASSWORD = "correct horse battery"
SECONDS = 20


@pytest.fixture
def window(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """One browser window."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'chromium'}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    yield driver
    driver.quit()


def test_a_technician_closes_a_column_and_reads_its_findings(window: webdriver.Chrome, tmp_path: Path) -> None:
    settings = BackOfficeSettings(argon2_memory_kib=1024, argon2_rounds=1)
    app = create_app(f"sqlite:///{tmp_path / 'backoffice.db'}", SITE, settings=settings)
    with BackOfficeServer(app) as server, httpx.Client(base_url=server.url, timeout=10) as client:
        office = server.office
        create_user(office, "an", "An Peeters", PASSWORD, "technician")
        column = Column.join(client, new_enrolment_code(office, "hall"), office.clock())
        kiosk = str(column.receipt["kioskId"])
        given = give_command(office, kiosk, "diagnostics", {}, "x")
        found = json.dumps([{"subject": "printer", "wrong": True, "says": "paper_out"}]).encode()
        assert report(column, client, given, "diagnostics", "application/json", found).status_code == 200

        window.get(f"{server.url}/login")
        window.find_element(By.ID, "login").send_keys("an")
        window.find_element(By.ID, "password").send_keys(PASSWORD, Keys.ENTER)
        WebDriverWait(window, SECONDS).until(lambda w: "/login" not in w.current_url)
        window.get(f"{server.url}/staff/columns")
        window.find_element(By.CSS_SELECTOR, ".column-card").send_keys(Keys.ENTER)
        WebDriverWait(window, SECONDS).until(lambda w: kiosk in w.current_url)
        window.find_element(By.XPATH, "//summary[text()='Sluiten']").send_keys(Keys.ENTER)
        text = WebDriverWait(window, SECONDS).until(lambda w: w.find_element(By.ID, "close-text"))
        WebDriverWait(window, SECONDS).until(lambda _: text.is_displayed())
        text.send_keys("Terug om 14 uur", Keys.ENTER)
        notice = WebDriverWait(window, SECONDS).until(lambda w: w.find_element(By.CSS_SELECTOR, "[role=status]"))
        assert notice.text == "De opdracht wacht op de zuil."

        column.clock_ms = office.clock()
        orders = post(client, "updates", column.updates_request()).json()["commands"]
        assert [order["arguments"] for order in orders if order["kind"] == "close"] == [{"text": "Terug om 14 uur"}]

        window.find_element(By.XPATH, "//summary[text()='Wat de zuil vond']").send_keys(Keys.ENTER)
        table = window.find_element(By.CSS_SELECTOR, ".column-findings")
        WebDriverWait(window, SECONDS).until(lambda _: table.is_displayed())
        assert "paper_out" in table.text
        for size in ((1366, 768), (390, 844)):
            window.set_window_size(*size)
            assert window.execute_script(AUDIT) == []
            assert window.execute_script(CONTRAST) == []
        assert [line for line in window.get_log("browser") if line["level"] == "SEVERE"] == []
