"""Live streams to pages: server-sent events with signs of life.

A stream tells what changed; a page that hears nothing for a while says that its connection is lost. Not for: what is
told.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from sync.backoffice.core import BackOffice

_LOOK_EVERY = 6
"""Beats after which a stream looks in the database even when nobody woke it: the day may have ended."""


@dataclass(frozen=True)
class News:
    """What a page should know.

    Attributes:
        id: goes back to us as `Last-Event-ID` when the browser reconnects.
        data: any JSON value.
    """

    id: str
    data: object


def stream(office: BackOffice, office_id: str, look: Callable[[], News], last_id: str) -> StreamingResponse:
    """Answer with a stream of `news` events whenever `look` sees something else, and of beats in between.

    Args:
        look: what the page should know now; called in a worker thread.
        last_id: `Last-Event-ID` of the request; what the page has already is not sent again.
    """
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(office, office_id, look, last_id), media_type="text/event-stream", headers=headers)


async def _events(office: BackOffice, office_id: str, look: Callable[[], News], last_id: str) -> AsyncIterator[str]:
    yield ": hello\nretry: 2000\n\n"
    told: str | None = last_id or None
    beats = 0
    while not office.live.closed:
        revision = office.live.revision(office_id)
        if beats % _LOOK_EVERY == 0:
            news = await run_in_threadpool(look)
            if news.id != told:
                told = news.id
                yield f"id: {news.id}\nevent: news\ndata: {json.dumps(news.data)}\n\n"
        now = await office.live.wait(office_id, revision, office.settings.beat_sec)
        beats = 0 if now != revision else beats + 1
        yield ": beat\nevent: beat\ndata: {}\n\n"
