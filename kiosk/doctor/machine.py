"""The machine under examination, as files below a root: the real one is `/`, a test's is a folder of its own.

Everything is read from files the kernel or the system manager keeps, so nothing has to be started. Not for: judging
what is read (`units`, `lockdown`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.doctor.finding import Unknowable

UNIT_FOLDERS = (
    "etc/systemd/system",
    "run/systemd/system",
    "usr/local/lib/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
)
_MASK = "/dev/null"


@dataclass(frozen=True)
class Machine:
    """Files below `root`."""

    root: Path = Path("/")

    def at(self, place: str) -> Path:
        """A path below the root."""
        return self.root / place

    def read(self, place: str) -> str | None:
        """The text of a file; None where there is none.

        Raises:
            Unknowable: when it is there and cannot be read.
        """
        try:
            return self.at(place).read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Unknowable(f"/{place} cannot be read ({error.strerror})") from error

    def there(self, place: str) -> bool:
        """Whether something is at that place.

        Raises:
            Unknowable: when this user may not look.
        """
        try:
            self.at(place).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise Unknowable(f"/{place} cannot be looked at ({error.strerror})") from error
        return True

    def number(self, place: str) -> int:
        """The number the kernel shows there.

        Raises:
            Unknowable: when it shows none.
        """
        text = self.read(place)
        try:
            return int(text or "")
        except ValueError:
            raise Unknowable(f"the kernel of this machine does not show /{place}") from None

    def found(self, pattern: str) -> list[Path]:
        """Paths below the root that fit, sorted."""
        return sorted(self.root.glob(pattern))

    def folder_settings(self, *places: str) -> list[tuple[str, str, str]]:
        """Section, key and value of INI files and of every .conf in folders, in the order they count.

        Args:
            places: files or folders, least important first; later ones win.
        """
        settings: list[tuple[str, str, str]] = []
        for place in places:
            for path in self.found(f"{place}/*.conf") if self.at(place).is_dir() else [self.at(place)]:
                settings += ini(self.read(str(path.relative_to(self.root))) or "")
        return settings

    def manager_settings(self, name: str) -> list[tuple[str, str, str]]:
        """What counts of `/etc/systemd/NAME.conf` and its drop-ins."""
        return self.folder_settings(
            f"etc/systemd/{name}.conf",
            f"usr/lib/systemd/{name}.conf.d",
            f"run/systemd/{name}.conf.d",
            f"etc/systemd/{name}.conf.d",
        )

    def unit(self, name: str) -> list[tuple[str, str, str]] | None:
        """What a unit says, drop-ins included; None where it is not installed."""
        for folder in UNIT_FOLDERS:
            text = self.read(f"{folder}/{name}")
            if text is not None:
                drops = [f"{each}/{name}.d" for each in reversed(UNIT_FOLDERS)]
                return [*ini(text), *self.folder_settings(*drops)]
        return None

    def masked(self, name: str) -> bool:
        """Whether a unit can never be started."""
        place = self.at(f"etc/systemd/system/{name}")
        return place.is_symlink() and str(place.readlink()) == _MASK

    def enabled(self, *names: str) -> bool:
        """Whether one of these units is wanted by another one, so that it starts with the machine."""
        places = [
            place
            for folder in ("etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system")
            for how in ("wants", "requires", "upholds")
            for place in self.found(f"{folder}/*.{how}")
        ]
        # A link counts by being there: what it leads to lies below another root, or in a template.
        return any(os.path.lexists(place / name) for place in places for name in names)

    def active(self, name: str) -> bool:
        """Whether a service has processes now.

        Raises:
            Unknowable: when no system manager runs here.
        """
        if not self.there("sys/fs/cgroup/system.slice"):
            raise Unknowable("no system manager (systemd) runs on this machine")
        return any((self.read(str(each.relative_to(self.root))) or "").strip() for each in self._processes(name))

    def _processes(self, name: str) -> list[Path]:
        base = f"sys/fs/cgroup/system.slice/{name}"
        return [*self.found(f"{base}/cgroup.procs"), *self.found(f"{base}/*/cgroup.procs")]

    def mount(self, place: str) -> tuple[str, str, frozenset[str]]:
        """Device, type and options of what is mounted where that path lies.

        Raises:
            Unknowable: when the kernel does not tell.
        """
        found: tuple[str, str, frozenset[str]] | None = None
        longest = -1
        for line in (self.read("proc/mounts") or "").splitlines():
            words = line.split()
            if len(words) >= 4 and _lies_in(place, words[1]) and len(words[1]) >= longest:
                longest = len(words[1])
                found = words[0], words[2], frozenset(words[3].split(","))
        if found is None:
            raise Unknowable("the kernel does not show what is mounted")
        return found


def _lies_in(place: str, mount: str) -> bool:
    return mount == "/" or place == mount or place.startswith(mount.rstrip("/") + "/")


def ini(text: str) -> list[tuple[str, str, str]]:
    """Section, key and value of each line; comments and what is none of these are left out."""
    return list(_ini(text))


def _ini(text: str) -> Iterator[tuple[str, str, str]]:
    section = ""
    for line in (each.strip() for each in text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip()
        elif line and line[0] not in "#;" and "=" in line:
            key, _, value = line.partition("=")
            yield section, key.strip(), value.strip()


def last(settings: list[tuple[str, str, str]], section: str, key: str) -> str | None:
    """The value that counts, which is the last one; None where there is none."""
    values = [value for where, name, value in settings if (where, name) == (section, key)]
    return values[-1] if values else None


def is_yes(value: str | None) -> bool:
    """A word systemd and Weston read as true."""
    return (value or "").lower() in ("yes", "true", "on", "1")
