"""Asks what became of an attempt, and undoes the last payment. Not for: what the answers prove (`enquiry`)."""

from __future__ import annotations

from dataclasses import replace

from drivers.contract import CannotOpen, Health, Reason
from drivers.payment_contract import (
    Inconclusive,
    Journal,
    NotReversed,
    NotSent,
    PaymentEvidence,
    Remembered,
    ReversalEvidence,
)
from drivers.payments.opi.desk import Case
from drivers.payments.opi.enquiry import Next, Remains, not_charged, read_repeated, read_ticket, remains
from drivers.payments.opi.evidence import reversal_evidence, unfitting
from drivers.payments.opi.exchange import Answered, Reply
from drivers.payments.opi.mask import mask_document
from drivers.payments.opi.patience import Limits
from drivers.payments.opi.requests import CardType
from drivers.payments.opi.responses import Original, Response
from drivers.payments.opi.results import BUSY, SERVICE_DONE, UNAVAILABLE
from drivers.payments.opi.session import Command, Session
from drivers.payments.opi.status import device_status
from drivers.payments.opi.tickets import ticket_of

_MOST_TIMES = 3
"""How often a terminal that prints or starts is asked again within one call."""


class Recovery:
    """For one terminal."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reversals: dict[str, int] = {}

    def enquire(self, attempt: Remembered, journal: Journal) -> PaymentEvidence:
        """See `TerminalDriver`; raises `CannotRemember`."""
        ours = remains(attempt, self._session.workstation)
        if isinstance(ours, Inconclusive):
            return ours
        reply, asked = self._last_message(journal)
        if not isinstance(reply, Answered):
            return Inconclusive(_why(reply))
        aborted = "abortRequestId" in attempt.protocol
        # What the terminal says now is its last word, whatever it spoke of on the way.
        heard = self._session.desk.heard(str(ours.request_id)).circumstances(aborted)
        seen = replace(heard, approval_seen=False)
        found = read_repeated(reply.response, ours, asked, seen)
        if found is Next.IDLE_AND_NEVER_CALLED_BACK:
            found = self._never_taken(ours, journal)
        if isinstance(found, Next):
            return self._ticket(ours, journal)
        journal.evidence(found, mask_document(reply.document))
        return found

    def reverse(self, attempt: Remembered, journal: Journal) -> ReversalEvidence:
        """See `TerminalDriver`; raises `CannotRemember`."""
        ours = remains(attempt, self._session.workstation)
        if isinstance(ours, Inconclusive):
            return NotSent(Reason.NOT_CONFIGURED, ours.why)
        reply, asked = self._last_message(journal)
        earlier = self._earlier(attempt)
        if not isinstance(reply, Answered):
            if earlier is not None:
                return Inconclusive(_why(reply))
            return NotSent(reply.reason if isinstance(reply, CannotOpen) else Reason.SILENT, _why(reply))
        last = _last(reply.response, asked)
        if earlier is not None:
            return self._of_earlier(earlier, last, reply, ours, journal)
        if last is None:
            return NotSent(Reason.OFFLINE, "the terminal does not say which payment is its last one")
        if (last.type, last.request_id) != (CardType.CARD_PAYMENT.value, str(ours.request_id)):
            return NotReversed("NotLast")
        return self._undo(ours, journal)

    def _earlier(self, attempt: Remembered) -> int | None:
        noted = attempt.protocol.get("reversalRequestId", "")
        return int(noted) if noted.isascii() and noted.isdigit() else self._reversals.get(attempt.order.attempt_id)

    def _of_earlier(
        self, earlier: int, last: Original | None, reply: Answered, ours: Remains, journal: Journal
    ) -> ReversalEvidence:
        """What became of a reversal that was sent before; it never is again."""
        evidence: ReversalEvidence = Inconclusive("the terminal does not say what became of the reversal")
        if last is not None and (last.type, last.request_id) == (CardType.PAYMENT_REVERSAL.value, str(earlier)):
            repeated = Response(last.type, last.request_id, "", last.result, stan=reply.response.stan)
            seen = self._session.desk.heard(str(earlier)).circumstances()
            evidence = reversal_evidence(repeated, ours.attempt.order, seen)
        elif last is not None and (last.type, last.request_id) == (CardType.CARD_PAYMENT.value, str(ours.request_id)):
            evidence = NotReversed("NotTaken")
        if not isinstance(evidence, Inconclusive):
            journal.evidence(evidence, mask_document(reply.document))
        return evidence

    def _undo(self, ours: Remains, journal: Journal) -> ReversalEvidence:
        session, order = self._session, ours.attempt.order
        prepared = session.prepare(CardType.PAYMENT_REVERSAL, order.language, (order.amount_cents, order.currency))
        case = Case(prepared.number, money=True, confirms=session.profile.confirms_reversal, journal=journal)
        limits = Limits(session.timing.idle, session.timing.longest, session.timing.linger)
        ids = {"reversalRequestId": str(prepared.number), "workstation": session.workstation}
        # Noted first: should the journal fail in the middle, it is asked about, and never sent again.
        self._reversals[order.attempt_id] = prepared.number
        reply = session.command(Command("reversal", prepared, ids, {"stan": session.stan}, case, journal, limits))
        if isinstance(reply, CannotOpen):
            del self._reversals[order.attempt_id]
            return NotSent(reply.reason, reply.detail)
        if not isinstance(reply, Answered):
            return Inconclusive(reply.why)
        wrong = unfitting(reply.response, CardType.PAYMENT_REVERSAL, prepared.number, session.workstation)
        seen = session.desk.heard(str(prepared.number)).circumstances()
        evidence = Inconclusive(wrong) if wrong else reversal_evidence(reply.response, order, seen)
        journal.evidence(evidence, mask_document(reply.document))
        return evidence

    def _never_taken(self, ours: Remains, journal: Journal) -> PaymentEvidence | Next:
        reply = self._session.service(self._session.profile.probe)
        answer = reply.response.result if isinstance(reply, Answered) else _why(reply)
        journal.enquiry(self._session.profile.probe.value, answer)
        idle = (
            reply.response
            if isinstance(reply, Answered)
            and device_status(reply.response).health is Health.READY
            and self._session.terminal == ours.attempt.before.get("terminal", "")
            else None
        )
        return not_charged(idle, self._session.memory.was_called_back(ours.request_id))

    def _ticket(self, ours: Remains, journal: Journal) -> PaymentEvidence:
        reply, asked = self._repeat(CardType.TICKET_REPRINT, journal)
        if not isinstance(reply, Answered):
            return Inconclusive(_why(reply))
        wrong = unfitting(reply.response, CardType.TICKET_REPRINT, asked, self._session.workstation)
        if wrong or reply.response.result not in SERVICE_DONE:
            return Inconclusive(wrong or "the terminal gives no ticket again")
        said = ticket_of(reply.response)
        heard = tuple(self._session.desk.heard(str(asked)).tickets)
        found = read_ticket((said, *heard) if said is not None else heard, ours, self._session.timing.window)
        if not isinstance(found, Inconclusive):
            journal.evidence(found, mask_document(reply.document))
        return found

    def _last_message(self, journal: Journal) -> tuple[Reply, int]:
        """RepeatLastMessage, before anything else that may become the last message; then after a login, where the
        terminal answers nothing without one."""
        closed = self._session.listening()
        if closed is not None:
            return CannotOpen(closed.reason or Reason.OFFLINE, closed.raw), 0
        reply, asked = self._repeat(CardType.REPEAT_LAST_MESSAGE, journal)
        if not isinstance(reply, Answered) or _last(reply.response, asked) is not None:
            return reply, asked
        if reply.response.result in (*SERVICE_DONE, UNAVAILABLE, BUSY) or self._session.ready() is not None:
            return reply, asked
        return self._repeat(CardType.REPEAT_LAST_MESSAGE, journal)

    def _repeat(self, kind: CardType, journal: Journal) -> tuple[Reply, int]:
        """Ask; a terminal that prints or starts is given time, and asked again."""
        for turn in range(_MOST_TIMES):
            reply, asked = self._session.card(kind, journal)
            text = mask_document(reply.document) if isinstance(reply, Answered) else _why(reply)
            journal.enquiry(kind.value, text)
            if not isinstance(reply, Answered) or reply.response.result != UNAVAILABLE:
                break
            if turn + 1 < _MOST_TIMES:
                self._session.pause(self._session.timing.again)
        return reply, asked


def _last(reply: Response, asked: int) -> Original | None:
    if reply.original is not None and reply.request_id == str(asked):
        return reply.original
    if reply.original is None and reply.type in (CardType.CARD_PAYMENT.value, CardType.PAYMENT_REVERSAL.value):
        return Original(reply.type, reply.request_id, reply.result)
    return None


def _why(reply: Reply) -> str:
    if isinstance(reply, CannotOpen):
        return reply.detail
    return "" if isinstance(reply, Answered) else reply.why
