"""IPP messages: golden bytes, every kind of value there and back, and a word for bytes that are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.printers.ipp.printer_facts import printer_facts
from drivers.printers.ipp.protocol import DEEPEST, Malformed, decode, encode
from drivers.printers.ipp.requests import Requests, job_name
from drivers.printers.ipp.values import (
    Attribute,
    Collection,
    Content,
    Group,
    GroupTag,
    Localised,
    Message,
    Range,
    Resolution,
    Tag,
    Value,
    keyword,
    one,
)

HEAD = bytes.fromhex("0101 0000 00000007")
OPERATION_HEAD = (
    b"\x01\x47\x00\x12attributes-charset\x00\x05utf-8"
    b"\x48\x00\x1battributes-natural-language\x00\x02en"
    b"\x45\x00\x0bprinter-uri\x00\x1aipp://192.0.2.20/ipp/print"
)
URI = "ipp://192.0.2.20/ipp/print"


def wrapped(attribute: bytes) -> bytes:
    return HEAD + b"\x04" + attribute + b"\x03"


def content_of(attribute: bytes) -> Content:
    message = decode(wrapped(attribute))
    assert isinstance(message, Message), message
    return message.groups[0].attributes[0].values[0].content


def test_the_question_about_a_job_in_bytes() -> None:
    found = Requests(URI, last=41).cancel(7, purge=True)
    assert found == (
        b"\x01\x01\x00\x08\x00\x00\x00\x2a" + OPERATION_HEAD + b"\x21\x00\x06job-id\x00\x04\x00\x00\x00\x07"
        b"\x42\x00\x14requesting-user-name\x00\x04zuil\x22\x00\x09purge-job\x00\x01\x01\x03"
    )


def test_a_job_in_bytes_with_everything_the_printer_knows() -> None:
    said = Group(
        GroupTag.PRINTER,
        (
            keyword("media-supported", "iso_a4_210x297mm"),
            keyword("sides-supported", "one-sided", "two-sided-long-edge"),
            keyword("print-scaling-supported", "auto", "none"),
        ),
    )
    facts = printer_facts(Message(0, 1, (said,)))
    assert Requests(URI).create_job("Attest", facts) == (
        b"\x01\x01\x00\x05\x00\x00\x00\x01" + OPERATION_HEAD + b"\x42\x00\x14requesting-user-name\x00\x04zuil"
        b"\x42\x00\x08job-name\x00\x06Attest"
        b"\x02\x44\x00\x05media\x00\x10iso_a4_210x297mm\x44\x00\x05sides\x00\x09one-sided"
        b"\x44\x00\x0dprint-scaling\x00\x04none\x03"
    )


def test_a_printer_that_knows_nothing_is_told_nothing() -> None:
    facts = printer_facts(Message(0, 1))
    sent = decode(Requests(URI).print_job("Attest", facts, b"%PDF"))
    assert isinstance(sent, Message)
    assert [group.tag for group in sent.groups] == [GroupTag.OPERATION]
    assert sent.document == b"%PDF"


def test_an_answer_as_printers_send_it() -> None:
    data = (
        b"\x02\x00\x00\x01\x00\x00\x00\x07\x01\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x02\x23\x00\x09job-state\x00\x04\x00\x00\x00\x05"
        b"\x44\x00\x11job-state-reasons\x00\x0cjob-printing\x44\x00\x00\x00\x0fprinter-stopped"
        b"\x13\x00\x12time-at-processing\x00\x00\x03"
    )
    message = decode(data)
    assert isinstance(message, Message)
    job = message.group(GroupTag.JOB)
    assert (message.version, message.code, message.request_id) == ((2, 0), 1, 7)
    assert job.number("job-state") == 5
    assert job.texts("job-state-reasons") == ("job-printing", "printer-stopped")
    assert job.lacks_value("time-at-processing")
    assert not job.lacks_value("job-state")
    assert encode(message) == data


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (b"\x21\x00\x01n\x00\x04\xff\xff\xff\xfe", -2),
        (b"\x22\x00\x01n\x00\x01\x00", False),
        (b"\x30\x00\x01n\x00\x02\x00\xff", b"\x00\xff"),
        (b"\x31\x00\x01n\x00\x0b\x07\xea\x0b\x19\x0a\x1e\x05\x03+\x01\x1e",
         datetime(2026, 11, 25, 10, 30, 5, 300_000, timezone(timedelta(hours=1, minutes=30)))),
        (b"\x31\x00\x01n\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00+\x00\x00", b"\0\0\0\0\0\0\0\0+\0\0"),
        (b"\x32\x00\x01n\x00\x09\x00\x00\x02\x58\x00\x00\x02\x58\x03", Resolution(600, 600, 3)),
        (b"\x33\x00\x01n\x00\x08\x00\x00\x00\x01\x00\x00\x00\x63", Range(1, 99)),
        (b"\x35\x00\x01n\x00\x08\x00\x02fr\x00\x02ok", Localised("fr", "ok")),
        (b"\x41\x00\x01n\x00\x02\xc3\xa9", "é"),
        (b"\x41\x00\x01n\x00\x01\xe9", "\ufffd"),
        (b"\x12\x00\x01n\x00\x00", None),
        (b"\x5e\x00\x01n\x00\x01x", b"x"),
    ],
)  # fmt: skip
def test_every_kind_of_value(data: bytes, content: Content) -> None:
    found = content_of(data)
    assert found == content
    assert type(found) is type(content)


def test_a_collection_with_one_inside() -> None:
    data = (
        b"\x34\x00\x09media-col\x00\x00\x4a\x00\x00\x00\x0amedia-size\x34\x00\x00\x00\x00"
        b"\x4a\x00\x00\x00\x0bx-dimension\x21\x00\x00\x00\x04\x00\x00\x52\x08\x37\x00\x00\x00\x00\x37\x00\x00\x00\x00"
    )
    size = Collection((one("x-dimension", Tag.INTEGER, 21000),))
    assert content_of(data) == Collection((one("media-size", Tag.COLLECTION, size),))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "version at byte 0 needs 1 bytes, 0 are left"),
        (HEAD, "group at byte 8 needs 1 bytes"),
        (HEAD + b"\x44\x00\x01n\x00\x00\x03", "outside any group"),
        (wrapped(b"\x44\x00\x00\x00\x01a"), "without a first one"),
        (wrapped(b"\x21\x00\x01n\x00\x03abc"), "an integer of 3 bytes"),
        (wrapped(b"\x22\x00\x01n\x00\x01\x02"), "a truth value 02"),
        (wrapped(b"\x31\x00\x01n\x00\x01\x02"), "a date of 1 bytes"),
        (wrapped(b"\x32\x00\x01n\x00\x01\x02"), "a resolution of 1 bytes"),
        (wrapped(b"\x33\x00\x01n\x00\x01\x02"), "a range of 1 bytes"),
        (wrapped(b"\x35\x00\x01n\x00\x05\x00\x00\x00\x00x"), "bytes after a text"),
        (wrapped(b"\x37\x00\x00\x00\x00"), "outside one"),
        (wrapped(b"\x34\x00\x01n\x00\x00\x21\x00\x00\x00\x04abcd"), "without its end or a name"),
        (wrapped(b"\x34\x00\x01n\x00\x00\x4a\x00\x01x"), "a name at byte"),
        (wrapped(b"\x34\x00\x01n\x00\x00\x4a\x00\x00\x00\x01m\x37\x00\x00\x00\x00"), "without a value"),
        (wrapped(b"\x34\x00\x01n\x00\x00\x37\x00\x00\x00\x01x"), "in the end of a collection"),
        (wrapped(b"\x34\x00\x01n\x00\x00" + b"\x4a\x00\x00\x00\x01m\x34\x00\x00\x00\x00" * 9), "deep"),
        (HEAD + b"\x04\x44\xff\xff", "needs 65535 bytes"),
    ],
)
def test_what_is_no_message_says_why(data: bytes, why: str) -> None:
    found = decode(data)
    assert isinstance(found, Malformed)
    assert why in found.why


@pytest.mark.parametrize(
    "value",
    [Value(Tag.INTEGER, 2**31), Value(Tag.KEYWORD, "x" * 65536), Value(Tag.RANGE, Range(0, 2**40))],
)
def test_what_does_not_fit_its_field_is_not_written(value: Value) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode(Message(2, 1, (Group(GroupTag.JOB, (Attribute("n", (value,)),)),)))


@given(st.binary(max_size=400))
def test_any_bytes_give_a_message_or_a_word(data: bytes) -> None:
    assert isinstance(decode(data), Message | Malformed)


@given(st.integers(0, 300), st.binary(min_size=1, max_size=4))
def test_a_damaged_answer_gives_a_message_or_a_word(at: int, noise: bytes) -> None:
    good = bytearray(Requests(URI).printer())
    good[at : at + len(noise)] = noise
    assert isinstance(decode(bytes(good)), Message | Malformed)


numbers = st.integers(-(2**31), 2**31 - 1)
zones = st.integers(-13 * 60, 13 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=zones | st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=moment.microsecond // 100_000 * 100_000)
)
plain_values = st.one_of(
    st.builds(Value, st.sampled_from([Tag.INTEGER, Tag.ENUM]).map(int), numbers),
    st.builds(Value, st.just(int(Tag.BOOLEAN)), st.booleans()),
    st.builds(Value, st.integers(Tag.TEXT, Tag.MIME_TYPE), st.text(max_size=20)),
    st.builds(Value, st.sampled_from([0x30, 0x3F, 0x4F, 0x7F]), st.binary(max_size=9)),
    st.builds(Value, st.just(int(Tag.RANGE)), st.builds(Range, numbers, numbers)),
    st.builds(Value, st.just(int(Tag.RESOLUTION)), st.builds(Resolution, numbers, numbers, st.integers(-128, 127))),
    st.builds(Value, st.just(int(Tag.DATE_TIME)), moments),
    st.builds(
        Value, st.just(int(Tag.NAME_WITH_LANGUAGE)), st.builds(Localised, st.text(max_size=5), st.text(max_size=9))
    ),
    st.builds(Value, st.integers(0x10, 0x1F), st.none()),
)
names = st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=12)


def attributes(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Attribute]:
    return st.builds(Attribute, names, st.lists(values, min_size=1, max_size=3).map(tuple))


values = st.recursive(
    plain_values,
    lambda inner: st.builds(
        Value, st.just(int(Tag.COLLECTION)), st.builds(Collection, st.lists(attributes(inner), max_size=3).map(tuple))
    ),
    max_leaves=6,
)
groups = st.builds(Group, st.sampled_from([1, 2, 4, 5, 9]), st.lists(attributes(values), max_size=4).map(tuple))
messages = st.builds(
    Message,
    st.integers(0, 0xFFFF),
    st.integers(0, 2**32 - 1),
    st.lists(groups, max_size=3).map(tuple),
    st.binary(max_size=30),
    st.tuples(st.integers(0, 255), st.integers(0, 255)),
)


@settings(deadline=None)
@given(messages)
def test_every_message_comes_back_as_it_was(message: Message) -> None:
    assert decode(encode(message)) == message


def test_collections_are_read_as_deep_as_printers_nest_them() -> None:
    value = Value(int(Tag.INTEGER), 1)
    for _ in range(DEEPEST):
        value = Value(int(Tag.COLLECTION), Collection((Attribute("m", (value,)),)))
    message = Message(0, 1, (Group(4, (Attribute("n", (value,)),)),))
    assert decode(encode(message)) == message


@given(st.text(max_size=400))
def test_the_name_of_a_job_is_one_printable_line_that_fits(title: str) -> None:
    name = job_name(title)
    assert 0 < len(name.encode()) <= 255
    assert name.isprintable()
