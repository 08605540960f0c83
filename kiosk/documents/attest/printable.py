"""Texts of people as they may stand on paper: one line, nothing invisible, nothing that turns the direction.

A name with a hidden character looks like another name, and one with an override reads backwards; neither is ever
repaired. Not for: characters the fonts lack (`kiosk.documents.attest.page`).
"""

from __future__ import annotations

import unicodedata

from kiosk.documents.seal_contract import CannotMake

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories that never stand in a printed fact: controls, format marks, halves, private signs, breaks."""

LONGEST = 250
"""Characters of one fact, as many as can be sealed; more is no name and no address."""


class UnprintableName(CannotMake):
    """A text holds something that cannot be seen on paper, or is far too long.

    Attributes:
        what: where it stands and what it is, such as `surname: U+202E`; never the text itself.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"only visible characters on one line can be printed; found {what}")
        self.what = what


def printable(text: str, name: str) -> str:
    """`text` in NFC without space around it.

    Args:
        name: of the fact, for the error.

    Raises:
        UnprintableName: naming the fact and the code point.
    """
    normal = unicodedata.normalize("NFC", text).strip(" ")
    for character in normal:
        if unicodedata.category(character) in INVISIBLE:
            raise UnprintableName(f"{name}: U+{ord(character):04X}")
    if len(normal) > LONGEST:
        raise UnprintableName(f"{name}: more than {LONGEST} characters")
    return normal
