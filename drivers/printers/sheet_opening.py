"""From the address of a printer of A4 pages to a driver that opens itself.

Schemes of this tree first; any other scheme may be somebody else's (`drivers.added`).
Not for: receipt printers (`opening`) or threads (`drivers.runner`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from urllib.parse import SplitResult, parse_qsl, urlsplit

from drivers.added import added_factory
from drivers.contract import CannotOpen, SheetDriver
from drivers.printers.ipp.address import DEFAULT_PORT, IppAddress

LONGEST_PATH = 512
EXAMPLES = {"ipp": "ipp://192.0.2.20/ipp/print", "ipps": "ipps://printer.example/ipp/print"}
"""By scheme; a queue of CUPS has /printers/ and its name for a path."""

OpenSheetPrinter = Callable[[], SheetDriver | CannotOpen]
"""Makes a driver, in the thread of its bus."""
SheetPrinterFactory = Callable[[str], SheetDriver | CannotOpen]
"""What an entry point of the group names: called with the address."""


class BadSheetUri(ValueError):
    """An address that cannot be a printer of sheets; the message says what would be right."""


def open_sheet_printer(uri: str) -> OpenSheetPrinter:
    """Check the address now; what is returned makes the driver later.

    Raises:
        BadSheetUri: naming what would be right.
    """
    added: SheetPrinterFactory | None = added_factory(uri, EXAMPLES)
    if added is not None:
        return partial(added, uri)
    return partial(_ipp_printer, parse_sheet_uri(uri))


def parse_sheet_uri(text: str) -> IppAddress:
    """Read an address such as ipp://192.0.2.20/ipp/print.

    Raises:
        BadSheetUri: naming the mistake and a right example.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as problem:
        raise BadSheetUri(f"{text!r} is not an address ({problem}); {_examples()}") from None
    if parts.scheme not in EXAMPLES:
        raise BadSheetUri(f"{text!r} does not start with ipp:// or ipps://; {_examples()}")
    if parts.username is not None or parts.password is not None:
        raise BadSheetUri("a name or a password has no place in the address of a printer; allow this machine there")
    if not parts.hostname or port == 0 or parts.fragment:
        raise BadSheetUri(f"{text!r} should be a host, perhaps a port, and a queue; {_examples()}")
    if (
        not 2 <= len(parts.path) <= LONGEST_PATH
        or not parts.path.isascii()
        or not parts.path.isprintable()
        or " " in parts.path
    ):
        raise BadSheetUri(f"{text!r} names no queue after the host; {_examples()}")
    fingerprint = _fingerprint(parts)
    return IppAddress(parts.hostname, port or DEFAULT_PORT, parts.path, parts.scheme == "ipps", fingerprint)


def _fingerprint(parts: SplitResult) -> str | None:
    if not parts.query:
        return None
    settings = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme != "ipps" or set(settings) != {"sha256"}:
        raise BadSheetUri("the only setting after a question mark is sha256, of an ipps address")
    digits = settings["sha256"].replace(":", "").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise BadSheetUri("sha256 should be the 64 hexadecimal digits of the certificate's fingerprint")
    return digits


def _ipp_printer(address: IppAddress) -> SheetDriver | CannotOpen:
    from drivers.printers.ipp.driver import IppPrinter

    return IppPrinter(address)


def _examples() -> str:
    return f"right are {', '.join(EXAMPLES.values())}, or ipp://127.0.0.1/printers/NAME for a queue of CUPS"
