"""Bytes that are not what they should be, as a value. Not for: broken lines (`link`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Malformed:
    """What was wrong and where; the bytes themselves may hold card data and are not kept.

    Attributes:
        what: what was expected instead.
        at: offset of the first byte that is wrong.
    """

    what: str
    at: int = 0
