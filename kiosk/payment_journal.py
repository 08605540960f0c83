"""The durable memory of one attempt to pay: what the driver tells becomes a note and, where it may, a move.

Called on the thread of the terminal's bus; every call is on disk when it returns. Not for: states and edges
(`kiosk.core.payment_saga`), tables (`kiosk.store.payments`), what to do next (`kiosk.paying`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from enum import Enum
from typing import Protocol, assert_never

from drivers.payment_contract import (
    Approved,
    Cancelled,
    DayEnded,
    DayResult,
    Declined,
    Goods,
    Ids,
    Inconclusive,
    NotCharged,
    NotReversed,
    NotSent,
    PaymentEvidence,
    PaymentOrder,
    Remembered,
    ReversalEvidence,
    Reversed,
)
from kiosk.core.payment_saga import PaymentState

MISMATCH = "amountMismatch"
_SENT = {"payment": PaymentState.SENDING, "reversal": PaymentState.REVERSING}


class NoteBook(Protocol):
    """Where notes are kept; `kiosk.store.store.KioskStore`."""

    def note_payment_now(
        self,
        payment_id: str,
        kind: str,
        data: Mapping[str, object],
        after: PaymentState | None = None,
        reason: str | None = None,
    ) -> PaymentState:
        """Add a note and move the attempt where the table has that edge; returns where it stands now."""
        ...


class AttemptJournal:
    """See `drivers.payment_contract.Journal`."""

    def __init__(self, book: NoteBook, order: PaymentOrder) -> None:
        self._book = book
        self._order = order

    def sending(self, kind: str, protocol: Mapping[str, str], before: Mapping[str, str], digest: str) -> None:
        """See the contract."""
        data = {
            "command": kind,
            "protocol": dict(protocol),
            "before": dict(before),
            "digest": digest,
            "language": self._order.language,
        }
        self._note("sending", data, _SENT.get(kind))

    def acknowledged(self) -> None:
        """See the contract."""
        self._note("acknowledged", {}, PaymentState.UNDER_WAY)

    def evidence(self, evidence: PaymentEvidence | ReversalEvidence | DayResult, raw: str) -> None:
        """See the contract."""
        # While the driver is still listening, not knowing yet is no news.
        after, reason = (None, "") if isinstance(evidence, Inconclusive) else self._verdict(evidence)
        self._note("evidence", told(evidence) | {"raw": raw}, after, reason)

    def goods(self, answer: Goods) -> None:
        """See the contract."""
        self._note("goods", {"answer": answer.value})

    def enquiry(self, asked: str, answer: str) -> None:
        """See the contract."""
        self._note("enquiry", {"asked": asked, "answer": answer})

    def conclude(self, evidence: PaymentEvidence | ReversalEvidence) -> PaymentState:
        """Let what the driver returned count, in case it did not tell it; returns where the attempt stands."""
        after, reason = self._verdict(evidence)
        return self._note("concluded", told(evidence), after, reason)

    def give_up(self, reason: str) -> PaymentState:
        """Asking has not helped: staff decide."""
        return self._note("givenUp", {"reason": reason}, PaymentState.CASE, reason)

    def _note(
        self, kind: str, data: Mapping[str, object], after: PaymentState | None = None, reason: str | None = None
    ) -> PaymentState:
        return self._book.note_payment_now(self._order.attempt_id, kind, data, after, reason)

    def _verdict(self, evidence: PaymentEvidence | ReversalEvidence | DayResult) -> tuple[PaymentState | None, str]:
        """What evidence makes of the attempt, and why in one word for the journal."""
        match evidence:
            case Approved(amount, currency):
                if (amount, currency) == (self._order.amount_cents, self._order.currency):
                    return PaymentState.SETTLED, ""
                return PaymentState.UNKNOWN, MISMATCH
            case Declined():
                return PaymentState.FAILED, "declined"
            case Cancelled(by):
                return PaymentState.FAILED, f"cancelledBy{by.value.title().replace('_', '')}"
            case NotCharged():
                return PaymentState.FAILED, "notCharged"
            case Reversed():
                return PaymentState.REVERSED, ""
            case NotReversed():
                return PaymentState.REFUND_DUE, "notReversed"
            case Inconclusive():
                return PaymentState.UNKNOWN, "noEvidence"
            case NotSent() | DayEnded():
                return None, ""
            case _:
                assert_never(evidence)


def told(evidence: object) -> dict[str, object]:
    """Evidence as data for a note."""
    return {"evidence": type(evidence).__name__, **_plain(asdict(evidence))}  # type: ignore[call-overload]


def remembered(order: PaymentOrder, notes: tuple[tuple[str, Mapping[str, object]], ...]) -> Remembered:
    """What the notes of an attempt say of how it was sent, and what its terminal calls it."""
    protocol: dict[str, str] = {}
    before: dict[str, str] = {}
    ids = Ids()
    for kind, data in notes:
        if kind == "sending":
            # The payment's own ids come first in the notes and stay; those of an abort or a reversal have other names.
            protocol = _texts(data["protocol"]) | protocol
            before = before or _texts(data["before"])
        if data.get("evidence") == Approved.__name__:
            ids = Ids(**_texts(data["ids"]))
    return Remembered(order, protocol, before, ids)


def language_of(notes: tuple[tuple[str, Mapping[str, object]], ...]) -> str:
    """The language the terminal was asked to speak."""
    return next((str(data["language"]) for kind, data in notes if kind == "sending"), "nl")


def receipts_of(notes: tuple[tuple[str, Mapping[str, object]], ...]) -> tuple[tuple[str, ...], ...]:
    """Lines of each receipt the terminal gave the citizen with its approval; the same evidence is noted twice."""
    for _, data in reversed(notes):
        if data.get("evidence") == Approved.__name__:
            given = data.get("receipts")
            receipts = given if isinstance(given, list) else []
            return tuple(tuple(map(str, each["lines"])) for each in receipts if each["for_citizen"])
    return ()


def _texts(value: object) -> dict[str, str]:
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, dict) else {}


def _plain(data: Mapping[str, object]) -> dict[str, object]:
    return {key: value.value if isinstance(value, Enum) else value for key, value in data.items()}
