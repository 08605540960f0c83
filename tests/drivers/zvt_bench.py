"""What tests of the ZVT terminal share: orders, a journal that notes when it is called, lines that note what passes,
a terminal in virtual time, and the judge that compares evidence with the simulated terminal's ledger."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from drivers.contract import CannotOpen
from drivers.payment_contract import (
    Approved,
    DayResult,
    Goods,
    Ids,
    Inconclusive,
    PaymentEvidence,
    PaymentOrder,
    Remembered,
    ReversalEvidence,
    Step,
)
from drivers.payments.zvt import codes
from drivers.payments.zvt.address import parse_zvt_uri
from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.driver import ZvtTerminal
from drivers.payments.zvt.link import LineFault, Link
from drivers.payments.zvt.opening import connect
from drivers.payments.zvt.profile import Timing, ZvtProfile
from drivers.simulated.terminal.ledger import Ledger
from drivers.simulated.terminal.zvt.habits import Habits
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from tests.drivers.rigs import VirtualClock

ORDER = PaymentOrder("0b6f6a0e-6d9c-4a53-9a0e-1f5a4d0c7b11", 1250)
WARM_UP = PaymentOrder("9c1de0c6-4c5e-4be0-8d63-6a3c0ad0a002", 700)
"""Paid before the payment of a test, so that the terminal remembers something."""
QUICK = Timing(answer=8, silence=8, quiet=8, after_abort=8, goods=0.02, longest=60, tick=0.01, minute=8)
"""For real sockets: answers may take long on a busy machine."""
IMPATIENT = replace(QUICK, silence=0.8, after_abort=0.2, minute=0.8)
"""For terminals that go silent in a payment."""
BRISK = Habits(goods_pause=0.01)
APPROVAL = bytes.fromhex(
    "2700 04000000001250 0B000123 0C101530 0D1122 0E2812 170001 1970 22F0F86703EEEEEEEE1234 2912345678"
    "2A565530303030303030303030303031 3B4131423243330000 3CF0F0F8415050524F564544 490978 870042 88000042"
    "8A2E 8BF0F84D61657374726F00"
)
"""The data of a 04 0F as the reference prints it; its result is its second byte."""
OK = Apdu(codes.POSITIVE_CODE)


@dataclass(frozen=True)
class Noted:
    """Something that happened: `who` is "journal", "sent" or "came"; `what` a call or a code."""

    who: str
    what: str
    detail: object = None


Log = list[Noted]


@dataclass
class NotingJournal:
    """Implements `Journal` in memory; with `fails_at`, it cannot write at that call.

    Attributes:
        protocol, before: what the last money command was written down with.
    """

    log: Log = field(default_factory=list)
    fails_at: str = ""
    protocol: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    on_goods: Callable[[Goods], None] | None = None

    def note(self, what: str, detail: object = None) -> None:
        if what == self.fails_at:
            raise OSError("the journal's disk is full")
        self.log.append(Noted("journal", what, detail))

    def sending(self, kind: str, protocol: Mapping[str, str], before: Mapping[str, str], digest: str) -> None:
        assert len(digest) == 64
        if kind != "abort":
            self.protocol, self.before = dict(protocol), dict(before)
        self.note(f"sending {kind}")

    def acknowledged(self) -> None:
        self.note("acknowledged")

    def evidence(self, evidence: PaymentEvidence | ReversalEvidence | DayResult, raw: str) -> None:
        assert raw
        self.note("evidence", evidence)

    def goods(self, answer: Goods) -> None:
        self.note("goods", answer)
        if self.on_goods is not None:
            self.on_goods(answer)

    def enquiry(self, asked: str, answer: str) -> None:
        self.note("enquiry", (asked, answer))

    def remembered(self, order: PaymentOrder = ORDER, ids: Ids | None = None) -> Remembered:
        """What somebody would read in it after a restart."""
        return Remembered(order, self.protocol, self.before, ids or Ids())

    @property
    def told(self) -> list[object]:
        """Every evidence, oldest first."""
        return [noted.detail for noted in self.log if noted.what == "evidence"]


@dataclass
class LateJournal(NotingJournal):
    """Writes down what it was told only after the next message has left: what must never happen."""

    late: list[Noted] = field(default_factory=list)

    def note(self, what: str, detail: object = None) -> None:
        self.late.append(Noted("journal", what, detail))

    def catch_up(self) -> None:
        self.log.extend(self.late)
        self.late.clear()


@dataclass
class NotingLink:
    """Notes every message that passes; implements `Link`."""

    inner: Link
    journal: NotingJournal

    def send(self, message: Apdu) -> LineFault | None:
        self.journal.log.append(Noted("sent", f"{message.code:04X}", message.data))
        fault = self.inner.send(message)
        if isinstance(self.journal, LateJournal):
            self.journal.catch_up()
        return fault

    def receive(self, seconds: float) -> Apdu | LineFault | None:
        came = self.inner.receive(seconds)
        if isinstance(came, Apdu):
            self.journal.log.append(Noted("came", f"{came.code:04X}", came.data))
        return came

    def close(self) -> None:
        self.inner.close()


MONEY = {"0601": "sending payment", "0630": "sending reversal", "0650": "sending endOfDay", "06B0": "sending abort"}
QUESTIONS = ("0600", "0501", "0620")


def order_faults(log: Log) -> list[str]:
    """Where something left before it was written down, or left twice."""
    faults: list[str] = []
    in_money, since = False, 0
    told: list[object] = []
    for place, noted in enumerate(log):
        names = [each.what for each in log[since:place] if each.who == "journal"]
        if noted.who == "sent" and noted.what in MONEY:
            if MONEY[noted.what] not in names:
                faults.append(f"{noted.what} left before it was written down")
            in_money, since = True, place + 1
        elif noted.who == "sent" and noted.what in QUESTIONS:
            in_money = False
        elif noted.who == "came" and noted.what in ("040F", "060F", "061E"):
            since = place + 1
        elif noted.who == "sent" and noted.what[:2] in ("80", "84") and in_money:
            came = log[since - 1]
            if came.who == "came" and came.what in ("040F", "060F", "061E"):
                known = came.what == "040F" and came.detail in told
                if "evidence" not in names and not known:
                    faults.append(f"{came.what} was acknowledged before it was written down")
                if noted.what[:2] == "84" and "goods" not in names:
                    faults.append("an answer about the goods left before it was written down")
                told.append(came.detail)
                in_money = came.what == "040F"
                since = place + 1
    counts = [noted.what for noted in log if noted.who == "sent" and noted.what in MONEY]
    faults += [f"{code} left {counts.count(code)} times" for code in sorted(set(counts)) if counts.count(code) > 1]
    return faults


class Steps:
    """Notes the steps it is told, and does something at each; implements `Voice`."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        self.then = then
        self.seen: list[Step] = []
        self.texts: list[str] = []

    def __call__(self, step: Step, text: str = "") -> None:
        self.seen.append(step)
        self.texts.append(text)
        self.then()


def driver_for(
    simulated: SimulatedZvtTerminal,
    journal: NotingJournal | None = None,
    timing: Timing = QUICK,
    profile: ZvtProfile | None = None,
) -> ZvtTerminal:
    """The real driver over the real cable; what passes is noted in the log of `journal`."""
    address = parse_zvt_uri(simulated.uri)

    def opened() -> Link | CannotOpen:
        link = connect(address)
        return link if journal is None or isinstance(link, CannotOpen) else NotingLink(link, journal)

    return ZvtTerminal(opened, address.password, profile, timing)


def warm_up(simulated: SimulatedZvtTerminal) -> None:
    """Give the terminal something to remember."""
    driver = driver_for(simulated)
    assert isinstance(driver.pay(WARM_UP, NotingJournal(), Steps()), Approved)
    driver.close()


def charged(ledger: Ledger, order: PaymentOrder = ORDER) -> bool:
    """Whether the ledger has the payment of `order` standing."""
    return any(each.amount_cents == order.amount_cents and not each.reversed for each in ledger.bookings)


def judged(evidence: PaymentEvidence, ledger: Ledger, order: PaymentOrder = ORDER) -> bool:
    """Whether evidence and ledger agree; Inconclusive agrees with both."""
    if isinstance(evidence, Inconclusive):
        return True
    return isinstance(evidence, Approved) == charged(ledger, order)


Reply = Apdu | LineFault | float
"""What a virtual terminal does next: say something, break the line, or let seconds pass."""


@dataclass
class VirtualTerminal:
    """The other end of a line in virtual time; implements `Link`.

    Attributes:
        answer: what follows on each message of ours.
        sent: everything of ours, in order.
    """

    answer: Callable[[Apdu], Iterable[Reply]]
    clock: VirtualClock = field(default_factory=VirtualClock)
    sent: list[Apdu] = field(default_factory=list)
    closed: int = 0
    _next: deque[Reply] = field(default_factory=deque)

    def send(self, message: Apdu) -> LineFault | None:
        self.sent.append(message)
        self._next.extend(self.answer(message))
        return None

    def receive(self, seconds: float) -> Apdu | LineFault | None:
        if not self._next:
            self.clock.now += seconds or 0.001
            return None
        reply = self._next.popleft()
        if not isinstance(reply, float):
            return reply
        passed = min(reply, seconds or 0.001)
        self.clock.now += passed
        if reply > passed:
            self._next.appendleft(reply - passed)
        return None

    def close(self) -> None:
        self.closed += 1

    def driver(self, profile: ZvtProfile | None = None) -> ZvtTerminal:
        """The real driver at this line, with real limits."""
        return ZvtTerminal(lambda: self, "000000", profile, Timing(), self.clock, lambda: NOW)

    def count(self, code: int) -> int:
        """How often we said that."""
        return sum(message.code == code for message in self.sent)


NOW = datetime(2026, 11, 22, 9, 15, 30, tzinfo=UTC)
"""10:15:30 in Brussels, as in `APPROVAL`."""


def ready_then(play: Callable[[Apdu], Iterable[Reply] | None]) -> Callable[[Apdu], Iterable[Reply]]:
    """A terminal that registers, is ready and remembers receipt 41; everything else is up to `play`."""
    old = (
        APPROVAL.replace(bytes.fromhex("870042"), bytes.fromhex("870041"))
        .replace(bytes.fromhex("0B000123"), bytes.fromhex("0B000122"))
        .replace(bytes.fromhex("88000042"), bytes.fromhex("88000041"))
    )

    def answer(message: Apdu) -> Iterable[Reply]:
        own = play(message)
        if own is not None:
            return own
        match message.code:
            case codes.REGISTER:
                return (OK, Apdu(codes.COMPLETION, bytes.fromhex("1900 2912345678")))
            case codes.STATUS_ENQUIRY:
                return (OK, Apdu(codes.COMPLETION, b"\0"))
            case codes.REPEAT_LAST:
                return (OK, Apdu(codes.STATUS_INFORMATION, old), Apdu(codes.COMPLETION))
            case _:
                return ()

    return answer
