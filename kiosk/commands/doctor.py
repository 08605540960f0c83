"""The examination behind `zuil doctor`: settings, site, enrolment, devices, attests, back office, speech.

Nothing it does has an effect: no print, no ticket. Not for: repairing.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import requests

from config.column import ColumnConfig
from config.settings import NO_PRINTER, NO_TERMINAL
from drivers.cards.address import ReaderAddress, VirtualReader, parse_reader
from drivers.cards.opening import CardFilesAtHand, open_cards
from drivers.contract import CannotOpen, DeviceStatus, Reason
from drivers.printers.opening import open_printer
from drivers.printers.sheet_opening import open_sheet_printer
from drivers.runner import Driver
from kiosk.app import terminal_of
from kiosk.clock import SystemClock
from kiosk.paths import FONTS
from kiosk.snapshots import Snapshots, load_current
from sync.client.column import IdentityDamaged, NotEnrolled
from sync.client.column import load_column as load_enrolment

_LEAST_ROOM_MB = 500


@dataclass(frozen=True)
class Finding:
    """One thing examined.

    Attributes:
        wrong: whether somebody must act.
        says: what was found, and the next step when it is wrong.
    """

    subject: str
    wrong: bool
    says: str

    def __str__(self) -> str:
        return f"{'WRONG' if self.wrong else 'OK   '}  {self.subject}: {self.says}"


def examine(path: Path | None) -> list[Finding]:
    """Examine a column.

    Raises:
        config.problems.ConfigError: when settings or site cannot be used; nothing else can be examined then.
    """
    config = load_current(path)
    return [
        _settings(config, str(path or "defaults")),
        _version(config),
        *_enrolment(config),
        *_printer(config),
        *_sheets(config),
        *_terminal(config),
        *_cards(config),
        *_attests(config),
        *_backoffice(config),
        *_speech(config),
    ]


def examine_running(config: ColumnConfig, devices: Mapping[str, DeviceStatus]) -> list[Finding]:
    """Examine a column that serves: its devices are asked nothing, because it has them open; it says how they are."""
    return [
        _settings(config, "as started"),
        _version(config),
        *_enrolment(config),
        *(_device(name, status) for name, status in devices.items()),
        *([] if config.settings.card.trust is None else [_card_roots(config)]),
        *_attests(config),
        *_backoffice(config),
        *_speech(config),
        _room(config),
    ]


def _settings(config: ColumnConfig, source: str) -> Finding:
    return Finding("settings", False, f"{source}; site {config.site.id}, contact point {config.here.id}")


def _version(config: ColumnConfig) -> Finding:
    """Which version of settings and offer is in use, and since when."""
    state = Snapshots(config.settings.column.data).read()
    if not state.active:
        return Finding("version", False, "settings and offer are those of the settings file; none came from afar")
    days = (time.time() - state.since_ms / 1000) // 86_400
    trial = ", on trial for its first minute" if state.trial else ""
    return Finding("version", False, f"{state.active} of settings and offer, in use for {days:.0f} days{trial}")


def _device(name: str, status: DeviceStatus) -> Finding:
    reason = f" ({status.reason.value}: {status.raw})" if status.reason else ""
    absent = status.reason is Reason.NOT_CONFIGURED
    return Finding(name, not status.usable and not absent, f"{status.health.value}{reason}")


def _room(config: ColumnConfig) -> Finding:
    free = shutil.disk_usage(config.settings.column.data).free // 1_000_000
    return Finding("disk", free < _LEAST_ROOM_MB, f"{free} MB free where the column keeps its data")


def _enrolment(config: ColumnConfig) -> Iterator[Finding]:
    try:
        column = load_enrolment(config.settings.column.data / "identity")
    except (NotEnrolled, IdentityDamaged) as error:
        yield Finding("enrolment", True, str(error))
        return
    wrong = column.office_id != config.here.id
    yield Finding(
        "enrolment",
        wrong,
        f"enrolled for {column.office_id}, but set to stand in {config.here.id}; enrol again or change contact_point"
        if wrong
        else f"{column.source}, own numbers end in {column.suffix}",
    )


def _printer(config: ColumnConfig) -> Iterator[Finding]:
    settings = config.settings.printer
    if settings.uri == NO_PRINTER:
        yield Finding("printer", False, "none is set; numbers stand on the screen only")
        return
    yield _state("printer", settings.uri, open_printer(settings.uri, settings.profile, FONTS)())


def _sheets(config: ColumnConfig) -> Iterator[Finding]:
    uri = config.settings.sheet_printer.uri
    if uri == NO_PRINTER:
        yield Finding("A4 printer", False, "none is set; attests come on receipt paper or as a file")
        return
    yield _state("A4 printer", uri, open_sheet_printer(uri)())


def _terminal(config: ColumnConfig) -> Iterator[Finding]:
    """How the payment terminal is; nothing is ever charged for it."""
    uri = config.settings.terminal.uri
    if uri == NO_TERMINAL:
        yield Finding("payment terminal", False, "none is set; what costs something is referred to the counter")
        return
    yield _state("payment terminal", uri.partition("?")[0], terminal_of(config)())


def _state(what: str, uri: str, driver: Driver | CannotOpen) -> Finding:
    """What the device at `uri` says of itself; it is closed after."""
    if isinstance(driver, CannotOpen):
        return Finding(what, True, f"{uri}: {driver.reason.value}: {driver.detail}")
    status = driver.status()
    driver.close()
    reason = f" ({status.reason.value}: {status.raw})" if status.reason else ""
    return Finding(what, not status.usable, f"{uri}: {status.health.value}{reason}")


def _attests(config: ColumnConfig) -> Iterator[Finding]:
    """Whether attests can be sealed today, and until when."""
    from kiosk.attesting import ATTEST_FOLDER
    from kiosk.documents.seal.keys import FileAttestKey, NoAttestKey
    from sync.client.sealing_keys import load_sealing_key

    if config.site.signing is None:
        yield Finding("attests", False, "the site issues none")
        return
    clock = SystemClock(config.site.timezone, config.settings.practice.clock_shift_seconds)
    identity, now = config.settings.column.data / "identity", clock.now()
    try:
        key = FileAttestKey.load(identity / ATTEST_FOLDER)
    except NoAttestKey as error:
        yield Finding("attests", True, str(error))
        return
    if not key.valid_from <= now < key.valid_to:
        said = (
            f"the certificate counts from {key.valid_from:%d.%m.%Y} to {key.valid_to:%d.%m.%Y}; it is renewed on line"
        )
        yield Finding("attests", True, said)
    elif load_sealing_key(identity, now) is None:
        yield Finding("attests", True, "no key to seal personal data to; make one with `zuil backoffice sealing-key`")
    else:
        yield Finding("attests", False, f"sealed with a certificate that counts until {key.valid_to:%d.%m.%Y}")


def _cards(config: ColumnConfig) -> Iterator[Finding]:
    address = parse_reader(config.settings.card.reader)
    if address is None:
        yield Finding("card reader", False, "none is set; nothing is offered with a card")
        return
    yield _card_reader(address, config.settings.card.reader)
    yield _card_roots(config)


def _card_reader(address: ReaderAddress, written: str) -> Finding:
    if isinstance(address, VirtualReader):
        # The column itself listens there; whoever looked in beside it would only take its place.
        return Finding("card reader", False, f"{written}: a slot for simulated cards, for practice")
    driver = open_cards(address, CardFilesAtHand(), lambda: datetime.now().astimezone())()
    if isinstance(driver, CannotOpen):
        return Finding("card reader", True, f"{written}: {driver.reason.value}: {driver.detail}")
    status = driver.status()
    slot = driver.slot.card
    driver.close()
    reason = f"{status.reason.value}: {status.raw}" if status.reason else status.raw
    card = f"; in it now: {slot.value}" if slot else ""
    return Finding("card reader", not status.usable, f"{written}: {reason}{card}")


def _card_roots(config: ColumnConfig) -> Finding:
    from drivers.cards.beid.trust import TrustFileWrong, load_trust

    card = config.settings.card
    if card.trust is None:
        return Finding("card roots", True, "no trust file is set, so no card can be verified; set card.trust")
    try:
        load_trust(card.trust, card.revocations, specimens=config.site.practice)
    except TrustFileWrong as wrong:
        return Finding("card roots", True, str(wrong))
    return Finding("card roots", False, str(card.trust))


def _backoffice(config: ColumnConfig) -> Iterator[Finding]:
    url = config.settings.sync.url
    if not url:
        yield Finding("back office", False, "none is set; tickets stay on this column")
        return
    try:
        answer = requests.get(f"{url}/health", timeout=(3, 10), allow_redirects=False)
        healthy = answer.status_code == 200 and answer.json().get("status") == "UP"
    except (requests.RequestException, ValueError, AttributeError) as error:
        yield Finding("back office", True, f"{url} does not answer as a back office does: {type(error).__name__}")
        return
    yield Finding("back office", not healthy, f"{url} answers {answer.status_code}")


def _speech(config: ColumnConfig) -> Iterator[Finding]:
    program = config.settings.speech.program
    if not program:
        yield Finding("speech", False, "switched off")
        return
    found = shutil.which(program)
    yield Finding(
        "speech", found is None, found or f"program '{program}' is not installed; install it or set it to \"\""
    )
