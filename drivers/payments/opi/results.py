"""OverallResult, by what it proves. Not for: amounts and ids, which must fit too (`evidence`)."""

from __future__ import annotations

from enum import Enum


class Verdict(Enum):
    """What a result to a money command means."""

    DONE = "done"
    DECLINED = "declined"
    ABORTED = "aborted"
    TIMED_OUT = "timed out"
    NOT_STARTED = "not started"
    UNCLEAR = "unclear"


PRINT_LAST_TICKET = "PrintLastTicket"
UNAVAILABLE = "DeviceUnavailable"
BUSY = "Busy"
ABORTED_REASON = "107"
"""A TerminalDeclineReason that says Failure and means Aborted."""

SERVICE_DONE = ("Success", "Activated", "AlreadyActivated", "Deactivated", "AlreadyDeactivated", "DayClosed")
_VERDICTS = {
    "Success": Verdict.DONE,
    "Failure": Verdict.DECLINED,
    "Aborted": Verdict.ABORTED,
    "TimedOut": Verdict.TIMED_OUT,
    "FlowTimedOut": Verdict.TIMED_OUT,
    PRINT_LAST_TICKET: Verdict.NOT_STARTED,
    BUSY: Verdict.NOT_STARTED,
    UNAVAILABLE: Verdict.NOT_STARTED,
}
_UNCLEAR = (
    "CommunicationError",
    "ConnectionError",
    "PartialFailure",
    "FormatError",
    "ParsingError",
    "ValidationError",
    "MissingMandatoryData",
    "Unknown",
)


def verdict(result: str, terminal_reason: str = "") -> Verdict:
    """Of a result to a payment or reversal; whatever is not listed is unclear."""
    found = _VERDICTS.get(result, Verdict.UNCLEAR)
    return Verdict.ABORTED if found is Verdict.DECLINED and terminal_reason == ABORTED_REASON else found


def named(result: str) -> str:
    """The result for a text; what no terminal should say is not repeated."""
    return result if result in _VERDICTS or result in _UNCLEAR or result in SERVICE_DONE else "no known result"
