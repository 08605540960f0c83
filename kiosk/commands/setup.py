"""`zuil setup`: a technician sets a column up, on its screen, as text over SSH, or from a file of answers.

Not for: what it asks and does (`kiosk.setup`).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.failures import Failed, failing_on

if TYPE_CHECKING:
    from kiosk.setup.scripted import Answers, Outcome

PACKAGED = Path("/etc/zuil/zuil.toml")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("setup")(setup)


def setup(
    config: Annotated[
        Path | None, typer.Option("--config", help="Settings file to make or change; /etc/zuil/zuil.toml without it.")
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="In this terminal, instead of on the screen.")] = False,
    answers: Annotated[
        Path | None, typer.Option("--answers", help="Ask nothing: TOML file with the answers.", show_default=False)
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --answers: the result for a machine; docs/setup.md describes it.")
    ] = False,
) -> None:
    """Find devices, ask what cannot be known, try everything, write the settings, join the back office.

    Running it again changes only what changed. Status 0 when the settings are written and the column belongs to its
    back office; 1 when not; 2 when answers cannot be used.
    """
    path = config or PACKAGED
    if answers is not None:
        _from_answers(path, answers, as_json=as_json)
        return
    if as_json:
        raise Failed("--json is for --answers; on the screen there is nobody to read it", 2)
    from kiosk.setup.running import set_up_in_terminal, set_up_on_screen

    in_terminal = text or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or _forced())
    done = set_up_in_terminal(path) if in_terminal else set_up_on_screen(path)
    raise typer.Exit(0 if done else 1)


def _forced() -> bool:
    """Whether somebody chose how Qt draws, so that there is a screen of some kind."""
    return bool(os.environ.get("QT_QPA_PLATFORM"))


def _from_answers(path: Path, file: Path, *, as_json: bool) -> None:
    from config.settings_writing import CannotRewrite
    from kiosk.setup.machine_bench import MachineBench
    from kiosk.setup.scripted import BadAnswers, read_answers, set_up
    from kiosk.store.errors import StoreRefused
    from sync.client.column import IdentityDamaged
    from sync.client.enrolment import EnrolmentFailed

    try:
        with failing_on(CannotRewrite, EnrolmentFailed, IdentityDamaged, StoreRefused, OSError):
            read: Answers = read_answers(file)
            outcome = set_up(path, read, MachineBench())
    except BadAnswers as bad:
        if as_json:
            typer.echo(json.dumps({"problems": bad.problems}, ensure_ascii=False, indent=2))
        raise Failed(str(bad), 2) from bad
    typer.echo(json.dumps(outcome.as_data(), ensure_ascii=False, indent=2) if as_json else _lines(outcome))


def _lines(outcome: Outcome) -> str:
    lines = [*outcome.lines] if outcome.changed else ["Nothing changes."]
    lines += [str(each) for each in (*outcome.trials, *outcome.findings) if each.wrong]
    if outcome.check:
        proved = "; the invitation proved it" if outcome.certain else ": compare on both screens"
        lines.append(f"Joined, check {outcome.check}{proved}")
    if outcome.numbers is not None:
        lines.append(f"{outcome.numbers} numbers for today, usable without the network.")
    return "\n".join(lines)
