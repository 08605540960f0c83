"""The page that checks attests, without a browser: every verdict, every language, hostile uploads, nothing kept."""

from __future__ import annotations

import hashlib
import html
import logging
import os
import re
import tempfile
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from PIL import Image
from starlette.formparsers import MultiPartParser

from config.texts import load_texts
from kiosk.core.attests import AttestField, GroupKind, Kind
from kiosk.core.texts import LANGUAGES, message
from kiosk.documents.seal.text import seal_text
from kiosk.documents.seal_contract import Finding
from sync.backoffice.pages import verify, verify_check
from sync.backoffice.pages.verify_check import Checker
from sync.backoffice.pages.verify_form import MOST_BYTES, Given, NotAForm, TooLarge, read_given
from tests.backoffice.conftest import Clock
from tests.backoffice.sites import SITE
from tests.backoffice.verifying import HTML, MARKED, Hall, altered, hall, picture_of, words, yesterday
from tests.documents.seal_codes import as_file, drawn
from tests.documents.seal_rigs import make_authority, make_content, make_key
from tests.documents.test_seal_picture import bomb

VENDOR = Path(verify.__file__).parent / "static" / "vendor"


@pytest.fixture
def town(tmp_path: Path, clock: Clock) -> Iterator[Hall]:
    """A town hall with a column that seals."""
    with hall(tmp_path, clock) as open_hall:
        yield open_hall


def plain(answer: httpx.Response) -> str:
    """What a reader of the page sees, on one line."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


def finding(answer: httpx.Response) -> str:
    """Which verdict the page shows."""
    found = re.search(r'data-finding="(\w+)"', answer.text)
    return found[1] if found else ""


def seal_of(town: Hall, which: Finding) -> str:
    """A text with that fate."""
    match which:
        case Finding.EXPIRED:
            return town.seal(valid_until=yesterday(town))
        case Finding.REVOKED:
            seal = town.seal()
            town.revoke_key()
            return seal
        case Finding.UNKNOWN_KEY:
            return seal_text(make_content(), make_key(make_authority()))
        case Finding.OUT_OF_TIME:
            seal = town.seal()
            town.clock.pass_seconds(-7 * 86_400)
            town.new_list()
            return seal
        case Finding.TAMPERED:
            return altered(town.seal())
        case Finding.NOT_A_SEAL:
            return "HC1:6BF"
        case _:
            return town.seal()


@pytest.mark.parametrize("which", list(Finding))
@pytest.mark.parametrize("carrier", ["text", "picture"])
def test_every_verdict_is_said_in_words_with_a_shape_of_its_own(town: Hall, which: Finding, carrier: str) -> None:
    seal = seal_of(town, which)
    answer = town.post(text=seal) if carrier == "text" else town.post(file=picture_of(seal))
    assert (answer.status_code, finding(answer)) == (200, which.value)
    texts = load_texts()
    assert texts.spoken(message(f"verify.word.{which.value}"), "nl") in plain(answer)
    assert texts.spoken(message(f"verify.{which.value}"), "nl") in plain(answer)
    assert '<svg class="shape"' in answer.text
    believed = which in {Finding.VALID, Finding.EXPIRED, Finding.REVOKED, Finding.OUT_OF_TIME}
    assert (MARKED in plain(answer)) == believed
    assert (words("verify.compare") in plain(answer)) == believed


def test_shapes_differ() -> None:
    template = (Path(verify.__file__).parent / "templates" / "verify_parts.html").read_text()
    shapes = re.findall(r'finding == "(\w+)" %}(.*)', template)
    assert {name for name, _ in shapes} == {f.value for f in Finding if f is not Finding.NOT_A_SEAL} | {"practice"}
    of_findings = [drawing for name, drawing in shapes if name != "practice"]
    assert len(set(of_findings)) == len(of_findings)


def test_sealed_fields_have_labels_in_the_viewers_language_and_values_as_printed(town: Hall) -> None:
    texts = load_texts()
    for language in LANGUAGES:
        answer = town.post(text=town.seal(language="nl"), lang=language)
        page = plain(answer)
        assert f'<html lang="{language}">' in answer.text
        for printed in town.content().facts:
            assert f"{texts.spoken(message(printed.field.key), language)} {printed.value}" in page
        for key, value in {
            "number": "districtshuis-K1-2026-00042",
            "issuer": "Lindeveld",
            "sealed_at": "23 november 2026",
            "valid_until": "25 februari 2027",
            "as_of": "25 november 2026",
            "purpose": "voor een sociale woning",
            "product": "Attest van hoofdverblijfplaats",
        }.items():
            assert f"{texts.spoken(message(f'verify.{key}'), language)} {value}" in page, (language, key)
        assert f'<bdi lang="nl">{MARKED}</bdi>' in answer.text


def test_days_are_written_as_on_a_paper_in_another_language(town: Hall) -> None:
    assert "25 février 2027" in plain(town.post(text=town.seal(language="fr")))


def test_groups_have_their_heading_and_every_row(town: Hall) -> None:
    page = plain(town.post(text=town.seal(Kind.HOUSEHOLD)))
    assert load_texts().spoken(message(GroupKind.MEMBERS.key), "nl") in page
    for name in ("Anneliese Test", "Bram Proef", "Celeste", "Dries", "Elise", "Florian"):
        assert name in page


def test_practice_is_stronger_than_valid(town: Hall) -> None:
    answer = town.post(text=town.seal(practice=True))
    assert 'class="verdict practice"' in answer.text
    assert 'class="verdict valid"' not in answer.text
    heading = re.search(r'<h2 id="verdict"[^>]*>([^<]*)', answer.text)
    assert heading is not None
    assert heading[1] == words("verify.practice.word")
    assert "niets waard" in plain(answer)
    assert MARKED in plain(answer)


def test_a_sealed_pdf_is_judged_and_an_altered_one_too(town: Hall) -> None:
    pdf = town.pdf()
    answer = town.post(file=pdf)
    assert (finding(answer), MARKED in plain(answer)) == ("valid", True)
    at = pdf.index(b"/ModDate") if b"/ModDate" in pdf else len(pdf) // 3
    broken = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
    assert finding(town.post(file=broken)) == "tampered"
    other = town.post(file=b"%PDF-1.7\n" + b"garbage " * 1000)
    assert (finding(other), words("verify.hint.pdf") in plain(other)) == ("not_a_seal", True)


def test_text_copied_with_line_breaks_is_still_the_seal(town: Hall) -> None:
    seal = town.seal()
    wrapped = "\ufeff" + "\r\n".join(seal[at : at + 60] for at in range(0, len(seal), 60)) + "\n"
    assert finding(town.post(text=wrapped)) == "valid"


def test_the_part_alone_is_what_the_page_holds(town: Hall) -> None:
    seal = town.seal()
    part = town.post(path="/verify/result", text=seal)
    assert "<html" not in part.text
    assert part.text.strip() in town.post(text=seal).text


def test_the_list_of_the_moment_counts(town: Hall) -> None:
    seal = town.seal()
    assert finding(town.post(text=seal)) == "valid"
    town.revoke_key()
    assert finding(town.post(text=seal)) == "revoked"


def test_list_of_another_key_is_not_believed(town: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page believes the list of its own back office only."""
    from kiosk.documents.seal.bad_lists import OtherKey
    from sync.backoffice.trust import TrustFile
    from tests.documents.seal_rigs import make_trust

    foreign = TrustFile(1, 0, make_trust(make_authority(), []))
    monkeypatch.setattr(verify_check, "trust_file", lambda _office: foreign)
    with pytest.raises(OtherKey):
        Checker(town.office).check(Given(text="BE1:"))


def test_nothing_given_is_said(town: Hall) -> None:
    for answer in (town.post(text="  "), town.post(file=b""), town.client.post("/verify", headers=HTML)):
        assert answer.status_code == 400
        assert words("verify.problem.nothing") in plain(answer)


def test_pictures_that_cannot_be_judged_get_advice(town: Hall) -> None:
    empty = town.post(file=as_file(Image.new("L", (300, 300), 255)))
    assert (finding(empty), words("verify.hint.no_code") in plain(empty)) == ("not_a_seal", True)
    both = Image.new("L", (1400, 700), 255)
    both.paste(drawn(town.seal()), (10, 10))
    both.paste(drawn(town.seal()), (720, 10))
    two = town.post(file=as_file(both))
    assert (finding(two), words("verify.hint.several") in plain(two)) == ("not_a_seal", True)


def test_a_seal_beside_another_code_is_found(town: Hall) -> None:
    page = Image.new("L", (1300, 700), 255)
    page.paste(drawn(town.seal()), (10, 10))
    page.paste(drawn("https://voorbeeld.example/verify"), (710, 10))
    assert finding(town.post(file=as_file(page))) == "valid"


@pytest.mark.parametrize(
    "file",
    [bomb(30_000, 30_000), b"\x89PNG\r\n\x1a\n" + bytes(5000), b"\xff\xd8\xff" + bytes(range(256)) * 40, b"PK\x03\x04"],
    ids=["bomb", "broken png", "broken jpeg", "zip"],
)
def test_hostile_files_are_answered_in_words(town: Hall, file: bytes) -> None:
    assert finding(town.post(file=file)) == "not_a_seal"


@pytest.mark.parametrize("text", ["BE1:" + "Z" * 9000, "BE0:", "\x00" * 50, "💥" * 500, "BE1:NCFOXN%TS3DH"])
def test_hostile_texts_are_answered_in_words(town: Hall, text: str) -> None:
    assert finding(town.post(text=text)) == "not_a_seal"


def test_code_that_inflates_without_end_is_answered(town: Hall) -> None:
    import zlib

    import base45  # type: ignore[import-untyped]

    packed = zlib.compress(bytes(4_000_000), 9)[:2700]
    text = "BE1:" + base45.b45encode(packed).decode()
    assert finding(town.post(text=text)) == "not_a_seal"


def test_too_large_is_said_and_not_judged(town: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[Given] = []
    monkeypatch.setattr(Checker, "check", lambda _self, given: judged.append(given))
    for size in (MOST_BYTES + 1, MOST_BYTES * 3):
        answer = town.post(file=bytes(size))
        assert answer.status_code == 413
        assert words("verify.problem.large") in plain(answer)
    assert town.post(text="B" * 20_001).status_code == 413
    assert judged == []


def test_largest_photograph_is_read(town: Hall) -> None:
    photo = Image.frombytes("L", (2000, 2000), os.urandom(4_000_000))
    photo.paste(drawn(town.seal()), (400, 400))
    file = as_file(photo)
    assert MOST_BYTES - 1_500_000 < len(file) <= MOST_BYTES
    assert finding(town.post(file=file)) == "valid"


def test_form_is_read_part_by_part() -> None:
    def body(*parts: tuple[str, bytes]) -> bytes:
        rows = [b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v) for n, v in parts]
        return b"".join(rows) + b"--x--\r\n"

    kind = "multipart/form-data; boundary=x"
    given = read_given(
        kind, body(("text", "BE1:é".encode()), ("file", b"\x00\r\n--y"), ("other", b"z"), ("text", b"2"))
    )
    assert (given.text, given.file) == ("BE1:é", b"\x00\r\n--y")
    with pytest.raises(NotAForm, match="at most"):
        read_given(kind, body(*[("a", b"")] * 9))
    with pytest.raises(TooLarge):
        read_given(kind, body(("file", bytes(MOST_BYTES + 1))))
    for wrong in ("", "text/plain", "multipart/form-data", f"multipart/form-data; boundary={'x' * 500}"):
        with pytest.raises(NotAForm):
            read_given(wrong, b"BE1:")
    for cut in (b"--x", b"--x\r\nA", b"nothing", b"--x\r\n" + b"A" * 20_000 + b": b\r\n\r\n"):
        with pytest.raises(NotAForm):
            read_given(kind, cut)


def test_few_checks_run_at_a_time_and_the_rest_is_told_to_come_back(
    town: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stalled checks neither stall other pages nor pile up."""
    running, most, go, inside, in_hand = 0, 0, threading.Event(), threading.Semaphore(0), threading.Semaphore(0)
    lock = threading.Lock()
    first, read = Checker.check, verify.collect

    async def arrived(stream: AsyncIterator[bytes]) -> bytes:
        body = await read(stream)
        in_hand.release()
        return body

    def slow(self: Checker, given: Given) -> verify_check.Checked:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        inside.release()
        assert go.wait(60)
        with lock:
            running -= 1
        return first(self, given)

    monkeypatch.setattr(Checker, "check", slow)
    monkeypatch.setattr(verify, "collect", arrived)
    monkeypatch.setattr(verify, "MOST_IN_HAND", 4)
    seal, answers = town.seal(), []
    asking = [threading.Thread(target=lambda: answers.append(town.post(text=seal))) for _ in range(4)]
    for thread in asking:
        thread.start()
    for _ in asking:
        assert in_hand.acquire(timeout=30)
    for _ in range(verify.AT_A_TIME):
        assert inside.acquire(timeout=30)
    refused = [town.post(text=seal).status_code for _ in range(20)][-1]
    assert refused == 503
    assert town.client.get("/login").status_code == 200
    go.set()
    for thread in asking:
        thread.join(60)
    assert sorted({finding(answer) for answer in answers}) == ["valid"]
    assert most == verify.AT_A_TIME
    assert finding(town.post(text=seal)) == "valid"


def test_a_form_that_does_not_arrive_is_let_go(town: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(verify, "READ_SECONDS", 0.2)
    monkeypatch.setattr(verify, "MOST_IN_HAND", 1)
    with socket.create_connection((town.server.host, town.server.port), timeout=20) as line:
        head = b"POST /verify HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        line.sendall(head + b"Content-Length: 900\r\n\r\n--x\r\n")
        assert b"408" in line.recv(200)
    assert finding(town.post(text=town.seal())) == "valid"


class Disk:
    """Counts every way of the standard library to a temporary file."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.touched: list[str] = []
        for name in ("TemporaryFile", "NamedTemporaryFile", "mkstemp", "mkdtemp"):
            monkeypatch.setattr(tempfile, name, self._counting(name, getattr(tempfile, name)))

    def _counting(self, name: str, real: object) -> object:
        def call(*args: object, **options: object) -> object:
            self.touched.append(name)
            return real(*args, **options)  # type: ignore[operator]

        return call


def test_nothing_is_kept_and_nothing_is_logged(
    town: Hall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """A marked person, in a file large enough for the disk, is in no database, log or file afterwards."""
    seal, pdf = town.seal(), town.pdf()
    page = Image.frombytes("L", (1500, 1500), os.urandom(2_250_000))
    page.paste(drawn(seal), (100, 100))
    photo = as_file(page)
    assert len(photo) > 2_000_000
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    before = set(tmp_path.iterdir())
    disk = Disk(monkeypatch)
    with caplog.at_level(logging.DEBUG):
        for parts in ({"file": photo}, {"file": pdf}, {"text": seal}, {"text": altered(seal)}, {"file": photo[:-9000]}):
            town.post(**parts)
        assert MARKED in plain(town.post(file=photo))
    assert disk.touched == []
    assert MARKED not in caplog.text
    assert seal[:40] not in caplog.text
    assert set(tmp_path.iterdir()) == before
    assert list(scratch.iterdir()) == []
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("hall.db*"))
    assert written
    for sign in (MARKED, seal[4:60], "districtshuis-K1-2026-00042"):
        assert sign.encode() not in written


async def test_the_usual_way_of_reading_a_form_would_touch_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above: same size, same instrument."""
    from starlette.datastructures import Headers

    disk = Disk(monkeypatch)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        + bytes(2_000_000)
        + b"\r\n--x--\r\n"
    )

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    headers = Headers({"content-type": "multipart/form-data; boundary=x"})
    form = await MultiPartParser(headers, stream()).parse()
    await form.close()
    assert disk.touched == ["TemporaryFile"]


def test_only_this_page_may_use_the_camera_and_the_rest_stays_strict(town: Hall) -> None:
    pages = {path: town.client.get(path).headers for path in ("/verify", "/", "/login", "/take/" + "a" * 43)}
    for path, headers in pages.items():
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        camera = "camera=(self)" if path == "/verify" else "camera=()"
        assert camera in headers["permissions-policy"]
        assert "microphone=()" in headers["permissions-policy"]
    assert "camera=(self)" in town.post(text="x").headers["permissions-policy"]


def test_a_town_without_attests_has_no_such_page(tmp_path: Path, clock: Clock) -> None:
    from sync.backoffice.app import create_app
    from sync.backoffice.server import BackOfficeServer
    from tests.backoffice.conftest import QUICK

    site = replace(SITE, enterprise_number="")
    app = create_app(f"sqlite:///{tmp_path / 'none.db'}", site, settings=QUICK, clock=clock)
    with BackOfficeServer(app) as server, httpx.Client(base_url=server.url) as client:
        assert client.get("/verify").status_code == 404
        assert client.post("/verify", files={"text": (None, "x")}).status_code == 404
        assert client.post("/verify/result", files={"text": (None, "x")}).status_code == 404


def test_every_field_has_a_label_in_every_language() -> None:
    texts = load_texts()
    for key in (*(field.key for field in AttestField), *(kind.key for kind in GroupKind)):
        for language in LANGUAGES:
            assert texts.spoken(message(key), language)


def test_scripts_of_others_are_the_ones_the_readme_names(town: Hall) -> None:
    readme = (VENDOR / "README.md").read_text()
    script = (VENDOR / "jsQR.js").read_bytes()
    assert hashlib.sha256(script).hexdigest() in readme
    assert "Apache License" in (VENDOR / "jsQR.LICENSE.txt").read_text()
    served = town.client.get("/static/vendor/jsQR.js")
    assert (served.content, served.headers["content-type"].partition(";")[0]) == (script, "text/javascript")
    assert town.client.get("/static/vendor/README.md").status_code == 404
