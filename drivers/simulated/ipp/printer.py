"""A printer of A4 pages that speaks IPP over HTTP on the loopback address, and keeps the documents it printed.

Any program may talk to it. Its faults are switched from any thread, at any moment, by name. Not for: pictures of pages.
"""

from __future__ import annotations

import contextlib
import itertools
import random
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from drivers.printers.ipp.protocol import Malformed, decode
from drivers.simulated.console import fault_of
from drivers.simulated.ipp import http_in, operations
from drivers.simulated.ipp.faults import SheetFault
from drivers.simulated.ipp.machine import ABORTED, Machine, SimulatedSheet

PATH = "/ipp/print"
DRIP_SECONDS = 0.2
_WITH_DOCUMENT = (operations.PRINT_JOB, operations.SEND_DOCUMENT)


@dataclass(frozen=True)
class SheetPrinterState:
    """What the simulated printer is doing."""

    state: str
    faults: tuple[str, ...]
    sheets: int
    waiting: int


class SimulatedIppPrinter:
    """A printer on 127.0.0.1, a thread for its paper and one for each connection.

    Attributes:
        sheets: the documents that came out, oldest first.
    """

    def __init__(
        self,
        out: Path,
        port: int = 0,
        *,
        tls: ssl.SSLContext | None = None,
        on_sheet: Callable[[SimulatedSheet, Path], None] | None = None,
    ) -> None:
        """Open the port; `start` begins to answer.

        Args:
            out: folder for `sheet-0001.pdf`, made when the first comes out.
            port: 0 takes a free one, see `port`.
            tls: a context with a certificate makes it an ipps printer.
            on_sheet: called with each sheet and its file on the printer's thread.

        Raises:
            OSError: when the port is taken.
        """
        self.sheets: list[SimulatedSheet] = []
        self._out = out
        self._tls = tls
        self._on_sheet = on_sheet
        self._changed = threading.Condition(threading.RLock())
        self._machine = Machine(time.monotonic)
        self._handed_out = 0
        self._unplugged = False
        self._stopping = threading.Event()
        self._listening = _listen(port)
        self._port: int = self._listening.getsockname()[1]
        self._operations = operations.Operations(self._machine, self.uri)
        self._lines: dict[socket.socket, threading.Thread] = {}
        self._numbers = itertools.count(_first_number(out))
        self._noise = random.Random(1)  # noqa: S311  # noise that is the same in every run
        self._threads = [
            threading.Thread(target=self._work, name="simulated sheet printer", daemon=True),
            threading.Thread(target=self._accept, name="simulated sheet printer's port", daemon=True),
        ]

    @property
    def port(self) -> int:
        """TCP port on 127.0.0.1."""
        return self._port

    @property
    def uri(self) -> str:
        """Address for the driver."""
        return f"{'ipps' if self._tls else 'ipp'}://127.0.0.1:{self._port}{PATH}"

    @property
    def state(self) -> SheetPrinterState:
        """What it is doing now."""
        with self._changed:
            state = {3: "idle", 4: "processing", 5: "stopped"}[self._machine.state]
            waiting = sum(not job.over for job in self._machine.jobs.values())
            faults = tuple(sorted(fault.value for fault in self._machine.faults))
            return SheetPrinterState(state, faults, len(self.sheets), waiting)

    def start(self) -> SimulatedIppPrinter:
        """Begin to answer."""
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """Break every connection, free the port, end the threads."""
        self._stopping.set()
        with self._changed:
            self._unplug()
            self._changed.notify_all()
            lines = list(self._lines.values())
        for thread in [*self._threads, *lines]:
            if thread.ident is not None:
                thread.join()

    def __enter__(self) -> SimulatedIppPrinter:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def set_fault(self, name: str) -> None:
        """Make something go wrong, by name.

        Raises:
            drivers.simulated.console.UnknownFault: listing the names there are.
        """
        fault = fault_of(SheetFault, name, "sheet printer fault")
        with self._changed:
            self._machine.faults.add(fault)
            if fault is SheetFault.DEAD:
                self._unplug()
            self._changed.notify_all()

    def clear_faults(self) -> None:
        """Everything works again; what waited is printed."""
        with self._changed:
            self._machine.mend()
            if self._unplugged:
                self._listening = _listen(self._port)
                self._unplugged = False
            self._changed.notify_all()

    def settle(self, seconds: float = 5.0) -> bool:
        """Wait until nothing that has arrived can be printed any further; False when that takes longer."""
        with self._changed:
            return self._changed.wait_for(self._idle, seconds)

    def wait_for_sheets(self, count: int, seconds: float = 5.0) -> bool:
        """Wait until at least `count` sheets have come out."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.sheets) >= count, seconds)

    def _idle(self) -> bool:
        machine = self._machine
        open_jobs = [job for job in machine.jobs.values() if not job.over and job.pdf is not None]
        stuck = machine.stopped or all(job.state == 4 for job in open_jobs)
        return stuck and self._handed_out == len(machine.sheets)

    def _work(self) -> None:
        while not self._stopping.is_set():
            with self._changed:
                again = self._machine.work()
                fresh = self._machine.sheets[self._handed_out :]
                for sheet in fresh:
                    self._hand_out(sheet)
                self._handed_out += len(fresh)
                self._changed.notify_all()
                if not self._stopping.is_set():
                    self._changed.wait(None if again is None else max(0.001, again - time.monotonic()))

    def _hand_out(self, sheet: SimulatedSheet) -> None:
        self._out.mkdir(parents=True, exist_ok=True)
        file = self._out / f"sheet-{next(self._numbers):04}.pdf"
        file.write_bytes(sheet.pdf)
        self.sheets.append(sheet)
        if self._on_sheet is not None:
            self._on_sheet(sheet, file)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                line, _ = self._listening.accept()
            except OSError:
                if not self._replugged():
                    return
                continue
            with self._changed:
                if self._unplugged or self._stopping.is_set():
                    _break(line)
                    continue
                thread = threading.Thread(target=self._serve, args=(line,), name="simulated sheet line", daemon=True)
                self._lines[line] = thread
                thread.start()

    def _replugged(self) -> bool:
        """Waits for the cable to be back; False at the end."""
        with self._changed:
            self._changed.wait_for(lambda: not self._unplugged or self._stopping.is_set())
            return not self._stopping.is_set()

    def _unplug(self) -> None:
        """The port first: a host that sees its connection break must not find the port still open."""
        self._unplugged = True
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for line in tuple(self._lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _serve(self, bare: socket.socket) -> None:
        line = bare
        with contextlib.suppress(OSError):
            line = self._tls.wrap_socket(bare, server_side=True) if self._tls else bare
            with line.makefile("rb") as source:
                while self._one(source, line):
                    pass
        with self._changed:
            self._lines.pop(bare, None)
        _break(line)

    def _one(self, source: BufferedReader, line: socket.socket) -> bool:
        """One question and its answer; False when the connection is to end."""
        head = http_in.read_head(source, line.sendall)
        if head is None:
            return False
        first = http_in.read_half(source, head) if self._has(SheetFault.CUT_MID_DATA) else b""
        if first and self._cut_in_the_middle(first):
            return False
        body = http_in.read_body(source, head, first)
        if body is None:
            return False
        if head.method != "POST" or head.path != PATH or head.kind != "application/ipp":
            line.sendall(http_in.answer(404, b"only IPP here", "text/plain"))
            return not head.last
        return self._say(line, body) and not head.last

    def _say(self, line: socket.socket, body: bytes) -> bool:
        if self._has(SheetFault.REFUSES):
            line.sendall(http_in.answer(503, b"unavailable", "text/plain"))
            return False
        if self._has(SheetFault.SILENT):
            self._wait_while(SheetFault.SILENT, None)
            return False
        said = self._answered(body)
        if self._lost(body):
            return False
        if self._has(SheetFault.GARBAGE):
            said = bytes(self._noise.randrange(256) for _ in range(200))
        whole = http_in.answer(200, said)
        if not self._has(SheetFault.DRIP):
            line.sendall(whole)
            return True
        for byte in whole:
            line.sendall(bytes((byte,)))
            if not self._wait_while(SheetFault.DRIP, DRIP_SECONDS):
                return False
        return False

    def _answered(self, body: bytes) -> bytes:
        with self._changed:
            said = self._operations.answer(body)
            self._changed.notify_all()
            return said

    def _lost(self, body: bytes) -> bool:
        """Whether the answer to a document does not arrive."""
        request = decode(body)
        if isinstance(request, Malformed) or request.code not in _WITH_DOCUMENT:
            return False
        with self._changed:
            if SheetFault.CUT_AFTER_DATA in self._machine.faults:
                self._unplug()
                return True
            return SheetFault.ANSWER_LOST in self._machine.faults

    def _cut_in_the_middle(self, first: bytes) -> bool:
        """Whether this is half a document, which is none: the job it was for is given up."""
        request = decode(first)
        if isinstance(request, Malformed) or request.code not in _WITH_DOCUMENT:
            return False
        with self._changed:
            number = request.group(1).number("job-id")
            job = self._machine.jobs.get(number or 0)
            if job is not None:
                self._machine.end(job, ABORTED, "document-access-error")
            self._machine.faults.discard(SheetFault.CUT_MID_DATA)
            return True

    def _has(self, fault: SheetFault) -> bool:
        with self._changed:
            return fault in self._machine.faults

    def _wait_while(self, fault: SheetFault, seconds: float | None) -> bool:
        """Whether the fault is still there after so long, at most until the end."""
        with self._changed:
            done = self._changed.wait_for(
                lambda: fault not in self._machine.faults or self._unplugged or self._stopping.is_set(), seconds
            )
            return not done


def _listen(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), backlog=16)


def _break(line: socket.socket) -> None:
    """The host sees a reset, as from a printer that lost its power."""
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def _first_number(out: Path) -> int:
    """Go on where an earlier run in the same folder stopped."""
    names = [path.stem.rpartition("-")[2] for path in out.glob("sheet-[0-9]*.pdf")]
    return max((int(name) for name in names if name.isdigit()), default=0) + 1
