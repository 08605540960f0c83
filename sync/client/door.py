"""The program's end of the way to a sync client that is a process of its own: a socket only the column's user may use.

The sync process may die, hang or talk nonsense at any moment: the door shuts, the column counts as offline, everything
else goes on, and the next one that knocks is let in. Not for: what is said (`relay`).
"""

from __future__ import annotations

import logging
import os
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sync.client.ports import SyncStore
from sync.local_socket import listen_at

if TYPE_CHECKING:
    from sync.client.relay import Call

SOCKET_FILE = "sync.sock"
"""In the column's data folder."""
_CREDENTIALS = struct.Struct("3i")
_SEND_S = 10.0
"""A sync process that does not read for so long is sent away."""
_log = logging.getLogger("zuil.sync")


class SyncDoor:
    """Lets one sync process at a time use the store. Fits `kiosk.journeys.ports.Network`.

    Args:
        path: of the socket; an old one is replaced.
        devices: state or reason of every device, for the heartbeat.
    """

    def __init__(self, store: SyncStore, path: Path, devices: Callable[[], Mapping[str, str]] = dict) -> None:
        self._store = store
        self._devices = devices
        self._path = path
        self._online = False
        self._guest: socket.socket | None = None
        self._sending = threading.Lock()
        self._news = False
        self._listener: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, name="zuil-sync-door", daemon=True)

    @property
    def online(self) -> bool:
        """Whether the sync process is there and the back office answers it."""
        return self._online

    def start(self) -> None:
        """Open the door.

        Raises:
            OSError: when the socket cannot be made.
        """
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listen_at(listener, self._path, 0o600, 1)
        self._listener = listener
        self._store.on_commit(self._tell_committed)
        self._thread.start()

    def stop(self) -> None:
        """Shut it, also on whoever is inside."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        for each in (listener, self._guest):
            if each is not None:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        listener.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while (listener := self._listener) is not None:
            try:
                guest, _ = listener.accept()
            except OSError:
                return
            with guest:
                if _is_ours(guest):
                    self._attend(guest)

    def _attend(self, guest: socket.socket) -> None:
        from sync.client.relay import BadLine  # reads types; nobody needs it before somebody knocks

        guest.settimeout(None)
        guest.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(_SEND_S), 0))
        self._guest = guest
        try:
            self._converse(guest)
        except BadLine as error:
            _log.warning("the sync process does not speak our language: %s", error)
        except OSError as error:
            _log.info("the way to the sync process broke (%s)", error)
        finally:
            self._guest = None
            self._online = False

    def _converse(self, guest: socket.socket) -> None:
        from sync.client.relay import decode, encode_answer, encode_failure, lines

        for line in lines(guest):
            call, arguments = decode(line)
            try:
                answer = encode_answer(call, self._do(call, arguments))
            except Exception as error:  # noqa: BLE001 - what the store refuses is the sync process's to know
                _log.info("the sync process asked for %s: %s", call.name, error)
                answer = encode_failure(error)
            self._send(guest, answer)

    def _do(self, call: Call, arguments: tuple[object, ...]) -> object:
        match call.name:
            case "devices":
                return self._devices()
            case "tell_online":
                self._online = bool(arguments[0])
                return None
            case name:
                member = getattr(self._store, name)
                return member if call.reads else member(*arguments)

    def _tell_committed(self) -> None:
        """On the store's thread, which must not wait."""
        self._news = True
        self._pass_news()

    def _pass_news(self) -> None:
        """Say that something was committed; while an answer is being sent, whoever sends it says it after that."""
        from sync.client.relay import encode_committed

        guest = self._guest
        if guest is None or not self._news or not self._sending.acquire(blocking=False):
            return
        try:
            self._news = False
            guest.send(encode_committed(), socket.MSG_DONTWAIT)
        except BlockingIOError:
            self._news = True
        except OSError:
            # Gone; whoever comes next asks by itself.
            self._news = False
        finally:
            self._sending.release()

    def _send(self, guest: socket.socket, line: bytes) -> None:
        with self._sending:
            guest.sendall(line)
        self._pass_news()


def socket_in(data: Path) -> Path:
    """Where program and sync process of a column meet."""
    return data / SOCKET_FILE


def _is_ours(guest: socket.socket) -> bool:
    """Whether the other end belongs to the same user, or to root."""
    raw = guest.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, user, _ = _CREDENTIALS.unpack(raw)
    return user in (0, os.geteuid())
