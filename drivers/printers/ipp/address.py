"""Where a printer of sheets is. Not for: reading addresses as people write them (`drivers.printers.sheet_opening`)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

DEFAULT_PORT = 631


@dataclass(frozen=True)
class IppAddress:
    """A queue of a printer or of CUPS.

    Attributes:
        path: begins with a slash.
        secure: TLS around it (ipps).
        sha256: fingerprint of the only certificate that is accepted, 64 small hexadecimal digits; None asks the
            certificate authorities of the machine.
    """

    host: str
    port: int
    path: str
    secure: bool = False
    sha256: str | None = None

    @property
    def uri(self) -> str:
        """What the printer is told that it is called."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'ipps' if self.secure else 'ipp'}://{host}:{self.port}{self.path}"


def device_address(text: str) -> IppAddress | None:
    """Where CUPS says that the printer behind a queue is; None for any other cable, or a name only CUPS can resolve."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("ipp", "ipps") or not parts.hostname or "._ipp" in parts.hostname:
        return None
    return IppAddress(parts.hostname, port or DEFAULT_PORT, parts.path or "/", parts.scheme == "ipps")
