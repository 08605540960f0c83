"""From an address to a driver that opens itself. Not for: threads and opening again (`drivers.runner`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from drivers.payments.opi.address import parse_opi_uri
from drivers.payments.opi.driver import OpiTerminal
from drivers.payments.opi.profile import OpiProfile, Timing


def open_opi(uri: str, profile: OpiProfile | None = None, timing: Timing | None = None) -> Callable[[], OpiTerminal]:
    """Check the settings now; what is returned makes the driver later, in the thread of its bus.

    Raises:
        drivers.payments.opi.address.BadTerminalUri: naming what would be right.
    """
    return partial(OpiTerminal, parse_opi_uri(uri), profile, timing)
