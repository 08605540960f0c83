"""What the doctor says of machines made of files: a locked-down one is well, and each thing that is undone is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.doctor.examination import MACHINE, examine_machine
from kiosk.doctor.finding import Check, Finding, Severity, Unknowable
from kiosk.doctor.machine import Machine
from kiosk.doctor.run import run_checks
from kiosk.doctor.units import PROGRAM
from tests.doctor.trees import FILES, SECURE_BOOT, UNIT, WESTON, enable, locked_down, mask, write

Undo = Callable[[Path], None]


def found(root: Path) -> dict[str, Finding]:
    """Findings by id."""
    return {finding.id: finding for finding in examine_machine(root)}


def test_a_locked_down_machine_is_well_in_every_line(tmp_path: Path) -> None:
    findings = found(locked_down(tmp_path))
    assert {name: str(each) for name, each in findings.items() if each.wrong} == {}
    assert set(findings) == {row.id for check in MACHINE for row in check.rows}


def writes(place: str, text: str) -> Undo:
    """Another text in a file."""
    return lambda root: write(root, place, text)


def removes(place: str) -> Undo:
    """Something is not there."""

    def undo(root: Path) -> None:
        path = root / place
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()

    return undo


def enables(name: str) -> Undo:
    """A unit starts with the machine."""
    return lambda root: enable(root, name)


def without(place: str, words: str) -> Undo:
    """A file that lacks some words."""
    return writes(place, FILES[place].replace(words, ""))


BROKEN, ATTENTION = Severity.BROKEN, Severity.ATTENTION
WANTS = "etc/systemd/system/multi-user.target.wants"
SERVICE = "usr/lib/systemd/system/zuil.service"
UNDOINGS: list[tuple[str, Severity, Undo]] = [
    ("unit.program", BROKEN, removes("opt/zuil/current")),
    ("unit.zuil", BROKEN, removes(SERVICE)),
    ("unit.zuil", BROKEN, removes(f"{WANTS}/zuil.service")),
    ("unit.zuil", BROKEN, lambda root: mask(root, "zuil.service")),
    ("unit.zuil", BROKEN, writes("sys/fs/cgroup/system.slice/zuil.service/cgroup.procs", "")),
    ("unit.zuil", ATTENTION, removes("sys/fs")),
    ("unit.zuil_shell", BROKEN, removes("usr/lib/systemd/system/zuil-shell.service")),
    ("unit.zuil_notice", ATTENTION, removes("usr/lib/systemd/system/zuil-notice.service")),
    ("unit.zuil_sync", BROKEN, writes("usr/lib/systemd/system/zuil-sync.service", "[Service]\n")),
    ("unit.restart", BROKEN, without(SERVICE, "Restart=always")),
    ("unit.restart", ATTENTION, without(SERVICE, "StartLimitAction=reboot")),
    ("unit.restart", BROKEN, writes("etc/systemd/system/zuil.service.d/own.conf", "[Service]\nRestart=no\n")),
    ("unit.watchdog", BROKEN, without(SERVICE, "WatchdogSec=20")),
    ("unit.box", BROKEN, without(SERVICE, "User=zuil")),
    ("unit.box", BROKEN, without(SERVICE, "NoNewPrivileges=yes")),
    ("unit.box", ATTENTION, without(SERVICE, "MemoryMax=800M")),
    ("unit.core_dumps", ATTENTION, without(SERVICE, "LimitCORE=0")),
    ("lockdown.shell", BROKEN, removes("etc/zuil/weston.ini")),
    ("lockdown.shell", BROKEN, without("etc/zuil/weston.ini", "binding-modifier=none")),
    ("lockdown.shell", BROKEN, without("etc/zuil/weston.ini", "shell=kiosk-shell.so")),
    ("lockdown.terminals", BROKEN, enables("getty@tty3.service")),
    ("lockdown.terminals", BROKEN, removes("etc/systemd/logind.conf.d")),
    ("lockdown.terminals", BROKEN, without("etc/zuil/weston.ini", "vt-switching=false")),
    ("lockdown.sysrq", BROKEN, writes("proc/sys/kernel/sysrq", "438\n")),
    ("lockdown.sysrq", ATTENTION, removes("etc/sysctl.d")),
    ("lockdown.sysrq", ATTENTION, removes("proc/sys/kernel/sysrq")),
    ("lockdown.ctrl_alt_del", BROKEN, removes("etc/systemd/system/ctrl-alt-del.target")),
    ("lockdown.blanking", BROKEN, without("etc/zuil/weston.ini", "idle-time=0")),
    ("lockdown.blanking", ATTENTION, writes("sys/module/kernel/parameters/consoleblank", "600\n")),
    ("lockdown.usb", BROKEN, removes("usr/lib/udev/rules.d")),
    ("lockdown.automount", BROKEN, enables("udisks2.service")),
    ("lockdown.bluetooth", BROKEN, writes("sys/class/bluetooth/hci0/name", "")),
    ("lockdown.user", BROKEN, writes("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n")),
    ("lockdown.user", BROKEN, writes("etc/passwd", FILES["etc/passwd"].replace("/usr/sbin/nologin", "/bin/sh"))),
    ("lockdown.user", BROKEN, writes("etc/passwd", FILES["etc/passwd"].replace("zuil:x:990", "zuil:x:0"))),
    ("lockdown.user", BROKEN, writes("etc/group", "sudo:x:27:desk,zuil\n")),
    ("lockdown.user", BROKEN, writes("etc/sudoers.d/own", "zuil ALL=(ALL) NOPASSWD: ALL\n")),
    ("lockdown.user", BROKEN, writes("etc/shadow", "zuil:$6$abc:1::::::\n")),
    ("lockdown.ssh", BROKEN, removes("etc/ssh/sshd_config.d")),
    ("system.root", ATTENTION, writes("proc/mounts", FILES["proc/mounts"].replace("ro,", "rw,"))),
    ("system.root", ATTENTION, removes("proc/mounts")),
    ("system.encrypted", ATTENTION, writes("sys/block/dm-1/dm/uuid", "LVM-1\n")),
    ("system.swap", BROKEN, writes("proc/swaps", FILES["proc/swaps"] + "/dev/sda2 partition 1 0 -2\n")),
    ("system.core_dumps", ATTENTION, writes("proc/sys/kernel/core_pattern", "core\n")),
    ("system.time", BROKEN, removes(f"{WANTS}/systemd-timesyncd.service")),
    ("system.time", ATTENTION, removes("run/systemd/timesync")),
    ("system.secure_boot", ATTENTION, removes("sys/firmware")),
    ("system.secure_boot", ATTENTION, lambda root: (root / SECURE_BOOT).write_bytes(b"\x06\0\0\0\0") and None),
    ("system.boot", BROKEN, writes("proc/sys/kernel/panic", "0\n")),
    ("system.boot", ATTENTION, writes("proc/cmdline", "root=/dev/sda1\n")),
    ("system.updates", ATTENTION, enables("unattended-upgrades.service")),
    ("hardware.sound", ATTENTION, removes("proc/asound")),
    ("hardware.clock", ATTENTION, removes("sys/class/rtc")),
    ("hardware.watchdog", ATTENTION, removes("dev")),
    ("hardware.watchdog", ATTENTION, removes("etc/systemd/system.conf.d")),
]


@pytest.mark.parametrize(
    ("id", "severity", "undo"), UNDOINGS, ids=[f"{at}-{name}" for at, (name, _, _) in enumerate(UNDOINGS)]
)
def test_each_thing_that_is_undone_is_named_with_a_next_step(
    tmp_path: Path, id: str, severity: Severity, undo: Undo
) -> None:
    undo(locked_down(tmp_path))
    finding = found(tmp_path)[id]
    assert (finding.severity, bool(finding.next_step)) == (severity, True), str(finding)


def test_every_line_of_the_list_has_something_that_breaks_it() -> None:
    assert {row.id for check in MACHINE for row in check.rows} == {name for name, _, _ in UNDOINGS}


def test_other_ways_to_be_locked_down_count_too(tmp_path: Path) -> None:
    locked_down(tmp_path)
    removes("usr/lib/udev/rules.d")(tmp_path)
    write(tmp_path, "etc/usbguard/rules.conf", "allow id 072f:90cc\n")
    enable(tmp_path, "usbguard.service")
    write(tmp_path, "proc/mounts", "overlay / overlay rw 0 0\n")
    findings = found(tmp_path)
    assert not findings["lockdown.usb"].wrong
    assert not findings["system.root"].wrong
    assert "cannot be known because /var/lib/zuil lies on overlay" in findings["system.encrypted"].found


def test_an_empty_machine_is_never_called_well_where_nothing_can_be_known(tmp_path: Path) -> None:
    findings = found(tmp_path)
    unknown = {name for name, each in findings.items() if "cannot be known because" in each.found}
    assert {"unit.watchdog", "unit.box", "lockdown.sysrq", "system.root", "system.swap", "system.boot"} <= unknown
    assert all(findings[name].severity is Severity.ATTENTION for name in unknown)
    quiet = {name for name, each in findings.items() if not each.wrong}
    assert quiet == {"unit.zuil_sync", "lockdown.automount", "lockdown.bluetooth", "lockdown.ssh", "system.updates"}


def test_what_may_not_be_read_cannot_be_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked_down(tmp_path)
    real = Machine.read

    def forbidden(self: Machine, place: str) -> str | None:
        if place == "etc/shadow":
            raise Unknowable("/etc/shadow cannot be read (Permission denied)")
        return real(self, place)

    monkeypatch.setattr(Machine, "read", forbidden)
    user = found(tmp_path)["lockdown.user"]
    assert (user.severity, user.next_step) == (Severity.ATTENTION, "run `zuil doctor` as root")


def test_this_machine_is_examined_without_a_failing_check() -> None:
    findings = examine_machine()
    assert [str(each) for each in findings if "the check itself failed" in each.found] == []
    assert len({each.id for each in findings}) == len(findings)


@pytest.mark.expects_log("zuil.doctor")
def test_a_check_that_raises_or_hangs_is_told_and_hides_no_other(tmp_path: Path) -> None:
    import threading

    over = threading.Event()

    def hangs(_: Machine) -> list[Finding]:
        over.wait()
        return []

    def raises(_: Machine) -> list[Finding]:
        raise ZeroDivisionError

    rows = (PROGRAM,)
    checks = (Check(rows, hangs, 0.1), Check(rows, raises), Check(rows, lambda _: [PROGRAM.ok("well")]))
    try:
        late, broken, well = run_checks(checks, Machine(tmp_path))
    finally:
        over.set()
    assert "cannot be known because it gave no answer within 0.1 seconds" in late.found
    assert "cannot be known because the check itself failed (ZeroDivisionError)" in broken.found
    assert (late.severity, broken.severity, well.severity) == (ATTENTION, ATTENTION, Severity.OK)


def test_units_are_read_with_what_overrides_them() -> None:
    assert "Restart=always" in UNIT
    assert "vt-switching=false" in WESTON
