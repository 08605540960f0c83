"""Rules between the values of a site: names that must be known, unique, allowed or served.

Not for: the form of a single value (`config.site_tables`, `config.catalogue`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from config.attest_checks import check_attests, check_offers
from config.catalogue import OfferTable, ServiceTable
from config.problems import Findings, choose_among
from config.site_tables import SiteTable
from config.toml_lines import KeyPath
from config.toml_source import TomlSource
from config.words import check_words
from kiosk.core.catalogue import WayKind
from kiosk.core.hints import HintWhen
from kiosk.core.language import LanguageLawError, LanguageProfile, Regime
from kiosk.core.texts import LANGUAGES, Language

T = TypeVar("T")

_WITH_CARD = (WayKind.CARD.value, WayKind.ATTEST.value, WayKind.COLLECT.value)
"""The ways that nobody can take without an identity card."""


@dataclass(frozen=True)
class SiteFile:
    """`site.toml`, well formed."""

    source: TomlSource
    table: SiteTable

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages every text must have."""
        return tuple(language for language in self.table.languages.order if language in LANGUAGES)


@dataclass(frozen=True)
class ServiceFile:
    """One file of `services/`, well formed."""

    source: TomlSource
    table: ServiceTable


def check_site(file: SiteFile, icons: Path, findings: Findings) -> None:
    """Everything that can be said of `site.toml` alone."""
    table, source = file.table, file.source
    _check_languages(file, findings)
    check_words(source, table, file.languages, findings)
    _unique(source, "themes", [theme.id for theme in table.themes], "id", findings)
    _unique(source, "queues", [queue.id for queue in table.queues], "id", findings)
    _unique(source, "queues", [queue.letter for queue in table.queues], "letter", findings)
    _unique(source, "contact_points", [point.id for point in table.contact_points], "id", findings)
    _unique(source, "purposes", [purpose.id for purpose in table.purposes], "id", findings)
    _unique(source, "hints", [hint.id for hint in table.hints], "id", findings)
    _unique(source, "attests", [attest.id for attest in table.attests], "id", findings)
    queues = [queue.id for queue in table.queues]
    for index, point in enumerate(table.contact_points):
        for place, queue in enumerate(point.queues):
            _known(source, ("contact_points", index, "queues", place), "queue", queue, queues, findings)
    for index, theme in enumerate(table.themes):
        _check_icon(source, ("themes", index, "icon"), theme.icon, icons, findings)
    for index, hint in enumerate(table.hints):
        if hint.when == HintWhen.LIVES_ELSEWHERE.value and not table.postal_codes:
            line = source.line(("hints", index, "when"))
            found = f"hint '{hint.id}' looks at '{hint.when}' and the site has no postal codes"
            findings.add(source.path, line, found, 'add postal_codes = ["…"] above the first table')
    purposes = [purpose.id for purpose in table.purposes]
    for index, attest in enumerate(table.attests):
        _known(source, ("attests", index, "purpose"), "purpose", attest.purpose, purposes, findings)
    check_attests(source, table, findings)


def check_service(file: ServiceFile, site: SiteFile, icons: Path, findings: Findings) -> None:
    """Everything that can be said of one service and its site."""
    source, table = file.source, file.table
    check_words(source, table, site.languages, findings)
    _known(source, ("theme",), "theme", table.theme, [theme.id for theme in site.table.themes], findings)
    _check_icon(source, ("icon",), table.icon, icons, findings)
    if table.id != source.path.stem:
        found = f"the id is '{table.id}' and the file is named '{source.path.name}'"
        findings.add(source.path, source.line(("id",)), found, "give both the same name")
    for index, offer in enumerate(table.offers):
        _check_offer(source, index, offer, site, findings)
    check_offers(source, table, site.table, findings)
    if table.offers and all(offer.way in _WITH_CARD for offer in table.offers):
        line = source.line(("offers", 0, "way"))
        right = "add another way, like a ticket, for people who cannot or will not use theirs"
        findings.add(source.path, line, "this service is given with a card only", right)


def check_popular(files: Sequence[ServiceFile], findings: Findings) -> None:
    """Two services cannot have the same place among the popular ones."""
    first: dict[int, ServiceFile] = {}
    for file in files:
        place = file.table.popular
        if place is not None and (other := first.setdefault(place, file)) is not file:
            found = f"popular = {place} is also the place of '{other.table.id}'"
            line = file.source.line(("popular",))
            findings.add(file.source.path, line, found, "give each service a place of its own")


def check_hints(files: Sequence[ServiceFile], site: SiteFile, findings: Findings) -> None:
    """A hint must lead to a service there is."""
    services = [file.table.id for file in files]
    for index, hint in enumerate(site.table.hints):
        _known(site.source, ("hints", index, "service"), "service", hint.service, services, findings)


def check_themes(files: Sequence[ServiceFile], site: SiteFile, findings: Findings) -> None:
    """A theme without a service would be a door that leads nowhere."""
    used = {file.table.theme for file in files}
    for index, theme in enumerate(site.table.themes):
        if theme.id not in used:
            line = site.source.line(("themes", index, "id"))
            found = f"no service belongs to the theme '{theme.id}'"
            findings.add(site.source.path, line, found, "give it a service, or leave the theme out")


def _check_languages(file: SiteFile, findings: Findings) -> None:
    table, source = file.table, file.source
    regimes = [regime.value for regime in Regime]
    if not _known(source, ("languages", "regime"), "regime", table.languages.regime, regimes, findings):
        return
    regime = Regime(table.languages.regime)
    try:
        LanguageProfile(regime, tuple(table.languages.order))
    except LanguageLawError as error:
        line = source.line(("languages", "order"))
        findings.add(source.path, line, str(error), "change the order, or name the regime the site falls under")
    if regime is Regime.DEMO and not table.practice:
        line = source.line(("practice",))
        findings.add(source.path, line, "regime 'demo' without the practice mark", "write practice = true")


def _check_offer(source: TomlSource, index: int, offer: OfferTable, site: SiteFile, findings: Findings) -> None:
    """Names in an offer are those of the site."""
    if offer.queue is not None:
        _check_queue(source, ("offers", index, "queue"), offer.queue, site, findings)
    if offer.purpose is not None:
        known = [purpose.id for purpose in site.table.purposes]
        _known(source, ("offers", index, "purpose"), "purpose", offer.purpose, known, findings)
    if offer.attest is not None:
        known = [attest.id for attest in site.table.attests]
        _known(source, ("offers", index, "attest"), "attest", offer.attest, known, findings)


def _check_queue(source: TomlSource, path: KeyPath, queue: str, site: SiteFile, findings: Findings) -> None:
    known = [table.id for table in site.table.queues]
    if not _known(source, path, "queue", queue, known, findings):
        return
    if not any(queue in point.queues for point in site.table.contact_points):
        found = f"no contact point serves the queue '{queue}'"
        findings.add(source.path, source.line(path), found, "add it to `queues` of a contact point in site.toml")


def _known(source: TomlSource, path: KeyPath, what: str, name: str, known: Sequence[str], findings: Findings) -> bool:
    if name not in known:
        findings.add(source.path, source.line(path), f"unknown {what} '{name}'", choose_among(name, known))
    return name in known


def _unique(source: TomlSource, array: str, values: Iterable[str], member: str, findings: Findings) -> None:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            line = source.line((array, index, member))
            findings.add(source.path, line, f"{member} '{value}' twice in {array}", f"give each its own {member}")
        seen.add(value)


def _check_icon(source: TomlSource, path: KeyPath, icon: str, icons: Path, findings: Findings) -> None:
    if icons.is_dir() and not (icons / f"{icon}.svg").is_file():
        known = [file.stem for file in icons.glob("*.svg")]
        right = choose_among(icon, known)
        if len(right) > 80:
            right = f"take one of the {len(known)} pictures in {icons.name}/"
        findings.add(source.path, source.line(path), f"unknown icon '{icon}'", right)
