"""News of the terminal's screen: only ours are heard, nothing that is posted stops the listener, nothing is decided."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator

import pytest

from drivers.payments.adyen.crypto import Key
from drivers.payments.adyen.display import Listener
from drivers.simulated.terminal.adyen.display import display_message, show_on
from drivers.simulated.terminal.adyen.terminal import KEY, POI_ID, SALE_ID


@pytest.fixture
def listener() -> Iterator[Listener]:
    heard = Listener([KEY], POI_ID, 0, "127.0.0.1")
    yield heard
    heard.close()


def post(listener: Listener, body: bytes, length: str | None = None) -> int:
    line = http.client.HTTPConnection("127.0.0.1", listener.port, timeout=5)
    try:
        line.request("POST", "/", body, {"Content-Length": str(len(body)) if length is None else length})
        return line.getresponse().status
    finally:
        line.close()


def test_steps_are_kept_in_order_until_they_are_taken(listener: Listener) -> None:
    for event in ("TENDER_CREATED", "CARD_INSERTED"):
        show_on(f"http://127.0.0.1:{listener.port}/", event, KEY, SALE_ID, POI_ID)
    assert listener.take() == ["TENDER_CREATED", "CARD_INSERTED"]
    assert listener.take() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"noise",
        display_message("CARD_INSERTED", Key(KEY.identifier, KEY.version, "another"), SALE_ID, POI_ID),
        display_message("CARD_INSERTED", KEY, SALE_ID, "S1U2-1"),
    ],
)
def test_what_is_not_of_our_terminal_is_not_heard(listener: Listener, body: bytes) -> None:
    assert post(listener, body) == 400
    assert listener.take() == []


@pytest.mark.parametrize("length", ["-1", "x", "99999999", "٣"])
def test_a_length_that_is_none_is_refused_at_once(listener: Listener, length: str) -> None:
    line = socket.create_connection(("127.0.0.1", listener.port), 5)
    with line:
        line.sendall(f"POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
        assert b" 413 " in line.recv(100)


def test_no_more_is_kept_than_anybody_takes(listener: Listener) -> None:
    for number in range(150):
        listener.hear(display_message(f"EVENT_{number}", KEY, SALE_ID, POI_ID))
    kept = listener.take()
    assert (len(kept), kept[-1]) == (100, "EVENT_149")


def test_a_line_that_says_nothing_does_not_hold_the_end(listener: Listener) -> None:
    with socket.create_connection(("127.0.0.1", listener.port), 5) as line:
        line.sendall(b"POST / HTTP/1.1\r\nContent-Length: 60000\r\n\r\n")
        listener.close()
        listener.close()
    assert listener.take() == []


def test_a_kiosk_that_does_not_listen_is_no_trouble_to_the_terminal() -> None:
    show_on("http://127.0.0.1:1/", "CARD_INSERTED", KEY, SALE_ID, POI_ID)
