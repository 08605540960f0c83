"""A small, right site on disk; tests break one thing of it and look what is said."""

from __future__ import annotations

from pathlib import Path

SITE = """\
id = "small-town"
mark = "S"
brand = "#0B4F6C"
practice = false
timezone = "Europe/Brussels"
phone = "03 000 00 00"
web = "small.example"
[name]
nl = "Klein"
fr = "Petit"
[languages]
regime = "rim"
order = ["nl", "fr"]

[[themes]]
id = "identity"
icon = "card"
[themes.title]
nl = "Identiteit"
fr = "Identité"
[themes.hint]
nl = "Kaart en paspoort"
fr = "Carte et passeport"

[[queues]]
id = "identity"
letter = "A"
[queues.title]
nl = "Identiteit"
fr = "Identité"
[queues.place]
nl = "Wachtzaal"
fr = "Salle d'attente"

[[contact_points]]
id = "town-hall"
address = "Markt 1"
phone = "03 000 00 01"
queues = ["identity"]
[contact_points.name]
nl = "Stadhuis"
fr = "Hôtel de ville"
[contact_points.kind]
nl = "Stadhuis"
fr = "Hôtel de ville"
[contact_points.directions]
nl = "Op de markt"
fr = "Sur la place"
[contact_points.hours]
monday = ["13:30-16:00", "09:00-12:30"]
[[contact_points.closed]]
day = 2026-12-25
until = 2026-12-26
[contact_points.closed.reason]
nl = "Kerstmis"
fr = "Noël"
"""

SERVICE = """\
id = "passport"
theme = "identity"
icon = "card"
popular = 1
[title]
nl = "Reis\\u00ADpas"
fr = "Passeport"
[summary]
nl = "Om te reizen."
fr = "Pour voyager."
[audience]
nl = "Iedereen"
fr = "Tout le monde"
[keywords]
nl = ["pas"]
fr = ["voyage"]
[[bring]]
nl = "Kaart"
fr = "Carte"
[[costs]]
amount_cents = 7500
[costs.label]
nl = "Volwassene"
fr = "Adulte"
[[offers]]
way = "ticket"
queue = "identity"
[[offers]]
way = "appointment"
phone = "03 000 00 01"
"""


def write_site(folder: Path, site: str = SITE, **services: str) -> Path:
    """Write a site; services by id with `_` for `-`, the passport when none is given. Returns its folder."""
    (folder / "services").mkdir(parents=True, exist_ok=True)
    (folder / "site.toml").write_text(site, encoding="utf-8")
    for name, text in (services or {"passport": SERVICE}).items():
        (folder / "services" / f"{name.replace('_', '-')}.toml").write_text(text, encoding="utf-8")
    icons = folder / "icons"
    icons.mkdir(exist_ok=True)
    (icons / "card.svg").write_text("<svg/>", encoding="utf-8")
    return folder


def line_of(text: str, part: str, nth: int = 1) -> int:
    """The line on which `part` stands for the nth time."""
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if part in line]
    return lines[nth - 1]
