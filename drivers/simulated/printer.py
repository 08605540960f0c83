"""A receipt printer made of nothing but bytes: speaks ESC/POS over TCP or a serial line, and shows its paper.

Any program may talk to it. Its faults are switched from any thread, at any moment, by name. Not for: being asked
whether a ticket is right (look at `papers`).
"""

from __future__ import annotations

import contextlib
import itertools
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drivers.simulated.cables import Cable, SocketCable, TerminalCable, listen
from drivers.simulated.console import fault_of
from drivers.simulated.faults import PrinterFault
from drivers.simulated.receipt.mechanism import Mechanism
from drivers.simulated.receipt.paper import Paper

KEPT_PAPERS = 100
OFF = frozenset((PrinterFault.DEAD, PrinterFault.UNPLUGGED))


@dataclass(frozen=True)
class PrinterState:
    """What the simulated printer is doing.

    Attributes:
        waiting_bytes: received and not yet obeyed.
        unknown_commands: counted since the start.
    """

    online: bool
    faults: tuple[str, ...]
    papers: int
    hosts: int
    waiting_bytes: int
    unknown_commands: int


class SimulatedPrinter:
    """A printer on 127.0.0.1, in its own thread.

    Attributes:
        papers: the last 100 tickets that were cut off, oldest first.
        scraps: pieces torn off when the roll was changed.
    """

    def __init__(
        self,
        port: int = 0,
        out: Path | None = None,
        *,
        dots: int = 576,
        single: bool = True,
        on_paper: Callable[[Paper], None] | None = None,
    ) -> None:
        """Open the port; `start` begins to answer.

        Args:
            port: 0 takes a free one, see `port`.
            out: folder for `ticket-0001.png` and `.txt`.
            single: one host at a time, others wait, as on most real printers.
            on_paper: called with each paper on the printer's thread.

        Raises:
            OSError: when the port is taken.
        """
        self.papers: deque[Paper] = deque(maxlen=KEPT_PAPERS)
        self.scraps: deque[Paper] = deque(maxlen=KEPT_PAPERS)
        self._out = out
        self._single = single
        self._on_paper = on_paper
        self._machine = Mechanism(dots, time.monotonic)
        self._lock = threading.RLock()
        self._listening: socket.socket | None = listen(port)
        self._port: int = self._listening.getsockname()[1]
        self._terminal: Path | None = None
        self._cables: list[Cable] = []
        self._selector = selectors.DefaultSelector()
        self._wake_in, self._wake_out = socket.socketpair()
        self._selector.register(self._wake_in, selectors.EVENT_READ)
        self._numbers = itertools.count(_first_number(out))
        self._cut = threading.Condition(self._lock)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated printer", daemon=True)

    @property
    def port(self) -> int:
        """TCP port on 127.0.0.1."""
        return self._port

    @property
    def uri(self) -> str:
        """Address for the driver."""
        return f"tcp://127.0.0.1:{self._port}"

    @property
    def state(self) -> PrinterState:
        """What it is doing now."""
        with self._lock:
            machine = self._machine
            faults = tuple(sorted(fault.value for fault in machine.faults))
            return PrinterState(
                machine.online, faults, len(self.papers), len(self._cables), len(machine.buffer), machine.unknown
            )

    def start(self) -> SimulatedPrinter:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Break every cable, free the port, end the thread."""
        self._stopping.set()
        self._wake()
        if self._thread.ident is not None:
            self._thread.join()
        with self._lock:
            self._unplug()
            self._selector.close()
            self._wake_in.close()
            self._wake_out.close()

    def __enter__(self) -> SimulatedPrinter:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def plug_serial(self, path: Path) -> Path:
        """Connect a serial line; `path` becomes a link to its device file."""
        with self._lock:
            self._terminal = path
            self._replug()
        self._wake()
        return path

    def set_fault(self, name: str, after_bytes: int = 0) -> None:
        """Make something go wrong, by name.

        Args:
            after_bytes: only when so many bytes more have been obeyed.

        Raises:
            drivers.simulated.console.UnknownFault: listing the names there are.
        """
        fault = fault_of(PrinterFault, name, "printer fault")
        with self._lock:
            self._machine.fault(fault, after_bytes)
        self._wake()

    def become(self, name: str) -> None:
        """Be in that one state instead of any other; nobody sees anything in between.

        Raises:
            drivers.simulated.console.UnknownFault: listing the names there are.
        """
        fault = fault_of(PrinterFault, name, "printer fault")
        with self._lock:
            self._machine.mend()
            self._replug()
            self._machine.fault(fault)
        self._wake()

    def clear_faults(self) -> None:
        """Everything works again; an empty roll is replaced, a jam still waits for the command to recover."""
        with self._lock:
            self._machine.mend()
            self._replug()
        self._wake()

    def refill(self) -> None:
        """Put in a new roll; what hung out of the slot is torn off."""
        with self._lock:
            self._machine.refill()
        self._wake()

    def settle(self, seconds: float = 5.0) -> bool:
        """Wait until nothing that has arrived can be obeyed any further; False when that takes longer."""
        with self._cut:
            return self._cut.wait_for(self._idle, seconds)

    def wait_for_papers(self, count: int, seconds: float = 5.0) -> bool:
        """Wait until at least `count` papers have come out."""
        return self.wait_until(lambda state: state.papers >= count, seconds)

    def wait_until(self, wanted: Callable[[PrinterState], bool], seconds: float = 5.0) -> bool:
        """Wait until its state is as wanted; False when that takes longer."""
        with self._cut:
            return self._cut.wait_for(lambda: wanted(self.state), seconds)

    def _idle(self) -> bool:
        return self._machine.idle

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._wake_out.send(b"!")

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                self._watch()
                pause = self._pause()
            ready = self._selector.select(pause)
            with self._lock:
                for key, _ in ready:
                    self._hear(key.fileobj)
                self._machine.work()
                fresh = self._take_papers()
                self._answer()
                self._cut.notify_all()
            for paper in fresh:
                self._hand_out(paper)

    def _pause(self) -> float | None:
        """Slow paper moves on by itself; everything else waits for bytes."""
        left = self._machine.busy_until - time.monotonic()
        return max(0.001, left) if self._machine.online and left > 0 else None

    def _watch(self) -> None:
        """Listen to the cables that may speak now; a full buffer and a busy single-host printer let others wait."""
        wanted: dict[int, Cable | socket.socket] = {}
        if self._listening is not None and not (self._single and any(isinstance(c, SocketCable) for c in self._cables)):
            wanted[self._listening.fileno()] = self._listening
        if not self._machine.full:
            wanted |= {cable.fileno(): cable for cable in self._cables}
        watched = {key.fd: key.fileobj for key in self._selector.get_map().values()}
        for fd, thing in watched.items():
            if thing is not self._wake_in and wanted.get(fd) is not thing:
                self._selector.unregister(fd)
        for fd, thing in wanted.items():
            if watched.get(fd) is not thing:
                self._selector.register(thing, selectors.EVENT_READ)

    def _hear(self, source: object) -> None:
        if source is self._wake_in:
            self._wake_in.recv(4096)
        elif source is self._listening and self._listening is not None:
            with contextlib.suppress(OSError):
                self._cables.append(SocketCable(self._listening.accept()[0]))
        else:
            for cable in [cable for cable in self._cables if cable is source]:
                data = cable.read()
                if data is None:
                    self._drop(cable)
                else:
                    self._machine.receive(data)

    def _answer(self) -> None:
        if self._machine.faults & OFF:
            self._unplug()
        if self._machine.replies:
            for cable in self._cables:
                cable.write(bytes(self._machine.replies))
            self._machine.replies.clear()

    def _drop(self, cable: Cable) -> None:
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(cable.fileno())
        self._cables.remove(cable)
        cable.close()

    def _unplug(self) -> None:
        """The port first: a host that sees its connection break must not find the port still open."""
        if self._listening is not None:
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(self._listening)
            self._listening.close()
            self._listening = None
        for cable in tuple(self._cables):
            self._drop(cable)

    def _replug(self) -> None:
        if self._listening is None:
            self._listening = listen(self._port)
        if self._terminal is not None and not any(isinstance(cable, TerminalCable) for cable in self._cables):
            self._cables.append(TerminalCable(self._terminal))

    def _take_papers(self) -> list[Paper]:
        """Paper is there before the printer says so."""
        cuttings, self._machine.cuttings = self._machine.cuttings, []
        fresh = [Paper(next(self._numbers), cut.picture, cut.words, cut.raw, cut.whole) for cut in cuttings]
        for paper in fresh:
            (self.papers if paper.whole else self.scraps).append(paper)
        return fresh

    def _hand_out(self, paper: Paper) -> None:
        if self._out is not None:
            self._out.mkdir(parents=True, exist_ok=True)
            (self._out / f"{paper.name}.png").write_bytes(paper.png)
            (self._out / f"{paper.name}.txt").write_text(paper.text + "\n", encoding="utf-8")
        if self._on_paper is not None:
            self._on_paper(paper)


def _first_number(out: Path | None) -> int:
    """Go on where an earlier run in the same folder stopped."""
    names = [path.stem.rpartition("-")[2] for path in out.glob("*-[0-9]*.png")] if out is not None else []
    return max((int(name) for name in names if name.isdigit()), default=0) + 1
