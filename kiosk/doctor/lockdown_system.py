"""Boot, disks, kernel and time of the machine under the kiosk.

The second half of the list of a locked-down kiosk. Not for: what a person at the screen can reach (`lockdown`).
"""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.doctor.finding import Check, Finding, Row, Unknowable
from kiosk.doctor.machine import Machine, last

ROOT = Row("system.root", "root file system", "it is read-only or an overlay: a power cut cannot harm it")
ENCRYPTED = Row("system.encrypted", "data partition", "/var/lib/zuil lies on an encrypted partition")
SWAP = Row("system.swap", "swap", "none, or only in memory: nothing of a visit reaches a disk")
DUMPS = Row("system.core_dumps", "core dumps", "no program's memory is written to a disk")
TIME = Row("system.time", "time synchronisation", "a service keeps the clock right, and it did so since the start")
SECURE_BOOT = Row("system.secure_boot", "secure boot", "the firmware starts only what is signed")
COMMAND_LINE = Row("system.boot", "start of the kernel", "it starts quietly, and a panic restarts the machine")
UPDATES = Row("system.updates", "updates by the machine itself", "none that restart programs during opening hours")

DATA = "/var/lib/zuil"
_TIME_SERVICES = ("systemd-timesyncd.service", "chrony.service", "chronyd.service", "ntpsec.service", "ntp.service")
_SECURE_BOOT = "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"


def _root(machine: Machine) -> Iterator[Finding]:
    device, kind, options = machine.mount("/")
    if kind == "overlay" or "ro" in options:
        yield ROOT.ok(f"{kind}, {'read-only' if 'ro' in options else 'changes are forgotten'}")
    else:
        yield ROOT.attention(
            f"{device} ({kind}) is writable", "mount it read-only, or use the package's image with an overlay"
        )


def _encrypted(machine: Machine) -> Iterator[Finding]:
    device, kind, _ = machine.mount(DATA)
    if kind in ("overlay", "tmpfs"):
        raise Unknowable(f"{DATA} lies on {kind}, and what that lies on is not shown")
    for name in machine.found("sys/block/dm-*/dm/name"):
        uuid = (machine.read(str(name.with_name("uuid").relative_to(machine.root))) or "").strip()
        if device == f"/dev/mapper/{name.read_text().strip()}" and uuid.startswith("CRYPT-"):
            yield ENCRYPTED.ok(device)
            return
    yield ENCRYPTED.attention(f"{device} is not encrypted", "set the column up anew with an encrypted data partition")


def _swap(machine: Machine) -> Iterator[Finding]:
    text = machine.read("proc/swaps")
    if text is None:
        raise Unknowable("the kernel does not show its swap")
    devices = [line.split()[0] for line in text.splitlines()[1:] if line.split()]
    loud = [each for each in devices if not each.startswith(("/dev/zram", "/dev/mapper/swap_crypt"))]
    yield SWAP.either(
        not loud,
        "none on a disk",
        f"{', '.join(loud)} may hold what stood in memory",
        "run `swapoff -a`, clear /etc/fstab",
    )


def _dumps(machine: Machine) -> Iterator[Finding]:
    text = machine.read("proc/sys/kernel/core_pattern")
    if text is None:
        raise Unknowable("the kernel does not show where core dumps go")
    pattern = text.strip()
    stored = (last(machine.manager_settings("coredump"), "Coredump", "Storage") or "external").lower()
    if pattern in ("", "|/bin/false") or ("systemd-coredump" in pattern and stored == "none"):
        yield DUMPS.ok("none are kept")
        return
    yield DUMPS.attention(
        f"they go to '{pattern}'", "write kernel.core_pattern = |/bin/false into /etc/sysctl.d/zuil.conf"
    )


def _time(machine: Machine) -> Iterator[Finding]:
    kept = [name for name in _TIME_SERVICES if machine.enabled(name)]
    if not kept:
        yield TIME.broken("nothing keeps the clock right", "run `systemctl enable --now systemd-timesyncd`")
    elif "systemd-timesyncd.service" in kept and not machine.there("run/systemd/timesync/synchronized"):
        yield TIME.attention("not synchronised since the start", "look whether the column reaches a time server")
    elif "systemd-timesyncd.service" not in kept:
        yield TIME.unknown(f"{kept[0]} keeps no file that tells", "run `chronyc tracking` or `ntpq -p`")
    else:
        yield TIME.ok("synchronised by systemd-timesyncd")


def _secure_boot(machine: Machine) -> Iterator[Finding]:
    if not machine.there("sys/firmware/efi"):
        raise Unknowable("the machine was not started by UEFI firmware")
    try:
        content = machine.at(_SECURE_BOOT).read_bytes()
    except OSError as error:
        raise Unknowable(f"the firmware's variable cannot be read ({error.strerror})") from error
    # Four bytes of attributes, then the value.
    on = content[4:5] == b"\x01"
    yield SECURE_BOOT.ok("on") if on else SECURE_BOOT.attention("off", "switch it on in the firmware, with a password")


def _command_line(machine: Machine) -> Iterator[Finding]:
    words = (machine.read("proc/cmdline") or "").split()
    if not words:
        raise Unknowable("the kernel does not show its command line")
    if machine.number("proc/sys/kernel/panic") == 0:
        yield COMMAND_LINE.broken("after a panic it stands still", "add panic=10 to the kernel's command line")
    elif "quiet" not in words:
        yield COMMAND_LINE.attention("its messages stand on the screen", "add quiet to the kernel's command line")
    else:
        yield COMMAND_LINE.ok("quiet, and a panic restarts")


def _updates(machine: Machine) -> Iterator[Finding]:
    own = [name for name in ("unattended-upgrades.service", "apt-daily-upgrade.timer") if machine.enabled(name)]
    yield (
        UPDATES.ok("none")
        if not own
        else UPDATES.attention(
            f"{', '.join(own)} may restart programs at any hour",
            f"run `systemctl disable {' '.join(own)}`, update when closed",
        )
    )


CHECKS: tuple[Check[Machine], ...] = (
    Check((ROOT,), _root),
    Check((ENCRYPTED,), _encrypted),
    Check((SWAP,), _swap),
    Check((DUMPS,), _dumps),
    Check((TIME,), _time),
    Check((SECURE_BOOT,), _secure_boot),
    Check((COMMAND_LINE,), _command_line),
    Check((UPDATES,), _updates),
)
