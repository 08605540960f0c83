"""Rules between an attest and the rest of `site.toml`: its purpose, its languages, what its kind can print.

Each is checked before a column starts, for a mistake here would be found by a citizen otherwise. Not for: the form of
a single value (`config.attest_tables`), or whether the purpose exists (`config.site_checks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from config.attest_tables import FACTS, AttestTable, written
from config.card_tables import PurposeTable
from config.catalogue import ServiceTable
from config.problems import Findings, choose_among
from config.site_tables import SiteTable
from config.toml_lines import KeyPath
from config.toml_source import TomlSource
from drivers.card_contract import Field
from kiosk.core.attests import AttestField, Kind
from kiosk.core.catalogue import WayKind
from kiosk.core.language import LanguageLawError, LanguageProfile, Regime, attest_languages
from kiosk.core.purposes import Level

READ_AS: dict[AttestField, Field] = {
    AttestField.SURNAME: Field.NAME,
    AttestField.GIVEN_NAMES: Field.NAME,
    AttestField.BIRTH_DATE: Field.BIRTH_DATE,
    AttestField.BIRTH_PLACE: Field.BIRTH_PLACE,
    AttestField.SEX: Field.SEX,
    AttestField.NATIONALITY: Field.NATIONALITY,
    AttestField.ADDRESS: Field.ADDRESS,
    AttestField.CARD_NUMBER: Field.CARD_NUMBER,
    AttestField.NATIONAL_NUMBER: Field.NATIONAL_NUMBER,
}
"""The field of the card a fact comes from; the other facts need none, for dates of validity are always read."""


@dataclass(frozen=True)
class _Reader:
    """One attest, where it stands, and where mistakes go."""

    source: TomlSource
    index: int
    table: AttestTable
    findings: Findings

    def add(self, path: KeyPath, found: str, expected: str) -> None:
        line = self.source.line(("attests", self.index, *path))
        self.findings.add(self.source.path, line, found, expected)


def check_attests(source: TomlSource, site: SiteTable, findings: Findings) -> None:
    """Everything that can be said of the attests of a site, besides names that are unknown or stand twice."""
    if site.attests and site.signing is None:
        right = "add a table [signing] with enterprise_number, officer and capacity"
        findings.add(source.path, source.line(("attests", 0)), "the site has attests and nobody who signs them", right)
    purposes = {purpose.id: purpose for purpose in site.purposes}
    permitted = _permitted(site)
    for index, table in enumerate(site.attests):
        reader = _Reader(source, index, table, findings)
        _check_facts(reader)
        _check_register(reader)
        if permitted is not None:
            _check_languages(reader, site.languages.regime, permitted)
        if table.resident and not site.postal_codes:
            found = f"attest '{table.id}' is for residents and the site has no postal codes"
            reader.add(("resident",), found, 'add postal_codes = ["…"] above the first table')
        purpose = purposes.get(table.purpose)
        if purpose is not None:
            _check_purpose(reader, purpose)


def check_offers(source: TomlSource, service: ServiceTable, site: SiteTable, findings: Findings) -> None:
    """What a service says of attests is true: their prices stand on it, and a code can be answered with its purpose."""
    told = {cost.amount_cents for cost in service.costs}
    products = {attest.id: attest for attest in site.attests}
    purposes = {purpose.id: purpose for purpose in site.purposes}
    for index, offer in enumerate(service.offers):
        product, purpose = products.get(offer.attest or ""), purposes.get(offer.purpose or "")
        for cents in sorted({use.price_cents for use in product.uses} - told - {0}) if product else ():
            found = f"the attest '{offer.attest}' may cost {cents} cents and this service names no such price"
            right = f"add a table [[costs]] with amount_cents = {cents}"
            findings.add(source.path, source.line(("offers", index, "attest")), found, right)
        if offer.way == WayKind.COLLECT.value and purpose:
            for found, right in _of_purpose(purpose, "an attest is collected with", (Field.NATIONAL_NUMBER,)):
                findings.add(source.path, source.line(("offers", index, "purpose")), found, right)


def _of_purpose(purpose: PurposeTable, what: str, fields: Iterable[Field] = ()) -> Iterator[tuple[str, str]]:
    """What is wrong with any purpose of attests: what was found, and what would be right."""
    for field in fields:
        if field.value not in purpose.fields:
            found = f"{what} the purpose '{purpose.id}', which does not read '{field.value}'"
            yield found, f'add "{field.value}" to the fields of that purpose'
    if not purpose.proof:
        yield f"{what} the purpose '{purpose.id}', which verifies no signature", "take proof = false out of it"
    if purpose.keep is None:
        found = f"{what} the purpose '{purpose.id}', which says that nothing is kept; what an attest says is"
        yield found, "add a table [purposes.keep] that says how long"


def _permitted(site: SiteTable) -> tuple[str, ...] | None:
    """The languages attests may be in; None where the profile is wrong already, which is told elsewhere."""
    try:
        return attest_languages(LanguageProfile(Regime(site.languages.regime), tuple(site.languages.order)))
    except (LanguageLawError, ValueError):
        return None


def _check_languages(reader: _Reader, regime: str, permitted: tuple[str, ...]) -> None:
    for place, language in enumerate(reader.table.languages or ()):
        if language not in permitted:
            found = f"regime '{regime}' permits attests in {list(permitted)}, not in '{language}'"
            reader.add(("languages", place), found, "take it out, or leave languages out for all that are permitted")


def _check_facts(reader: _Reader) -> None:
    table = reader.table
    known = [written(fact) for fact in FACTS[Kind(table.kind)]]
    for place, fact in enumerate(table.facts):
        if fact not in known:
            found = f"an attest of kind '{table.kind}' has no '{fact}'"
            reader.add(("facts", place), found, choose_among(fact, known))


def _check_register(reader: _Reader) -> None:
    table = reader.table
    if table.from_card and table.max_age_days is not None:
        found = f"attest '{table.id}' is made from the card and has max_age_days"
        reader.add(("max_age_days",), found, "take it out; it is for data of a register")


def _check_purpose(reader: _Reader, purpose: PurposeTable) -> None:
    told: set[Field] = set()
    for why, field, path in _needed(reader.table):
        if field.value not in purpose.fields and field not in told:
            told.add(field)
            found = f"attest '{reader.table.id}' {why} and the purpose '{purpose.id}' does not read '{field.value}'"
            reader.add(path, found, f'add "{field.value}" to the fields of that purpose')
    for found, right in _of_purpose(purpose, f"attest '{reader.table.id}' has"):
        reader.add(("purpose",), found, right)
    if reader.table.kind == Kind.LIFE.value and purpose.level != Level.PIN.value:
        found = f"attest '{reader.table.id}' states that somebody lives and a card alone does not show it"
        reader.add(("purpose",), found, f"write level = \"pin\" in the purpose '{purpose.id}'")


def _needed(table: AttestTable) -> Iterator[tuple[str, Field, KeyPath]]:
    """What the card must tell: why, which field, and where that is written."""
    if table.from_card:
        for place, fact in enumerate(table.facts):
            field = READ_AS.get(AttestField[fact.upper()])
            if field is not None:
                yield f"prints '{fact}'", field, ("facts", place)
    else:
        yield "asks a register", Field.NATIONAL_NUMBER, ("purpose",)
    if table.min_age:
        yield "has a lowest age", Field.BIRTH_DATE, ("min_age",)
    if table.resident:
        yield "is for residents", Field.ADDRESS, ("resident",)
