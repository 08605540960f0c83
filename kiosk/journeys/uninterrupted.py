"""Work that cannot be undone is not broken off: a number that was taken gets its paper, whatever happens meanwhile.

Not for: anything that waits for a person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


async def uninterrupted(work: Coroutine[None, None, T]) -> T:
    """Run `work` to its end. A cancellation meanwhile is not heard: the caller goes on with the result."""
    task = asyncio.ensure_future(work)
    while True:
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise
