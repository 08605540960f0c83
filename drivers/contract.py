"""What every device driver promises, and what a journey sees of it.

States and results are values; an exception from a driver is a bug. Protocol code (bytes to values) is pure, transports
are thin, drivers join both. Not for: threads and retries (`drivers.runner`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol, TypeVar


class Health(Enum):
    """The four states of a device."""

    READY = "ready"
    BUSY = "busy"
    ATTENTION = "attention"
    """Works, but somebody should come: paper low."""
    UNAVAILABLE = "unavailable"


class Reason(Enum):
    """Why a device is not simply ready; every value has a sentence for citizens and one for reception."""

    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER_JAM = "cutter_jam"
    OVERHEATED = "overheated"
    MECHANICAL = "mechanical"
    OFFLINE = "offline"
    """The device says it is off line and gives no cause."""
    SILENT = "silent"
    """Connected, but it does not answer."""
    UNREACHABLE = "unreachable"
    """Not there: unplugged, refused, wrong address."""
    NOT_CONFIGURED = "not_configured"
    NO_SERVICE = "no_service"
    """The program that owns the devices of this kind does not run (pcscd)."""
    NO_READER = "no_reader"
    """That program runs, and no device is connected to it."""
    GARBLED = "garbled"
    """It answers what no device of its kind answers."""


class PaperSeen(Enum):
    """What the paper sensors of a printer see, also while its cover is open."""

    PRESENT = "present"
    LOW = "low"
    OUT = "out"


@dataclass(frozen=True)
class DeviceStatus:
    """State of a device at one moment.

    Attributes:
        raw: the device's own answer, for diagnosis (hexadecimal or text, never personal).
        paper: what a printer's sensors see; None where the device has none, or does not say.
    """

    health: Health
    reason: Reason | None = None
    raw: str = ""
    paper: PaperSeen | None = field(default=None, compare=False)

    @property
    def usable(self) -> bool:
        """Whether work may be given to it."""
        return self.health is not Health.UNAVAILABLE


class Align(Enum):
    """Place of a line across the paper."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True)
class Line:
    """Text on paper; wrapped at words by the driver, in columns of the profile divided by `scale`.

    Attributes:
        scale: 1 to 8 times the normal character in both directions.
        inverse: white on black.
    """

    text: str
    align: Align = Align.LEFT
    scale: int = 1
    bold: bool = False
    inverse: bool = False


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class Feed:
    """Empty lines."""

    lines: int = 1


@dataclass(frozen=True)
class QrCode:
    """A QR code, centred.

    Attributes:
        module_mm: side of one module in millimetres.
        exact: whether that must be certain: drawn as a raster of whole dots with error correction M; else the
            printer's own command may be used.
    """

    text: str
    module_mm: float = 0.75
    exact: bool = False


PaperItem = Line | Rule | Feed | QrCode


@dataclass(frozen=True)
class PaperDocument:
    """What stands on one ticket or slip, top to bottom; the driver cuts after it."""

    items: tuple[PaperItem, ...]


@dataclass(frozen=True, repr=False)
class Sheet:
    """A document of A4 pages.

    Attributes:
        pdf: the whole file.
        title: what spoolers call the job; never personal.
    """

    pdf: bytes
    title: str


@dataclass(frozen=True)
class Printed:
    """The printer said that the paper of this job is out; `millimetres` of the roll went into it, where that is
    known."""

    raw: str = ""
    millimetres: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Refused:
    """Certainly nothing was printed, and nothing will be later."""

    reason: Reason
    raw: str = ""


@dataclass(frozen=True)
class Unknown:
    """Bytes left, and no proof came back; there may or may not be paper, `millimetres` of it where it is."""

    reason: Reason
    raw: str = ""
    millimetres: float = field(default=0.0, compare=False)


PrintResult = Printed | Refused | Unknown


@dataclass(frozen=True)
class CannotOpen:
    """A device could not be opened.

    Attributes:
        detail: what was tried and what would be right, for the technician.
        permanent: trying again will not help before somebody changes a setting or installs something.
    """

    reason: Reason
    detail: str = ""
    permanent: bool = False


Document = TypeVar("Document", contravariant=True)


class PrinterDriver(Protocol[Document]):
    """A printer of one kind of document, called from the one thread of its bus; every call has a time limit and never
    raises: `PaperDocument` for a receipt printer, `Sheet` for one of A4 pages."""

    def status(self) -> DeviceStatus:
        """Ask the device now; at most about 4 s."""
        ...

    def print(self, job_id: str, document: Document) -> PrintResult:
        """Print once; the same `job_id` again returns the first result and sends nothing."""
        ...

    def close(self) -> None:
        """Free handle, socket and lock; may be called twice."""
        ...


ReceiptDriver = PrinterDriver[PaperDocument]
SheetDriver = PrinterDriver[Sheet]


class Printer(Protocol[Document]):
    """A printer as a journey sees it: asynchronous, with its last known state at hand."""

    @property
    def status(self) -> DeviceStatus:
        """Last known state; never blocks."""
        ...

    async def print(self, job_id: str, document: Document) -> PrintResult:
        """Print once, on the thread of its bus; see `PrinterDriver.print`."""
        ...

    def on_change(self, listener: Callable[[DeviceStatus], None]) -> None:
        """Call `listener` with each new state, on the thread of the bus."""
        ...


ReceiptPrinter = Printer[PaperDocument]
SheetPrinter = Printer[Sheet]
