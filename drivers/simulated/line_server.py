"""A port on the loopback address, a thread for each connection: how a simulated device on the network begins and ends.

Not for: what is said on a connection (the device), or one connection at a time (`cables`).
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable


class LineServer:
    """The port, and everybody who is connected to it.

    Attributes:
        port: TCP port on 127.0.0.1.
        stopping: set as soon as `stop` was called; what waits on a connection should wait for this too.
    """

    def __init__(self, port: int, name: str, serve: Callable[[socket.socket], None]) -> None:
        """Open the port; `start` begins to answer.

        Args:
            port: 0 takes a free one.
            name: of the threads.
            serve: plays one connection, on a thread of its own. An error of the system resets the connection, as when
                the device loses its power; otherwise it is closed.

        Raises:
            OSError: when the port is taken.
        """
        self.stopping = threading.Event()
        self._name = name
        self._serve = serve
        self._lock = threading.Lock()
        self._lines: dict[socket.socket, threading.Thread] = {}
        self._listening = socket.create_server(("127.0.0.1", port), backlog=16)
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name=f"{name}'s port", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self, wake: Callable[[], None] = lambda: None) -> None:
        """Break every connection, free the port, end the threads.

        Args:
            wake: called once `stopping` is set: ends what waits for something else than its connection.
        """
        self.stopping.set()
        wake()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            lines = dict(self._lines)
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in (self._thread, *lines.values()):
            if thread.ident is not None:
                thread.join()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            with self._lock:
                if self.stopping.is_set():
                    line.close()
                    return
                thread = threading.Thread(target=self._play, args=(line,), name=f"{self._name}'s line", daemon=True)
                self._lines[line] = thread
                thread.start()

    def _play(self, line: socket.socket) -> None:
        try:
            self._serve(line)
        except OSError:
            reset_at_close(line)
        with self._lock:
            self._lines.pop(line, None)
        line.close()


def reset_at_close(line: socket.socket) -> None:
    """The other end will see a reset, as from a device that lost its power."""
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
