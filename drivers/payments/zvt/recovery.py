"""What the terminal's memory of its last transaction proves about an open attempt.

The protocol carries no number of ours: we compare with the memory of just before the attempt. Whatever does not fit is
a case for staff. Not for: asking (`driver`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from drivers.payment_contract import (
    Cancelled,
    CancelledBy,
    Declined,
    Inconclusive,
    NotCharged,
    PaymentEvidence,
    Remembered,
)
from drivers.payments.zvt import codes
from drivers.payments.zvt.conversation import End
from drivers.payments.zvt.evidence import approved, mismatch
from drivers.payments.zvt.messages import Completed, StatusInfo

SENT = "sent"
MEMORY = "memory"
TOLD, EMPTY, SILENT = "told", "empty", "not told"
CLOCK = "clockOffset"
TERMINAL = "terminal"
_NUMBERS = ("receipt", "trace", "turnover")
_TOLERANCE = timedelta(seconds=120)


@dataclass(frozen=True)
class LastTransaction:
    """What 06 20 brought.

    Attributes:
        memory: `TOLD`, `EMPTY` (the terminal says there is none) or `SILENT` (an end and nothing else).
        status: where it was told.
    """

    memory: str
    status: StatusInfo | None = None

    def before(self, terminal: str, clock_offset: float) -> dict[str, str]:
        """What is written down of it before a payment."""
        known = {MEMORY: self.memory, TERMINAL: terminal, CLOCK: str(round(clock_offset))}
        if self.status is not None:
            ids = self.status.ids
            known |= {"receipt": ids.receipt, "trace": ids.trace, "turnover": ids.turnover}
            known[TERMINAL] = ids.terminal or terminal
        return {name: value for name, value in known.items() if value}


def last_of(end: End | None, status: StatusInfo | None) -> LastTransaction:
    """From how 06 20 ended (None: it was turned down) and its last 04 0F."""
    if not isinstance(end, Completed):
        return LastTransaction(EMPTY)
    if status is None or status.result is None:
        return LastTransaction(SILENT)
    return LastTransaction(TOLD, status)


def judge(attempt: Remembered, last: LastTransaction, terminal: str, now: datetime, zone: str) -> PaymentEvidence:
    """What became of `attempt`.

    Args:
        terminal: id of the terminal that answers, as far as known.
        now: with its time zone.
        zone: name of the zone of the terminal's clock.
    """
    status = last.status
    if status is None:
        return Inconclusive(f"the terminal's memory of its last transaction is {last.memory}")
    then, answering = attempt.before.get(TERMINAL, ""), status.ids.terminal or terminal
    if then and answering and then != answering:
        return Inconclusive(f"terminal {answering} answers, the payment was sent to {then}")
    fresh = _is_new(attempt.before, status)
    if isinstance(fresh, Inconclusive):
        return fresh
    if not fresh:
        return NotCharged("the terminal's last transaction is still the one of before")
    if status.original_trace:
        return _undone(attempt, status)
    wrong = mismatch(attempt.order, status) or _wrong_time(attempt, status, now, zone)
    if wrong:
        return Inconclusive(f"the terminal's last transaction is new, but {wrong}")
    return _outcome(attempt, status)


def _outcome(attempt: Remembered, status: StatusInfo) -> PaymentEvidence:
    if status.result == 0:
        return approved(attempt.order, status)
    if status.result == codes.TIME_OUT:
        return Cancelled(CancelledBy.TIME_OUT)
    return Declined(f"{status.result or 0:02X}")


def _is_new(before: Mapping[str, str], status: StatusInfo) -> bool | Inconclusive:
    """Whether the last transaction came after the memory of before."""
    memory = before.get(MEMORY)
    if memory == EMPTY:
        return True
    if memory != TOLD:
        return Inconclusive("nothing is known of the terminal's memory before the payment")
    now = {"receipt": status.ids.receipt, "trace": status.ids.trace, "turnover": status.ids.turnover}
    compared = [before[name] != now[name] for name in _NUMBERS if before.get(name) and now[name]]
    if not compared:
        return Inconclusive("the terminal's last transaction has no number to compare")
    if any(compared) and not all(compared):
        return Inconclusive("some numbers of the terminal's last transaction are those of before, some are not")
    return compared[0]


def _undone(attempt: Remembered, status: StatusInfo) -> PaymentEvidence:
    if attempt.ids.trace and attempt.ids.trace == status.original_trace:
        return NotCharged("the terminal's last transaction is the reversal of this payment")
    return Inconclusive("the terminal's last transaction is a reversal")


def _wrong_time(attempt: Remembered, status: StatusInfo, now: datetime, zone: str) -> str:
    """Why the time of a transaction is not that of the attempt; empty when it is."""
    try:
        sent = datetime.fromisoformat(attempt.protocol.get(SENT, ""))
        offset = timedelta(seconds=float(attempt.before.get(CLOCK, "0")))
    except ValueError:
        return "nobody wrote down when the payment was sent"
    if sent.tzinfo is None:
        return "the time when the payment was sent has no time zone"
    booked = terminal_time(status, now, zone)
    if booked is None:
        return "it does not say when"
    if not sent - _TOLERANCE <= booked - offset <= now + _TOLERANCE:
        return f"its time {status.date} {status.time} is not that of the payment"
    return ""


def terminal_time(status: StatusInfo, now: datetime, zone: str) -> datetime | None:
    """When, by the terminal's clock; the year it does not tell is the one that brings it nearest to `now`."""
    if len(status.date) != len("MMDD") or len(status.time) != len("HHMMSS"):
        return None
    local = now.astimezone(ZoneInfo(zone))
    found: list[datetime] = []
    for year in (local.year - 1, local.year, local.year + 1):
        try:
            told = datetime.strptime(f"{year}{status.date}{status.time}", "%Y%m%d%H%M%S")  # noqa: DTZ007  # zone follows
        except ValueError:
            continue
        found.append(told.replace(tzinfo=ZoneInfo(zone)))
    return min(found, key=lambda told: abs(told - now), default=None)
