"""A small, right site that issues attests; tests break one thing of it and look what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.problems import ConfigError
from config.site import load_site
from kiosk.core.catalogue import Site
from tests.config.small_site import SERVICE, SITE, write_site

PURPOSES = """
[[purposes]]
id = "home"
fields = ["name", "birth_date", "nationality", "address"]
level = "card"
[purposes.title]
nl = "Woonst"
fr = "Domicile"
[purposes.why]
nl = "We drukken uw adres."
fr = "Nous imprimons votre adresse."
[purposes.keep]
nl = "Een jaar."
fr = "Un an."

[[purposes]]
id = "alive"
fields = ["name"]
level = "pin"
[purposes.title]
nl = "Leven"
fr = "Vie"
[purposes.why]
nl = "U bent hier zelf."
fr = "Vous êtes ici."
[purposes.keep]
nl = "Twee jaar."
fr = "Deux ans."

[[purposes]]
id = "look-up"
fields = ["national_number", "birth_date"]
level = "pin"
[purposes.title]
nl = "Opzoeken"
fr = "Chercher"
[purposes.why]
nl = "We zoeken uw gezin."
fr = "Nous cherchons votre ménage."
[purposes.keep]
nl = "Drie jaar."
fr = "Trois ans."
[purposes.basis]
nl = "Een verzonnen wet"
fr = "Une loi inventée"
"""
SIGNING = """
[signing]
enterprise_number = "0000.000.097"
officer = "An Voorbeeld"
[signing.capacity]
nl = "Ambtenaar"
fr = "Agente"
"""
ATTESTS = """
[[attests]]
id = "residence"
kind = "residence"
purpose = "home"
languages = ["fr", "nl"]
facts = ["surname", "given_names", "address"]
documents = ["citizen", "foreigner"]
validity_days = 90
min_age = 12
resident = true
[attests.title]
nl = "Bewijs van woonst"
fr = "Certificat de résidence"
[attests.who]
nl = "Inwoners"
fr = "Les habitants"
[attests.legal]
nl = "Afgegeven aan de persoon zelf."
fr = "Délivré à la personne."
[[attests.uses]]
id = "school"
[attests.uses.title]
nl = "School"
fr = "École"
[[attests.uses]]
id = "other"
price_cents = 500
[attests.uses.title]
nl = "Iets anders"
fr = "Autre chose"

[[attests]]
id = "life"
kind = "life"
purpose = "alive"
facts = ["surname", "given_names", "seen_on"]
validity_days = 1
[attests.title]
nl = "Levensbewijs"
fr = "Certificat de vie"
[attests.who]
nl = "Iedereen"
fr = "Tout le monde"
[attests.legal]
nl = "Getoond met pincode."
fr = "Montré avec le code."
[[attests.uses]]
id = "pension"
[attests.uses.title]
nl = "Pensioen"
fr = "Pension"

[[attests]]
id = "household"
kind = "household"
purpose = "look-up"
facts = ["surname", "given_names", "civil_status"]
validity_days = 3650
max_age_days = 7
[attests.title]
nl = "Gezin"
fr = "Ménage"
[attests.who]
nl = "Iedereen"
fr = "Tout le monde"
[attests.legal]
nl = "Uit het register."
fr = "Du registre."
[[attests.uses]]
id = "social"
[attests.uses.title]
nl = "Sociaal doel"
fr = "But social"
"""
ATTEST_SITE = (
    SITE.replace('web = "small.example"\n', 'web = "small.example"\npostal_codes = ["2600"]\n')
    + PURPOSES
    + SIGNING
    + ATTESTS
)
ATTEST_OFFER = '[[offers]]\nway = "attest"\nattest = "life"\n'
ATTEST_SERVICE = SERVICE + ATTEST_OFFER


def loaded(folder: Path, site: str = ATTEST_SITE, service: str = ATTEST_SERVICE) -> Site:
    """The site of these files."""
    return load_site(write_site(folder, site, passport=service), folder / "icons")


def assert_told(folder: Path, site: str, service: str, file: str, line: int, said: str) -> None:
    """Exactly one problem, in that file, on that line, in these words."""
    with pytest.raises(ConfigError) as raised:
        loaded(folder, site, service)
    (problem,) = raised.value.problems
    assert said in str(problem)
    assert (problem.file.name, problem.line) == (file, line)
