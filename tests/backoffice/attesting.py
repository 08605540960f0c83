"""A column that issues attests, as the back office sees it: keys, requests, sealed events. Not a test.

The person in it is invented: the national number is of the Flemish test range.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from kiosk.core.events import KINDS
from sync.backoffice.authority import kid_of
from sync.backoffice.core import rfc3339
from sync.protocol.attests import CERTIFICATE_REQUEST, DOWNLOAD_REQUEST
from sync.protocol.canonical import b64url, unb64url
from sync.protocol.ids import uuid7
from sync.protocol.sealing import OpeningKey, Place
from tests.backoffice.column import Column, Json, post

PERSON: Json = {"name": "Proefpersoon Wilgenhof", "nationalNumber": "85673012367"}
ORGANISATION = OpeningKey(b"\x21" * 32)


def csr_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A PKCS#10 request with that key."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "whatever the column says")])
    made = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return made.public_bytes(Encoding.DER)


def asked(column: Column, kind: str, members: Json, **changes: object) -> Json:
    """A signed request of that kind."""
    message: Json = {
        "source": column.source,
        "sentAt": rfc3339(column.clock_ms),
        "nonce": secrets.token_urlsafe(16),
        **members,
    }
    return column.key.sign_object(kind, {**message, **changes})


def certificate_request(column: Column, der: bytes, **changes: object) -> Json:
    """A signed request for a certificate."""
    return asked(column, CERTIFICATE_REQUEST, {"csr": b64url(der)}, **changes)


def download_request(column: Column, file: bytes, **changes: object) -> Json:
    """A signed request to keep a file."""
    return asked(column, DOWNLOAD_REQUEST, {"content": b64url(file)}, **changes)


def certified(client: httpx.Client, column: Column, key: ec.EllipticCurvePrivateKey | None = None) -> bytes:
    """Get the column a certificate; DER."""
    der = csr_of(key or ec.generate_private_key(ec.SECP256R1()))
    answer = post(client, "certificates", certificate_request(column, der))
    assert answer.status_code == 200, answer.text
    return unb64url(answer.json()["certificate"])


@dataclass
class Desk:
    """A column with a certified key that records attests."""

    column: Column
    kid: str
    count: int = 0

    @classmethod
    def at(cls, client: httpx.Client, column: Column) -> Desk:
        """Certify a key of the column."""
        return cls(column, kid_of(certified(client, column)))

    def issue(self, **changes: object) -> str:
        """Record an attest; returns its id."""
        attest_id = str(uuid.uuid4())
        self.count += 1
        data: Json = {
            "attestId": attest_id,
            "number": f"hall-{self.column.receipt['suffix']}-2026-{self.count:05d}",
            **self._asked(),
            "validUntil": "2027-02-23",
            "medium": "sheet",
            "kid": self.kid,
        }
        self._record("attests.issued", attest_id, {**data, **changes})
        return attest_id

    def request(self, **changes: object) -> str:
        """Record a request for a register; returns its id."""
        request_id = uuid7()
        data: Json = {
            "requestId": request_id,
            **self._asked(),
            "codeHash": b64url(secrets.token_bytes(32)),
            "delivery": "column",
        }
        self._record("attests.requested", request_id, {**data, **changes})
        return request_id

    def redirect(self, request_id: str, delivery: str = "email", **changes: object) -> None:
        """Record that a request is to be had in another way; the address is sealed."""
        self._record("attests.redirected", request_id, {"requestId": request_id, "delivery": delivery, **changes})

    def tell(self, kind: str, attest_id: str, **more: object) -> None:
        """Record what became of an attest: `printed`, `printUnknown`, `printFailed`, `taken`, `voided`."""
        paper = {"jobId": uuid7(), "medium": "sheet"} if kind.startswith("print") else {}
        self.column.record(f"attests.{kind}", attest_id, {"attestId": attest_id, **paper, **more})

    def _asked(self) -> Json:
        return {
            "officeId": self.column.office,
            "productId": "residence",
            "useId": "private",
            "language": "nl",
            "feeCents": 0,
        }

    def _record(self, kind: str, subject: str, data: Json) -> None:
        """Seal the person to the place where the event will stand."""
        if "sealed" in data:
            self.column.record(kind, subject, data)
            return
        event_id = uuid7()
        place = Place.event(
            {"source": self.column.source, "epoch": self.column.epoch, "id": event_id, "type": KINDS[kind].type}
        )
        sealed = ORGANISATION.public.seal(PERSON, f"{kind.replace('.', '-')}:1", place)
        self.column.record(kind, subject, {**data, "sealed": sealed}, event_id=event_id)
