"""The conversations: a payment, a reversal, an end of day, and questions without money.

Each writes down what it was told before it answers. Not for: what that proves (`evidence`, `recovery`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from drivers.payment_contract import (
    DayEnded,
    DayResult,
    Declined,
    Goods,
    Inconclusive,
    Journal,
    PaymentEvidence,
    PaymentOrder,
    ReversalEvidence,
    Voice,
)
from drivers.payments.zvt import codes
from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.commands import ABORT, GOODS_NOT_OUT, GOODS_NOT_YET, POSITIVE, digest
from drivers.payments.zvt.conversation import End, Talk, is_approval
from drivers.payments.zvt.evidence import Heard, decide, decide_reversal, mismatch
from drivers.payments.zvt.goods import GoodsDesk
from drivers.payments.zvt.messages import Completed, Progress, StatusInfo
from drivers.payments.zvt.profile import ZvtProfile
from drivers.payments.zvt.progress import CANCELLED_AT_TERMINAL, step_of
from drivers.payments.zvt.recovery import terminal_time
from drivers.payments.zvt.totals import read_totals


@dataclass(frozen=True)
class Counter:
    """What a payment needs besides order and journal.

    Attributes:
        charset: of the terminal's texts.
        desk: knows whether the goods are out.
        wanted: whether somebody asked to cancel.
        hold_seconds: how long an answer about the goods may wait for a better one.
        now: the time, with its zone.
    """

    profile: ZvtProfile
    charset: str
    desk: GoodsDesk
    wanted: Callable[[], bool]
    hold_seconds: float
    now: Callable[[], datetime]


class MoneyTalk(Talk):
    """What the three commands about money share."""

    may_abort = True

    def __init__(self, journal: Journal, charset: str) -> None:
        super().__init__(charset)
        self.journal = journal

    def acknowledged(self) -> None:
        """See `Talk`."""
        self.journal.acknowledged()

    def aborting(self) -> None:
        """See `Talk`."""
        self.journal.sending("abort", {}, {}, digest(ABORT))

    def told(self, status: StatusInfo) -> Apdu:
        """See `Talk`; alone it proves nothing yet."""
        if status == self.status:
            return POSITIVE
        self.status = status
        result = codes.result_text(status.result) if status.result is not None else "without a result"
        self.journal.evidence(Inconclusive(f"told {result}, not ended yet"), status.raw)
        return POSITIVE


class PaymentTalk(MoneyTalk):
    """06 01.

    Attributes:
        evidence: set at the end.
        heard: what it rests on.
        clock_offset: how far the terminal's clock is before ours, in seconds; None while it named no time.
    """

    def __init__(
        self,
        order: PaymentOrder,
        journal: Journal,
        tell: Voice,
        counter: Counter,
    ) -> None:
        super().__init__(journal, counter.charset)
        self.evidence: PaymentEvidence | None = None
        self.heard = Heard()
        self.clock_offset: float | None = None
        self._order = order
        self._tell = tell
        self._counter = counter

    def wants_to_cancel(self) -> bool:
        """See `Talk`."""
        return self._counter.wanted()

    def aborting(self) -> None:
        """See `Talk`."""
        super().aborting()
        self.heard = replace(self.heard, abort_sent=True)

    def went_on(self, progress: Progress) -> None:
        """See `Talk`."""
        if progress.code == CANCELLED_AT_TERMINAL:
            self.heard = replace(self.heard, stopped_at_terminal=True)
        step = step_of(progress.code)
        if step is not None:
            self._tell(step, progress.text if self._counter.profile.shows_texts else "")

    def told(self, status: StatusInfo) -> Apdu:
        """See `Talk`; an approval is accepted, held back or refused."""
        super().told(status)
        self._look_at_clock(status)
        self.heard = replace(self.heard, last=status)
        if status.result != 0 or self.heard.accepted is not None:
            return POSITIVE
        wrong = mismatch(self._order, status) or self.heard.refused
        if wrong:
            return self._refuse(wrong)
        answer = self._goods() if self._counter.profile.goods_handshake else Goods.OUT
        if answer is Goods.REFUSED:
            return self._refuse("the goods are not out")
        if answer is Goods.WAIT:
            self.heard = replace(self.heard, asked_to_wait=True)
            return GOODS_NOT_YET
        self.heard = replace(self.heard, accepted=status)
        return POSITIVE

    def ended(self, end: End) -> None:
        """See `Talk`."""
        self.evidence = decide(self._order, self.heard, end, self.receipts.all())
        self.journal.evidence(self.evidence, raw_end(end))

    def _look_at_clock(self, status: StatusInfo) -> None:
        now = self._counter.now()
        told = terminal_time(status, now, self._counter.profile.zone)
        if told is not None and self.clock_offset is None:
            self.clock_offset = (told - now).total_seconds()

    def _refuse(self, why: str) -> Apdu:
        self.heard = replace(self.heard, refused=why)
        self.journal.goods(Goods.REFUSED)
        return GOODS_NOT_OUT

    def _goods(self) -> Goods:
        """The answer, given a moment to become more than WAIT; who has cancelled wants no goods."""
        answer = Goods.REFUSED if self._cancelled() else self._counter.desk.ask()
        self.journal.goods(answer)  # WAIT tells the column that the terminal has asked
        if answer is not Goods.WAIT:
            return answer
        later = self._counter.desk.ask(self._counter.hold_seconds)
        if self._cancelled():
            later = Goods.REFUSED
        if later is not answer:
            self.journal.goods(later)
        return later

    def _cancelled(self) -> bool:
        return self._counter.wanted() or self.heard.abort_sent


class ReversalTalk(MoneyTalk):
    """06 30.

    Attributes:
        evidence: set at the end.
    """

    def __init__(self, amount_cents: int, journal: Journal, charset: str) -> None:
        super().__init__(journal, charset)
        self.evidence: ReversalEvidence | None = None
        self._amount_cents = amount_cents

    def ended(self, end: End) -> None:
        """See `Talk`."""
        self.evidence = decide_reversal(self._amount_cents, self.status, end, self.receipts.all())
        self.journal.evidence(self.evidence, raw_end(end))


class DayTalk(MoneyTalk):
    """06 50.

    Attributes:
        result: set at the end.
    """

    def __init__(self, journal: Journal, charset: str) -> None:
        super().__init__(journal, charset)
        self.result: DayResult | None = None

    def ended(self, end: End) -> None:
        """See `Talk`."""
        told = self.status.result if self.status is not None else None
        receipts = self.receipts.all()
        if isinstance(end, Completed) and not told:
            totals = read_totals(self.status.totals) if self.status is not None and self.status.totals else None
            self.result = DayEnded(totals, receipts)
        else:
            code = told or (end.code or 0 if not isinstance(end, Completed) else 0)
            self.result = Declined(f"{code:02X}", receipts)
        self.journal.evidence(self.result, raw_end(end))


class QuestionTalk(Talk):
    """05 01 and 06 00; an approval that comes here belongs to a payment that was given up, and is not accepted."""

    def told(self, status: StatusInfo) -> Apdu:
        """See `Talk`."""
        self.status = status
        return GOODS_NOT_OUT if is_approval(status) else POSITIVE


class EnquiryTalk(Talk):
    """06 20; `journalled` is called with what came, before we acknowledge the end."""

    def __init__(self, charset: str, journalled: Callable[[End, StatusInfo | None], None]) -> None:
        super().__init__(charset)
        self._journalled = journalled

    def ended(self, end: End) -> None:
        """See `Talk`."""
        self._journalled(end, self.status)


def raw_end(end: End) -> str:
    """The end of a command for the journal."""
    if isinstance(end, Completed):
        return f"06 0F ({len(end.data)} bytes)"
    return f"06 1E {codes.result_text(end.code) if end.code is not None else 'without a code'} {end.words}".rstrip()
