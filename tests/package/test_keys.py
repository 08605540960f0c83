"""The compositor obeys no keys: its settings say so, and no key gives the modifier that its bindings need."""

from __future__ import annotations

import configparser
import re
import subprocess
from pathlib import Path

import pytest

from tests.package.units import FILES

INIS = [FILES / "etc/zuil/weston.ini", FILES / "usr/share/zuil/weston-notice.ini"]
RULES = Path("/usr/share/X11/xkb/rules/evdev")
NOT_ON_KEYBOARDS = {"SUPR", "HYPR"}
"""Names the keyboard description gives to keys that no kernel reports."""
_KEYMAP = """xkb_keymap {{ xkb_keycodes {{ include "evdev" }}; xkb_types {{ include "complete" }};
xkb_compat {{ include "complete" }}; xkb_symbols {{ include "pc+us+inet(evdev){extra}" }}; }};"""


def settings(ini: Path) -> configparser.ConfigParser:
    """A weston.ini; its comments at line starts are ours."""
    parser = configparser.ConfigParser()
    parser.read(ini)
    return parser


def keys_of_super(options: str, folder: Path) -> set[str]:
    """The keys that give the Super modifier with these options of the keymap."""
    rules = RULES.read_text()
    added = "".join(
        found[1]
        for option in options.split(",")
        if option and (found := re.search(rf"^\s+{option}\s+=\s+(\S+)", rules, re.M))
    )
    assert added.count("+") == len([option for option in options.split(",") if option]), "every option is known"
    source, result = folder / "keymap", folder / "compiled"
    source.write_text(_KEYMAP.format(extra=added))
    subprocess.run(["xkbcomp", "-w0", "-xkb", str(source), str(result)], check=True, capture_output=True)
    return set(re.findall(r"modifier_map Mod4 \{ <(\w+)> \}", result.read_text())) - NOT_ON_KEYBOARDS


@pytest.mark.parametrize("ini", INIS, ids=lambda path: path.name)
def test_no_key_leads_out(ini: Path, tmp_path: Path) -> None:
    keyboard = settings(ini)["keyboard"]
    assert keyboard["vt-switching"] == "false"
    assert keys_of_super(keyboard["keymap_options"], tmp_path) == set()


def test_as_delivered_two_keys_would(tmp_path: Path) -> None:
    assert keys_of_super("", tmp_path) == {"LWIN", "RWIN"}


def test_the_desktop_shell_of_the_notice_has_its_own_bindings_and_its_panel_off() -> None:
    shell = settings(INIS[1])["shell"]
    assert (shell["binding-modifier"], shell["allow-zap"], shell["panel-position"]) == ("none", "false", "none")


def test_the_column_has_the_kiosk_shell_and_never_blanks() -> None:
    core = settings(INIS[0])["core"]
    assert core["shell"] == "kiosk-shell.so"
    assert core["idle-time"] == "0"
    assert core["modules"] == "systemd-notify.so", "says when it is ready, and feeds its watchdog"
