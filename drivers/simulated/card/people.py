"""The invented people of the demonstration: one for every kind of card worth knowing.

Nobody is meant: names say so, national numbers have a month that does not exist. Not for: what becomes of them
(`personalise`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from drivers.simulated.card.generation import Generation
from drivers.simulated.card.numbers import card_number, national_number
from drivers.simulated.card.persons import WOMAN, Home, Specimen, birth_text, months_from

CARD_MONTHS = 120
"""An adult's card is valid for ten years."""


def people(today: date) -> dict[str, Specimen]:
    """Everybody by name of card, as of today."""
    return {specimen.name: specimen for specimen in (make(today) for make in _PEOPLE)}


def _adult(today: date) -> Specimen:
    born = date(1985, 3, 26)
    return Specimen(
        name="adult",
        sentence="A grown-up who lives in Berchem, with a card in Dutch of the present generation.",
        generation=Generation.V1_8,
        surname="Van Voorbeeld",
        given_names="Lotte Marie",
        third_initial="A",
        birth=birth_text(born, "nl"),
        birth_place="Antwerpen",
        sex=WOMAN["nl"],
        national_number=national_number(born.year, 2),
        card_number=card_number(1),
        issued=months_from(today, -38),
        expires=months_from(today, -38 + CARD_MONTHS),
    )


def _french(today: date) -> Specimen:
    born = date(1975, 4, 26)
    return replace(
        _adult(today),
        name="adult-fr",
        sentence="A grown-up with a card in French of the generation before, RSA keys.",
        generation=Generation.V1_7,
        surname="D'Exemplé",
        given_names="Zoë Hélène",
        third_initial="",
        birth=birth_text(born, "fr"),
        birth_place="Liège",
        sex=WOMAN["fr"],
        nationality="Belge",
        issuer="Liège",
        national_number=national_number(born.year, 4),
        card_number=card_number(2),
        document_type="1",
        issued=months_from(today, -84),
        expires=months_from(today, 36),
    )


def _german(today: date) -> Specimen:
    born = date(1996, 8, 12)
    return replace(
        _adult(today),
        name="adult-de",
        sentence="A grown-up with a card in German: umlauts, and a date of birth with dots.",
        surname="Müller-Beispiel",
        given_names="Jürgen Björn",
        third_initial="",
        birth=birth_text(born, "de"),
        birth_place="Büllingen",
        sex="M",
        nationality="Belgier",
        issuer="Eupen",
        national_number=national_number(born.year, 1),
        card_number=card_number(3),
    )


def _old(today: date) -> Specimen:
    born = date(1948, 11, 9)
    return replace(
        _adult(today),
        name="old-card",
        sentence="A card of the first generation: SHA-1, and asking for the state of its PIN burns a try.",
        generation=Generation.V1_1,
        surname="Specimen",
        given_names="Jef Louis",
        birth=birth_text(born, "nl"),
        sex="M",
        national_number=national_number(born.year, 3),
        card_number=card_number(4),
        document_type="1",
        issued=months_from(today, -112),
        expires=months_from(today, 8),
    )


def _rekeyed(today: date) -> Specimen:
    born = date(1990, 9, 29)
    return replace(
        _french(today),
        name="rekeyed",
        sentence="A card with RSA keys whose certificates were renewed under the elliptic root.",
        generation=Generation.V1_7_REKEYED,
        surname="Modèle",
        given_names="Benoît",
        birth=birth_text(born, "fr"),
        sex="M",
        national_number=national_number(born.year, 5),
        card_number=card_number(5),
    )


def _kid(today: date) -> Specimen:
    born = months_from(today, -12 * 9)
    return replace(
        _adult(today),
        name="kids-id",
        sentence="A child of nine with a Kids-ID: authentication certificate, and none to sign with.",
        given_names="Noor",
        third_initial="",
        birth=birth_text(born, "nl"),
        national_number=national_number(born.year, 6),
        card_number=card_number(6),
        document_type="6",
        certificates=1,
        issued=months_from(today, -10),
        expires=months_from(today, 26),
    )


def _small_child(today: date) -> Specimen:
    born = months_from(today, -12 * 4)
    return replace(
        _kid(today),
        name="small-child",
        sentence="A child of four: a Kids-ID without any certificate.",
        given_names="Wout",
        birth=birth_text(born, "nl"),
        sex="M",
        national_number=national_number(born.year, 7),
        card_number=card_number(7),
        certificates=0,
    )


def _foreigner(today: date) -> Specimen:
    born = date(1988, 5, 17)
    expires = months_from(today, 40)
    return replace(
        _adult(today),
        name="foreigner",
        sentence="A residence card with every further mention, and letters no Western code page has.",
        surname="Łęcki-Yıldırımoğlu",
        given_names="Paweł Tuğba",
        third_initial="Ş",
        birth=birth_text(born, "nl"),
        birth_place="Brașov",
        nationality="Roemenië",
        national_number=national_number(born.year, 8),
        card_number="B000000080",
        document_type="33",
        foreign=True,
        issued=months_from(today, -20),
        expires=expires,
        more=_mentions(months_from(today, -30), expires),
    )


def _mentions(protected: date, stays: date) -> tuple[tuple[int, bytes], ...]:
    """Tags of residence cards; 20 is true by being there."""
    texts = {
        18: "01",
        19: "5",
        20: "",
        21: f"{protected:%d.%m.%Y}-BE",
        22: "8",
        23: "0000.000.097",
        24: "0000.000.194",
        25: "VL-000000000000097",
        27: "B",
        28: "C",
        29: "I",
        30: "K",
        31: f"{stays:%d.%m.%Y}",
    }
    return ((0, b"\x00\x05"), *((tag, text.encode()) for tag, text in texts.items()))


def _no_address(today: date) -> Specimen:
    who = _variant(today, "no-address", "Somebody whose address is not on the card.", 10)
    return replace(who, surname="Adresloos", home=Home("", "", ""))


def _expired(today: date) -> Specimen:
    who = _variant(today, "expired", "A card that expired a month ago and still reads.", 12)
    issued = months_from(today, -CARD_MONTHS - 1)
    return replace(who, surname="Verlopen", issued=issued, expires=months_from(today, -1))


def _expires_soon(today: date) -> Specimen:
    who = _variant(today, "expires-soon", "A card that expires in five months.", 14)
    return replace(who, surname="Bijna", issued=months_from(today, 5 - CARD_MONTHS), expires=months_from(today, 5))


def _long_names(today: date) -> Specimen:
    return replace(
        _variant(today, "long-names", "Every text as long as a card may hold: 90 bytes of surname.", 16),
        surname=_filled("Voorbeeldvanbuitengewonelengte", 90),
        given_names=_filled("Maximiliana-Theodora", 75),
        issuer=_filled("Onze-Lieve-Vrouw-Voorbeeld", 47),
        birth_place=_filled("Sint-Voorbeeld-aan-den-Rand", 60),
        home=Home(_filled("Burgemeester Voorbeeldstraat 1234 bus 5678", 60), "2600", _filled("Berchem", 47)),
    )


def _filled(word: str, length: int) -> str:
    return " ".join([word] * length)[:length].replace(" ", "-")


def _year_only(today: date) -> Specimen:
    who = _variant(today, "year-only", "Somebody of whose birth only the year is known.", 18)
    return replace(who, surname="Jaartal", birth="1971", national_number=national_number(1971, 18))


def _pin_blocked(today: date) -> Specimen:
    who = _variant(today, "pin-blocked", "A card whose PIN was blocked before today.", 20)
    return replace(who, surname="Vergeten", tries=0)


def _other_municipality(today: date) -> Specimen:
    who = _variant(today, "other-municipality", "Somebody who lives elsewhere: 9000 Gent.", 22)
    return replace(who, surname="Van Elders", home=Home("Botermarkt 1", "9000", "Gent"), issuer="Gent")


def _variant(today: date, name: str, sentence: str, serial: int) -> Specimen:
    """A grown-up like the first one, with numbers of their own."""
    number, card = national_number(1985, serial), card_number(serial)
    return replace(_adult(today), name=name, sentence=sentence, national_number=number, card_number=card)


_PEOPLE: tuple[Callable[[date], Specimen], ...] = (
    _adult,
    _french,
    _german,
    _old,
    _rekeyed,
    _kid,
    _small_child,
    _foreigner,
    _no_address,
    _expired,
    _expires_soon,
    _long_names,
    _year_only,
    _pin_blocked,
    _other_municipality,
)
