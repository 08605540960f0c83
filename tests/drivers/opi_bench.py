"""What tests of the OPI terminal share: golden messages, quick limits, a watchful journal, and both ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from drivers.payment_contract import (
    Approved,
    Cancelled,
    DayResult,
    Declined,
    Goods,
    Inconclusive,
    NotCharged,
    NotSent,
    PaymentEvidence,
    PaymentOrder,
    Remembered,
    ReversalEvidence,
    Step,
)
from drivers.payments.opi.address import parse_opi_uri
from drivers.payments.opi.driver import OpiTerminal
from drivers.payments.opi.memory import FileMemory
from drivers.payments.opi.profile import OpiProfile, Timing
from drivers.simulated.terminal.opi.terminal import SimulatedOpiTerminal

NAMESPACE = "http://www.nrf-arts.org/IXRetail/namespace"
GOLDEN_REQUEST = b"""<CardServiceRequest xmlns="http://www.nrf-arts.org/IXRetail/namespace"
    RequestType="CardPayment" WorkstationID="KIOSK42" RequestID="417">
  <POSdata LanguageCode="nl">
    <POSTimeStamp>2026-11-22T10:15:00+01:00</POSTimeStamp>
    <PrinterStatus>Available</PrinterStatus>
    <E-JournalStatus>Available</E-JournalStatus>
  </POSdata>
  <TotalAmount Currency="EUR">12.50</TotalAmount>
</CardServiceRequest>"""
GOLDEN_RESPONSE = b"""<CardServiceResponse RequestType="CardPayment" WorkstationID="KIOSK42" RequestID="417"
    OverallResult="Success" xmlns="http://www.nrf-arts.org/IXRetail/namespace">
  <Terminal TerminalID="11140023" STAN="000593"/>
  <Tender>
    <TotalAmount Currency="EUR">12.50</TotalAmount>
    <Authorization ApprovalCode="123456" CardCircuit="MAESTRO" MaskedCardNumber="************1234"
        TimeStamp="2026-11-22T10:15:20+01:00" TrxReferenceNumber="REF-1"/>
  </Tender>
</CardServiceResponse>"""
GOLDEN_DEVICE_REQUEST = b"""<DeviceRequest RequestType="Output" RequestID="417.1" WorkstationID="KIOSK42"
    ApplicationSender="TERM" POPID="001" xmlns="http://www.nrf-arts.org/IXRetail/namespace">
  <Output OutDeviceTarget="CustomerDisplay"><TextLine>Bied uw kaart aan</TextLine></Output>
</DeviceRequest>"""

QUICK = Timing(
    idle=20.0,
    longest=30.0,
    quick=20.0,
    slow=20.0,
    after_abort=20.0,
    abort_answer=10.0,
    abort_gap=0.01,
    linger=0.02,
    again=0.01,
    goods=20.0,
)
"""For real sockets: answers may take long on a busy machine, patience may not."""
IMPATIENT = replace(QUICK, idle=0.3, after_abort=1.0, quick=0.5, longest=20.0)
"""For terminals that never answer."""
ORDER = PaymentOrder("a3c4c2c8-0d5e-4a39-9f0b-5f6b7a1d2e01", 1250)
BEFORE = PaymentOrder("a3c4c2c8-0d5e-4a39-9f0b-5f6b7a1d2e00", 775)
ENDS = (Declined, Cancelled, NotCharged, NotSent)
"""Certainly not charged."""


def framed(document: bytes) -> bytes:
    """A frame, written apart from the driver's own."""
    return len(document).to_bytes(4, "big") + document


@dataclass
class Notes:
    """A journal in memory.

    Attributes:
        watched: whose money commands must not have arrived when one is noted.
        late: kinds that were noted although the terminal had them already.
        order: names of all calls.
        fail_at: name of the call that cannot be kept.
    """

    watched: SimulatedOpiTerminal | None = None
    fail_at: str = ""
    order: list[str] = field(default_factory=list)
    protocol: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    proven: list[PaymentEvidence | ReversalEvidence | DayResult] = field(default_factory=list)
    enquiries: list[tuple[str, str]] = field(default_factory=list)
    answers: list[Goods] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)

    def sending(self, kind: str, protocol: Mapping[str, str], before: Mapping[str, str], digest: str) -> None:
        number = next((protocol[name] for name in ("requestId", "reversalRequestId") if name in protocol), "")
        if self.watched is not None and number in self.watched.money_commands:
            self.late.append(kind)
        self._note(f"sending {kind}")
        self.protocol.update(protocol)
        self.before.update(before)
        self.digests.append(digest)

    def acknowledged(self) -> None:
        self._note("acknowledged")

    def evidence(self, evidence: PaymentEvidence | ReversalEvidence | DayResult, raw: str) -> None:
        self._note("evidence")
        self.proven.append(evidence)
        self.raw.append(raw)

    def goods(self, answer: Goods) -> None:
        self._note("goods")
        self.answers.append(answer)

    def enquiry(self, asked: str, answer: str) -> None:
        self._note("enquiry")
        self.enquiries.append((asked, answer))

    def remembered(self, order: PaymentOrder = ORDER) -> Remembered:
        """What the store gives back of it."""
        return Remembered(order, dict(self.protocol), dict(self.before))

    def _note(self, name: str) -> None:
        if name == self.fail_at:
            raise OSError("the journal cannot be written")
        self.order.append(name)


@dataclass
class Ears:
    """Hears the terminal's steps, and may do something at one of them."""

    at: Step | None = None
    act: Callable[[], None] = lambda: None
    heard: list[tuple[Step, str]] = field(default_factory=list)

    def __call__(self, step: Step, text: str = "") -> None:
        self.heard.append((step, text))
        if step is self.at:
            self.act()


def driver_for(
    simulated: SimulatedOpiTerminal,
    folder: Path,
    timing: Timing = QUICK,
    profile: OpiProfile | None = None,
) -> OpiTerminal:
    """The real driver over real sockets to a simulated terminal."""
    memory = FileMemory(folder / "opi.json", clock=lambda: 1000.0)
    return OpiTerminal(parse_opi_uri(simulated.uri), profile, timing, memory=memory)


@contextmanager
def both_ends(
    folder: Path, timing: Timing = QUICK, profile: OpiProfile | None = None
) -> Iterator[tuple[SimulatedOpiTerminal, OpiTerminal]]:
    """A terminal and its driver."""
    with SimulatedOpiTerminal() as simulated:
        driver = driver_for(simulated, folder, timing, profile)
        try:
            yield simulated, driver
        finally:
            driver.close()


def charged(simulated: SimulatedOpiTerminal, notes: Notes) -> int:
    """Cents that the ledger holds for the payment in these notes."""
    number = notes.protocol.get("requestId", "")
    return sum(
        each.amount_cents for each in simulated.ledger.bookings if each.reference == number and not each.reversed
    )


def honest(evidence: PaymentEvidence, cents: int) -> bool:
    """Whether evidence and ledger agree, or nobody claims to know."""
    match evidence:
        case Approved(amount_cents):
            return amount_cents == cents
        case Inconclusive():
            return True
        case _:
            return cents == 0


def in_background(work: Callable[[], None]) -> threading.Thread:
    """A thread that does it; to be joined."""
    thread = threading.Thread(target=work, name="test helper")
    thread.start()
    return thread
