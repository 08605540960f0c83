"""The sync process's end: a store that is another program's, called over a socket.

Not for: when what is called (`loop`), or what passes (`relay`).
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from sync.client.ports import StoreGone
from sync.client.relay import BadLine, SyncDesk, calls, decode_answer, encode, lines, read_line


class RemoteFailed(Exception):
    """The program could not do what was asked of it; the text says why."""


class Connection:
    """One connection to a running column.

    Args:
        path: of the column's socket.

    Attributes:
        desk: what can be called.

    Raises:
        OSError: when nobody is there.
    """

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._asking = threading.Lock()
        self._answers: queue.SimpleQueue[dict[str, object] | None] = queue.SimpleQueue()
        self._committed: list[Callable[[], None]] = []
        self._lost: Callable[[], None] = lambda: None
        self._gone = False
        self.desk = cast("SyncDesk", _Desk(self))
        self._thread = threading.Thread(target=self._listen, name="zuil-sync-line", daemon=True)

    def start(self, lost: Callable[[], None]) -> None:
        """Listen; `lost` is called, on another thread, once the column is gone."""
        self._lost = lost
        self._thread.start()

    def close(self) -> None:
        """End the connection."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """See `SyncStore`."""
        self._committed.append(listener)

    def ask(self, name: str, *arguments: object) -> object:
        """Call and wait for the answer.

        Raises:
            StoreGone: when there is nobody any more to answer.
            RemoteFailed: when the call failed at the other end.
        """
        call = calls()[name]
        with self._asking:
            if self._gone:
                raise StoreGone("the column's program is gone")
            try:
                self._socket.sendall(encode(call, arguments))
            except OSError as error:
                raise StoreGone(f"the column's program is gone ({error})") from error
            told = self._answers.get()
        if told is None:
            raise StoreGone("the column's program is gone")
        if "failed" in told:
            raise RemoteFailed(f"{name}: {told['failed']}")
        return decode_answer(call, told)

    def _listen(self) -> None:
        with suppress(OSError, BadLine):
            for line in lines(self._socket):
                told = read_line(line)
                if "committed" in told:
                    for listener in self._committed:
                        listener()
                else:
                    self._answers.put(told)
        self._gone = True
        self._answers.put(None)
        self._lost()


class _Desk:
    """`SyncDesk` by name: every call there is goes over the connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.on_commit = connection.on_commit

    def __getattr__(self, name: str) -> Any:
        call = calls().get(name)
        if call is None:
            raise AttributeError(name)
        if call.reads:
            return self._connection.ask(name)
        return lambda *arguments: self._connection.ask(name, *arguments)
