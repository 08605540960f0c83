"""A payment terminal that speaks ZVT; implements `drivers.payment_contract.TerminalDriver`.

Keeps its line open between calls and opens it again when it broke; no command about money is ever sent again. Not for:
deciding whether somebody paid (the payment saga), finding settings (`opening`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from drivers.contract import CannotOpen, DeviceStatus, Health, Reason
from drivers.payment_contract import (
    Cancelled,
    CancelledBy,
    DayResult,
    Declined,
    Goods,
    Inconclusive,
    Journal,
    NotCharged,
    NotReversed,
    NotSent,
    PaymentEvidence,
    PaymentOrder,
    Remembered,
    ReversalEvidence,
    Voice,
)
from drivers.payments.zvt import codes, commands
from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.conversation import Conversation, End, Lost, Outcome, Talk, TurnedDown
from drivers.payments.zvt.evidence import reversal_turned_down
from drivers.payments.zvt.goods import GoodsDesk
from drivers.payments.zvt.link import Clock, Connect, LineFault, Link
from drivers.payments.zvt.messages import Completed, StatusInfo, read_registered, read_terminal_state
from drivers.payments.zvt.profile import Timing, ZvtProfile
from drivers.payments.zvt.recovery import SENT, LastTransaction, judge, last_of
from drivers.payments.zvt.talks import (
    Counter,
    DayTalk,
    EnquiryTalk,
    PaymentTalk,
    QuestionTalk,
    ReversalTalk,
    raw_end,
)

_REASONS = {
    None: Reason.SILENT,
    LineFault.CLOSED: Reason.UNREACHABLE,
    LineFault.BLOCKED: Reason.UNREACHABLE,
    LineFault.NOT_CONFIRMED: Reason.SILENT,
    LineFault.GARBLED: Reason.GARBLED,
}


class ZvtTerminal:
    """See `drivers.payment_contract.TerminalDriver`."""

    def __init__(
        self,
        connect: Connect,
        password: str = commands.NO_PASSWORD,
        profile: ZvtProfile | None = None,
        timing: Timing | None = None,
        clock: Clock = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Nothing is opened before the first call.

        Args:
            password: six digits.
            clock: seconds, for limits.
            now: the time of day with its zone, compared with the terminal's.
        """
        self._connect = connect
        self._password = password
        self._profile = profile or ZvtProfile()
        self._timing = timing or Timing()
        self._clock = clock
        self._now = now
        self._cancel = threading.Event()
        self._desk = GoodsDesk()
        self._link: Link | None = None
        self._terminal = ""
        self._charset = self._profile.charset
        self._clock_offset = 0.0

    def status(self) -> DeviceStatus:
        """See the contract."""
        ready = self._ready()
        return ready if isinstance(ready, DeviceStatus) else DeviceStatus(Health.READY, raw="00")

    def pay(self, order: PaymentOrder, journal: Journal, tell: Voice) -> PaymentEvidence:
        """See the contract."""
        self._cancel.clear()
        self._desk.reset()
        if order.currency not in commands.CURRENCIES or not 0 < order.amount_cents <= commands.MOST_CENTS:
            return NotSent(Reason.NOT_CONFIGURED, "an amount above 0 in EUR would be right")
        link = self._ready()
        if isinstance(link, DeviceStatus):
            return _not_sent(link)
        last = self._last_transaction(link)
        if isinstance(last, Lost):
            return NotSent(_REASONS[last.fault], last.why)
        if self._cancel.is_set():
            return Cancelled(CancelledBy.KIOSK)
        command = commands.authorisation(order, self._profile)
        journal.sending("payment", self._protocol(), last.before(self._terminal, self._clock_offset), command.digest)
        talk = PaymentTalk(order, journal, tell, self._counter())
        outcome = self._play(link, command.message, talk)
        if talk.clock_offset is not None:
            self._clock_offset = talk.clock_offset
        if isinstance(outcome, TurnedDown):
            refused = NotCharged(f"the terminal did not begin: 84 {codes.result_text(outcome.code)}")
            journal.evidence(refused, f"84 {outcome.code:02X}")
            return refused
        return talk.evidence or _unknown(outcome)

    def ask_to_cancel(self) -> None:
        """See the contract."""
        self._cancel.set()

    def goods(self, answer: Goods) -> None:
        """See the contract; heard only where the profile says that the terminal asks."""
        self._desk.answer(answer)

    def enquire(self, attempt: Remembered, journal: Journal) -> PaymentEvidence:
        """See the contract; never `NotSent`, because the attempt it is asked about was sent."""
        link = self._ready()
        if isinstance(link, DeviceStatus):
            # A terminal that is busy may be busy with this very payment: its memory proves nothing yet.
            journal.enquiry("05 01", link.raw)
            return Inconclusive(f"the terminal cannot be asked: {link.raw or link.health.value}")
        found: list[PaymentEvidence] = []

        def journalled(end: End | None, status: StatusInfo | None, raw: str) -> None:
            evidence = judge(attempt, last_of(end, status), self._terminal, self._now(), self._profile.zone)
            journal.enquiry("06 20", raw)
            if not isinstance(evidence, Inconclusive):
                journal.evidence(evidence, raw)
            found.append(evidence)

        talk = EnquiryTalk(self._charset, lambda end, status: journalled(end, status, _raw_of(end, status)))
        outcome = self._play(link, commands.repeat_last(self._password), talk)
        if isinstance(outcome, TurnedDown):
            journalled(None, None, f"84 {outcome.code:02X}")
        elif isinstance(outcome, Lost):
            journal.enquiry("06 20", outcome.why)
        return found[0] if found else _unknown(outcome)

    def reverse(self, attempt: Remembered, journal: Journal) -> ReversalEvidence:
        """See the contract; needs the receipt number in `attempt.ids`."""
        receipt = attempt.ids.receipt
        if len(receipt) != len("0000") or not (receipt.isascii() and receipt.isdigit()):
            return NotReversed("the terminal's receipt number of the payment is not known")
        link = self._ready()
        if isinstance(link, DeviceStatus):
            return _not_sent(link)
        amount = attempt.order.amount_cents
        command = commands.reversal(self._password, receipt, amount)
        journal.sending("reversal", self._protocol() | {"receipt": receipt}, {}, command.digest)
        talk = ReversalTalk(amount, journal, self._charset)
        outcome = self._play(link, command.message, talk)
        if isinstance(outcome, TurnedDown):
            evidence = reversal_turned_down(outcome.code)
            journal.evidence(evidence, f"84 {outcome.code:02X}")
            return evidence
        return talk.evidence or _unknown(outcome)

    def end_of_day(self, journal: Journal) -> DayResult:
        """See the contract."""
        link = self._ready(beside=codes.WANTS_END_OF_DAY)
        if isinstance(link, DeviceStatus):
            return _not_sent(link)
        command = commands.end_of_day(self._password)
        journal.sending("endOfDay", self._protocol(), {}, command.digest)
        talk = DayTalk(journal, self._charset)
        outcome = self._play(link, command.message, talk)
        if isinstance(outcome, TurnedDown):
            declined = Declined(f"84 {outcome.code:02X}")
            journal.evidence(declined, declined.code)
            return declined
        return talk.result or _unknown(outcome)

    def close(self) -> None:
        """See the contract."""
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def _ready(self, beside: tuple[int, ...] = ()) -> Link | DeviceStatus:
        """The open line of a terminal that is ready (or in one of the states `beside`), or why there is none."""
        kept = self._link is not None
        found = self._open_and_ask(beside)
        if kept and self._link is None:  # it broke while nobody used it
            return self._open_and_ask(beside)
        return found

    def _open_and_ask(self, beside: tuple[int, ...]) -> Link | DeviceStatus:
        link = self._link or self._open()
        if isinstance(link, DeviceStatus):
            return link
        talk = QuestionTalk(self._charset)
        outcome = self._play(link, commands.status_enquiry(self._password), talk)
        if isinstance(outcome, Lost):
            return _lost(outcome)
        if isinstance(outcome, TurnedDown):
            return codes.terminal_status(outcome.code or codes.NOT_POSSIBLE)
        if isinstance(outcome, Completed):
            code = read_terminal_state(outcome.data)
            if code is None and talk.status is not None:
                code = talk.status.result
        else:
            code = outcome.code or codes.NOT_POSSIBLE
        if code is None:
            return DeviceStatus(Health.UNAVAILABLE, Reason.GARBLED, "the terminal does not say how it is")
        return link if code in (0, *beside) else codes.terminal_status(code)

    def _open(self) -> Link | DeviceStatus:
        """Connect and register."""
        link = self._connect()
        if isinstance(link, CannotOpen):
            return DeviceStatus(Health.UNAVAILABLE, link.reason, link.detail)
        self._link = link
        outcome = self._play(
            link, commands.registration(self._password, self._profile), QuestionTalk(self._profile.charset)
        )
        if isinstance(outcome, Completed):
            self._terminal, charset = read_registered(outcome.data)
            self._charset = charset or self._profile.charset
            return link
        self.close()
        if isinstance(outcome, Lost):
            return _lost(outcome)
        if outcome.code == codes.BUSY:
            return codes.terminal_status(codes.BUSY)
        told = codes.result_text(outcome.code) if outcome.code is not None else "without a code"
        return DeviceStatus(Health.UNAVAILABLE, Reason.OFFLINE, f"registration refused: {told}")

    def _last_transaction(self, link: Link) -> LastTransaction | Lost:
        talk = EnquiryTalk(self._charset, lambda end, status: None)  # noqa: ARG005
        outcome = self._play(link, commands.repeat_last(self._password), talk)
        if isinstance(outcome, Lost):
            return outcome
        return last_of(None if isinstance(outcome, TurnedDown) else outcome, talk.status)

    def _play(self, link: Link, command: Apdu, talk: Talk) -> Outcome:
        """Play one command; a line that is in doubt is closed, also when the journal stops us."""
        whole = False
        try:
            outcome = Conversation(link, talk, self._timing, self._clock).play(command)
            whole = not isinstance(outcome, Lost)
            return outcome
        finally:
            if not whole:
                self.close()

    def _counter(self) -> Counter:
        return Counter(self._profile, self._charset, self._desk, self._cancel.is_set, self._timing.goods, self._now)

    def _protocol(self) -> dict[str, str]:
        return {SENT: self._now().isoformat(timespec="seconds")}


def _not_sent(status: DeviceStatus) -> NotSent:
    return NotSent(status.reason or Reason.OFFLINE, status.raw)


def _lost(lost: Lost) -> DeviceStatus:
    return DeviceStatus(Health.UNAVAILABLE, _REASONS[lost.fault], lost.why)


def _unknown(outcome: Outcome) -> Inconclusive:
    return Inconclusive(outcome.why if isinstance(outcome, Lost) else "it ended without saying how")


def _raw_of(end: End, status: StatusInfo | None) -> str:
    return f"{status.raw}; {raw_end(end)}" if status is not None else raw_end(end)
