"""What was found on this machine, as data. Not for: finding it (`finders`) or choosing among it (`plan`)."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.setup.finders.screens import FoundScreen


@dataclass(frozen=True)
class FoundPrinter:
    """A receipt printer, or something that may be one.

    Attributes:
        profile: the model's profile, or "" when nothing tells.
    """

    uri: str
    name: str
    profile: str = ""


@dataclass(frozen=True)
class FoundSheetPrinter:
    """A printer of A4 pages: a queue of CUPS, or one that announces itself in the network."""

    uri: str
    name: str


@dataclass(frozen=True)
class Readers:
    """Card readers.

    Attributes:
        names: as pcscd calls them.
        plugged: readers on USB, which pcscd may not serve yet.
        trouble: why pcscd tells none, and what to do; "" when it answered.
    """

    names: tuple[str, ...] = ()
    plugged: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True)
class Sound:
    """Sound devices.

    Attributes:
        outputs: names of the cards.
        jack: whether the machine can tell that headphones are plugged in.
    """

    outputs: tuple[str, ...] = ()
    jack: bool = False


@dataclass(frozen=True)
class Found:
    """Everything that was found.

    Attributes:
        touch: names of touch panels.
        serial: paths of serial lines, stable ones where there are such.
        problems: what could not be looked at, and why.
    """

    printers: tuple[FoundPrinter, ...] = ()
    sheet_printers: tuple[FoundSheetPrinter, ...] = ()
    readers: Readers = Readers()
    screens: tuple[FoundScreen, ...] = ()
    touch: tuple[str, ...] = ()
    serial: tuple[str, ...] = ()
    sound: Sound = Sound()
    problems: tuple[str, ...] = ()
