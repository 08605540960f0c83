"""The whole printer without its cable: buffers, paper, cover, knife, and its answers.

Off line it takes data and obeys only what is obeyed in real time; what waits is printed when the cause is gone, unless
somebody clears it. Not for: sockets and threads (`drivers.simulated.printer`).
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from drivers.simulated.faults import PrinterFault
from drivers.simulated.receipt.paper import HEAD_TO_KNIFE, Strip
from drivers.simulated.receipt.parser import Command, RealTimeCommand, RealTimeScanner, next_command
from drivers.simulated.receipt.typewriter import Rows, Typewriter

BUFFER_BYTES = 65536
MID_JOB_ROWS = 240
"""30 mm at 203 dpi: the head of a ticket, not its end."""
SLOW_ROWS_PER_SECOND = 320.0
"""40 mm/s."""
IDENTITY = {65: b"_1.00 SIM", 66: b"_ZUIL", 67: b"_SIMULATED", 68: b"_0001"}
_OF_THE_ROLL = frozenset(
    {PrinterFault.PAPER_OUT, PrinterFault.PAPER_OUT_MID_JOB, PrinterFault.PAPER_LOW, PrinterFault.ROLL_OUT}
)
_IGNORED = frozenset(
    {
        "real time",
        "NUL",
        "CR",
        "HT",
        "FF",
        "ESC {",
        "ESC V",
        "ESC  ",
        "ESC $",
        "ESC \\",
        "ESC p",
        "GS h",
        "GS w",
        "GS H",
    }
    | {"GS f", "GS L", "GS W", "GS P", "GS $", "GS \\", "GS ( D", "GS ( E", "GS ( K", "GS ( A"}
)
"""Known, without effect on the picture."""


@dataclass(frozen=True)
class Cutting:
    """A piece that came off, before it is photographed."""

    picture: Image.Image
    words: str
    raw: bytes
    whole: bool


@dataclass
class Mechanism:
    """State and behaviour; one thread at a time.

    Attributes:
        clock: seconds; only for slow paper.
        replies: bytes waiting for the host.
        cuttings: pieces that came out since somebody took them.
        unknown: commands that no manual knows, counted.
    """

    dots: int
    clock: Callable[[], float]
    faults: set[PrinterFault] = field(default_factory=set)
    armed: list[tuple[int, PrinterFault]] = field(default_factory=list)
    buffer: bytearray = field(default_factory=bytearray)
    replies: bytearray = field(default_factory=bytearray)
    cuttings: list[Cutting] = field(default_factory=list)
    unknown: int = 0
    rows_left: int | None = None
    cutter_error: bool = False
    cut_waiting: bool = False
    automatic: int = 0
    busy_until: float = 0.0
    obeyed: int = 0
    _raw: bytearray = field(default_factory=bytearray)
    _waiting: deque[Rows] = field(default_factory=deque)
    _scanner: RealTimeScanner = field(default_factory=RealTimeScanner)
    _said: bytes = b""

    def __post_init__(self) -> None:
        self.strip = Strip(self.dots)
        self.typewriter = Typewriter(self.dots, self._waiting.append)
        self._noise = random.Random(1)  # noqa: S311  # noise that is the same in every run

    @property
    def paper_out(self) -> bool:
        """Whether the roll is used up."""
        return self.rows_left is not None and self.rows_left <= 0

    @property
    def online(self) -> bool:
        """Whether buffered commands are obeyed."""
        return not (self.paper_out or self.cutter_error or PrinterFault.COVER_OPEN in self.faults)

    @property
    def idle(self) -> bool:
        """Whether nothing it holds can be obeyed any further."""
        nothing_left = not self._waiting and not self.cut_waiting and next_command(self.buffer) is None
        return not self.online or nothing_left

    @property
    def full(self) -> bool:
        """Whether it takes no more bytes for now."""
        return len(self.buffer) >= BUFFER_BYTES

    def receive(self, data: bytes) -> None:
        """Bytes from the cable; real-time commands are obeyed on the spot."""
        start = 0
        for command in self._scanner.feed(data):
            self.buffer += data[start : command.end]
            start = command.end
            self._real_time(command)
        self.buffer += data[start:]

    def work(self) -> None:
        """Obey everything that can be obeyed now."""
        while self.online and self.clock() >= self.busy_until:
            if self._waiting:
                self._print(self._waiting.popleft())
            elif self.cut_waiting:
                self._cut()
            else:
                command = next_command(self.buffer)
                if command is None:
                    break
                self._obey(command)
            if not self._waiting and not self.cut_waiting:
                self._spring()
        self._report()

    def fault(self, fault: PrinterFault, after_bytes: int = 0) -> None:
        """Make something go wrong, now or when so many bytes more have been obeyed."""
        if after_bytes > 0:
            self.armed.append((self.obeyed + after_bytes, fault))
            return
        self.faults.add(fault)
        if fault is PrinterFault.PAPER_OUT:
            self.rows_left = 0
        elif fault is PrinterFault.ROLL_OUT:
            self.faults.add(PrinterFault.COVER_OPEN)
            self.rows_left = 0
        elif fault is PrinterFault.PAPER_OUT_MID_JOB:
            self.rows_left = MID_JOB_ROWS
        elif fault is PrinterFault.DEAD:
            self.power_off()

    def mend(self) -> None:
        """Take away every cause; a jam still waits for the command to recover."""
        self.faults.clear()
        self.armed.clear()
        self.busy_until = 0.0
        if self.rows_left is not None:
            self.refill()

    def refill(self) -> None:
        """A new roll; what hung out of the slot is torn off."""
        self.faults -= _OF_THE_ROLL
        self.rows_left = None
        if self.strip.printed:
            self._came_off(*self.strip.tear(), whole=False)
        self.strip.new_roll()

    def power_off(self) -> None:
        """Everything it held is lost; paper stays where it is."""
        self._forget()
        self.typewriter.initialise()
        self.automatic = 0
        self.cutter_error = False

    def status(self, question: int) -> int:
        """The byte that answers DLE EOT."""
        open_cover = PrinterFault.COVER_OPEN in self.faults
        byte = 0x12
        if question == 1:
            byte |= 0 if self.online else 0x08
        elif question == 2:
            byte |= (0x04 if open_cover else 0) | (0x20 if self.paper_out else 0) | (0x40 if self.cutter_error else 0)
        elif question == 3:
            byte |= 0x08 if self.cutter_error else 0
        elif question == 4:
            low = self.rows_left is not None or PrinterFault.PAPER_LOW in self.faults
            byte |= (0x0C if low else 0) | (0x60 if self.paper_out else 0)
        return byte

    def _say(self, data: bytes) -> None:
        if PrinterFault.SILENT in self.faults:
            return
        if PrinterFault.GARBAGE in self.faults:
            data = bytes(self._noise.randrange(0x80, 0x100) for _ in range(12))
        self.replies += data

    def _real_time(self, command: RealTimeCommand) -> None:
        if command.name == "DLE EOT":
            self._say(bytes((self.status(command.number),)))
        elif command.name == "DLE DC4":
            self._forget()
            self._recover()
            self._say(b"\x37\x25\x00")
        elif command.name == "DLE ENQ" and self.cutter_error:
            if command.number == 2:
                self._forget()
            self._recover()

    def _forget(self) -> None:
        self.buffer.clear()
        self._waiting.clear()
        self.typewriter.forget()
        self.cut_waiting = False

    def _recover(self) -> None:
        self.cutter_error = self.cutter_error and PrinterFault.CUTTER_JAM in self.faults

    def _obey(self, command: Command) -> None:
        self._raw += self.buffer[: command.size]
        del self.buffer[: command.size]
        self.obeyed += command.size
        if not self.typewriter.obey(command):
            self._machine(command)

    def _spring(self) -> None:
        """Faults that waited for this byte; its paper is out and its cut is made."""
        for at, fault in [armed for armed in self.armed if armed[0] <= self.obeyed]:
            self.armed.remove((at, fault))
            self.fault(fault)

    def _machine(self, command: Command) -> None:
        data = command.data
        match command.name:
            case "GS V":
                self._begin_cut(data)
            case "ESC i" | "ESC m":
                self.cut_waiting = True
            case "GS ( H" if len(data) == 6 and data[:2] == b"00":
                self._say(b"\x37\x22" + data[2:] + b"\x00")
            case "GS r":
                self._say(bytes((self.status(4) >> 2 & 0x03 | self.status(4) >> 3 & 0x0C,)))
            case "GS a":
                self.automatic, self._said = data[0], b""
            case "GS I":
                answer = IDENTITY.get(data[0])
                self._say(answer + b"\x00" if answer else b"\x02")
            case name if name not in _IGNORED:
                self.unknown += 1

    def _begin_cut(self, data: bytes) -> None:
        if data[0] in (0, 1, 48, 49):
            self.cut_waiting = True
        elif len(data) == 2:
            self.typewriter.feed(HEAD_TO_KNIFE + data[1])
            self.cut_waiting = True
        else:
            self.unknown += 1

    def _cut(self) -> None:
        if PrinterFault.CUTTER_JAM in self.faults:
            self.cutter_error = True
            return
        self.cut_waiting = False
        self._came_off(*self.strip.cut(), whole=True)

    def _came_off(self, picture: Image.Image, words: str, *, whole: bool) -> None:
        self.cuttings.append(Cutting(picture, words, bytes(self._raw), whole))
        self._raw.clear()

    def _print(self, rows: Rows) -> None:
        """Rows under the head; when the roll ends among them, the others wait."""
        picture = rows.picture
        if self.rows_left is not None and picture.height > self.rows_left:
            done = picture.crop((0, 0, picture.width, self.rows_left))
            self._waiting.appendleft(Rows(picture.crop((0, self.rows_left, picture.width, picture.height)), rows.words))
            self.strip.add(done)
            self.rows_left = 0
            return
        if self.rows_left is not None:
            self.rows_left -= picture.height
        if rows.words is not None:
            self.strip.note(rows.words)
        self.strip.add(picture)
        if PrinterFault.SLOW in self.faults:
            self.busy_until = self.clock() + picture.height / SLOW_ROWS_PER_SECOND

    def _report(self) -> None:
        """Automatic status, when it is switched on and something changed."""
        if not self.automatic:
            return
        first = 0x10 | (0 if self.online else 0x08) | (0x20 if PrinterFault.COVER_OPEN in self.faults else 0)
        paper = self.status(4) >> 2 & 0x03 | self.status(4) >> 3 & 0x0C
        now = bytes((first, 0x08 if self.cutter_error else 0, paper, 0))
        if now != self._said:
            self._said = now
            self._say(now)
