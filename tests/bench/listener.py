"""A cable with a watch on it: passes bytes on to a device and notes when a given run of them arrived.

Not for: changing anything on the way (`drivers.simulated.network`).
"""

from __future__ import annotations

import selectors
import socket
import threading
import time


class Listener:
    """Listens on the loopback address and passes on to a port of it.

    Args:
        target: port of the device.
        wanted: the run of bytes to be noticed, within one write.
    """

    def __init__(self, target: int, wanted: bytes) -> None:
        self._target, self._wanted = target, wanted
        self._seen = threading.Event()
        self._at = 0
        self._open = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._open.getsockname()[1])
        self._stopping = False
        self._thread = threading.Thread(target=self._accept, name="listener", daemon=True)

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        self._open.close()
        self._thread.join(2)

    def again(self) -> None:
        """Wait for it anew."""
        self._seen.clear()

    def heard(self, seconds: float = 10.0) -> int:
        """When it came, in nanoseconds of the performance counter.

        Raises:
            TimeoutError: when it did not come in time.
        """
        if not self._seen.wait(seconds):
            raise TimeoutError(f"{self._wanted!r} never came")
        return self._at

    def _accept(self) -> None:
        while not self._stopping:
            try:
                near, _ = self._open.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(near,), daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", self._target)) as far, selectors.DefaultSelector() as ready:
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            while not self._stopping:
                for key, _ in ready.select(0.2):
                    source = near if key.fileobj is near else far
                    try:
                        data = source.recv(65536)
                    except OSError:
                        return
                    if not data:
                        return
                    if source is near and self._wanted in data:
                        self._at = time.perf_counter_ns()
                        self._seen.set()
                    key.data.sendall(data)
