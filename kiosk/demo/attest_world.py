"""What attests need around a column, simulated at wire level: A4 printer, payment terminal, register, unsealer.

The unsealer is a process of its own, as it must be: the back office of the demo cannot open what columns sealed. Not
for: the other devices (`kiosk.demo.world`).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from drivers.simulated.ipp.faults import FAULTS
from drivers.simulated.ipp.printer import SimulatedIppPrinter
from drivers.simulated.terminal.scripts import SCRIPTS, Script
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from sync.backoffice.core import BackOffice
from sync.backoffice.registers.simulated.faults import REGISTER_FAULTS
from sync.backoffice.registers.simulated.server import RegisterServer

OK = "ok"
SHEET_PRINTER: dict[str, str] = {OK: "Prints.", **FAULTS}
"""Every state the printer of sheets can be put in, by name."""
REGISTER: dict[str, str] = {OK: "Answers.", **REGISTER_FAULTS}
"""Every state the register can be put in, by name."""
TERMINAL = SCRIPTS
"""What the payment terminal can be told to do with the payments to come, by name."""
RESULT = 9
"""Number of the message of a payment in which the terminal tells its result."""
_END_S = 5.0


class AttestWorld:
    """Printer, terminal, register and unsealer of one demo.

    Args:
        folder: where the sheets, the organisation's private key and the office's own key lie.
        database: of the back office.
        site_folder: the municipality's files.
        now: timezone-aware clock of the world.

    Attributes:
        socket: where the unsealer listens.
    """

    def __init__(self, folder: Path, database: str, site_folder: Path, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._database = database
        self._site_folder = site_folder
        self.printer = SimulatedIppPrinter(folder / "sheets")
        self.register = RegisterServer(now=now)
        self.terminal = SimulatedZvtTerminal()
        self.printer_state = self.register_state = OK
        # The name of a Unix socket may have about a hundred characters, which a folder of a test already has.
        self._short = tempfile.TemporaryDirectory(prefix="zuil-")
        self.socket = Path(self._short.name) / "unsealer"
        self._unsealer: subprocess.Popen[bytes] | None = None

    def start(self, office: BackOffice, verify_url: str) -> None:
        """Make the keys there are not yet, and begin."""
        from sync.backoffice.authority import make_office_key
        from sync.backoffice.sealing_keys import make_sealing_key

        key, office_key = self._folder / "opening.key", self._folder / "office-key"
        if not key.exists():
            make_sealing_key(office, key)
        if not office_key.exists():
            make_office_key(office, office_key)
        self.printer.start()
        self.terminal.start()
        self.register.start()
        command = [sys.executable, "-m", "kiosk.cli", "backoffice", "unsealer", "--database", self._database]
        places = {"--site": self._site_folder, "--key": key, "--socket": self.socket, "--attest-key": office_key}
        for name, place in places.items():
            command += [name, str(place)]
        command += ["--register", self.register.url, "--verify-url", verify_url]
        with (self._folder / "unsealer.log").open("wb") as log:
            self._unsealer = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - our own command

    def stop(self) -> None:
        """End everything."""
        if self._unsealer is not None:
            self._unsealer.terminate()
            try:
                self._unsealer.wait(_END_S)
            except subprocess.TimeoutExpired:
                self._unsealer.kill()
                self._unsealer.wait()
        self.register.stop()
        self.terminal.stop()
        self.printer.stop()
        self._short.cleanup()

    def set_printer(self, state: str) -> None:
        """Put the printer into a state of `SHEET_PRINTER`."""
        self.printer.clear_faults()
        if state != OK:
            self.printer.set_fault(state)
        self.printer_state = state

    def set_register(self, state: str) -> None:
        """Put the register into a state of `REGISTER`."""
        self.register.clear_faults()
        if state != OK:
            self.register.set_fault(state)
        self.register_state = state

    @property
    def terminal_state(self) -> str:
        """What the terminal does with the next payment."""
        return self.terminal.script.value

    def set_terminal(self, script: str) -> None:
        """Let the terminal do one of `TERMINAL` from now on; `cut` breaks the line when it tells the result."""
        self.terminal.cut_at = RESULT
        self.terminal.script = Script(script)

    def sheets(self) -> list[bytes]:
        """Every document that came out, oldest first."""
        return [sheet.pdf for sheet in self.printer.sheets]
