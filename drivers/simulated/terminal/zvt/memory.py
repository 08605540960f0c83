"""What the simulated terminal remembers, also when it was switched off: numbers, the last transaction, its store.

Not for: what it booked for good (`drivers.simulated.terminal.ledger`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from drivers.payments.zvt import fields as f
from drivers.payments.zvt.fields import Field
from drivers.payments.zvt.numbers import bcd

TERMINAL = "12345678"
CURRENCY = 978
_WRAPS = 9999


@dataclass(frozen=True)
class Record:
    """One transaction as the terminal tells it.

    Attributes:
        original_trace: of the payment it undid; 0 for payments.
    """

    result: int
    amount_cents: int
    receipt: int
    trace: int
    at: datetime
    original_trace: int = 0

    def fields(self) -> list[Field]:
        """What 04 0F holds of it; the card is an invented one."""
        told = [
            Field(f.RESULT, bytes((self.result,))),
            Field(f.AMOUNT, bcd(self.amount_cents, 6)),
            Field(f.TRACE, bcd(self.trace, 3)),
            Field(f.TIME, bytes.fromhex(self.at.strftime("%H%M%S"))),
            Field(f.DATE, bytes.fromhex(self.at.strftime("%m%d"))),
            Field(f.KIND, b"\x70"),
            Field(f.PAN, bytes.fromhex("6703eeeeeeee1234")),
            Field(f.TERMINAL, bytes.fromhex(TERMINAL)),
            Field(f.CONTRACT, b"VU0000000000001"),
            Field(f.AUTHORISATION, b"A1B2C3\0\0"),
            Field(f.TEXT, b"TEST"),
            Field(f.CURRENCY, bcd(CURRENCY, 2)),
            Field(f.RECEIPT, bcd(self.receipt, 2)),
            Field(f.TURNOVER, bcd(self.receipt, 3)),
            Field(f.CARD_TYPE, b"\x2e"),
            Field(f.CARD_NAME, b"Maestro\0"),
        ]
        if self.original_trace:
            told.append(Field(f.ORIGINAL_TRACE, bcd(self.original_trace, 3)))
        return told


@dataclass
class Booked:
    """A payment in the store, which can be undone until the end of the day.

    Attributes:
        number: in the ledger.
    """

    number: int
    amount_cents: int
    trace: int
    reversed: bool = False


@dataclass
class Memory:
    """Everything that survives a restart.

    Attributes:
        last: what 06 20 tells; None when there is nothing.
        store: payments by receipt number.
        attempt_booked: whether the payment of this moment is booked already.
    """

    now: Callable[[], datetime]
    receipt: int = 41
    trace: int = 122
    last: Record | None = None
    store: dict[int, Booked] = field(default_factory=dict)
    attempt_booked: bool = False

    def record(self, result: int, amount_cents: int, original_trace: int = 0) -> Record:
        """The next transaction; its receipt number is used up when it is `keep`t."""
        self.trace = self.trace % 999_999 + 1
        return Record(result, amount_cents, self.receipt % _WRAPS + 1, self.trace, self.now(), original_trace)

    def keep(self, record: Record) -> None:
        """It is the last transaction now."""
        self.receipt = record.receipt
        self.last = record
