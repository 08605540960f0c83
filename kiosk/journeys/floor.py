"""Who has the screen: the visitor, or staff over them.

While staff have it, the visitor's page goes on underneath, unseen: its views are kept and its questions wait; each
touch of staff tells it that somebody is there. Not for: who may come in (`staff_entry`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from kiosk.core.pages import Input, Touched, View
from kiosk.journeys.ports import Screen


class _Side:
    """The screen as one of the two sees it; fits `kiosk.journeys.ports.Screen`."""

    def __init__(self, floor: Floor, *, staff: bool) -> None:
        self._floor = floor
        self._staff = staff

    def show(self, view: View) -> None:
        """See the port."""
        self._floor.show(view, staff=self._staff)

    async def read(self) -> Input:
        """See the port."""
        return await (self._floor.read_staff() if self._staff else self._floor.read_visitor())

    def on_knock(self, listener: object) -> None:
        """Nobody knocks on one side of the floor."""


class Floor:
    """One screen for two.

    Args:
        screen: the real one.

    Attributes:
        visitor: the side of visits, welcome and closed page.
        staff: the other side.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._view: View | None = None
        self._taken = False
        self._turned = asyncio.Event()
        self._awake = asyncio.Event()
        self.visitor = _Side(self, staff=False)
        self.staff = _Side(self, staff=True)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Staff have the screen; the visitor's page stands again afterwards."""
        self._turn(taken=True)
        try:
            yield
        finally:
            self._turn(taken=False)
            if self._view is not None:
                self._screen.show(self._view)

    def show(self, view: View, *, staff: bool) -> None:
        """Draw, or keep for later what the other one's page covers."""
        if not staff:
            self._view = view
        if staff == self._taken:
            self._screen.show(view)

    async def read_staff(self) -> Input:
        """The next input of staff; it keeps the visit underneath awake."""
        given = await self._screen.read()
        self._awake.set()
        return given

    async def read_visitor(self) -> Input:
        """The next input of the visitor; while staff have the screen, only signs of life."""
        while True:
            if self._taken:
                if await self._until_turned():
                    return Touched()
                continue
            turned = self._turned
            reading = asyncio.create_task(_read(self._screen))
            waiting = asyncio.create_task(turned.wait())
            try:
                await asyncio.wait({reading, waiting}, return_when=asyncio.FIRST_COMPLETED)
                if reading.done():
                    return reading.result()
            finally:
                await _end(reading, waiting)

    async def _until_turned(self) -> bool:
        """Wait until the screen is free, or staff touched it; whether it was the latter."""
        self._awake.clear()
        awake, turned = asyncio.create_task(self._awake.wait()), asyncio.create_task(self._turned.wait())
        try:
            await asyncio.wait({awake, turned}, return_when=asyncio.FIRST_COMPLETED)
            return awake.done()
        finally:
            await _end(awake, turned)

    def _turn(self, *, taken: bool) -> None:
        self._taken = taken
        turned, self._turned = self._turned, asyncio.Event()
        turned.set()


async def _read(screen: Screen) -> Input:
    return await screen.read()


async def _end(*tasks: asyncio.Task[Input] | asyncio.Task[Literal[True]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
