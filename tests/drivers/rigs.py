"""What the driver tests share: sample papers, quick limits, a printer in virtual time, and a watcher of states."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from drivers.contract import Align, DeviceStatus, Feed, Line, PaperDocument, QrCode, Rule
from drivers.printers.escpos.driver import EscPosPrinter
from drivers.printers.escpos.profiles import Profile, profile_named
from drivers.printers.escpos.session import Timing
from drivers.printers.opening import connect
from drivers.printers.transport import Connect, LinkFault
from drivers.printers.uri import parse_printer_uri
from drivers.runner import PrinterRunner
from drivers.simulated.printer import SimulatedPrinter

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
QUICK = Timing(answer=5.0, clear=3.0, probe=0.5, settle=5.0, poll=0.02, millimetres_per_second=10_000.0)
"""For real sockets: answers may take long on a busy machine, paper may not."""
IMPATIENT = replace(QUICK, answer=0.6, clear=0.2, settle=0.1)
"""For printers that never answer."""
CLOSING = "Tot straks"


def ticket(number: str = "B042") -> PaperDocument:
    """A ticket with everything on it; its last line says that it is whole."""
    return PaperDocument(
        (
            Line("District Berchem", Align.CENTRE, bold=True, scale=2),
            Line("Grote Steenweg 150, 2600 Berchem", Align.CENTRE),
            Rule(),
            Line("Uw volgnummer", Align.CENTRE),
            Line(number, Align.CENTRE, scale=8, bold=True),
            Line("Identiteitskaart aanvragen", Align.CENTRE, bold=True),
            Feed(),
            Line("Nog 4 mensen voor u", Align.CENTRE),
            Line("22 november 2025 · 10.42 uur", Align.CENTRE),
            QrCode(f"https://wacht.example/b/{number}"),
            Rule(),
            Line(f"{CLOSING}, {number}", Align.CENTRE),
        )
    )


def tickets_numbered(simulated: SimulatedPrinter, number: str) -> int:
    """How many whole tickets with this number were cut off."""
    return sum(f"{CLOSING}, {number}" in paper.text for paper in simulated.papers)


def driver_for(
    simulated: SimulatedPrinter,
    profile: Profile | str = "epson-tm-t20iii",
    timing: Timing = QUICK,
    uri: str | None = None,
) -> EscPosPrinter:
    """The real driver over the real cable to a simulated printer."""
    model = profile_named(profile) if isinstance(profile, str) else profile
    cable: Connect = partial(connect, parse_printer_uri(uri or simulated.uri))
    return EscPosPrinter(cable, model, FONTS, timing)


@dataclass
class VirtualClock:
    """Time that passes only when told."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class ScriptedPrinter:
    """The other end of a cable in virtual time: `answer` turns what was written into what comes back.

    Attributes:
        written: everything that was sent, in order.
    """

    answer: Callable[[bytes], bytes | LinkFault]
    clock: VirtualClock = field(default_factory=VirtualClock)
    written: list[bytes] = field(default_factory=list)
    bytes_per_second: float = 100_000.0
    closed: bool = False
    _back: bytearray = field(default_factory=bytearray)
    _fault: LinkFault | None = None

    def write_all(self, data: bytes, seconds: float) -> LinkFault | None:
        self.written.append(data)
        back = self.answer(data)
        if isinstance(back, LinkFault):
            self._fault = back
            self.clock.now += seconds if back is LinkFault.BLOCKED else 0
            return back
        self._back += back
        return None

    def read(self, seconds: float) -> bytes | LinkFault:
        if self._fault is LinkFault.CLOSED:
            return LinkFault.CLOSED
        if not self._back:
            self.clock.now += max(seconds, 0.001)
            return b""
        data, self._back = bytes(self._back), bytearray()
        return data

    def close(self) -> None:
        self.closed = True


class Watcher:
    """Waits for a state of a runner, with a limit and without sleeping."""

    def __init__(self, runner: PrinterRunner) -> None:
        self.seen: list[DeviceStatus] = []
        self._changed = threading.Condition()
        runner.on_change(self._note)

    def _note(self, status: DeviceStatus) -> None:
        with self._changed:
            self.seen.append(status)
            self._changed.notify_all()

    def wait_for(self, wanted: Callable[[DeviceStatus], bool], seconds: float = 10.0) -> DeviceStatus:
        """The last state, once it is as wanted."""
        with self._changed:
            assert self._changed.wait_for(lambda: bool(self.seen) and wanted(self.seen[-1]), seconds), self.seen
            return self.seen[-1]
