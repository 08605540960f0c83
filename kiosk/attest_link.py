"""The column's way to registers and downloads while somebody waits: one request at a time, a result for everything.

Not for: events and numbers, which the sync client carries in its own time (`sync.client.client`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from kiosk.core.attests import NoRequest, RegisterAnswered, RegisterReply, RegisterWaits
from kiosk.core.texts import Language
from sync.client.asking import Asker
from sync.client.downloads import Offer, offer_download
from sync.client.identity import Identity
from sync.client.register_answers import NoSuchRequest, NotReady, Ready, RefusedBy, RegisterClient
from sync.client.route import DIRECT, Route
from sync.protocol.sealing import SealingKey


class AttestLink:
    """Asks one back office; every call blocks.

    Args:
        url: root address of the back office, as the column reaches it.
        public_url: the same as everybody reaches it; "" offers no files.
        now: the best known time, timezone-aware.
        route: how the back office is reached.
    """

    def __init__(
        self, identity: Identity, url: str, public_url: str, now: Callable[[], datetime], route: Route = DIRECT
    ) -> None:
        self._identity = identity
        self._url = url
        self._public_url = public_url
        self._now = now
        self._route = route

    def offer(self, pdf: bytes, language: Language) -> str | None:
        """Leave a file to be fetched once; its address, or None when that is not possible now."""
        if not self._public_url:
            return None
        transport = self._route.open()
        try:
            offer = offer_download(Asker(self._identity, transport, self._url, self._now), pdf)
        finally:
            transport.close()
        return offer.address(self._public_url, language) if isinstance(offer, Offer) else None

    def answer(
        self, national_number: str, key: SealingKey, *, request_id: str | None, code: str | None, seconds: int
    ) -> RegisterReply:
        """Whether the answer of a register is there, waiting for it at most so long."""
        client = RegisterClient(self._identity, self._url, self._route.open, self._now)
        reply = client.ask(
            request_id=request_id, code=code, national_number=national_number, key=key, wait_seconds=seconds
        )
        match reply:
            case Ready(data, asked, product, use, language, paid):
                return RegisterAnswered(data, asked, product, use, language, paid)
            case NotReady(offline):
                return RegisterWaits(offline)
            case RefusedBy(problem):
                return problem
            case NoSuchRequest():
                return NoRequest.UNKNOWN
            case _:
                assert_never(reply)
