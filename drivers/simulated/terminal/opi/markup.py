"""XML of the simulated terminal, written as text and read into a flat list.

Nothing of the driver's own is used here, so that both ends do not share their mistakes.

Not for: XML of strangers; only tills on this machine speak to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://www.nrf-arts.org/IXRetail/namespace"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><CardServiceResponse OverallResult="Success">&d;</CardServiceResponse>'
)


def tag(name: str, content: str = "", attributes: Mapping[str, str] | None = None) -> str:
    """An element; `content` is XML already."""
    said = "".join(f" {key}={quoteattr(value)}" for key, value in (attributes or {}).items())
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def words(text: str) -> str:
    """Text as XML."""
    return escape(text)


@dataclass(frozen=True)
class Told:
    """What a till sent.

    Attributes:
        elements: those below the root, in order: name, attributes, text.
    """

    root: str
    attributes: Mapping[str, str]
    elements: tuple[tuple[str, Mapping[str, str], str], ...]

    def first(self, name: str) -> tuple[Mapping[str, str], str]:
        """Attributes and text of the first element of that name; empty ones when there is none."""
        return next(((given, text) for each, given, text in self.elements if each == name), ({}, ""))


def read(document: bytes) -> Told | None:
    """What stands in a document; None for what is no XML."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(document, True)
    except expat.ExpatError:
        return None
    root, attributes, _ = reader.found[0]
    return Told(root, attributes, tuple((name, given, "".join(said)) for name, given, said in reader.found[1:]))


class _Reader:
    def __init__(self) -> None:
        self.found: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[int] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append(len(self.found))
        self.found.append((name, attributes, []))

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        self.found[self._open[-1]][2].append(text)
