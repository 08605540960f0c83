"""Units, rules and profiles: accepted by the programs that read them, and saying what they must say."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.package.units import FILES, UNITS, Unit, all_units

MOST_EXPOSED = 2.0
"""Of `systemd-analyze security`, 0 to 10; below 2 it says OK."""
OURS = ("/usr/bin/zuil", "/opt/zuil/libexec/zuil-apply-update")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The units, with a program that exists here in place of those that exist on a column only."""
    for path in UNITS.glob("*.service"):
        text = path.read_text()
        for program in OURS:
            text = text.replace(f"={program}", "=/usr/bin/true")
        (tmp_path / path.name).write_text(text)
    return tmp_path


def test_systemd_finds_nothing_wrong_with_them(folder: Path) -> None:
    files = sorted(str(path) for path in folder.glob("*.service"))
    said = subprocess.run(["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def test_systemd_would_find_what_is_wrong(folder: Path) -> None:
    wrong = folder / "zuil.service"
    wrong.write_text(wrong.read_text().replace("WatchdogSec=20", "WatchdogSec=soon"))
    said = subprocess.run(["systemd-analyze", "verify", "--man=no", str(wrong)], capture_output=True, text=True)
    assert "Failed to parse sec value, ignoring: soon" in said.stderr


@pytest.mark.parametrize("name", [unit.name for unit in all_units() if unit.name != "zuil-update.service"])
def test_each_is_locked_in(name: str, folder: Path) -> None:
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(folder / name)],
        capture_output=True,
        text=True,
        check=True,
    )
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", said.stdout)
    assert exposure, said.stdout
    assert float(exposure[1]) < MOST_EXPOSED


def test_the_application_is_watched_and_restarted_with_a_limit_that_ends_in_a_notice() -> None:
    unit = Unit("zuil.service")
    assert unit.last("Type") == "notify"
    assert unit.seconds("WatchdogSec") == 20
    assert unit.last("Restart") == "always"
    assert (unit.seconds("StartLimitIntervalSec"), unit.last("StartLimitBurst")) == (600, "5")
    assert unit.words("OnFailure") == {"zuil-notice.service"}
    assert unit.words("PartOf") & unit.words("Requires") == {"zuil-shell.service"}, "restarted with its screen"
    assert unit.last("User") == "zuil"
    assert unit.last("MemoryMax")


def test_no_unit_ever_restarts_the_machine() -> None:
    for unit in all_units():
        actions = {key: values for key, values in unit.settings.items() if key.endswith("Action")}
        assert set(actions) <= {"StartLimitAction"}, unit.name
        assert actions.get("StartLimitAction", ["none"]) == ["none"], unit.name
        assert not re.search(r"\b(reboot|poweroff|halt|kexec)\b", (UNITS / unit.name).read_text()), unit.name


def test_nothing_waits_for_the_network() -> None:
    for unit in all_units():
        named = {word for key in ("After", "Wants", "Requires", "BindsTo", "Requisite") for word in unit.words(key)}
        assert not {word for word in named if "network" in word or "time-sync" in word}, unit.name


def test_sync_may_die_as_often_as_it_likes_and_takes_nothing_with_it() -> None:
    sync = Unit("zuil-sync.service")
    assert sync.last("Restart") == "always"
    assert sync.last("StartLimitIntervalSec") == "0", "no limit"
    assert "OnFailure" not in sync.settings
    column = Unit("zuil.service")
    assert "zuil-sync.service" in column.words("Wants")
    assert "zuil-sync.service" not in {word for key in ("Requires", "BindsTo", "PartOf") for word in column.words(key)}


def test_the_notice_needs_nothing_of_ours() -> None:
    for name in ("zuil-notice.service", "zuil-notice-text.service"):
        command = Unit(name).last("ExecStart") or ""
        assert "python" not in command
        assert not any(program in command for program in OURS)
        assert "/opt/zuil" not in (UNITS / name).read_text()
    assert "/opt/zuil" not in (FILES / "usr/share/zuil/weston-notice.ini").read_text()
    assert Unit("zuil-notice.service").words("OnFailure") == {"zuil-notice-text.service"}


def test_who_has_the_screen_has_it_alone() -> None:
    for name in ("zuil-notice.service", "zuil-notice-text.service"):
        assert {"zuil.service", "zuil-shell.service"} <= Unit(name).words("Conflicts")
    assert "zuil-notice.service" in Unit("zuil-shell.service").words("Conflicts")


def test_apparmor_reads_the_profile() -> None:
    def parse(text: str) -> subprocess.CompletedProcess[str]:
        command = ["apparmor_parser", "--skip-kernel-load", "--skip-cache"]
        return subprocess.run(command, input=text, capture_output=True, text=True)

    profile = (FILES / "etc/apparmor.d/zuil").read_text()
    assert parse(profile).returncode == 0
    assert parse(profile.replace("deny capability,", "deny capability")).returncode != 0, "it would say so"


def test_the_polkit_rule_names_the_two_actions_of_pcscd_and_one_user() -> None:
    """That polkit obeys it is tested in a running Debian (`life`); here, that it says no more than it should."""
    rule = (FILES / "usr/share/polkit-1/rules.d/50-zuil.rules").read_text()
    script = f"""
        const Result = {{YES: "yes", NOT_HANDLED: "-"}};
        const polkit = {{Result, rules: [], addRule(rule) {{ this.rules.push(rule) }}}};
        {rule}
        const actions = ["access_pcsc", "access_card"].map(each => "org.debian.pcsc-lite." + each);
        for (const id of [...actions, "org.freedesktop.login1.reboot"])
          for (const user of ["zuil", "nobody"])
            console.log(user, id.split(".").pop(), polkit.rules.map(each => each({{id}}, {{user}})).join());
    """
    said = subprocess.run(["node", "-"], input=script, capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == [
        "zuil access_pcsc yes",
        "nobody access_pcsc -",
        "zuil access_card yes",
        "nobody access_card -",
        "zuil reboot -",
        "nobody reboot -",
    ]


def test_an_unlocked_machine_takes_every_device_and_a_locked_one_refuses_keyboards_and_sticks() -> None:
    """The rules are played by a small reader of ours; udev itself reads them in `life`."""
    printer, reader, stick, keyboard, touch = ("07", ""), ("0b", ""), ("08", ""), ("03", "01"), ("03", "00")
    terminal_data, terminal_control, network = ("0a", ""), ("02", "02"), ("02", "06")
    everything = [printer, reader, stick, keyboard, touch, terminal_data, terminal_control, network]
    assert [refused(each, locked=False) for each in everything] == [False] * len(everything)
    assert [each for each in everything if refused(each, locked=True)] == [stick, keyboard, network]
    assert not refused(stick, locked=True, allowed=True), "a site's own rule may allow it"


def refused(interface: tuple[str, str], *, locked: bool, allowed: bool = False) -> bool:
    """Whether the rules take the authorisation of an interface away.

    Args:
        interface: class, and protocol or (for class 02) subclass.
    """
    kind, detail = interface
    facts = {
        "ACTION": "add",
        "SUBSYSTEM": "usb",
        "ENV{DEVTYPE}": "usb_interface",
        "ENV{ZUIL_USB}": "allow" if allowed else "",
        "ATTR{bInterfaceClass}": kind,
        "ATTR{bInterfaceSubClass}": detail if kind == "02" else "00",
        "ATTR{bInterfaceProtocol}": detail if kind == "03" else "00",
    }
    lines = [line for line in (FILES / "lib/udev/rules.d/70-zuil.rules").read_text().splitlines() if line[:1] != "#"]
    number, seen = 0, False
    while number < len(lines):
        parts = re.findall(r'([A-Z]+(?:\{\w+\})?)(==|!=|=)"([^"]*)"', lines[number])
        holds = all(_holds(facts, locked, key, how, value) for key, how, value in parts if how != "=")
        assigned = {key: value for key, how, value in parts if how == "=" and holds}
        seen = seen or assigned.get("ATTR{authorized}") == "0"
        jump = assigned.get("GOTO")
        number = lines.index(f'LABEL="{jump}"') if jump else number + 1
    return seen


def _holds(facts: dict[str, str], locked: bool, key: str, how: str, value: str) -> bool:
    found = locked if key == "TEST" else facts.get(key, "") in value.split("|")
    return found == (how == "==")
