"""What the column remembers of its own care."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from kiosk.core.events import DEVICE_RECOVERED
from tests.store.columns import open_at


async def test_a_value_is_kept_and_replaced_and_forgotten_over_a_restart(path: Path) -> None:
    store = await asyncio.to_thread(open_at, path)
    assert await store.remembered("closed") is None
    await store.remember("closed", {"until": "2026-11-26"})
    await store.remember("closed", {"until": "2026-11-27"})
    await asyncio.to_thread(store.close)
    store = await asyncio.to_thread(open_at, path)
    assert await store.remembered("closed") == {"until": "2026-11-27"}
    await store.remember("closed", None)
    assert await store.remembered("closed") is None
    await asyncio.to_thread(store.close)


async def test_a_value_and_its_event_are_one_commit(path: Path) -> None:
    store = await asyncio.to_thread(open_at, path)
    before = store.position().last_sequence
    await store.remember("roll", 1, DEVICE_RECOVERED, {"device": "printer"})
    assert store.position().last_sequence == before + 1
    with pytest.raises(Exception, match="nobody"):
        await store.remember("roll", 2, DEVICE_RECOVERED, {"nobody": "printer"})
    assert await store.remembered("roll") == 1
    await asyncio.to_thread(store.close)
