"""`zuil verify`: what it takes, what it prints, and its exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import typer
from PIL import Image
from typer.testing import CliRunner, Result

from kiosk.commands import verify
from kiosk.commands.failures import Failed
from kiosk.core.attests import Kind
from kiosk.core.texts import LANGUAGES
from kiosk.documents.seal.text import seal_text
from kiosk.documents.seal_contract import Finding, Verdict
from tests.documents.seal_codes import as_file, drawn
from tests.documents.seal_rigs import make_authority, make_content, make_key, make_trust, row

TODAY = datetime.now(UTC).replace(microsecond=0)
AUTHORITY = make_authority()
KEY = make_key(AUTHORITY, TODAY - timedelta(days=1), TODAY + timedelta(days=2))
LATER = date.fromordinal(TODAY.toordinal() + 60)
CONTENT = make_content(Kind.HOUSEHOLD, issued_at=TODAY, valid_until=LATER)
GOOD = seal_text(CONTENT, KEY)
OVER = seal_text(make_content(issued_at=TODAY, valid_until=date(2020, 1, 1)), KEY)


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    file = tmp_path / "trust.json"
    file.write_bytes(make_trust(AUTHORITY, [KEY]))
    return file


def zuil(*words: object, input: bytes | str | None = None) -> Result:
    """Run the verb."""
    app = typer.Typer()
    app.callback()(lambda: None)
    verify.register(app)
    return CliRunner().invoke(app, ["verify", *map(str, words)], input=input)


def refused(*words: object) -> Failed:
    """Run it where it cannot be used."""
    result = zuil(*words)
    assert isinstance(result.exception, Failed)
    assert result.exception.status == 2
    return result.exception


def test_a_valid_attest_is_told_with_every_sealed_fact(trust: Path) -> None:
    result = zuil(GOOD, "--trust", trust)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "GELDIG"
    assert "zegel is echt" in lines[1]
    for value in ("Stad Voorbeeld", CONTENT.number, CONTENT.purpose, LATER.isoformat(), CONTENT.place):
        assert value in result.stdout
    for printed in (*CONTENT.facts, *(printed for member in CONTENT.groups[0].rows for printed in member)):
        assert any(printed.value in line for line in lines)
    assert "voorbeeld, 7, 2026-11-25 13:30 UTC" in lines[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_four_languages(language: str, trust: Path) -> None:
    result = zuil(GOOD, "--trust", trust, "--language", language)
    words = {"nl": "GELDIG", "fr": "VALABLE", "en": "VALID", "de": "GÜLTIG"}
    labels = {"nl": "Nummer", "fr": "Numéro", "en": "Number", "de": "Nummer"}
    assert result.stdout.splitlines()[0] == words[language]
    assert labels[language] in result.stdout


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (OVER, Finding.EXPIRED),
        (GOOD[:-3] + "ABC", Finding.NOT_A_SEAL),
        ("hello", Finding.NOT_A_SEAL),
        ("", Finding.NOT_A_SEAL),
        ("x\0y", Finding.NOT_A_SEAL),
        ("x" * 5000, Finding.NOT_A_SEAL),
        (seal_text(make_content(issued_at=TODAY), make_key(AUTHORITY)), Finding.UNKNOWN_KEY),
    ],
)
def test_anything_else_ends_with_status_1(text: str, finding: Finding, trust: Path) -> None:
    result = zuil(text, "--trust", trust, "--json")
    assert result.exit_code == 1, result.output
    assert json.loads(result.stdout)["finding"] == finding.value
    assert zuil(text, "--trust", trust).exit_code == 1


def test_every_finding_has_its_words(trust: Path) -> None:
    from config.texts import load_texts
    from kiosk.documents.seal.trust import load_trust

    known, texts = load_trust(trust.read_bytes()), load_texts()
    for language in LANGUAGES:
        told = [tuple(verify.as_lines(Verdict(finding), known, texts, language))[:2] for finding in Finding]
        assert len(set(told)) == len(Finding)


def test_a_machine_reads_every_sealed_fact(trust: Path) -> None:
    result = zuil(GOOD, "--trust", trust, "--json")
    told = json.loads(result.stdout)
    assert (told["finding"], told["detail"], told["issuer"]) == ("valid", "", "Stad Voorbeeld")
    assert datetime.fromisoformat(told["sealedAt"]) == TODAY
    assert told["content"]["number"] == CONTENT.number
    assert told["content"]["facts"][0] == {"field": "surname", "value": "Voorbeeld"}
    assert told["content"]["groups"][0]["group"] == "members"
    assert len(told["content"]["groups"][0]["rows"]) == 6
    assert told["list"]["version"] == 7
    assert told["list"]["organisation"] == "voorbeeld"
    nothing = json.loads(zuil("hello", "--trust", trust, "--json").stdout)
    assert (nothing["content"], nothing["sealedAt"]) == (None, None)


def test_a_picture_a_text_file_and_standard_input_are_taken(trust: Path, tmp_path: Path) -> None:
    png, jpeg, text = tmp_path / "code.png", tmp_path / "code.jpg", tmp_path / "code"
    png.write_bytes(as_file(drawn(GOOD)))
    jpeg.write_bytes(as_file(drawn(GOOD).convert("RGB"), "JPEG"))
    text.write_text(f"{GOOD}\n")
    for given in (png, jpeg, text):
        assert zuil(given, "--trust", trust).exit_code == 0
    for data in (png.read_bytes(), jpeg.read_bytes(), f"{GOOD}\n"):
        assert zuil("-", "--trust", trust, input=data).exit_code == 0
    assert zuil("-", "--trust", trust, input=b"").exit_code == 1


def test_a_pdf_goes_to_the_check_of_pdf_files(trust: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kiosk.documents.attest import pdf_check

    seen: list[bytes] = []

    def looked_at(data: bytes, trust: object, now: datetime) -> Verdict:
        seen.append(data)
        return Verdict(Finding.TAMPERED, detail="one byte")

    monkeypatch.setattr(pdf_check, "verify_pdf", looked_at)
    pdf = tmp_path / "attest.pdf"
    pdf.write_bytes(b"%PDF-1.7\n")
    result = zuil(pdf, "--trust", trust)
    assert (result.exit_code, seen) == (1, [b"%PDF-1.7\n"])
    assert "(one byte)" in result.stdout


def _two() -> Image.Image:
    page = Image.new("L", (1300, 700), 255)
    page.paste(drawn(GOOD), (10, 10))
    page.paste(drawn(OVER), (700, 10))
    return page


def _beside_a_link() -> Image.Image:
    page = Image.new("L", (1300, 700), 255)
    page.paste(drawn("https://voorbeeld.example/echt"), (10, 10))
    page.paste(drawn(GOOD), (700, 10))
    return page


@pytest.mark.parametrize(
    ("picture", "status", "names"),
    [
        (_two, 1, "2 seals"),
        (_beside_a_link, 0, "GELDIG"),
        (lambda: Image.new("L", (300, 300), 255), 1, "no code can be read"),
        (lambda: drawn("HC1:ABC"), 1, "European health certificate"),
    ],
)
def test_a_picture_must_show_one_seal(
    picture: Callable[[], Image.Image], status: int, names: str, trust: Path, tmp_path: Path
) -> None:
    file = tmp_path / "code.png"
    file.write_bytes(as_file(picture()))
    result = zuil(file, "--trust", trust)
    assert result.exit_code == status
    assert names in result.stdout


def test_files_that_are_nothing_of_that_are_no_seal(trust: Path, tmp_path: Path) -> None:
    file = tmp_path / "x"
    for data, names in ((b"\x89PNG\r\n\x1a\nxx", "no picture"), (b"\xfe\xff\x00", "no PDF, PNG, JPEG or text")):
        file.write_bytes(data)
        result = zuil(file, "--trust", trust)
        assert result.exit_code == 1
        assert names in result.stdout


def test_what_cannot_be_used_ends_with_status_2(trust: Path, tmp_path: Path) -> None:
    assert "cannot be read" in str(refused(GOOD, "--trust", tmp_path / "none.json"))
    assert "there is no file" in str(refused(tmp_path / "none.pdf", "--trust", trust))
    assert "right is one of nl, fr, en, de" in str(refused(GOOD, "--trust", trust, "--language", "es"))
    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    assert "/trust.json" in str(refused(GOOD, "--trust", bad))
    assert zuil(GOOD).exit_code == 2
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(verify.MAX_BYTES + 1)
    assert "too large" in str(refused(large, "--trust", trust))


def test_an_older_list_is_refused_where_lists_are_remembered(trust: Path, tmp_path: Path) -> None:
    memory, older = tmp_path / "seen.json", tmp_path / "older.json"
    older.write_bytes(make_trust(AUTHORITY, [KEY], version=6))
    assert zuil(GOOD, "--trust", trust, "--remember", memory).exit_code == 0
    assert "was seen before" in str(refused(GOOD, "--trust", older, "--remember", memory))
    assert zuil(GOOD, "--trust", older).exit_code == 0


def test_practice_is_said(trust: Path) -> None:
    practice = seal_text(make_content(issued_at=TODAY, valid_until=LATER, practice=True), KEY)
    assert "oefenattest" in zuil(practice, "--trust", trust).stdout
    assert "oefenattest" not in zuil(GOOD, "--trust", trust).stdout


def test_nothing_steers_the_terminal(trust: Path) -> None:
    from config.texts import load_texts
    from kiosk.documents.seal.trust import load_trust

    bad = Verdict(Finding.VALID, make_content(facts=row(surname="a\x1b[2Jb")), "c\x07", "d\x1b]0;e")
    lines = list(verify.as_lines(bad, load_trust(trust.read_bytes()), load_texts(), "nl"))
    assert not [line for line in lines if not line.isprintable()]


def test_starting_the_command_loads_nothing_of_seals() -> None:
    heavy = ("cbor2", "base45", "zxingcpp", "PIL", "cryptography", "pyhanko")
    looked = f"import sys, kiosk.commands.verify; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
