"""The question whether the goods are out: answered from another thread while the terminal waits.

Not for: when it is asked (`payment_talk`).
"""

from __future__ import annotations

import threading

from drivers.payment_contract import Goods


class GoodsDesk:
    """Holds the answer until it is asked for; any thread may answer."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._answer = Goods.WAIT

    def reset(self) -> None:
        """A new payment begins; what was said of the one before is forgotten."""
        with self._changed:
            self._answer = Goods.WAIT

    def answer(self, answer: Goods) -> None:
        """From now on this is so; REFUSED stays."""
        with self._changed:
            if self._answer is not Goods.REFUSED:
                self._answer = answer
            self._changed.notify_all()

    def ask(self, seconds: float = 0.0) -> Goods:
        """The answer, as soon as it is more than WAIT, at the latest after `seconds`."""
        with self._changed:
            self._changed.wait_for(lambda: self._answer is not Goods.WAIT, seconds)
            return self._answer
