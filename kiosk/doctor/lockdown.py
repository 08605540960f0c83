"""Whether somebody who stands at the column can get out of the kiosk: keys, terminals, ports, rights of its user.

From the list of shell, screen, keys and ports every kiosk needs; each line of it is one check. Not for: boot, disk and
kernel (`lockdown_system`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kiosk.doctor.finding import Check, Finding, Row, Unknowable
from kiosk.doctor.machine import Machine, ini, is_yes, last

BINDINGS = Row("lockdown.shell", "compositor", "one program fills the screen and the compositor has no key bindings")
TERMINALS = Row("lockdown.terminals", "terminal switch", "no key leads to another terminal, and no login waits there")
SYSRQ = Row("lockdown.sysrq", "SysRq", "the kernel's own keys are off, now and after a restart")
REBOOT_KEY = Row("lockdown.ctrl_alt_del", "Ctrl+Alt+Del", "the key does nothing")
BLANKING = Row("lockdown.blanking", "blanking", "the screen never goes dark by itself")
USB = Row("lockdown.usb", "USB ports", "only devices on a list are let in (USBGuard or a udev rule)")
AUTOMOUNT = Row("lockdown.automount", "automount", "nothing that is plugged in is mounted")
BLUETOOTH = Row("lockdown.bluetooth", "Bluetooth", "it is off: nothing can pair with the column")
USER = Row(
    "lockdown.user", "rights of the kiosk's user", "no shell, no password, no group and no rule that gives power"
)
SSH = Row("lockdown.ssh", "remote login", "where there is one: by key only, and never as root")

ACCOUNT = "zuil"
WESTON = ("etc/zuil/weston.ini", "etc/xdg/weston/weston.ini")
POWERFUL = frozenset(("root", "sudo", "wheel", "adm", "disk", "docker", "lxd", "shadow", "kmem", "netdev"))
_PACKAGE = "install the Debian package of Zuil, which brings these files"
_NO_SHELLS = ("/nologin", "/false")


def _bindings(machine: Machine) -> Iterator[Finding]:
    for place in WESTON:
        text = machine.read(place)
        if text is not None:
            yield _weston(place, ini(text))
            return
    if "cage" in (machine.read("etc/systemd/system/zuil-shell.service") or ""):
        yield BINDINGS.unknown("Cage tells only when it is built how its keys work", "use Weston, or try Alt+Esc")
        return
    yield BINDINGS.broken("no compositor is set up: there is no /etc/zuil/weston.ini", _PACKAGE)


def _weston(place: str, settings: list[tuple[str, str, str]]) -> Finding:
    lacks = []
    if "kiosk" not in (last(settings, "core", "shell") or ""):
        lacks.append("shell=kiosk-shell.so below [core]")
    if last(settings, "shell", "binding-modifier") != "none":
        lacks.append("binding-modifier=none below [shell]")
    right = f"write it into /{place}"
    return BINDINGS.either(not lacks, f"/{place}", f"/{place} lacks {'; '.join(lacks)}", right)


def _terminals(machine: Machine) -> Iterator[Finding]:
    logins = [n for n in range(1, 7) if machine.enabled(f"getty@tty{n}.service")]
    more = last(machine.manager_settings("logind"), "Login", "NAutoVTs")
    switching = [
        last(ini(machine.read(place) or ""), "keyboard", "vt-switching") for place in WESTON if machine.there(place)
    ]
    if logins:
        yield TERMINALS.broken(
            f"a login waits on tty{', tty'.join(map(str, logins))}",
            "run `systemctl mask " + " ".join(f"getty@tty{n}.service" for n in logins) + "`",
        )
    elif more != "0":
        yield TERMINALS.broken("a login is started on every terminal somebody switches to", _logind("NAutoVTs=0"))
    elif not switching or is_yes(switching[0] or "true"):
        yield TERMINALS.broken(
            "keys lead to another terminal", "write vt-switching=false below [keyboard] in weston.ini"
        )
    else:
        yield TERMINALS.ok("no login waits and no key leads away")


def _logind(line: str) -> str:
    return f"write {line} below [Login] in /etc/systemd/logind.conf.d/zuil.conf"


def _sysrq(machine: Machine) -> Iterator[Finding]:
    now = machine.number("proc/sys/kernel/sysrq")
    kept = _kernel_setting(machine, "kernel.sysrq")
    right = "write kernel.sysrq = 0 into /etc/sysctl.d/zuil.conf and restart"
    if now != 0:
        yield SYSRQ.broken(f"its keys are on ({now})", right)
    elif kept != "0":
        yield SYSRQ.attention("off now, and nothing keeps it so after a restart", right)
    else:
        yield SYSRQ.ok("off")


def _kernel_setting(machine: Machine, name: str) -> str | None:
    """The value that stands in the files of sysctl; the last one counts."""
    folders = ("usr/lib/sysctl.d", "run/sysctl.d", "etc/sysctl.conf", "etc/sysctl.d")
    values = [value for _, key, value in machine.folder_settings(*folders) if key.lstrip("-").replace("/", ".") == name]
    return values[-1] if values else None


def _reboot_key(machine: Machine) -> Iterator[Finding]:
    masked = machine.masked("ctrl-alt-del.target")
    yield REBOOT_KEY.either(masked, "masked", "it restarts the machine", "run `systemctl mask ctrl-alt-del.target`")


def _blanking(machine: Machine) -> Iterator[Finding]:
    lit = [last(ini(machine.read(place) or ""), "core", "idle-time") for place in WESTON if machine.there(place)]
    console = machine.number("sys/module/kernel/parameters/consoleblank")
    if not lit or lit[0] != "0":
        yield BLANKING.broken("the compositor darkens the screen", "write idle-time=0 below [core] in weston.ini")
    elif console != 0:
        yield BLANKING.attention(f"the console goes dark after {console} s", "add consoleblank=0 to the kernel's line")
    else:
        yield BLANKING.ok("off")


def _usb(machine: Machine) -> Iterator[Finding]:
    rules = machine.read("etc/usbguard/rules.conf")
    if rules and rules.strip() and machine.enabled("usbguard.service"):
        yield USB.ok(f"USBGuard, {len(rules.strip().splitlines())} rules")
        return
    own = [*machine.found("usr/lib/udev/rules.d/*zuil*"), *machine.found("etc/udev/rules.d/*zuil*")]
    if any(re.search(r"ATTR\{authorized(_default)?\}\s*=\s*\"0\"", path.read_text()) for path in own):
        yield USB.ok("a udev rule lets in only what is on its list")
        return
    yield USB.broken("any device is let in, keyboards too", "install usbguard, or the package's udev rule")


def _automount(machine: Machine) -> Iterator[Finding]:
    mounting = [name for name in ("udisks2.service", "autofs.service") if machine.enabled(name)]
    yield AUTOMOUNT.either(
        not mounting, "off", f"{', '.join(mounting)} starts", f"run `systemctl mask {' '.join(mounting)}`"
    )


def _bluetooth(machine: Machine) -> Iterator[Finding]:
    radios = [path.name for path in machine.found("sys/class/bluetooth/hci*")]
    yield BLUETOOTH.either(
        not radios, "none", f"{', '.join(radios)} is on", "write `install bluetooth /bin/false` into /etc/modprobe.d"
    )


def _user(machine: Machine) -> Iterator[Finding]:
    entry = next((line.split(":") for line in _lines(machine, "etc/passwd") if line.startswith(f"{ACCOUNT}:")), None)
    if entry is None or len(entry) < 7:
        yield USER.broken(f"there is no user {ACCOUNT}", _PACKAGE)
        return
    power = [*_shell(entry), *_groups(machine, entry[3]), *_rules(machine)]
    if power:
        yield USER.broken("; ".join(power), f"take it away from {ACCOUNT}: `usermod`, `gpasswd -d`, `visudo`")
        return
    yield _password(machine)


def _lines(machine: Machine, place: str) -> list[str]:
    return (machine.read(place) or "").splitlines()


def _shell(entry: list[str]) -> Iterator[str]:
    if entry[2] == "0":
        yield "it is root"
    if not entry[6].endswith(_NO_SHELLS):
        yield f"it has the shell {entry[6]}"


def _groups(machine: Machine, own: str) -> Iterator[str]:
    for name, _, number, members in (
        line.split(":", 3) for line in _lines(machine, "etc/group") if line.count(":") == 3
    ):
        if name in POWERFUL and (ACCOUNT in members.split(",") or number == own):
            yield f"it is in the group {name}"


def _rules(machine: Machine) -> Iterator[str]:
    files = ["etc/sudoers", *(str(path.relative_to(machine.root)) for path in machine.found("etc/sudoers.d/*"))]
    for place in files:
        if any(line.split()[:1] == [ACCOUNT] for line in _lines(machine, place)):
            yield f"/{place} gives it rights"


def _password(machine: Machine) -> Finding:
    try:
        entry = next(
            (line.split(":") for line in _lines(machine, "etc/shadow") if line.startswith(f"{ACCOUNT}:")), None
        )
    except Unknowable as unknowable:
        return USER.unknown(f"{unknowable}, so that it may have a password", "run `zuil doctor` as root")
    locked = entry is not None and entry[1][:1] in ("!", "*")
    return USER.either(locked, "none", f"{ACCOUNT} may have a password", f"run `passwd -l {ACCOUNT}`")


def _ssh(machine: Machine) -> Iterator[Finding]:
    if not machine.enabled("ssh.service", "sshd.service", "ssh.socket", "sshd.socket"):
        yield SSH.ok("there is none")
        return
    # The first value counts here, unlike everywhere else.
    said: dict[str, str] = {}
    for place in (
        *(str(p.relative_to(machine.root)) for p in machine.found("etc/ssh/sshd_config.d/*.conf")),
        "etc/ssh/sshd_config",
    ):
        for words in (line.split(None, 1) for line in _lines(machine, place)):
            if len(words) == 2:
                said.setdefault(words[0].lower(), words[1].strip().lower())
    lacks = [
        name
        for name, default in (("PasswordAuthentication", "yes"), ("PermitRootLogin", "prohibit-password"))
        if said.get(name.lower(), default) != "no"
    ]
    yield SSH.either(
        not lacks, "by key only", f"{', '.join(lacks)} is not no", "write it into /etc/ssh/sshd_config.d/zuil.conf"
    )


CHECKS: tuple[Check[Machine], ...] = (
    Check((BINDINGS,), _bindings),
    Check((TERMINALS,), _terminals),
    Check((SYSRQ,), _sysrq),
    Check((REBOOT_KEY,), _reboot_key),
    Check((BLANKING,), _blanking),
    Check((USB,), _usb),
    Check((AUTOMOUNT,), _automount),
    Check((BLUETOOTH,), _bluetooth),
    Check((USER,), _user),
    Check((SSH,), _ssh),
)
