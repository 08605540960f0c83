"""The print saga, done: queued, sent, then confirmed, unknown or failed, each state durable before the next step.

A job outlives the visit that started it: somebody who walks away still gets the paper, and the outcome is recorded.
Not for: the table of states (`kiosk.core.print_saga`) or bytes (`drivers.printers`).
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import assert_never

from drivers.contract import PaperDocument, Printed, PrintResult, Reason, Refused, Sheet, Unknown
from kiosk.core.tickets import PrintState
from kiosk.journeys.ports import Devices, Store

log = logging.getLogger("zuil.print")


@dataclass(frozen=True)
class PaperNews:
    """Where the paper stands now, and why when it did not come out."""

    state: PrintState
    reason: Reason | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing more will be heard."""
        return self.state in (PrintState.CONFIRMED, PrintState.UNKNOWN, PrintState.FAILED)


@dataclass
class PrintJob:
    """A running job; `news` is the latest state.

    Attributes:
        id: id of the job in the store.
    """

    id: str
    news: PaperNews = PaperNews(PrintState.QUEUED)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, news: PaperNews) -> None:
        """Take note of a new state and wake whoever follows."""
        self.news = news
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def follow(self) -> AsyncIterator[PaperNews]:
        """The state now and each new one, until the job is settled."""
        while True:
            changed, news = self._changed, self.news
            yield news
            if news.settled:
                return
            await changed.wait()


class Printing:
    """Runs print jobs of the column.

    Args:
        store: where states are committed.
        devices: where the printer is.
    """

    def __init__(self, store: Store, devices: Devices) -> None:
        self._store = store
        self._devices = devices
        self._running: set[asyncio.Task[None]] = set()
        self._owed: dict[str, PaperNews] = {}
        """Outcomes by job that could not be written down yet: a full disk, for example."""

    def start(self, job_id: str, document: PaperDocument | Sheet) -> PrintJob:
        """Begin a committed job on the printer for that kind of document; it goes on by itself."""
        job = PrintJob(job_id)
        self._go_on(self._run(job, document))
        return job

    def afterwards(self, job: PrintJob, act: Callable[[PaperNews], Awaitable[None]]) -> None:
        """Do something once a job is settled, whether or not the visit that began it is still there."""
        self._go_on(self._after(job, act))

    def slip(self, document: PaperDocument) -> PrintJob:
        """Print something nobody was promised: what is on it stands on the screen as well."""
        job = PrintJob(str(uuid.uuid4()))
        self._go_on(self._slip(job, document))
        return job

    async def finish(self) -> None:
        """Wait until every running job is settled (at shutdown)."""
        await asyncio.gather(*self._running, return_exceptions=True)

    def _go_on(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _after(self, job: PrintJob, act: Callable[[PaperNews], Awaitable[None]]) -> None:
        async for news in job.follow():
            if news.settled:
                await act(news)

    async def _slip(self, job: PrintJob, document: PaperDocument) -> None:
        job.tell(PaperNews(PrintState.SENT))
        job.tell(outcome(await self._devices.printer.print(job.id, document)))

    async def _run(self, job: PrintJob, document: PaperDocument | Sheet) -> None:
        await self._write_what_is_owed()
        if not await self._written(job.id, PaperNews(PrintState.SENT)):
            # What could not be written down is not done: certainly no paper comes out.
            await self._settle(job, PaperNews(PrintState.FAILED))
            return
        job.tell(PaperNews(PrintState.SENT))
        try:
            news = outcome(await self._print(job.id, document))
        except Exception:
            # A bug must not leave the citizen with "printing" on the screen.
            log.exception("print job %s ended by a defect", job.id)
            news = PaperNews(PrintState.UNKNOWN)
        await self._settle(job, news)

    async def _print(self, job_id: str, document: PaperDocument | Sheet) -> PrintResult:
        if isinstance(document, Sheet):
            return await self._devices.sheets.print(job_id, document)
        return await self._devices.printer.print(job_id, document)

    async def _settle(self, job: PrintJob, news: PaperNews) -> None:
        """Whoever stands there hears what is true also when it cannot be written down; that is done later."""
        if not await self._written(job.id, news):
            self._owed[job.id] = news
        job.tell(news)

    async def _written(self, job_id: str, news: PaperNews) -> bool:
        try:
            await self._store.move_print(job_id, news.state, news.reason.value if news.reason else None)
        except Exception:
            log.exception("print job %s: that it is %s could not be written down", job_id, news.state.value)
            return False
        return True

    async def _write_what_is_owed(self) -> None:
        """Before the next job; what a stop still finds open, the next start settles."""
        for job_id, news in tuple(self._owed.items()):
            del self._owed[job_id]
            if not await self._written(job_id, news):
                self._owed[job_id] = news
                return


def outcome(result: PrintResult) -> PaperNews:
    """What a printer's answer means for the job."""
    match result:
        case Printed():
            return PaperNews(PrintState.CONFIRMED)
        case Refused(reason):
            return PaperNews(PrintState.FAILED, reason)
        case Unknown(reason):
            return PaperNews(PrintState.UNKNOWN, reason)
        case _:
            assert_never(result)
