"""What `zuil doctor` prints, as lines or as JSON.

Not for: looking (`kiosk.doctor`); `examine` stands here too for who knows it by this name.
"""

from __future__ import annotations

import json
from pathlib import Path

import typer

from kiosk.doctor.examination import examine, report
from kiosk.doctor.finding import Finding


def show(config: Path | None, *, column: bool, machine: bool, as_json: bool) -> int:
    """Examine and print.

    Returns:
        The exit status: 0 when everything is OK, 1 for attention, 2 for broken.
    """
    found = report(config, column=column, machine=machine)
    if as_json:
        typer.echo(json.dumps(found.as_data(), ensure_ascii=False, indent=2))
    else:
        for finding in found.findings:
            typer.echo(str(finding))
    return found.worst.status


__all__ = ["Finding", "examine", "show"]
