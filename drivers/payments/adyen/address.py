"""Addresses of Adyen terminals as people write them:
`adyen+https://192.0.2.30:8443?poiid=S1U2-000158213300585&sale=KIOSK-0042&keys=/etc/zuil/adyen.toml&ca=/etc/zuil/adyen.pem`.

Not for: reading the files that it names (`opening`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

from drivers.payments.bad_address import BadTerminalUri

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
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as problem:
        raise BadTerminalUri(f"not an address ({problem}); right is {EXAMPLE}") from None
    if parts.scheme != SCHEME or not parts.hostname or port == 0 or parts.path not in ("", "/"):
        raise BadTerminalUri(f"should be {SCHEME}://, a host and a port, such as {EXAMPLE}")
    if parts.username is not None or parts.fragment:
        raise BadTerminalUri(f"an address has no name, password or # in it, such as {EXAMPLE}")
    settings = _settings(parts)
    counter = settings.get("counter")
    return AdyenAddress(
        parts.hostname,
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
    host = f"[{address.host}]" if ":" in address.host else address.host
    settings = {"poiid": address.poi_id, "sale": address.sale_id, "keys": str(address.keys), "ca": str(address.ca)}
    if address.counter is not None:
        settings["counter"] = str(address.counter)
    if address.environment != "live":
        settings["environment"] = address.environment
    if address.listen is not None:
        settings["listen"] = str(address.listen)
    return f"{SCHEME}://{host}:{address.port}?{urlencode(settings, safe='/', quote_via=quote)}"


def _settings(parts: SplitResult) -> dict[str, str]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    settings = dict(pairs)
    unknown = sorted(set(settings) - set(_SETTINGS))
    if unknown:
        raise BadTerminalUri(f"unknown setting {unknown[0]!r}; there are {', '.join(_SETTINGS)}")
    if len(pairs) != len(settings):
        raise BadTerminalUri("a setting stands twice")
    missing = [name for name in _NEEDED if not settings.get(name)]
    if missing:
        raise BadTerminalUri(f"{', '.join(missing)} should stand behind the question mark, such as {EXAMPLE}")
    if any("\0" in value for value in settings.values()):
        raise BadTerminalUri("a setting holds a character that no file name has")
    return settings


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
