"""Makes attests for the journeys: keys, documents and registers behind one port, in a thread of its own.

Nothing of it is loaded before somebody asks for an attest. Not for: what an attest says (`kiosk.documents`), or when it
may be given (`kiosk.journeys.request_attest`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from drivers.card_contract import Person
from drivers.contract import PaperDocument, Sheet
from kiosk.core.attests import (
    NEVER_SEALED,
    AttestContent,
    AttestNumber,
    AttestOrder,
    AttestProduct,
    DeliveryWay,
    Draft,
    Medium,
    RegisterData,
    RegisterReply,
    RegisterRequest,
    RegisterWaits,
    SealedAttest,
)
from kiosk.core.catalogue import ContactPoint, Site
from kiosk.core.texts import Language, Texts, message
from kiosk.documents.seal_contract import CannotMake
from kiosk.paths import DOCUMENTS, FONTS
from kiosk.store.attests import Filled
from kiosk.store.store import KioskStore

if TYPE_CHECKING:
    # Loaded only when somebody asks for an attest.
    from kiosk.attest_link import AttestLink
    from kiosk.documents.attest.page import AttestPages
    from kiosk.documents.seal.keys import FileAttestKey
    from sync.protocol.sealing import SealingKey

T = TypeVar("T")

ATTEST_FOLDER = "attest"
"""Folder of the identity with the key that seals attests."""
_POINTER, _SEALING = "attest.current", "sealing.json"
"""Files without which nothing can be issued; looked for by name, because the modules that own them load slowly."""


class NoUsableKey(CannotMake):
    """The column has no key that counts today; the text says what to do."""


@dataclass
class ColumnAttests:
    """Implements `kiosk.journeys.ports.AttestDesk`.

    Attributes:
        identity: folder of the column's identity.
        now: best known time, timezone-aware.
        link: way to registers and downloads; None without a back office.
        verify_url: where everybody can check an attest, as printed; "" where there is none.
    """

    store: KioskStore
    site: Site
    here: ContactPoint
    texts: Texts
    identity: Path
    now: Callable[[], datetime]
    link: Callable[[], AttestLink] | None = None
    verify_url: str = ""
    _prepared: bool = False
    _worker: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="zuil-attests"), repr=False
    )

    def close(self) -> None:
        """End the thread, once what it does is done."""
        self._worker.shutdown(wait=True)

    @property
    def ready(self) -> bool:
        """See the port; whether the key still counts is found out when it is used."""
        has_key = (self.identity / ATTEST_FOLDER / _POINTER).exists() and (self.identity / _SEALING).exists()
        return self.site.signing is not None and has_key

    def from_card(self, person: Person, product: AttestProduct, language: Language, today: date) -> Draft:
        """See the port."""
        from kiosk.documents.attest.facts import card_facts

        return Draft(card_facts(person, product, language, self.texts, today), today)

    def from_register(self, data: RegisterData, product: AttestProduct, language: Language) -> Draft:
        """See the port."""
        from kiosk.documents.attest.facts import register_facts

        facts, groups = register_facts(data, product, language, self.texts)
        return Draft(facts, data.as_of, groups)

    def prepare(self, content: AttestContent, product: AttestProduct) -> None:
        """See the port."""
        if not self._prepared:
            self._prepared = True
            self._worker.submit(self._load, content, product)

    def _load(self, content: AttestContent, product: AttestProduct) -> None:
        """Make a document and throw it away: everything is loaded then, and nothing of it is needed before."""
        from kiosk.documents.seal.text import seal_text

        with suppress(CannotMake):
            self._pdf(SealedAttest("", "", product, content, seal_text(content, self._key()), Medium.SHEET))

    async def check(self, content: AttestContent, product: AttestProduct) -> None:
        """See the port."""
        await self._in_worker(lambda: self._check(content, product))

    def _check(self, content: AttestContent, product: AttestProduct) -> None:
        self._key()
        self._sealing_key()
        self._pages.check(content, product)

    async def issue(
        self, order: AttestOrder, product: AttestProduct, content_of: Callable[[AttestNumber], AttestContent]
    ) -> SealedAttest:
        """See the port."""
        from kiosk.documents.seal.text import seal_text
        from sync.protocol.canonical import b64url
        from sync.protocol.sealing import Place

        key, sealing = self._key(), self._sealing_key()
        made: list[tuple[AttestContent, str]] = []

        def fill(numbered: AttestNumber) -> Filled:
            content = content_of(numbered)
            text = seal_text(content, key)
            made.append((content, text))
            plain: dict[str, object] = {"seal": text, **_unsealed(content)}

            def seal(event: Mapping[str, object]) -> Mapping[str, object]:
                return sealing.seal(plain, "attest-issued:1", Place.event(event))

            return Filled(b64url(key.kid), seal)

        numbered = await self.store.issue_attest(order, fill, demo=self.site.practice)
        content, text = made[-1]
        return SealedAttest(numbered.id, numbered.job_id, product, content, text, order.medium)

    async def sheet(self, attest: SealedAttest) -> Sheet:
        """See the port."""
        return Sheet(await self._in_worker(lambda: self._pdf(attest)), attest.content.number)

    def _pdf(self, attest: SealedAttest) -> bytes:
        from kiosk.documents.attest.pdf_seal import seal_pdf

        content = attest.content
        page = self._pages.pdf(content, attest.product, attest.seal)
        title = self.texts.spoken(attest.product.title, content.language)
        return seal_pdf(page, self._key(), location=content.place, reason=title, signed_at=content.issued_at)

    def receipt(self, attest: SealedAttest) -> PaperDocument:
        """See the port."""
        from kiosk.documents.attest.receipt import attest_receipt

        return attest_receipt(
            attest.content, attest.product, attest.seal, self.site, self.texts, verify_url=self.verify_url
        )

    def code_slip(self, product: AttestProduct, code: str, language: Language, asked_at: datetime) -> PaperDocument:
        """See the port."""
        from kiosk.documents.attest.receipt import RequestSlip, request_receipt

        collect = (message("attest.asked.by.column"),)
        slip = RequestSlip(product.title, asked_at, code, collect, self.here.phone, self.site.practice, language)
        return request_receipt(slip, self.site, self.texts)

    async def take_along(self, attest: SealedAttest) -> str | None:
        """See the port."""
        if self.link is None:
            return None
        link = self.link()
        return await self._in_worker(lambda: link.offer(self._pdf(attest), attest.content.language))

    async def request(self, asked: RegisterRequest, person: Person) -> None:
        """See the port."""
        from sync.protocol.sealing import Place

        sealing = self._sealing_key()
        plain: dict[str, object] = {
            "nationalNumber": person.national_number,
            "surname": person.surname,
            "givenNames": person.given_names,
        }
        await self.store.request_attest(
            asked, lambda event: sealing.seal(plain, "attest-requested:1", Place.event(event))
        )

    async def redirect(self, request_id: str, way: DeliveryWay, address: str | None = None) -> None:
        """See the port."""
        from sync.protocol.sealing import Place

        if address is None:
            await self.store.redirect_attest(request_id, way, None)
            return
        sealing = self._sealing_key()
        await self.store.redirect_attest(
            request_id,
            way,
            lambda event: sealing.seal({"email": address}, "attest-redirected:1", Place.event(event)),
        )

    async def answer(self, person: Person, *, request_id: str | None, code: str | None, seconds: int) -> RegisterReply:
        """See the port."""
        if self.link is None:
            return RegisterWaits(offline=True)
        link, sealing = self.link(), self._sealing_key()
        number = person.national_number or ""
        return await self._in_worker(
            lambda: link.answer(number, sealing, request_id=request_id, code=code, seconds=seconds)
        )

    @cached_property
    def _pages(self) -> AttestPages:
        from kiosk.documents.attest.page import AttestPages

        return AttestPages(self.site, self.texts, FONTS, DOCUMENTS, self.verify_url)

    def _key(self) -> FileAttestKey:
        """Read anew each time, so that a renewed key is used at once and none is kept."""
        from kiosk.documents.seal.keys import FileAttestKey, NoAttestKey

        try:
            key = FileAttestKey.load(self.identity / ATTEST_FOLDER)
        except NoAttestKey as error:
            raise NoUsableKey(str(error)) from error
        if not key.valid_from <= self.now() < key.valid_to:
            raise NoUsableKey("the certificate of the key does not count today; let the column reach its back office")
        return key

    def _sealing_key(self) -> SealingKey:
        from sync.client.sealing_keys import load_sealing_key

        key = load_sealing_key(self.identity, self.now())
        if key is None:
            raise NoUsableKey("no key of the organisation is known; let the column reach its back office")
        return key

    async def _in_worker(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)


def _unsealed(content: AttestContent) -> dict[str, object]:
    """What is printed and stands in no code, for a copy that staff make later."""
    kept = {printed.field.name: printed.value for printed in content.facts if printed.field in NEVER_SEALED}
    return {"unsealed": kept} if kept else {}
