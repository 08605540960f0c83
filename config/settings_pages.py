"""The settings for people: the reference page and the example file, both written from the schema.

A test compares the committed files with what stands here. Not for: reading settings (`config.settings`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.checked import advice
from config.settings import Settings

_REFERENCE_HEAD = """\
# Settings of a column

One TOML file, named with `zuil run --config FILE`. A setting that is left out has its default. An unknown name, a
value of the wrong kind or out of range: the program does not start and names file, line and what would be right.
This page is written from the schema in `config/settings.py`.
"""

_EXAMPLE_HEAD = """\
# Settings of one column. Every setting stands here with its default; take the # away to change it.
# The reference page is docs/settings.md.
"""


def settings_reference() -> str:
    """The page `docs/settings.md`, Markdown."""
    return _REFERENCE_HEAD + "".join(_reference_table(name, table) for name, table in _tables())


def settings_example() -> str:
    """The file `config/zuil.example.toml`."""
    return _EXAMPLE_HEAD + "".join(_example_table(name, table) for name, table in _tables())


def _tables() -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in Settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield name, field.annotation


def _reference_table(name: str, table: type[BaseModel]) -> str:
    rows = "".join(
        f"| `{key}` | {field.description} | {advice(field)} | `{_toml(field.default)}` |\n"
        for key, field in table.model_fields.items()
    )
    head = "| setting | what it does | what may be written | default |\n| --- | --- | --- | --- |\n"
    return f"\n## [{name}]\n\n{table.__doc__}\n\n{head}{rows}"


def _example_table(name: str, table: type[BaseModel]) -> str:
    lines = "".join(_example_line(key, field) for key, field in table.model_fields.items())
    return f"\n# {table.__doc__}\n[{name}]\n{lines}"


def _example_line(key: str, field: FieldInfo) -> str:
    return f"\n# {field.description}\n# Write {advice(field)}.\n# {key} = {_toml(field.default)}\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return '""'
    if isinstance(value, list):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    return f'"{value}"' if isinstance(value, str | Path) else str(value)
