"""The printer of sheets as the rest of the house sees it: state, print once, close.

Every call has a connection of its own, never raises, and ends in time. Not for: threads and repeated attempts
(`drivers.runner`).
"""

from __future__ import annotations

import time
from collections import OrderedDict

from drivers.contract import DeviceStatus, Health, PrintResult, Reason, Refused, Sheet, Unknown
from drivers.printers.ipp.address import IppAddress, device_address
from drivers.printers.ipp.job import SheetJob
from drivers.printers.ipp.session import Session, Timing, Trouble
from drivers.printers.ipp.status import decode_status
from drivers.printers.ipp.transport import HttpTransport, Transport
from drivers.printers.ipp.witness import Clock, Pause, Witness

REMEMBERED_JOBS = 256


class IppPrinter:
    """One queue; implements `drivers.contract.SheetDriver`.

    All calls come from one thread.
    """

    def __init__(
        self,
        address: IppAddress,
        timing: Timing | None = None,
        clock: Clock = time.monotonic,
        pause: Pause = time.sleep,
        transport: Transport | None = None,
    ) -> None:
        """Keep the settings; nothing is opened yet.

        Args:
            transport: another way to the printer than HTTP to the address, for tests.
        """
        self._session = Session(transport or HttpTransport(address), address.uri, timing or Timing())
        self._clock = clock
        self._pause = pause
        self._done: OrderedDict[str, PrintResult] = OrderedDict()

    def status(self) -> DeviceStatus:
        """Ask the printer now."""
        facts = self._session.printer()
        self._session.close()
        if isinstance(facts, Trouble):
            return DeviceStatus(Health.UNAVAILABLE, facts.reason, facts.raw)
        return decode_status(facts)

    def print(self, job_id: str, document: Sheet) -> PrintResult:
        """Print once; the same `job_id` again returns the first result and sends nothing."""
        known = self._done.get(job_id)
        if known is not None:
            return known
        # Whatever happens in between, the same job never leaves a second time.
        self._done[job_id] = Unknown(Reason.SILENT, "its end was not seen")
        try:
            result = self._print(document)
        finally:
            self._session.close()
        self._done[job_id] = result
        if len(self._done) > REMEMBERED_JOBS:
            self._done.popitem(last=False)
        return result

    def close(self) -> None:
        """Nothing is kept open between two calls; many printers serve few connections."""
        self._session.close()

    def _print(self, sheet: Sheet) -> PrintResult:
        facts = self._session.printer()
        if isinstance(facts, Trouble):
            return Refused(facts.reason, facts.raw)
        status = decode_status(facts)
        if not status.usable:
            return Refused(status.reason or Reason.OFFLINE, status.raw)
        behind = self._behind(facts.device) if facts.spooler else None
        witness = Witness(behind, self._clock, self._pause) if behind is not None else None
        try:
            return SheetJob(self._session, facts, self._clock, self._pause, witness).run(sheet)
        finally:
            if behind is not None:
                behind.close()

    def _behind(self, device: str) -> Session | None:
        """The printer behind a queue, when CUPS reaches it by IPP under an address that others can use too."""
        address = device_address(device)
        return Session(HttpTransport(address), address.uri, self._session.timing) if address is not None else None
