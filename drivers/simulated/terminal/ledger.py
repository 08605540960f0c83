"""What a simulated terminal booked: the judge of every test. It knows nothing of our journal.

Not for: protocols, which only call it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Booking:
    """One transaction the terminal booked.

    Attributes:
        number: rises by one with each.
        reference: what the till called it, where the protocol carries that; else empty.
        reversed: whether it was undone later.
    """

    number: int
    amount_cents: int
    reference: str = ""
    reversed: bool = False


class CannotReverse(LookupError):
    """There is no such booking, or it was undone already."""


class Ledger:
    """Bookings in order; from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bookings: list[Booking] = []
        self._closed = 0

    def book(self, amount_cents: int, reference: str = "") -> Booking:
        """Book a payment."""
        with self._lock:
            booking = Booking(len(self._bookings) + 1, amount_cents, reference)
            self._bookings.append(booking)
            return booking

    def reverse(self, number: int) -> Booking:
        """Undo one.

        Raises:
            CannotReverse: when there is none, or it is undone already.
        """
        with self._lock:
            if not 1 <= number <= len(self._bookings) or self._bookings[number - 1].reversed:
                raise CannotReverse(f"there is no booking {number} to reverse")
            undone = replace(self._bookings[number - 1], reversed=True)
            self._bookings[number - 1] = undone
            return undone

    def close_period(self) -> tuple[Booking, ...]:
        """End the period; returns what was booked in it and not undone."""
        with self._lock:
            period, self._closed = self._bookings[self._closed :], len(self._bookings)
            return tuple(each for each in period if not each.reversed)

    @property
    def bookings(self) -> tuple[Booking, ...]:
        """All of them, oldest first."""
        with self._lock:
            return tuple(self._bookings)

    @property
    def balance_cents(self) -> int:
        """What was booked and not undone."""
        return sum(each.amount_cents for each in self.bookings if not each.reversed)
