"""Envelopes and HTTP answers of a simulated terminal, right and odd ones. Not for: what they say (`machine`)."""

from __future__ import annotations

import base64
import json
from typing import cast

from drivers.payments.adyen.crypto import Key
from drivers.payments.adyen.envelope import Opened, seal
from drivers.payments.adyen.json_text import Json, parse, write
from drivers.simulated.ipp import http_in
from drivers.simulated.terminal.adyen import texts
from drivers.simulated.terminal.adyen.oddities import Oddity

Tree = dict[str, Json]
_HEADER = ("MessageCategory", "ServiceID", "SaleID", "POIID")
_CHUNK = 700


def header_of(opened: Opened) -> dict[str, str] | None:
    """The header of a question; None when it is none that can be answered."""
    header = opened.message.get("MessageHeader")
    if opened.root != "SaleToPOIRequest" or not isinstance(header, dict):
        return None
    if not all(isinstance(header.get(name), str) for name in _HEADER):
        return None
    return {name: value for name, value in header.items() if isinstance(value, str)}


def body_of(opened: Opened, category: str) -> Tree:
    """What is asked; empty where there is nothing."""
    body = opened.message.get(f"{category}Request")
    return body if isinstance(body, dict) else {}


def rejection(question: bytes) -> bytes:
    """Said in clear: this message cannot be used."""
    event: Tree = {
        "TimeStamp": texts.TIME,
        "EventToNotify": "Reject",
        "EventDetails": "message=Did not receive a valid encrypted message",
        "RejectedMessage": base64.b64encode(question[:100]).decode("ascii"),
    }
    header: Tree = {
        "ProtocolVersion": "3.0",
        "MessageClass": "Event",
        "MessageCategory": "Event",
        "MessageType": "Notification",
        "SaleID": "",
        "POIID": "",
    }
    return write({"SaleToPOIRequest": {"MessageHeader": header, "EventNotification": event}})


def http_answer(asked: dict[str, str], said: Tree | None, key: Key, odd: Oddity | None) -> bytes:
    """The whole HTTP answer to a question; an abort is answered with nothing."""
    if odd is Oddity.SERVER_ERROR:
        return http_in.answer(500, b"error", "text/plain")
    if odd is Oddity.REDIRECT:
        return b"HTTP/1.1 307 Temporary Redirect\r\nLocation: https://127.0.0.1:1/nexo\r\nContent-Length: 0\r\n\r\n"
    if said is None or odd is Oddity.EMPTY:
        return http_in.answer(200, b"", "application/json")
    body = _sealed(asked, said, key, odd)
    if odd is Oddity.CHUNKED:
        parts = [body[at : at + _CHUNK] for at in range(0, len(body), _CHUNK)]
        chunks = b"".join(b"%x;note=1\r\n%s\r\n" % (len(part), part) for part in parts)
        return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    return http_in.answer(200, body, "application/json")


def _sealed(asked: dict[str, str], said: Tree, key: Key, odd: Oddity | None) -> bytes:
    header: Tree = {**asked, "MessageType": "Response"}
    if odd is Oddity.OTHER_SERVICE_ID:
        header["ServiceID"] = "K999999999"
    message: Tree = {"SaleToPOIResponse": {"MessageHeader": header, **said}}
    if odd is Oddity.IN_CLEAR:
        return write(message)
    if odd is Oddity.UNKNOWN_KEY_VERSION:
        key = Key(key.identifier, key.version + 1, key.passphrase)
    sealed = seal(message, key)
    if odd not in (Oddity.BAD_HMAC, Oddity.HEADER_MISMATCH):
        return sealed
    tree = cast("dict[str, dict[str, dict[str, str]]]", parse(sealed))
    outer = tree["SaleToPOIResponse"]
    if odd is Oddity.BAD_HMAC:
        outer["SecurityTrailer"]["Hmac"] = base64.b64encode(bytes(32)).decode("ascii")
    else:
        outer["MessageHeader"]["ServiceID"] = "K999999999"
    return json.dumps(tree).encode()
