"""The unsealer's socket: HTTP over a Unix domain socket that only its own group may use.

A defect answers `failed` and is logged by its kind alone, because its text may hold what was opened. Not for: what the
jobs do.
"""

from __future__ import annotations

import json
import logging
import socketserver
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from sync.backoffice.unsealer.contract import HEALTH, LARGEST_JOB, PDF, STATUS, Document, Done, JobRefused, Trouble
from sync.local_socket import listen_at
from sync.protocol.canonical import canonical

log = logging.getLogger("zuil.backoffice.unsealer")
Job = Callable[[Mapping[str, object]], Done | Document]
Jobs = Mapping[str, Job]
_SECONDS = 10


class UnsealerServer:
    """Serves jobs in threads.

    Args:
        path: of the socket; an old one is replaced, anything else there is an error.
        mode: of the socket: 0600, or 0660 where the web process shares its group.

    Raises:
        OSError: when the socket cannot be made.
    """

    def __init__(self, path: Path, jobs: Jobs, mode: int = 0o660) -> None:
        self.path = path
        self._server = _Listener(str(path), _handler(jobs), bind_and_activate=False)
        listen_at(self._server.socket, path, mode, _Listener.request_queue_size)
        self._thread = threading.Thread(target=self.serve, name="unsealer", daemon=True)

    def serve(self) -> None:
        """Serve until `stop`."""
        self._server.serve_forever(poll_interval=0.1)

    def start(self) -> UnsealerServer:
        """Serve in a thread."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Finish jobs, close and remove the socket."""
        self._server.shutdown()
        self._server.server_close()
        if self._thread.is_alive():
            self._thread.join()
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> UnsealerServer:
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self.stop()


class _Listener(socketserver.ThreadingUnixStreamServer):
    request_queue_size = 64


def _handler(jobs: Jobs) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One job."""

        timeout = _SECONDS

        def do_POST(self) -> None:
            job, members = jobs.get(self.path), self._members()
            if job is None or members is None:
                self._tell(STATUS[Trouble.BAD_JOB], "application/json", _problem(Trouble.BAD_JOB))
                return
            self._tell(*_done(job, members))

        def do_GET(self) -> None:
            up = self.path == HEALTH
            self._tell(200 if up else 404, "application/json", canonical({"status": "UP" if up else "DOWN"}))

        def _members(self) -> dict[str, object] | None:
            length = self.headers.get("Content-Length", "")
            whole = length.isdecimal() and int(length) <= LARGEST_JOB
            return _object(self.rfile.read(int(length))) if whole else None

        def _tell(self, status: int, kind: str, body: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return  # whoever asked is gone; the job is done and can be asked for again

        def address_string(self) -> str:
            return "socket"

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing; jobs are logged by what they did."""

    return Handler


def _object(body: bytes) -> dict[str, object] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _done(job: Job, members: Mapping[str, object]) -> tuple[int, str, bytes]:
    try:
        result = job(members)
    except JobRefused as refused:
        log.info("job refused: %s", refused)
        return STATUS[refused.trouble], "application/json", _problem(refused.trouble)
    except Exception as error:  # noqa: BLE001 - a defect must not say what was opened, nor stop the next job
        log.error("job failed: %s in %s", type(error).__name__, _where(error))
        return STATUS[Trouble.FAILED], "application/json", _problem(Trouble.FAILED)
    if isinstance(result, Document):
        return 200, PDF, result.pdf
    return 200, "application/json", canonical(result.members)


def _where(error: BaseException) -> str:
    """File and line of the innermost call, without any value."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else "unknown"


def _problem(trouble: Trouble) -> bytes:
    return canonical({"problem": trouble.value})
