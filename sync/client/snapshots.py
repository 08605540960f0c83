"""Fetches the newest settings and offer for this column: whole, signed by the pinned key, in answer to our question.

Not for: unpacking, checking and using it (`kiosk.snapshots`).
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from sync.client.answers import NotOurServer, Trouble
from sync.client.asking import Asker
from sync.protocol.canonical import unb64url
from sync.protocol.orders import SNAPSHOT_REQUEST, SnapshotAnswer
from sync.protocol.signing import SNAPSHOT

Setting = bool | int | str


@dataclass(frozen=True)
class Snapshot:
    """One version.

    Attributes:
        packed: the folder; see `sync.protocol.packing`.
        settings: values by dotted name.
    """

    version: int
    packed: bytes
    settings: dict[str, Setting]


def fetch_snapshot(asker: Asker, active: int) -> Snapshot | Trouble | None:
    """Ask once; None when there is nothing newer. A version that is not newer than `active` is never taken."""
    answer = asker.ask("snapshots", (SNAPSHOT_REQUEST, SNAPSHOT), {"active": active})
    if not isinstance(answer, dict):
        return answer
    try:
        told = SnapshotAnswer.model_validate(answer)
        packed = unb64url(told.content)
    except (ValidationError, ValueError):
        return NotOurServer("the answer is no snapshot")
    if told.version <= active:
        return None
    return Snapshot(told.version, packed, told.settings)
