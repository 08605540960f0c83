"""How requests reach the back office: whose authority its certificate may come from, and a proxy on the way.

Only what the settings say counts; variables of the environment are never asked. Not for: requests themselves
(`sync.client.transport`), which are loaded when the first one is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.client.transport import HttpTransport


@dataclass(frozen=True)
class Route:
    """One way to the back office.

    Attributes:
        ca: PEM file with the only authorities that are believed, or None for the public ones.
        proxy: `http://host:port` every request goes through, or "".
    """

    ca: Path | None = None
    proxy: str = ""

    def open(self) -> HttpTransport:
        """A transport that goes this way; whoever opened it closes it."""
        from sync.client.transport import HttpTransport

        bundle = str(self.ca) if self.ca else None
        return HttpTransport(ca_bundle=bundle, proxies={"http": self.proxy, "https": self.proxy} if self.proxy else {})


DIRECT = Route()
"""Public authorities, and nobody on the way."""


def ca_problem(file: Path) -> str | None:
    """Why a file cannot say whom to believe, and what would be right; None when it can."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=str(file))
    except ssl.SSLError:
        return f"{file} holds no certificate; under sync.ca belongs the certificate of an authority, as PEM"
    except OSError as error:
        return f"{file}: {error.strerror}; under sync.ca belongs the certificate of an authority, as PEM"
    return None
