"""Reads unit files as systemd does, as far as our tests need it. Not a test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "packaging" / "files"
UNITS = FILES / "lib/systemd/system"
_SECONDS = {"": 1.0, "s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0}


class Unit:
    """One unit file.

    Attributes:
        settings: of every section, each with all its values in order.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.settings: dict[str, list[str]] = {}
        for line in (UNITS / name).read_text().splitlines():
            key, equals, value = line.partition("=")
            if equals and not line.startswith("#"):
                self.settings.setdefault(key, []).append(value)

    def last(self, key: str) -> str | None:
        """The value that counts of a setting that has one."""
        return self.settings.get(key, [None])[-1]

    def words(self, key: str) -> set[str]:
        """Every word of every value."""
        return {word for value in self.settings.get(key, []) for word in value.split()}

    def seconds(self, key: str) -> float:
        """A span of time."""
        found = re.fullmatch(r"([\d.]+)(\w*)", self.last(key) or "")
        assert found, f"{self.name}: {key}"
        return float(found[1]) * _SECONDS[found[2]]


def all_units() -> Iterator[Unit]:
    """Every unit of the package."""
    for path in sorted(UNITS.glob("*.service")):
        yield Unit(path.name)
