"""Why a message of a terminal is not believed; each a value. Not for: what that means for a payment (`evidence`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Malformed:
    """Not a message of this protocol."""

    why: str


@dataclass(frozen=True)
class UnknownKey:
    """Locked with a key, or a version of one, that is not set here."""

    why: str


@dataclass(frozen=True)
class Tampered:
    """Decrypts to nothing that was locked with our key; padding and signature are told apart to nobody."""

    why: str = "the message is not what was locked with our key"


@dataclass(frozen=True)
class WrongHeader:
    """Well locked, but the header outside is not the one inside, or it answers another question."""

    why: str


@dataclass(frozen=True)
class Rejected:
    """The terminal says in clear that it could not use our message; it proves nothing about a payment."""

    why: str


Refusal = Malformed | UnknownKey | Tampered | WrongHeader | Rejected
