"""Commands to a card and its answers (ISO 7816-4, short form), as values.

Not for: what the commands of one kind of card mean (`beid.commands`) or how they get there (`transport`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

SECRET_INSTRUCTIONS = frozenset({0x20, 0x24, 0x2C})
"""VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER: what follows their header is a PIN."""


@dataclass(frozen=True)
class Command:
    """One command, without Le where data are sent (T=0).

    Attributes:
        le: bytes expected, 1 to 256, or None; only without `data`.
    """

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    le: int | None = None

    def encoded(self) -> bytes:
        """The bytes on the line."""
        head = bytes((self.cla, self.ins, self.p1, self.p2))
        if self.data:
            return head + bytes((len(self.data),)) + self.data
        return head if self.le is None else head + bytes((self.le % 256,))

    def __str__(self) -> str:
        """For the log: the header, and never what may be a PIN."""
        return f"{self.cla:02X} {self.ins:02X} {self.p1:02X} {self.p2:02X}"


@dataclass(frozen=True)
class Answer:
    """What the card answered: data and the status word."""

    data: bytes = field(repr=False)
    sw: int

    @property
    def ok(self) -> bool:
        """Whether the status is 9000."""
        return self.sw == 0x9000
