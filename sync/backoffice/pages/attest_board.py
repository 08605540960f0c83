"""What the staff page of attests shows: the latest, those whose paper is in doubt first, and the open requests.

Read from the database at each look; nothing here is about a person. Not for: HTML (`pages.attests`) or decisions
(`trust`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, select

from sync.backoffice import schema
from sync.backoffice.core import BackOffice

LATEST = 40
IN_DOUBT = ("unknown", "failed")


@dataclass(frozen=True)
class AttestCard:
    """One attest as a page shows it.

    Attributes:
        issued_at: in the zone of the site.
        in_doubt: nobody knows, or certainly nothing came out, and nobody decided yet.
    """

    id: str
    number: str
    product_id: str
    issued_at: datetime
    state: str
    paper: str
    medium: str
    reason: str | None
    central: bool

    @property
    def in_doubt(self) -> bool:
        """Whether staff should look at it."""
        return self.state == "issued" and self.paper in IN_DOUBT


@dataclass(frozen=True)
class RequestCard:
    """One open request; `waited_min` is its age, `problem` why it is not answered."""

    id: str
    product_id: str
    delivery: str
    state: str
    problem: str | None
    waited_min: int


def attest_cards(office: BackOffice, connection: Connection, office_id: str, number: str = "") -> list[AttestCard]:
    """The latest attests of a building, or those whose number holds `number`; in doubt first, then newest first."""
    table = schema.attest.c
    rows = select(schema.attest).where(table.organisation_id == office.site.id, table.office_id == office_id)
    if number:
        rows = rows.where(table.number.icontains(number, autoescape=True))
    doubt = case(((table.state == "issued") & table.print_state.in_(IN_DOUBT), 0), else_=1)
    found = connection.execute(rows.order_by(doubt, table.issued_ms.desc(), table.number.desc()).limit(LATEST))
    return [
        AttestCard(
            id=row.id,
            number=row.number,
            product_id=row.product_id,
            issued_at=datetime.fromtimestamp(row.issued_ms / 1000, office.site.zone),
            state=row.state,
            paper=row.print_state,
            medium=row.medium,
            reason=row.reason,
            central=row.kiosk_id == "backoffice",
        )
        for row in found
    ]


def request_cards(office: BackOffice, connection: Connection, office_id: str) -> list[RequestCard]:
    """The requests of a building that have no document yet, oldest first."""
    table = schema.attest_request.c
    found = connection.execute(
        select(schema.attest_request)
        .where(
            table.organisation_id == office.site.id,
            table.office_id == office_id,
            table.state.in_(("pending", "answered", "refused")),
            table.requested_ms > office.clock() - office.settings.attest_request_days * 24 * 3_600_000,
        )
        .order_by(table.requested_ms)
        .limit(LATEST)
    )
    now = office.clock()
    return [
        RequestCard(
            row.id,
            row.product_id,
            row.delivery,
            row.state,
            row.problem,
            max(0, (now - row.requested_ms) // 60_000),
        )
        for row in found
    ]
