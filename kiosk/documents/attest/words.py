"""Codes of registers as words of one language: sex, relation, civil status; and one nationality that cards spell out.

Not for: labels (`attest.field.*`) or dates (`kiosk.documents.attest.dates`).
"""

from __future__ import annotations

from kiosk.core.texts import Language, Texts, message
from kiosk.documents.seal_contract import CannotMake

SEXES = ("m", "f", "x")
RELATIONS = (
    "reference",
    "spouse",
    "partner",
    "child",
    "stepchild",
    "parent",
    "sibling",
    "grandchild",
    "grandparent",
    "relative",
    "other",
)
CIVIL_STATUSES = ("single", "married", "widowed", "divorced", "cohabiting")

_BELGIAN = frozenset({"be", "bel", "belg", "belge", "belgier", "belgierin", "belgian", "belgisch", "belgische"})
"""How cards and registers write it; a card does so in its own language, an attest in its one."""


def sex_words(code: str, language: Language, texts: Texts) -> str:
    """Of `SEXES`.

    Raises:
        CannotMake: for another code.
    """
    return texts.spoken(message(f"attest.value.sex.{_known(code.casefold(), SEXES, 'sex')}"), language)


def relation_words(code: str, language: Language, texts: Texts) -> str:
    """Of `RELATIONS`, to the reference person.

    Raises:
        CannotMake: for another code.
    """
    return texts.spoken(message(f"attest.value.relation.{_known(code, RELATIONS, 'relation')}"), language)


def civil_status_words(code: str, language: Language, texts: Texts) -> str:
    """Of `CIVIL_STATUSES`.

    Raises:
        CannotMake: for another code.
    """
    known = _known(code, CIVIL_STATUSES, "civil status")
    return texts.spoken(message(f"attest.value.civil_status.{known}"), language)


def nationality_words(text: str, language: Language, texts: Texts) -> str:
    """Belgian in the language of the attest; any other as it was given."""
    if text.strip().casefold() in _BELGIAN:
        return texts.spoken(message("attest.value.nationality.belgian"), language)
    return text


def _known(code: str, codes: tuple[str, ...], what: str) -> str:
    if code not in codes:
        raise CannotMake(f"the register gave an unknown code of {what}; known are {', '.join(codes)}")
    return code
