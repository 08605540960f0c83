"""Addresses of OPI terminals as people write them: `opi+tcp://host:4100?listen=4102&workstation=KIOSK42`.

Not for: opening anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from drivers.payments.address import BadTerminalUri, network_parts, network_uri

SCHEME = "opi+tcp"
DEFAULT_PORT = 4100
DEFAULT_LISTEN = 4102
EXAMPLE = f"{SCHEME}://192.0.2.30:4100?listen=4102&workstation=KIOSK42"
_SETTINGS = ("listen", "workstation", "memory")
_WORKSTATION = re.compile(r"[A-Za-z0-9._-]{1,20}")


@dataclass(frozen=True)
class OpiAddress:
    """Where a terminal is, where it calls back, and what it calls this column.

    Attributes:
        port: of the terminal's channel 0.
        listen: port of this column for channel 1, as it stands in the terminal's menu; 0 takes a free one.
        workstation: stable, and no other till of this terminal has it.
        memory: file with the number of the next message; None takes a usual place.
    """

    host: str
    workstation: str
    port: int = DEFAULT_PORT
    listen: int = DEFAULT_LISTEN
    memory: Path | None = None


def parse_opi_uri(text: str) -> OpiAddress:
    """Read an address.

    Raises:
        BadTerminalUri: naming the mistake and a right example.
    """
    host, port, settings = network_parts(text, EXAMPLE, _SETTINGS)
    workstation = settings.get("workstation", "")
    if not _WORKSTATION.fullmatch(workstation):
        raise BadTerminalUri(f"workstation should be 1 to 20 letters, digits, dots, lines, as in {EXAMPLE}")
    memory = settings.get("memory")
    return OpiAddress(
        host,
        workstation,
        port or DEFAULT_PORT,
        _listen(settings.get("listen", str(DEFAULT_LISTEN))),
        Path(memory) if memory else None,
    )


def format_opi_uri(address: OpiAddress) -> str:
    """The address as text again."""
    settings = {"listen": str(address.listen), "workstation": address.workstation}
    if address.memory is not None:
        settings["memory"] = str(address.memory)
    return network_uri(SCHEME, address.host, address.port, settings)


def _listen(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise BadTerminalUri(f"listen should be a port from 0 to 65535, as in {EXAMPLE}")
    return int(text)
