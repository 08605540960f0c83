"""Running the back office: as a program, or in a thread of another one with a clean stop.

Not for: building it (`app`).
"""

from __future__ import annotations

import gc
import socket
import sys
import threading

import uvicorn
from fastapi import FastAPI

from sync.backoffice.core import BackOffice

_STOP_SECONDS = 10


class _Server(uvicorn.Server):
    """Uvicorn that ends the live streams when it stops; else it would wait for them."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        if isinstance(app, FastAPI):
            office: BackOffice = app.state.office
            office.live.close()
        await super().shutdown(sockets)


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; one process, because SQLite has one writer and live pages one memory."""
    tune_process()
    _Server(_config(app, host, port)).run()


def tune_process() -> None:
    """Settings of the interpreter for a process that does nothing else: fewer rounds of the garbage collector (batches
    are many objects without cycles) and quicker turns between the threads. A fifth more events a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    sys.setswitchinterval(0.0002)


class BackOfficeServer:
    """A back office in a thread.

    Args:
        or_any: take any free port where the wanted one is taken.

    Attributes:
        port: the real port once started, also when 0 was asked for.
    """

    def __init__(self, app: FastAPI, host: str = "127.0.0.1", port: int = 0, *, or_any: bool = False) -> None:
        self._app = app
        self._or_any = or_any
        self.host = host
        self.port = port
        self._server = _Server(_config(app, host, port))
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None

    @property
    def office(self) -> BackOffice:
        """The back office that runs here."""
        office: BackOffice = self._app.state.office
        return office

    @property
    def url(self) -> str:
        """Base address without trailing slash."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> BackOfficeServer:
        """Listen and serve; returns when the port accepts connections.

        Raises:
            OSError: when the port is taken.
        """
        try:
            self._socket = _listen(self.host, self.port)
        except OSError:
            if not self._or_any:
                raise
            self._socket = _listen(self.host, 0)
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._run, name="backoffice", daemon=True)
        self._thread.start()
        return self

    def _run(self) -> None:
        self._server.run(sockets=[self._socket] if self._socket else None)

    def stop(self) -> None:
        """Finish running requests, end the streams, close port and database; safe to call twice."""
        if self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)
        if self._thread.is_alive():
            self._server.force_exit = True
            self._thread.join(_STOP_SECONDS)
        self._thread = None
        if self._socket:
            self._socket.close()

    def __enter__(self) -> BackOfficeServer:
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self.stop()


def _listen(host: str, port: int) -> socket.socket:
    # The protocol is named, because asyncio switches Nagle's delay off only on sockets that are TCP by name;
    # with the delay every answer waits 40 ms for the other side's acknowledgement.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _config(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        ws="none",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
    )
