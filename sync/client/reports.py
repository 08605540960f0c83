"""Sends the back office what a command asked for. Blocks for one request.

Not for: what is in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.client.answers import Defect, Trouble
from sync.client.asking import Asker
from sync.protocol.canonical import b64url
from sync.protocol.orders import LARGEST_REPORT, REPORT, REPORT_REQUEST


@dataclass(frozen=True)
class Sent:
    """The back office has it."""


def send_report(asker: Asker, command_id: str, name: str, media_type: str, content: bytes) -> Sent | Trouble:
    """Send a report, once.

    Args:
        content: at most `LARGEST_REPORT` bytes, nothing about a person.
    """
    if len(content) > LARGEST_REPORT:
        return Defect("payloadTooLarge")
    members = {"commandId": command_id, "name": name, "mediaType": media_type, "content": b64url(content)}
    answer = asker.ask("reports", (REPORT_REQUEST, REPORT), members)
    return Sent() if isinstance(answer, dict) else answer
