"""One open payment while its answer is waited for: asks to cancel when told, and looks after it on lines of their own.

The answer may take minutes, and may be lost; so after a while the terminal is asked beside the open line. Not for: what
comes before and after (`driver`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.contract import Reason
from drivers.payment_contract import Journal, Step, Voice
from drivers.payments.adyen.display import FINAL, News, Screen
from drivers.payments.adyen.evidence import NotFound, StillRunning, repeated, summary
from drivers.payments.adyen.header import Category
from drivers.payments.adyen.numbers import CannotCount
from drivers.payments.adyen.session import Session, Trouble
from drivers.payments.adyen.values import Abort, AskStatus, PaymentReply, Reference, StatusReply

MOST_ABORTS = 3
_MOST_UNANSWERED = 6


@dataclass(frozen=True)
class Timing:
    """Limits in seconds.

    Attributes:
        connect: until a connection stands.
        answer: for an answer that nobody has to touch the terminal for.
        first_look: without an answer to a payment before it is looked after.
        after_cancel: the same once it was asked to cancel.
        look: between two looks.
        longest: for a whole payment.
        reversal: for a reversal.
        confirm: between two questions that must both be answered "not found".
        tick: how late a cancel may leave.
    """

    connect: float = 5.0
    answer: float = 10.0
    first_look: float = 120.0
    after_cancel: float = 30.0
    look: float = 5.0
    longest: float = 300.0
    reversal: float = 60.0
    confirm: float = 3.0
    tick: float = 0.1


class OpenPayment:
    """A payment that has been sent; `Watch` of its exchange."""

    def __init__(
        self,
        session: Session,
        reference: Reference,
        journal: Journal,
        tell: Voice,
        timing: Timing,
        clock: Callable[[], float] = time.monotonic,
        news: News | None = None,
    ) -> None:
        """Made just before the first byte leaves; afterwards `aborted` says whether an abort may have arrived, `found`
        what was learned beside the open line, and `why` the reason it was given up."""
        self._session = session
        self._reference = reference
        self._journal = journal
        self._tell = tell
        self._timing = timing
        self._clock = clock
        self._news = news
        self._screen = Screen()
        self._next_look = clock() + timing.first_look
        self._unanswered = 0
        self._wanted = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._aborts = 0
        self.aborted = False
        self.found: PaymentReply | None = None
        self.why = ""

    def cancel(self) -> None:
        """From any thread: each call is one abort, up to the most a terminal bears."""
        with self._lock:
            self._wanted = min(self._wanted + 1, MOST_ABORTS)

    def close(self) -> None:
        """From any thread: wait no longer."""
        self._closing.set()

    def written(self) -> None:
        """See `Watch`: the terminal now asks for a card."""
        self._journal.acknowledged()
        self._tell(Step.WAITING_FOR_CARD)

    def waiting(self) -> bool:
        """See `Watch`."""
        if self._closing.is_set():
            self.why = "the driver was closed while the terminal was deciding"
            return False
        self.tell_news()
        with self._lock:
            wanted = self._wanted > self._aborts
        if wanted:
            self._abort()
        if self._clock() < self._next_look:
            return True
        go_on = self._look()
        self._next_look = self._clock() + self._timing.look
        return go_on

    def tell_news(self) -> None:
        """Pass on what came on the terminal's screen since the last call."""
        for event in self._news.take() if self._news is not None else ():
            step = self._screen.step(event)
            if step is not None:
                self._tell(step)
            if event == FINAL:  # its answer should be here; else it is lost
                self._next_look = min(self._next_look, self._clock() + self._timing.look)

    def _abort(self) -> None:
        self._aborts += 1
        try:
            prepared = self._session.prepare(Abort(self._reference))
        except CannotCount:
            return
        ids = {"abortServiceId": prepared.header.service_id, "serviceId": self._reference.service_id}
        self._journal.sending("abort", ids, {}, prepared.digest)
        # Whatever comes says nothing about the payment; its own answer does.
        reply = self._session.send(prepared, self._timing.answer)
        self.aborted |= not isinstance(reply, Trouble) or reply.sent
        self._next_look = min(self._next_look, self._clock() + self._timing.after_cancel)

    def _look(self) -> bool:
        """Whether to go on waiting."""
        reply = ask_status(self._session, self._reference, self._journal, self._timing)
        if not isinstance(reply, StatusReply):
            self._unanswered += 1
            self.why = "neither the payment nor questions about it are answered"
            return self._unanswered < _MOST_UNANSWERED
        self._unanswered = 0
        match repeated(reply, self._reference):
            case PaymentReply() as found:
                self.found = found
            case StillRunning():
                return True
            case NotFound():
                self.why = "the terminal does not know of the payment that waits on its line"
            case other:
                self.why = str(getattr(other, "why", "the terminal repeats another kind of answer"))
                return True
        return False


def ask_status(session: Session, reference: Reference, journal: Journal, timing: Timing) -> StatusReply | Trouble:
    """Ask what became of an earlier message, and note question and answer."""
    try:
        prepared = session.prepare(AskStatus(reference))
    except CannotCount as problem:
        return no_number(problem)
    reply = session.send(prepared, timing.answer)
    asked = f"TransactionStatus {prepared.header.service_id} about {reference.category.value} {reference.service_id}"
    if isinstance(reply, StatusReply):
        journal.enquiry(asked, summary(reply))
        return reply
    trouble = reply if isinstance(reply, Trouble) else unexpected()
    journal.enquiry(asked, trouble.why)
    return trouble


def reference_to(category: Category, number: str, session: Session) -> Reference:
    """An earlier message of ours to the terminal that is set."""
    return Reference(category, number, session.sale_id, session.poi_id)


def unexpected() -> Trouble:
    """An answer of another kind than was asked for."""
    return Trouble(Reason.GARBLED, "an answer of another kind than was asked for", sent=True)


def no_number(problem: CannotCount) -> Trouble:
    """Nothing can be sent without a number of its own."""
    return Trouble(Reason.NOT_CONFIGURED, str(problem), sent=False)
