"""Printers and terminals in the network: only what announces itself, and only addresses a technician names.

Nothing is scanned. Announcements come from CUPS and Avahi where they are installed; a named address is asked on the
few ports that matter. Not for: talking to what is found.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from kiosk.setup.finders.usb import profile_of
from kiosk.setup.found import FoundPrinter, FoundSheetPrinter

RECEIPT_PORT, SHEET_PORT, TERMINAL_PORT = 9100, 631, 20007
PORTS = {RECEIPT_PORT: "receipt printer", SHEET_PORT: "A4 printer", TERMINAL_PORT: "payment terminal"}
PROBE_S = 1.5
PROGRAM_S = 6.0

Run = Callable[[Sequence[str]], str]
"""Runs a program; its output, or "" when it is not installed, fails or takes too long."""


def run_program(words: Sequence[str]) -> str:
    """See `Run`."""
    program = shutil.which(words[0])
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - fixed words of ours
            [program, *words[1:]], capture_output=True, timeout=PROGRAM_S, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def queues_of_cups(run: Run = run_program) -> tuple[FoundSheetPrinter, ...]:
    """Every queue CUPS has."""
    names = [line.strip() for line in run(["lpstat", "-e"]).splitlines()]
    usable = [name for name in names if re.fullmatch(r"[\w.-]{1,127}", name, re.ASCII)]
    return tuple(FoundSheetPrinter(f"ipp://127.0.0.1/printers/{name}", f"CUPS: {name}") for name in usable)


def announced(run: Run = run_program) -> tuple[tuple[FoundPrinter, ...], tuple[FoundSheetPrinter, ...]]:
    """What Avahi hears printers announce: raw ones (port 9100) and those of IPP."""
    raw = [_heard(line) for line in run(["avahi-browse", "-rptk", "_pdl-datastream._tcp"]).splitlines()]
    ipp = [_heard(line) for line in run(["avahi-browse", "-rptk", "_ipp._tcp"]).splitlines()]
    printers = {f"tcp://{each[1]}:{each[2]}": each for each in raw if each}
    sheets = {f"ipp://{each[1]}:{each[2]}/{_queue(each[3])}": each for each in ipp if each}
    return (
        tuple(FoundPrinter(uri, heard[0], profile_of(heard[0])) for uri, heard in printers.items()),
        tuple(FoundSheetPrinter(uri, heard[0]) for uri, heard in sheets.items()),
    )


def _heard(line: str) -> tuple[str, str, str, str] | None:
    """Name, address, port and text of a resolved line of `avahi-browse -p`."""
    words = line.split(";", 9)
    if len(words) < 10 or words[0] != "=" or words[2] != "IPv4" or not words[8].isdecimal():
        return None
    if not re.fullmatch(r"[0-9.]{7,15}", words[7]):
        return None
    name = re.sub(r"\\(\d{3})", lambda found: chr(int(found[1])), words[3])
    return "".join(letter for letter in name if letter.isprintable())[:60], words[7], words[8], words[9]


def _queue(text: str) -> str:
    found = re.search(r'"rp=([\w./-]+)"', text, re.ASCII)
    return found[1].lstrip("/") if found else "ipp/print"


def open_ports(host: str, ports: Sequence[int] = tuple(PORTS), seconds: float = PROBE_S) -> tuple[int, ...]:
    """Which of the ports take a connection at an address somebody named; the connection is closed at once."""
    with ThreadPoolExecutor(max(1, len(ports))) as pool:
        open_ = list(pool.map(lambda port: _takes(host, port, seconds), ports))
    return tuple(port for port, taken in zip(ports, open_, strict=True) if taken)


def _takes(host: str, port: int, seconds: float) -> bool:
    try:
        socket.create_connection((host, port), seconds).close()
    except (OSError, UnicodeError):
        return False
    return True
