"""Which version of settings and offer this column uses: one small file, replaced whole, names it.

A version is unpacked beside the ones before and checked before the file names it; for its first minute it is on trial,
and a start that does not live through that minute goes back to the version before. Not for: fetching
(`sync.client.snapshots`) or watching the minute (`kiosk.snapshot_care`).
"""

from __future__ import annotations

import json
import logging
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from config.column import ColumnConfig, load_column
from config.problems import ConfigError
from config.settings import Settings, load_settings

FOLDER = "snapshots"
STATE = "in-use.json"
SETTINGS = "settings.json"
SITE = "site"
TRIAL_STARTS = 2
"""Starts a version gets to live through its first minute; one may be cut off by somebody at the plug."""
_log = logging.getLogger("zuil.column")


@dataclass(frozen=True)
class Told:
    """What must still be recorded as an event."""

    kind: str
    version: int
    reason: str = ""


@dataclass(frozen=True)
class InUse:
    """What the file says.

    Attributes:
        active: version in use; 0 is what the settings file and its site say by themselves.
        previous: version before, to which a trial goes back.
        trial: whether the active one has to prove itself.
        starts: of the program since it went on trial.
        highest: highest version ever seen, used or rejected; no other is taken that is not higher.
        since_ms: when the active one came into use, Unix milliseconds.
        told: events not recorded yet.
    """

    active: int = 0
    previous: int = 0
    trial: bool = False
    starts: int = 0
    highest: int = 0
    since_ms: int = 0
    told: tuple[Told, ...] = ()


class Snapshots:
    """The versions of one column.

    Args:
        data: folder of everything the column remembers.
    """

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER
        self._state = self._folder / STATE
        self._lock = threading.RLock()

    def read(self) -> InUse:
        """What is in use; a file nobody can read counts as none, and the settings file rules."""
        try:
            members = json.loads(self._state.read_bytes())
            told = tuple(Told(**each) for each in members.pop("told"))
            return InUse(**members, told=told)
        except FileNotFoundError:
            return InUse()
        except (OSError, ValueError, TypeError, KeyError) as error:
            _log.error("what settings are in use cannot be read (%s); the settings file rules", type(error).__name__)
            return InUse()

    def write(self, state: InUse) -> None:
        """Replace the file, durably. Raises OSError."""
        from sync.client.identity import write_durably

        self._folder.mkdir(parents=True, exist_ok=True)
        write_durably(self._state, json.dumps(asdict(state)).encode())

    def keep(self, version: int, packed: bytes, settings: Mapping[str, object]) -> None:
        """Unpack a version beside the others, whole or not at all. Raises OSError, CannotPack."""
        from sync.client.identity import sync_folder, write_durably
        from sync.protocol.packing import unpack_folder

        new, whole = self._folder / f"{version}.new", self.folder(version)
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(whole, ignore_errors=True)
        try:
            unpack_folder(packed, new / SITE)
            write_durably(new / SETTINGS, json.dumps(dict(settings)).encode())
            _sync_all(new)
            new.rename(whole)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        sync_folder(self._folder)

    def folder(self, version: int) -> Path:
        """Where a version lies."""
        return self._folder / str(version)

    def change(self, version: int) -> Callable[[Settings], Settings] | None:
        """What a version puts in the place of the settings file's own; None for version 0."""
        return None if version == 0 else lambda settings: _changed(settings, self.folder(version))

    def activate(self, version: int, now_ms: int) -> None:
        """Have the next start use a version that was kept and checked. Raises OSError."""
        with self._lock:
            now = self.read()
            keep = now.previous if now.trial else now.active
            self.write(
                replace(
                    now,
                    active=version,
                    previous=keep,
                    trial=True,
                    starts=0,
                    highest=max(version, now.highest),
                    since_ms=now_ms,
                )
            )

    def reject(self, version: int, reason: str) -> None:
        """Never use a version that was not activated. Raises OSError."""
        with self._lock:
            now = self.read()
            self.write(
                replace(
                    now, highest=max(version, now.highest), told=(*now.told, Told("rejected", version, reason[:300]))
                )
            )
            shutil.rmtree(self.folder(version), ignore_errors=True)

    def roll_back(self, reason: str) -> InUse:
        """The active version did not prove itself: the one before is in use from the next start on. Raises OSError."""
        with self._lock:
            now = self.read()
            if not now.trial:
                return now
            told = (*now.told, Told("rejected", now.active, reason[:300]))
            back = replace(now, active=now.previous, trial=False, starts=0, told=told)
            self.write(back)
            _log.error("version %s of settings and offer is taken back: %s", now.active, reason)
            return back

    def prove(self) -> None:
        """The active version lived through its first minute. Raises OSError."""
        with self._lock:
            now = self.read()
            if now.trial:
                told = (*now.told, Told("activated", now.active))
                self.write(replace(now, trial=False, starts=0, told=told))
                self._tidy(now.active)

    def forget_told(self, count: int) -> None:
        """So many of the oldest events are recorded. Raises OSError."""
        with self._lock:
            now = self.read()
            self.write(replace(now, told=now.told[count:]))

    def _tidy(self, active: int) -> None:
        for path in self._folder.iterdir():
            if path.is_dir() and path.name != str(active):
                shutil.rmtree(path, ignore_errors=True)


def load_current(path: Path | None) -> ColumnConfig:
    """Settings and site as this column uses them, for whoever only looks; raises as `load_column`."""
    snapshots = Snapshots(load_settings(path).column.data)
    return load_column(path, snapshots.change(snapshots.read().active))


def load_in_use(path: Path | None) -> ColumnConfig:
    """Settings and site as this column uses them now; counts the start of a version on trial.

    Raises:
        ConfigError: when what the settings file itself says cannot be used.
    """
    snapshots = Snapshots(load_settings(path).column.data)
    state = snapshots.read()
    try:
        if state.trial and state.starts >= TRIAL_STARTS:
            state = snapshots.roll_back("the column stopped again and again within the first minute")
        elif state.trial:
            state = replace(state, starts=state.starts + 1)
            snapshots.write(state)
    except OSError as error:
        _log.error("the trial of version %s cannot be written down: %s", state.active, error.strerror)
    try:
        return load_column(path, snapshots.change(state.active))
    except ConfigError as error:
        if state.active == 0:
            raise
        return _without(path, snapshots, state, str(error.problems[0]))


def _without(path: Path | None, snapshots: Snapshots, state: InUse, reason: str) -> ColumnConfig:
    """A version that was good once and is not any more (the settings file changed, a file is damaged)."""
    _log.error("version %s of settings and offer cannot be used: %s", state.active, reason)
    if state.trial:
        back = snapshots.roll_back(reason)
        try:
            return load_column(path, snapshots.change(back.active))
        except ConfigError:
            _log.error("nor can version %s; the settings file rules", back.active)
    return load_column(path)


def _changed(settings: Settings, folder: Path) -> Settings:
    from config.remote import WHERE, override

    try:
        values = json.loads((folder / SETTINGS).read_bytes())
    except (OSError, ValueError) as error:
        from config.problems import Problem

        raise ConfigError(
            [Problem(WHERE, 1, f"they cannot be read ({type(error).__name__})", "publish again")]
        ) from error
    changed = override(settings, values)
    column = changed.column.model_copy(update={"site": folder / SITE})
    return changed.model_copy(update={"column": column})


def _sync_all(folder: Path) -> None:
    import os

    from sync.client.identity import sync_folder

    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            sync_folder(path)
    sync_folder(folder)
