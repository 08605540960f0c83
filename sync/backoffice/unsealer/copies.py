"""The job `duplicate`: an attest that was issued, made again as a PDF marked DUPLICATE. Only in memory.

The code on it is the original's, so a check says the same of both. Not for: who may have one (staff pages).
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from kiosk.core.attests import AttestContent, AttestField, AttestProduct, Printed
from sync.backoffice import schema
from sync.backoffice.core import BackOffice
from sync.backoffice.unsealer.answering import Desk
from sync.backoffice.unsealer.contract import Document, JobRefused, Trouble
from sync.backoffice.unsealer.documents import Documents

WHY = "duplicate"


def duplicate(desk: Desk, documents: Documents, attest_id: str, actor: str) -> Document:
    """Do the job.

    Raises:
        JobRefused: saying why there is none.
    """
    event_id, product_id, state = _row(desk.office, attest_id)
    if state != "issued":
        raise JobRefused(Trouble.TAKEN_BACK, f"the attest is {state}; there are no duplicates of it")
    product = desk.product(product_id)
    plain = desk.vault.opening(event_id, WHY, actor).plain()
    seal = plain.get("seal")
    if not isinstance(seal, str):
        raise JobRefused(Trouble.NOT_HELD, "the event holds no seal")
    content = _with_unsealed(documents.content_of(seal), product, plain.get("unsealed"))
    return Document(documents.pdf(content, product, seal, duplicate=True))


def _row(office: BackOffice, attest_id: str) -> tuple[str, str, str]:
    table = schema.attest.c
    with office.database.read() as connection:
        row = connection.execute(
            select(table.event_id, table.product_id, table.state).where(
                table.id == attest_id, table.organisation_id == office.site.id
            )
        ).first()
    if row is None:
        raise JobRefused(Trouble.NOT_HELD, "there is no such attest")
    return str(row.event_id), str(row.product_id), str(row.state)


def _with_unsealed(content: AttestContent, product: AttestProduct, unsealed: object) -> AttestContent:
    """With the facts that are printed and not in the code, each in its place in the product's order."""
    if not isinstance(unsealed, dict) or not unsealed:
        return content
    values = {printed.field: printed for printed in content.facts}
    for field in AttestField:
        told = unsealed.get(field.name, unsealed.get(field.name.lower()))
        if isinstance(told, str) and told:
            values[field] = Printed(field, told)
    order = [*product.facts, *(field for field in values if field not in product.facts)]
    return replace(content, facts=tuple(values[field] for field in order if field in values))
