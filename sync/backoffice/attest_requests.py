"""The rows of requests for a register: finding one, and writing what became of it.

Shared by web process and unsealer; no row says anything about a person. Not for: events (`sync.backoffice.attests`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, Connection, Row, select, update

from kiosk.core.attests import RegisterProblem
from sync.backoffice import schema
from sync.backoffice.core import BackOffice

PENDING, ANSWERED, REFUSED, ISSUED = "pending", "answered", "refused", "issued"
OPEN = (PENDING, ANSWERED)
EXPIRED = RegisterProblem.EXPIRED.value
"""Problem of a request to which nothing came before what it says of a person had to be erased."""
DOWN = "down"
"""Problem of a request that waits because the register does not answer."""
_ELSEWHERE = ("email", "ebox")


@dataclass(frozen=True)
class HeldRequest:
    """One request, as its row says it.

    Attributes:
        redirected_by: the event that chose `delivery` after all, and holds a sealed address; None where none did.
    """

    id: str
    office_id: str
    event_id: str
    product_id: str
    use_id: str
    language: str
    fee_cents: int
    payment_id: str | None
    delivery: str
    state: str
    problem: str | None
    requested_ms: int
    redirected_by: str | None = None

    @property
    def paid(self) -> bool:
        """Whether a fee was paid when it was asked."""
        return self.fee_cents > 0 and self.payment_id is not None


def find_request(
    office: BackOffice, *, request_id: str | None = None, code_hash: str | None = None
) -> HeldRequest | None:
    """The request of that id, else of that code; None when there is none that can still be collected.

    One whose attest was voided can be collected again; one whose attest counts cannot.
    """
    table = schema.attest_request.c
    if request_id is None and code_hash is None:
        return None
    which = table.id == request_id if request_id is not None else table.code_hash == code_hash
    with office.database.read() as connection:
        found = _find(office, connection, which)
        if found is None or (found.state == ISSUED and _attest_counts(office, connection, found.id)):
            return None
    return found


def open_elsewhere(office: BackOffice) -> list[HeldRequest]:
    """Requests that wait to be handed over by e-mail or eBox, oldest first."""
    table = schema.attest_request
    with office.database.read() as connection:
        rows = connection.execute(
            select(table)
            .where(
                table.c.organisation_id == office.site.id,
                table.c.state == PENDING,
                table.c.delivery.in_(_ELSEWHERE),
            )
            .order_by(table.c.requested_ms)
        )
        return [held(row) for row in rows]


def settle(office: BackOffice, request_id: str, state: str, problem: str | None = None) -> None:
    """Write what became of a request, unless an attest answered it meanwhile."""
    with office.database.write() as connection:
        settle_in(office, connection, request_id, state, problem)


def settle_in(
    office: BackOffice, connection: Connection, request_id: str, state: str, problem: str | None = None
) -> None:
    """The same in a transaction that is under way."""
    table = schema.attest_request
    connection.execute(
        update(table)
        .where(table.c.id == request_id, table.c.organisation_id == office.site.id, table.c.state.in_((*OPEN, REFUSED)))
        .values(state=state, problem=problem, settled_ms=None if state == PENDING else office.clock())
    )


def held(row: Row[tuple[object, ...]]) -> HeldRequest:
    """The row as a value."""
    return HeldRequest(
        **{name: cast("str", getattr(row, name)) for name in _TEXTS},
        payment_id=row.payment_id,
        problem=row.problem,
        fee_cents=int(row.fee_cents),
        requested_ms=int(row.requested_ms),
        redirected_by=row.redirected_by,
    )


_TEXTS = ("id", "office_id", "event_id", "product_id", "use_id", "language", "delivery", "state")


def _find(office: BackOffice, connection: Connection, which: ColumnElement[bool]) -> HeldRequest | None:
    table = schema.attest_request
    row = connection.execute(select(table).where(table.c.organisation_id == office.site.id, which)).first()
    return held(row) if row else None


def _attest_counts(office: BackOffice, connection: Connection, request_id: str) -> bool:
    table = schema.attest.c
    found = connection.execute(
        select(table.id).where(
            table.organisation_id == office.site.id, table.request_id == request_id, table.state != "voided"
        )
    ).first()
    return found is not None
