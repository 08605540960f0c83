"""A card reader that answers what it was told: for pictures and for tests of journeys, without bytes.

Not for: the demo, whose simulated cards speak the real commands (`drivers.simulated.card`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from drivers.card_contract import (
    Address,
    Authenticated,
    AuthenticateResult,
    BadgeRead,
    BadgeResult,
    CardFailed,
    CardKind,
    CardProblem,
    CardRead,
    CardRequest,
    Check,
    CheckName,
    Document,
    DocumentKind,
    Finding,
    Follow,
    NoNumber,
    Part,
    PartialDate,
    Person,
    Pin,
    PinState,
    PinStateResult,
    Progress,
    ReadResult,
    Slot,
    Verdict,
)
from drivers.contract import DeviceStatus, Health

GENUINE = Verdict(
    tuple(
        Check(name, Finding.PASSED)
        for name in (
            CheckName.IDENTITY_SIGNATURE,
            CheckName.ADDRESS_SIGNATURE,
            CheckName.REGISTER_CERTIFICATE,
            CheckName.VALIDITY,
            CheckName.CHIP,
        )
    )
)
"""What a genuine card passes."""

PRESENT = Authenticated(Verdict((Check(CheckName.CHALLENGE, Finding.PASSED), Check(CheckName.HOLDER, Finding.PASSED))))
"""The right PIN."""


def invented_person(valid_until: date = date(2031, 5, 17)) -> Person:
    """Somebody who does not exist; the national number lies in the range of test cards."""
    return Person(
        document=Document(DocumentKind.CITIZEN, date(2021, 5, 17), valid_until, specimen=True),
        surname="Vandenbroucke-Test",
        given_names="Marie-Anneleen Godelieve",
        birth_date=PartialDate(1954, 8, 26),
        birth_place="Sint-Katelijne-Waver",
        nationality="Belg",
        address=Address("Grotesteenweg 1042 bus 12", "2600", "Antwerpen"),
        card_number="592000000081",
    )


@dataclass
class ToldCards:
    """A reader under the control of a test; implements `drivers.card_contract.Cards`.

    Attributes:
        result: what reading gives; `hold` keeps it reading until released.
        badge: what the number of a badge is read as.
        answers: what each PIN entry gives, the last one for ever.
        pins: how many digits each entry had; the digits themselves are not kept.
        follow: who was to be told of the progress of the last reading.
    """

    person: Person = field(default_factory=invented_person)
    verdict: Verdict = GENUINE
    status: DeviceStatus = field(default_factory=lambda: DeviceStatus(Health.READY))
    slot: Slot = field(default_factory=Slot)
    result: CardFailed | None = None
    badge: BadgeResult = BadgeRead("5A17C3E4")  # noqa: RUF009 - frozen
    state: PinStateResult = field(default_factory=lambda: PinState(3, pinpad=False))
    answers: list[AuthenticateResult] = field(default_factory=lambda: [PRESENT])
    requests: list[CardRequest] = field(default_factory=list)
    pins: list[int | None] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.released.set()
        self._changes = asyncio.Event()
        self.follow: Follow = lambda _: None

    def insert(self, card: CardKind = CardKind.EID, *, found: bool = False) -> None:
        """Put a card in, or let it be found there by a reader that comes back."""
        self._set(Slot(card, self.slot.insertion + 1, found))

    def pull(self) -> None:
        """Take it out."""
        self._set(Slot(None, self.slot.insertion))

    async def changed(self, seen: Slot) -> Slot:
        """See `drivers.card_contract.Cards`."""
        while self.slot == seen:
            changes = self._changes
            await changes.wait()
        return self.slot

    async def read(self, request: CardRequest, follow: Follow) -> ReadResult:
        """See `drivers.card_contract.Cards`."""
        self.requests.append(request)
        self.follow = follow
        follow(Progress(Part.IDENTITY, 0, 2))
        await self.released.wait()
        if self.result is not None:
            return self.result
        if self.slot.card is None:
            return CardFailed(CardProblem.REMOVED)
        return CardRead(self.person, self.verdict, self.slot.insertion, 12)

    async def read_badge(self) -> BadgeResult:
        """See `drivers.card_contract.Cards`."""
        if self.slot.card is None:
            return CardFailed(CardProblem.REMOVED)
        return self.badge if self.slot.card is CardKind.BADGE else NoNumber.NO_BADGE

    async def pin_state(self) -> PinStateResult:
        """See `drivers.card_contract.Cards`."""
        return self.state

    async def authenticate(self, pin: Pin | None, language: str) -> AuthenticateResult:  # noqa: ARG002 - the port's
        """See `drivers.card_contract.Cards`."""
        self.pins.append(None if pin is None else len(pin))
        if pin is not None:
            pin.wipe()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def on_change(self, listener: Callable[[DeviceStatus], None]) -> None:
        """Nothing changes by itself."""

    def _set(self, slot: Slot) -> None:
        self.slot = slot
        changes, self._changes = self._changes, asyncio.Event()
        changes.set()
