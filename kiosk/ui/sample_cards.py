"""Sample pages around the identity card and its PIN: every picture, every kind of news, and texts as long as they get.

The person is plainly invented. Not for: the product; its pages come from journeys.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.pages import (
    CardPage,
    CardPicture,
    Fact,
    Option,
    Page,
    PinPage,
    Section,
    SheetPage,
    Tone,
    Weight,
)
from kiosk.ui.sample_words import same, text

_WITHOUT = Option(
    "without",
    text("Zonder kaart verder", "Continuer sans carte", "Go on without a card", "Ohne Ausweis weiter"),
    None,
    "arrow-right",
    Weight.QUIET,
)
_NAME = text("Naam", "Nom", "Name", "Name")
_ADDRESS = text("Adres", "Adresse", "Address", "Adresse")
_NUMBER = text(
    "Rijksregister\u00adnummer",
    "Numéro de registre national",
    "National register number",
    "Nationalregister\u00adnummer",
)
_NATIONALITY = text("Nationaliteit", "Nationalité", "Nationality", "Staats\u00adangehörigkeit")
_BIRTH = text("Geboortedatum", "Date de naissance", "Date of birth", "Geburtsdatum")
_ASKED = Section(
    text("Dit lezen we", "Nous lisons", "We read", "Das lesen wir"), (_NAME, _BIRTH, _ADDRESS), "check-circle"
)
_SPARED = Section(
    text("Dit lezen we niet", "Nous ne lisons pas", "We do not read", "Das lesen wir nicht"),
    (
        text("Geboorteplaats", "Lieu de naissance", "Place of birth", "Geburtsort"),
        _NATIONALITY,
        _NUMBER,
        text("Foto", "Photo", "Photo", "Foto"),
    ),
    "x-circle",
)
_WHY = Section(
    text("Waarom en hoelang", "Pourquoi et combien de temps", "Why and for how long", "Warum und wie lange"),
    (
        text(
            "Om te weten in welke gemeente u woont.",
            "Pour savoir dans quelle commune vous habitez.",
            "To know in which municipality you live.",
            "Um zu wissen, in welcher Gemeinde Sie wohnen.",
        ),
        text(
            "We bewaren niets. Na uw bezoek is alles gewist.",
            "Nous ne gardons rien. Après votre visite, tout est effacé.",
            "We keep nothing. After your visit everything is erased.",
            "Wir speichern nichts. Nach Ihrem Besuch ist alles gelöscht.",
        ),
    ),
    "info",
    bulleted=False,
)
INSERT = CardPage(
    title=text(
        "Steek uw identiteitskaart in de lezer",
        "Insérez votre carte d’identité",
        "Put your identity card in the reader",
        "Stecken Sie Ihren Personalausweis ein",
    ),
    subtitle=text(
        "De chip gaat eerst. Duw zacht tot de kaart niet verder kan.",
        "La puce en premier. Poussez doucement jusqu’au bout.",
        "The chip goes in first. Push gently until the card stops.",
        "Der Chip zuerst. Schieben Sie den Ausweis sanft bis zum Anschlag.",
    ),
    sections=(_ASKED, _SPARED, _WHY),
    options=(_WITHOUT,),
)
_LONG_WHY = replace(
    _WHY,
    items=(
        text(
            "Om een bewijs van uw hoofdverblijfplaats te maken, met uw naam en adres zoals ze op de kaart staan.",
            "Pour établir un certificat de résidence principale, avec vos nom et adresse lus sur la carte.",
            "To make a proof of your main residence, with your name and address as they stand on the card.",
            "Um eine Bescheinigung Ihres Haupt\u00adwohnsitzes auszustellen, mit Ihrem Namen und Ihrer Anschrift, "
            "wie sie auf dem Ausweis stehen.",
        ),
        text(
            "De wet van 8 augustus 1983 op het Rijksregister laat dit toe voor deze dienst.",
            "La loi du 8 août 1983 organisant un registre national le permet pour ce service.",
            "The law of 8 August 1983 on the National Register permits this for this service.",
            "Das Gesetz vom 8. August 1983 über das National\u00adregister erlaubt dies für diesen Dienst.",
        ),
        text(
            "De aanvraag blijft tien jaar bewaard bij de dienst Bevolking; deze zuil bewaart niets.",
            "La demande est conservée dix ans au service Population\u00a0; cette borne ne garde rien.",
            "The request is kept for ten years by the population service; this column keeps nothing.",
            "Der Antrag wird zehn Jahre beim Bevölkerungs\u00addienst aufbewahrt; diese Säule speichert nichts.",
        ),
    ),
)
INSERT_LONG = replace(
    INSERT,
    subtitle=text(
        "De kaart was te vroeg uit de lezer. Steek ze er opnieuw in en laat ze zitten.",
        "La carte est sortie trop tôt. Insérez-la à nouveau et laissez-la.",
        "The card came out too early. Put it in again and leave it in.",
        "Der Ausweis kam zu früh heraus. Bitte wieder einstecken und stecken lassen.",
    ),
    tone=Tone.WARNING,
    sections=(
        replace(_ASKED, items=(*_ASKED.items, _NUMBER, _NATIONALITY)),
        replace(_SPARED, items=(*_SPARED.items[:1], _SPARED.items[3])),
        _LONG_WHY,
    ),
)
TURN = CardPage(
    title=text(
        "Deze kaart kunnen we niet lezen",
        "Nous ne pouvons pas lire cette carte",
        "We cannot read this card",
        "Diese Karte können wir nicht lesen",
    ),
    subtitle=text(
        "De kaart antwoordt niet. Haal ze eruit, draai ze om en steek ze met de chip eerst in.",
        "La carte ne répond pas. Retirez-la, retournez-la et insérez-la, la puce en premier.",
        "The card does not answer. Take it out, turn it over and put it in chip first.",
        "Der Ausweis antwortet nicht. Nehmen Sie ihn heraus, drehen Sie ihn um, den Chip zuerst.",
    ),
    picture=CardPicture.TURN,
    tone=Tone.WARNING,
    options=(_WITHOUT,),
)
READING = CardPage(
    title=text("We lezen uw kaart", "Nous lisons votre carte", "We are reading your card", "Wir lesen Ihren Ausweis"),
    subtitle=text(
        "Laat de kaart zitten. We kijken of de kaart echt is.",
        "Laissez la carte. Nous vérifions qu’elle est authentique.",
        "Leave the card in. We are checking that it is genuine.",
        "Bitte stecken lassen. Wir prüfen, ob der Ausweis echt ist.",
    ),
    picture=CardPicture.READING,
    done=2,
    of=4,
    back=False,
)
TAKE = CardPage(
    title=text("Neem uw kaart", "Reprenez votre carte", "Take your card", "Nehmen Sie Ihren Ausweis"),
    subtitle=text(
        "Uw kaart zit nog in de lezer. Zonder kaart gaat u hier niet weg.",
        "Votre carte est encore dans le lecteur. Ne partez pas sans elle.",
        "Your card is still in the reader. Do not leave without it.",
        "Ihr Ausweis steckt noch im Leser. Gehen Sie nicht ohne ihn.",
    ),
    picture=CardPicture.TAKE,
    tone=Tone.WARNING,
    back=False,
)
REVIEW = SheetPage(
    title=text("Klopt dit?", "Est-ce correct\u00a0?", "Is this right?", "Stimmt das?"),
    subtitle=text(
        "Dit hebben we van uw kaart gelezen.",
        "Voici ce que nous avons lu sur votre carte.",
        "This is what we read from your card.",
        "Das haben wir von Ihrem Ausweis gelesen.",
    ),
    facts=(
        Fact(_NAME, same("Testine Voorbeeld"), "user", private=True),
        Fact(_ADDRESS, same("Proefstraat 99 bus 3, 9999 Lindeveld"), "house", private=True),
        Fact(
            text("Geldigheid", "Validité", "Validity", "Gültigkeit"),
            text("Tot en met 30.06.2031", "Jusqu’au 30.06.2031", "Until 30.06.2031", "Bis 30.06.2031"),
            "calendar-check",
        ),
    ),
    sections=(_SPARED,),
    options=(
        Option(
            "confirm",
            text("Ja, naar de pincode", "Oui, vers le code PIN", "Yes, to the PIN", "Ja, weiter zur PIN"),
            weight=Weight.PRIMARY,
        ),
    ),
)
PIN = PinPage(
    title=text("Geef uw pincode", "Entrez votre code PIN", "Enter your PIN", "Geben Sie Ihre PIN ein"),
    subtitle=text(
        "De code van uw identiteitskaart. Scherm het scherm af met uw hand.",
        "Le code de votre carte d’identité. Cachez l’écran avec la main.",
        "The code of your identity card. Cover the screen with your hand.",
        "Die PIN Ihres Personal\u00adausweises. Decken Sie den Bildschirm mit der Hand ab.",
    ),
    options=(Option("confirm", text("Bevestigen", "Confirmer", "Confirm", "Bestätigen"), weight=Weight.PRIMARY),),
)
PIN_WRONG = replace(
    PIN,
    entered=2,
    news=text(
        "De pincode is niet juist. Nog 2 pogingen over.",
        "Le code PIN est faux. Il reste 2 essais.",
        "The PIN is not right. 2 tries left.",
        "Die PIN ist falsch. Noch 2 Versuche.",
    ),
    tone=Tone.WARNING,
)
PIN_LAST = replace(
    PIN,
    entered=12,
    news=text(
        "Nog één poging. Is de pincode weer fout, dan blokkeert uw kaart.",
        "Un dernier essai. Si le code est encore faux, votre carte se bloque.",
        "One try left. If the PIN is wrong again, your card is blocked.",
        "Noch ein Versuch. Ist die PIN wieder falsch, wird Ihr Ausweis gesperrt.",
    ),
    tone=Tone.DANGER,
    options=(*PIN.options, Option("stop", text("Stoppen", "Arrêter", "Stop", "Aufhören"), None, "x-bold")),
)

CARD_PAGES: dict[str, Page] = {
    "card-insert": INSERT,
    "card-long": INSERT_LONG,
    "card-turn": TURN,
    "card-reading": READING,
    "card-take": TAKE,
    "review": REVIEW,
    "pin": PIN,
    "pin-wrong": PIN_WRONG,
    "pin-last": PIN_LAST,
}
"""Every kind of page around the card, by a short name."""
