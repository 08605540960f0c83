"""Code and catalogue agree: no sentence is asked for that does not exist, none exists that nobody asks for.

Keys written out are checked one by one, with their values. A key built from parts, `f"ui.tool.{tool.value}"`, is a
pattern: it must fit at least one key, and every key it fits counts as used.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.texts import load_texts

ROOT = Path(__file__).parents[2]
SOURCES = ("kiosk", "drivers", "sync")
_QUOTED = re.compile(r"\"([a-z_]+(?:\.[a-z0-9_]+)*)\"|'([a-z_]+(?:\.[a-z0-9_]+)*)'")


@dataclass(frozen=True)
class Asked:
    """One `message(…)` in the source.

    Attributes:
        keys: keys written out in its first argument.
        patterns: keys built from parts, as regular expressions.
        data: names of the values it gives, or None when they are not written out.
    """

    place: str
    keys: tuple[str, ...]
    patterns: tuple[str, ...]
    data: frozenset[str] | None


def asked_in(source: str, place: str) -> Iterator[Asked]:
    """Every `message(…)` of a Python source."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) == "message" and node.args:
            patterns = [_pattern(part) for part in ast.walk(node.args[0]) if isinstance(part, ast.JoinedStr)]
            pieces = [id(p) for j in ast.walk(node.args[0]) if isinstance(j, ast.JoinedStr) for p in ast.walk(j)]
            keys = [text for part, text in _constants(node.args[0]) if id(part) not in pieces]
            names = frozenset(word.arg for word in node.keywords if word.arg)
            whole = all(word.arg for word in node.keywords) and len(node.args) == 1
            yield Asked(f"{place}:{node.lineno}", tuple(keys), tuple(patterns), names if whole else None)


def _constants(node: ast.expr) -> Iterator[tuple[ast.Constant, str]]:
    # of `"a" if held == "x" else "b"` only the two outcomes are keys
    tests = {id(part) for choice in ast.walk(node) if isinstance(choice, ast.IfExp) for part in ast.walk(choice.test)}
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and id(part) not in tests:
            yield part, part.value


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _pattern(text: ast.JoinedStr) -> str:
    return "".join(
        re.escape(part.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) else r"[a-z0-9_.]+"
        for part in text.values
    )


def sources(*endings: str) -> Iterator[tuple[str, str]]:
    """Place and text of every source file with one of the endings."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in endings:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def all_asked() -> list[Asked]:
    """Every `message(…)` in the tree."""
    return [asked for place, text in sources(".py") for asked in asked_in(text, place)]


def test_every_key_that_is_asked_for_exists() -> None:
    keys = load_texts().keys()
    unknown = [f"{asked.place}: {key}" for asked in all_asked() for key in asked.keys if key not in keys]
    assert not unknown
    dead = [
        f"{asked.place}: {pattern}"
        for asked in all_asked()
        for pattern in asked.patterns
        if not any(re.fullmatch(pattern, key) for key in keys)
    ]
    assert not dead


def test_every_message_gives_the_values_its_sentence_needs() -> None:
    catalogue = load_texts()
    known = catalogue.keys()
    wrong = [
        f"{asked.place}: {key} needs {sorted(catalogue.placeholders(key))}, gets {sorted(asked.data)}"
        for asked in all_asked()
        if asked.data is not None
        for key in asked.keys
        if key in known and asked.data != catalogue.placeholders(key)
    ]
    assert not wrong


def test_every_key_that_exists_is_asked_for() -> None:
    written = {one or other for _, text in sources(".py", ".qml") for one, other in _QUOTED.findall(text)}
    patterns = [pattern for asked in all_asked() for pattern in asked.patterns]
    unused = [
        key
        for key in sorted(load_texts().keys() - written)
        if not any(re.fullmatch(pattern, key) for pattern in patterns)
    ]
    assert not unused


def test_the_check_sees_keys_patterns_choices_and_values() -> None:
    source = """
message("a.b", x=1)
texts.message("a.c" if kind == "no" else "a.d", **rest)
message(f"tool.{tool.value}")
other("a.e")
"""
    first, choice, built = asked_in(source, "here")
    assert (first.keys, first.data) == (("a.b",), frozenset({"x"}))
    assert set(choice.keys) == {"a.c", "a.d"}
    assert choice.data is None
    assert built.keys == ()
    assert re.fullmatch(built.patterns[0], "tool.text_size")
    assert not re.fullmatch(built.patterns[0], "tools.text_size")
