"""From data to printed texts of one language: of a card that was read, or of what a register answered.

Only what the product prints is looked at; what it prints and the data lack is an error that names the fact and never
the person. Not for: where it stands on paper (`kiosk.documents.attest.page`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from drivers.card_contract import Address, Person, Sex, grouped
from kiosk.core.attests import MAY_LACK, AttestField, AttestProduct, Group, GroupKind, Kind, Printed, RegisterData
from kiosk.core.texts import Language, Texts
from kiosk.documents.attest.dates import day_words, iso_words, partial_words
from kiosk.documents.attest.printable import UnprintableName as UnprintableName
from kiosk.documents.attest.printable import printable
from kiosk.documents.attest.words import civil_status_words, nationality_words, relation_words, sex_words
from kiosk.documents.seal_contract import CannotMake

_SEX_CODES = {Sex.MALE: "m", Sex.FEMALE: "f"}
_CARD_NUMBER_DIGITS = 12

_GROUP_OF = {Kind.HOUSEHOLD: GroupKind.MEMBERS, Kind.RESIDENCE_HISTORY: GroupKind.ADDRESSES}
"""The group an attest is about; groups of other attests are never printed, whatever a register sent."""


_COLUMNS = {
    GroupKind.MEMBERS: (AttestField.SURNAME, AttestField.GIVEN_NAMES, AttestField.BIRTH_DATE, AttestField.RELATION),
    GroupKind.ADDRESSES: (AttestField.ADDRESS, AttestField.FROM, AttestField.UNTIL),
}
"""Facts of a row in printed order. A register may send more of each member; a household needs no more than these."""


@dataclass(frozen=True, repr=False)
class _Card:
    person: Person
    language: Language
    texts: Texts
    today: date


def card_facts(
    person: Person, product: AttestProduct, language: Language, texts: Texts, today: date
) -> tuple[Printed, ...]:
    """The facts of a product that needs the card alone, in the product's order.

    Args:
        today: the day the card was read, by the column's clock.

    Raises:
        CannotMake: naming the fact the card does not have; `UnprintableName` for one that cannot stand on paper.
    """
    card = _Card(person, language, texts, today)
    return _told((field, _card_value(field, card)) for field in product.facts)


def _told(values: Iterable[tuple[AttestField, str]]) -> tuple[Printed, ...]:
    """Without what is lacking and may lack."""
    return tuple(Printed(field, value) for field, value in values if value)


def _card_value(field: AttestField, card: _Card) -> str:
    reader = _CARD.get(field)
    if reader is None:
        raise CannotMake(f"no identity card says {_name(field)}; a product from the card prints facts of the card only")
    try:
        value = reader(card)
    except ValueError:
        raise CannotMake(f"the {_name(field)} on the card is no date that exists") from None
    return _present(value, field, "card")


def _present(value: str | None, field: AttestField, source: str) -> str:
    """The value as it is printed; empty only for what not everybody has."""
    text = printable(value or "", _name(field))
    if not text and field not in MAY_LACK:
        raise CannotMake(f"the {source} does not say {_name(field)}, which this attest prints")
    return text


def _name(field: AttestField) -> str:
    return field.name.lower()


def _address(address: Address | None) -> str | None:
    if address is None:
        return None
    town = " ".join(filter(None, (address.postal_code.strip(), address.municipality.strip())))
    return ", ".join(filter(None, (address.street.strip(), town)))


def _card_number(number: str | None) -> str | None:
    """As it stands on the card: 592-1234567-89; one of another length as it is."""
    if number is None or len(number) != _CARD_NUMBER_DIGITS or not number.isdecimal():
        return number
    return f"{number[:3]}-{number[3:10]}-{number[10:]}"


def _sex(card: _Card) -> str | None:
    code = _SEX_CODES.get(card.person.sex) if card.person.sex else None
    return sex_words(code, card.language, card.texts) if code else None


_CARD: Mapping[AttestField, Callable[[_Card], str | None]] = {
    AttestField.SURNAME: lambda card: card.person.surname,
    AttestField.GIVEN_NAMES: lambda card: card.person.given_names,
    AttestField.BIRTH_DATE: lambda card: (
        partial_words(card.person.birth_date, card.language) if card.person.birth_date else None
    ),
    AttestField.BIRTH_PLACE: lambda card: card.person.birth_place,
    AttestField.SEX: _sex,
    AttestField.NATIONALITY: lambda card: nationality_words(card.person.nationality or "", card.language, card.texts),
    AttestField.ADDRESS: lambda card: _address(card.person.address),
    AttestField.CARD_NUMBER: lambda card: _card_number(card.person.card_number),
    AttestField.CARD_VALID_UNTIL: lambda card: (
        day_words(card.person.document.valid_until, card.language) if card.person.document.valid_until else None
    ),
    AttestField.SEEN_ON: lambda card: day_words(card.today, card.language),
    AttestField.NATIONAL_NUMBER: lambda card: grouped(card.person.national_number or ""),
}


def register_facts(
    data: RegisterData, product: AttestProduct, language: Language, texts: Texts
) -> tuple[tuple[Printed, ...], tuple[Group, ...]]:
    """The facts of a product that needs a register, in the product's order, and the group it is about.

    Raises:
        CannotMake: naming the fact the register did not give or the code that is unknown; `UnprintableName` for one
            that cannot stand on paper.
    """
    facts = _told((field, _register_value(field, data.facts, language, texts)) for field in product.facts)
    kind = _GROUP_OF.get(product.kind)
    return facts, () if kind is None else (_group(kind, data, language, texts),)


def _group(kind: GroupKind, data: RegisterData, language: Language, texts: Texts) -> Group:
    rows = data.groups.get(kind.name, ())
    if not rows:
        raise CannotMake(f"the register gave no {kind.name.lower()}, which this attest prints")
    return Group(kind, tuple(_row(_COLUMNS[kind], row, language, texts) for row in rows))


def _row(
    columns: tuple[AttestField, ...], row: Mapping[str, str], language: Language, texts: Texts
) -> tuple[Printed, ...]:
    return _told((field, _register_value(field, row, language, texts)) for field in columns)


def _register_value(field: AttestField, facts: Mapping[str, str], language: Language, texts: Texts) -> str:
    raw = facts.get(field.name, "")
    if not raw.strip():
        return _present(None, field, "register")
    if field in _DATES:
        try:
            return iso_words(raw, language)
        except ValueError:
            raise CannotMake(f"the {_name(field)} of the register is no date; it is written YYYY-MM-DD") from None
    words = _CODES.get(field)
    return _present(words(raw, language, texts) if words else raw, field, "register")


def _national_number(raw: str, _language: Language, _texts: Texts) -> str:
    return grouped(raw)


_DATES = frozenset(
    {
        AttestField.BIRTH_DATE,
        AttestField.CARD_VALID_UNTIL,
        AttestField.SINCE,
        AttestField.SEEN_ON,
        AttestField.FROM,
        AttestField.UNTIL,
        AttestField.MARRIED_ON,
    }
)
_CODES: Mapping[AttestField, Callable[[str, Language, Texts], str]] = {
    AttestField.SEX: sex_words,
    AttestField.RELATION: relation_words,
    AttestField.CIVIL_STATUS: civil_status_words,
    AttestField.NATIONALITY: nationality_words,
    AttestField.NATIONAL_NUMBER: _national_number,
}
