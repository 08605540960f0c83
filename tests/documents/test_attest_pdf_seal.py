"""The seal in the PDF and its check: right, altered in every way we could think of, old, of others, and hostile."""

from __future__ import annotations

import asyncio
import re
import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from kiosk.core.attests import AttestContent
from kiosk.documents.attest.pdf_check import MOST_BYTES, verify_pdf
from kiosk.documents.attest.pdf_seal import _key_signer, seal_pdf
from kiosk.documents.attest.pdf_shape import has_shape
from kiosk.documents.seal.keys import FileAttestKey
from kiosk.documents.seal.text import seal_text
from kiosk.documents.seal.trust import Trust
from kiosk.documents.seal_contract import AttestKey, CannotMake, Finding
from tests.documents.attest_rigs import RESIDENCE, card_content, pages
from tests.documents.seal_rigs import NOW, Authority, listed, make_authority, make_key, trusting

MAKER = pages()
LATER = NOW + timedelta(days=30)


def sealed(content: AttestContent, key: AttestKey, *, text: str | None = None, at: datetime | None = None) -> bytes:
    """The whole way of a column: seal text, page, seal in the PDF."""
    page = MAKER.pdf(content, RESIDENCE, seal_text(content, key) if text is None else text)
    return seal_pdf(page, key, location="Lindeveld", reason="Attest", signed_at=at or content.issued_at)


@dataclass(frozen=True)
class Issued:
    """A sealed attest, its page before, and whom to trust."""

    authority: Authority
    key: FileAttestKey
    content: AttestContent
    page: bytes
    pdf: bytes
    trust: Trust


@pytest.fixture(scope="module")
def issued() -> Issued:
    authority = make_authority()
    key, content = make_key(authority), card_content()
    page = MAKER.pdf(content, RESIDENCE, seal_text(content, key))
    pdf = seal_pdf(page, key, location="Lindeveld", reason="Attest", signed_at=NOW)
    return Issued(authority, key, content, page, pdf, trusting(authority, key))


def finding(pdf: bytes, trust: Trust, now: datetime = LATER) -> Finding:
    return verify_pdf(pdf, trust, now).finding


def test_a_sealed_attest_is_valid_and_shows_what_was_sealed(issued: Issued) -> None:
    verdict = verify_pdf(issued.pdf, issued.trust, LATER)
    assert (verdict.finding, verdict.detail) == (Finding.VALID, "")
    assert verdict.content == issued.content
    assert verdict.issuer == "Stad Voorbeeld"
    assert verdict.sealed_at == NOW


def test_the_page_is_untouched_and_still_described_by_its_maker(issued: Issued) -> None:
    assert issued.pdf.startswith(issued.page)
    before, after = (PdfFileReader(BytesIO(pdf)) for pdf in (issued.page, issued.pdf))
    assert dict(after.trailer["/Info"]) == dict(before.trailer["/Info"])
    assert after.root["/Metadata"].data == before.root["/Metadata"].data
    assert "/Version" not in after.root
    assert b"/ISO_" not in issued.pdf
    assert issued.pdf.startswith(b"%PDF-1.7")


def test_the_seal_is_invisible_certifying_and_pades(issued: Issued) -> None:
    (seal,) = PdfFileReader(BytesIO(issued.pdf)).embedded_signatures
    assert list(seal.sig_field["/Rect"]) == [0, 0, 0, 0]
    assert "/AP" not in seal.sig_field
    assert seal.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert seal.docmdp_level is MDPPerm.NO_CHANGES
    assert seal.self_reported_timestamp == NOW
    assert seal.signer_info["signature_algorithm"]["algorithm"].native == "sha256_ecdsa"
    assert [certificate.dump() for certificate in seal.other_embedded_certs] == [issued.authority.der]


def test_a_key_that_only_signs_is_enough(issued: Issued) -> None:
    """What a TPM or a token can do, and no more."""

    class Token:
        certificate, chain, kid = issued.key.certificate, issued.key.chain, issued.key.kid

        def sign(self, message: bytes) -> bytes:
            return issued.key.sign(message)

    assert finding(sealed(issued.content, Token()), issued.trust) is Finding.VALID


async def test_a_check_works_where_an_event_loop_runs(issued: Issued) -> None:
    assert asyncio.get_running_loop().is_running()
    assert finding(issued.pdf, issued.trust) is Finding.VALID


def test_expired_and_revoked_are_told_with_what_was_sealed(issued: Issued) -> None:
    old = verify_pdf(issued.pdf, issued.trust, NOW + timedelta(days=200))
    taken = verify_pdf(issued.pdf, trusting(issued.authority, issued.key, revoked=[issued.content.id]), LATER)
    assert (old.finding, old.content) == (Finding.EXPIRED, issued.content)
    assert (taken.finding, taken.content) == (Finding.REVOKED, issued.content)


def test_a_key_that_expired_since_still_counts(issued: Issued) -> None:
    assert issued.key.valid_to < NOW + timedelta(days=80)
    assert finding(issued.pdf, issued.trust, NOW + timedelta(days=80)) is Finding.VALID


def test_a_file_sealed_outside_the_time_of_its_key_does_not_count(issued: Issued) -> None:
    for moment in (issued.key.valid_to + timedelta(seconds=1), issued.key.valid_from - timedelta(seconds=1)):
        late = verify_pdf(sealed(issued.content, issued.key, at=moment), issued.trust, LATER)
        assert (late.finding, late.content) == (Finding.OUT_OF_TIME, None)


def test_a_file_sealed_after_the_key_was_stolen_does_not_count(issued: Issued) -> None:
    for stolen, wanted in ((NOW + timedelta(days=1), Finding.VALID), (NOW - timedelta(hours=1), Finding.REVOKED)):
        trust = trusting(issued.authority, listed(issued.key.certificate, revoked_from=stolen))
        assert finding(issued.pdf, trust) is wanted
    trust = trusting(issued.authority, listed(issued.key.certificate, revoked_from=NOW + timedelta(days=1)))
    again = sealed(issued.content, issued.key, at=NOW + timedelta(days=2))
    assert finding(again, trust) is Finding.REVOKED


def test_the_seal_of_another_municipality_is_unknown(issued: Issued) -> None:
    other = make_authority()
    assert finding(issued.pdf, trusting(other, make_key(other))) is Finding.UNKNOWN_KEY
    same_names = make_authority()
    impostor = make_key(same_names)
    assert finding(sealed(issued.content, impostor), issued.trust) is Finding.UNKNOWN_KEY


def test_a_list_whose_authority_did_not_vouch_is_not_enough(issued: Issued) -> None:
    doubtful = replace(issued.trust, authorities=(make_authority().der,))
    assert finding(issued.pdf, doubtful) in (Finding.UNKNOWN_KEY, Finding.TAMPERED)
    assert finding(issued.pdf, replace(issued.trust, authorities=(issued.authority.der, make_authority().der))) is (
        Finding.VALID
    )


def test_a_duplicate_has_the_code_of_the_first_copy_and_the_seal_of_the_office(issued: Issued) -> None:
    office = make_key(issued.authority, name="office")
    text = seal_text(issued.content, issued.key)
    duplicate = sealed(issued.content, office, text=text, at=NOW + timedelta(days=3))
    both = trusting(issued.authority, issued.key, office)
    verdict = verify_pdf(duplicate, both, LATER)
    assert (verdict.finding, verdict.content) == (Finding.VALID, issued.content)
    assert finding(duplicate, trusting(issued.authority, office)) is Finding.UNKNOWN_KEY
    assert finding(duplicate, issued.trust) is Finding.UNKNOWN_KEY


def test_a_code_of_another_key_that_is_younger_than_the_file_is_seen(issued: Issued) -> None:
    second = make_key(issued.authority)
    trust = trusting(issued.authority, issued.key, second)
    younger = seal_text(replace(issued.content, issued_at=NOW + timedelta(minutes=1)), second)
    mixed = verify_pdf(sealed(issued.content, issued.key, text=younger), trust, LATER)
    assert mixed.finding is Finding.TAMPERED
    assert mixed.detail == "the file and its code are of different keys, and it is no duplicate"


@pytest.mark.parametrize("text", ["", "HTTPS://WWW.EXAMPLE", "BE0:AAAA"])
def test_a_sealed_file_without_a_sealed_code_is_seen(issued: Issued, text: str) -> None:
    assert finding(sealed(issued.content, issued.key, text=text), issued.trust) is Finding.TAMPERED


# What was added.


def test_bytes_after_the_end_are_seen(issued: Issued) -> None:
    for more in (b"\n", b" ", b"\0", b"%%EOF\n", issued.pdf):
        assert finding(issued.pdf + more, issued.trust) is Finding.TAMPERED
    for before in (b"\n", b"%junk\n"):
        assert finding(before + issued.pdf, issued.trust) is Finding.TAMPERED


def _with_second_revision(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root[pdf_name("/Note")] = pdf_string("harmless")
    writer.update_root()  # type: ignore[no-untyped-call]
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def test_a_second_revision_is_seen(issued: Issued) -> None:
    changed = verify_pdf(_with_second_revision(issued.pdf), issued.trust, LATER)
    assert (changed.finding, changed.detail) == (Finding.TAMPERED, "the PDF has 3 revisions, right are 2")


def test_control_the_library_alone_believes_what_was_appended(issued: Issued) -> None:
    """Why coverage and revisions are asked for, too."""
    roots = ValidationContext(
        [PdfFileReader(BytesIO(issued.pdf)).embedded_signatures[0].other_embedded_certs[0]], moment=NOW
    )
    (seal,) = PdfFileReader(BytesIO(issued.pdf + b"\n% more\n")).embedded_signatures
    assert validate_pdf_signature(seal, roots).bottom_line


def _signed_otherwise(pdf: bytes, key: AttestKey, *, field: str = "Seal", **meta: Any) -> bytes:
    """Sealed by the key of the column, and not in the way of an attest."""
    written = PdfSignatureMetadata(field_name=field, md_algorithm="sha256", **meta)
    signer = PdfSigner(written, signer=_key_signer(key), new_field_spec=SigFieldSpec(field))
    out = signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    signed: bytes = out.read()
    return signed


def test_a_seal_that_allows_changes_is_none_of_ours(issued: Issued) -> None:
    pades: dict[str, Any] = {"subfilter": SigSeedSubFilter.PADES}
    forms = _signed_otherwise(issued.page, issued.key, certify=True, docmdp_permissions=MDPPerm.FILL_FORMS, **pades)
    for pdf in (forms, _signed_otherwise(issued.page, issued.key, **pades)):
        lax = verify_pdf(pdf, issued.trust, LATER)
        assert (lax.finding, lax.detail) == (
            Finding.TAMPERED,
            "the seal allows changes; that of an attest allows none",
        )
    two = _signed_otherwise(forms, issued.key, field="More", **pades)
    double = verify_pdf(two, issued.trust, LATER)
    assert (double.finding, double.detail) == (Finding.TAMPERED, "the PDF has 3 revisions, right are 2")


# What was changed.


def _flipped(pdf: bytes, at: int, bit: int = 0x01) -> bytes:
    changed = bytearray(pdf)
    changed[at] ^= bit
    return bytes(changed)


def _signature(pdf: bytes) -> range:
    """The digits of the signature, where no signature covers anything."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    return range(start, pdf.index(b">", start))


def test_one_flipped_bit_anywhere_is_seen(issued: Issued) -> None:
    places = Random(7).sample(range(len(issued.pdf)), 150)
    tail = range(len(issued.page), _signature(issued.pdf).start)
    for at in (*places, *tail[::29], *range(_signature(issued.pdf).stop, len(issued.pdf), 17)):
        assert finding(_flipped(issued.pdf, at), issued.trust) is Finding.TAMPERED, at


def test_one_flipped_digit_of_the_signature_is_seen_also_where_nothing_covers_it(issued: Issued) -> None:
    digits = _signature(issued.pdf)
    used = len(issued.pdf[digits.start : digits.stop].rstrip(b"0"))
    for at in (*range(digits.start, digits.start + 240), *digits[240 : used + 40 : 17], digits[-1]):
        assert finding(_flipped(issued.pdf, at), issued.trust) is Finding.TAMPERED, at - digits.start


def test_the_same_signature_in_small_letters_is_seen(issued: Issued) -> None:
    digits = _signature(issued.pdf)
    small = issued.pdf[: digits.start] + issued.pdf[digits.start : digits.stop].lower() + issued.pdf[digits.stop :]
    assert finding(small, issued.trust) is Finding.TAMPERED


def test_control_the_library_alone_believes_a_changed_spelling(issued: Issued) -> None:
    """Why the room around the signature is looked at, too."""
    digits = _signature(issued.pdf)
    small = issued.pdf[: digits.start] + issued.pdf[digits.start : digits.stop].lower() + issued.pdf[digits.stop :]
    (seal,) = PdfFileReader(BytesIO(small)).embedded_signatures
    assert validate_pdf_signature(seal, ValidationContext([seal.other_embedded_certs[0]], moment=NOW)).bottom_line


def test_a_cut_file_is_seen(issued: Issued) -> None:
    for length in (len(issued.pdf) - 1, len(issued.pdf) - 8, len(issued.pdf) - 700, len(issued.pdf) // 2):
        assert finding(issued.pdf[:length], issued.trust) in (Finding.TAMPERED, Finding.NOT_A_SEAL)
    assert finding(issued.pdf[: len(issued.page)], issued.trust) is Finding.NOT_A_SEAL


# What is none.


def test_a_page_that_was_not_sealed_is_no_sealed_attest(issued: Issued) -> None:
    plain = verify_pdf(issued.page, issued.trust, LATER)
    assert (plain.finding, plain.detail) == (Finding.NOT_A_SEAL, "the PDF has no seal")


DEEP = b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"]" * 100_000 + b"\nendobj\nstartxref\n9\n%%EOF"
LOOP = b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF"
HUGE_TABLE = b"%PDF-1.7\nxref\n0 9999999\n0000000000 65535 f \ntrailer\n<</Size 1>>\nstartxref\n9\n%%EOF"


def _stream_table(entry: bytes, packed: bytes) -> bytes:
    """A file whose table is a stream, which a library unpacks and walks."""
    head = b"1 0 obj\n<</Type/XRef/W[" + entry + b"]/Size 90000000/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n"
    return b"%PDF-1.7\n" + head % len(packed) + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF"


BOMB = _stream_table(b"1 4 2", zlib.compress(bytes(60_000_000), 9))
NOTHING_MANY_TIMES = _stream_table(b"0 0 0", zlib.compress(b""))
"""A few bytes over which the library alone works for minutes."""
HOSTILE = {
    "empty": b"",
    "head": b"%PDF-",
    "head and end": b"%PDF-1.7\nstartxref\n0\n%%EOF",
    "text": b"hello",
    "picture": b"\x89PNG\r\n\x1a\n",
    "archive": b"PK\x03\x04",
    "deep": DEEP,
    "loop": LOOP,
    "huge table": HUGE_TABLE,
    "bomb": BOMB,
    "nothing, many times": NOTHING_MANY_TIMES,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_sealed_pdf_is_told_so_and_nothing_escapes(issued: Issued, data: bytes) -> None:
    assert finding(data, issued.trust) is Finding.NOT_A_SEAL


def _file_of(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, in the outer shape of a sealed attest."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    first = len(out)
    entries = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    out += head + entries + trailer % (len(objects) + 1, b"", first)
    second = len(out)
    out += b"xref\n0 0\n" + trailer % (len(objects) + 1, b" /Prev %d " % first, second)
    return bytes(out)


CATALOG = b"<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>"
DOUBLING = [b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (number, number) for number in range(3, 33)]
"""A tree of fields with a thousand million leaves."""


@pytest.mark.parametrize(
    "objects",
    [
        (CATALOG, *DOUBLING, b"<</FT/Sig/T(a)>>"),
        (CATALOG, b"<</T(a)/Kids[2 0 R 2 0 R]>>"),
        (CATALOG, b"<</FT/Sig/T(a)/V 2 0 R>>"),
        (CATALOG, b"<</FT/Sig/T(a)/V<</Contents<00>/ByteRange[0 1 2 3]/SubFilter/ETSI.CAdES.detached>>>>"),
        (b"<</AcroForm 1 0 R>>",),
        (b"[]",),
    ],
    ids=["doubling fields", "field in itself", "value in itself", "empty signature", "catalog in itself", "no catalog"],
)
def test_a_hostile_inside_of_the_right_shape_gets_a_verdict(issued: Issued, objects: tuple[bytes, ...]) -> None:
    data = _file_of(*objects)
    has_shape(data)
    assert finding(data, issued.trust) is Finding.NOT_A_SEAL


def test_a_huge_file_is_not_even_read(issued: Issued) -> None:
    huge = verify_pdf(issued.pdf + bytes(MOST_BYTES), issued.trust, LATER)
    assert huge.finding is Finding.NOT_A_SEAL
    assert huge.detail.endswith(f"an attest has at most {MOST_BYTES}")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_broken_file_gets_a_verdict_and_never_a_good_one(issued: Issued, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(issued.pdf) - 1))
    length = data.draw(st.integers(0, 40))
    instead = data.draw(st.binary(max_size=40))
    broken = issued.pdf[:start] + instead + issued.pdf[start + length :]
    if broken != issued.pdf:
        assert finding(broken, issued.trust) in (Finding.TAMPERED, Finding.NOT_A_SEAL)


def test_no_verdict_tells_anything_of_the_person(issued: Issued) -> None:
    for at in range(0, len(issued.pdf), 997):
        verdict = verify_pdf(_flipped(issued.pdf, at), issued.trust, LATER)
        assert verdict.content is None
        assert not re.search("Voorbeeld|Lotte|Grotesteenweg", verdict.detail)


# What cannot be sealed.


def test_a_key_that_fails_or_a_file_that_is_none_is_a_typed_error(issued: Issued) -> None:
    class Broken:
        certificate, chain, kid = issued.key.certificate, issued.key.chain, issued.key.kid

        def sign(self, message: bytes) -> bytes:
            raise OSError("the token was pulled")

    with pytest.raises(CannotMake, match="the PDF cannot be sealed: OSError"):
        seal_pdf(issued.page, Broken(), location="x", reason="y", signed_at=NOW)
    for data in (b"", b"hello", issued.page[:1000]):
        with pytest.raises(CannotMake, match="the PDF cannot be sealed"):
            seal_pdf(data, issued.key, location="x", reason="y", signed_at=NOW)
    with pytest.raises(CannotMake, match="the PDF cannot be sealed"):
        seal_pdf(issued.pdf, issued.key, location="x", reason="y", signed_at=NOW)
