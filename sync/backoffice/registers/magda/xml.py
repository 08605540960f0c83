"""XML from another machine, read without trusting it: no document type, no entities, bounded size, depth and count.

Names lose their namespace, because platforms change prefixes and versions in them. Not for: what the elements mean
(`protocol`).
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

LARGEST = 1024 * 1024
DEEPEST = 40
MOST = 20_000
"""Elements in one message."""


class NotOurXml(ValueError):
    """Bytes that are no XML we read; the text says what would be right and quotes nothing of it."""


def parse(data: bytes) -> Element:
    """The root element, names without namespace, attributes dropped.

    Raises:
        NotOurXml: for anything else.
    """
    if len(data) > LARGEST:
        raise NotOurXml(f"a message has at most {LARGEST} bytes")
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.EntityDeclHandler = reader.doctype
    parser.ProcessingInstructionHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.builder.data
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError, LookupError) as error:
        code = error.code if isinstance(error, expat.ExpatError) else type(error).__name__
        raise NotOurXml(f"a message is well-formed XML (parser says {code})") from None
    return reader.builder.close()


def child(parent: Element | None, *names: str) -> Element | None:
    """The element at the end of a path of names, or None."""
    for name in names:
        parent = next((element for element in parent if element.tag == name), None) if parent is not None else None
    return parent


def children(parent: Element | None, name: str) -> Iterator[Element]:
    """The elements of that name directly below."""
    return (element for element in (parent if parent is not None else ()) if element.tag == name)


def text(parent: Element | None, *names: str) -> str:
    """The text at the end of a path of names, without space around it; empty when there is none."""
    found = child(parent, *names)
    return (found.text or "").strip() if found is not None else ""


class _Reader:
    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self._depth = 0
        self._count = 0

    def doctype(self, *_told: object) -> None:
        raise NotOurXml("a message has no document type, entity or processing instruction")

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST or self._count > MOST:
            raise NotOurXml(f"a message has at most {MOST} elements, {DEEPEST} deep")
        self.builder.start(name.rpartition("}")[2], {})

    def end(self, name: str) -> None:
        self._depth -= 1
        self.builder.end(name.rpartition("}")[2])
