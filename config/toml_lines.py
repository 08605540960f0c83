"""Where each key and each array element of a TOML text stands.

Walks a text that `tomllib` has already accepted, so it needs to know only where values begin and end, never what they
mean. Not for: refusing bad TOML (`config.toml_source`).
"""

from __future__ import annotations

import re
from bisect import bisect_right

KeyPath = tuple[str | int, ...]
"""Table keys and array indices from the top of a file to one value."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]*")


def lines_of(text: str) -> dict[KeyPath, int]:
    """The line (from 1) of every table, key and array element of a valid TOML text."""
    return _Walk(text).lines


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [match.end() for match in re.finditer("\n", text)]
        self._arrays: dict[KeyPath, int] = {}
        self.lines: dict[KeyPath, int] = {}
        self._document()

    def _document(self) -> None:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            table = self._header() if self._text[self._at] == "[" else self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> KeyPath:
        array = self._text.startswith("[[", self._at)
        start = self._at
        self._at += 2 if array else 1
        name = self._key()
        path = self._resolve(name[:-1]) + name[-1:]
        if array:
            self._arrays[path] = self._arrays.get(path, -1) + 1
            self._note(path, start)
        path = self._within_array(path)
        for length in range(1, len(path) + 1):
            self._note(path[:length], start)
        self._at = self._text.index("]", self._at) + (2 if array else 1)
        return path

    def _resolve(self, name: KeyPath) -> KeyPath:
        path: KeyPath = ()
        for part in name:
            path = self._within_array((*path, part))
        return path

    def _within_array(self, path: KeyPath) -> KeyPath:
        return (*path, self._arrays[path]) if path in self._arrays else path

    def _pair(self, table: KeyPath) -> KeyPath:
        start = self._at
        name = self._key()
        for length in range(1, len(name) + 1):
            self._note(table + name[:length], start)
        self._skip(_SPACE)
        self._at += 1
        self._skip(_SPACE)
        self._value(table + name)
        return table

    def _key(self) -> KeyPath:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            parts.append(self._key_part())
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return tuple(parts)
            self._at += 1

    def _key_part(self) -> str:
        quoted = self._text[self._at] in "\"'"
        word = self._skip(_STRING if quoted else _BARE_KEY)
        return word[1:-1] if quoted else word

    def _value(self, path: KeyPath) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            self._skip(_STRING if opening in "\"'" else _SCALAR)

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        index = 0
        while not self._closes("]"):
            self._note((*path, index), self._at)
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while not self._closes("}"):
            self._pair(path)

    def _closes(self, bracket: str) -> bool:
        self._skip(_BLANK)
        if self._text[self._at] == ",":
            self._at += 1
            self._skip(_BLANK)
        if self._text[self._at] != bracket:
            return False
        self._at += 1
        return True

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"no TOML at character {self._at}")
        self._at = match.end()
        return match[0]

    def _note(self, path: KeyPath, position: int) -> None:
        self.lines.setdefault(path, bisect_right(self._starts, position) + 1)
