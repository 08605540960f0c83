"""The settings that may be set from afar for one column, and how they take the place of what its file says.

Nothing of how devices are reached, where data lie or whom the column trusts: those are the technician's, at the column.
Not for: how they get here (`kiosk.snapshots`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from config.checked import advice
from config.problems import ConfigError, Problem, choose_among
from config.settings import Settings

REMOTE: frozenset[str] = frozenset(
    {
        "visit.idle_seconds",
        "visit.warning_seconds",
        "visit.ticket_seconds",
        "terminal.cards",
        "terminal.card_seconds",
        "card.screen_pin",
        "attests.public_url",
        "speech.volume",
        "speech.rate",
        "sync.heartbeat_seconds",
        "sync.follow_url",
        "log.level",
    }
)
"""Dotted names."""

WHERE = Path("settings from the back office")
"""Stands for a file in the list of problems."""


def override(settings: Settings, values: Mapping[str, object]) -> Settings:
    """The settings with these in place of their own.

    Args:
        values: by dotted name.

    Raises:
        ConfigError: with every name that may not be set from afar and every value that is not possible.
    """
    problems: list[Problem] = []
    for name, value in values.items():
        if name not in REMOTE:
            right = choose_among(name, sorted(REMOTE))
            problems.append(Problem(WHERE, 1, f"'{name}' cannot be set from afar", right))
            continue
        changed = _changed(settings, name, value)
        if isinstance(changed, Problem):
            problems.append(changed)
        else:
            settings = changed
    if problems:
        raise ConfigError(problems)
    return settings


def read_setting(words: str) -> tuple[str, str | int | bool]:
    """`NAME=VALUE` as a technician types it.

    Raises:
        ConfigError: when there is no `=`, the name may not be set from afar, or the value is not possible.
    """
    name, equals, text = words.partition("=")
    if not equals:
        raise ConfigError([Problem(WHERE, 1, f"'{words}' is no setting", "write NAME=VALUE")])
    table, _, key = name.partition(".")
    value: str | int | bool = text
    kind = type(getattr(getattr(Settings(), table, None), key, ""))
    if kind is bool and text in ("true", "false"):
        value = text == "true"
    elif kind is int and text.removeprefix("-").isdecimal():
        value = int(text)
    override(Settings(), {name: value})
    return name, value


def _changed(settings: Settings, name: str, value: object) -> Settings | Problem:
    table_name, _, key = name.partition(".")
    table = getattr(settings, table_name)
    try:
        changed = type(table).model_validate({**table.model_dump(), key: value})
    except ValidationError:
        right = f"write {advice(type(table).model_fields[key])}"
        return Problem(WHERE, 1, f"'{name}' cannot be {str(value)[:60]!r}", right)
    return settings.model_copy(update={table_name: changed})
