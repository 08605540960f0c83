"""Changing settings files by lines: what was asked for changes, nothing else does, and a file is replaced whole."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.problems import ConfigError
from config.settings import load_settings
from config.settings_pages import settings_example
from config.settings_writing import (
    CannotRewrite,
    Key,
    Value,
    difference,
    problem_of,
    replace_file,
    rewritten,
    value_in,
)

OWN = """\
# our column
visit.idle_seconds = 45 # slow readers

[printer] # the loud one
  uri = "tcp://192.0.2.10:9100"   # port "9100" # is the usual one
# profile = "generic-80mm"

[card]
reader = 'pcsc'
"""


def test_a_new_file_is_the_example_with_settings_switched_on() -> None:
    text = rewritten(None, {("printer", "uri"): "tcp://192.0.2.10:9100", ("screen", "fullscreen"): False})
    changed = [line for line in difference(settings_example(), text, "zuil.toml") if line[:1] in "+-"][2:]
    assert changed == [
        "-# fullscreen = true",
        "+fullscreen = false",
        '-# uri = "none"',
        '+uri = "tcp://192.0.2.10:9100"',
    ]


def test_comments_order_and_other_settings_stay() -> None:
    changes: dict[Key, Value] = {
        ("visit", "idle_seconds"): 50,
        ("printer", "uri"): 'usb://04b8:0e28/"#',
        ("printer", "profile"): "epson-tm-t88",
        ("card", "screen_pin"): False,
        ("sync", "url"): "https://office.example",
    }
    assert (
        rewritten(OWN, changes)
        == """\
# our column
visit.idle_seconds = 50 # slow readers

[printer] # the loud one
  uri = "usb://04b8:0e28/\\"#"   # port "9100" # is the usual one
profile = "epson-tm-t88"

[card]
reader = 'pcsc'
screen_pin = false

# The way to the central back office.
[sync]
url = "https://office.example"
"""
    )


def test_no_change_changes_nothing() -> None:
    assert rewritten(OWN, {}) == OWN
    assert rewritten(OWN, {("card", "reader"): "pcsc"}) == OWN.replace("'pcsc'", '"pcsc"')


@pytest.mark.parametrize(
    "text",
    ['card = { reader = "none", screen_pin = true }\n', '[card]\nreader = """none"""\n', "[card]\n'reader' = 'none'\n"],
    ids=["inline table", "text over lines", "quoted name"],
)
def test_what_cannot_be_changed_by_lines_is_refused(text: str) -> None:
    with pytest.raises(CannotRewrite, match="line"):
        rewritten(text, {("card", "reader"): "pcsc"})


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40), st.booleans())
def test_any_text_comes_back_as_it_was_written(value: str, fresh: bool) -> None:
    text = rewritten(None if fresh else OWN, {("terminal", "cards"): value})
    assert value_in(text, ("terminal", "cards")) == value
    assert "idle_seconds" in text


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        (("screen", "width_px"), 10, "write a whole number from 320 to 7680"),
        (("printer", "uri"), "printer-1", 'write "none" or an address like'),
        (("column", "name"), "Zuil 1", "small letters"),
    ],
)
def test_a_wrong_value_is_told_with_what_would_be_right(key: Key, value: Value, said: str) -> None:
    assert said in str(problem_of(key, value))


def test_a_right_value_has_no_problem() -> None:
    assert problem_of(("screen", "width_px"), 1080) is None
    assert problem_of(("card", "trust"), "") is None


def test_a_file_is_replaced_whole_with_the_old_one_kept(tmp_path: Path) -> None:
    file = tmp_path / "zuil.toml"
    site = Path("config/sites/berchem").resolve()
    replace_file(file, rewritten(None, {("column", "site"): str(site)}))
    file.chmod(0o640)
    before = file.read_text()
    replace_file(file, rewritten(before, {("column", "name"): "zuil-2"}))
    assert load_settings(file).column.name == "zuil-2"
    assert file.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "zuil.toml.bak").read_text() == before


def test_a_file_that_cannot_be_used_is_not_put_in_place(tmp_path: Path) -> None:
    file = tmp_path / "zuil.toml"
    file.write_text(OWN)
    with pytest.raises(ConfigError, match="contact point"):
        replace_file(
            file,
            rewritten(
                OWN, {("column", "site"): str(Path("config/sites/berchem").resolve()), ("column", "contact_point"): "x"}
            ),
        )
    assert file.read_text() == OWN
    assert [path.name for path in tmp_path.iterdir()] == ["zuil.toml"]
    assert tomllib.loads(OWN)["visit"] == {"idle_seconds": 45}
