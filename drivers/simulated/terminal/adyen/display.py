"""A simulated terminal tells the kiosk what stands on its screen: one DisplayRequest a step, locked like all others.

Nobody has to listen. Not for: decisions.
"""

from __future__ import annotations

import http.client
import itertools
from urllib.parse import urlencode, urlsplit

from drivers.payments.adyen.crypto import Key
from drivers.payments.adyen.envelope import seal
from drivers.payments.adyen.json_text import Json
from drivers.simulated.terminal.adyen import texts

_SECONDS = 2.0
_numbers = itertools.count(1)


def show_on(url: str, event: str, key: Key, sale_id: str, poi_id: str) -> None:
    """Post one step; a kiosk that does not listen misses it."""
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=_SECONDS)
    try:
        line.request("POST", parts.path or "/", display_message(event, key, sale_id, poi_id))
        line.getresponse().read()
    except (OSError, http.client.HTTPException):
        return
    finally:
        line.close()


def display_message(event: str, key: Key, sale_id: str, poi_id: str) -> bytes:
    """A whole envelope with one step."""
    header: dict[str, Json] = {
        "ProtocolVersion": "3.0",
        "MessageClass": "Device",
        "MessageCategory": "Display",
        "MessageType": "Notification",
        "DeviceID": f"{next(_numbers):010}",
        "SaleID": sale_id,
        "POIID": poi_id,
    }
    shown = urlencode({"TransactionID": "kB4a000000001", "TimeStamp": texts.TIME, "event": event})
    output: dict[str, Json] = {
        "Device": "CustomerDisplay",
        "InfoQualify": "Display",
        "OutputContent": {"OutputFormat": "MessageRef", "PredefinedContent": {"ReferenceID": shown}},
    }
    return seal({"SaleToPOIRequest": {"MessageHeader": header, "DisplayRequest": {"DisplayOutput": [output]}}}, key)
