"""Ask a register for data through the back office; when the answer is not there at once, nothing is lost: the person
gets a code with which the attest is got later, here or at another column.

Not for: the registers themselves (`sync.backoffice.registers`) or getting the attest later (`collect_attest`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import assert_never

from drivers.card_contract import Person
from kiosk.core.attests import (
    AttestProduct,
    Draft,
    NoRequest,
    RegisterAnswered,
    RegisterProblem,
    RegisterReply,
    RegisterRequest,
    RegisterWaits,
    Use,
)
from kiosk.core.codes import code_hash, new_code
from kiosk.core.texts import Language
from kiosk.journeys import attest_pages
from kiosk.journeys.uninterrupted import uninterrupted
from kiosk.journeys.visit import Back, Outcome, Visit

PATIENCE_S = 15
"""How long somebody waits at the column for a register."""


@dataclass(frozen=True)
class Asked:
    """A request that waits for its answer, and the code with which it is got.

    Attributes:
        problem: where it went when no register could answer at once; None while it simply waits.
    """

    product: AttestProduct
    code: str
    problem: RegisterProblem | None = None

    async def told(self, visit: Visit) -> None:
        """Show the code, print it, and say how the attest is got."""
        column = visit.column
        slip = column.attests.code_slip(self.product, self.code, visit.language, column.clock.now())
        column.printing.slip(slip)
        await visit.choose(attest_pages.asked(self, column), patience=column.timing.ticket)
        raise visit.leave(Outcome.DONE)


async def ask_register(
    visit: Visit, product: AttestProduct, use: Use, language: Language, person: Person
) -> Draft | Asked | Back:
    """Ask, once the person said yes to it.

    Returns:
        What the register says; or the request that waits; or BACK, when there will be no attest and the person knows
        why.

    Raises:
        kiosk.documents.seal_contract.CannotMake: when the answer cannot be printed.
    """
    if await visit.choose(attest_pages.ask(product, use, person)) != attest_pages.ASK:
        return Back.BACK
    code = new_code()
    request = RegisterRequest(str(uuid.uuid4()), product.id, use.id, language, use.price_cents, code_hash(code))
    await uninterrupted(visit.column.attests.request(request, person))
    asking = visit.column.attests.answer(person, request_id=request.id, code=None, seconds=PATIENCE_S)
    reply = await visit.choose_unless(attest_pages.asking(product), asking)
    if isinstance(reply, str | Back):
        raise AssertionError("a page without options was answered")
    return await answered(visit, product, language, reply, code)


async def answered(
    visit: Visit, product: AttestProduct, language: Language, reply: RegisterReply, code: str
) -> Draft | Asked | Back:
    """What a reply means for the person."""
    match reply:
        case RegisterAnswered():
            draft = visit.column.attests.from_register(reply.data, product, language)
            return Draft(draft.facts, draft.as_of, draft.groups, reply.request_id, reply.paid)
        case RegisterWaits() | NoRequest():
            return Asked(product, code)
        case RegisterProblem.REFERRED:
            return Asked(product, code, reply)
        case RegisterProblem():
            await visit.choose(attest_pages.register_problem(product, reply, visit.column.here.phone))
            return Back.BACK
        case _:
            assert_never(reply)
