"""A column as the back office sees it: makes keys, events, batches and signed requests. Not a test.

Small and honest: it chains and signs with the shared protocol, and can be told to lie.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field

import httpx

from kiosk.core.events import KINDS, SERVICE
from sync.backoffice.core import rfc3339
from sync.protocol.batch import make_batch
from sync.protocol.canonical import canonical
from sync.protocol.chain import event_hash
from sync.protocol.ids import chain_start, uuid7
from sync.protocol.messages import HEARTBEAT
from sync.protocol.signing import ENROLMENT, SigningKey

Json = dict[str, object]


def enrolment_request(code: str, key: SigningKey, nonce: str = "n" * 22, *, practice: bool = True) -> Json:
    """A signed request to join."""
    message: Json = {
        "code": code,
        "publicKey": str(key.public),
        "nonce": nonce,
        "appVersion": "1.0",
        "practice": practice,
    }
    return key.sign_object(ENROLMENT, message)


def post(client: httpx.Client, path: str, message: object, **headers: str) -> httpx.Response:
    """POST JSON to the kiosk API."""
    body = json.dumps(message).encode()
    return client.post(f"/kiosk/v1/{path}", content=body, headers={"Content-Type": "application/json", **headers})


@dataclass
class Column:
    """One enrolled column with its chain."""

    key: SigningKey
    receipt: Json
    events: list[Json] = field(default_factory=list)
    clock_ms: int = 0
    clock_state: str = "synced"
    epoch: int = 1

    @classmethod
    def join(cls, client: httpx.Client, code: str, clock_ms: int, *, practice: bool = True) -> Column:
        """Enrol with a code."""
        key = SigningKey.generate()
        answer = post(client, "enrolments", enrolment_request(code, key, practice=practice))
        assert answer.status_code == 200, answer.text
        return cls(key, answer.json(), clock_ms=clock_ms)

    @property
    def source(self) -> str:
        """Its constant URN."""
        return str(self.receipt["source"])

    @property
    def office(self) -> str:
        """Where it stands."""
        return str(self.receipt["officeId"])

    @property
    def head(self) -> str:
        """Hash the next event follows."""
        return str(self.events[-1]["hash"]) if self.events else chain_start(canonical(self.receipt))

    def record(
        self, kind: str, subject: str, data: Json, *, service_type: str | None = None, event_id: str | None = None
    ) -> Json:
        """Append one event to the chain."""
        event: Json = {
            "specversion": "1.0",
            "id": event_id or uuid7(),
            "source": self.source,
            "service": SERVICE,
            "type": service_type or KINDS[kind].type,
            "subject": subject,
            "time": rfc3339(self.clock_ms),
            "datacontenttype": "application/json",
            "dataschema": f"urn:zuil:schema:{kind}:1",
            "sequence": str(len(self.events) + 1),
            "sequencetype": "Integer",
            "epoch": self.epoch,
            "hlc": f"{self.clock_ms:012x}-0000",
            "bootid": "boot-1",
            "uptimems": len(self.events) * 1000,
            "clockstate": self.clock_state,
            "clockerrms": 10,
            "prevhash": self.head,
            "data": data,
        }
        event["hash"] = event_hash(event)
        self.events.append(event)
        return event

    def issue(self, number: int, queue: str = "travel", letter: str = "A", **changes: object) -> str:
        """Record a ticket; returns its id."""
        ticket = uuid7()
        data: Json = {
            "ticketId": ticket,
            "officeId": self.office,
            "queueId": queue,
            "serviceIds": ["passport"],
            "serviceDate": "2026-11-23",
            "number": number,
            "label": f"{letter}{number:03d}",
            "language": "nl",
            "visitorClass": "walkIn",
            "creditSec": 0,
        }
        self.record("tickets.issued", ticket, {**data, **changes})
        return ticket

    def batch(self, first: int = 1, last: int | None = None) -> Json:
        """A signed batch of the events from sequence `first` up to `last`."""
        return make_batch(self.events[first - 1 : last], self.key)

    def send(self, client: httpx.Client, first: int = 1) -> Json:
        """Send everything from `first` in batches of 100 and check the acknowledgements."""
        answer: Json = {}
        for start in range(first, len(self.events) + 1, 100):
            response = post(client, "batches", self.batch(start, start + 99))
            assert response.status_code == 200, response.text
            answer = response.json()
        return answer

    def updates_request(self, **changes: object) -> Json:
        """A signed request for updates with nothing in stock."""
        message: Json = {
            "source": self.source,
            "epoch": self.epoch,
            "sentAt": rfc3339(self.clock_ms),
            "nonce": secrets.token_urlsafe(16),
            "appVersion": "1.0",
            "lastSequence": len(self.events),
            "ackedSequence": 0,
            "sqliteVersion": "3.40.1",
            "sqliteAffected": True,
            "stock": [],
            "devices": {"printer": "ready"},
        }
        return self.key.sign_object(HEARTBEAT, {**message, **changes})
