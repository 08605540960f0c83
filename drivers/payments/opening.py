"""From the address of a payment terminal to a driver that opens itself.

Schemes of this tree first; any other scheme may be somebody else's (`drivers.added`), which is how C-TEP comes in. Only
the protocol that is set is loaded. Not for: threads (`drivers.runner`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from drivers.added import added_factory
from drivers.contract import CannotOpen
from drivers.payment_contract import TerminalDriver
from drivers.payments.address import BadTerminalUri

EXAMPLES = {
    "zvt+tcp": "zvt+tcp://192.0.2.30:20007",
    "zvt+serial": "zvt+serial:///dev/ttyUSB0?baud=9600",
    "adyen+https": "adyen+https://192.0.2.30:8443?poiid=S1U2-000158213300585&sale=KIOSK-0042&keys=…&ca=…",
    "opi+tcp": "opi+tcp://192.0.2.30:4100?listen=4102&workstation=KIOSK42",
}
"""By scheme."""

OpenTerminal = Callable[[], TerminalDriver | CannotOpen]
"""Makes a driver, in the thread of its bus."""
TerminalFactory = Callable[[str], TerminalDriver | CannotOpen]
"""What an entry point of the group names: called with the address."""


def open_terminal(uri: str, folder: Path | None = None) -> OpenTerminal:
    """Check the address now; what is returned makes the driver later.

    Args:
        folder: where a driver keeps the numbers of its messages when the address names no file for them; None takes a
            usual place below the user's home.

    Raises:
        BadTerminalUri: naming what would be right.
    """
    added: TerminalFactory | None = added_factory(uri, EXAMPLES)
    if added is not None:
        return partial(added, uri)
    match uri.strip().partition("://")[0]:
        case "zvt+tcp" | "zvt+serial":
            from drivers.payments.zvt.opening import open_zvt

            return open_zvt(uri)
        case "adyen+https":
            from drivers.payments.adyen.address import parse_terminal_uri
            from drivers.payments.adyen.opening import open_adyen

            adyen = parse_terminal_uri(uri)
            counter = adyen.counter or (folder and folder / f"adyen-{adyen.poi_id}.counter")
            return partial(open_adyen, replace(adyen, counter=counter))
        case "opi+tcp":
            from drivers.payments.opi.address import format_opi_uri, parse_opi_uri
            from drivers.payments.opi.opening import open_opi

            opi = parse_opi_uri(uri)
            memory = opi.memory or (folder and folder / f"opi-{opi.workstation}.json")
            return open_opi(format_opi_uri(replace(opi, memory=memory)))
        case _:
            raise BadTerminalUri(f"{uri!r} is no address of a terminal; right are {', '.join(EXAMPLES.values())}")
