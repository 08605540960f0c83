"""An attest desk that answers what it was told: real texts on drafts, no key, no document, no register.

For pictures and for tests of journeys. Not for: the demo, whose column makes real documents (`kiosk.attesting`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from drivers.card_contract import Person
from drivers.contract import Line, PaperDocument, Sheet
from kiosk.core.attests import (
    AttestContent,
    AttestNumber,
    AttestOrder,
    AttestProduct,
    DeliveryWay,
    Draft,
    RegisterAnswered,
    RegisterData,
    RegisterReply,
    RegisterRequest,
    RegisterWaits,
    SealedAttest,
)
from kiosk.core.texts import Language, Texts
from kiosk.documents.attest.facts import card_facts, register_facts
from kiosk.documents.seal_contract import CannotMake


@dataclass
class ToldAttests:
    """Implements `kiosk.journeys.ports.AttestDesk`.

    Attributes:
        number: what the store gives the next attest.
        cannot: what is wrong with every document, or None.
        reply: what comes of asking a register; a `RegisterAnswered` is given the request's own id and product.
        address: where a file can be fetched, or None without a back office.
        released: cleared, asking a register takes for ever.
        committing: cleared, committing takes for ever.
        issued: what was issued, in order.
        requests: what was asked of registers.
        redirected: how requests are to be had after all, in order.
        codes: the codes of slips, in order.
    """

    texts: Texts
    now: Callable[[], datetime]
    ready: bool = True
    number: str = "DEMO-districtshuis-K1-2026-00042"
    cannot: CannotMake | None = None
    reply: RegisterReply = field(default_factory=lambda: RegisterWaits(offline=True))
    address: str | None = "https://backoffice.example/take/6Zk3#pQ"
    released: asyncio.Event = field(default_factory=asyncio.Event)
    committing: asyncio.Event = field(default_factory=asyncio.Event)
    issued: list[tuple[AttestOrder, AttestContent]] = field(default_factory=list)
    requests: list[RegisterRequest] = field(default_factory=list)
    redirected: list[tuple[str, DeliveryWay, str | None]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.released.set()
        self.committing.set()

    def from_card(self, person: Person, product: AttestProduct, language: Language, today: date) -> Draft:
        """See the port."""
        return Draft(card_facts(person, product, language, self.texts, today), today)

    def from_register(self, data: RegisterData, product: AttestProduct, language: Language) -> Draft:
        """See the port."""
        facts, groups = register_facts(data, product, language, self.texts)
        return Draft(facts, data.as_of, groups)

    def prepare(self, content: AttestContent, product: AttestProduct) -> None:
        """See the port."""

    async def check(self, content: AttestContent, product: AttestProduct) -> None:  # noqa: ARG002 - the port's
        """See the port."""
        if self.cannot is not None:
            raise self.cannot

    async def issue(
        self, order: AttestOrder, product: AttestProduct, content_of: Callable[[AttestNumber], AttestContent]
    ) -> SealedAttest:
        """See the port."""
        await self.committing.wait()
        at = len(self.issued) + 1
        numbered = AttestNumber(
            f"00000000-0000-4000-8000-{at:012d}", f"attest-job-{at}", self.number, self.now().replace(microsecond=0)
        )
        content = content_of(numbered)
        self.issued.append((order, content))
        return SealedAttest(numbered.id, numbered.job_id, product, content, "BE1:REHEARSAL", order.medium)

    async def sheet(self, attest: SealedAttest) -> Sheet:
        """See the port."""
        return Sheet(b"%PDF", attest.content.number)

    def receipt(self, attest: SealedAttest) -> PaperDocument:
        """See the port."""
        return PaperDocument((Line(attest.content.number),))

    def code_slip(
        self,
        product: AttestProduct,  # noqa: ARG002 - the port's
        code: str,
        language: Language,  # noqa: ARG002
        asked_at: datetime,  # noqa: ARG002
    ) -> PaperDocument:
        """See the port."""
        self.codes.append(code)
        return PaperDocument((Line(code),))

    async def take_along(self, attest: SealedAttest) -> str | None:  # noqa: ARG002 - the port's
        """See the port."""
        return self.address

    async def request(self, asked: RegisterRequest, person: Person) -> None:  # noqa: ARG002 - the port's
        """See the port."""
        self.requests.append(asked)

    async def redirect(self, request_id: str, way: DeliveryWay, address: str | None = None) -> None:
        """See the port."""
        self.redirected.append((request_id, way, address))

    async def answer(
        self,
        person: Person,  # noqa: ARG002 - the port's
        *,
        request_id: str | None,
        code: str | None,  # noqa: ARG002
        seconds: int,  # noqa: ARG002
    ) -> RegisterReply:
        """See the port."""
        await self.released.wait()
        if isinstance(self.reply, RegisterAnswered) and request_id is not None:
            asked = self.requests[-1]
            return RegisterAnswered(self.reply.data, request_id, asked.product, asked.use, asked.language)
        return self.reply
