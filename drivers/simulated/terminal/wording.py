"""What simulated terminals show and print, in the four languages a citizen may ask for. All of it is marked as a test.

Not for: what the column itself says (the catalogue of texts).
"""

from __future__ import annotations

from dataclasses import dataclass

OWN = "nl"
"""Of a terminal that was told no language, or one it does not speak."""


@dataclass(frozen=True)
class Wording:
    """One language.

    Attributes:
        mark: says that nobody really paid; the first line of every receipt.
        line: begins each line of a long receipt.
        copy: heads the copy of the municipality.
    """

    mark: str
    date: str
    card: str
    number: str
    total: str
    paid: str
    not_paid: str
    line: str
    copy: str
    show_card: str
    card_read: str
    enter_pin: str
    wrong_pin: str
    again: str
    wait: str
    take_card: str
    signature: str


_WORDINGS = {
    "nl": Wording(
        mark="TEST - GEEN ECHTE BETALING",
        date="Datum",
        card="Kaart",
        number="Nummer",
        total="Totaal",
        paid="AKKOORD",
        not_paid="NIET BETAALD",
        line="Regel",
        copy="KOPIE GEMEENTE",
        show_card="Bied uw kaart aan",
        card_read="Kaart gelezen",
        enter_pin="Voer uw pincode in",
        wrong_pin="Onjuiste pincode",
        again="Probeer opnieuw",
        wait="Een moment geduld",
        take_card="Neem uw kaart uit",
        signature="Handtekening akkoord?",
    ),
    "fr": Wording(
        mark="TEST - PAS UN VRAI PAIEMENT",
        date="Date",
        card="Carte",
        number="Numéro",
        total="Total",
        paid="ACCEPTÉ",
        not_paid="NON PAYÉ",
        line="Ligne",
        copy="COPIE COMMUNE",
        show_card="Présentez votre carte",
        card_read="Carte lue",
        enter_pin="Entrez votre code PIN",
        wrong_pin="Code PIN erroné",
        again="Réessayez",
        wait="Veuillez patienter",
        take_card="Retirez votre carte",
        signature="Signature correcte ?",
    ),
    "de": Wording(
        mark="TEST - KEINE ECHTE ZAHLUNG",
        date="Datum",
        card="Karte",
        number="Nummer",
        total="Summe",
        paid="GENEHMIGT",
        not_paid="NICHT BEZAHLT",
        line="Zeile",
        copy="BELEG DER GEMEINDE",
        show_card="Bitte Karte vorhalten",
        card_read="Karte gelesen",
        enter_pin="PIN eingeben",
        wrong_pin="Falsche PIN",
        again="Versuchen Sie es noch einmal",
        wait="Bitte warten",
        take_card="Karte entnehmen",
        signature="Unterschrift richtig?",
    ),
    "en": Wording(
        mark="TEST - NOT A REAL PAYMENT",
        date="Date",
        card="Card",
        number="Number",
        total="Total",
        paid="APPROVED",
        not_paid="NOT PAID",
        line="Line",
        copy="COPY FOR THE MUNICIPALITY",
        show_card="Present your card",
        card_read="Card read",
        enter_pin="Enter your PIN",
        wrong_pin="Wrong PIN",
        again="Try again",
        wait="One moment please",
        take_card="Remove your card",
        signature="Signature correct?",
    ),
}
LANGUAGES = tuple(_WORDINGS)


def wording(language: str) -> Wording:
    """In that language, whatever its letters' size; in the terminal's own where it does not speak it."""
    return _WORDINGS.get(language.strip().lower()[:2], _WORDINGS[OWN])
