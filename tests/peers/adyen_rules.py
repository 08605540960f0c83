"""Judges messages by the rules that Adyen's own library holds: members, which must be there, types, enumerations.

Not for: where the rules come from (`adyen/rules.mjs`), and what a message means.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

NODE = "/usr/bin/node"
NEWEST, OLDER = "tapi", "terminal"
"""The published schema as it is now, and the one that the library's client of a terminal in the network still uses."""
_LIST = re.compile(r"Array<(.+)>")
_PLAIN: Mapping[str, tuple[type, ...]] = {"string": (str,), "number": (int, float, Decimal), "boolean": (bool,)}


@dataclass(frozen=True)
class Rules:
    """What the library says.

    Attributes:
        classes: by name of the class and of its member: the type, and whether it must be there.
        enums: their values.
        members: the same members once more, as its serializer knows them.
    """

    classes: Mapping[str, Mapping[str, Mapping[str, Any]]]
    enums: Mapping[str, Sequence[str]]
    members: Mapping[str, Sequence[str]]

    def faults(self, value: object, kind: str, place: str = "") -> Iterator[str]:
        """What is wrong with a value of that type, each as a sentence that names the place."""
        kind = self._chosen(value, kind)
        listed = _LIST.fullmatch(kind)
        if listed:
            yield from self._list(value, listed[1], place)
        elif kind in self.classes:
            yield from self._object(value, kind, place)
        elif kind in self.enums:
            if value not in self.enums[kind]:
                yield f"{place} is {value!r}, not one of {', '.join(self.enums[kind])}"
        elif not _is_plain(value, kind):
            yield f"{place} is {value!r}, no {kind}"

    def _chosen(self, value: object, kind: str) -> str:
        """The one of several types that is meant; null is never sent."""
        kinds = [each for each in kind.split(" | ") if each != "null"]
        return next((each for each in kinds if not any(self.faults(value, each))), kinds[0]) if kinds[1:] else kinds[0]

    def _list(self, value: object, kind: str, place: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{place} is no list"
            return
        for number, each in enumerate(value):
            yield from self.faults(each, kind, f"{place}[{number}]")

    def _object(self, value: object, kind: str, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{place} is no {kind}"
            return
        known = self.classes[kind]
        yield from (f"{place}.{name} is missing" for name in known if known[name]["needed"] and name not in value)
        for name, each in value.items():
            if name in known:
                yield from self.faults(each, known[name]["type"], f"{place}.{name}")
            else:
                yield f"{place}.{name} is no member of {kind}"


def _is_plain(value: object, kind: str) -> bool:
    if kind == "Date":
        return isinstance(value, str) and _is_moment(value)
    right = isinstance(value, _PLAIN[kind])
    return right and (kind == "boolean" or not isinstance(value, bool))


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def rules_of(library: Path, models: str = NEWEST) -> Rules:
    """Read them out of the library, from its models of that name."""
    told = _asked(library, [], models)
    return Rules(told["classes"], told["enums"], told["members"])


def again(library: Path, messages: Sequence[tuple[str, object]]) -> list[object]:
    """The same messages, read and written by the library's serializer."""
    told: list[object] = _asked(library, [{"kind": kind, "tree": tree} for kind, tree in messages])["again"]
    return told


def _asked(library: Path, given: object, models: str = NEWEST) -> dict[str, Any]:
    words = [NODE, "rules.mjs", models]
    ran = subprocess.run(
        words, cwd=library, input=json.dumps(given, default=float), capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    return told
