"""Frozen dataclasses as plain lists and maps, the only shapes QML understands.

Not for: reading them back.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import cast

Plain = dict[str, object]


def plain(value: object) -> Plain:
    """A dataclass as a map of plain values; a tuple would arrive in QML as something opaque."""
    return cast(Plain, _plain(value))


def plain_list(values: object) -> list[Plain]:
    """A sequence of dataclasses as a list of maps."""
    return cast(list[Plain], _plain(values))


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
