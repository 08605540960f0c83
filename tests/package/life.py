"""The whole life of the package in a clean Debian: install, enrol, serve, break, upgrade, remove, purge. Not a test.

`python -m tests.package` lives it and tells what was seen; `make deb-test` and `make soak` do.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kiosk.demo.world import World
from sync.backoffice.enrolment import new_enrolment_code
from tests.package.building import build
from tests.package.tree import Failed, Tree, until

FOLDER = Path(__file__).resolve().parents[2] / "build"
CONTACT_POINT = "districtshuis"
FIRST, SECOND = "9.8.1", "9.8.2"
PARTS = ("zuil-shell.service", "zuil.service", "zuil-sync.service")
_LISTING = "find / -xdev ( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp ) -prune -o -print"
_NOT_OURS = re.compile(
    r"^/(var/(cache|lib)/(apt|dpkg)|var/log/(apt|dpkg|journal|alternatives)|var/tmp/systemd-private|etc/systemd/system/zuil-"
    r"|var/lib/systemd/(linger|timers)|root/|opt$)"
)
"""What apt, dpkg and a running systemd keep of their own work (lists, logs, stamps of timers), and what this test put
there. dpkg takes an empty /opt away with the last package that had something in it, whoever that is."""
_ACTION = """<action id="org.debian.pcsc-lite.{name}"><description>-</description><message>-</message><defaults>
<allow_any>no</allow_any><allow_inactive>no</allow_inactive><allow_active>yes</allow_active></defaults></action>"""
_PCSCD = "".join(
    ("<policyconfig>", *(_ACTION.format(name=name) for name in ("access_pcsc", "access_card")), "</policyconfig>")
)
"""What a pcscd that is built with polkit registers: people at the machine, nobody else. Debian 12's has none."""
_READ = "SELECT (SELECT count(*) FROM ticket), (SELECT max(sequence) FROM outbox)"


@dataclass(frozen=True)
class Seen:
    """One thing that was seen.

    Attributes:
        seconds: how long it took, where that is of interest.
    """

    what: str
    seconds: float | None = None


class Life:
    """Lives it, step by step.

    Args:
        folder: for everything, removed by the caller.
        world: back office and printer, on this machine.
    """

    def __init__(self, folder: Path, world: World) -> None:
        self.tree = Tree(folder / "debian")
        self._world = world
        self._folder = folder
        self._before: set[str] = set()
        self._packages = [build(folder, version) for version in (FIRST, SECOND)]

    def live(self) -> Iterator[Seen]:
        """Every step; each says what was seen.

        Raises:
            Failed: at the first that is not as it should be.
        """
        yield from self._install()
        with self.tree.booted():
            for step in (
                self._waits_until_enrolled,
                self._serves,
                self._card_readers,
                self._sync_dies,
                self._killed,
                self._screen_dies,
                self._hangs,
                self._without_back_office,
                self._ticket,
                self._gives_up,
                self._upgrade,
                self._remove,
                self._purge,
            ):
                yield from step()

    def _install(self) -> Iterator[Seen]:
        tree = self.tree
        tree.make()
        tree.run("apt-get", "update", "-q")
        wanted = re.findall(r"^ (?:Depends|Recommends): (.+)$", tree_control(self._packages[0]), re.M)
        names = sorted({each.split()[0] for line in wanted for each in line.split(", ")})
        assert names
        tree.run("apt-get", "install", "-yq", "--no-install-recommends", *names)
        self._before = self._listed()
        for package in self._packages:
            shutil.copyfile(package, tree.path(f"/root/{package.name}"))
        tree.run("apt-get", "install", "-yq", f"/root/{self._packages[0].name}")
        tree.without_a_screen()
        yield Seen(f"installed {FIRST} in a clean Debian")

    def _waits_until_enrolled(self) -> Iterator[Seen]:
        check(not any(self._active(part) for part in PARTS), "nothing runs before the column is enrolled")
        check(self.tree.run("systemctl", "--failed", "--no-legend").strip() == "", "and nothing has failed")
        shutil.copytree(self._world.site_folder, self.tree.path("/etc/zuil/site"))
        settings = self.tree.path("/etc/zuil/zuil.toml")
        settings.write_text(self._settings(settings.read_text()))
        code = new_enrolment_code(self._world.office, CONTACT_POINT)
        joined = self.tree.run("zuil", "enrol", self._world.sync_url, code, "--config", "/etc/zuil/zuil.toml")
        check("Joined as" in joined, "enrolled by the command")
        owner = self.tree.run("stat", "-c", "%U %a", "/var/lib/zuil/identity/signing.key").strip()
        check(owner == "zuil 600", f"the key is the column's own ({owner})")
        yield Seen("waits until it is enrolled")

    def _serves(self) -> Iterator[Seen]:
        began = time.monotonic()
        self.tree.run("systemctl", "start", *PARTS)
        yield Seen("started → first page, under weston", time.monotonic() - began)
        check(all(map(self._active, PARTS)), "every part runs")
        check(self._show("zuil", "Result") == "success", "in order")
        check(self.tree.run("ps", "-o", "user=", "-p", self._show("zuil", "MainPID")).strip() == "zuil", "as its user")

    def _card_readers(self) -> Iterator[Seen]:
        """Whom polkit lets use pcscd, asked of polkit itself; the actions are those of a pcscd with polkit."""
        self.tree.path("/usr/share/polkit-1/actions/org.debian.pcsc-lite.policy").write_text(_PCSCD)
        self.tree.run("systemctl", "restart", "polkit")
        for action in ("access_pcsc", "access_card"):
            for user, allowed in (("zuil", True), ("nobody", False)):
                asked = f"runuser -u {user} -- sleep 30 >/dev/null 2>&1 & sleep 0.5; "
                asked += f"pkcheck -a org.debian.pcsc-lite.{action} -p $(pgrep -n -u {user} sleep)"
                check(self.tree.succeeds("sh", "-c", asked) == allowed, f"{user} and {action}")
        self.tree.path("/usr/share/polkit-1/actions/org.debian.pcsc-lite.policy").unlink()
        yield Seen("card readers are for the column's user")

    def _sync_dies(self) -> Iterator[Seen]:
        column, sync = self._show("zuil", "MainPID"), self._show("zuil-sync", "MainPID")
        self.tree.run("systemctl", "kill", "-s", "KILL", "zuil-sync")
        took = until(lambda: self._serves_anew(sync, "zuil-sync"))
        check(self._show("zuil", "MainPID") == column, "the column was not touched")
        yield Seen("sync killed → sync back, the column untouched", took)

    def _killed(self) -> Iterator[Seen]:
        for _ in range(3):
            self.tree.run("systemctl", "reset-failed")
            yield Seen("killed → serving again", self._again("zuil", lambda: self._kill("zuil", signal.SIGKILL)))

    def _screen_dies(self) -> Iterator[Seen]:
        self.tree.run("systemctl", "reset-failed")
        took = self._again("zuil", lambda: self._kill("zuil-shell", signal.SIGKILL))
        check(self._active("zuil-shell"), "the compositor is back")
        yield Seen("compositor killed → both back", took)

    def _hangs(self) -> Iterator[Seen]:
        self.tree.run("systemctl", "reset-failed")
        took = self._again("zuil", lambda: self._kill("zuil", signal.SIGSTOP))
        said = self.tree.run("journalctl", "-u", "zuil", "--no-pager", "-o", "cat")
        check("Failed with result 'watchdog'" in said, "the watchdog ended it")
        yield Seen("hangs → ended by the watchdog → serving again", took)

    def _without_back_office(self) -> Iterator[Seen]:
        self._world.set_network("cut")
        column = self._again("zuil", lambda: self._kill("zuil", signal.SIGKILL))
        restarts = self._show("zuil", "NRestarts")
        check(
            self._active("zuil") and self._show("zuil", "NRestarts") == restarts, "a server that is away is no failure"
        )
        yield Seen("killed while the back office is away → serving again", column)

    def _ticket(self) -> Iterator[Seen]:
        """The installed program in a terminal, as the column's own user; the network is still cut."""
        self.tree.run("systemctl", "stop", "zuil")
        typed = "1\n2\n1\n1\n1\n"
        shown = self.tree.run("zuil", "run", "--text", "--config", "/etc/zuil/zuil.toml", typed=typed)
        label = re.search(r"\b[A-Z]\d{3}(?:-\w+)?\b", "".join(self._world.papers()))
        if label is None or label[0] not in shown:
            raise Failed(f"no ticket on screen and paper:\n{shown}\n{self._world.papers()}")
        self.tree.run("systemctl", "start", "zuil")
        self._world.set_network("open")
        took = until(lambda: self._world.backoffice_ticket(label[0]) is not None, 120)
        yield Seen(f"a ticket ({label[0]}) without network, and at the back office when it is there again", took)

    def _gives_up(self) -> Iterator[Seen]:
        self.tree.run("systemctl", "reset-failed")
        kills, took = 0, 0.0
        while not self._active("zuil-notice"):
            check(kills < 7, "it is not started for ever")
            before, kills = self._show("zuil", "MainPID"), kills + 1
            self._kill("zuil", signal.SIGKILL)
            took = until(partial(self._gave_up_or_serves, before), 90)
        check(kills > 2, f"not given up at once, but after {kills}")
        check(not self._active("zuil") and not self._active("zuil-shell"), "the notice has the screen alone")
        check(self._active("zuil-sync"), "sync goes on")
        yield Seen(f"killed {kills} times → the notice stands", took)
        self.tree.run("systemctl", "reset-failed")
        self.tree.run("systemctl", "start", "zuil")
        until(lambda: self._active("zuil") and not self._active("zuil-notice"))
        yield Seen("started by hand → serving, the notice gone")

    def _upgrade(self) -> Iterator[Seen]:
        settings, before = self.tree.path("/etc/zuil/zuil.toml").read_text(), self._kept()
        self.tree.run("apt-get", "install", "-yq", f"/root/{self._packages[1].name}")
        took = until(lambda: self._active("zuil") and self._active("zuil-sync"))
        check(self.tree.path("/etc/zuil/zuil.toml").read_text() == settings, "settings are kept")
        tickets, events = self._kept()
        check(tickets == before[0] and events >= before[1] > 0, "data are kept")
        said = self.tree.run("/opt/zuil/current/bin/python3", "-I", "-c", "import kiosk; print(kiosk.__version__)")
        check(said.strip() == SECOND, "the new version is current")
        versions = [path.name for path in self.tree.path("/opt/zuil/versions").iterdir()]
        check(versions == [SECOND], f"and alone: {versions}")
        yield Seen(f"upgraded to {SECOND}: serving, settings and data kept", took)

    def _remove(self) -> Iterator[Seen]:
        self.tree.run("apt-get", "remove", "-yq", "zuil")
        check(not any(map(self._active, PARTS)), "nothing runs any more")
        check(not self.tree.path("/opt/zuil").exists() and not self.tree.path("/usr/bin/zuil").exists(), "no program")
        check(self.tree.path("/var/lib/zuil/kiosk.db").exists(), "data stay until it is purged")
        check(self.tree.path("/etc/zuil/zuil.toml").exists(), "settings stay until it is purged")
        yield Seen("removed: the program is gone, data and settings are there")

    def _purge(self) -> Iterator[Seen]:
        self.tree.run("apt-get", "purge", "-yq", "zuil")
        after = self._listed()
        left = {path for path in after - self._before if not _NOT_OURS.search(path)}
        gone = {path for path in self._before - after if not _NOT_OURS.search(path)}
        check(not left and not gone, f"left behind: {sorted(left)}; taken away: {sorted(gone)}")
        for what, name in (("passwd", "zuil"), ("group", "zuil"), ("group", "zuil-devices")):
            check(not self.tree.succeeds("getent", what, name), f"{what} {name} is gone")
        yield Seen("purged: no trace")

    def _again(self, unit: str, break_it: Callable[[], None]) -> float:
        """Break a unit; seconds until it serves again as another process."""
        before = self._show(unit, "MainPID")
        break_it()
        return until(lambda: self._serves_anew(before, unit), 90)

    def _gave_up_or_serves(self, before: str) -> bool:
        return self._active("zuil-notice") or self._serves_anew(before)

    def _serves_anew(self, before: str, unit: str = "zuil") -> bool:
        return self._show(unit, "MainPID") not in ("0", before) and self._active(unit)

    def _kill(self, unit: str, how: signal.Signals) -> None:
        self.tree.run("kill", f"-{how.value}", self._show(unit, "MainPID"))

    def _active(self, unit: str) -> bool:
        return self._show(unit, "ActiveState") == "active"

    def _show(self, unit: str, what: str) -> str:
        return self.tree.run("systemctl", "show", "--value", "-p", what, unit).strip()

    def _kept(self) -> tuple[int, int]:
        """Tickets, and the last event, in the store of the column."""
        code = f"import sqlite3; print(*sqlite3.connect('/var/lib/zuil/kiosk.db').execute({_READ!r}).fetchone())"
        tickets, events = self.tree.run("runuser", "-u", "zuil", "--", "python3", "-c", code).split()
        return int(tickets), int(events)

    def _listed(self) -> set[str]:
        return set(self.tree.run(*_LISTING.split()).splitlines())

    def _settings(self, text: str) -> str:
        """The installed settings file, filled in for a practice column of this world."""
        world = self._world
        told = {
            "contact_point": f'"{CONTACT_POINT}"',
            "uri": f'"tcp://127.0.0.1:{world.printer.port}"',
            "url": f'"{world.sync_url}"',
            "heartbeat_seconds": "5",
            "clock_shift_seconds": str(world.clock_shift),
        }
        for key, value in told.items():
            text, found = re.subn(rf"^# {key} = .*$", f"{key} = {value}", text, count=1, flags=re.M)
            check(found == 1, f"the settings file has a line for {key}")
        return text


def live() -> Iterator[Seen]:
    """The whole life, in a folder below build that is removed afterwards.

    Raises:
        Failed: at the first thing that is not as it should be.
    """
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="debian-") as name:
        folder = Path(name)
        with World(folder / "world", open_now=CONTACT_POINT) as world:
            yield from Life(folder, world).live()


def check(true: bool, what: str) -> None:
    """Go on only when something is as it should be."""
    if not true:
        raise Failed(f"not so: {what}")


def tree_control(package: Path) -> str:
    """What the control file of a package says."""
    said = subprocess.run(["dpkg-deb", "--info", str(package)], capture_output=True, text=True, check=True)
    return said.stdout
