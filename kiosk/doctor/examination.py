"""The whole examination: `examine` for a column, `examine_machine` for what it stands on, both as one report.

Not for: how it is printed (`kiosk.commands.doctor`, `pages`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from config.column import ColumnConfig
from config.problems import ConfigError
from kiosk import __version__
from kiosk.doctor import (
    attests,
    cards,
    clock,
    database,
    devices,
    disk,
    hardware,
    lockdown,
    lockdown_system,
    network,
    settings,
    units,
)
from kiosk.doctor.column import Examined
from kiosk.doctor.finding import Check, Finding, Severity, worst
from kiosk.doctor.machine import Machine
from kiosk.doctor.run import run_checks
from kiosk.snapshots import load_current

FORMAT = 1
"""Of the JSON form; it rises when a member changes its meaning or goes."""

COLUMN: tuple[Check[Examined], ...] = (
    *settings.CHECKS,
    *devices.CHECKS,
    *cards.CHECKS,
    *attests.CHECKS,
    *database.CHECKS,
    *disk.CHECKS,
    *clock.CHECKS,
    *network.CHECKS,
)
MACHINE: tuple[Check[Machine], ...] = (*units.CHECKS, *lockdown.CHECKS, *lockdown_system.CHECKS, *hardware.CHECKS)


@dataclass(frozen=True)
class Report:
    """Everything that was found, at one moment."""

    findings: tuple[Finding, ...]
    at: datetime

    @property
    def worst(self) -> Severity:
        """The worst of it."""
        return worst(self.findings)

    def as_data(self) -> dict[str, object]:
        """For a machine; docs/doctor.md describes it."""
        return {
            "format": FORMAT,
            "version": __version__,
            "examinedAt": self.at.isoformat(timespec="seconds"),
            "worst": self.worst.value,
            "findings": [
                {
                    "id": each.id,
                    "subject": each.subject,
                    "severity": each.severity.value,
                    "found": each.found,
                    "nextStep": each.next_step,
                }
                for each in self.findings
            ],
        }


def examine(path: Path | None) -> list[Finding]:
    """Examine a column; nothing it does has an effect, and it may be called beside or inside a running kiosk.

    Args:
        path: its settings file; None for the defaults.

    Raises:
        config.problems.ConfigError: when settings or site cannot be used; nothing else of it can be examined then.
    """
    return examine_column(load_current(path), path)


def examine_column(config: ColumnConfig, path: Path | None = None) -> list[Finding]:
    """Examine a column whose settings and site were loaded, from `path` where that is known; see `examine`."""
    return run_checks(COLUMN, Examined.of(config, path))


def examine_machine(root: Path = Path("/")) -> list[Finding]:
    """Examine the machine: services, lock-down, boot, disk. Never raises."""
    return run_checks(MACHINE, Machine(root))


def report(path: Path | None, *, column: bool = True, machine: bool = True, root: Path = Path("/")) -> Report:
    """Both parts or one of them; settings that cannot be used are a finding like any other."""
    found: list[Finding] = []
    if column:
        try:
            found += examine(path)
        except ConfigError as error:
            found.append(settings.SETTINGS.broken(str(error), "correct the file; every mistake is named with its line"))
    if machine:
        found += examine_machine(root)
    return Report(tuple(found), datetime.now(UTC))
