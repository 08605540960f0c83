"""Programs we did not write judge sealed attests: poppler and NSS, qpdf, OpenSSL, PDFBox, and a reader of codes.

Each has a control: with one byte changed they complain. PDFBox's Preflight knows PDF/A-1b only and stands in for 2b.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from drivers.contract import PaperDocument, Printed
from drivers.simulated.printer import SimulatedPrinter
from kiosk.core.attests import AttestContent, AttestProduct
from kiosk.documents.attest import page
from kiosk.documents.attest.pdf_seal import seal_pdf
from kiosk.documents.attest.receipt import attest_receipt
from kiosk.documents.seal.keys import FileAttestKey
from kiosk.documents.seal.text import seal_text
from tests.documents.attest_rigs import (
    HISTORY,
    HOUSEHOLD,
    LIFE,
    RESIDENCE,
    SITE,
    TEXTS,
    card_content,
    history,
    household,
    pages,
    picture_of,
    register_content,
    seal_like,
)
from tests.documents.seal_rigs import NOW, Authority, make_authority, make_key
from tests.drivers.rigs import driver_for

JAVA = Path("/usr/share/java")
JARS = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "commons-io")
GONE = {
    "javax/activation/DataSource": "public interface DataSource { java.io.InputStream getInputStream() throws "
    "java.io.IOException; java.io.OutputStream getOutputStream() throws java.io.IOException; String getContentType(); "
    "String getName(); }",
    "javax/activation/FileDataSource": "public class FileDataSource implements DataSource { private final java.io.File "
    "file; public FileDataSource(java.io.File file) { this.file = file; } public FileDataSource(String name) { "
    "this(new java.io.File(name)); } public java.io.InputStream getInputStream() throws java.io.IOException { return "
    "new java.io.FileInputStream(file); } public java.io.OutputStream getOutputStream() { return null; } public String "
    'getContentType() { return "application/pdf"; } public String getName() { return file.getName(); } }',
    "javax/xml/bind/DatatypeConverter": "public class DatatypeConverter { public static int parseInt(String text) { "
    "return Integer.parseInt(text.trim()); } public static java.util.Calendar parseDateTime(String text) { return "
    "java.util.GregorianCalendar.from(java.time.OffsetDateTime.parse(text).toZonedDateTime()); } }",
}
"""What Preflight uses of Java and Java no longer has."""


@dataclass(frozen=True)
class Issued:
    """A sealed attest on disk, and a place for what the programs need."""

    authority: Authority
    key: FileAttestKey
    folder: Path

    @property
    def path(self) -> Path:
        """The sealed file."""
        return self.folder / "attest.pdf"

    def changed(self, at: int) -> Path:
        """A copy with one bit of one byte turned."""
        data = bytearray(self.path.read_bytes())
        data[at] ^= 1
        copy = self.folder / f"changed-{at}.pdf"
        copy.write_bytes(data)
        return copy


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    authority, folder = make_authority(), tmp_path_factory.mktemp("attest")
    key, content = make_key(authority), card_content()
    made = pages().pdf(content, RESIDENCE, seal_text(content, key))
    pdf = seal_pdf(made, key, location="Lindeveld", reason="Attest", signed_at=NOW)
    (folder / "attest.pdf").write_bytes(pdf)
    (folder / "authority.der").write_bytes(authority.der)
    nss = f"sql:{folder / 'nss'}"
    (folder / "nss").mkdir()
    run("certutil", "-N", "-d", nss, "--empty-password")
    run("certutil", "-A", "-d", nss, "-n", "authority", "-t", "CT,CT,CT", "-i", folder / "authority.der")
    return Issued(authority, key, folder)


def run(*command: str | Path, wanted: int | None = 0) -> str:
    """What a program says; its exit status must be the wanted one."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert wanted is None or done.returncode == wanted, done.stdout + done.stderr
    return done.stdout + done.stderr


def pdfsig(issued: Issued, path: Path) -> str:
    return run("pdfsig", "-nssdir", f"sql:{issued.folder / 'nss'}", path, wanted=None)


def test_poppler_and_nss_believe_the_seal(issued: Issued) -> None:
    said = pdfsig(issued, issued.path)
    for words in (
        "Signature is Valid",
        "Certificate is Trusted",
        "Total document signed",
        "ETSI.CAdES.detached",
        "Signing Hash Algorithm: SHA-256",
    ):
        assert words in said
    assert said.count("Signature #") == 1


def test_control_poppler_sees_one_changed_byte_and_an_unknown_authority(issued: Issued, tmp_path: Path) -> None:
    assert "Digest Mismatch" in pdfsig(issued, issued.changed(5_000))
    (tmp_path / "nss").mkdir()
    run("certutil", "-N", "-d", f"sql:{tmp_path / 'nss'}", "--empty-password")
    said = run("pdfsig", "-nssdir", f"sql:{tmp_path / 'nss'}", issued.path, wanted=None)
    assert "Certificate is Trusted" not in said
    longer = tmp_path / "longer.pdf"
    longer.write_bytes(issued.path.read_bytes() + b"\n% more\n")
    assert "Total document signed" not in pdfsig(issued, longer)


def test_qpdf_finds_nothing_wrong(issued: Issued) -> None:
    said = run("qpdf", "--check", issued.path)
    assert "No syntax or stream encoding errors found" in said
    assert "WARNING" not in said


def openssl_says(issued: Issued, path: Path) -> tuple[int, str]:
    """Verify the signature as CMS over the bytes it says it covers."""
    data = path.read_bytes()
    with issued.path.open("rb") as whole:
        (seal,) = PdfFileReader(whole).embedded_signatures
        first, before, after, rest = (int(number) for number in seal.byte_range)
        (issued.folder / "seal.der").write_bytes(seal.signed_data and bytes(seal.pkcs7_content))
    (issued.folder / "covered").write_bytes(data[first:before] + data[after : after + rest])
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "seal.der", "-content", "covered"]
    trust = ["-certfile", "authority.pem", "-CAfile", "authority.pem", "-purpose", "any", "-out", "out"]
    at = ["-attime", str(int(NOW.timestamp()))]
    run("openssl", "x509", "-in", issued.folder / "authority.der", "-out", issued.folder / "authority.pem")
    done = subprocess.run([*command, *trust, *at], cwd=issued.folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_openssl_believes_the_seal_and_sees_one_changed_byte(issued: Issued) -> None:
    status, said = openssl_says(issued, issued.path)
    assert (status, "Verification successful" in said) == (0, True), said
    status, said = openssl_says(issued, issued.changed(5_000))
    assert status != 0
    assert "digest" in said.lower() or "verification failure" in said.lower()


@pytest.fixture(scope="module")
def preflight(tmp_path_factory: pytest.TempPathFactory) -> list[str | Path]:
    """The command that judges a file of PDF/A-1b."""
    stubs = tmp_path_factory.mktemp("gone")
    for name, source in GONE.items():
        path = stubs / f"{name}.java"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"package {Path(name).parent.as_posix().replace('/', '.')}; {source}", encoding="utf-8")
    run("javac", "-d", stubs, *stubs.rglob("*.java"))
    jars = ":".join(str(path) for path in (*(JAVA / f"{jar}.jar" for jar in JARS), stubs))
    return ["java", "-cp", jars, "org.apache.pdfbox.preflight.Validator_A1b"]


@pytest.mark.parametrize(
    ("content", "product"),
    [
        (card_content(language="fr"), RESIDENCE),
        (register_content(HOUSEHOLD, household(10)), HOUSEHOLD),
        (register_content(HISTORY, history(15), "de"), HISTORY),
    ],
    ids=["residence", "household", "history"],
)
def test_pdfbox_finds_the_page_archivable(
    preflight: list[str | Path],
    content: AttestContent,
    product: AttestProduct,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page, "STANDARD", "a-1b")
    made = pages().pdf(content, product, seal_like(), duplicate=True)
    (tmp_path / "page.pdf").write_bytes(made)
    assert "is a valid PDF/A-1b file" in run(*preflight, tmp_path / "page.pdf")


def test_control_pdfbox_refuses_a_page_of_another_standard(
    preflight: list[str | Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "STANDARD", "1.7")
    (tmp_path / "page.pdf").write_bytes(pages().pdf(card_content(), RESIDENCE, seal_like()))
    assert "is not a valid PDF/A-1b file" in run(*preflight, tmp_path / "page.pdf", wanted=None)


CODES = [
    (card_content(), RESIDENCE),
    (card_content(LIFE, "de"), LIFE),
    (register_content(HOUSEHOLD, household(6), "fr"), HOUSEHOLD),
    (register_content(HOUSEHOLD, household(10)), HOUSEHOLD),
    (register_content(HISTORY, history(15)), HISTORY),
]
NAMES = ["residence", "life", "household of six", "household of ten", "history of fifteen"]


def codes_in(picture: Path) -> list[str]:
    command = ["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", str(picture)]
    return subprocess.run(command, capture_output=True, check=False, text=True).stdout.splitlines()


@pytest.mark.parametrize(("content", "product"), CODES, ids=NAMES)
def test_the_code_on_the_page_reads_back_at_100_dpi(
    issued: Issued, content: AttestContent, product: AttestProduct, tmp_path: Path
) -> None:
    seal = seal_text(content, issued.key)
    sheets = picture_of(pages().pdf(content, product, seal), tmp_path)
    assert [code for sheet in sheets for code in codes_in(sheet)] == [seal]


def on_paper(paper: PaperDocument, folder: Path, profile: str) -> Path:
    with SimulatedPrinter(out=folder) as simulated:
        device = driver_for(simulated, profile)
        assert device.print("a", paper) == Printed()
        device.close()
    return folder / "ticket-0001.png"


@pytest.mark.parametrize("profile", ["epson-tm-t20iii", "generic-80mm"])
@pytest.mark.parametrize(("content", "product"), CODES, ids=NAMES)
def test_the_code_on_the_receipt_reads_back(
    issued: Issued, content: AttestContent, product: AttestProduct, profile: str, tmp_path: Path
) -> None:
    seal = seal_text(content, issued.key)
    paper = attest_receipt(content, product, seal, SITE, TEXTS)
    assert codes_in(on_paper(paper, tmp_path, profile)) == [seal]
