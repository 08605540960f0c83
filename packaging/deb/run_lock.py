"""The part of the lock that a column runs with: `python packaging/deb/run_lock.py` prints it.

The one lock file says of every package which others want it, so what only developers need can be left out without a
second list. Not for: resolving versions (`make lock`).
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "packaging" / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
_PIN = re.compile(r"^([A-Za-z0-9_.\-]+)==(\S+)")
_VIA = re.compile(r"^\s*#\s+(?:via\s+)?([A-Za-z0-9_.\-]+)(?:\s|$)")


@dataclass(frozen=True)
class Pin:
    """One package of the lock.

    Attributes:
        text: its lines as they stand, with hashes.
        wanted_by: names of the packages that want it; the project's own name among them.
    """

    name: str
    version: str
    text: str
    wanted_by: frozenset[str]


def plain(name: str) -> str:
    """A package's name as the registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(path: Path = LOCK) -> dict[str, Pin]:
    """Every package of the lock, by plain name."""
    pins: dict[str, Pin] = {}
    for block in _blocks(path.read_text().splitlines(keepends=True)):
        pin = _PIN.match(block[0])
        if pin is None:
            raise ValueError(f"{path}: not a pinned package: {block[0].strip()}")
        wanted = frozenset(plain(found[1]) for line in block if (found := _VIA.match(line)) and found[1] != "via")
        pins[plain(pin[1])] = Pin(pin[1], pin[2], "".join(block), wanted)
    return pins


def wanted_to_run(project: Path = PROJECT) -> set[str]:
    """Plain names of what the project itself asks for to run."""
    asked: list[str] = tomllib.loads(project.read_text())["project"]["dependencies"]
    return {plain(re.split(r"[\[<>=!~; ]", each, maxsplit=1)[0]) for each in asked}


def to_run(pins: Mapping[str, Pin], roots: Iterable[str]) -> list[Pin]:
    """The pins of `roots` and of everything those want in turn, in the order of the lock.

    Raises:
        KeyError: when a root is not in the lock.
    """
    chosen = {pins[root].name: pins[root] for root in roots}
    while True:
        names = {plain(name) for name in chosen}
        more = {p.name: p for p in pins.values() if p.name not in chosen and p.wanted_by & names}
        if not more:
            return [pin for pin in pins.values() if pin.name in chosen]
        chosen |= more


def _blocks(lines: list[str]) -> list[list[str]]:
    """Lines grouped by package; comments before the first one are left out."""
    blocks: list[list[str]] = []
    for line in lines:
        if line.strip() and not line[0].isspace() and not line.startswith("#"):
            blocks.append([])
        if blocks and line.strip():
            blocks[-1].append(line)
    return blocks


if __name__ == "__main__":
    sys.stdout.write("".join(pin.text for pin in to_run(read_lock(), wanted_to_run())))
