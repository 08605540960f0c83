"""What the web process and the unsealer say to each other: JSON over HTTP on a Unix socket.

Both sides import this and nothing of each other. Not for: who may ask for it (session, signature: the web process).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

ANSWER = "/answer"
"""`{"message"}` -> `{"state", "problem"?, "sealed"?}`; `message` is the column's signed question."""
DUPLICATE = "/duplicate"
"""`{"attestId", "actor", "reason"}` -> a PDF, or `{"problem"}`."""
HANDOVER = "/handover"
"""`{"requestId", "actor"}` -> `{"state", "problem"?}`."""
HEALTH = "/health"

PDF = "application/pdf"
LARGEST_JOB = 64 * 1024
LARGEST_RESULT = 8 * 1024 * 1024


class Trouble(Enum):
    """Why a job was not done; every value has a sentence on the staff page (`attests.trouble.<value>`)."""

    NO_UNSEALER = "no_unsealer"
    """Nobody listens on the socket."""
    NOT_HELD = "not_held"
    """The database holds no such event, or its content was erased."""
    NO_KEY = "no_key"
    """None of the unsealer's keys opens it."""
    CANNOT_MAKE = "cannot_make"
    """The document cannot be made, for example because the product is gone."""
    TAKEN_BACK = "taken_back"
    """The attest was revoked or voided."""
    BAD_JOB = "bad_job"
    FAILED = "failed"
    """A defect; the unsealer's log says more."""


STATUS: dict[Trouble, int] = {
    Trouble.NO_UNSEALER: 503,
    Trouble.NOT_HELD: 404,
    Trouble.NO_KEY: 409,
    Trouble.CANNOT_MAKE: 409,
    Trouble.TAKEN_BACK: 409,
    Trouble.BAD_JOB: 400,
    Trouble.FAILED: 500,
}


class JobRefused(Exception):
    """A job that is not done; the text is for logs and names no person."""

    def __init__(self, trouble: Trouble, text: str = "") -> None:
        super().__init__(text or trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, repr=False)
class Done:
    """The members of a finished job."""

    members: dict[str, object]


@dataclass(frozen=True, repr=False)
class Document:
    """A PDF, in memory only."""

    pdf: bytes
