"""Text on its way to paper: cleaned of everything a printer would obey, wrapped at words, put into one code page.

A name from a card or a server may hold control characters; not one of them reaches the printer. Not for: letters
outside the page, which are drawn instead (`letters`).
"""

from __future__ import annotations

import unicodedata

from drivers.printers.escpos.profiles import CodePage

_SPACES = {"\t": " ", "\u202f": "\u00a0", "\u2007": "\u00a0", "\u2028": "\n", "\u2029": "\n"}
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn")


def clean(text: str) -> str:
    """Composed letters (NFC), line ends as LF, no control, direction or unassigned characters.

    Line feeds stay; tabs become spaces; thin and figure spaces become no-break spaces.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(_SPACES.get(character, character) for character in text)
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _DROPPED)


def encode(text: str, page: CodePage) -> bytes | None:
    """The bytes of one clean line in the page, or None when a letter is not in it."""
    try:
        return text.encode(page.codec)
    except UnicodeEncodeError:
        return None


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most `columns` characters, broken between words; a longer word is cut.

    A no-break space holds its words together. Empty lines stay.
    """
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, max(1, columns))]


def _wrap_paragraph(paragraph: str, columns: int) -> list[str]:
    lines: list[str] = []
    current = ""
    for word in paragraph.split(" "):
        together = f"{current} {word}" if current else word
        if len(together) <= columns:
            current = together
            continue
        if current:
            lines.append(current)
        while len(word) > columns:
            lines.append(word[:columns])
            word = word[columns:]
        current = word
    return [*lines, current]
