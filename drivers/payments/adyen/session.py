"""Questions to one terminal, each with the answer to it or a typed trouble.

An answer counts only when it was locked with our key and its header is the answer's to the question. Not for: what an
answer proves (`evidence`), or when to ask (`driver`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from drivers.contract import Reason
from drivers.payments.adyen.crypto import Key
from drivers.payments.adyen.envelope import Opened, open_sealed, seal
from drivers.payments.adyen.header import Header, request, response
from drivers.payments.adyen.json_text import write
from drivers.payments.adyen.numbers import ServiceNumbers, service_id
from drivers.payments.adyen.reading import read_message
from drivers.payments.adyen.refusals import Malformed, Refusal, Rejected, Tampered, UnknownKey, WrongHeader
from drivers.payments.adyen.transport import Answer, Failure, NoAnswer, Transport, Watch
from drivers.payments.adyen.values import Question, Reply
from drivers.payments.adyen.writing import category_of, root_of, write_question

_NO_ANSWER = {
    Failure.UNREACHABLE: Reason.UNREACHABLE,
    Failure.NO_TRUST: Reason.NOT_CONFIGURED,
    Failure.SILENT: Reason.SILENT,
    Failure.LOST: Reason.UNREACHABLE,
    Failure.TOO_LONG: Reason.GARBLED,
    Failure.GIVEN_UP: Reason.SILENT,
}


@dataclass(frozen=True)
class Trouble:
    """A question without an answer.

    Attributes:
        sent: whether a byte of it was handed to the line.
        failure: of the line; None where something came that is no answer.
    """

    reason: Reason
    why: str
    sent: bool
    failure: Failure | None = None


@dataclass(frozen=True)
class Nothing:
    """HTTP 200 without a word: the answer to an abort."""


@dataclass(frozen=True)
class Prepared:
    """A question with its own new ServiceID, ready to leave once.

    Attributes:
        digest: SHA-256 of the plain message, hexadecimal.
    """

    header: Header
    data: bytes
    digest: str


class Session:
    """One terminal, one kiosk, one set of keys."""

    def __init__(
        self, transport: Transport, keys: Sequence[Key], numbers: ServiceNumbers, sale_id: str, poi_id: str
    ) -> None:
        """The first key locks; all of them open."""
        self._transport = transport
        self._keys = tuple(keys)
        self._numbers = numbers
        self.sale_id = sale_id
        self.poi_id = poi_id

    def prepare(self, question: Question) -> Prepared:
        """Number a question and lock it.

        Raises:
            drivers.payments.adyen.numbers.CannotCount: when there is no number to be had.
        """
        header = request(category_of(question), service_id(self._numbers.next()), self.sale_id, self.poi_id)
        message = write_question(header, question)
        digest = hashlib.sha256(write(message)).hexdigest()
        return Prepared(header, seal(message, self._keys[0]), digest)

    def send(self, prepared: Prepared, seconds: float, watch: Watch | None = None) -> Reply | Nothing | Trouble:
        """Send it, once, and read what comes."""
        answer = self._transport.post(prepared.data, seconds, watch)
        if isinstance(answer, NoAnswer):
            return Trouble(
                _NO_ANSWER[answer.failure], f"{answer.failure.value}: {answer.detail}", answer.sent, answer.failure
            )
        return self._read(answer, prepared.header)

    def _read(self, answer: Answer, asked: Header) -> Reply | Nothing | Trouble:
        if answer.status != 200:
            wrong = answer.status in (401, 403, 404, 405)
            return Trouble(Reason.NOT_CONFIGURED if wrong else Reason.GARBLED, f"HTTP status {answer.status}", True)
        if not answer.body:
            return Nothing()
        opened = open_sealed(answer.body, self._keys)
        if not isinstance(opened, Opened):
            return _refused(opened)
        found = read_message(opened)
        if isinstance(found, Malformed):
            return _refused(found)
        header, reply = found
        if header != response(asked) or opened.root != root_of(header):
            return _refused(WrongHeader("an answer to another question than ours"))
        return reply


def _refused(refusal: Refusal) -> Trouble:
    match refusal:
        case UnknownKey() | Rejected():
            return Trouble(Reason.NOT_CONFIGURED, refusal.why, sent=True)
        case Malformed() | Tampered() | WrongHeader():
            return Trouble(Reason.GARBLED, refusal.why, sent=True)
