"""Figures of the drivers of payment terminals: how fast one payment after the other passes, and what it costs us.

The real driver and a simulated terminal that is a process of its own and thinks no time; the journal forgets, so no
disk is waited for. Not for: the desk with its durable journal (`payments`), or whether a payment is right.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from drivers.contract import CannotOpen
from drivers.payment_contract import Approved, Goods, PaymentOrder, Step, TerminalDriver
from drivers.payments.opening import open_terminal
from sync.protocol.ids import uuid7
from tests.bench.column import Failed
from tests.bench.figures import Figure, Goal
from tests.bench.payments import machine

_NAMES = {"zvt": "ZVT", "adyen": "Adyen", "opi": "OPI-NL"}
_HOW = {
    "zvt": "bare messages over one TCP connection",
    "adyen": "two messages over TLS, each on a connection of its own, encrypted and signed",
    "opi": "XML over two channels; after the answer it listens half a second more for receipts",
}
_FEWER = {"opi": 5}
"""So many times fewer payments, where each takes long."""
_ENOUGH = Goal(1, at_least=True)
"""No column sells faster."""
_BATCH = 25
"""Payments of which one rate is made."""


class _Journal:
    """Forgets everything at once."""

    def sending(self, kind: str, protocol: Mapping[str, str], before: Mapping[str, str], digest: str) -> None:
        """See `drivers.payment_contract.Journal`."""

    def acknowledged(self) -> None:
        """See `drivers.payment_contract.Journal`."""

    def evidence(self, evidence: object, raw: str) -> None:
        """See `drivers.payment_contract.Journal`."""

    def goods(self, answer: Goods) -> None:
        """See `drivers.payment_contract.Journal`."""

    def enquiry(self, asked: str, answer: str) -> None:
        """See `drivers.payment_contract.Journal`."""


def driving(folder: Path, times: int) -> list[Figure]:
    """Rate, time and share of the processor, by protocol."""
    words = {"zvt": [], "adyen": ["--out", str(folder / "adyen")], "opi": ["--till-port", "0", "--out", str(folder)]}
    figures: list[Figure] = []
    for protocol, more in words.items():
        with machine(protocol, *more) as terminal:
            driver = open_terminal(terminal.uri)()
            if isinstance(driver, CannotOpen):
                raise Failed(f"the driver of {protocol} cannot be opened: {driver.detail}")
            try:
                figures += _figures(protocol, *_measured(driver, times // _FEWER.get(protocol, 1)))
            finally:
                driver.close()
    return figures


def _measured(driver: TerminalDriver, times: int) -> tuple[list[float], list[float], float]:
    """Seconds of each payment, payments a second of each batch, and processor time by wall time."""
    driver.status()
    _pay(driver)
    begun, cpu = time.perf_counter(), time.process_time()
    seconds = [_pay(driver) for _ in range(times)]
    share = (time.process_time() - cpu) / (time.perf_counter() - begun)
    batches = [seconds[at : at + _BATCH] for at in range(0, times, _BATCH)]
    return seconds, [len(batch) / sum(batch) for batch in batches], share


def _pay(driver: TerminalDriver) -> float:
    order = PaymentOrder(uuid7(int(time.time() * 1000)), 200)
    begun = time.perf_counter()
    evidence = driver.pay(order, _Journal(), _quiet)
    if not isinstance(evidence, Approved):
        raise Failed(f"a payment was not paid: {evidence}")
    return time.perf_counter() - begun


def _quiet(step: Step, text: str = "") -> None:
    """Nobody looks."""


def _figures(protocol: str, seconds: list[float], rates: list[float], share: float) -> list[Figure]:
    name, how = _NAMES[protocol], _HOW[protocol]
    return [
        Figure(
            f"driver of {name}, payments one after the other",
            "/s",
            tuple(rates),
            f"{how}; batches of {_BATCH}.",
            _ENOUGH,
        ),
        Figure(f"driver of {name}, one payment", "ms", tuple(each * 1000 for each in seconds), f"{how}."),
        Figure(f"driver of {name}, our share of one processor", "%", (share * 100,), "while it pays without a pause."),
    ]
