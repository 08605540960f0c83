"""What tests of the sheet printer share: a document, quick limits, and a printer in virtual time without a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from drivers.contract import Sheet
from drivers.printers.ipp.address import IppAddress
from drivers.printers.ipp.driver import IppPrinter
from drivers.printers.ipp.protocol import decode, encode
from drivers.printers.ipp.session import Timing
from drivers.printers.ipp.transport import Answer, NoAnswer
from drivers.printers.ipp.values import Attribute, Group, GroupTag, Message
from drivers.printers.sheet_opening import parse_sheet_uri
from drivers.simulated.ipp.faults import SheetFault
from drivers.simulated.ipp.machine import Machine
from drivers.simulated.ipp.operations import Operations
from drivers.simulated.ipp.printer import SimulatedIppPrinter
from tests.drivers.rigs import VirtualClock

PDF = b"%PDF-1.7\n1 0 obj <</Type /Page>> endobj\n" + b"letters of an attest\n" * 2000 + b"%%EOF\n"
SHEET = Sheet(PDF, "Attest")
ADDRESS = IppAddress("192.0.2.20", 631, "/ipp/print")
QUICK = Timing(answer=5.0, document=5.0, poll=0.01, patience=0.1, lost=0.3, finish=5.0, withdraw=2.0)
"""For real sockets: answers may take long on a busy machine, patience may not."""
IMPATIENT = replace(QUICK, answer=0.3, document=0.3, finish=0.5)
"""For printers that never answer."""


def driver_for(simulated: SimulatedIppPrinter, timing: Timing = QUICK) -> IppPrinter:
    """The real driver over real HTTP to a simulated printer."""
    return IppPrinter(parse_sheet_uri(simulated.uri), timing)


Spoil = Callable[[int, bytes], Answer | NoAnswer | None]
"""Called with the operation and the right answer; what it returns arrives instead."""


@dataclass
class VirtualPrinter:
    """The simulated machine without a network, in a time that passes only in the driver's pauses.

    Attributes:
        asked: the operations that came, in order.
        says: attributes that its description of itself has besides, or instead.
        away: called before each message; with an answer of this, the message never arrived.
    """

    clock: VirtualClock = field(default_factory=VirtualClock)
    asked: list[int] = field(default_factory=list)
    says: tuple[Attribute, ...] = ()
    spoil: Spoil | None = None
    away: Callable[[], NoAnswer | None] | None = None
    closed: int = 0

    def __post_init__(self) -> None:
        self.machine = Machine(self.clock)
        self.operations = Operations(self.machine, ADDRESS.uri)

    def driver(self, timing: Timing | None = None) -> IppPrinter:
        """The real driver with this printer at the other end."""
        return IppPrinter(ADDRESS, timing or Timing(), self.clock, self.pause, self)

    def fault(self, *faults: SheetFault) -> None:
        """Make things go wrong."""
        self.machine.faults.update(faults)

    def pause(self, seconds: float) -> None:
        """Time passes, paper moves."""
        self.clock.now += seconds
        self.machine.work()

    def post(self, body: bytes, seconds: float) -> Answer | NoAnswer:
        """See `Transport`."""
        lost = self.away() if self.away is not None else None
        if lost is not None:
            return lost
        request = decode(body)
        assert isinstance(request, Message)
        self.asked.append(request.code)
        said = self._said(self.operations.answer(body))
        self.machine.work()
        other = self.spoil(request.code, said) if self.spoil is not None else None
        if isinstance(other, NoAnswer):
            self.clock.now += seconds
        return other or Answer(200, "application/ipp", said)

    def close(self) -> None:
        """See `Transport`."""
        self.closed += 1

    def _said(self, answer: bytes) -> bytes:
        message = decode(answer)
        assert isinstance(message, Message)
        names = {attribute.name for attribute in self.says}
        groups = tuple(
            Group(group.tag, (*(a for a in group.attributes if a.name not in names), *self.says))
            if group.tag == GroupTag.PRINTER
            else group
            for group in message.groups
        )
        return encode(replace(message, groups=groups))
