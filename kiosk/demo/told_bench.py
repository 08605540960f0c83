"""A bench of setup that tells what it was given: a machine with two of most things, and trials that end in every way.

Not for: which pages follow (`setup_scenes`) or a real machine (`kiosk.setup.machine_bench`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kiosk.core.texts import Language
from kiosk.doctor.finding import Finding, Row
from kiosk.setup.finders.screens import FoundScreen
from kiosk.setup.found import Found, FoundPrinter, FoundSheetPrinter, Readers, Sound
from kiosk.setup.machine_bench import CARD, PAPER, SHEET, TERMINAL, VOICE
from kiosk.store.errors import StoreRefused
from sync.client.column import Column
from sync.client.enrolment import Joined
from sync.client.identity import Identity
from sync.client.route import Route
from sync.protocol.invitation import Invitation
from sync.protocol.signing import SigningKey

NOTHING = Found(
    readers=Readers(trouble="the card service pcscd does not answer; systemctl start pcscd.socket"),
    problems=("A4 printers in the network: the program ippfind is not installed",),
)
MUCH = Found(
    printers=(
        FoundPrinter("usb://04b8:0e28/X7QK004512", "EPSON TM-T20III", "epson-tm-t20iii"),
        FoundPrinter("usb://0416:5011", "USB Portable Printer"),
    ),
    sheet_printers=(
        FoundSheetPrinter("ipp://127.0.0.1/printers/Kantoor", "CUPS: Kantoor"),
        FoundSheetPrinter("ipp://192.0.2.41:631/ipp/print", "Brother HL-L5210DN"),
    ),
    readers=Readers(("ACS ACR39U ICC Reader 00 00", "Alcor Link AK9563 01 00")),
    screens=(FoundScreen("HDMI-A-1", "IIY PL2770H", 1920, 1080, None, None),),
    touch=("ILITEK Multi-Touch-V3000",),
    serial=("/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0",),
    sound=Sound(("HDA Intel PCH",), jack=True),
)
LEFT = (
    Row("network.time", "time", "").attention("the clock is not kept by NTP", "timedatectl set-ntp true"),
    Row("printer.sheet", "A4 printer", "").broken("Kantoor: paper_out", "put paper in"),
)
"""What the doctor still says."""
DIGITS = "482915"
TAKEN_IN = datetime(2026, 11, 23, 10, 24, tzinfo=UTC)


@dataclass
class ToldBench:
    """Implements `kiosk.setup.bench.Bench`.

    Attributes:
        looks: what each look at the machine finds; the last one from then on.
        numbers: how many there are for today; None when the store refuses.
        findings: of the doctor.
    """

    looks: list[Found] = field(default_factory=lambda: [MUCH])
    numbers: int | None = 120
    findings: tuple[Finding, ...] = ()

    def find(self) -> Found:
        """See the bench."""
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]

    def open_ports(self, host: str) -> tuple[int, ...]:  # noqa: ARG002 - the bench's shape
        """Nothing answers anywhere."""
        return ()

    def print_paper(self, uri: str, profile: str) -> Finding:  # noqa: ARG002 - the bench's shape
        """See the bench."""
        return PAPER.ok("printed")

    def print_sheet(self, uri: str) -> Finding:  # noqa: ARG002 - the bench's shape
        """The tray is empty."""
        return SHEET.broken("paper_out", "put paper in, then try again")

    def read_card(self, reader: str, trust: Path | None, seconds: float, *, practice: bool) -> Finding:  # noqa: ARG002
        """No roots are set."""
        return CARD.attention("read, and not verified: no roots are set", "set card.trust")

    def ask_terminal(self, uri: str) -> Finding:
        """It is ready."""
        return TERMINAL.ok(f"{uri.partition('?')[0]}: ready")

    def say(self, program: str, text: str, language: Language) -> Finding:  # noqa: ARG002 - the bench's shape
        """It was said; whether it is heard only a person knows."""
        return VOICE.ok("said")

    def join(self, invitation: Invitation, identity: Path, *, practice: bool, route: Route) -> Joined:  # noqa: ARG002
        """A back office that takes everybody in."""
        key = SigningKey.generate()
        identity.mkdir(parents=True, exist_ok=True)
        column = Column("zuil-9", "urn:zuil:zuil-9", 1, "office", "K3", "0" * 64, TAKEN_IN, practice)
        return Joined(Identity(column, key, key.public, DIGITS, identity), {"url": invitation.url})

    def fetch_numbers(self, settings: Path) -> int:  # noqa: ARG002 - the bench's shape
        """See the bench."""
        if self.numbers is None:
            raise StoreRefused(Path("/var/lib/zuil/column.db"), "made by a newer version; install that version")
        return self.numbers

    def examine(self, settings: Path) -> tuple[Finding, ...]:  # noqa: ARG002 - the bench's shape
        """See the bench."""
        return self.findings
