"""What an HTTP answer means to a column: the table of the sync contract, as values.

A 200 is proof of nothing: only a message signed by the pinned key counts. Not for: acting on it (`uploader`,
`updates`, `client`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pydantic import ValidationError

from sync.client.transport import Answer, NoAnswer
from sync.protocol.messages import Problem, problem_type

LONGEST_WAIT = 3600.0
"""Nobody can make us wait longer than this before the next attempt."""
_SHORTEST_WAIT = 1.0


@dataclass(frozen=True)
class Unreachable:
    """No answer at all."""

    why: str


@dataclass(frozen=True)
class NotOurServer:
    """An answer, but not of our back office: a captive portal, another host, a cut-off body."""

    why: str


@dataclass(frozen=True)
class ServerTrouble:
    """The back office is there and not well."""

    status: int


@dataclass(frozen=True)
class TryLater:
    """The back office asks to wait."""

    seconds: float


@dataclass(frozen=True)
class Refused:
    """The back office does not know this column any more, or not this signature: a technician must come.

    Attributes:
        server_time: its clock, when it says that ours is off; not authenticated.
        revocation: what it sent along as proof that it revoked this column; not checked yet.
    """

    problem: str
    server_time: datetime | None = None
    revocation: dict[str, object] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Defect:
    """The back office cannot read what we sent: a defect in a program. Nothing is deleted."""

    problem: str


@dataclass(frozen=True)
class TooLarge:
    """The batch must be smaller."""


@dataclass(frozen=True)
class Gap:
    """The back office lacks events before these.

    Attributes:
        previous_hash: its hash of the event before `expected`.
    """

    expected: int
    previous_hash: str


@dataclass(frozen=True)
class Fork:
    """The back office holds another history of this epoch."""


Trouble = Unreachable | NotOurServer | ServerTrouble | TryLater | Refused | Defect
"""What any request may meet."""
Refusal = Trouble | TooLarge | Gap | Fork
"""What a batch may meet."""


def read_answer(answer: Answer | NoAnswer) -> dict[str, object] | Refusal:
    """The members of a 2xx answer, not yet believed, or what else came."""
    if isinstance(answer, NoAnswer):
        return Unreachable(f"{answer.failure.value} {answer.detail}".rstrip())
    if 200 <= answer.status < 300:
        members = parse_object(answer.body)
        return NotOurServer("the answer is not a JSON object") if members is None else members
    return _read_refusal(answer)


def parse_object(body: bytes) -> dict[str, object] | None:
    """A JSON object, or None for anything else; hostile bytes included."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read_refusal(answer: Answer) -> Refusal:
    problem = _problem(answer)
    if answer.status in (429, 503):
        return TryLater(_wait(answer, problem))
    if answer.status >= 500:
        return ServerTrouble(answer.status)
    if problem is None:
        # Whoever refuses in our name does it with a problem of ours; a portal or proxy does not.
        return NotOurServer(f"status {answer.status} without a problem we know")
    return _read_problem(answer.status, problem)


def _read_problem(status: int, problem: Problem) -> Refusal:
    name = problem.type.rpartition(":")[2]
    match status:
        case 409 if problem.type == problem_type("chainFork"):
            return Fork()
        case 409 if problem.type == problem_type("sequenceGap"):
            return _gap(problem)
        case 413:
            return TooLarge()
        case 401 | 403:
            return Refused(name, parse_time(problem.server_time), problem.revocation)
        case _:
            return Defect(name)


def _gap(problem: Problem) -> Refusal:
    if problem.expected_sequence is None or problem.acked_hash is None or problem.expected_sequence < 1:
        return Defect("sequenceGap")
    return Gap(problem.expected_sequence, problem.acked_hash)


def _problem(answer: Answer) -> Problem | None:
    members = parse_object(answer.body)
    if members is None:
        return None
    try:
        problem = Problem.model_validate(members)
    except (ValidationError, ValueError):
        return None
    known = problem.type.startswith(("urn:problem-type:belgif:", problem_type("")))
    return problem if known and problem.status == answer.status else None


def _wait(answer: Answer, problem: Problem | None) -> float:
    asked = problem.retry_after_sec if problem is not None else None
    seconds = float(asked) if asked is not None else _retry_after(answer.retry_after)
    return min(LONGEST_WAIT, max(_SHORTEST_WAIT, seconds))


def _retry_after(header: str | None) -> float:
    """Seconds, from a number or a date; 0 when there is none."""
    if header is None:
        return 0.0
    if header.strip().isdecimal() and len(header) < 10:
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime.now(UTC)).total_seconds()


def parse_time(text: str | None) -> datetime | None:
    """RFC 3339 with offset, or None."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
