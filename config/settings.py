"""The settings of one column: one schema from which the checks, the reference page and the example file all come.

Not for: what the municipality offers (`config.site`), which is the same for all its columns.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from config.addresses import Proxy, Url
from config.catalogue import Id
from config.checked import Table, read_table, refusal
from config.problems import Findings, choose_among
from config.reader_settings import READERS, Reader
from config.staff_settings import StaffSettings
from config.toml_source import TomlSource
from drivers.cards.address import NO_READER
from drivers.payments.address import BadTerminalUri
from drivers.payments.opening import EXAMPLES as TERMINALS
from drivers.payments.opening import open_terminal
from drivers.printers.escpos.profiles import shipped_profiles
from drivers.printers.sheet_opening import EXAMPLES as SHEET_PRINTERS
from drivers.printers.sheet_opening import BadSheetUri, parse_sheet_uri
from drivers.printers.uri import EXAMPLES, BadPrinterUri, parse_printer_uri

T = TypeVar("T", bound=Table)

NO_PRINTER = "none"
NO_TERMINAL = "none"
_MM_PER_INCH = 25.4
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_HERE = Path(__file__).resolve().parent
_PRINTERS = f'"{NO_PRINTER}" or an address like ' + ", ".join(f'"{uri.split()[0]}"' for uri in EXAMPLES.values())
_SHEETS = f'"{NO_PRINTER}" or an address like ' + ", ".join(f'"{uri}"' for uri in SHEET_PRINTERS.values())
_TERMINALS = f'"{NO_TERMINAL}" or an address like ' + ", ".join(f'"{uri}"' for uri in TERMINALS.values())


def _check_printer(text: str) -> str:
    return _check_address(text, parse_printer_uri, _PRINTERS)


def _check_sheet_printer(text: str) -> str:
    return _check_address(text, parse_sheet_uri, _SHEETS)


def _check_terminal(text: str) -> str:
    return text if text == NO_TERMINAL else _check_address(text, open_terminal, _TERMINALS)


def _check_address(text: str, parse: Callable[[str], object], right: str) -> str:
    if text != NO_PRINTER:
        try:
            parse(text)
        except (BadPrinterUri, BadSheetUri, BadTerminalUri) as wrong:
            raise refusal(str(wrong).partition(";")[0], f"write {right}") from None
    return text


def _check_profile(name: str) -> str:
    known = sorted(shipped_profiles())
    if name not in known:
        raise refusal(f"unknown printer profile '{name}'", choose_among(name, known))
    return name


def _check_time(text: str) -> str:
    if text and not _TIME.fullmatch(text):
        raise refusal(f"'{text}' is no time of day", 'write it like "19:30", or ""')
    return text


Folder = Annotated[Path, Field(strict=False)]
OptionalFile = Annotated[Folder | None, BeforeValidator(lambda text: None if text == "" else text)]


class ColumnSettings(Table):
    """Which column this is and where it stands."""

    name: Id = Field(
        default="zuil-1",
        description="Name of this column, as staff and the back office see it.",
        json_schema_extra={"write": 'small letters, digits and hyphens, like "zuil-1"'},
    )
    site: Folder = Field(
        default=Path("sites/berchem"),
        description="Folder of the municipality's data, with `site.toml` in it; relative to the settings file.",
    )
    contact_point: str = Field(
        default="districtshuis",
        min_length=1,
        description="Id of the contact point where the column stands, as in `site.toml`.",
    )
    data: Folder = Field(
        default=Path("var"),
        description="Folder for everything the column must remember; relative to the settings file.",
    )


class ScreenSettings(Table):
    """The screen; sizes of letters and targets are computed from it in millimetres."""

    width_px: int = Field(default=1080, ge=320, le=7680, description="Width in pixels.")
    height_px: int = Field(default=1920, ge=320, le=7680, description="Height in pixels.")
    diagonal_inch: float = Field(default=27.0, ge=7, le=100, description="Diagonal of the visible screen, in inches.")
    viewing_distance_mm: int = Field(
        default=600, ge=300, le=1500, description="Distance from eye to screen, in millimetres."
    )
    fullscreen: bool = Field(default=True, description="Whether the kiosk fills the screen.")
    window_scale: float = Field(
        default=0.5,
        ge=0.2,
        le=1.0,
        description="Size of the window as a share of the real size, when fullscreen is false.",
    )

    @property
    def px_per_mm(self) -> float:
        """Pixels in a millimetre, from the diagonal."""
        return math.hypot(self.width_px, self.height_px) / self.diagonal_inch / _MM_PER_INCH


class VisitSettings(Table):
    """How long the column waits for a person."""

    idle_seconds: int = Field(
        default=60,
        ge=20,
        le=600,
        description="Seconds without a touch before the column asks whether anybody is there.",
    )
    warning_seconds: int = Field(
        default=20,
        ge=20,
        le=300,
        description="Seconds to answer that question; at least 20 (WCAG 2.2, success criterion 2.2.1).",
    )
    ticket_seconds: int = Field(
        default=30, ge=10, le=300, description="Seconds the number stays on the screen when nobody touches it."
    )


class PrinterSettings(Table):
    """The receipt printer."""

    uri: Annotated[str, AfterValidator(_check_printer)] = Field(
        default=NO_PRINTER,
        description="Address of the printer; none gives numbers on the screen only.",
        json_schema_extra={"write": _PRINTERS},
    )
    profile: Annotated[str, AfterValidator(_check_profile)] = Field(
        default="generic-80mm",
        description="Model of the printer, as in the table of profiles.",
        json_schema_extra={"write": 'the name of a profile, like "generic-80mm"'},
    )
    roll_metres: int = Field(
        default=80,
        ge=10,
        le=400,
        description="Length of a roll of paper, in metres; corrected by itself once some rolls have run out.",
    )


class SheetPrinterSettings(Table):
    """The printer of A4 pages, for attests."""

    uri: Annotated[str, AfterValidator(_check_sheet_printer)] = Field(
        default=NO_PRINTER,
        description="Address of the printer, directly or through CUPS; without one, attests come on receipt paper.",
        json_schema_extra={"write": _SHEETS},
    )


class AttestSettings(Table):
    """Attests: where they are checked and fetched. What there is to ask for stands in the site's files."""

    public_url: Url = Field(
        default="",
        description="Public address of the back office, printed on attests as the place to check them, and behind the "
        "code with which somebody takes the file along; empty prints none and offers no file.",
        json_schema_extra={"write": 'an address like "https://backoffice.example", or ""'},
    )


class FeeSettings(Table):
    """How fees are taken."""

    method: Literal["none", "counter", "practice"] = Field(
        default="counter",
        description="How fees are taken where there is no terminal, or it cannot be used: at the counter, with a slip "
        "(staff say in the back office or at the column that it was paid); none refers to the counter for the whole; "
        "practice takes nothing and is for a practice site only.",
    )


class TerminalSettings(Table):
    """The payment terminal."""

    uri: Annotated[str, AfterValidator(_check_terminal)] = Field(
        default=NO_TERMINAL,
        description="Address of the terminal; without one, fees are taken as [fees] says.",
        json_schema_extra={"write": _TERMINALS},
    )
    cards: str = Field(
        default="",
        description="Names of the cards it takes, shown before somebody pays.",
        json_schema_extra={"write": 'names as people know them, like "Bancontact, Visa, Mastercard"'},
    )
    card_seconds: int = Field(
        default=90, ge=30, le=300, description="Seconds without a card after which the terminal is asked to stop."
    )
    reverses: bool = Field(
        default=True,
        description="Whether what was paid and could not be given is undone at the terminal; else staff pay back.",
    )
    end_of_day: Annotated[str, AfterValidator(_check_time)] = Field(
        default="",
        description="From when on each day the terminal closes its period and its totals are laid beside ours; empty "
        "where the terminal or its bank does so by itself, and then only staff ask for it.",
        json_schema_extra={"write": 'a time like "19:30", or ""'},
    )

    @property
    def day_end(self) -> time | None:
        """`end_of_day` as a time."""
        return time.fromisoformat(self.end_of_day) if self.end_of_day else None


class CardSettings(Table):
    """The reader of identity cards, and what cards are verified with."""

    reader: Reader = Field(
        default=NO_READER,
        description="Where the card reader is: none, any reader of this machine, one by a part of its name, or, for "
        "practice only, a virtual slot for a simulated card.",
        json_schema_extra={"write": READERS},
    )
    trust: OptionalFile = Field(
        default=None,
        description="PEM file with the roots that cards are verified against; without it no card can be verified.",
        json_schema_extra={"write": 'the name of a file, relative to the settings file, or ""'},
    )
    revocations: OptionalFile = Field(
        default=None,
        description="File with revocation lists (CRL, DER or PEM), checked offline; its age is told.",
        json_schema_extra={"write": 'the name of a file, relative to the settings file, or ""'},
    )
    screen_pin: bool = Field(
        default=True, description="Whether a PIN may be keyed on the screen where the reader has no keys of its own."
    )


class SpeechSettings(Table):
    """Reading aloud."""

    program: str = Field(
        default="espeak-ng",
        description="Program that speaks; empty when the column has no loudspeaker.",
        json_schema_extra={"write": 'the name of a program, or ""'},
    )
    volume: int = Field(default=80, ge=0, le=100, description="Loudness in percent.")
    rate: int = Field(default=150, ge=80, le=300, description="Words in a minute.")
    private: bool = Field(
        default=False,
        description="Whether only the person hears it, because sound goes to headphones alone; only then are personal "
        "data and keys of a PIN said.",
    )


class SyncSettings(Table):
    """The way to the central back office."""

    url: Url = Field(
        default="",
        description="Address of the back office; empty when there is none.",
        json_schema_extra={"write": 'an address like "https://backoffice.example", or ""'},
    )
    ca: OptionalFile = Field(
        default=None,
        description="PEM file with a town's own certificate authority; then no other is believed. Empty believes the "
        "public ones.",
        json_schema_extra={"write": 'the name of a file, relative to the settings file, or ""'},
    )
    proxy: Proxy = Field(
        default="",
        description="Proxy through which the back office is reached; empty goes directly, whatever the variables of "
        "the machine say.",
        json_schema_extra={"write": 'an address like "http://proxy.example:3128", or ""'},
    )
    apart: bool = Field(
        default=False,
        description="Whether a process of its own, `zuil sync`, talks to the back office, and not the kiosk's own "
        "program; so in the Debian package.",
    )
    heartbeat_seconds: int = Field(
        default=30, ge=5, le=3600, description="Seconds between two signs of life when there is nothing else to send."
    )
    follow_url: Url = Field(
        default="",
        description="First part of the address behind the QR code of a ticket; empty prints no code.",
        json_schema_extra={"write": 'an address like "https://queue.example", or ""'},
    )


class LogSettings(Table):
    """What the column writes down about itself; never anything about a person."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least important records that are kept."
    )
    folder: Folder = Field(
        default=Path("var/log"), description="Folder of the log files; relative to the settings file."
    )


class PracticeSettings(Table):
    """Only for a site that says it is practice."""

    clock_shift_seconds: int = Field(
        default=0,
        ge=-366 * 86_400,
        le=366 * 86_400,
        description="How far the column's clock is put forward, so that one can practise out of opening hours.",
    )
    dock: OptionalFile = Field(
        default=None,
        description="Folder in which the dock of a demonstration turns this column's clock and lays its hand on the "
        "screen.",
        json_schema_extra={"write": 'the name of a folder, relative to the settings file, or ""'},
    )


class Settings(Table):
    """All settings of a column."""

    column: ColumnSettings = Field(default_factory=ColumnSettings)
    screen: ScreenSettings = Field(default_factory=ScreenSettings)
    visit: VisitSettings = Field(default_factory=VisitSettings)
    printer: PrinterSettings = Field(default_factory=PrinterSettings)
    sheet_printer: SheetPrinterSettings = Field(default_factory=SheetPrinterSettings)
    card: CardSettings = Field(default_factory=CardSettings)
    attests: AttestSettings = Field(default_factory=AttestSettings)
    terminal: TerminalSettings = Field(default_factory=TerminalSettings)
    fees: FeeSettings = Field(default_factory=FeeSettings)
    staff: StaffSettings = Field(default_factory=StaffSettings)
    speech: SpeechSettings = Field(default_factory=SpeechSettings)
    sync: SyncSettings = Field(default_factory=SyncSettings)
    log: LogSettings = Field(default_factory=LogSettings)
    practice: PracticeSettings = Field(default_factory=PracticeSettings)


def load_settings(path: Path | None) -> Settings:
    """The settings of a file, checked, every folder absolute.

    Args:
        path: a TOML file; None gives the defaults: the demo site, and data below the working directory.

    Raises:
        ConfigError: with every mistake of the file.
    """
    if path is None:
        return _absolute(Settings(), site_base=_HERE, data_base=Path.cwd())
    findings = Findings()
    settings = read_table(TomlSource(path), Settings, findings)
    findings.stop_if_any()
    if settings is None:
        raise AssertionError("settings that cannot be used were reported")
    folder = path.resolve().parent
    return _absolute(settings, site_base=folder, data_base=folder)


def _absolute(settings: Settings, site_base: Path, data_base: Path) -> Settings:
    column = settings.column
    placed = _with(column, site=site_base / column.site, data=data_base / column.data)
    log = _with(settings.log, folder=data_base / settings.log.folder)
    card = settings.card
    files = {"trust": card.trust, "revocations": card.revocations}
    card = _with(card, **{name: data_base / path for name, path in files.items() if path is not None})
    sync = settings.sync
    if sync.ca is not None:
        sync = _with(sync, ca=data_base / sync.ca)
    practice = settings.practice
    if practice.dock is not None:
        practice = _with(practice, dock=data_base / practice.dock)
    return _with(settings, column=placed, log=log, card=card, sync=sync, practice=practice)


def _with(table: T, **changes: object) -> T:
    return table.model_copy(update=changes)
