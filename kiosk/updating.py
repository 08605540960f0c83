"""Another version of the program: laid ready by a technician, asked for only while closed with nothing under way.

The column only asks; a unit with more rights checks the file again and puts it in place, and back
(`packaging/files/opt/zuil/libexec/zuil-apply-update`). Not for: settings and offer (`kiosk.snapshots`).
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kiosk.core.closure import Closure
from kiosk.core.events import UPDATE_INSTALLED, UPDATE_REJECTED, EventKind
from kiosk.core.updates import Doings, reason_to_wait
from kiosk.journeys.ports import Caretaker, Clock

if TYPE_CHECKING:
    from sync.protocol.signing import PublicKey

FOLDER = "update"
PACKAGE = "update.deb"
READY = "ready"
"""Everything is laid ready; the column asks for it when it may."""
REQUEST = "request"
"""The column asks the update unit, which watches for this file."""
RESULT = "result.json"
LOOK_S = 20.0
BY = "update"
CLOSED_FOR = timedelta(minutes=10)
"""Should nobody ever answer, the column opens by itself."""
_KINDS: dict[str, EventKind] = {"installed": UPDATE_INSTALLED, "rejected": UPDATE_REJECTED}
_log = logging.getLogger("zuil.column")


def lay_ready(data: Path, package: Path, backoffice: PublicKey) -> str:
    """Copy a package and its signature to where the column looks; the version.

    Raises:
        kiosk.update_check.WrongUpdate: when the signature is not good.
        OSError: when it cannot be copied.
    """
    from kiosk.update_check import SIGNATURE, check_update

    version = check_update(package, backoffice)
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name in (READY, REQUEST):
        (folder / name).unlink(missing_ok=True)
    shutil.copyfile(package, folder / PACKAGE)
    shutil.copyfile(package.with_name(package.name + SIGNATURE), folder / (PACKAGE + SIGNATURE))
    check_update(folder / PACKAGE, backoffice)
    (folder / READY).write_text(f"{version}\n", encoding="ascii")
    return version


class UpdateStore(Protocol):
    """The part of the store that is told."""

    async def record(self, kind: EventKind, data: Mapping[str, object]) -> None:
        """Append one event."""
        ...


class UpdateCare:
    """Asks for what is laid ready as soon as it may, and records what became of it.

    Args:
        data: folder of everything the column remembers.
        doings: what goes on at the column now.
        caretaker: keeps visitors away meanwhile; without one an update waits for somebody to close the column.
    """

    def __init__(
        self,
        data: Path,
        store: UpdateStore,
        clock: Clock,
        doings: Callable[[], Awaitable[Doings]],
        caretaker: Caretaker | None,
    ) -> None:
        self._folder = data / FOLDER
        self._store = store
        self._clock = clock
        self._doings = doings
        self._caretaker = caretaker
        self._waits: str | None = None

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await self._clock.sleep(LOOK_S)

    async def look(self) -> str | None:
        """Record a result, ask when it may; why it waits, or None."""
        await self._record()
        if not (self._folder / READY).exists():
            return None
        why = reason_to_wait(await self._doings(), self._clock.now())
        if why != self._waits:
            self._waits = why
            _log.info("an update is laid ready: %s", f"it waits for {why}" if why else "it is asked for")
        if why is None and await self._keeps_away():
            (self._folder / READY).replace(self._folder / REQUEST)
        return why

    async def _keeps_away(self) -> bool:
        """Whether nobody can begin anything from now on; out of opening hours the column is closed first, and what
        goes on is looked at again."""
        if self._caretaker is None:
            return (await self._doings()).closure is not None
        if self._caretaker.closure is not None:
            return True
        await self._caretaker.close(Closure(BY, self._clock.now() + CLOSED_FOR))
        return False

    async def _record(self) -> None:
        try:
            told = json.loads((self._folder / RESULT).read_bytes())
            kind = _KINDS[told["outcome"]]
            data = {"version": str(told["version"]), "reason": str(told["reason"])}
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError):
            _log.warning("the result of an update cannot be read")
            (self._folder / RESULT).unlink(missing_ok=True)
            return
        await self._store.record(kind, {name: data[name] for name in data if name in kind.fields})
        (self._folder / RESULT).unlink(missing_ok=True)
        if self._caretaker is not None and self._caretaker.closure is not None and self._caretaker.closure.by == BY:
            await self._caretaker.open(BY)
