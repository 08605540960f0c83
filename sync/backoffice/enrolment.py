"""Letting a column in: a one-time code a technician carries, and the signed receipt that is its birth certificate.

The first four characters of a code find it, the rest prove it; a wrong rest costs one of its tries. Not for: removing
a column (`kiosks.revoke_kiosk`).
"""

from __future__ import annotations

import hmac
import json

from pydantic import ValidationError
from sqlalchemy import Connection, Row, delete, insert, select, update

from sync.backoffice import schema
from sync.backoffice.core import BackOffice, rfc3339
from sync.backoffice.problems import Refusal
from sync.protocol.canonical import canonical, sha256
from sync.protocol.ids import chain_start, clean_code, new_code, six_digits, uuid7
from sync.protocol.messages import EnrolmentRequest
from sync.protocol.signing import ENROLMENT, RECEIPT, PublicKey

_KEPT_MS = 7 * 24 * 3600 * 1000
"""Used codes are kept for a week, so that a column whose answer was lost gets the same receipt again."""


_MISMATCH = {
    True: "this back office is for practice; write practice = true in the column's site.toml, or join the real one",
    False: "this back office is a real one; a column of a practice site has no place here",
}
"""Whether the back office is for practice, to what is told to a column that is not of its kind."""


class UnknownOffice(ValueError):
    """The site has no such office; the text names those it has."""


def new_enrolment_code(office: BackOffice, office_id: str) -> str:
    """A one-time code for one more column in that office, as `ABCD-EFGH-J`.

    Raises:
        UnknownOffice: naming the offices there are.
    """
    if office.site.office(office_id) is None:
        known = ", ".join(known.id for known in office.site.offices)
        raise UnknownOffice(f"there is no office {office_id!r}; the site has {known}")
    now = office.clock()
    table = schema.enrolment
    with office.database.write() as connection:
        connection.execute(delete(table).where(table.c.expires_ms < now - _KEPT_MS))
        while True:
            code = new_code()
            claimed = office.database.claim(
                connection,
                table,
                selector=code[:4],
                organisation_id=office.site.id,
                office_id=office_id,
                code_hash=sha256(code.encode()),
                created_ms=now,
                expires_ms=now + office.settings.code_minutes * 60_000,
                tries_left=office.settings.code_tries,
            )
            if claimed:
                return code


def check_of(office: BackOffice, code: str) -> tuple[str, str] | None:
    """Suffix and six check digits of the column that used a code; None while none did, or no such code is known."""
    table, cleaned = schema.enrolment, clean_code(code)
    if cleaned is None:
        return None
    with office.database.read() as connection:
        row = connection.execute(
            select(table).where(table.c.selector == cleaned[:4], table.c.organisation_id == office.site.id)
        ).first()
    if row is None or row.receipt is None or row.code_hash != sha256(cleaned.encode()):
        return None
    receipt = json.loads(row.receipt)
    return str(receipt["suffix"]), str(receipt["check"])


def enrol(office: BackOffice, message: dict[str, object]) -> dict[str, object] | Refusal:
    """Answer an enrolment request with the signed receipt, or say why not.

    The same column asking again with the same code, key and nonce gets the same receipt: its answer was lost.
    """
    try:
        request = EnrolmentRequest.model_validate(message)
        key = PublicKey.parse(request.public_key)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return Refusal("schemaViolation", f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}")
    except ValueError:
        return Refusal("schemaViolation", "publicKey must be 32 bytes in base64url")
    if len(request.nonce) > 200 or len(request.app_version) > 40:
        return Refusal("schemaViolation", "nonce has at most 200 characters, appVersion 40")
    if not (request.nonce + request.app_version).isprintable():
        return Refusal("schemaViolation", "nonce and appVersion must be printable")
    if not key.verify_object(ENROLMENT, message):
        return Refusal("invalidSignature", "the request must be signed by its own publicKey")
    if request.practice is not office.site.practice:
        # Before the code is looked at, so that a mistake costs no try of it.
        return Refusal("practiceMismatch", _MISMATCH[office.site.practice])
    with office.database.write() as connection:
        return _enrol(office, connection, request, key)


def _enrol(
    office: BackOffice, connection: Connection, request: EnrolmentRequest, key: PublicKey
) -> dict[str, object] | Refusal:
    table = schema.enrolment
    code = clean_code(request.code)
    if code is None:
        return Refusal("codeRefused", "the code has a typing mistake")
    row = connection.execute(
        select(table).where(table.c.selector == code[:4], table.c.organisation_id == office.site.id).with_for_update()
    ).first()
    if row is None:
        return Refusal("codeRefused", "ask for a new code")
    if not hmac.compare_digest(str(row.code_hash), sha256(code.encode())) or row.tries_left <= 0:
        connection.execute(
            update(table).where(table.c.selector == row.selector).values(tries_left=max(0, row.tries_left - 1))
        )
        return Refusal("codeRefused", "ask for a new code")
    if row.receipt is not None:
        same = row.used_key == str(key) and row.used_nonce == request.nonce
        receipt: dict[str, object] = json.loads(row.receipt)
        return receipt if same else Refusal("codeRefused", "the code was used")
    if row.expires_ms <= office.clock():
        return Refusal("codeRefused", "the code has expired")
    return _admit(office, connection, request, key, row)


def _admit(
    office: BackOffice,
    connection: Connection,
    request: EnrolmentRequest,
    key: PublicKey,
    code: Row[tuple[object, ...]],
) -> dict[str, object]:
    now = office.clock()
    ordinal = _next_ordinal(office, connection, code.office_id)
    kiosk_id = uuid7(now)
    receipt = office.key.sign_object(
        RECEIPT,
        {
            "kioskId": kiosk_id,
            "source": f"urn:uuid:{kiosk_id}",
            "epoch": 1,
            "organisationId": office.site.id,
            "officeId": code.office_id,
            "kioskOrdinal": ordinal,
            "suffix": f"K{ordinal}",
            "publicKey": str(office.key.public),
            "nonce": request.nonce,
            "check": six_digits(key, office.key.public),
            "issuedAt": rfc3339(now),
            "practice": office.site.practice,
        },
    )
    receipt_hash = chain_start(canonical(receipt))
    connection.execute(
        insert(schema.kiosk).values(
            id=kiosk_id,
            organisation_id=office.site.id,
            office_id=code.office_id,
            ordinal=ordinal,
            suffix=f"K{ordinal}",
            source=f"urn:uuid:{kiosk_id}",
            public_key=str(key),
            epoch=1,
            receipt_hash=receipt_hash,
            enrolled_ms=now,
            last_seen_ms=now,
            app_version=request.app_version,
        )
    )
    connection.execute(
        update(schema.enrolment)
        .where(schema.enrolment.c.selector == code.selector)
        .values(used_key=str(key), used_nonce=request.nonce, receipt=json.dumps(receipt))
    )
    return receipt


def _next_ordinal(office: BackOffice, connection: Connection, office_id: str) -> int:
    table = schema.office
    return int(
        connection.execute(
            update(table)
            .where(table.c.organisation_id == office.site.id, table.c.id == office_id)
            .values(last_ordinal=table.c.last_ordinal + 1)
            .returning(table.c.last_ordinal)
        ).scalar_one()
    )
