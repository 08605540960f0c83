"""Takes apart the bytes of a command as a T=0 card receives them, in all four cases.

Not for: commands as a reader builds them (`drivers.cards.apdu`); the two ends share nothing on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Incoming:
    """A command.

    Attributes:
        le: bytes expected, 1 to 256; 256 when the command does not say.
    """

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    le: int = 256

    @property
    def parameters(self) -> int:
        """P1 and P2 as one number."""
        return self.p1 << 8 | self.p2


def take_apart(command: bytes) -> Incoming | None:
    """The command, or None when its length fits none of the cases."""
    if len(command) < 4:
        return None
    cla, ins, p1, p2 = command[:4]
    if len(command) == 4:
        return Incoming(cla, ins, p1, p2)
    third = command[4]
    if len(command) == 5:
        return Incoming(cla, ins, p1, p2, le=third or 256)
    data, rest = command[5 : 5 + third], command[5 + third :]
    if third == 0 or len(data) < third or len(rest) > 1:
        return None
    return Incoming(cla, ins, p1, p2, data, (rest[0] or 256) if rest else 256)
