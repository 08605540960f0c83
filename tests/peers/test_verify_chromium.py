"""A real browser, headless Chromium, on the two public pages of attests: checking one, and taking one along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from starlette.types import ASGIApp, Receive, Scope, Send

from kiosk.core.attests import Kind
from kiosk.documents.seal.text import seal_text
from sync.protocol.canonical import b64url
from tests.backoffice.attesting import download_request
from tests.backoffice.column import Column, post
from tests.backoffice.conftest import Clock
from tests.backoffice.verifying import MARKED, VERIFYING, Hall, altered, hall, longest, picture_of, words, yesterday
from tests.documents.seal_codes import drawn
from tests.documents.seal_rigs import make_authority, make_content, make_key
from tests.peers.test_backoffice_chromium import AUDIT, FLAGS

SECONDS = 30
PHONE, SMALLEST, DESK = (390, 844), (320, 640), (1366, 768)
CONTRAST = """
const channel = (v) => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
const ground = (e) => {
  for (; e; e = e.parentElement) {
    const c = parts(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] === 1) return c;
  }
  return [255, 255, 255];
};
const weak = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const e = walk.currentNode.parentElement;
  if (!walk.currentNode.data.trim() || !e.getClientRects().length || e.closest("script, noscript, style")) continue;
  const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
  const ratio = (a + .05) / (b + .05);
  if (ratio < 7) weak.push(`${ratio.toFixed(1)} ${e.tagName}.${e.className} ${walk.currentNode.data.trim()}`);
}
return weak;
"""


@dataclass
class Seen:
    """Everything a browser sent, as the server got it."""

    app: ASGIApp
    sent: list[bytes] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note and pass on."""
        if scope["type"] == "http":
            headers = b"".join(name + value for name, value in scope["headers"])
            self.sent.append(scope["raw_path"] + b"?" + scope["query_string"] + headers)
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def open_window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., webdriver.Chrome]]:
    """Opens browser windows and closes them all."""
    opened: list[webdriver.Chrome] = []

    def window(*more: str) -> webdriver.Chrome:
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}", *more):
            options.add_argument(flag)
        driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
        opened.append(driver)
        return driver

    yield window
    for driver in opened:
        driver.quit()


@pytest.fixture(scope="module")
def phone(open_window: Callable[..., webdriver.Chrome]) -> webdriver.Chrome:
    """A window for everything that needs no camera."""
    return open_window()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Hall]:
    """A town hall with a column that seals."""
    with hall(tmp_path, Clock()) as open_hall:
        yield open_hall


@pytest.fixture(autouse=True)
def no_complaints(town: Hall, phone: webdriver.Chrome) -> Iterator[None]:
    """No page complained: no script failed, nothing was refused by the content security policy."""
    size(phone, PHONE)
    yield
    assert complaints(phone) == []
    phone.get("about:blank")


def complaints(driver: webdriver.Chrome) -> list[str]:
    """What the browser's console holds; an answer of 4xx that a test asked for stands in it as a failed resource."""
    log = driver.get_log("browser")  # type: ignore[no-untyped-call]
    entries = [entry for entry in log if entry["level"] == "SEVERE"]
    return [str(e["message"]) for e in entries if "Failed to load resource" not in str(e["message"])]


def size(driver: webdriver.Chrome, pixels: tuple[int, int]) -> None:
    """As large as that device."""
    width, height = pixels
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 800}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def wait(driver: webdriver.Chrome, condition: Callable[[], object]) -> None:
    """Until it is so."""
    WebDriverWait(driver, SECONDS, poll_frequency=0.05).until(lambda _: condition())


def text(driver: webdriver.Chrome, css: str) -> str:
    """What is seen there; nothing while it is hidden."""
    script = "const e = document.querySelector(arguments[0]); return e?.getClientRects().length ? e.innerText : ''"
    return str(driver.execute_script(script, css))


def go(driver: webdriver.Chrome, address: str) -> None:
    """Open a page and wait for its script; through another page, else a change behind the # loads nothing."""
    driver.get("about:blank")
    driver.get(address)
    wait(driver, lambda: driver.execute_script("return document.documentElement.dataset.ready") == "yes")


def open_page(driver: webdriver.Chrome, town: Hall, language: str = "nl") -> None:
    """Open the page that checks."""
    go(driver, f"{town.server.url}/verify?lang={language}")


def upload(driver: webdriver.Chrome, town: Hall, data: bytes, name: str) -> str:
    """Choose a file, as by hand; the verdict."""
    path = town.folder / name
    path.write_bytes(data)
    driver.execute_script("document.getElementById('result').replaceChildren()")
    driver.find_element(By.ID, "file").send_keys(str(path))
    return verdict(driver)


def paste(driver: webdriver.Chrome, seal: str) -> str:
    """Paste a text and press the button; the verdict."""
    driver.execute_script("document.getElementById('result').replaceChildren()")
    field = driver.find_element(By.ID, "text")
    driver.execute_script("arguments[0].value = arguments[1]", field, seal)
    driver.find_element(By.ID, "check-text").send_keys(Keys.ENTER)
    return verdict(driver)


def verdict(driver: webdriver.Chrome) -> str:
    """The finding, once it is there."""
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "#result [data-finding]"))
    return str(driver.find_element(By.CSS_SELECTOR, "#result [data-finding]").get_attribute("data-finding"))


def focused(driver: webdriver.Chrome) -> str | None:
    """Id of what has the focus."""
    return driver.switch_to.active_element.get_attribute("id")


def test_picture_of_a_seal_is_valid_and_its_fields_are_shown(town: Hall, phone: webdriver.Chrome) -> None:
    open_page(phone, town)
    assert upload(phone, town, picture_of(town.seal()), "code.png") == "valid"
    assert text(phone, "#verdict") == "Geldig"
    assert MARKED in text(phone, "#result")
    assert words("verify.compare") in text(phone, "#result")
    assert focused(phone) == "verdict"
    top = "return document.getElementById('verdict').getBoundingClientRect().top"
    assert 0 <= phone.execute_script(top) < PHONE[1] / 2


def test_altered_seal_and_a_pdf(town: Hall, phone: webdriver.Chrome) -> None:
    open_page(phone, town, "fr")
    assert upload(phone, town, picture_of(altered(town.seal())), "faux.png") == "tampered"
    assert text(phone, "#verdict") == "Faux ou modifié"
    assert MARKED not in text(phone, "body")
    assert upload(phone, town, town.pdf(), "attest.pdf") == "valid"
    assert MARKED in text(phone, "#result")


def test_photograph_that_is_too_large_or_of_another_kind_is_made_smaller_first(
    town: Hall, phone: webdriver.Chrome
) -> None:
    open_page(phone, town)
    photo = Image.effect_noise((5000, 4000), 60).convert("RGB")
    photo.paste(drawn(town.seal(), dots=14), (1500, 1200))
    path = town.folder / "large.jpg"
    photo.save(path, "JPEG", quality=95)
    assert path.stat().st_size > 5_000_000
    assert upload(phone, town, path.read_bytes(), "large.jpg") == "valid"
    drawn(town.seal()).save(town.folder / "code.webp", "WEBP", lossless=True)
    assert upload(phone, town, (town.folder / "code.webp").read_bytes(), "code.webp") == "valid"


def test_pasted_text_by_keyboard_alone(town: Hall, phone: webdriver.Chrome) -> None:
    open_page(phone, town, "en")
    assert paste(phone, town.seal()) == "valid"
    assert focused(phone) == "verdict"
    assert paste(phone, "") == "problem"
    assert words("verify.problem.nothing", "en") in text(phone, "#result")


def test_a_cut_line_is_said_and_leaves_no_old_verdict(town: Hall, phone: webdriver.Chrome) -> None:
    open_page(phone, town)
    assert paste(phone, town.seal()) == "valid"
    town.server.stop()
    phone.find_element(By.ID, "check-text").send_keys(Keys.ENTER)
    wait(phone, lambda: words("verify.lost") in text(phone, "#lost"))
    assert "Geldig" not in text(phone, "#result")


def test_plain_form_without_scripts(town: Hall, open_window: Callable[..., webdriver.Chrome]) -> None:
    plain = open_window("--blink-settings=scriptEnabled=false")
    plain.get(f"{town.server.url}/verify?lang=de")
    assert not plain.find_element(By.ID, "camera").is_displayed()
    path = town.folder / "code.png"
    path.write_bytes(picture_of(town.seal()))
    plain.find_element(By.ID, "file").send_keys(str(path))
    plain.find_element(By.ID, "check-file").click()
    wait(plain, lambda: plain.find_elements(By.CSS_SELECTOR, "[data-finding=valid]"))
    assert plain.current_url.endswith("/verify?lang=de#result")
    assert MARKED in plain.find_element(By.ID, "result").text
    assert plain.find_element(By.ID, "verdict").text == "Gültig"
    plain.find_element(By.ID, "text").send_keys(altered(town.seal()))
    plain.find_element(By.ID, "check-text").click()
    wait(plain, lambda: plain.find_elements(By.CSS_SELECTOR, "[data-finding=tampered]"))


def every_page(town: Hall) -> Iterator[str]:
    """Seals of every look."""
    yield town.seal()
    yield town.seal(practice=True)
    yield town.seal(Kind.HOUSEHOLD, valid_until=yesterday(town))
    yield town.seal(facts=longest(), number="gemeentehuis-K1-2026-00042-" + "X" * 40)
    yield seal_text(make_content(), make_key(make_authority()))
    yield altered(town.seal())
    yield "nothing"


@pytest.mark.parametrize("pixels", [SMALLEST, PHONE, DESK], ids=["320", "phone", "desk"])
@pytest.mark.parametrize("language", ["nl", "de"])
def test_pages_are_accessible_and_never_wider_than_the_screen(
    town: Hall, phone: webdriver.Chrome, language: str, pixels: tuple[int, int]
) -> None:
    size(phone, pixels)
    open_page(phone, town, language)
    assert phone.execute_script(AUDIT) == []
    assert phone.execute_script(CONTRAST) == []
    for seal in every_page(town):
        paste(phone, seal)
        assert phone.execute_script(AUDIT) == []
        assert phone.execute_script(CONTRAST) == []
    go(phone, f"{town.server.url}/take/{'a' * 43}?lang={language}#{b64url(bytes(32))}")
    assert phone.execute_script(AUDIT) == []
    assert phone.execute_script(CONTRAST) == []


def test_audit_of_contrast_finds_pale_words(town: Hall, phone: webdriver.Chrome) -> None:
    """The control of the test above."""
    open_page(phone, town)
    phone.execute_script("document.querySelector('h1').classList.add('none')")
    phone.execute_script("document.styleSheets[2].insertRule('h1.none { color: #777 !important }')")
    assert len(phone.execute_script(CONTRAST)) == 1


def film(picture: Image.Image, path: Path) -> None:
    """A film of one picture, as Chromium's pretended camera shows it: YUV 4:2:0 in a Y4M file."""
    width, height = 1280, 720
    frame = Image.new("L", (width, height), 200)
    frame.paste(picture, ((width - picture.width) // 2, (height - picture.height) // 2))
    grey = frame.tobytes() + bytes([128]) * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420\n".encode() + (b"FRAME\n" + grey) * 2)


def camera(path: Path) -> tuple[str, ...]:
    """Flags of a browser whose camera shows that film."""
    return (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    )


def test_camera_reads_a_seal(town: Hall, open_window: Callable[..., webdriver.Chrome]) -> None:
    film(drawn(town.seal(), dots=8), town.folder / "seal.y4m")
    window = open_window(*camera(town.folder / "seal.y4m"))
    open_page(window, town)
    window.find_element(By.ID, "camera-start").click()
    assert verdict(window) == "valid"
    assert MARKED in text(window, "#result")
    assert window.execute_script("return document.getElementById('video').srcObject") is None
    assert window.find_element(By.ID, "camera-start").is_displayed()
    assert complaints(window) == []


def test_camera_says_that_another_code_is_none_of_ours_and_stops(
    town: Hall, open_window: Callable[..., webdriver.Chrome]
) -> None:
    film(drawn("https://voorbeeld.example", dots=12), town.folder / "other.y4m")
    window = open_window(*camera(town.folder / "other.y4m"))
    open_page(window, town)
    window.find_element(By.ID, "camera-start").click()
    wait(window, lambda: text(window, "#camera-other") == words("verify.camera.other"))
    assert window.find_elements(By.CSS_SELECTOR, "#result [data-finding]") == []
    window.find_element(By.ID, "camera-stop").click()
    assert window.execute_script("return document.getElementById('video').srcObject") is None
    assert focused(window) == "camera-start"
    assert complaints(window) == []


def test_without_a_camera_the_page_says_what_to_do(town: Hall, phone: webdriver.Chrome) -> None:
    open_page(phone, town)
    phone.find_element(By.ID, "camera-start").click()
    wait(phone, lambda: words("verify.camera.refused") in text(phone, "#camera"))
    script = "Object.defineProperty(Navigator.prototype, 'mediaDevices', { get: () => undefined })"
    hidden = phone.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})
    open_page(phone, town)
    assert words("verify.camera.insecure") in text(phone, "#camera")
    assert not phone.find_element(By.ID, "camera-start").is_displayed()
    phone.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", hidden)


@dataclass
class Offered:
    """A file left by a column."""

    path: str
    key: str
    pdf: bytes
    seen: Seen


@pytest.fixture
def offered(tmp_path: Path) -> Iterator[tuple[Hall, Offered]]:
    """A town hall where a PDF waits, and everything its server gets is seen."""
    folder = tmp_path / "taking"
    folder.mkdir()
    seen: list[Seen] = []

    def watch(app: ASGIApp) -> Seen:
        seen.append(Seen(app))
        return seen[-1]

    with hall(folder, Clock(), VERIFYING, watch) as town:
        column = Column.join(town.client, town.code(), town.clock.now, practice=False)
        pdf, key, nonce = town.pdf(), AESGCM.generate_key(256), bytes(range(12))
        content = nonce + AESGCM(key).encrypt(nonce, pdf, None)
        answer = post(town.client, "downloads", download_request(column, content)).json()
        yield town, Offered(f"{town.server.url}/take/{answer['id']}", b64url(key), pdf, seen[-1])


def test_file_is_taken_along_once_and_the_key_stays_here(
    offered: tuple[Hall, Offered], phone: webdriver.Chrome, tmp_path: Path
) -> None:
    _, file = offered
    folder = tmp_path / "downloads"
    phone.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    file.seen.sent.clear()
    go(phone, f"{file.path}?lang=nl#{file.key}")
    go(phone, f"{file.path}?lang=nl#{file.key}")
    assert not any(b"/content" in line for line in file.seen.sent)
    assert phone.find_element(By.LINK_TEXT, "Deutsch").get_attribute("href") == f"{file.path}?lang=de#{file.key}"
    phone.find_element(By.ID, "fetch").click()
    wait(phone, lambda: phone.find_element(By.ID, "done").is_displayed())
    assert focused(phone) == "save"
    assert phone.execute_script(AUDIT) == []
    phone.find_element(By.ID, "save").click()
    wait(phone, lambda: (folder / "attest.pdf").exists() and (folder / "attest.pdf").stat().st_size == len(file.pdf))
    assert (folder / "attest.pdf").read_bytes() == file.pdf
    assert sum(b"/content" in line for line in file.seen.sent) == 1
    for line in file.seen.sent:
        assert file.key.encode() not in line
        assert b"#" not in line
    go(phone, f"{file.path}?lang=nl#{file.key}")
    phone.find_element(By.ID, "fetch").click()
    wait(phone, lambda: "niet meer" in text(phone, "#gone"))
    assert complaints(phone) == []


@pytest.mark.parametrize("behind", ["", "abc", "A" * 44, "!" * 43], ids=["none", "short", "long", "strange"])
def test_address_that_is_not_whole_uses_nothing_up(
    offered: tuple[Hall, Offered], phone: webdriver.Chrome, behind: str
) -> None:
    town, file = offered
    go(phone, f"{file.path}?lang=nl#{behind}")
    assert words("take.key") == text(phone, "#key")
    assert not phone.find_element(By.ID, "fetch").is_displayed()
    assert town.client.get(f"{file.path}/content").status_code == 200


def test_whole_address_typed_over_one_that_was_cut_off_counts(
    offered: tuple[Hall, Offered], phone: webdriver.Chrome
) -> None:
    _, file = offered
    go(phone, f"{file.path}?lang=nl#{file.key[:20]}")
    assert phone.find_element(By.ID, "key").is_displayed()
    phone.get(f"{file.path}?lang=nl#{file.key}")
    wait(phone, lambda: phone.find_element(By.ID, "fetch").is_displayed())


def test_key_of_another_file_is_said(offered: tuple[Hall, Offered], phone: webdriver.Chrome) -> None:
    _, file = offered
    go(phone, f"{file.path}?lang=en#{b64url(bytes(32))}")
    phone.find_element(By.ID, "fetch").click()
    wait(phone, lambda: text(phone, "#wrong") == words("take.wrong", "en"))
    assert not phone.find_element(By.ID, "done").is_displayed()


def test_cut_line_on_the_way_is_said(offered: tuple[Hall, Offered], phone: webdriver.Chrome) -> None:
    town, file = offered
    go(phone, f"{file.path}?lang=nl#{file.key}")
    town.server.stop()
    phone.find_element(By.ID, "fetch").click()
    wait(phone, lambda: text(phone, "#lost") == words("take.lost"))
