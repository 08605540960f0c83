"""What differs between terminals, acquirers and tests: habits and limits of time.

Not for: addresses (`address`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from drivers.payments.opi.requests import ServiceType


class PrinterStatus(Enum):
    """What the terminal is told about our printer."""

    AVAILABLE = "Available"
    PAPER_LOW = "PaperLow"
    PAPER_EMPTY = "PaperEmpty"
    PRINT_LOCAL = "PrintLocal"
    UNAVAILABLE = "Unavailable"


@dataclass(frozen=True)
class OpiProfile:
    """How one acquirer's terminals are spoken to.

    Attributes:
        login: what opens a session with the terminal; None where it wants nothing.
        probe: what asks how it is.
        end_of_day: what closes its period.
        goods_handshake: a question whether the goods are out waits for an answer. Only where it was certified what the
            terminal does when they are not; else every question is answered that they are.
        confirms_reversal: the terminal asks for a confirmation on the till before it undoes a payment.
        shows_texts: the terminal's own texts are handed on to the screen.
    """

    login: ServiceType | None = ServiceType.LOGIN
    probe: ServiceType = ServiceType.GET_STATUS
    end_of_day: ServiceType = ServiceType.CLOSE_DAY
    goods_handshake: bool = False
    confirms_reversal: bool = False
    shows_texts: bool = True


@dataclass(frozen=True)
class Timing:
    """Limits in seconds.

    Attributes:
        connect: until the terminal takes a connection.
        write: for the bytes of one message.
        idle: of silence on both channels while the citizen pays.
        longest: a whole payment, whatever the terminal says meanwhile.
        quick: a request without a citizen.
        slow: end of day.
        after_abort: of silence, once it was asked to stop or gave up.
        abort_answer: for the answer to each wish to stop.
        abort_gap: between two such wishes.
        linger: how long we listen on after the last answer for receipts.
        again: before the next question to a terminal that prints or starts.
        goods: how long a question about the goods is held back for an answer.
        window: between our clock and the time on a ticket that is ours.
    """

    connect: float = 3.0
    write: float = 5.0
    idle: float = 120.0
    longest: float = 330.0
    quick: float = 20.0
    slow: float = 330.0
    after_abort: float = 30.0
    abort_answer: float = 10.0
    abort_gap: float = 1.5
    linger: float = 0.5
    again: float = 3.0
    goods: float = 25.0
    window: float = 900.0
