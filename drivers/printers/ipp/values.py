"""The values an IPP attribute can have (RFC 8010 section 3.9), as Python values.

Not for: their bytes (`protocol`) or what they mean (`printer_facts`, `job_facts`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Tag(IntEnum):
    """What kind of value follows; a number that is not here is kept as bytes."""

    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTETS = 0x30
    DATE_TIME = 0x31
    RESOLUTION = 0x32
    RANGE = 0x33
    COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    URI_SCHEME = 0x46
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER_NAME = 0x4A


class GroupTag(IntEnum):
    """What the attributes that follow describe; a number that is not here is kept as it is."""

    OPERATION = 0x01
    JOB = 0x02
    PRINTER = 0x04
    UNSUPPORTED = 0x05


@dataclass(frozen=True)
class Range:
    """Both ends belong to it."""

    low: int
    high: int


@dataclass(frozen=True)
class Resolution:
    """Across and along the feed; `units` 3 is dots an inch, 4 dots a centimetre."""

    across: int
    along: int
    units: int


@dataclass(frozen=True)
class Localised:
    """Text or a name with the language it is in."""

    language: str
    text: str


@dataclass(frozen=True)
class Collection:
    """Attributes inside a value."""

    members: tuple[Attribute, ...]


Content = int | bool | str | bytes | datetime | Range | Resolution | Localised | Collection | None


@dataclass(frozen=True)
class Value:
    """One value.

    Attributes:
        tag: a `Tag`, or a number this module does not know.
        content: None for the kinds that say that there is no value; bytes where the kind is not known.
    """

    tag: int
    content: Content


@dataclass(frozen=True)
class Attribute:
    """A name and its values, at least one."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    """Attributes of one thing: the operation, a job, the printer."""

    tag: int
    attributes: tuple[Attribute, ...]

    def first(self, name: str) -> Content:
        """The first value of that name; None when it is missing or has none."""
        return next((a.values[0].content for a in self.attributes if a.name == name), None)

    def all(self, name: str) -> tuple[Content, ...]:
        """Every value of the attribute of that name; empty when it is missing."""
        return next((tuple(v.content for v in a.values) for a in self.attributes if a.name == name), ())

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of that name that are texts."""
        plain = (content.text if isinstance(content, Localised) else content for content in self.all(name))
        return tuple(content for content in plain if isinstance(content, str))

    def number(self, name: str) -> int | None:
        """The first value of that name when it is a number."""
        content = self.first(name)
        return content if isinstance(content, int) and not isinstance(content, bool) else None

    def lacks_value(self, name: str) -> bool:
        """Whether the attribute is there and says that it has no value (yet)."""
        return any(a.name == name and a.values[0].tag == Tag.NO_VALUE for a in self.attributes)


@dataclass(frozen=True)
class Message:
    """A request or an answer.

    Attributes:
        code: the operation of a request, the status of an answer.
        document: what follows the attributes.
    """

    code: int
    request_id: int
    groups: tuple[Group, ...] = ()
    document: bytes = b""
    version: tuple[int, int] = (1, 1)

    def group(self, tag: int) -> Group:
        """The first group of that kind; an empty one when there is none."""
        return next((group for group in self.groups if group.tag == tag), Group(tag, ()))


def keyword(name: str, *words: str) -> Attribute:
    """An attribute of keywords."""
    return Attribute(name, tuple(Value(Tag.KEYWORD, word) for word in words))


def one(name: str, tag: Tag, content: Content) -> Attribute:
    """An attribute of one value."""
    return Attribute(name, (Value(tag, content),))
