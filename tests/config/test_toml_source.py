"""Lines of keys, and what is said of files that are no TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.problems import ConfigError
from config.site import load_site
from config.texts import load_texts
from config.toml_lines import KeyPath, lines_of
from config.toml_source import TomlSource
from kiosk.core.texts import message
from kiosk.paths import DEMO_SITE

EVERYTHING = (
    """\
# a comment with [brackets] and key = "value"
top = "a # b"
dotted.inner.leaf = 1
"quoted key" = 2

[table]
text = TRIPLE
[not.a.table]
key = "no key" \\TRIPLE still
TRIPLE
literal = '''
x = [
'''
inline = { a = 1, b = { c = [1, 2] }, "d e" = "}" }
list = [
  "one",  # two, ]
  { x = 1 },
  [3,
   4],
]
day = 2026-12-25
after = true
[table.below]
x = 1
[[many]]
x = 1
[[many]]
x = 2
[many.below]
y = 3
[[many.inner]]
z = 1
[[many.inner]]
z = 2
"""
).replace("TRIPLE", '"""')

LINES: dict[KeyPath, int] = {
    ("top",): 2,
    ("dotted",): 3,
    ("dotted", "inner", "leaf"): 3,
    ("quoted key",): 4,
    ("table",): 6,
    ("table", "text"): 7,
    ("table", "literal"): 11,
    ("table", "inline", "b", "c", 1): 14,
    ("table", "inline", "d e"): 14,
    ("table", "list", 0): 16,
    ("table", "list", 1, "x"): 17,
    ("table", "list", 2, 1): 19,
    ("table", "day"): 21,
    ("table", "after"): 22,
    ("table", "below", "x"): 24,
    ("many",): 25,
    ("many", 0, "x"): 26,
    ("many", 1): 27,
    ("many", 1, "x"): 28,
    ("many", 1, "below", "y"): 30,
    ("many", 1, "inner", 0, "z"): 32,
    ("many", 1, "inner", 1, "z"): 34,
}


@pytest.mark.parametrize("path", LINES, ids=str)
def test_every_kind_of_key_is_found_on_its_line(path: KeyPath) -> None:
    assert lines_of(EVERYTHING)[path] == LINES[path]


def test_every_value_of_the_file_has_a_line() -> None:
    lines = lines_of(EVERYTHING)
    for path in paths(tomllib.loads(EVERYTHING)):
        assert path in lines, path


def paths(value: object, path: KeyPath = ()) -> list[KeyPath]:
    """Every path within a value."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [found for key, below in inner for found in ((*path, key), *paths(below, (*path, key)))]


KEYS = st.text("abc-_1", min_size=1, max_size=4)
SCALARS = st.one_of(
    st.integers().map(str), st.booleans().map(lambda b: str(b).lower()), st.text("ab #[]{}=,.", max_size=6).map(repr)
)


@given(st.dictionaries(KEYS, st.dictionaries(KEYS, SCALARS, max_size=4), max_size=5), st.integers(0, 3))
def test_any_flat_file_is_walked_with_right_lines(tables: dict[str, dict[str, str]], blank: int) -> None:
    text = ""
    expected: dict[KeyPath, int] = {}
    for name, pairs in tables.items():
        text += "\n" * blank + f"[{name}]\n"
        expected[(name,)] = text.count("\n")
        for key, value in pairs.items():
            text += f"{key} = {value}\n"
            expected[(name, key)] = text.count("\n")
    assert lines_of(text) == expected


def test_the_line_of_something_missing_is_that_of_the_table_around_it(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(EVERYTHING)
    source = TomlSource(file)
    assert source.line(("many", 1, "inner", 1, "nothing")) == 33
    assert source.line(("nothing", "at", "all")) == 1


@pytest.mark.parametrize(
    ("content", "line", "part"),
    [
        (b"a = 1\nb = \n", 2, "this is no TOML"),
        (b"a = 1\na = 2\n", 2, "this is no TOML"),
        (b"a = 1\n[b\n", 2, "this is no TOML"),
        (b'a = 1\nb = "open\n', 2, "this is no TOML"),
        (b'a = """\n\nopen', 3, "this is no TOML"),
        (b"a = 1\n\nb = '\xff'\n", 3, "no UTF-8"),
    ],
)
def test_a_file_that_is_no_toml_is_refused_with_its_line(tmp_path: Path, content: bytes, line: int, part: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=part) as raised:
        TomlSource(file)
    assert raised.value.problems[0].line == line
    assert str(raised.value).startswith(f"{file}:{line}: ")


def test_a_missing_file_and_a_folder_are_said_to_be_that(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        TomlSource(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="this is a folder"):
        TomlSource(tmp_path)


def test_what_is_right_looks_no_line_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the time of loading would go into lines nobody is told."""

    def lines(text: str) -> dict[KeyPath, int]:
        raise AssertionError(f"the lines of {text[:60]!r} were looked up")

    monkeypatch.setattr("config.toml_source.lines_of", lines)
    assert load_site(DEMO_SITE).services
    assert load_texts().spoken(message("ticket.title"), "nl")
