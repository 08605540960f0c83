"""The simulated register as a server on loopback, which can be told to misbehave.

Not for: anything but this machine; it answers whoever asks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from drivers.simulated.console import fault_of
from sync.backoffice.registers.simulated import answers
from sync.backoffice.registers.simulated.faults import RegisterFault
from sync.backoffice.registers.simulated.registry import registry

SLOW_SECONDS = 30.0
_LARGEST = 64 * 1024


def _now() -> datetime:
    return datetime.now().astimezone()


class RegisterServer:
    """A register in a thread.

    Args:
        port: 0 takes any free one.
        now: timezone-aware clock.
        slow_seconds: how long a slow answer takes.

    Attributes:
        fault: what is wrong with it now, or None.
        asked: capacity and reference of every question, for tests; nothing of a person.
    """

    def __init__(
        self, port: int = 0, *, now: Callable[[], datetime] = _now, slow_seconds: float = SLOW_SECONDS
    ) -> None:
        self.fault: RegisterFault | None = None
        self.asked: list[tuple[str, str, str]] = []
        self._now = now
        self._slow_seconds = slow_seconds
        self._stopping = threading.Event()
        self._people = registry(now().date())
        self._server = _listening(self, port)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._serve, name="simulated register", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/persoon"

    def start(self) -> RegisterServer:
        """Serve in a thread."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Answer nobody any more and close the port."""
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> RegisterServer:
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def set_fault(self, name: str) -> None:
        """Make something go wrong, by name.

        Raises:
            drivers.simulated.console.UnknownFault: listing the names there are.
        """
        self.fault = fault_of(RegisterFault, name, "register fault")

    def clear_faults(self) -> None:
        """Be well again."""
        self.fault = None

    def reply(self, body: bytes) -> tuple[int, bytes] | None:
        """Status and bytes to a message, or None to close without a word."""
        asked = answers.read_asked(body)
        if asked is None:
            return 500, answers.soap_fault()
        self.asked.append((asked.operation, asked.capacity, asked.reference))
        match self.fault:
            case RegisterFault.DOWN:
                return None
            case RegisterFault.FAULT_500:
                return 500, answers.soap_fault()
            case RegisterFault.FOUT:
                return 200, answers.refusal(asked, answers.FAULT, self._now())
            case RegisterFault.GARBAGE:
                return 200, answers.GARBAGE
            case RegisterFault.SLOW:
                self._stopping.wait(self._slow_seconds)
            case RegisterFault.WRONG_REFERENCE:
                asked = replace(asked, reference=f"{asked.reference}-other")
            case _:
                pass
        old = self.fault is RegisterFault.TOO_OLD
        return 200, answers.answer(asked, self._people, self._now(), old=old)

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)


def _listening(register: RegisterServer, port: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        """One connection to the register."""

        timeout = 10

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > _LARGEST:
                self.send_error(411)
                return
            told = register.reply(self.rfile.read(int(length)))
            if told is not None:
                self._tell(*told)
            self.close_connection = True

        def _tell(self, status: int, body: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", "text/xml; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return  # whoever asked did not wait; nothing is lost

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
