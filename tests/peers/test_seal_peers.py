"""Programs we did not write judge our seals: Node's crypto, openssl, and zbar on the printed code."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image, ImageFilter

from kiosk.core.attests import Kind
from kiosk.documents.seal.check import verify_text
from kiosk.documents.seal.cose import open_sealed, sign
from kiosk.documents.seal.keys import FileAttestKey
from kiosk.documents.seal.statement import encode
from kiosk.documents.seal.text import cose_of, seal_text
from kiosk.documents.seal_contract import Finding
from sync.protocol.canonical import unb64url
from tests.documents.seal_codes import as_file, drawn, modules
from tests.documents.seal_forgeries import as_text, vectors
from tests.documents.seal_rigs import ISSUER, NOW, make_authority, make_content, make_key, trusting, x509_kid

NODE, OPENSSL, ZBAR = "/usr/bin/node", "/usr/bin/openssl", "/usr/bin/zbarimg"
SCRIPT = Path(__file__).with_name("check_seal.mjs")
PAPER_DOTS = 576 - 8
"""Printable dots of a receipt 80 mm wide at 203 dpi, less a margin of one millimetre."""


@pytest.fixture(scope="module")
def key() -> FileAttestKey:
    return make_key(make_authority())


def pem(certificate: bytes) -> str:
    """A certificate as PEM."""
    return x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM).decode()


def node(seals: dict[str, str], *certificates: bytes) -> dict[str, dict[str, object]]:
    """What Node says of each text."""
    keys = {x509_kid(der).hex(): pem(der) for der in certificates}
    given = json.dumps({"keys": keys, "seals": seals})
    done = subprocess.run([NODE, str(SCRIPT)], input=given, capture_output=True, text=True, check=True, timeout=60)
    told: dict[str, dict[str, object]] = json.loads(done.stdout)
    return told


def test_node_reads_every_good_seal(key: FileAttestKey) -> None:
    contents = {kind.value: make_content(kind) for kind in Kind}
    told = node({name: seal_text(content, key) for name, content in contents.items()}, key.certificate)
    assert told == {
        name: {
            "issuer": ISSUER,
            "issuedAt": int(NOW.timestamp()),
            "facts": [[printed.field.value, printed.value] for printed in content.facts],
        }
        for name, content in contents.items()
    }


def test_node_refuses_every_flipped_bit(key: FileAttestKey) -> None:
    cose = sign(encode(make_content(Kind.LIFE)), key)
    flipped = {}
    for bit in range(len(cose) * 8):
        altered = bytearray(cose)
        altered[bit // 8] ^= 1 << bit % 8
        flipped[str(bit)] = as_text(bytes(altered))
    told = node({**flipped, "good": as_text(cose)}, key.certificate)
    assert [name for name, said in told.items() if "refused" not in said] == ["good"]


def test_node_and_we_agree_on_whose_signature_is_right() -> None:
    trust, found = vectors()
    issuers = json.loads(trust)["issuers"]
    certificates = [unb64url(entry["certificate"]) for entry in issuers]
    told = node({name: text.strip() for name, (text, _) in found.items()}, *certificates)
    believed = {Finding.VALID, Finding.EXPIRED, Finding.REVOKED, Finding.OUT_OF_TIME}
    for name, (_, finding) in found.items():
        if finding in believed and name != "EdDSA":  # the peer knows ES256 only
            assert "refused" not in told[name], name
        if finding is Finding.UNKNOWN_KEY:
            assert told[name] == {"refused": "unknown key"}, name
    refused = {name for name, said in told.items() if "refused" in said}
    ours_alone = {name for name, (_, finding) in found.items() if finding not in believed} - refused
    assert ours_alone == {
        *("another issuer", "not NFC", "field of a newer program"),  # what a signature does not say
        "something after it",  # Node inflates what it needs and does not look at the rest
    }


def openssl_says(key: FileAttestKey, signed: bytes, signature: bytes, folder: Path) -> str:
    """`openssl dgst -verify` over the bytes that were signed."""
    public = x509.load_der_x509_certificate(key.certificate).public_key()
    (folder / "key.pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (folder / "signed").write_bytes(signed)
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    (folder / "signature").write_bytes(encode_dss_signature(r, s))
    words = [OPENSSL, "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "signed"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=30)
    return done.stdout.strip()


def test_openssl_finds_the_signature_right_and_an_altered_one_wrong(key: FileAttestKey, tmp_path: Path) -> None:
    opened = open_sealed(cose_of(seal_text(make_content(Kind.HOUSEHOLD), key)))
    assert openssl_says(key, opened.signed_bytes, opened.signature, tmp_path) == "Verified OK"
    altered = opened.signed_bytes[:-1] + bytes([opened.signed_bytes[-1] ^ 1])
    assert openssl_says(key, altered, opened.signature, tmp_path) == "Verification failure"


def test_openssl_trusts_the_certificate_of_the_key(tmp_path: Path) -> None:
    authority = make_authority()
    key = make_key(authority)
    (tmp_path / "authority.pem").write_text(pem(authority.der))
    (tmp_path / "key.pem").write_text(pem(key.certificate))
    at = str(int(NOW.timestamp()))
    words = [OPENSSL, "verify", "-x509_strict", "-attime", at, "-CAfile", "authority.pem", "key.pem"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == "key.pem: OK", done.stderr


def zbar(picture: bytes, folder: Path) -> str:
    """What zbar reads in a picture."""
    file = folder / "code.png"
    file.write_bytes(picture)
    words = [ZBAR, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(file)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    return done.stdout.removesuffix("\n")


@pytest.mark.parametrize("kind", list(Kind))
def test_zbar_reads_the_code_of_every_attest_as_wide_as_a_receipt(kind: Kind, tmp_path: Path) -> None:
    authority = make_authority()
    key = make_key(authority)
    text = seal_text(make_content(kind), key)
    assert (modules(text) + 8) * 5 <= PAPER_DOTS
    read = zbar(as_file(drawn(text, dots=5)), tmp_path)
    assert read == text
    assert verify_text(read, trusting(authority, key), NOW).finding is Finding.VALID


def test_zbar_reads_a_code_from_a_scan(key: FileAttestKey, tmp_path: Path) -> None:
    text = seal_text(make_content(Kind.HOUSEHOLD), key)
    page = Image.new("L", (1240, 1754), 240)
    page.paste(drawn(text), (500, 900))
    scan = page.rotate(2, fillcolor=240, resample=Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(1))
    assert zbar(as_file(scan), tmp_path) == text
