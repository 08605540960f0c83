"""Addresses of terminals as people write them: `zvt+tcp://host:20007`, `zvt+serial:///dev/ttyUSB0?baud=9600`.

Not for: opening anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, urlsplit

from drivers.payments.address import BadTerminalUri
from drivers.payments.zvt.commands import NO_PASSWORD

DEFAULT_PORT = 20007
BAUD_RATES = (9600, 19200, 38400, 57600, 115200)
EXAMPLES = ("zvt+tcp://192.0.2.30:20007", "zvt+serial:///dev/ttyUSB0?baud=9600")


@dataclass(frozen=True)
class ZvtTcp:
    """A terminal on the network; `password` has six digits."""

    host: str
    port: int = DEFAULT_PORT
    password: str = field(default=NO_PASSWORD, repr=False)


@dataclass(frozen=True)
class ZvtSerial:
    """A terminal on a serial line: device path, bits a second; `password` has six digits."""

    path: str
    baud: int = 9600
    password: str = field(default=NO_PASSWORD, repr=False)


ZvtAddress = ZvtTcp | ZvtSerial


def parse_zvt_uri(text: str) -> ZvtAddress:
    """Read an address.

    Raises:
        BadTerminalUri: naming the mistake and a right example.
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        raise BadTerminalUri(f"this is not an address; {_examples()}") from None
    match parts.scheme:
        case "zvt+tcp":
            return _tcp(parts)
        case "zvt+serial":
            return _serial(parts)
        case _:
            raise BadTerminalUri(f"a terminal of this kind has an address that begins otherwise; {_examples()}")


def format_zvt_uri(address: ZvtAddress) -> str:
    """The address as text again, without its password."""
    match address:
        case ZvtTcp(host, port):
            return f"zvt+tcp://[{host}]:{port}" if ":" in host else f"zvt+tcp://{host}:{port}"
        case ZvtSerial(path, baud):
            return f"zvt+serial://{path}?baud={baud}"


def _tcp(parts: SplitResult) -> ZvtTcp:
    try:
        port = parts.port
    except ValueError:
        raise BadTerminalUri(f"the port is a number from 1 to 65535, as in {EXAMPLES[0]}") from None
    if not parts.hostname or port == 0 or parts.path not in ("", "/") or parts.username is not None:
        raise BadTerminalUri(f"an address on the network is a host and a port, as in {EXAMPLES[0]}")
    settings = _settings(parts, {"password"})
    return ZvtTcp(parts.hostname, port or DEFAULT_PORT, _password(settings))


def _serial(parts: SplitResult) -> ZvtSerial:
    if parts.netloc or len(parts.path) < 2:
        raise BadTerminalUri(f"a serial address has three slashes and a device, as in {EXAMPLES[1]}")
    settings = _settings(parts, {"baud", "password"})
    baud = settings.get("baud", "9600")
    if not (baud.isascii() and baud.isdigit()) or int(baud) not in BAUD_RATES:
        raise BadTerminalUri(f"baud is one of {', '.join(map(str, BAUD_RATES))}, as in {EXAMPLES[1]}")
    return ZvtSerial(parts.path, int(baud), _password(settings))


def _settings(parts: SplitResult, known: set[str]) -> dict[str, str]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    settings = dict(pairs)
    if parts.fragment or len(settings) != len(pairs) or not set(settings) <= known:
        raise BadTerminalUri(f"after the question mark there may be {' and '.join(sorted(known))}, each once")
    return settings


def _password(settings: dict[str, str]) -> str:
    password = settings.get("password", NO_PASSWORD)
    if len(password) != len(NO_PASSWORD) or not (password.isascii() and password.isdigit()):
        raise BadTerminalUri("the password of a terminal has six digits, as in ?password=000000")
    return password


def _examples() -> str:
    return "right would be " + " or ".join(EXAMPLES)
