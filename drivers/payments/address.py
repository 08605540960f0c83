"""What addresses of network terminals have in common: `scheme://host:port?setting=value`.

Not for: which settings a protocol knows, and what they may be (`drivers.payments.*.address`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, quote, urlencode, urlsplit


class BadTerminalUri(ValueError):
    """An address that cannot be a terminal's; the message says what would be right, and holds no password."""


def network_parts(text: str, example: str, known: Sequence[str]) -> tuple[str, int | None, dict[str, str]]:
    """Host, port (None when none is given) and settings of an address.

    Args:
        example: a right one; its scheme is the only one.
        known: names of the settings there may be, each once.

    Raises:
        BadTerminalUri: naming the mistake and the example.
    """
    scheme = example.partition("://")[0]
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as problem:
        raise BadTerminalUri(f"not an address ({problem}); right is {example}") from None
    if parts.scheme != scheme or not parts.hostname or port == 0 or parts.path not in ("", "/"):
        raise BadTerminalUri(f"should be {scheme}://, a host and a port, such as {example}")
    if parts.username is not None or parts.fragment:
        raise BadTerminalUri(f"an address has no name, password or # in it, such as {example}")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    settings = dict(pairs)
    unknown = sorted(set(settings) - set(known))
    if unknown:
        raise BadTerminalUri(f"unknown setting {unknown[0]!r}; there are {', '.join(known)}")
    if len(pairs) != len(settings):
        raise BadTerminalUri("a setting stands twice")
    if any("\0" in value for value in settings.values()):
        raise BadTerminalUri("a setting holds a character that no file name has")
    return parts.hostname, port, settings


def network_uri(scheme: str, host: str, port: int, settings: Mapping[str, str]) -> str:
    """The address as text."""
    bracketed = f"[{host}]" if ":" in host else host
    return f"{scheme}://{bracketed}:{port}?{urlencode(settings, safe='/', quote_via=quote)}"
