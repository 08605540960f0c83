"""A payment terminal made of nothing but bytes: ZVT over TCP or a serial line, with a ledger of its own.

Any till may talk to it. Script, habits and state may be changed from any thread between payments. Not for: being asked
whether somebody paid (look at `ledger`).
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from zoneinfo import ZoneInfo

from drivers.payments.zvt import codes
from drivers.payments.zvt.link import StreamLink
from drivers.payments.zvt.serial_link import FrameTiming, SerialLink
from drivers.printers.transports.descriptor import DescriptorTransport
from drivers.printers.transports.tcp import TcpTransport
from drivers.simulated.cables import TerminalCable, listen
from drivers.simulated.terminal.ledger import Ledger
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.desk import Terminal, obey
from drivers.simulated.terminal.zvt.habits import Habits, Writes
from drivers.simulated.terminal.zvt.lines import TICK, Gone, Interrupted, Line, Pen
from drivers.simulated.terminal.zvt.memory import Memory
from drivers.simulated.terminal.zvt.payment import pay

_SERIAL_RATE = 11520.0


def _brussels() -> datetime:
    return datetime.now(ZoneInfo("Europe/Brussels"))


class SimulatedZvtTerminal:
    """A terminal on 127.0.0.1, or at the other end of a pseudo-terminal, in its own thread.

    It serves one till at a time. What it remembers stays over `stop` and `start`.

    Attributes:
        ledger: what it booked.
        writes: how its bytes leave, from the next connection on.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        path: Path | None = None,
        script: Script = Script.APPROVE,
        cut_at: int = 0,
        ledger: Ledger | None = None,
        habits: Habits | None = None,
        writes: Writes = Writes.WHOLE,
        frames: FrameTiming | None = None,
        now: Callable[[], datetime] = _brussels,
    ) -> None:
        """Open the port or the line; `start` begins to answer.

        Args:
            port: 0 takes a free one, see `port`; not used with `path`.
            path: becomes a link to a pseudo-terminal that stands for a serial line.
            script: of the payments to come.
            cut_at: where `Script.CUT` breaks the line: number of a message of the payment, both directions counted,
                the command is 1. A message of the till is lost on its way, one of the terminal is never sent.
            frames: limits of the serial line.
            now: its clock, before `Habits.clock_offset`.

        Raises:
            OSError: when the port is taken.
        """
        self.ledger = ledger or Ledger()
        self.writes = writes
        self._frames = frames
        self._now = now
        self._terminal = Terminal(self.ledger, Memory(self._time), habits or Habits(), script, cut_at=cut_at)
        self._path = path
        self._port = port
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._listening: socket.socket | None = None
        self._cable: TerminalCable | None = None
        self._plug_in()

    @property
    def port(self) -> int:
        """TCP port on 127.0.0.1."""
        return self._port

    @property
    def uri(self) -> str:
        """Address for the driver."""
        if self._path is not None:
            return f"zvt+serial://{self._path}?baud=115200"
        return f"zvt+tcp://127.0.0.1:{self._port}"

    @property
    def script(self) -> Script:
        """What it does with the next payment."""
        return self._terminal.script

    @script.setter
    def script(self, script: Script) -> None:
        self._terminal.script = script

    @property
    def cut_at(self) -> int:
        """See the constructor."""
        return self._terminal.cut_at

    @cut_at.setter
    def cut_at(self, number: int) -> None:
        self._terminal.cut_at = number

    @property
    def habits(self) -> Habits:
        """What it is like."""
        return self._terminal.habits

    @habits.setter
    def habits(self, habits: Habits) -> None:
        self._terminal.habits = habits

    @property
    def state(self) -> int:
        """What it answers to 05 01; 0 is ready."""
        return self._terminal.state

    @state.setter
    def state(self, state: int) -> None:
        self._terminal.state = state

    def start(self) -> SimulatedZvtTerminal:
        """Begin to answer; after `stop`, on the same port."""
        if self._listening is None and self._cable is None:
            self._plug_in()
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="simulated ZVT terminal", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Break the line, free the port, end the thread; may be called twice."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        if self._cable is not None:
            self._cable.close()
            self._cable = None

    def __enter__(self) -> SimulatedZvtTerminal:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _time(self) -> datetime:
        return self._now() + timedelta(seconds=self.habits.clock_offset)

    def _plug_in(self) -> None:
        if self._path is not None:
            self._cable = TerminalCable(self._path)
        else:
            self._listening = listen(self._port)
            self._port = self._listening.getsockname()[1]

    def _run(self) -> None:
        while not self._stopping.is_set():
            line = self._next_line()
            if line is None:
                continue
            with contextlib.suppress(Gone):
                self._serve(line)
            line.close()

    def _serve(self, line: Line) -> None:
        while not self._stopping.is_set():
            message = line.hear(TICK)
            if message is None or self.script is Script.SILENT:
                continue
            play = pay if message.code == codes.AUTHORISE else obey
            with contextlib.suppress(Interrupted):
                play(self._terminal, line, message)

    def _next_line(self) -> Line | None:
        """The next till, or None when there is none yet."""
        if self._cable is not None:
            # A serial line never ends; the terminal only forgets what it was saying.
            copy = os.dup(self._cable.fileno())
            pen = Pen(DescriptorTransport(copy, lambda: os.close(copy), _SERIAL_RATE), self.writes, self._stopping)
            return Line(SerialLink(pen, self._frames), pen, self._stopping)
        if self._listening is None or not select.select([self._listening], [], [], TICK)[0]:
            return None
        try:
            connected = self._listening.accept()[0]
        except OSError:
            return None
        pen = Pen(TcpTransport(connected), self.writes, self._stopping)
        return Line(StreamLink(pen), pen, self._stopping)
