"""XML of a terminal, read without trusting it: no document type, no entities, bounded size, depth and count.

Names lose their namespace, because terminals leave it out. Not for: what the elements mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, tostring
from xml.parsers import expat

from drivers.payments.opi.frames import LARGEST
from drivers.payments.opi.malformed import Malformed

NAMESPACE = "http://www.nrf-arts.org/IXRetail/namespace"
DEEPEST = 40
MOST = 20_000
"""Elements in one document."""


class _NotOurs(Exception):
    """Ends the reading; its text says what would be right."""


def parse(document: bytes) -> Element | Malformed:
    """The root element; names of elements and attributes without namespace."""
    if len(document) > LARGEST:
        return Malformed(f"a document has at most {LARGEST} bytes")
    reader = _Reader()
    # Prefixes are cut off as text: some terminals use one that they never declared.
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    parser.ProcessingInstructionHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.builder.data
    try:
        parser.Parse(document.strip(b" \t\r\n"), True)
    except _NotOurs as refusal:
        return Malformed(str(refusal))
    except expat.ExpatError as error:
        return Malformed(f"a document is well-formed XML (parser says {error.code})")
    except (UnicodeError, LookupError, ValueError) as error:
        return Malformed(f"a document is in an encoding that is known (parser says {type(error).__name__})")
    return reader.builder.close()


def build(root: Element) -> bytes:
    """The document in UTF-8, in our namespace."""
    root.set("xmlns", NAMESPACE)
    text: str = tostring(root, encoding="unicode")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode()


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """Put an element below; attributes without a value are left out."""
    made = SubElement(parent, name, {key: clean(value) for key, value in attributes.items() if value})
    if text:
        made.text = clean(text)
    return made


def clean(text: str) -> str:
    """The text without what no XML may hold."""
    return "".join(letter for letter in text if letter in "\t\n\r" or _may_stand(ord(letter)))


def child(parent: Element | None, *names: str) -> Element | None:
    """The element at the end of a path of names, or None."""
    for name in names:
        parent = next((element for element in parent if element.tag == name), None) if parent is not None else None
    return parent


def children(parent: Element | None, name: str) -> Iterator[Element]:
    """The elements of that name directly below."""
    return (element for element in (parent if parent is not None else ()) if element.tag == name)


def fact(parent: Element | None, *names: str) -> str:
    """The first value by one of these names, an attribute of `parent` or an element anywhere below it; else empty."""
    if parent is None:
        return ""
    for name in names:
        value = parent.get(name, "").strip()
        if value:
            return value
        for element in parent.iter(name):
            if element is not parent and (value := (element.text or "").strip()):
                return value
    return ""


def _may_stand(code: int) -> bool:
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


class _Reader:
    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self._depth = 0
        self._count = 0

    def refuse(self, *_told: object) -> None:
        raise _NotOurs("a document has no document type, entity or processing instruction")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST or self._count > MOST:
            raise _NotOurs(f"a document has at most {MOST} elements, {DEEPEST} deep")
        self.builder.start(_local(name), {key: value for key, value in attributes.items() if ":" not in key})

    def end(self, name: str) -> None:
        self._depth -= 1
        self.builder.end(_local(name))


def _local(name: str) -> str:
    return name.rpartition(":")[2]
