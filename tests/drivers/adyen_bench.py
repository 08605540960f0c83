"""What tests of the Adyen driver share: quick limits, a journal that remembers, and a terminal without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from drivers.contract import CannotOpen
from drivers.payment_contract import (
    Approved,
    DayResult,
    Goods,
    Ids,
    PaymentEvidence,
    PaymentOrder,
    Remembered,
    ReversalEvidence,
    Step,
)
from drivers.payments.adyen.attempt import Timing
from drivers.payments.adyen.driver import AdyenTerminal
from drivers.payments.adyen.envelope import Opened, open_sealed, seal
from drivers.payments.adyen.json_text import Json
from drivers.payments.adyen.opening import open_adyen
from drivers.payments.adyen.session import Session
from drivers.payments.adyen.transport import Answer, Failure, NoAnswer, Watch
from drivers.simulated.terminal.adyen.machine import Machine
from drivers.simulated.terminal.adyen.terminal import KEY, POI_ID, SALE_ID, SimulatedAdyenTerminal
from drivers.simulated.terminal.ledger import Ledger
from tests.drivers.rigs import VirtualClock

ORDER = PaymentOrder("0197f3c0-7f3b-7000-8000-000000000417", 1250)
QUICK = Timing(first_look=20.0, look=0.05, after_cancel=20.0, longest=40.0, confirm=0.01, tick=0.01)
"""For real sockets: answers may take long on a busy machine."""
SOON = replace(QUICK, first_look=0.1, after_cancel=0.1, longest=2.0)
"""For terminals that answer everything but the payment."""
IMPATIENT = replace(SOON, answer=0.4)
"""For terminals that never answer."""

Evidence = PaymentEvidence | ReversalEvidence | DayResult


@dataclass
class Notes:
    """A journal in memory.

    Attributes:
        lines: name and arguments of every call, in order.
        on_sending: called when a message is about to leave.
        evidences: what was told, with what is kept of it.
    """

    lines: list[tuple[str, ...]] = field(default_factory=list)
    protocol: dict[str, str] = field(default_factory=dict)
    evidences: list[tuple[Evidence, str]] = field(default_factory=list)
    on_sending: Callable[[str], None] = lambda _kind: None

    def sending(self, kind: str, protocol: Mapping[str, str], before: Mapping[str, str], digest: str) -> None:
        """See `Journal`."""
        self.on_sending(kind)
        self.lines.append(("sending", kind))
        assert len(digest) == 64
        self.protocol.update({name: value for name, value in protocol.items() if name not in self.protocol})

    def acknowledged(self) -> None:
        """See `Journal`."""
        self.lines.append(("acknowledged",))

    def evidence(self, evidence: Evidence, raw: str) -> None:
        """See `Journal`."""
        self.lines.append(("evidence", type(evidence).__name__))
        self.evidences.append((evidence, raw))

    def goods(self, answer: Goods) -> None:
        """See `Journal`."""
        self.lines.append(("goods", answer.value))

    def enquiry(self, asked: str, answer: str) -> None:
        """See `Journal`."""
        self.lines.append(("enquiry", asked, answer))

    def remembered(self, order: PaymentOrder = ORDER, ids: Ids | None = None) -> Remembered:
        """What a saga would give back after a power cut."""
        known = [each.ids for each, _ in self.evidences if isinstance(each, Approved)]
        return Remembered(order, dict(self.protocol), ids=ids or (known[-1] if known else Ids()))


class Counting:
    """Service numbers from one upwards."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        """See `ServiceNumbers`."""
        self.last += 1
        return self.last


def quiet(step: Step, text: str = "") -> None:
    """A voice that nobody hears."""


def opened(
    terminal: SimulatedAdyenTerminal, folder: Path, timing: Timing = QUICK, *, look_first: bool = False
) -> AdyenTerminal:
    """The real driver over real TLS to a simulated terminal."""
    driver = open_adyen(terminal.address(folder), timing=timing, look_first=look_first)
    assert not isinstance(driver, CannotOpen), driver
    return driver


Spoil = Callable[[str, bytes], Answer | NoAnswer | None]


@dataclass
class VirtualTerminal:
    """The simulated machine without a network, in a time that passes only while somebody waits.

    Attributes:
        asked: categories of the messages that came, in order.
        bodies: the messages themselves.
        spoil: called with category and right answer; what it returns arrives instead.
        deciding: seconds that a payment takes at the terminal; None for ever.
    """

    clock: VirtualClock = field(default_factory=VirtualClock)
    asked: list[str] = field(default_factory=list)
    bodies: list[dict[str, Json]] = field(default_factory=list)
    spoil: Spoil = lambda _category, _answer: None
    deciding: float | None = 0.0
    during: Callable[[float], None] = lambda _seconds: None

    def __post_init__(self) -> None:
        self.began = self.clock.now
        self.ledger = Ledger()
        self.machine = Machine(self.ledger, lambda _event: None)
        self.numbers = Counting()

    def driver(self, timing: Timing | None = None, *, look_first: bool = False) -> AdyenTerminal:
        """The real driver with this terminal at the other end."""
        session = Session(self, [KEY], self.numbers, SALE_ID, POI_ID)
        return AdyenTerminal(session, timing, look_first=look_first, clock=self.clock, pause=self.pause)

    @property
    def passed(self) -> float:
        """Seconds since the beginning."""
        return self.clock.now - self.began

    def pause(self, seconds: float) -> None:
        """Time passes."""
        self.clock.now += seconds

    def post(self, body: bytes, seconds: float, watch: Watch | None = None) -> Answer | NoAnswer:
        """See `Transport`."""
        found = open_sealed(body, [KEY])
        assert isinstance(found, Opened)
        header = found.message["MessageHeader"]
        assert isinstance(header, dict)
        category = str(header["MessageCategory"])
        self.asked.append(category)
        self.bodies.append(found.message)
        if watch is not None:
            watch.written()
            for passed in self._passing(category, seconds):
                self.during(passed)
                if not watch.waiting():
                    return NoAnswer(Failure.GIVEN_UP, sent=True)
            if category == "Payment" and (self.deciding is None or self.deciding >= seconds):
                return NoAnswer(Failure.SILENT, sent=True)
        question = found.message.get(f"{category}Request")
        texts = {name: str(value) for name, value in header.items()}
        said = self.machine.answer(texts, question if isinstance(question, dict) else {})
        sealed = b"" if said is None else seal(_answer(header, said), KEY)
        spoilt = self.spoil(category, sealed)
        return Answer(200, sealed) if spoilt is None else spoilt

    def _passing(self, category: str, seconds: float) -> Iterator[float]:
        begun, lasts = self.clock.now, seconds if self.deciding is None else min(self.deciding, seconds)
        while category == "Payment" and self.clock.now - begun < lasts:
            self.clock.now += 1.0
            yield self.clock.now - begun


def _answer(header: dict[str, Json], said: dict[str, Json]) -> dict[str, Json]:
    return {"SaleToPOIResponse": {"MessageHeader": {**header, "MessageType": "Response"}, **said}}
