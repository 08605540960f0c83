"""One command, and everything the terminal says until it gives the word back.

Every message of the terminal is answered, whatever it is. A command is sent once. Not for: what an outcome means
(`evidence`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from drivers.payments.zvt import codes
from drivers.payments.zvt.apdu import Apdu
from drivers.payments.zvt.commands import ABORT, GOODS_NOT_OUT, POSITIVE
from drivers.payments.zvt.link import Clock, LineFault, Link
from drivers.payments.zvt.messages import (
    Completed,
    Failed,
    Progress,
    StatusInfo,
    read_failed,
    read_progress,
    read_status,
)
from drivers.payments.zvt.profile import Timing
from drivers.payments.zvt.receipts import Receipts


@dataclass(frozen=True)
class TurnedDown:
    """84 xx to the command itself: it was not begun."""

    code: int


@dataclass(frozen=True)
class Lost:
    """Nobody knows how it ended.

    Attributes:
        fault: None when the terminal only went silent.
    """

    why: str
    fault: LineFault | None = None


End = Completed | Failed
Outcome = Completed | Failed | TurnedDown | Lost


class Talk:
    """Who decides what is answered; this one agrees to everything.

    Attributes:
        receipts: what the terminal printed meanwhile.
        may_abort: whether silence and `wants_to_cancel` lead to one 06 B0.
    """

    may_abort = False

    def __init__(self, charset: str = "cp437") -> None:
        self.charset = charset
        self.receipts = Receipts(charset)
        self.status: StatusInfo | None = None

    def acknowledged(self) -> None:
        """The terminal took the command."""

    def told(self, status: StatusInfo) -> Apdu:
        """04 0F came: our answer; what must be durable before it leaves is written here."""
        self.status = status
        return POSITIVE

    def went_on(self, progress: Progress) -> None:
        """04 FF came."""

    def ended(self, end: End) -> None:
        """The end came; called before we acknowledge it."""

    def wants_to_cancel(self) -> bool:
        """Whether somebody asked to stop."""
        return False

    def aborting(self) -> None:
        """06 B0 is about to leave."""


class Conversation:
    """Plays one command with a `Talk` over a line."""

    def __init__(self, link: Link, talk: Talk, timing: Timing, clock: Clock) -> None:
        self._link = link
        self._talk = talk
        self._timing = timing
        self._clock = clock
        self._usual_silence = timing.silence if talk.may_abort else timing.quiet
        self._silence = self._usual_silence
        self._quiet_until = 0.0
        self._abort_sent = False
        self._abort_refused = False
        self._handlers: dict[int, Callable[[bytes], Apdu]] = {
            codes.INTERMEDIATE: self._progress,
            codes.STATUS_INFORMATION: self._status,
            codes.PRINT_LINE: self._line,
            codes.PRINT_TEXT: self._text,
        }

    def play(self, command: Apdu) -> Outcome:
        """Send `command` and stay until its end, or until nothing can be learnt any more."""
        fault = self._link.send(command)
        if fault is not None:
            return Lost(f"while the command was sent, {fault.value}", fault)
        refused = self._acknowledgement()
        if refused is not None:
            return refused
        self._talk.acknowledged()
        return self._listen(self._clock() + self._timing.longest)

    def _acknowledgement(self) -> TurnedDown | Lost | None:
        until = self._clock() + self._timing.answer
        while True:
            came = self._link.receive(max(0.0, until - self._clock()))
            if came is None:
                return Lost("no acknowledgement of the command came in time")
            if isinstance(came, LineFault):
                return Lost(f"before the command was acknowledged, {came.value}", came)
            answer = _answer_code(came)
            if answer is not None:
                return TurnedDown(answer) if answer else None
            fault = self._link.send(answer_to_stray(came))
            if fault is not None:
                return Lost(f"before the command was acknowledged, {fault.value}", fault)

    def _listen(self, end_at: float) -> Outcome:
        self._heard()
        while True:
            lost = self._cancel_when_asked()
            if lost is not None:
                return lost
            now = self._clock()
            if now >= min(self._quiet_until, end_at):
                lost, end_at = self._gave_no_sign(now), now + self._timing.after_abort
                if lost is not None:
                    return lost
            came = self._link.receive(min(self._timing.tick, max(0.0, min(self._quiet_until, end_at) - now)))
            if isinstance(came, LineFault):
                return Lost(f"after the command was acknowledged, {came.value}", came)
            if came is not None:
                done = self._hear(came)
                if done is not None:
                    return done

    def _hear(self, came: Apdu) -> Outcome | None:
        answer = _answer_code(came)
        if answer is not None:  # to our abort
            self._abort_refused = self._abort_sent and answer != 0
            self._heard()
            return None
        if came.code in (codes.COMPLETION, codes.ABORTED):
            end: End = Completed(came.data)
            if came.code == codes.ABORTED:
                end = read_failed(came.data, self._talk.charset)
            self._talk.ended(end)
            self._link.send(POSITIVE)  # what came stands, whether this arrives or not
            return end
        self._silence = self._usual_silence  # a limit that the terminal sets is for its next message only
        handler = self._handlers.get(came.code)
        reply = handler(came.data) if handler is not None else POSITIVE
        self._heard()
        fault = self._link.send(reply)
        return Lost(f"while the terminal was answered, {fault.value}", fault) if fault is not None else None

    def _heard(self) -> None:
        waiting = self._abort_sent and not self._abort_refused
        self._quiet_until = self._clock() + (self._timing.after_abort if waiting else self._silence)

    def _cancel_when_asked(self) -> Lost | None:
        if self._abort_sent or not self._talk.may_abort or not self._talk.wants_to_cancel():
            return None
        return self._abort()

    def _gave_no_sign(self, now: float) -> Lost | None:
        if self._abort_sent or not self._talk.may_abort:
            return Lost("the terminal went silent before the end")
        lost = self._abort()
        self._quiet_until = now + self._timing.after_abort
        return lost

    def _abort(self) -> Lost | None:
        self._abort_sent = True
        self._talk.aborting()
        fault = self._link.send(ABORT)
        self._heard()
        return Lost(f"while it was asked to stop, {fault.value}", fault) if fault is not None else None

    def _progress(self, data: bytes) -> Apdu:
        progress = read_progress(data, self._talk.charset)
        if progress.minutes:
            self._silence = progress.minutes * self._timing.minute
        self._talk.went_on(progress)
        return POSITIVE

    def _status(self, data: bytes) -> Apdu:
        return self._talk.told(read_status(data, self._talk.charset))

    def _line(self, data: bytes) -> Apdu:
        self._talk.receipts.line(data)
        return POSITIVE

    def _text(self, data: bytes) -> Apdu:
        self._talk.receipts.text(data)
        return POSITIVE


def answer_to_stray(message: Apdu) -> Apdu:
    """What a message hears that belongs to nothing we wait for: an approval that comes this late is not accepted."""
    if message.code == codes.STATUS_INFORMATION and is_approval(read_status(message.data)):
        return GOODS_NOT_OUT
    return POSITIVE


def is_approval(status: StatusInfo) -> bool:
    """Whether a status speaks of money that was taken, not only of a terminal that is well."""
    money = status.amount_cents is not None and not status.original_trace and not status.totals
    return status.result == 0 and money


def _answer_code(message: Apdu) -> int | None:
    """0 for a positive answer, the code of a negative one, None for what is not an answer."""
    if message.code == codes.POSITIVE_CODE:
        return 0
    return message.code & 0xFF if message.code >> 8 == codes.NEGATIVE_CLASS else None
