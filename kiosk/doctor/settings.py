"""The settings file and the site it names, the enrolment, the voice, the screen.

A settings file that cannot be used ends the examination of the column before this (`examination`). Not for: devices.
"""

from __future__ import annotations

import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from kiosk.doctor.column import Examined
from kiosk.doctor.finding import Check, Finding, Row
from kiosk.snapshots import Snapshots
from sync.client.column import IdentityDamaged, NotEnrolled
from sync.client.column import load_column as load_enrolment

SETTINGS = Row("settings", "settings", "the settings file and the site's files load without a mistake")
SECRETS = Row("settings.rights", "settings file", "nobody but its owner and group may write the settings file")
VERSION = Row("settings.version", "version", "which version of settings and offer from the back office is in use")
ENROLMENT = Row("enrolment", "enrolment", "the column joined a back office, for the contact point where it stands")
KEYS = Row("enrolment.key", "signing key", "the key is whole, fits the receipt, and nobody else may read it")
SPEECH = Row("speech", "speech", "the program that reads aloud is installed, or switched off")
SCREEN = Row("screen.size", "screen size", "the size in the settings is that of the screen that is connected")

_ENROL = "run `zuil enrol URL CODE` with a code of the back office"


def _settings(column: Examined) -> Iterator[Finding]:
    config = column.config
    where = column.path or "defaults"
    yield SETTINGS.ok(f"{where}; site {config.site.id}, contact point {config.here.id}")
    if column.path is None:
        yield SECRETS.ok("there is no file; the defaults count")
        return
    mode = stat.S_IMODE(column.path.stat().st_mode)
    yield SECRETS.either(
        not mode & stat.S_IWOTH,
        f"mode {mode:04o}",
        f"anybody may change {column.path} (mode {mode:04o})",
        f"run `chmod o-w {column.path}`",
    )


def _version(column: Examined) -> Iterator[Finding]:
    """Which version of settings and offer is in use, and since when."""
    state = Snapshots(column.data).read()
    if not state.active:
        yield VERSION.ok("settings and offer are those of the settings file; none came from afar")
        return
    days = (time.time() - state.since_ms / 1000) // 86_400
    trial = ", on trial for its first minute" if state.trial else ""
    yield VERSION.ok(f"{state.active} of settings and offer, in use for {days:.0f} days{trial}")


def _enrolment(column: Examined) -> Iterator[Finding]:
    try:
        joined = load_enrolment(column.identity)
    except NotEnrolled as error:
        yield ENROLMENT.broken(str(error), _ENROL)
        return
    except IdentityDamaged as error:
        yield ENROLMENT.broken(str(error), "restore the identity folder, or enrol again")
        return
    here = column.config.here.id
    yield ENROLMENT.either(
        joined.office_id == here,
        f"{joined.source}, own numbers end in {joined.suffix}",
        f"enrolled for {joined.office_id}, but set to stand in {here}",
        "enrol again or change contact_point",
    )
    yield from _key(column)


def _key(column: Examined) -> Iterator[Finding]:
    from sync.client.identity import load_identity

    try:
        identity = load_identity(column.identity)
    except IdentityDamaged as error:
        yield KEYS.broken(str(error), "restore the identity folder, or enrol again")
        return
    yield KEYS.ok(f"check digits {identity.check}")


def _speech(column: Examined) -> Iterator[Finding]:
    program = column.config.settings.speech.program
    if not program:
        yield SPEECH.ok("switched off")
        return
    found = shutil.which(program)
    yield SPEECH.either(
        found is not None, f"{found}", f"program '{program}' is not installed", 'install it or set it to ""'
    )


def _screen(column: Examined) -> Iterator[Finding]:
    from kiosk.setup.finders.screens import screens_of

    settings = column.config.settings.screen
    if not settings.fullscreen:
        yield SCREEN.ok("a window, not a full screen")
        return
    found = screens_of(Path("/sys/class/drm"))
    if not found:
        yield SCREEN.unknown("no screen is connected to this machine", "look at the screen's cable")
        return
    set_to = {settings.width_px, settings.height_px}
    fitting = next((each for each in found if {each.width_px, each.height_px} == set_to), None)
    yield SCREEN.either(
        fitting is not None,
        f"{settings.width_px} × {settings.height_px}, {settings.diagonal_inch} inch",
        f"set to {settings.width_px} × {settings.height_px}, but connected is {found[0]}",
        "run `zuil setup` again, or write the right size under screen",
    )


CHECKS: tuple[Check[Examined], ...] = (
    Check((SETTINGS, SECRETS), _settings),
    Check((VERSION,), _version),
    Check((ENROLMENT, KEYS), _enrolment),
    Check((SPEECH,), _speech),
    Check((SCREEN,), _screen),
)
