"""What columns send because a command asked for it: findings of an examination, a part of the log.

`POST /kiosk/v1/reports`; one report a command, kept for a while and then erased. Not for: showing them (`pages`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select

from sync.backoffice import schema
from sync.backoffice.asked import check_asked
from sync.backoffice.core import BackOffice
from sync.backoffice.problems import Refusal
from sync.protocol.canonical import unb64url
from sync.protocol.orders import LARGEST_REPORT, REPORT, REPORT_REQUEST, ReportRequest

_DAY_MS = 24 * 3_600_000


@dataclass(frozen=True)
class Report:
    """What a column sent."""

    kiosk_id: str
    name: str
    media_type: str
    content: bytes


def keep_report(office: BackOffice, message: dict[str, object]) -> dict[str, object] | Refusal:
    """Check a signed `ReportRequest` and answer it; the same command's report sent again takes the first one's place.

    Args:
        message: the request as JSON members, as received.
    """
    asked = check_asked(office, message, ReportRequest, REPORT_REQUEST)
    if isinstance(asked, Refusal):
        return asked
    signer, request = asked
    try:
        content = unb64url(request.content)
    except ValueError:
        return Refusal("schemaViolation", "content: it is not base64url")
    if len(content) > LARGEST_REPORT:
        return Refusal("payloadTooLarge", f"at most {LARGEST_REPORT} bytes")
    values = {"media_type": request.media_type, "content": content, "received_ms": office.clock()}
    table, command = schema.column_report, schema.command.c
    with office.database.write() as connection:
        kind = connection.execute(
            select(command.kind).where(command.id == request.command_id, command.kiosk_id == signer.kiosk_id)
        ).scalar()
        if kind != request.name:
            return Refusal("schemaViolation", "commandId: no command of this column asked for that")
        connection.execute(
            office.database.insert(table)
            .values(
                command_id=request.command_id,
                organisation_id=office.site.id,
                kiosk_id=signer.kiosk_id,
                name=kind,
                **values,
            )
            .on_conflict_do_update(index_elements=["command_id"], set_=values)
        )
    answer: dict[str, object] = {
        "source": request.source,
        "nonce": request.nonce,
        "commandId": request.command_id,
    }
    return office.key.sign_object(REPORT, answer)


def find_report(office: BackOffice, command_id: str) -> Report | None:
    """The report of a command, or None."""
    table = schema.column_report
    with office.database.read() as connection:
        row = connection.execute(
            select(table).where(table.c.command_id == command_id, table.c.organisation_id == office.site.id)
        ).first()
    return None if row is None else Report(row.kiosk_id, row.name, row.media_type, bytes(row.content))


def erase_reports(office: BackOffice) -> int:
    """Erase reports whose time is over; how many."""
    table = schema.column_report
    before = office.clock() - office.settings.report_days * _DAY_MS
    with office.database.write() as connection:
        return connection.execute(
            delete(table).where(table.c.organisation_id == office.site.id, table.c.received_ms < before)
        ).rowcount
