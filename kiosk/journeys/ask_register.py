"""Ask a register for data through the back office; when the answer is not there at once, nothing is lost: the person
gets a code with which the attest is got later, here or at another column.

Not for: the registers themselves (`sync.backoffice.registers`) or getting the attest later (`collect_attest`).
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from typing import NoReturn, assert_never

from drivers.card_contract import Person
from kiosk.core.attests import (
    AttestProduct,
    DeliveryWay,
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
from kiosk.core.pages import SearchPage
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
        request_id: of the committed request.
        problem: where it went when no register could answer at once; None while it simply waits.
        ways: how else it can be had; EBOX only where nothing is to be paid at the column.
    """

    product: AttestProduct
    request_id: str
    code: str
    problem: RegisterProblem | None = None
    ways: tuple[DeliveryWay, ...] = ()

    async def told(self, visit: Visit) -> NoReturn:
        """Show the code, print it, and say how the attest is got; it may still be asked to come another way."""
        column = visit.column
        column.printing.slip(column.attests.code_slip(self.product, self.code, visit.language, column.clock.now()))
        chosen_way = DeliveryWay.COLUMN
        while True:
            page = attest_pages.asked(self, chosen_way, column.here.phone)
            chosen = await visit.choose(page, patience=column.timing.ticket)
            if chosen == DeliveryWay.EBOX.value:
                await uninterrupted(column.attests.redirect(self.request_id, DeliveryWay.EBOX))
                chosen_way = DeliveryWay.EBOX
            elif chosen == DeliveryWay.EMAIL.value:
                chosen_way = await self._by_email(visit)
            else:
                raise visit.leave(Outcome.DONE)

    async def _by_email(self, visit: Visit) -> DeliveryWay:
        typed = ""

        def page(text: str) -> SearchPage:
            nonlocal typed
            typed = text.strip()
            return attest_pages.address(text, usable=is_address(typed))

        if await visit.search(page) != attest_pages.GO_ON or not is_address(typed):
            return DeliveryWay.COLUMN
        await uninterrupted(visit.column.attests.redirect(self.request_id, DeliveryWay.EMAIL, typed))
        return DeliveryWay.EMAIL


_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def is_address(text: str) -> bool:
    """Whether it has the form of an e-mail address; whether anybody reads it cannot be known."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


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
    return await answered(visit, product, language, reply, _request(visit, product, use, request.id, code))


def _request(visit: Visit, product: AttestProduct, use: Use, request_id: str, code: str) -> Asked:
    offered = visit.column.site.deliveries
    ways = tuple(way for way in offered if way is not DeliveryWay.EBOX or not use.price_cents)
    return Asked(product, request_id, code, ways=ways)


async def answered(
    visit: Visit, product: AttestProduct, language: Language, reply: RegisterReply, request: Asked
) -> Draft | Asked | Back:
    """What a reply to `request` means for the person."""
    match reply:
        case RegisterAnswered():
            draft = visit.column.attests.from_register(reply.data, product, language)
            return Draft(draft.facts, draft.as_of, draft.groups, reply.request_id, reply.paid)
        case RegisterWaits() | NoRequest():
            return request
        case RegisterProblem.REFERRED:
            return replace(request, problem=reply, ways=())
        case RegisterProblem():
            await visit.choose(attest_pages.register_problem(product, reply, visit.column.here.phone))
            return Back.BACK
        case _:
            assert_never(reply)
