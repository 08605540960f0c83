"""Channel 1: where the terminal connects back to, and nobody else.

Not for: what it says there (`desk`).
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket

from drivers.contract import CannotOpen, Reason
from drivers.payments.opi.wire import Wire

MOST_WIRES = 8
_LOG = logging.getLogger("zuil.payment")


class Listener:
    """A listening socket on the address of this machine that faces the terminal.

    Attributes:
        wires: the terminal's open connections.
        strangers: connections from elsewhere that were refused.
    """

    def __init__(self, host: str, port: int) -> None:
        """Keep the settings.

        Args:
            host: the terminal.
            port: ours; 0 takes a free one, and keeps it.
        """
        self._host = host
        self._wanted = port
        self._socket: socket.socket | None = None
        self._bound: tuple[str, int] = ("", 0)
        self._allowed: frozenset[str] = frozenset()
        self.wires: list[Wire] = []
        self.strangers = 0

    @property
    def port(self) -> int:
        """Where it listens; 0 while it does not."""
        return self._bound[1]

    def open(self) -> CannotOpen | None:
        """Listen, if it does not; None when it does."""
        try:
            family, facing = self._facing()
        except OSError as problem:
            return CannotOpen(Reason.UNREACHABLE, f"no way to {self._host}: {problem.strerror or problem}")
        if self._socket is not None and self._bound[0] == facing:
            return None
        port = self._wanted or self._bound[1]
        self._shut()
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((facing, port))
            listening.listen(MOST_WIRES)
        except OSError as problem:
            listening.close()
            return CannotOpen(
                Reason.UNREACHABLE,
                f"port {port} of this machine, where the terminal calls back, should be free for us "
                f"({problem.strerror or problem})",
            )
        listening.setblocking(False)
        self._socket, self._bound = listening, (facing, listening.getsockname()[1])
        return None

    def filenos(self) -> list[int]:
        """Descriptors to wait for."""
        own = [self._socket.fileno()] if self._socket is not None else []
        return own + [wire.fileno() for wire in self.wires]

    def accept(self) -> None:
        """Take the connections that are waiting; those of strangers are closed unread."""
        while self._socket is not None:
            try:
                connected, peer = self._socket.accept()
            except OSError:
                return
            if _plain(peer[0]) not in self._allowed or len(self.wires) >= MOST_WIRES:
                connected.close()
                self._refused()
            else:
                self.wires.append(Wire(connected))

    def drop(self, wire: Wire) -> None:
        """Close one connection."""
        wire.close()
        with contextlib.suppress(ValueError):
            self.wires.remove(wire)

    def close(self) -> None:
        """Free the port and all connections; may be called twice."""
        self._shut()

    def _facing(self) -> tuple[socket.AddressFamily, str]:
        found = socket.getaddrinfo(self._host, 9, type=socket.SOCK_DGRAM)
        self._allowed = frozenset(_plain(str(each[4][0])) for each in found)
        family, _, _, _, address = found[0]
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect(address)  # chooses a way, sends nothing
            return family, str(probe.getsockname()[0])

    def _refused(self) -> None:
        self.strangers += 1
        if self.strangers == 1:
            _LOG.info("payment terminal: somebody else than the terminal called the port of channel 1")

    def _shut(self) -> None:
        for wire in tuple(self.wires):
            self.drop(wire)
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _plain(address: str) -> str:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)
