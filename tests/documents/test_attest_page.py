"""The A4 page: what stands on it in four languages, its form as a file, and names that mean harm."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from kiosk.core.attests import AttestContent, AttestProduct, Kind
from kiosk.core.texts import LANGUAGES, Language, message
from kiosk.documents.attest.page import AttestPages, _placeholder
from kiosk.documents.attest.printable import UnprintableName
from kiosk.documents.attest.qr import SMALLEST_MODULE_MM, drawing
from kiosk.documents.seal.text import seal_text
from kiosk.documents.seal_contract import CannotMake, MissingGlyph
from tests.documents.attest_rigs import (
    FONTS,
    HISTORY,
    HOUSEHOLD,
    LIFE,
    RESIDENCE,
    ROOT,
    SITE,
    TEMPLATES,
    TEXTS,
    VERIFY,
    card_content,
    history,
    household,
    named,
    pages,
    register_content,
    seal_like,
    text_of,
)
from tests.documents.seal_rigs import make_authority, make_content, make_key

A4_POINTS, MARGIN_POINTS = (595.28, 841.89), 62.3
"""22 mm left and right, in points."""


@pytest.fixture(scope="module")
def maker() -> AttestPages:
    return pages()


def page_count(pdf: bytes) -> int:
    return int(PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"])


def boxes(pdf: bytes, folder: Path) -> list[tuple[float, float, float, float]]:
    """Where every word stands: left, top, right, bottom in points."""
    (folder / "page.pdf").write_bytes(pdf)
    command = ["pdftotext", "-bbox", str(folder / "page.pdf"), "-"]
    found = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    sides = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', found)
    return [(float(left), float(top), float(right), float(bottom)) for left, top, right, bottom in sides]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("product", [RESIDENCE, LIFE])
def test_everything_stands_on_the_page_in_its_language(
    maker: AttestPages, product: AttestProduct, language: Language, tmp_path: Path
) -> None:
    content = card_content(product, language)
    text = text_of(maker.pdf(content, product, seal_like()), tmp_path)
    assert SITE.signing is not None
    for words in (
        *content.words(),
        *(TEXTS.spoken(message(printed.field.key), language) for printed in content.facts),
        product.title.values[language],
        SITE.signing.officer,
        SITE.signing.capacity.values[language],
        TEXTS.spoken(message("attest.paper.as_of_card"), language),
        TEXTS.spoken(message("attest.paper.check.title"), language).replace("\u00a0", " "),
        VERIFY,
    ):
        assert words in text.replace("\u00a0", " ")
    one_line = " ".join(text.split())
    assert product.legal.values[language] in one_line
    assert (
        TEXTS.spoken(message(f"attest.kind.{product.kind.value}.sentence", municipality=SITE.name), language)
        in one_line
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_household_and_its_words_are_in_one_language(maker: AttestPages, language: Language, tmp_path: Path) -> None:
    content = register_content(HOUSEHOLD, household(4), language)
    text = text_of(maker.pdf(content, HOUSEHOLD, seal_like()), tmp_path)
    for other in LANGUAGES:
        label = TEXTS.spoken(message("attest.group.members"), other)
        assert (label in text) == (other == language)
    assert TEXTS.spoken(message("attest.paper.as_of_register"), language) in text


def test_the_same_attest_is_the_same_file_from_any_maker(maker: AttestPages) -> None:
    content, seal = card_content(), seal_like()
    first = maker.pdf(content, RESIDENCE, seal)
    maker.pdf(card_content(language="fr"), RESIDENCE, seal, duplicate=True)
    assert first == maker.pdf(content, RESIDENCE, seal) == pages().pdf(content, RESIDENCE, seal)
    assert first != maker.pdf(replace(content, number="x"), RESIDENCE, seal)


def test_pages_are_made_on_several_threads_at_once(maker: AttestPages) -> None:
    wanted = {language: pages().pdf(card_content(language=language), RESIDENCE, seal_like()) for language in LANGUAGES}
    with ThreadPoolExecutor(4) as pool:
        made = pool.map(
            lambda at: maker.pdf(card_content(language=LANGUAGES[at % 4]), RESIDENCE, seal_like()), range(12)
        )
        assert all(pdf == wanted[LANGUAGES[at % 4]] for at, pdf in enumerate(made))


def test_the_file_says_what_it_is(maker: AttestPages) -> None:
    seal = seal_like()
    reader = PdfFileReader(BytesIO(maker.pdf(card_content(language="fr"), RESIDENCE, seal)))
    info, root = reader.trailer["/Info"], reader.root
    assert info["/Keywords"] == seal
    assert info["/Title"] == "Certificat de résidence principale gemeentehuis-K1-2026-00042"
    assert info["/Author"] == "Lindeveld"
    assert str(info.raw_get("/CreationDate")) == "D:20261125133000Z"
    assert str(root["/Lang"]) == "fr-BE"
    assert bool(root["/MarkInfo"]["/Marked"])
    metadata = root["/Metadata"].data
    assert b"<pdfaid:part>2</pdfaid:part>" in metadata
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in metadata


def test_only_our_fonts_are_in_the_file(maker: AttestPages, tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(maker.pdf(card_content(), RESIDENCE, seal_like()))
    listed = subprocess.run(["pdffonts", tmp_path / "page.pdf"], capture_output=True, check=True, text=True).stdout
    fonts = listed.splitlines()[2:]
    assert fonts
    for font in fonts:
        assert re.match(r"[A-Z]{6}\+AtkinsonHyperlegibleNext-", font)
        assert re.search(r"yes yes yes +\d+ +\d+$", font), "embedded, as a subset, with its letters"


HARMFUL = [
    '#panic("x") #read("/etc/passwd") #sys.inputs',
    "$x^2$ *bold* _thin_ `code` <label> @ref",
    '= Title \\ "quoted" \\u{41} // comment /* more */',
    "Robert'); DROP TABLE attests;-- {page} {pages}",
]


@pytest.mark.parametrize("name", HARMFUL)
def test_markup_in_a_name_prints_as_itself(maker: AttestPages, name: str, tmp_path: Path) -> None:
    pdf = maker.pdf(named(name), RESIDENCE, seal_like())
    assert name in text_of(pdf, tmp_path).replace("’", "'")
    maker.check(named(name), RESIDENCE)


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("Zilver\U0001f600schoon", ("U+1F600",)),
        ("Zilver\u4e2d\u6587schoon", ("U+4E2D", "U+6587")),
        ("\u0416ilver", ("U+0416",)),
        ("Zilver\u0152" + "x\u0416" * 40, ("U+0416",)),
        ("Zilver\u0627", ("U+0627",)),
    ],
)
def test_a_character_the_fonts_lack_makes_no_page_and_is_named(
    maker: AttestPages, name: str, points: tuple[str, ...]
) -> None:
    for make in (lambda: maker.check(named(name), RESIDENCE), lambda: maker.pdf(named(name), RESIDENCE, seal_like())):
        with pytest.raises(MissingGlyph) as raised:
            make()
        assert raised.value.characters == points
        assert "ilver" not in str(raised.value)
        assert raised.value.__suppress_context__, "what typst said quotes the name"


def test_names_of_the_neighbours_have_every_letter(maker: AttestPages) -> None:
    maker.check(named("ŸzérçüğışÖøåæœß Łódź Škoda Ñandú Þór Őry Ţepeş Ģirts d’Été – Ĳsbrand"), RESIDENCE)
    maker.check(named("ĦħĠġĊċŻż ĄąĘęĖėĮįŲųŪū ĶķĻļŅņĒēĪī ȘșȚțĂă ĐđĆć ĽľĹĺŔŕŤť ŰűŐő ŴŵŶŷ İıĞğ ÐðÝý ŘřĚěŮů"), RESIDENCE)


@pytest.mark.parametrize("hidden", ["\u202e", "\u200f", "\n", "\x07"])
def test_a_hidden_character_makes_no_page(maker: AttestPages, hidden: str) -> None:
    with pytest.raises(UnprintableName):
        maker.pdf(named(f"Zilver{hidden}schoon"), RESIDENCE, seal_like())


@pytest.mark.parametrize("name", ["Abcdefghij" * 20, "Van " * 50, "M" * 200, "Abc-" * 50])
def test_a_name_of_200_characters_stays_within_the_margins(maker: AttestPages, name: str, tmp_path: Path) -> None:
    pdf = maker.pdf(named(name), RESIDENCE, seal_like())
    words = boxes(pdf, tmp_path)
    assert min(left for left, *_ in words) >= MARGIN_POINTS
    assert max(right for _, _, right, _ in words) <= A4_POINTS[0] - MARGIN_POINTS + 0.5
    assert page_count(pdf) == 1
    printed = re.sub(r"[\s\u200b]", "", text_of(pdf, tmp_path))
    assert name.replace(" ", "")[:60] in printed


def test_a_long_name_in_a_table_stays_within_the_margins(maker: AttestPages, tmp_path: Path) -> None:
    data = household(3)
    rows = tuple({**row, "SURNAME": "Abcdefghij" * 20, "GIVEN_NAMES": "W" * 120} for row in data.groups["MEMBERS"])
    pdf = maker.pdf(register_content(HOUSEHOLD, replace(data, groups={"MEMBERS": rows})), HOUSEHOLD, seal_like())
    assert max(right for _, _, right, _ in boxes(pdf, tmp_path)) <= A4_POINTS[0] - MARGIN_POINTS + 0.5


@pytest.mark.parametrize(
    ("content", "product", "most"),
    [
        (card_content(), RESIDENCE, 1),
        (register_content(HOUSEHOLD, household(10)), HOUSEHOLD, 1),
        (register_content(HISTORY, history(5), "de"), HISTORY, 1),
        (register_content(HISTORY, history(15)), HISTORY, 2),
        (register_content(HISTORY, history(60)), HISTORY, 3),
    ],
    ids=["residence", "household of ten", "history of five", "history of fifteen", "history of sixty"],
)
def test_every_page_says_which_it_is(
    maker: AttestPages, content: AttestContent, product: AttestProduct, most: int, tmp_path: Path
) -> None:
    pdf = maker.pdf(content, product, seal_like(1000))
    count = page_count(pdf)
    assert count <= most
    text = text_of(pdf, tmp_path)
    word = "Seite {} von {}" if content.language == "de" else "Pagina {} van {}"
    assert all(word.format(page, count) in text for page in range(1, count + 1))
    assert text.count(content.number) == count + 1, "in the head of the first page and at the foot of each"


def test_a_duplicate_and_a_practice_attest_say_so_and_others_do_not(maker: AttestPages, tmp_path: Path) -> None:
    content, seal = card_content(), seal_like()
    plain = text_of(maker.pdf(content, RESIDENCE, seal), tmp_path)
    again = text_of(maker.pdf(content, RESIDENCE, seal, duplicate=True), tmp_path)
    practice = text_of(maker.pdf(replace(content, practice=True), RESIDENCE, seal), tmp_path)
    assert ("DUPLICAAT" in plain, "Oefening" in plain) == (False, False)
    assert ("DUPLICAAT" in again, "Oefening" in again) == (True, False)
    assert ("DUPLICAAT" in practice, "Oefening: niet geldig" in practice) == (False, True)


def test_a_logo_stands_in_the_place_of_the_mark(tmp_path: Path) -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
    drawn = f'{head}<rect width="40" height="20" fill="#ff00aa"/></svg>'
    with_logo, without = (pages(replace(SITE, logo=logo)) for logo in (drawn, ""))
    pink = {}
    for name, maker in (("with", with_logo), ("without", without)):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(maker.pdf(card_content(), RESIDENCE, seal_like()))
        command = ["pdftoppm", "-r", "72", "-png", "-singlefile", str(path), str(tmp_path / name)]
        subprocess.run(command, check=True)
        with Image.open(tmp_path / f"{name}.png") as picture:
            colours = picture.convert("RGB").getcolors(picture.width * picture.height) or []
            pink[name] = sum(count for count, colour in colours if colour == (255, 0, 170))
    # 14 mm high and twice as wide, at 72 dots an inch.
    assert pink["with"] == pytest.approx(79 * 40, rel=0.1)
    assert pink["without"] == 0


def test_every_page_of_a_practice_attest_says_so(maker: AttestPages, tmp_path: Path) -> None:
    content = replace(register_content(HISTORY, history(40)), practice=True)
    pdf = maker.pdf(content, HISTORY, seal_like())
    assert page_count(pdf) > 1
    assert text_of(pdf, tmp_path).count("Dit papier bewijst niets.") == page_count(pdf)


def test_without_a_page_to_check_on_the_municipality_checks(tmp_path: Path) -> None:
    text = text_of(pages(verify_url="").pdf(card_content(), RESIDENCE, seal_like()), tmp_path)
    assert "Laat de code controleren bij Lindeveld, telefoon 03 000 00 00." in text


def test_the_check_needs_at_least_the_room_of_the_seal() -> None:
    authority = make_authority()
    key = make_key(authority)
    contents = [make_content(kind) for kind in Kind if kind is not Kind.CRIMINAL_RECORD]
    contents += [card_content(), register_content(HOUSEHOLD, household(10)), register_content(HISTORY, history(30))]
    contents.append(named("Ŵ" * 200))
    for content in contents:
        assert len(seal_text(content, key)) <= len(_placeholder(content)) <= 2 * len(seal_text(content, key))


def test_more_than_a_code_holds_is_refused_before_anything_is_issued(maker: AttestPages) -> None:
    content, letters = card_content(), Random(1)
    words = [
        "".join(letters.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=240))
        for _ in range(20)
    ]
    many = replace(content, facts=tuple(replace(content.facts[0], value=value) for value in words))
    with pytest.raises(CannotMake, match="do not fit a code; at most 3391 do"):
        maker.check(many, RESIDENCE)


def test_what_no_column_makes_is_refused(maker: AttestPages) -> None:
    with pytest.raises(CannotMake, match="criminal record is never made by a column"):
        maker.check(replace(card_content(), kind=Kind.CRIMINAL_RECORD), RESIDENCE)
    with pytest.raises(CannotMake, match=r"names nobody who signs attests; fill in \[signing\] of site.toml"):
        pages(replace(SITE, signing=None)).check(card_content(), RESIDENCE)


def test_folders_without_fonts_or_template_are_named(tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match="name the folder assets/fonts"):
        AttestPages(SITE, TEXTS, tmp_path, TEMPLATES).check(card_content(), RESIDENCE)
    with pytest.raises(CannotMake, match="name the folder assets/documents"):
        AttestPages(SITE, TEXTS, FONTS, tmp_path).check(card_content(), RESIDENCE)
    (tmp_path / "attest.typ").write_text("#panic(json(bytes(sys.inputs.data)).facts)", encoding="utf-8")
    with pytest.raises(CannotMake, match="the template and its data do not fit each other") as raised:
        AttestPages(SITE, TEXTS, FONTS, tmp_path).check(card_content(), RESIDENCE)
    assert "Voorbeeld" not in str(raised.value)


@pytest.mark.parametrize("length", [20, 436, 484, 1300, 3391])
def test_the_drawing_is_the_code_module_by_module(length: int) -> None:
    text = seal_like(length)
    code = drawing(text)
    assert code.module_mm >= SMALLEST_MODULE_MM
    dark = {(x + step, y) for x, y, width in code.runs for step in range(width)}
    assert len(dark) == sum(width for *_, width in code.runs)
    assert {(0, 0), (6, 6), (code.side - 1, 0)} <= dark, "three corners have their squares"
    assert not {(7, at) for at in range(8)} & dark, "and white around them"
    assert max(x + width for x, _, width in code.runs) <= code.side


def test_a_seal_is_drawn_in_alphanumeric_mode() -> None:
    assert drawing(seal_like(436)).side == 69
    assert drawing(seal_like(436).lower()).side > 69, "bytes take more room"


def test_nothing_heavy_is_loaded_before_a_page_is_made() -> None:
    modules = ("page", "receipt", "facts", "sheet", "qr", "dates", "words", "pdf_seal", "pdf_check", "pdf_spare")
    imports = "; ".join(f"import kiosk.documents.attest.{name}" for name in modules)
    heavy = "('typst', 'pyhanko', 'asn1crypto', 'babel', 'qrcode')"
    code = f"import sys; {imports}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
