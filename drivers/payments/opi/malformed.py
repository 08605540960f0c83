"""Bytes that are not what they should be, as a value. Not for: broken lines (`wire`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Malformed:
    """What would have been right; the bytes themselves may hold card data and are not kept."""

    what: str
