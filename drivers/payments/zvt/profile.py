"""What differs between terminals, acquirers and tests: habits and limits of time.

Not for: addresses (`address`).
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from drivers.payments.zvt.text import CHARSETS


@dataclass(frozen=True)
class ZvtProfile:
    """How one acquirer's terminals are spoken to.

    Attributes:
        goods_handshake: the terminal books only when it hears that the goods are out. Only where the acquirer has
            switched it on; else every approval is accepted at once.
        goods_seconds: how long the terminal waits for each answer about the goods; 1 to 255.
        goods_questions: how often it asks again, about every 2 s; 1 to 255.
        prints_receipts: receipts come as text to print; else nothing comes.
        columns: of our receipt printer, 1 to 99.
        tells_language: each payment names the citizen's language.
        shows_texts: the terminal's own texts are handed on to the screen.
        charset: of its texts, one of `text.CHARSETS`, unless it agrees to another.
        zone: time zone of its clock.
    """

    goods_handshake: bool = False
    goods_seconds: int = 60
    goods_questions: int = 30
    prints_receipts: bool = True
    columns: int = 48
    tells_language: bool = True
    shows_texts: bool = False
    charset: str = "cp437"
    zone: str = "Europe/Brussels"

    def __post_init__(self) -> None:
        """Refuse what the protocol has no room for.

        Raises:
            ValueError: naming what would be right.
        """
        if not (1 <= self.goods_seconds <= 255 and 1 <= self.goods_questions <= 255):
            raise ValueError("goods_seconds and goods_questions are from 1 to 255")
        if not 1 <= self.columns <= 99:
            raise ValueError(f"columns are from 1 to 99, not {self.columns}")
        if self.charset not in CHARSETS:
            raise ValueError(f"charset {self.charset!r} is not one of {', '.join(CHARSETS)}")
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"zone {self.zone!r} is not a time zone such as Europe/Brussels") from None


@dataclass(frozen=True)
class Timing:
    """Limits in seconds.

    Attributes:
        answer: T3, from a command to its acknowledgement.
        silence: T4, between messages of the terminal while it works on a payment; it may set its own.
        quiet: the same for commands without a citizen (state, registration, enquiry).
        after_abort: how long we listen on after asking it to stop.
        goods: how long an answer about the goods is held back for a better one.
        longest: a whole command, whatever the terminal says meanwhile.
        tick: how often somebody who wants to cancel is looked for.
        minute: length of a minute in the terminal's own limits.
    """

    answer: float = 5.0
    silence: float = 180.0
    quiet: float = 20.0
    after_abort: float = 30.0
    goods: float = 2.0
    longest: float = 900.0
    tick: float = 0.1
    minute: float = 60.0
