"""The bench of a real machine: finders, drivers, the voice, the back office.

Simulated devices are met here too: they stand at the other end of the same cables. Not for: what follows from it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from drivers.card_contract import CardDriver, CardFailed, CardKind, CardRequest, Field, Progress
from drivers.cards.address import BadReaderAddress, parse_reader
from drivers.cards.opening import CardFilesAtHand, open_cards
from drivers.contract import CannotOpen, Printed, PrinterDriver, PrintResult, Refused, Sheet, Unknown
from drivers.payments.opening import open_terminal
from drivers.printers.opening import open_printer
from drivers.printers.sheet_opening import open_sheet_printer
from kiosk import __version__
from kiosk.core.texts import Language
from kiosk.doctor.devices import NEXT, told
from kiosk.doctor.finding import Finding, Row
from kiosk.paths import DOCUMENTS, FONTS
from kiosk.setup.finders.everything import find_everything
from kiosk.setup.finders.network import Run, open_ports, run_program
from kiosk.setup.found import Found
from sync.client.enrolment import Joined, join
from sync.client.route import Route
from sync.protocol.invitation import Invitation

PAPER = Row("trial.paper", "test page", "the test page came out of the receipt printer")
SHEET = Row("trial.sheet", "test page of A4", "the test page came out of the A4 printer")
CARD = Row("trial.card", "card", "a card was read, and its signatures verified where roots are set")
TERMINAL = Row("trial.terminal", "payment terminal", "the terminal answers; nothing is charged")
VOICE = Row("trial.voice", "voice", "the program that reads aloud said a sentence")

SAY_S = 15.0
_LOOK_S = 0.1


class MachineBench:
    """Fits `kiosk.setup.bench.Bench`.

    Args:
        root: where the machine's files are.
        run: runs the programs that find printers.
    """

    def __init__(self, root: Path = Path("/"), run: Run = run_program) -> None:
        self._root = root
        self._run = run

    def find(self) -> Found:
        """See `Bench`."""
        return find_everything(self._root, self._run)

    def open_ports(self, host: str) -> tuple[int, ...]:
        """See `Bench`."""
        return open_ports(host)

    def print_paper(self, uri: str, profile: str) -> Finding:
        """See `Bench`."""
        from kiosk.documents.test_paper import test_paper

        return _printed(PAPER, lambda: open_printer(uri, profile, FONTS)(), lambda: test_paper(uri, profile))

    def print_sheet(self, uri: str) -> Finding:
        """See `Bench`."""
        from kiosk.documents.test_sheet import test_sheet

        def page() -> Sheet:
            return Sheet(test_sheet(uri, FONTS, DOCUMENTS), "Zuil")

        return _printed(SHEET, lambda: open_sheet_printer(uri)(), page)

    def read_card(self, reader: str, trust: Path | None, seconds: float, *, practice: bool) -> Finding:
        """See `Bench`."""
        try:
            address = parse_reader(reader)
        except BadReaderAddress as bad:
            return CARD.broken(str(bad), "name another reader")
        if address is None:
            return CARD.ok("no reader is set")
        files = CardFilesAtHand(trust, specimens=practice)
        driver = open_cards(address, files, lambda: datetime.now().astimezone())()
        if isinstance(driver, CannotOpen):
            return CARD.broken(f"{driver.reason.value}: {driver.detail}", "see docs/drivers/beid.md")
        try:
            return _card(driver, seconds)
        finally:
            driver.close()

    def ask_terminal(self, uri: str) -> Finding:
        """See `Bench`."""
        driver = open_terminal(uri)()
        place = uri.partition("?")[0]
        if isinstance(driver, CannotOpen):
            return TERMINAL.broken(f"{place}: {driver.reason.value}: {driver.detail}", NEXT)
        try:
            return told(TERMINAL, place, driver.status())
        finally:
            driver.close()

    def say(self, program: str, text: str, language: Language) -> Finding:
        """See `Bench`."""
        voice = shutil.which(program)
        if voice is None:
            return VOICE.broken(f"{program} is not installed", "install the package espeak-ng")
        words = [voice, "-v", language, "--stdin"]
        try:
            done = subprocess.run(  # noqa: S603 - our words
                words, input=text.encode(), capture_output=True, timeout=SAY_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return VOICE.broken(f"{program}: {type(error).__name__}", "look at the sound device")
        return VOICE.either(
            done.returncode == 0, "said", f"{program} ended with {done.returncode}", "look at the sound"
        )

    def join(self, invitation: Invitation, identity: Path, *, practice: bool, route: Route) -> Joined:
        """See `Bench`."""
        return join(invitation, identity, app_version=__version__, practice=practice, route=route)

    def fetch_numbers(self, settings: Path) -> int:
        """See `Bench`."""
        from config.column import load_column
        from config.texts import load_texts
        from kiosk.app import Kiosk
        from kiosk.paths import TRANSLATIONS

        config = load_column(settings)
        try:
            return Kiosk(config, load_texts(TRANSLATIONS)).fetch_numbers()
        finally:
            hand_over(config.settings.column.data)

    def examine(self, settings: Path) -> tuple[Finding, ...]:
        """See `Bench`."""
        from kiosk.doctor.examination import report

        return report(settings, machine=False).findings


def hand_over(data: Path, chown: Callable[[Path, int, int], None] = os.chown) -> None:
    """Give everything in the data folder to whom the folder belongs.

    Set-up often runs as root, and the kiosk's own user must read its keys and write its store.
    """
    owner = data.stat()
    for path in data.rglob("*"):
        info = path.lstat()
        if os.geteuid() == 0 and (info.st_uid, info.st_gid) != (owner.st_uid, owner.st_gid) and not path.is_symlink():
            chown(path, owner.st_uid, owner.st_gid)


def _printed(row: Row, open_it: Callable[[], PrinterDriver | CannotOpen], page: Callable[[], object]) -> Finding:  # type: ignore[type-arg]
    driver = open_it()
    if isinstance(driver, CannotOpen):
        return row.broken(f"{driver.reason.value}: {driver.detail}", NEXT)
    try:
        result: PrintResult = driver.print(str(uuid.uuid4()), page())
    finally:
        driver.close()
    match result:
        case Printed():
            return row.ok("printed")
        case Refused(reason):
            return row.broken(f"{reason.value}; nothing was printed", NEXT)
        case Unknown(reason):
            return row.attention(f"{reason.value}; there may or may not be paper", "look whether it came out")


def _card(driver: CardDriver, seconds: float) -> Finding:
    limit = time.monotonic() + seconds
    while True:
        driver.status()
        if driver.slot.card is CardKind.EID:
            break
        if time.monotonic() > limit:
            seen = driver.slot.card
            found = f"no identity card was put in ({seen.value})" if seen else "no card was put in"
            return CARD.attention(found, "put in an identity card, chip first, and try again")
        time.sleep(_LOOK_S)
    result = driver.read(CardRequest(frozenset({Field.NAME}), certificates=True), _quiet)
    if isinstance(result, CardFailed):
        return CARD.broken(f"{result.problem.value} {result.raw}".strip(), "try another card, then another reader")
    failed = ", ".join(check.name.value for check in result.verdict.failed)
    return CARD.either(not failed, "read and verified", f"read, but failed: {failed}", "see docs/drivers/beid.md")


def _quiet(progress: Progress) -> None:
    """Nobody watches."""
