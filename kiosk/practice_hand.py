"""A practice column shows its dock what stands on the screen, and lets the dock touch it as a person does.

Everything goes through the `Screen` port: journeys know of no dock. Only a practice site may have one
(`config.column`). Not for: the dock's end of the line (`kiosk.demo.hand`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from kiosk.core.pages import Input, View
from kiosk.core.texts import Texts
from kiosk.journeys.ports import Screen
from kiosk.terminal.glimpse import Act, Glimpse

SOCKET = "hand"
"""In the folder of the dock."""
AGAIN_S = 1.0
_LONGEST = 64 * 1024


class SharedScreen:
    """A screen that a dock sees and touches too; implements `kiosk.journeys.ports.Screen`.

    A dock that is not there is looked for again and again; the person at the column never waits for it.

    Args:
        screen: where the person stands.
        socket: where the dock listens.
    """

    def __init__(self, screen: Screen, socket: Path, texts: Texts) -> None:
        self._screen = screen
        self._socket = socket
        self._texts = texts
        self._inputs: asyncio.Queue[Input] = asyncio.Queue()
        self._reading: asyncio.Task[Input] | None = None
        self._view: View | None = None
        self._line: asyncio.StreamWriter | None = None

    def show(self, view: View) -> None:
        """See `kiosk.journeys.ports.Screen`."""
        self._view = view
        self._screen.show(view)
        self._tell_view()

    async def read(self) -> Input:
        """See `kiosk.journeys.ports.Screen`; the screen is asked only when somebody waits, and never twice at once."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._screen.read())
        from_dock = asyncio.ensure_future(self._inputs.get())
        try:
            await asyncio.wait({self._reading, from_dock}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            if not from_dock.cancel():  # it came in the moment nobody waited any more
                self._inputs.put_nowait(from_dock.result())
            raise
        if from_dock.done():
            return from_dock.result()
        from_dock.cancel()
        given, self._reading = self._reading.result(), None
        self._pass_on(given)
        return given

    def on_knock(self, listener: Callable[[], None]) -> None:
        """See `kiosk.journeys.ports.Screen`; staff knock where they stand."""
        self._screen.on_knock(listener)

    @asynccontextmanager
    async def shared(self) -> AsyncIterator[None]:
        """While the context lasts, both hands count."""
        line = asyncio.create_task(self._keep_line())
        try:
            yield
        finally:
            tasks: list[asyncio.Task[None] | asyncio.Task[Input]] = [line]
            tasks += [] if self._reading is None else [self._reading]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _pass_on(self, given: Input) -> None:
        act = Act.of(given)
        if act is not None:
            self._tell({"did": [act.verb, *act.words]})

    async def _keep_line(self) -> None:
        while True:
            with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
                reader, self._line = await asyncio.open_unix_connection(self._socket, limit=_LONGEST)
                try:
                    self._tell_view()
                    await self._listen(reader)
                finally:
                    line, self._line = self._line, None
                    line.close()
            await asyncio.sleep(AGAIN_S)

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            message = json.loads(line)
            verb, *words = (str(word) for word in message["do"])
            self._inputs.put_nowait(Act(verb, tuple(words)).as_input(int(message["serial"])))

    def _tell_view(self) -> None:
        if self._view is not None:
            self._tell({"sees": Glimpse.of(self._view, self._texts).plain()})

    def _tell(self, message: dict[str, object]) -> None:
        if self._line is not None and not self._line.is_closing():
            self._line.write(json.dumps(message).encode() + b"\n")
