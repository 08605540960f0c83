"""Bytes nobody should send, for every parser of every payment protocol; and reads that come in pieces or together."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.payments.adyen.address import AdyenAddress
from drivers.payments.adyen.transport import Answer, HttpsTransport, NoAnswer
from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.link import LineFault, StreamLink
from drivers.printers.transport import LinkFault
from drivers.simulated.ipp import http_in
from drivers.simulated.terminal.adyen.certificate import make_identity
from tests.drivers.payment_parsers import FAMILIES, OF_BYTES, OF_TEXT, real, survives
from tests.drivers.zvt_bench import APPROVAL

EVERY_BYTES = [(family, name) for family in FAMILIES for name in OF_BYTES[family]]
EVERY_TEXT = [(family, name) for family in FAMILIES for name in OF_TEXT[family]]
BODY = b'{"SaleToPOIResponse":{"note":"' + "é€".encode() + b'"}}'


@pytest.mark.parametrize(("family", "name"), EVERY_BYTES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_bytes_give_a_value_or_a_typed_refusal(family: str, name: str, data: st.DataObject) -> None:
    whole = data.draw(st.binary(max_size=300) | st.sampled_from(real(family)))
    at = data.draw(st.integers(0, len(whole)))
    wounded = whole[:at] + data.draw(st.binary(max_size=4)) + whole[at + data.draw(st.integers(0, 4)) :]
    assert survives(OF_BYTES[family][name], wounded)


@pytest.mark.parametrize(("family", "name"), EVERY_TEXT)
@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=40))
def test_any_text_gives_a_value_or_a_typed_refusal(family: str, name: str, text: str) -> None:
    assert survives(OF_TEXT[family][name], text)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_real_is_read(family: str) -> None:
    """The control: changed bytes begin as right ones, so parsers are tried behind their first look too."""
    assert all(survives(parser, data) for parser in OF_BYTES[family].values() for data in real(family))
    deepest = {"zvt": "status", "adyen": "message", "opi": "answer"}[family]
    assert any(OF_BYTES[family][deepest](data) for data in real(family))


class Pieces:
    """A line on which these pieces come, one a read; a TLS line and a transport."""

    bytes_per_second = 1e6

    def __init__(self, *pieces: bytes) -> None:
        self._left = [piece for piece in pieces if piece]

    def recv_into(self, into: memoryview) -> int:
        if not self._left:
            return 0
        data, rest = self._left[0][: len(into)], self._left[0][len(into) :]
        self._left[:1] = [rest] if rest else []
        into[: len(data)] = data
        return len(data)

    def read(self, seconds: float) -> bytes | LinkFault:
        return self._left.pop(0) if self._left else LinkFault.CLOSED

    def sendall(self, data: bytes) -> None:
        """Nobody reads it."""

    def setblocking(self, flag: bool) -> None:
        """It never blocks."""

    def write_all(self, data: bytes, seconds: float) -> None:
        """Nobody reads it."""

    def close(self) -> None:
        """It is gone."""


def chunked(body: bytes) -> bytes:
    parts = (body[:7], body[7:])
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


@pytest.fixture(scope="module")
def transport() -> HttpsTransport:
    address = AdyenAddress("192.0.2.30", 8443, "S1U2-1", "KIOSK", Path("keys"), Path("ca"))
    return HttpsTransport(address, make_identity("terminal").authority)


def heard(transport: HttpsTransport, *pieces: bytes) -> object:
    return transport._exchange(Pieces(*pieces), b"", time.monotonic() + 60, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("whole", [http_in.answer(200, BODY, "application/json"), chunked(BODY)])
def test_an_answer_of_http_torn_at_every_byte_and_glued(transport: HttpsTransport, whole: bytes) -> None:
    right = Answer(200, BODY)
    for at in range(len(whole) + 1):
        assert heard(transport, whole[:at], whole[at:]) == right
    assert heard(transport, *(bytes((byte,)) for byte in whole)) == right
    assert heard(transport, whole + whole) == right, "what is glued to it belongs to nobody"


@pytest.mark.parametrize("whole", [http_in.answer(200, BODY, "application/json"), chunked(BODY)])
def test_an_answer_of_http_that_ends_too_early_says_nothing(transport: HttpsTransport, whole: bytes) -> None:
    for at in range(whole.index(BODY[-2:]) + len(BODY[-2:])):
        found = heard(transport, whole[:at])
        assert isinstance(found, NoAnswer) or (found == Answer(200, b"") and b"\r\n\r\n" not in whole[:at])


def test_messages_of_zvt_torn_at_every_byte_and_glued() -> None:
    messages = [Apdu(0x8000), Apdu(0x040F, APPROVAL), Apdu(0x06D3, bytes(300)), Apdu(0x060F)]
    stream = b"".join(each.encode() for each in messages)
    for at in range(len(stream) + 1):
        assert told(stream[:at], stream[at:]) == messages
    assert told(*(bytes((byte,)) for byte in stream)) == messages


def told(*pieces: bytes) -> list[Apdu]:
    link, heard_so_far = StreamLink(Pieces(*pieces)), []
    while not isinstance(came := link.receive(60.0), LineFault):
        assert came is not None
        heard_so_far.append(came)
    return heard_so_far
