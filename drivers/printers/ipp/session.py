"""Questions to one printer, each with an answer or a typed trouble. Not for: what a job does with them (`job`)."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.contract import Reason
from drivers.printers.ipp.printer_facts import PrinterFacts, printer_facts
from drivers.printers.ipp.protocol import Malformed, decode
from drivers.printers.ipp.requests import Requests
from drivers.printers.ipp.transport import Answer, Failure, NoAnswer, Transport
from drivers.printers.ipp.values import GroupTag, Message

NOT_FOUND = 0x0406
_FIRST_ERROR = 0x0100
_UNAVAILABLE = 503
_NO_ANSWER = {
    Failure.UNREACHABLE: Reason.UNREACHABLE,
    Failure.LOST: Reason.UNREACHABLE,
    Failure.SILENT: Reason.SILENT,
    Failure.NO_TRUST: Reason.NOT_CONFIGURED,
    Failure.TOO_LONG: Reason.GARBLED,
}
_WRONG_SETTING = frozenset({400, 401, 403, 404, 405, 426})
"""HTTP: not this host, not you, not here, not so, not without TLS."""
_IPP = {
    0x0404: Reason.OFFLINE,
    0x0405: Reason.SILENT,
    0x0500: Reason.OFFLINE,
    0x0502: Reason.OFFLINE,
    0x0504: Reason.MECHANICAL,
    0x0505: Reason.OFFLINE,
    0x0506: Reason.OFFLINE,
    0x0507: Reason.OFFLINE,
    0x0508: Reason.OFFLINE,
}
"""Errors that pass; every other one is a wrong setting of the address or the queue."""
_NOT_TAKEN = frozenset({0x0501, 0x0502, 0x0503, 0x0506, 0x0507})


@dataclass(frozen=True)
class Timing:
    """Limits in seconds.

    Attributes:
        answer: for one answer.
        document: for the answer to the document, besides the time its bytes need.
        poll: between two questions about a job.
        patience: how long a job may be held or its printer be stopped before it is taken back.
        lost: how long the printer may be out of reach in the middle of a job.
        finish: for the whole job.
        withdraw: for a job that was cancelled to end.
    """

    answer: float = 3.5
    document: float = 20.0
    poll: float = 0.25
    patience: float = 5.0
    lost: float = 10.0
    finish: float = 60.0
    withdraw: float = 8.0


@dataclass(frozen=True)
class Trouble:
    """A question without the answer to it.

    Attributes:
        not_taken: whether what was asked for was certainly not done.
        gone: whether the printer says that it knows no such job or queue.
    """

    reason: Reason
    raw: str
    not_taken: bool
    gone: bool = False


class Session:
    """One queue over one transport."""

    def __init__(self, transport: Transport, uri: str, timing: Timing) -> None:
        self._transport = transport
        self.requests = Requests(uri)
        self.timing = timing

    def ask(self, message: bytes, seconds: float | None = None) -> Message | Trouble:
        """Send a message of `requests`; anything but success is a trouble."""
        answer = self._transport.post(message, self.timing.answer if seconds is None else seconds)
        if isinstance(answer, NoAnswer):
            return Trouble(_NO_ANSWER[answer.failure], answer.detail, not_taken=not answer.sent)
        if answer.status != 200:
            return _http_trouble(answer)
        found = decode(answer.body) if answer.content_type == "application/ipp" else Malformed(answer.content_type)
        if isinstance(found, Malformed):
            return Trouble(Reason.GARBLED, f"no IPP: {found.why}"[:200], not_taken=False)
        if found.request_id != self.requests.last:
            return Trouble(Reason.GARBLED, f"an answer to question {found.request_id}", not_taken=False)
        return _ipp_trouble(found) if found.code >= _FIRST_ERROR else found

    def printer(self) -> PrinterFacts | Trouble:
        """Ask the printer about itself."""
        answer = self.ask(self.requests.printer())
        return answer if isinstance(answer, Trouble) else printer_facts(answer)

    def close(self) -> None:
        """Drop the connection."""
        self._transport.close()


def _http_trouble(answer: Answer) -> Trouble:
    raw = f"HTTP status {answer.status}"
    if answer.status in _WRONG_SETTING:
        return Trouble(Reason.NOT_CONFIGURED, raw, not_taken=True)
    if 500 <= answer.status < 600:
        return Trouble(Reason.OFFLINE, raw, not_taken=answer.status == _UNAVAILABLE)
    return Trouble(Reason.GARBLED, raw, not_taken=False)


def _ipp_trouble(answer: Message) -> Trouble:
    words = next(iter(answer.group(GroupTag.OPERATION).texts("status-message")), "")
    client_error = 0x0400 <= answer.code < 0x0500
    return Trouble(
        _IPP.get(answer.code, Reason.NOT_CONFIGURED),
        f"IPP status {answer.code:#06x} {words}".strip()[:200],
        not_taken=client_error or answer.code in _NOT_TAKEN,
        gone=answer.code == NOT_FOUND,
    )
