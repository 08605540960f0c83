"""The municipality the tests use: one building with three queues, one without counters, four languages. Not a test."""

from __future__ import annotations

from sync.backoffice.site import OfficeInfo, QueueInfo, SiteInfo

MONDAY_10H = 1_795_424_400_000
"""Monday 23 November 2026, 10:00 in Brussels, in UTC milliseconds."""


def _words(nl: str, fr: str, en: str, de: str) -> dict[str, str]:
    return {"nl": nl, "fr": fr, "en": en, "de": de}


TRAVEL = QueueInfo(
    "travel", "A", _words("Identiteit en reizen", "Identité et voyages", "Identity and travel", "Ausweis und Reisen")
)
CIVIL = QueueInfo(
    "civil",
    "B",
    _words("Burgerlijke stand en bevolking", "État civil et population", "Civil status and population", "Standesamt"),
)
LIVING = QueueInfo(
    "living", "C", _words("Wonen en bouwen", "Logement et construction", "Living and building", "Wohnen und Bauen")
)

SERVICES = {
    "passport": _words("Reispas", "Passeport", "Passport", "Reisepass"),
    "eid": _words("Identiteitskaart", "Carte d’identité", "Identity card", "Personalausweis"),
    "birth": _words("Geboorteakte", "Acte de naissance", "Birth certificate", "Geburtsurkunde"),
    "moving": _words("Adreswijziging", "Changement d’adresse", "Change of address", "Adressänderung"),
}

SITE = SiteInfo(
    id="lindeveld",
    name=_words("Lindeveld", "Lindeveld", "Lindeveld", "Lindeveld"),
    languages=("nl", "fr", "en", "de"),
    timezone="Europe/Brussels",
    brand="#0B4F6C",
    mark="L",
    practice=True,
    offices=(
        OfficeInfo("hall", _words("Gemeentehuis", "Maison communale", "Town hall", "Rathaus"), (TRAVEL, CIVIL, LIVING)),
        OfficeInfo("library", _words("Bibliotheek", "Bibliothèque", "Library", "Bibliothek"), ()),
    ),
    services=SERVICES,
    enterprise_number="0199999944",
)
