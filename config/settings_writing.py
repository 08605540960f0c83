"""Changing a settings file as a person would: one line a setting, every comment and every other value left alone.

A new file is the example file, all explanations in it, with some settings switched on. Not for: which values are right
(`config.settings`), though a value can be checked before it is written.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path

from pydantic import BaseModel, ValidationError

from config.checked import advice
from config.problems import ConfigError
from config.settings import Settings
from config.settings_pages import settings_example
from config.toml_lines import lines_of

Value = str | int | float | bool
Key = tuple[str, str]
"""Table and setting: ("printer", "uri")."""

BACKUP = ".bak"
_VALUE = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|[^\s#,\]}]+')


class CannotRewrite(Exception):
    """A settings file that cannot be changed line by line; the text says what to do."""


def written(value: Value) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    # JSON's texts are TOML's, but for one character that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f") if isinstance(value, str) else str(value)


def rewritten(text: str | None, changes: Mapping[Key, Value]) -> str:
    """The text of a settings file with those settings; None begins with the example file.

    Raises:
        CannotRewrite: when a setting stands where it cannot be replaced without touching others.
    """
    before = settings_example() if text is None else text
    for key, value in changes.items():
        before = _with_setting(before, key, value)
    _prove(before, settings_example() if text is None else text, changes)
    return before


def value_in(text: str, key: Key) -> object | None:
    """The value a settings file gives, or None where it leaves the default.

    Raises:
        tomllib.TOMLDecodeError: when it is no TOML.
    """
    table = tomllib.loads(text).get(key[0])
    return table.get(key[1]) if isinstance(table, dict) else None


def difference(before: str, after: str, name: str) -> list[str]:
    """The changed lines with their neighbours, as `diff -u` shows them."""
    lines = unified_diff(before.splitlines(), after.splitlines(), f"{name} now", f"{name} then", n=1, lineterm="")
    return list(lines)


def problem_of(key: Key, value: object) -> str | None:
    """What is wrong with a value of a setting, and what would be right; None when it may be written."""
    table = Settings.model_fields[key[0]].annotation
    if not (isinstance(table, type) and issubclass(table, BaseModel)) or key[1] not in table.model_fields:
        raise KeyError(key)
    try:
        table.model_validate({key[1]: value})
    except ValidationError as error:
        detail = error.errors()[0]
        context = detail.get("ctx", {})
        if "found" in context and "expected" in context:
            return f"{context['found']}; {context['expected']}"
        return f"{value!r} cannot be used; write {advice(table.model_fields[key[1]])}"
    return None


def replace_file(path: Path, text: str) -> None:
    """Write the file whole or not at all; what stood there before is kept beside it, ending in `.bak`.

    Raises:
        OSError: when it cannot be written; the file is as it was.
        ConfigError: when the settings or the site they name cannot be used; the file is as it was.
    """
    from config.column import load_column

    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    _write(new, text, _mode_of(path))
    try:
        load_column(new)
    except ConfigError:
        new.unlink()
        raise
    if path.exists():
        _write(path.with_name(path.name + BACKUP), path.read_text(encoding="utf-8"), _mode_of(path))
        with suppress(PermissionError):
            os.chown(new, path.stat().st_uid, path.stat().st_gid)
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _mode_of(path: Path) -> int:
    """Settings hold no secret, and the kiosk's user, who does not own them, must read them."""
    return path.stat().st_mode & 0o777 if path.exists() else 0o644


def _write(path: Path, text: str, mode: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _with_setting(text: str, key: Key, value: Value) -> str:
    lines = text.splitlines()
    place = lines_of(text).get(key)
    line = f"{key[1]} = {written(value)}"
    if place:
        lines[place - 1] = _replaced(lines[place - 1], key, value)
        return _joined(lines)
    header = next((at for at, each in enumerate(lines) if each.split("#")[0].strip() == f"[{key[0]}]"), None)
    if header is None:
        described = str(Settings.model_fields[key[0]].annotation.__doc__ or "").strip()
        return _joined([*lines, "", f"# {described}", f"[{key[0]}]", line])
    end = next((at for at in range(header + 1, len(lines)) if lines[at].startswith("[")), len(lines))
    off = next((at for at in range(header + 1, end) if re.match(rf"#\s*{key[1]}\s*=", lines[at])), None)
    if off is not None:
        lines[off] = line
    else:
        lines.insert(_last_setting(lines, header, end) + 1, line)
    return _joined(lines)


def _last_setting(lines: list[str], header: int, end: int) -> int:
    """Where the table's last setting stands, switched on or off; the header where it has none."""
    found = [at for at in range(header + 1, end) if re.match(r"(#\s*)?[a-z_]+\s*=", lines[at])]
    return found[-1] if found else header


def _replaced(line: str, key: Key, value: Value) -> str:
    match = re.match(rf"(\s*(?:{key[0]}\s*\.\s*)?{key[1]}\s*=\s*)", line)
    old = _VALUE.match(line, match.end()) if match else None
    if match is None or old is None:
        raise CannotRewrite(
            f"the setting {'.'.join(key)} does not stand on a line of its own; write it below [{key[0]}], "
            "one setting a line, and run this again"
        )
    return line[: match.end()] + written(value) + line[old.end() :]


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def _prove(text: str, before: str, changes: Mapping[Key, Value]) -> None:
    """Whatever a line looked like: the file must now say what it said, and the changes.

    Raises:
        CannotRewrite: when it does not.
    """
    try:
        right, now = tomllib.loads(before), tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CannotRewrite(f"the settings file is no TOML ({error}); correct it first") from error
    for (table, name), value in changes.items():
        right.setdefault(table, {})[name] = value
    if now != right:
        raise CannotRewrite("the settings file is written in a way that cannot be changed by lines; change it by hand")
