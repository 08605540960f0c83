"""A machine made of files, locked down as it should be; a test breaks one thing of it. Not for: what is checked."""

from __future__ import annotations

from pathlib import Path

WESTON = """\
[core]
shell=kiosk-shell.so
idle-time=0
[shell]
binding-modifier=none
[keyboard]
vt-switching=false
"""
UNIT = """\
[Unit]
StartLimitAction=reboot
[Service]
User=zuil
Restart=always
WatchdogSec=20
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
MemoryMax=800M
LimitCORE=0
"""
FILES = {
    "etc/zuil/weston.ini": WESTON,
    "usr/lib/systemd/system/zuil.service": UNIT,
    "usr/lib/systemd/system/zuil-shell.service": "[Service]\nExecStart=/usr/bin/weston\n",
    "usr/lib/systemd/system/zuil-notice.service": "[Service]\n",
    "sys/fs/cgroup/system.slice/zuil.service/cgroup.procs": "812\n",
    "sys/fs/cgroup/system.slice/zuil-shell.service/cgroup.procs": "800\n",
    "opt/zuil/current": "",
    "etc/systemd/logind.conf.d/zuil.conf": "[Login]\nNAutoVTs=0\n",
    "etc/systemd/system.conf.d/zuil.conf": "[Manager]\nRuntimeWatchdogSec=20\n",
    "etc/sysctl.d/zuil.conf": "kernel.sysrq = 0\n",
    "proc/sys/kernel/sysrq": "0\n",
    "proc/sys/kernel/panic": "10\n",
    "proc/sys/kernel/core_pattern": "|/bin/false\n",
    "proc/cmdline": "root=/dev/mapper/root ro quiet panic=10\n",
    "proc/mounts": "/dev/mapper/root / ext4 ro,relatime 0 0\n/dev/mapper/data /var/lib/zuil ext4 rw,nosuid 0 0\n",
    "proc/swaps": "Filename Type Size Used Priority\n/dev/zram0 partition 1 0 100\n",
    "proc/asound/card0/id": "PCH\n",
    "sys/block/dm-1/dm/name": "data\n",
    "sys/block/dm-1/dm/uuid": "CRYPT-LUKS2-0011-data\n",
    "sys/module/kernel/parameters/consoleblank": "0\n",
    "sys/class/rtc/rtc0/name": "rtc_cmos\n",
    "dev/watchdog0": "",
    "run/systemd/timesync/synchronized": "",
    "usr/lib/udev/rules.d/60-zuil-usb.rules": 'SUBSYSTEM=="usb", ATTR{authorized_default}="0"\n',
    "etc/passwd": "root:x:0:0:root:/root:/bin/bash\nzuil:x:990:990::/var/lib/zuil:/usr/sbin/nologin\n",
    "etc/group": "root:x:0:\nsudo:x:27:desk\nzuil:x:990:\n",
    "etc/shadow": "root:*:1::::::\nzuil:!:1::::::\n",
    "etc/sudoers": "root ALL=(ALL) ALL\n",
    "etc/ssh/sshd_config": "PasswordAuthentication yes\n",
    "etc/ssh/sshd_config.d/zuil.conf": "PasswordAuthentication no\nPermitRootLogin no\n",
}
SECURE_BOOT = "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
WANTED = ("zuil.service", "zuil-shell.service", "systemd-timesyncd.service", "ssh.service")
MASKED = ("ctrl-alt-del.target",)


def locked_down(root: Path) -> Path:
    """Write the machine; returns its root."""
    for place, text in FILES.items():
        write(root, place, text)
    write(root, SECURE_BOOT, "")
    (root / SECURE_BOOT).write_bytes(b"\x06\x00\x00\x00\x01")
    for name in WANTED:
        enable(root, name)
    for name in MASKED:
        mask(root, name)
    return root


def write(root: Path, place: str, text: str) -> None:
    """One file."""
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def enable(root: Path, name: str) -> None:
    """A unit that starts with the machine."""
    link = root / "etc/systemd/system/multi-user.target.wants" / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(f"/usr/lib/systemd/system/{name}")


def mask(root: Path, name: str) -> None:
    """A unit that never starts."""
    (root / "etc/systemd/system" / name).symlink_to("/dev/null")
