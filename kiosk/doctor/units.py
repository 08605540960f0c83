"""The services of an installed column: there, started with the machine, alive, and boxed in as they should be.

Not for: the rest of the machine (`lockdown`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from kiosk.doctor.finding import Check, Finding, Row, Unknowable
from kiosk.doctor.machine import Machine, is_yes, last

PROGRAM = Row("unit.program", "installed program", "/opt/zuil/current leads to a program")
KIOSK = Row("unit.zuil", "zuil.service", "the kiosk's unit is installed, enabled and active")
SHELL = Row("unit.zuil_shell", "zuil-shell.service", "the compositor's unit is installed, enabled and active")
NOTICE = Row("unit.zuil_notice", "zuil-notice.service", "the unit that shows a notice while the kiosk is down exists")
SYNC = Row("unit.zuil_sync", "zuil-sync.service", "where the sync has a unit of its own, it is enabled and active")
RESTART = Row("unit.restart", "restart", "the kiosk restarts always, and a limit of starts acts on purpose")
WATCHDOG = Row("unit.watchdog", "watchdog of the kiosk", "a kiosk that hangs is restarted (WatchdogSec)")
BOX = Row("unit.box", "box of the kiosk", "own user, no new privileges, read-only system, private temp, memory ceiling")
DUMPS = Row("unit.core_dumps", "core dumps of the kiosk", "what stands in memory never reaches a disk (LimitCORE=0)")

UNIT = "zuil.service"
_INSTALL = "install the Debian package of Zuil on the column"
_UNIT_FILE = "take the unit of the package as it is: remove what overrides it below /etc/systemd/system"


def _program(machine: Machine) -> Iterator[Finding]:
    yield PROGRAM.either(
        machine.at("opt/zuil/current").exists(),
        "/opt/zuil/current",
        "there is no program at /opt/zuil/current",
        _INSTALL,
    )


def _service(row: Row, machine: Machine) -> Iterator[Finding]:
    name = row.subject
    if machine.masked(name):
        yield row.broken("it is masked, so it never starts", f"run `systemctl unmask {name}`")
    elif machine.unit(name) is None:
        yield row.broken("it is not installed", _INSTALL)
    elif not machine.enabled(name):
        yield row.broken("it does not start with the machine", f"run `systemctl enable {name}`")
    elif not machine.active(name):
        yield row.broken("it is not active", f"run `systemctl status {name}`, then `systemctl start {name}`")
    else:
        yield row.ok("enabled and active")


def _notice(machine: Machine) -> Iterator[Finding]:
    there = machine.unit(NOTICE.subject) is not None
    yield (
        NOTICE.ok("installed")
        if there
        else NOTICE.attention("it is not installed: the screen is dark while the kiosk is down", _INSTALL)
    )


def _sync(machine: Machine) -> Iterator[Finding]:
    if machine.unit(SYNC.subject) is None:
        yield SYNC.ok("there is none; the kiosk itself talks to the back office")
    else:
        yield from _service(SYNC, machine)


def _restart(machine: Machine) -> Iterator[Finding]:
    unit = _kiosk_unit(machine)
    always = last(unit, "Service", "Restart") == "always"
    limit = last(unit, "Unit", "StartLimitAction") or last(unit, "Service", "StartLimitAction") or "none"
    if not always:
        yield RESTART.broken("it does not restart always (Restart=always)", _UNIT_FILE)
    elif limit == "none":
        yield RESTART.attention("after too many starts it stays down (StartLimitAction)", _UNIT_FILE)
    else:
        yield RESTART.ok(f"always; after too many starts: {limit}")


def _watchdog(machine: Machine) -> Iterator[Finding]:
    seconds = last(_kiosk_unit(machine), "Service", "WatchdogSec")
    yield WATCHDOG.either(
        seconds not in (None, "", "0", "infinity"), f"{seconds}", "a kiosk that hangs stays so", _UNIT_FILE
    )


def _box(machine: Machine) -> Iterator[Finding]:
    unit = _kiosk_unit(machine)
    said = {key: last(unit, "Service", key) for key in ("User", "ProtectSystem", "MemoryMax")}
    lacks = [key for key in ("NoNewPrivileges", "PrivateTmp") if not is_yes(last(unit, "Service", key))]
    if said["User"] in (None, "", "root", "0"):
        lacks.insert(0, "User")
    if said["ProtectSystem"] not in ("strict", "full"):
        lacks.append("ProtectSystem")
    if not said["MemoryMax"]:
        lacks.append("MemoryMax")
    found = f"it lacks {', '.join(lacks)}"
    if not lacks:
        yield BOX.ok(f"user {said['User']}, system {said['ProtectSystem']}, at most {said['MemoryMax']}")
    elif {"User", "NoNewPrivileges"} & set(lacks):
        yield BOX.broken(found, _UNIT_FILE)
    else:
        yield BOX.attention(found, _UNIT_FILE)


def _dumps(machine: Machine) -> Iterator[Finding]:
    zero = last(_kiosk_unit(machine), "Service", "LimitCORE") == "0"
    yield DUMPS.ok("none") if zero else DUMPS.attention("the unit permits them; the program itself refuses", _UNIT_FILE)


def _kiosk_unit(machine: Machine) -> list[tuple[str, str, str]]:
    unit = machine.unit(UNIT)
    if unit is None:
        raise Unknowable(f"{UNIT} is not installed on this machine")
    return unit


CHECKS: tuple[Check[Machine], ...] = (
    Check((PROGRAM,), _program),
    Check((KIOSK,), partial(_service, KIOSK)),
    Check((SHELL,), partial(_service, SHELL)),
    Check((NOTICE,), _notice),
    Check((SYNC,), _sync),
    Check((RESTART,), _restart),
    Check((WATCHDOG,), _watchdog),
    Check((BOX,), _box),
    Check((DUMPS,), _dumps),
)
