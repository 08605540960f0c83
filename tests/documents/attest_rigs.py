"""What the tests of attests as documents share: an invented municipality, invented people, products, contents.

Not for: keys and seals (`tests.documents.seal_rigs`).
"""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

from config.texts import load_texts
from drivers.card_contract import Address, Document, DocumentKind, PartialDate, Person, Sex
from kiosk.core.attests import (
    AttestContent,
    AttestField,
    AttestProduct,
    Group,
    Kind,
    Printed,
    RegisterData,
    Signing,
    Use,
)
from kiosk.core.catalogue import Site
from kiosk.core.language import LanguageProfile, Regime
from kiosk.core.texts import LANGUAGES, Language, Localized
from kiosk.documents.attest.facts import card_facts, register_facts
from kiosk.documents.attest.page import AttestPages
from tests.documents.seal_rigs import ISSUER, NOW, NUMBER

ROOT = Path(__file__).parents[2]
FONTS, TEMPLATES = ROOT / "assets" / "fonts", ROOT / "assets" / "documents"
TEXTS = load_texts()
TODAY = date(2026, 11, 25)
ISSUED = NOW
VERIFY = "lindeveld.example/echt"


def same(**words: str) -> Localized:
    """Text of a municipality: `nl` for the languages that are not given."""
    return Localized({language: words.get(language, words["nl"]) for language in LANGUAGES})


SITE = Site(
    id="lindeveld",
    name=same(nl="Lindeveld"),
    mark="L",
    brand="#0B4F6C",
    practice=False,
    timezone="Europe/Brussels",
    phone="03 000 00 00",
    web="lindeveld.example",
    profile=LanguageProfile(Regime.DEMO, LANGUAGES),
    themes=(),
    queues=(),
    contact_points=(),
    services=(),
    signing=Signing(
        NUMBER,
        "Noor Voorbeeldens",
        same(
            nl="Gemachtigde ambtenaar van de burgerlijke stand",
            fr="Agente déléguée de l’état civil",
            en="Authorised officer of civil status",
            de="Bevollmächtigte Beamtin des Standesamtes",
        ),
    ),
)

LEGAL = same(
    nl="Afgegeven op grond van het koninklijk besluit van 16 juli 1992 over het verkrijgen van informatie uit de "
    "bevolkingsregisters. Alleen geldig zonder schrapping of toevoeging.",
    fr="Délivré en vertu de l’arrêté royal du 16 juillet 1992 relatif à l’obtention d’informations contenues dans les "
    "registres de la population. Valable uniquement sans rature ni ajout.",
    en="Issued under the royal decree of 16 July 1992 on obtaining information from the population registers. Valid "
    "only without deletions or additions.",
    de="Ausgestellt aufgrund des königlichen Erlasses vom 16. Juli 1992 über die Erteilung von Informationen aus den "
    "Bevölkerungsregistern. Nur ohne Streichungen oder Zusätze gültig.",
)
NAME = (AttestField.SURNAME, AttestField.GIVEN_NAMES)
BIRTH = (AttestField.BIRTH_DATE, AttestField.BIRTH_PLACE)


def product(id: str, kind: Kind, title: Localized, facts: tuple[AttestField, ...]) -> AttestProduct:
    """A free product for one use, three months valid."""
    use = Use("housing", same(nl="Een woning huren", fr="Louer un logement", en="Renting a home", de="Wohnung mieten"))
    who = same(nl="Iedereen met een kaart")
    return AttestProduct(id, title, kind, "attest", (use,), LANGUAGES, 90, who, LEGAL, facts)


RESIDENCE = product(
    "residence",
    Kind.RESIDENCE,
    same(
        nl="Attest van hoofdverblijfplaats",
        fr="Certificat de résidence principale",
        en="Certificate of residence",
        de="Wohnsitzbescheinigung",
    ),
    (*NAME, *BIRTH, AttestField.NATIONALITY, AttestField.ADDRESS),
)
LIFE = product(
    "life",
    Kind.LIFE,
    same(nl="Attest van leven", fr="Certificat de vie", en="Certificate of life", de="Lebensbescheinigung"),
    (*NAME, *BIRTH, AttestField.SEX, AttestField.SEEN_ON, AttestField.CARD_NUMBER, AttestField.CARD_VALID_UNTIL),
)
HOUSEHOLD = product(
    "household",
    Kind.HOUSEHOLD,
    same(
        nl="Attest van gezinssamenstelling",
        fr="Composition de ménage",
        en="Certificate of household composition",
        de="Haushaltsbescheinigung",
    ),
    (*NAME, AttestField.ADDRESS),
)
HISTORY = product(
    "residence-history",
    Kind.RESIDENCE_HISTORY,
    same(
        nl="Attest van hoofdverblijfplaats met historiek",
        fr="Certificat de résidence avec historique",
        en="Certificate of residence with history",
        de="Wohnsitzbescheinigung mit früheren Adressen",
    ),
    (*NAME, *BIRTH, AttestField.NATIONALITY, AttestField.CIVIL_STATUS),
)

LOTTE = Person(
    document=Document(DocumentKind.CITIZEN, date(2023, 9, 23), date(2033, 9, 23)),
    surname="Van Voorbeeld",
    given_names="Lotte Marie",
    birth_date=PartialDate(1985, 3, 26),
    birth_place="Antwerpen",
    sex=Sex.FEMALE,
    nationality="Belg",
    address=Address("Grotesteenweg 150 bus 3", "2600", "Berchem (Antwerpen)"),
    national_number="85717100293",
    card_number="000000000101",
)

_NAMES = ("Lotte Marie", "Zoë Hélène", "Jürgen", "Noor", "Benoît", "Mila", "Finn", "Ayşe", "Øystein", "Şükrü")
_RELATIONS = ("reference", "spouse", "child", "child", "stepchild", "parent", "sibling", "grandchild", "other", "child")


def household(size: int) -> RegisterData:
    """A household of `size`, at most ten."""
    members = tuple(
        {
            "SURNAME": "Van Voorbeeld",
            "GIVEN_NAMES": name,
            "BIRTH_DATE": f"{1955 + 6 * at}-{1 + at:02d}-{10 + at}",
            "RELATION": relation,
            "NATIONALITY": "Belg",
        }
        for at, (name, relation) in enumerate(zip(_NAMES[:size], _RELATIONS, strict=False))
    )
    return RegisterData(
        TODAY,
        {
            "SURNAME": "Van Voorbeeld",
            "GIVEN_NAMES": "Lotte Marie",
            "ADDRESS": "Grotesteenweg 150 bus 3, 2600 Berchem (Antwerpen)",
        },
        {"MEMBERS": members},
    )


def history(size: int) -> RegisterData:
    """`size` addresses, the present one first."""
    rows = [
        {"ADDRESS": f"Voorbeeldlaan {100 + at} bus {at}, 2600 Berchem (Antwerpen)", "FROM": f"{2025 - 2 * at}-02-01"}
        | ({"UNTIL": f"{2027 - 2 * at}-01-31"} if at else {})
        for at in range(size)
    ]
    facts = {"SURNAME": "Van Voorbeeld", "GIVEN_NAMES": "Lotte Marie", "BIRTH_DATE": "1985-03-26"}
    more = {"BIRTH_PLACE": "Antwerpen", "NATIONALITY": "Belg", "CIVIL_STATUS": "married"}
    return RegisterData(TODAY, facts | more, {"ADDRESSES": tuple(rows)})


def _content(
    product: AttestProduct, language: Language, facts: tuple[Printed, ...], groups: tuple[Group, ...] = ()
) -> AttestContent:
    return AttestContent(
        id=bytes(range(16)),
        product=product.id,
        kind=product.kind,
        language=language,
        number="gemeentehuis-K1-2026-00042",
        issued_at=ISSUED,
        valid_until=date(2027, 2, 23),
        as_of=TODAY,
        place=same(nl="Gemeentehuis", fr="Maison communale", en="Town hall", de="Gemeindehaus").values[language],
        purpose=product.uses[0].title.values[language],
        issuer=ISSUER,
        kiosk="column-1",
        facts=facts,
        groups=groups,
    )


def card_content(
    product: AttestProduct = RESIDENCE, language: Language = "nl", person: Person = LOTTE
) -> AttestContent:
    """What an attest from the card says."""
    return _content(product, language, card_facts(person, product, language, TEXTS, TODAY))


def register_content(product: AttestProduct, data: RegisterData, language: Language = "nl") -> AttestContent:
    """What an attest from a register says."""
    return _content(product, language, *register_facts(data, product, language, TEXTS))


def named(surname: str, language: Language = "nl") -> AttestContent:
    """A residence attest of somebody of that name, past every check of names."""
    content = card_content(language=language)
    return replace(content, facts=(Printed(AttestField.SURNAME, surname), *content.facts[1:]))


def pages(site: Site = SITE, verify_url: str = VERIFY) -> AttestPages:
    """The maker of pages over the shipped fonts and template."""
    return AttestPages(site, TEXTS, FONTS, TEMPLATES, verify_url)


def seal_like(length: int = 430) -> str:
    """A text as a seal is, all characters of base45 in it; it proves nothing."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    return "BE1:" + "".join(alphabet[(at * 7 + at // 45) % 45] for at in range(length - 5)) + "Z"


def text_of(pdf: bytes, folder: Path) -> str:
    """The text of a PDF as poppler reads it, lines as on the page."""
    (folder / "page.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", str(folder / "page.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def picture_of(pdf: bytes, folder: Path, dpi: int = 100) -> list[Path]:
    """Its pages as pictures."""
    (folder / "page.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(dpi), "-png", str(folder / "page.pdf"), str(folder / "page")]
    subprocess.run(command, capture_output=True, check=True)
    return sorted(folder.glob("page*.png"))
