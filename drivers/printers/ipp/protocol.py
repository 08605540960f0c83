"""IPP messages as bytes and back (RFC 8010). Pure; any bytes give a message or `Malformed`.

Not for: HTTP around them (`transport`) or which messages are sent when (`requests`, `job`).
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.printers.ipp.fields import BadField, Reader, content_bytes, field, number, read_content, text
from drivers.printers.ipp.values import Attribute, Collection, Group, Message, Tag, Value

END_OF_ATTRIBUTES = 0x03
LAST_DELIMITER = 0x0F
DEEPEST = 8
"""Collections inside collections; printers need three."""


@dataclass(frozen=True)
class Malformed:
    """Bytes that are no IPP message; `why` says where they stop being one."""

    why: str


def decode(data: bytes) -> Message | Malformed:
    """The message in `data`; what follows its attributes is the document."""
    try:
        return _message(Reader(data))
    except BadField as problem:
        return Malformed(str(problem))


def encode(message: Message) -> bytes:
    """The bytes of a message.

    Raises:
        ValueError: a name or value longer than its field, a number outside it.
    """
    parts = [bytes(message.version), number(message.code, 2), number(message.request_id, 4)]
    for group in message.groups:
        parts.append(number(group.tag, 1))
        for attribute in group.attributes:
            parts.append(_attribute(attribute))
    return b"".join((*parts, bytes((END_OF_ATTRIBUTES,)), message.document))


def _message(reader: Reader) -> Message:
    version = (reader.number(1, "version"), reader.number(1, "version"))
    code, request_id = reader.number(2, "code"), reader.number(4, "request number")
    groups: list[Group] = []
    while (tag := reader.number(1, "group")) != END_OF_ATTRIBUTES:
        if tag > LAST_DELIMITER:
            raise BadField(f"a value at byte {reader.at - 1} outside any group")
        groups.append(Group(tag, _attributes(reader)))
    return Message(code, request_id, tuple(groups), reader.data[reader.at :], version)


def _attributes(reader: Reader) -> tuple[Attribute, ...]:
    found: list[tuple[str, list[Value]]] = []
    while (tag := reader.peek()) is not None and tag > LAST_DELIMITER:
        reader.at += 1
        name, value = text(reader.field("name")), _value(reader, tag, 0)
        if name:
            found.append((name, [value]))
        elif found:
            found[-1][1].append(value)
        else:
            raise BadField(f"a further value at byte {reader.at} without a first one")
    return tuple(Attribute(name, tuple(values)) for name, values in found)


def _value(reader: Reader, tag: int, depth: int) -> Value:
    raw = reader.field("value")
    if tag == Tag.COLLECTION:
        return Value(tag, _collection(reader, depth + 1))
    if tag in (Tag.END_COLLECTION, Tag.MEMBER_NAME):
        raise BadField(f"a piece of a collection at byte {reader.at} outside one")
    return Value(tag, read_content(tag, raw))


def _collection(reader: Reader, depth: int) -> Collection:
    if depth > DEEPEST:
        raise BadField(f"collections more than {DEEPEST} deep")
    members: list[tuple[str, list[Value]]] = []
    while (tag := reader.number(1, "member of a collection")) != Tag.END_COLLECTION:
        if reader.field("name"):
            raise BadField(f"a name at byte {reader.at} inside a collection")
        if tag == Tag.MEMBER_NAME:
            members.append((text(reader.field("name of a member")), []))
        elif tag <= LAST_DELIMITER or not members:
            raise BadField(f"a collection at byte {reader.at} without its end or a name")
        else:
            members[-1][1].append(_value(reader, tag, depth))
    if reader.field("name at the end of a collection") + reader.field("value at the end of a collection"):
        raise BadField(f"something at byte {reader.at} in the end of a collection")
    if any(not values for _, values in members):
        raise BadField("a member of a collection without a value")
    return Collection(tuple(Attribute(name, tuple(values)) for name, values in members))


def _attribute(attribute: Attribute) -> bytes:
    parts = []
    for position, value in enumerate(attribute.values):
        name = b"" if position else attribute.name.encode()
        parts += [bytes((value.tag,)), field(name), _written(value)]
    return b"".join(parts)


def _written(value: Value) -> bytes:
    """The value with its length; a collection with its members and its end."""
    if not isinstance(value.content, Collection):
        return field(content_bytes(value.content))
    parts = [field(b"")]
    for member in value.content.members:
        parts += [bytes((Tag.MEMBER_NAME,)), field(b""), field(member.name.encode())]
        parts += [bytes((item.tag,)) + field(b"") + _written(item) for item in member.values]
    return b"".join((*parts, bytes((Tag.END_COLLECTION,)), field(b""), field(b"")))
