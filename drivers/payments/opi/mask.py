"""Card numbers hidden in whatever a terminal says: at most the last four digits stay.

Not for: deciding what is kept of a message.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![0-9])[0-9](?:[ .\-]?[0-9]){12,18}(?![0-9])")
_TRACK = re.compile(r"[0-9]{12,19}[=D^][0-9A-Z^ /=?]*", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(CardPAN|CardPANPrint|MaskedCardNumber|CardNumber|PAN|Track[123]|TrackData|ExpiryDate|CardHolder\w*|Cryptogram"
    r"|PINBlock|InSecureData|OutSecureData)(\s*=\s*\"[^\"]*\"|\s*=\s*'[^']*'|(?:\s[^<>]*)?>[^<]*)"
)
LONGEST_RAW = 8192


def hide_card(text: str) -> str:
    """The text without card numbers: only their last four digits."""
    return _NUMBER.sub(_hidden, _TRACK.sub("****", text))


def last_four(number: str) -> str:
    """What may be shown of a card number, masked or not: "**** 1234"; empty where its end is not told."""
    found = re.search(r"([0-9]{4})$", number.strip())
    return f"**** {found[1]}" if found else ""


def mask_document(document: bytes) -> str:
    """An XML document as text for the journal: card numbers, tracks and cryptograms hidden, length bounded."""
    return hide_card(_NAMED.sub(_emptied, document[:LONGEST_RAW].decode("utf-8", "replace")))


def _emptied(found: re.Match[str]) -> str:
    rest = found[2]
    if rest.lstrip().startswith("="):
        return f'{found[1]}="****"'
    return f"{found[1]}>****"


def _hidden(found: re.Match[str]) -> str:
    digits = re.sub("[^0-9]", "", found[0])
    return f"**** {digits[-4:]}" if _luhn(digits) else found[0]


def _luhn(digits: str) -> bool:
    doubled = [int(d) * 2 if at % 2 else int(d) for at, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
