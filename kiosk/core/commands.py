"""Commands of the back office to a column: one table of kinds, and whether a command may be carried out.

The table says what a command may carry and what becomes of one that a stop interrupted. Not for: signatures
(`sync.client.orders`), keeping (`kiosk.store.commands`) or carrying out (`kiosk.commanding`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from kiosk.core.texts import LANGUAGES

Plain = str | int | bool
"""What an argument may be: arguments are flat."""


@dataclass(frozen=True)
class Command:
    """A command whose signature was found good.

    Attributes:
        id: UUID, made by the back office.
        expires_at: not begun after this.
        by: staff id of who gave it.
    """

    id: str
    kind: str
    arguments: Mapping[str, Plain]
    issued_at: datetime
    expires_at: datetime
    by: str


class CommandState(Enum):
    """How far a command is; each step is on disk before the next."""

    RECEIVED = "received"
    BEGUN = "begun"
    ENDED = "ended"


class Outcome(Enum):
    """How a command ended."""

    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The column stopped in between and nothing proves whether it was carried out. It is never carried out again."""


class Reason(Enum):
    """Why a command is not carried out."""

    WRONG_SIGNATURE = "wrongSignature"
    OTHER_COLUMN = "otherColumn"
    MALFORMED = "malformed"
    EXPIRED = "expired"
    UNKNOWN_KIND = "unknownKind"
    BAD_ARGUMENTS = "badArguments"


@dataclass(frozen=True)
class Refusal:
    """A command that is not carried out; `detail` names the argument that is wrong, never its value."""

    reason: Reason
    detail: str = ""


class Shape(Enum):
    """What an argument looks like."""

    TEXT = "text"
    MOMENT = "moment"
    """RFC 3339 with offset."""
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True)
class Argument:
    """One argument of a kind; `longest` in characters, for texts."""

    shape: Shape
    required: bool = False
    longest: int = 200


@dataclass(frozen=True)
class CommandKind:
    """One kind of command.

    Attributes:
        means: what the column does, one sentence for the documentation.
        proved_by_start: a start of the column is itself the proof that it was done.
        about_payments: given by whoever looks after payments, and not by whoever looks after columns.
    """

    name: str
    means: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    proved_by_start: bool = False
    about_payments: bool = False


_UNTIL = Argument(Shape.MOMENT)
_ID = Argument(Shape.TEXT, required=True, longest=36)

KINDS: dict[str, CommandKind] = {
    kind.name: kind
    for kind in (
        CommandKind("restart", "Stop after the visit under way and start anew.", proved_by_start=True),
        CommandKind(
            "close",
            "Serve nobody from the end of the visit under way, with a text, until a moment or until opened.",
            {"text": Argument(Shape.TEXT), "until": _UNTIL},
        ),
        CommandKind("open", "Serve again."),
        CommandKind(
            "message",
            "Show a line to everybody who comes, in each language of the site, until a moment; without words, no more.",
            {**{language: Argument(Shape.TEXT, longest=160) for language in LANGUAGES}, "until": _UNTIL},
        ),
        CommandKind(
            "decidePayment",
            "End a payment as staff decided: notPaid, paid, given or paidBack.",
            {"payment": _ID, "verdict": Argument(Shape.TEXT, required=True, longest=20)},
            about_payments=True,
        ),
        CommandKind(
            "reprintReceipt",
            "Print the terminal's receipt of a payment once more.",
            {"payment": _ID},
            about_payments=True,
        ),
        CommandKind(
            "endTerminalDay",
            "Let the payment terminal close its period, and compare its totals with ours.",
            about_payments=True,
        ),
        CommandKind("diagnostics", "Examine the column and send what was found."),
        CommandKind("logs", "Send the newest part of the log."),
        CommandKind("rotateKey", "Make a new signing key; the old one vouches for it and is not used again."),
        CommandKind("wipe", "Destroy keys, numbers, journal and log, and be out of service for good."),
    )
}
"""Every kind, by name. A branch of the product that adds one adds it here and gives it a handler."""


def refusal(command: Command, now: datetime, kinds: Mapping[str, CommandKind] = KINDS) -> Refusal | None:
    """Why the command may not be begun at `now`, or None."""
    if now >= command.expires_at:
        return Refusal(Reason.EXPIRED)
    kind = kinds.get(command.kind)
    if kind is None:
        return Refusal(Reason.UNKNOWN_KIND)
    wrong = wrong_argument(kind, command.arguments)
    return None if wrong is None else Refusal(Reason.BAD_ARGUMENTS, wrong)


def wrong_argument(kind: CommandKind, arguments: Mapping[str, object]) -> str | None:
    """Name of the first argument that is foreign, missing or of another shape; None when all are right."""
    for name in arguments:
        if name not in kind.arguments:
            return name
    for name, argument in kind.arguments.items():
        if name not in arguments:
            if argument.required:
                return name
        elif not _fits(argument, arguments[name]):
            return name
    return None


def moment(arguments: Mapping[str, object], name: str) -> datetime | None:
    """The moment an argument names, timezone-aware; None where it is not given.

    Raises:
        ValueError: when it is no moment; `wrong_argument` has seen it before.
    """
    text = arguments.get(name)
    if text is None:
        return None
    read = datetime.fromisoformat(str(text))
    if read.tzinfo is None:
        raise ValueError(f"{name} has no offset")
    return read


def outcome_after_stop(kind: str, kinds: Mapping[str, CommandKind] = KINDS) -> Outcome:
    """What a command of that kind that was begun before a stop counts as, when nothing else proves more."""
    known = kinds.get(kind)
    return Outcome.DONE if known is not None and known.proved_by_start else Outcome.UNKNOWN


def _fits(argument: Argument, value: object) -> bool:
    match argument.shape:
        case Shape.TEXT:
            return isinstance(value, str) and len(value) <= argument.longest and value.isprintable()
        case Shape.NUMBER:
            return isinstance(value, int) and not isinstance(value, bool)
        case Shape.FLAG:
            return isinstance(value, bool)
        case Shape.MOMENT:
            return _is_moment(value)


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
