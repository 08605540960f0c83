"""Documents the back office makes itself: numbered without gaps in its own series, sealed by its own key.

The number is in the row of the attest before the document is given away; a second try takes the same row. Not for:
giving it away (`sync.backoffice.handover`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from kiosk.core.attests import AttestContent, AttestProduct, RegisterData, number_label
from kiosk.core.texts import Language
from kiosk.documents.seal_contract import CannotMake
from sync.backoffice import schema
from sync.backoffice.attest_requests import ISSUED, HeldRequest, settle_in
from sync.backoffice.unsealer.answering import Desk
from sync.backoffice.unsealer.contract import JobRefused, Trouble
from sync.backoffice.unsealer.documents import Documents

KIOSK = "backoffice"
SERIES = "BO"


@dataclass(frozen=True, repr=False)
class Made:
    """A document, in memory only, and what may be said about it."""

    attest_id: str
    number: str
    content: AttestContent
    pdf: bytes


@dataclass(frozen=True)
class _Numbered:
    id: str
    number: str
    issued_at: datetime


def make(desk: Desk, documents: Documents, held: HeldRequest, data: RegisterData) -> Made:
    """Number, seal and print one document to PDF; what cannot be made is found out before it gets a number.

    Raises:
        JobRefused: CANNOT_MAKE.
    """
    product = desk.product(held.product_id)
    draft = _draft(desk, documents, held, product, data)
    documents.check(draft, product)
    numbered = _numbered(desk, held, draft)
    content = replace(
        draft,
        id=uuid.UUID(numbered.id).bytes,
        number=numbered.number,
        issued_at=numbered.issued_at,
        valid_until=numbered.issued_at.date() + timedelta(days=product.validity_days),
    )
    pdf = documents.pdf(content, product, documents.seal(content))
    return Made(numbered.id, numbered.number, content, pdf)


def given_away(desk: Desk, held: HeldRequest, attest_id: str) -> None:
    """The document is with whoever delivers it: the attest and its request are done."""
    table = schema.attest
    with desk.office.database.write() as connection:
        connection.execute(update(table).where(table.c.id == attest_id).values(print_state="confirmed"))
        settle_in(desk.office, connection, held.id, ISSUED)


def _draft(
    desk: Desk, documents: Documents, held: HeldRequest, product: AttestProduct, data: RegisterData
) -> AttestContent:
    """Everything that will stand on it, with number 0."""
    from kiosk.documents.attest.facts import register_facts

    site, language, texts = desk.site, held.language, documents.texts
    try:
        facts, groups = register_facts(data, product, language, texts)
    except CannotMake as error:
        raise JobRefused(Trouble.CANNOT_MAKE, str(error)) from None
    now = _local(desk, desk.office.clock())
    return AttestContent(
        id=bytes(16),
        product=product.id,
        kind=product.kind,
        language=language,
        number=number_label(site.id, SERIES, now.year, 0, practice=site.practice),
        issued_at=now,
        valid_until=now.date() + timedelta(days=product.validity_days),
        as_of=data.as_of,
        place=texts.spoken(site.name, language),
        purpose=_purpose(documents, product, held.use_id, language),
        issuer=site.signing.issuer if site.signing is not None else "",
        kiosk=KIOSK,
        facts=facts,
        groups=groups,
        practice=site.practice,
    )


def _purpose(documents: Documents, product: AttestProduct, use_id: str, language: Language) -> str:
    """As printed; nothing where a product has one use, which nobody is asked for."""
    use = next((use for use in product.uses if use.id == use_id), None)
    return documents.texts.spoken(use.title, language) if use is not None and len(product.uses) > 1 else ""


def _numbered(desk: Desk, held: HeldRequest, draft: AttestContent) -> _Numbered:
    """The row of this request's document, a new one with the next number of the year where there is none."""
    office, table = desk.office, schema.attest.c
    with office.database.write() as connection:
        _one_at_a_time(desk, connection)
        row = connection.execute(
            select(table.id, table.number, table.issued_ms).where(
                table.organisation_id == office.site.id,
                table.request_id == held.id,
                table.kiosk_id == KIOSK,
                table.state == "issued",
            )
        ).first()
        if row is not None:
            return _Numbered(row.id, row.number, _local(desk, row.issued_ms))
        return _new_row(desk, connection, held, draft)


def _new_row(desk: Desk, connection: Connection, held: HeldRequest, draft: AttestContent) -> _Numbered:
    office, table = desk.office, schema.attest
    local = draft.issued_at
    last = connection.execute(
        select(func.max(table.c.sequence)).where(
            table.c.organisation_id == office.site.id, table.c.kiosk_id == KIOSK, table.c.epoch == local.year
        )
    ).scalar()
    count = int(last or 0) + 1
    number = number_label(office.site.id, SERIES, local.year, count, practice=office.site.practice)
    attest_id = str(uuid.uuid4())
    connection.execute(
        insert(table).values(
            id=attest_id,
            organisation_id=office.site.id,
            office_id=held.office_id,
            kiosk_id=KIOSK,
            epoch=local.year,
            sequence=count,
            event_id=held.event_id,
            number=number,
            product_id=held.product_id,
            use_id=held.use_id,
            language=held.language,
            fee_cents=held.fee_cents,
            payment_id=held.payment_id,
            request_id=held.id,
            issued_ms=int(local.timestamp() * 1000),
            valid_until=draft.valid_until.isoformat(),
            state="issued",
            print_state="queued",
            medium=held.delivery,
        )
    )
    return _Numbered(attest_id, number, local)


def _one_at_a_time(desk: Desk, connection: Connection) -> None:
    """Two unsealers on PostgreSQL would count to the same number; on SQLite the writer is alone already."""
    table = schema.organisation
    connection.execute(select(table.c.id).where(table.c.id == desk.office.site.id).with_for_update())


def _local(desk: Desk, milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, desk.office.site.zone)
