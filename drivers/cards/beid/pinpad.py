"""PC/SC part 10 for this card: which features a reader has, and the structure with which it asks for the PIN.

Bytes as in belgian-eid.md §6. Not for: sending them (`drivers.cards.pinpad`).
"""

from __future__ import annotations

FEATURE_REQUEST = 0x42000D48
"""CM_IOCTL_GET_FEATURE_REQUEST as pcsc-lite numbers it."""

VERIFY_PIN_DIRECT = 0x06
_ENTRY = 6
_LANGUAGES = {"nl": 0x0813, "fr": 0x080C, "de": 0x0407, "en": 0x0409}
"""Language identifiers, as readers with a display know them."""

_HEAD = bytes.fromhex("1E1E8947040C040201")
_TAIL = bytes.fromhex("00000000 0D000000 00200001 08 20FFFFFFFFFFFFFF")


def parse_features(answer: bytes) -> dict[int, int]:
    """Control code by feature; what is no feature list gives none."""
    found: dict[int, int] = {}
    for at in range(0, len(answer) - _ENTRY + 1, _ENTRY):
        tag, length = answer[at], answer[at + 1]
        if length != 4:
            return {}
        found[tag] = int.from_bytes(answer[at + 2 : at + _ENTRY], "big")
    return found


def verify_structure(language: str) -> bytes:
    """The 32 bytes of PIN_VERIFY_STRUCTURE: 30 s, 4 to 12 digits as BCD behind their number, validated by OK."""
    return _HEAD + _LANGUAGES.get(language, _LANGUAGES["en"]).to_bytes(2, "little") + _TAIL
