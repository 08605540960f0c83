"""Addresses of a card reader as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.reader_settings import may_be_one
from drivers.cards.address import (
    EXAMPLES,
    BadReaderAddress,
    PcscReader,
    ReaderAddress,
    VirtualReader,
    parse_reader,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("none", None),
        ("pcsc", PcscReader()),
        ("pcsc:", PcscReader()),
        ("pcsc:ACS", PcscReader("ACS")),
        ("pcsc: ACS ACR 39U ICC Reader 00 00 ", PcscReader("ACS ACR 39U ICC Reader 00 00")),
        ("pcsc:Reader: left", PcscReader("Reader: left")),
        ("virtual://127.0.0.1:35963", VirtualReader("127.0.0.1", 35963)),
        ("virtual://127.0.0.2:1", VirtualReader("127.0.0.2", 1)),
        ("virtual://[::1]:35963", VirtualReader("::1", 35963)),
    ],
)
def test_right_addresses_are_read(text: str, address: ReaderAddress | None) -> None:
    assert parse_reader(text) == address


def test_the_examples_people_are_shown_are_right() -> None:
    assert [parse_reader(example) for example in EXAMPLES.values()] == [
        PcscReader(),
        PcscReader("ACS"),
        VirtualReader("127.0.0.1", 35963),
    ]


CHOICES = 'is no card reader; write "none", "pcsc", "pcsc:ACS", "virtual://127.0.0.1:35963"'
SLOT = "write it like virtual://127.0.0.1:35963"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", CHOICES),
        ("None", CHOICES),
        ("PCSC", CHOICES),
        ("pscs:ACS", CHOICES),
        ("usb://072f:90cc", CHOICES),
        ("none:ACS", CHOICES),
        ("virtual", SLOT),
        ("virtual:127.0.0.1:35963", SLOT),
        ("virtual://", SLOT),
        ("virtual://127.0.0.1", f"is no slot on this machine; {SLOT}"),
        ("virtual://127.0.0.1:0", f"is no slot on this machine; {SLOT}"),
        ("virtual://127.0.0.1:99999", SLOT),
        ("virtual://127.0.0.1:port", SLOT),
        ("virtual://192.0.2.7:35963", f"is no slot on this machine; {SLOT}"),
        ("virtual://0.0.0.0:35963", f"is no slot on this machine; {SLOT}"),
        ("virtual://[2001:db8::1]:35963", f"is no slot on this machine; {SLOT}"),
        ("virtual://reader.example:35963", SLOT),
        ("virtual://127.0.0.1:35963/slot", f"is no slot on this machine; {SLOT}"),
        ("virtual://127.0.0.1:35963?card=1", f"is no slot on this machine; {SLOT}"),
        ("virtual://127.0.0.1:35963#1", f"is no slot on this machine; {SLOT}"),
        ("virtual://me@127.0.0.1:35963", f"is no slot on this machine; {SLOT}"),
        ("virtual://[::1", SLOT),
    ],
)
def test_wrong_addresses_are_refused_with_what_would_be_right(text: str, said: str) -> None:
    with pytest.raises(BadReaderAddress) as refused:
        parse_reader(text)
    assert said in str(refused.value)
    assert str(refused.value).startswith(f"'{text}' is no ")


@given(st.one_of(st.text(), st.text().map("virtual://{}".format), st.text().map("virtual://127.0.0.1:{}".format)))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = parse_reader(text)
    except BadReaderAddress:
        return
    assert address is None or isinstance(address, PcscReader | VirtualReader)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("none", "none", False),
        ("none", "pcsc", False),
        ("pcsc", "pcsc", True),
        ("pcsc", "pcsc:ACS", True),
        ("pcsc:acs dual 00 01", "pcsc:ACS", True),
        ("pcsc:Dual Reader 00 00", "pcsc:Dual Reader 00 01", False),
        ("pcsc", "virtual://127.0.0.1:35963", False),
        ("virtual://127.0.0.1:35963", "virtual://127.0.0.1:35963", True),
        ("virtual://127.0.0.1:35963", "virtual://127.0.0.1:35964", False),
    ],
)
def test_two_addresses_that_may_lead_to_one_reader(first: str, second: str, same: bool) -> None:
    assert may_be_one(first, second) is same
    assert may_be_one(second, first) is same
