"""Addresses of Adyen terminals as people write them:
`adyen+https://192.0.2.30:8443?poiid=S1U2-000158213300585&sale=KIOSK-0042&keys=/etc/zuil/adyen.toml&ca=/etc/zuil/adyen.pem`.

Not for: reading the files that it names (`opening`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from drivers.payments.address import BadTerminalUri, network_parts, network_uri

SCHEME = "adyen+https"
DEFAULT_PORT = 8443
EXAMPLE = f"{SCHEME}://192.0.2.30:8443?poiid=S1U2-000158213300585&sale=KIOSK-0042&keys=/etc/zuil/adyen.toml&ca=/etc/zuil/adyen.pem"
_NEEDED = ("poiid", "sale", "keys", "ca")
_SETTINGS = (*_NEEDED, "counter", "environment", "listen")
ENVIRONMENTS = ("live", "test")
_POIID = re.compile(r"[A-Za-z0-9]+-[A-Za-z0-9]+")
_SALE = re.compile(r"[A-Za-z0-9._-]{1,40}")


@dataclass(frozen=True)
class AdyenAddress:
    """Where a terminal is, and as what it and the kiosk know each other.

    Attributes:
        poi_id: model and serial number.
        sale_id: of the kiosk; the same for ever.
        keys: file with passphrases.
        ca: file with the certificate that all terminals' certificates come from.
        counter: file with the next number of a message; None takes a usual place.
        environment: "live" or "test": which certificates are right.
        listen: port for news of the terminal's screen; None hears none.
    """

    host: str
    port: int
    poi_id: str
    sale_id: str
    keys: Path
    ca: Path
    counter: Path | None = None
    environment: str = "live"
    listen: int | None = None


def parse_terminal_uri(text: str) -> AdyenAddress:
    """Read an address.

    Raises:
        BadTerminalUri: naming the mistake and a right example.
    """
    host, port, settings = network_parts(text, EXAMPLE, _SETTINGS)
    missing = [name for name in _NEEDED if not settings.get(name)]
    if missing:
        raise BadTerminalUri(f"{', '.join(missing)} should stand behind the question mark, such as {EXAMPLE}")
    counter = settings.get("counter")
    return AdyenAddress(
        host,
        port or DEFAULT_PORT,
        _matching(settings, "poiid", _POIID, "model and serial number, such as S1U2-000158213300585"),
        _matching(settings, "sale", _SALE, "1 to 40 letters, digits, dots, lines, such as KIOSK-0042"),
        Path(settings["keys"]),
        Path(settings["ca"]),
        Path(counter) if counter else None,
        _environment(settings.get("environment", "live")),
        _port(settings["listen"]) if "listen" in settings else None,
    )


def format_terminal_uri(address: AdyenAddress) -> str:
    """The address as text again."""
    settings = {"poiid": address.poi_id, "sale": address.sale_id, "keys": str(address.keys), "ca": str(address.ca)}
    if address.counter is not None:
        settings["counter"] = str(address.counter)
    if address.environment != "live":
        settings["environment"] = address.environment
    if address.listen is not None:
        settings["listen"] = str(address.listen)
    return network_uri(SCHEME, address.host, address.port, settings)


def _matching(settings: dict[str, str], name: str, pattern: re.Pattern[str], right: str) -> str:
    if not pattern.fullmatch(settings[name]):
        raise BadTerminalUri(f"{name} should be {right}")
    return settings[name]


def _environment(text: str) -> str:
    if text not in ENVIRONMENTS:
        raise BadTerminalUri(f"environment should be {' or '.join(ENVIRONMENTS)}")
    return text


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise BadTerminalUri("listen should be a port from 0 to 65535")
    return int(text)
