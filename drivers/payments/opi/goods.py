"""The question whether the goods are out: answered from another thread while the terminal waits.

Not for: when it is asked (`desk`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from drivers.payment_contract import Goods


class GoodsBox:
    """Holds the answer until it is asked for; any thread may answer.

    The first question starts the time: who has not heard that the goods are out by then may not say that they are.
    """

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        """Args:
        seconds: from the first question to the answer that they are refused.
        """
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._answer = Goods.WAIT
        self._until: float | None = None

    def reset(self) -> None:
        """A new payment begins; what was said of the one before is forgotten."""
        with self._lock:
            self._answer, self._until = Goods.WAIT, None

    def put(self, answer: Goods) -> None:
        """From now on this is so; REFUSED stays."""
        with self._lock:
            if self._answer is not Goods.REFUSED:
                self._answer = answer

    def ask(self) -> Goods:
        """The answer by now; REFUSED when nobody said anything for too long."""
        with self._lock:
            now = self._clock()
            if self._until is None:
                self._until = now + self._seconds
            if self._answer is Goods.WAIT and now >= self._until:
                self._answer = Goods.REFUSED
            return self._answer

    @property
    def until(self) -> float | None:
        """When the waiting ends; None while nobody asked."""
        with self._lock:
            return self._until
