"""The terminal's own texts to steps of a payment. The protocol has no codes for them, so words decide, in any of four
languages.

Not for: evidence; a text never is.
"""

from __future__ import annotations

import re

from drivers.payment_contract import Step

_WORDS: tuple[tuple[Step, str], ...] = (
    (
        Step.PIN_WRONG,
        r"(onjuiste?|foute?|verkeerde?|incorrecte?|erron\w+|faux|wrong|invalid|falsche?|ung.ltige?)\W.*(pin|code)"
        r"|(pin|code)\W.*(onjuist|fout|verkeerd|incorrect|erron|faux|wrong|invalid|falsch|ung.ltig)",
    ),
    (
        Step.TAKE_CARD,
        r"(neem|verwijder).*kaart|(retire[zr]|reprenez|enlevez).*carte|(remove|take).*card|karte entnehmen",
    ),
    (Step.ENTER_PIN, r"\bpin\b|pincode|geheime code|code secret|geheimzahl"),
    (
        Step.ASKING_BANK,
        r"moment|geduld|verwerk|bezig met|verbinding|patient|veuillez attendre|traitement|connexion|wait|processing"
        r"|connecting|authori[sz]|autori[sz]|bitte warten|verarbeit|verbindung",
    ),
    (
        Step.WAITING_FOR_CARD,
        r"kaart (aan|in|voor)|(bied|houd|steek).*kaart|uw kaart|(pr.sent|ins.r|approch)\w*.*carte|votre carte"
        r"|(insert|present|tap|swipe|hold).*card|your card|karte (ein|vor)|ihre karte",
    ),
    (Step.CARD_SEEN, r"kaart (gelezen|herkend)|carte (lue|reconnue)|card (read|seen|accepted)|karte (gelesen|erkannt)"),
)
_PATTERNS = tuple((step, re.compile(words, re.IGNORECASE)) for step, words in _WORDS)


def read_step(lines: tuple[str, ...]) -> Step:
    """What the terminal is doing; BUSY where no word is known."""
    text = " ".join(lines)[:400]
    return next((step for step, words in _PATTERNS if words.search(text)), Step.BUSY)
