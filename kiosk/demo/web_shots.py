"""Pictures of the web pages around a column: login, counter, waiting room, follow page, dock.

A whole demo world is started, its column takes real tickets by a scripted screen, and headless Chromium looks at what
the back office then shows. Needs Chromium, its driver and Selenium, which only developers have. Not for: testing.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from config.column import load_column
from kiosk.app import Kiosk
from kiosk.clock import DrivenClock
from kiosk.core.pages import Tool
from kiosk.core.texts import Language
from kiosk.demo.cards import OUT
from kiosk.demo.collect import MORNING
from kiosk.demo.dock import Dock
from kiosk.demo.dock_page import dock_routes
from kiosk.demo.supervisor import KioskProcess
from kiosk.demo.world import World
from kiosk.terminal.script_screen import ScriptScreen
from sync.backoffice import schema
from sync.backoffice.staff import create_user

if TYPE_CHECKING:
    from selenium.webdriver.chrome.webdriver import WebDriver

HERE = "districtshuis"
STAFF = ("an", "An Peeters", "a long enough password")
TAKEN = (
    ("nl", "identity-card"),
    ("fr", "passport"),
    ("en", "driving-licence"),
    ("de", "change-of-address"),
    ("nl", "pension"),
    ("nl", "identity-card"),
    ("fr", "resident-parking"),
)
"""Language and service of the tickets on the pictures."""

DESK, WALL, PHONE, PAGE = (1280, 800), (1920, 1080), (390, 844), (1280, 1000)
PATIENCE_S = 10.0


class NoPicture(RuntimeError):
    """A picture could not be taken; the text says what was waited for."""


def shoot_web(out: Path, languages: Sequence[Language]) -> list[Path]:
    """Take every picture into `out`.

    Returns:
        The pictures, in the order taken.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zuil-pictures-") as folder:
        clock = DrivenClock(MORNING.at)
        with World(Path(folder), clock=clock, attests=True) as world:
            create_user(world.office, STAFF[0], STAFF[1], STAFF[2])
            settings = world.column(HERE)
            asyncio.run(_take_tickets(world, settings, clock))
            pages = {
                "Counter page": f"{world.server.url}/counter",
                "Waiting room": f"{world.server.url}/display/{HERE}",
            }
            world.serve_also(dock_routes(Dock(world, KioskProcess(settings), pages)))
            made: list[Path] = []
            for language in languages:
                with Browser(world.server.url, out, language) as browser:
                    made += browser.staff_pages()
            with Browser(world.server.url, out, "nl") as browser:
                made += browser.public_pages(_ticket_ids(world))
            made += _checked(world, Path(folder), out, languages)
            return made


def _checked(world: World, folder: Path, out: Path, languages: Sequence[Language]) -> list[Path]:
    """The page that checks an attest, before and after the visitor's sheet, and the page that takes a file along."""
    if world.attests is None:
        raise NoPicture("this world prints no attests")
    sheet = folder / "attest.pdf"
    sheet.write_bytes(world.attests.sheets()[0])
    made: list[Path] = []
    for language in languages:
        with Browser(world.server.url, out, language) as browser:
            made += browser.phone_pages(sheet)
    return made


async def _take_tickets(world: World, settings: Path, clock: DrivenClock) -> None:
    """Serve scripted visitors, and one who calls for help, until the back office knows them all."""
    screen = ScriptScreen(world.texts)
    kiosk = Kiosk(load_column(settings), world.texts, clock)
    serving = asyncio.create_task(kiosk.serve(screen))
    try:
        for number, (language, service) in enumerate(TAKEN, start=1):
            for step in (language, "all", f"service:{service}", "way:0"):
                await _touch(screen, step)
            await _until(lambda: len(world.papers()) == number, f"paper {number}")  # noqa: B023 - waited for here
            await clock.pass_time(20)
            await _touch(screen, "done")
        await _take_attest(world, screen, clock)
        await _touch(screen, "nl")
        await _until(lambda: screen.page.option("search"), "home")
        screen.use(Tool.HELP)
        await _until(lambda: world.host_calls() == 1, "the call for a host at the back office")
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def _take_attest(world: World, screen: ScriptScreen, clock: DrivenClock) -> None:
    """One visitor gets a residence attest on A4."""
    for step in ("nl", "all", "service:residence-attest", "way:0", "bank"):
        await _touch(screen, step)
    await asyncio.to_thread(world.cards.put_in, "adult")
    await _touch(screen, "make")
    await asyncio.to_thread(world.cards.put_in, OUT)
    await _until(lambda: screen.page.option("more"), "the attest on its way")
    while world.backoffice_attest("residence") != ("issued", "confirmed"):
        await clock.pass_time(1)
        await asyncio.sleep(0.02)
    await _touch(screen, "done")


async def _touch(screen: ScriptScreen, name: str) -> None:
    """Touch an option once it is there, and wait for the page that follows."""
    await _until(lambda: screen.view and screen.page.option(name), name)
    before = screen.view.serial if screen.view else 0
    screen.touch(name)
    await _until(lambda: screen.view and screen.view.serial != before, f"what follows {name}")


async def _until(true: Callable[[], object], what: str) -> None:
    loop = asyncio.get_running_loop()
    limit = loop.time() + PATIENCE_S
    while not true():
        if loop.time() > limit:
            raise NoPicture(f"waited in vain for {what}")
        await asyncio.sleep(0.02)


def _ticket_ids(world: World) -> dict[Language, str]:
    """A ticket of each language."""
    ticket = schema.ticket
    with world.office.database.read() as connection:
        rows = connection.execute(select(ticket.c.language, ticket.c.id).order_by(ticket.c.issued_ms)).all()
    return {str(row.language): str(row.id) for row in rows}


@dataclass
class Browser:
    """Headless Chromium in one language."""

    url: str
    out: Path
    language: Language
    _made: list[Path] = field(default_factory=list)

    def __enter__(self) -> Browser:
        self._driver = _chromium(self.language)
        return self

    def __exit__(self, *_: object) -> None:
        self._driver.quit()

    def staff_pages(self) -> list[Path]:
        """Login, set-up of the counter, the counter with and without somebody at it."""
        self._look("login", f"/login?lang={self.language}", DESK)
        self._fill(login=STAFF[0], password=STAFF[2])
        self._look("counter-setup", f"/counter/setup?office={HERE}", DESK)
        self._fill(counter="3")
        self._keep("counter-waiting", DESK)
        self._press("act-next")
        self._wait("the number at the counter", lambda: "–" not in self._text("current"))
        self._keep("counter-called", DESK)
        self._keep("counter-called-large", WALL)
        self._look("attests", "/staff/attests", DESK)
        self._look("dock", f"/dock?lang={self.language}", PAGE, lambda: self._driver.find_elements("id", "record-on"))
        return self._made

    def public_pages(self, tickets: dict[Language, str]) -> list[Path]:
        """Waiting room, follow page in the language of each ticket."""
        self._look("display", f"/display/{HERE}", WALL, lambda: "A00" in self._text("body", by="tag name"))
        for language, ticket in tickets.items():
            self._look(f"follow-{language}", f"/follow/{ticket}", PHONE)
        return self._made

    def phone_pages(self, sheet: Path) -> list[Path]:
        """Checking an attest: the start, and what is said of `sheet`; taking a file along."""
        self._look("verify", f"/verify?lang={self.language}", PHONE, lambda: self._is_ready)
        self._driver.find_element("id", "file").send_keys(str(sheet))
        self._wait("the verdict", lambda: self._driver.find_element("id", "verdict"))
        self._keep("verify-valid", PHONE)
        self._look("take", f"/take/{'a' * 43}?lang={self.language}#{'A' * 43}", PHONE, lambda: self._is_ready)
        return self._made

    @property
    def _is_ready(self) -> bool:
        return self._driver.find_element("tag name", "html").get_attribute("data-ready") == "yes"

    def _look(self, name: str, path: str, size: tuple[int, int], ready: Callable[[], object] = lambda: True) -> None:
        self._driver.get(f"{self.url}{path}")
        self._wait(name, ready)
        self._keep(name, size)

    def _keep(self, name: str, size: tuple[int, int]) -> None:
        # The size of the page, not of a window with a title bar around it.
        panel = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
        self._driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", panel)
        path = self.out / f"{name}-{self.language}-{size[0]}x{size[1]}.png"
        if not self._driver.save_screenshot(str(path)):
            raise NoPicture(f"{path} could not be written")
        self._made.append(path)

    def _fill(self, **fields: str) -> None:
        for name, value in fields.items():
            box = self._driver.find_element("id", name)
            box.clear()
            box.send_keys(value)
        before = self._driver.find_element("tag name", "html").id
        self._press("submit")
        self._wait("the next page", lambda: self._driver.find_element("tag name", "html").id != before)

    def _press(self, id: str) -> None:
        self._driver.find_element("id", id).click()

    def _text(self, name: str, by: str = "id") -> str:
        return str(self._driver.find_element(by, name).text)

    def _wait(self, what: str, true: Callable[[], object]) -> None:
        from selenium.common.exceptions import WebDriverException
        from selenium.webdriver.support.wait import WebDriverWait

        waiting = WebDriverWait(self._driver, PATIENCE_S, 0.05, (WebDriverException,))
        waiting.until(lambda _: true(), f"waited in vain for {what}")


def _chromium(language: Language) -> WebDriver:
    """Debian's Chromium, without a window, in one language."""
    from selenium.webdriver import ChromeOptions
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.chrome.webdriver import WebDriver

    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--hide-scrollbars", "--disable-gpu", f"--lang={language}"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    return WebDriver(options, Service("/usr/bin/chromedriver"))
