"""Sample pages in every language: what the screens are drawn with in tests and in the book of screenshots.

The words are as long as real ones get. Not for: the product; its pages come from journeys.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.pages import (
    Fact,
    MenuPage,
    NoticePage,
    Option,
    Overlay,
    Page,
    SearchPage,
    Section,
    SheetPage,
    TicketPage,
    Tone,
    Weight,
    WelcomePage,
)
from kiosk.ui.brand import Brand
from kiosk.ui.sample_cards import CARD_PAGES
from kiosk.ui.sample_words import same as same
from kiosk.ui.sample_words import text as text
from kiosk.ui.words import OWN_NAMES

BRAND = Brand(
    name=text("Lindeveld", "Lindeveld", "Lindeveld", "Lindeveld"),
    mark="L",
    colour="#0B4F6C",
    place=text("Gemeentehuis", "Maison communale", "Town hall", "Rathaus"),
    practice=True,
)

_START = text("Raak aan om te beginnen", "Touchez pour commencer", "Touch to begin", "Zum Beginnen berühren")

WELCOME = WelcomePage(
    title=text("Welkom in Lindeveld", "Bienvenue à Lindeveld", "Welcome to Lindeveld", "Willkommen in Lindeveld"),
    subtitle=text("Kies uw taal", "Choisissez votre langue", "Choose your language", "Wählen Sie Ihre Sprache"),
    back=False,
    notices=(
        text(
            "De loketten zijn open tot 12.30 uur.",
            "Les guichets sont ouverts jusqu’à 12 h 30.",
            "The counters are open until 12.30.",
            "Die Schalter sind bis 12.30 Uhr geöffnet.",
        ),
        text(
            "Er komt vandaag geen papier uit deze zuil. U krijgt uw nummer op het scherm.",
            "Cette borne n’imprime pas aujourd’hui. Votre numéro s’affiche à l’écran.",
            "This column does not print today. You will see your number on the screen.",
            "Diese Säule druckt heute nicht. Sie sehen Ihre Nummer auf dem Bildschirm.",
        ),
    ),
    options=tuple(
        Option(code, same(name), same(_START.values[code]), weight=Weight.PRIMARY) for code, name in OWN_NAMES.items()
    ),
)

_THEMES = (
    (
        "identity",
        "identification-card",
        text("Identiteit en reizen", "Identité et voyage", "Identity and travel", "Ausweise und Reisen"),
        text(
            "Identiteitskaart, reispas", "Carte d’identité, passeport", "Identity card, passport", "Ausweis, Reisepass"
        ),
    ),
    (
        "family",
        "users-three",
        text("Familie en bevolking", "Famille et population", "Family and population", "Familie und Bevölke\u00adrung"),
        text(
            "Geboorte, huwelijk, adres",
            "Naissance, mariage, adresse",
            "Birth, marriage, address",
            "Geburt, Ehe, Adresse",
        ),
    ),
    (
        "living",
        "house-line",
        text("Wonen en mobiliteit", "Logement et mobilité", "Living and mobility", "Wohnen und Mobilität"),
        text(
            "Parkeren, bouwen, afval", "Parking, travaux, déchets", "Parking, building, waste", "Parken, Bauen, Abfall"
        ),
    ),
    (
        "welfare",
        "hand-heart",
        text("Welzijn", "Bien-être", "Welfare", "Soziales"),
        text("Steun, zorg, pensioen", "Aide, soins, pension", "Support, care, pension", "Hilfe, Pflege, Rente"),
    ),
    (
        "leisure",
        "ticket",
        text("Vrije tijd", "Loisirs", "Leisure", "Freizeit"),
        text(
            "Bibliotheek, sport, cultuur",
            "Bibliothèque, sport",
            "Library, sports, culture",
            "Bibliothek, Sport, Kultur",
        ),
    ),
)

_SERVICES = (
    (
        "residence",
        "house",
        text("Attest van woonst", "Certificat de résidence", "Proof of residence", "Wohnsitz\u00adbescheinigung"),
    ),
    (
        "household",
        "users-four",
        text(
            "Samenstelling van het gezin",
            "Composition de ménage",
            "Household composition",
            "Haushalts\u00adzusammen\u00adsetzung",
        ),
    ),
    ("birth", "baby", text("Geboorteakte", "Acte de naissance", "Birth certificate", "Geburts\u00adurkunde")),
    ("marriage", "heart", text("Huwelijksakte", "Acte de mariage", "Marriage certificate", "Heirats\u00adurkunde")),
    (
        "record",
        "scales",
        text(
            "Uittreksel strafregister",
            "Extrait de casier judiciaire",
            "Criminal record extract",
            "Straf\u00adregister\u00adauszug",
        ),
    ),
    (
        "eid",
        "identification-card",
        text(
            "Identiteitskaart en eID",
            "Carte d’identité et eID",
            "Identity card and eID",
            "Personal\u00adausweis und eID",
        ),
    ),
    ("move", "truck", text("Adreswijziging", "Changement d’adresse", "Change of address", "Adress\u00adänderung")),
    ("licence", "steering-wheel", text("Rijbewijs", "Permis de conduire", "Driving licence", "Führerschein")),
    (
        "parking",
        "letter-circle-p",
        text("Parkeerkaart", "Carte de stationne\u00adment", "Parking permit", "Parkausweis"),
    ),
    ("bill", "credit-card", text("Een factuur betalen", "Payer une facture", "Pay a bill", "Eine Rechnung bezahlen")),
    (
        "waste",
        "recycle",
        text("Afval en recyclage", "Déchets et recyclage", "Waste and recycling", "Abfall und Recycling"),
    ),
)


def service(number: int, weight: Weight = Weight.NORMAL) -> Option:
    """A service's option; numbers beyond the list repeat it."""
    name, icon, title = _SERVICES[number % len(_SERVICES)]
    suffix = "" if number < len(_SERVICES) else f"-{number // len(_SERVICES)}"
    return Option(f"service:{name}{suffix}", title, None, icon, weight)


HOME = MenuPage(
    title=text(
        "Waarmee kunnen we u helpen?",
        "Comment pouvons-nous vous aider\u00a0?",
        "How can we help you?",
        "Wie können wir Ihnen helfen?",
    ),
    subtitle=text(
        "Kies een thema of zoek met uw eigen woorden.",
        "Choisissez un thème ou cherchez avec vos mots.",
        "Choose a theme or search in your own words.",
        "Wählen Sie ein Thema oder suchen Sie mit eigenen Worten.",
    ),
    back=False,
    group=text(
        "Thema’s en veelgestelde vragen",
        "Thèmes et questions fréquentes",
        "Themes and common questions",
        "Themen und häufige Fragen",
    ),
    options=(
        Option(
            "search",
            text("Zoeken", "Chercher", "Search", "Suchen"),
            text("Typ uw vraag", "Tapez votre question", "Type your question", "Tippen Sie Ihre Frage"),
            "magnifying-glass",
            Weight.PRIMARY,
        ),
        Option(
            "all",
            text("Alle diensten", "Tous les services", "All services", "Alle Dienste"),
            text("Van A tot Z", "De A à Z", "From A to Z", "Von A bis Z"),
            "list",
            Weight.PRIMARY,
        ),
        *(Option(f"theme:{name}", title, hint, icon) for name, icon, title, hint in _THEMES),
        *(service(number, Weight.QUIET) for number in range(7)),
    ),
)

THEME = MenuPage(title=_THEMES[0][2], subtitle=_THEMES[0][3], options=tuple(service(number) for number in range(4)))
ALL = MenuPage(title=HOME.options[1].label, options=tuple(service(number) for number in range(45)))

_EVERYTHING = replace(HOME.options[1], hint=None, weight=Weight.QUIET)
SEARCH = SearchPage(
    title=text("Wat zoekt u?", "Que cherchez-vous\u00a0?", "What are you looking for?", "Was suchen Sie?"),
    subtitle=text(
        "Een of twee woorden zijn genoeg.",
        "Un ou deux mots suffisent.",
        "One or two words are enough.",
        "Ein oder zwei Wörter genügen.",
    ),
    options=(_EVERYTHING,),
)
FOUND = replace(SEARCH, query="akte", options=(*(service(number) for number in range(9)), _EVERYTHING))
NOTHING = replace(
    SEARCH,
    query="xyz",
    empty=text(
        "We vinden niets met deze woorden. Probeer een ander woord, bekijk alle diensten of vraag hulp.",
        "Nous ne trouvons rien avec ces mots. Essayez un autre mot, voyez tous les services ou demandez de l’aide.",
        "We find nothing with these words. Try another word, see all services or ask for help.",
        "Wir finden nichts mit diesen Wörtern. Versuchen Sie ein anderes Wort, sehen Sie alle Dienste "
        "oder bitten Sie um Hilfe.",
    ),
)

_FACTS = (
    Fact(
        text("In de rij", "Dans la file", "In the queue", "In der Reihe"),
        text("4 personen voor u", "4 personnes avant vous", "4 people before you", "4 Personen vor Ihnen"),
        "users-three",
    ),
    Fact(
        text("Prijs", "Prix", "Cost", "Preis"),
        text("Vanaf 25,40 euro", "À partir de 25,40 euros", "From 25.40 euro", "Ab 25,40 Euro"),
        "currency-eur",
    ),
    Fact(
        text("Voor wie", "Pour qui", "For whom", "Für wen"),
        text(
            "Voor inwoners met de Belgische nationaliteit vanaf 12 jaar",
            "Pour les habitants de nationalité belge dès 12 ans",
            "For residents of Belgian nationality from the age of 12",
            "Für Einwohner mit belgischer Staatsangehörigkeit ab 12 Jahren",
        ),
        "user",
    ),
)
_BRING = Section(
    text("Breng mee", "À apporter", "Bring with you", "Bringen Sie mit"),
    (
        text(
            "uw oude identiteitskaart",
            "votre ancienne carte d’identité",
            "your old identity card",
            "Ihren alten Personalausweis",
        ),
        text(
            "de oproepingsbrief die u per post kreeg",
            "la convocation reçue par la poste",
            "the letter you received by post",
            "das Schreiben, das Sie per Post erhalten haben",
        ),
        text(
            "een pasfoto op een witte achtergrond, niet ouder dan zes maanden",
            "une photo d’identité sur fond blanc, de moins de six mois",
            "a passport photo on a white background, not older than six months",
            "ein Passfoto vor weißem Hintergrund, nicht älter als sechs Monate",
        ),
    ),
    "bag",
)
_PRICES = Section(
    text("Prijzen", "Prix", "Prices", "Preise"),
    (
        text("gewoon: 25,40 euro", "normal\u00a0: 25,40 euros", "normal: 25.40 euro", "normal: 25,40 Euro"),
        text(
            "dringend, binnen twee werkdagen: 135,80 euro",
            "urgent, en deux jours ouvrables\u00a0: 135,80 euros",
            "urgent, within two working days: 135.80 euro",
            "dringend, in zwei Werktagen: 135,80 Euro",
        ),
    ),
    "currency-eur",
)
_WHERE = Section(
    text("Waar", "Où", "Where", "Wo"),
    (
        text(
            "hier, aan de loketten 1 tot 4",
            "ici, aux guichets 1 à 4",
            "here, at counters 1 to 4",
            "hier, an den Schaltern 1 bis 4",
        ),
        text(
            "in het stadskantoor, Kerkstraat 12",
            "au centre administratif, Kerkstraat 12",
            "at the city office, Kerkstraat 12",
            "im Stadtbüro, Kerkstraat 12",
        ),
    ),
    "map-pin",
)
_TAKE = Option(
    "way:0",
    text("Volgnummer nemen", "Prendre un numéro", "Take a ticket", "Nummer ziehen"),
    None,
    "ticket",
    Weight.PRIMARY,
)
_BOOK = Option(
    "way:1",
    text("Afspraak maken", "Prendre rendez-vous", "Make an appointment", "Termin vereinbaren"),
    None,
    "calendar-check",
)
_CALL = Option("way:2", text("Bellen", "Téléphoner", "Call", "Anrufen"), same("03 123 45 67"), "phone")

SHEET = SheetPage(
    title=_SERVICES[5][2],
    subtitle=text(
        "Uw identiteitskaart vernieuwen, of een nieuwe vragen als ze weg of stuk is.",
        "Renouveler votre carte d’identité, ou en demander une autre si elle est perdue ou abîmée.",
        "Renew your identity card, or ask for a new one when it is lost or broken.",
        "Ihren Personalausweis erneuern oder einen neuen beantragen, wenn er verloren oder beschädigt ist.",
    ),
    facts=_FACTS,
    sections=(_BRING, _PRICES, _WHERE),
    options=(_TAKE, _BOOK, _CALL),
)
SHORT = SheetPage(title=_SERVICES[7][2], facts=_FACTS[1:2], sections=(_WHERE,), options=(_TAKE,))
LONG = replace(SHEET, sections=(_BRING, _PRICES, _WHERE) * 3)

TICKET = TicketPage(
    title=text("Uw nummer", "Votre numéro", "Your number", "Ihre Nummer"),
    subtitle=_SERVICES[5][2],
    label="A042",
    back=False,
    facts=(
        _FACTS[0],
        Fact(
            text("Waar wacht u?", "Où attendre\u00a0?", "Where to wait", "Wo warten Sie?"),
            text(
                "Wachtzaal B, eerste verdieping",
                "Salle d’attente B, premier étage",
                "Waiting room B, first floor",
                "Wartesaal B, erster Stock",
            ),
            "map-pin",
        ),
    ),
    paper=text("Neem uw ticket.", "Prenez votre ticket.", "Take your ticket.", "Nehmen Sie Ihr Ticket."),
    paper_tone=Tone.SUCCESS,
    code="https://lindeveld.example/volg/7f3a2c9d",
    code_hint=text(
        "Scan deze code en volg uw beurt op uw telefoon.",
        "Scannez ce code et suivez votre tour sur votre téléphone.",
        "Scan this code to follow your turn on your phone.",
        "Scannen Sie den Code und verfolgen Sie Ihre Reihe am Handy.",
    ),
    options=(
        Option("done", text("Klaar", "Terminé", "Done", "Fertig"), weight=Weight.PRIMARY),
        Option("more", text("Nog een vraag", "Autre question", "Another question", "Noch eine Frage")),
    ),
)
UNPRINTED = replace(
    TICKET,
    label="A007-K3",
    code=None,
    code_hint=None,
    paper_tone=Tone.WARNING,
    paper=text(
        "We weten niet of uw ticket afgedrukt is. Uw nummer geldt. Schrijf het op of maak een foto.",
        "Nous ne savons pas si votre ticket est sorti. Votre numéro est valable. Notez-le ou prenez une photo.",
        "We do not know whether your ticket came out. Your number is valid. Write it down or take a photo.",
        "Wir wissen nicht, ob Ihr Ticket gedruckt ist. Ihre Nummer gilt. Notieren oder fotografieren Sie sie.",
    ),
)

NOTICE = NoticePage(
    title=text(
        "Even geen dienst", "Momentanément hors service", "Out of service for now", "Vorübergehend außer Betrieb"
    ),
    subtitle=text(
        "Er liep iets mis. Uw gegevens zijn gewist. Ga naar het onthaal, of bel ons.",
        "Une erreur s’est produite. Vos données sont effacées. Allez à l’accueil ou appelez-nous.",
        "Something went wrong. Your data are erased. Please go to the reception, or call us.",
        "Etwas ist schiefgegangen. Ihre Daten sind gelöscht. Gehen Sie zum Empfang oder rufen Sie uns an.",
    ),
    tone=Tone.WARNING,
    facts=(
        Fact(text("Telefoon", "Téléphone", "Telephone", "Telefon"), same("03 123 45 67"), "phone"),
        Fact(text("Open tot", "Ouvert jusqu’à", "Open until", "Geöffnet bis"), same("12.30"), "clock"),
    ),
    options=(Option("done", TICKET.options[0].label, weight=Weight.PRIMARY),),
)

IDLE = Overlay(
    NoticePage(
        title=text("Bent u er nog?", "Êtes-vous toujours là\u00a0?", "Are you still there?", "Sind Sie noch da?"),
        subtitle=text(
            "Zonder antwoord stopt uw bezoek. Uw gegevens worden dan gewist.",
            "Sans réponse, votre visite s’arrête. Vos données sont alors effacées.",
            "Without an answer, your visit stops. Your data are then erased.",
            "Ohne Antwort endet Ihr Besuch. Ihre Daten werden dann gelöscht.",
        ),
        icon="clock-countdown",
        back=False,
        options=(
            Option(
                "stay", text("Ik ben er nog", "Je suis là", "I am still here", "Ich bin noch da"), weight=Weight.PRIMARY
            ),
            Option("leave", text("Stoppen", "Arrêter", "Stop", "Beenden")),
        ),
    ),
    seconds_left=20,
)
HOST = Overlay(
    replace(
        NOTICE,
        title=text(
            "We vragen een medewerker",
            "Nous appelons un collaborateur",
            "We are asking a staff member",
            "Wir rufen jemanden vom Personal",
        ),
        tone=Tone.SUCCESS,
        icon="hand-waving",
        facts=NOTICE.facts[:1],
        options=(Option("ok", text("Begrepen", "Compris", "I see", "Verstanden"), weight=Weight.PRIMARY),),
    )
)

PAGES: dict[str, tuple[Page, Overlay | None]] = {
    "welcome": (WELCOME, None),
    "home": (HOME, None),
    "theme": (THEME, None),
    "all": (ALL, None),
    "search": (SEARCH, None),
    "found": (FOUND, None),
    "nothing": (NOTHING, None),
    "sheet": (SHEET, None),
    "short": (SHORT, None),
    "long": (LONG, None),
    "ticket": (TICKET, None),
    "unprinted": (UNPRINTED, None),
    "notice": (NOTICE, None),
    "idle": (SHEET, IDLE),
    "host": (HOME, HOST),
    **{name: (page, None) for name, page in CARD_PAGES.items()},
}
"""Every kind of page, with the overlays, by a short name."""
