"""Drivers that others add: an entry point of the group `zuil.drivers`, named after the scheme of its addresses.

So that a printer or a terminal of somebody else's needs no change of this tree. Not for: our own drivers, which the
openers know by name.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib.metadata import entry_points
from typing import Any
from urllib.parse import urlsplit

ENTRY_POINTS = "zuil.drivers"


def added_factory(uri: str, ours: Collection[str]) -> Any:
    """What somebody's entry point names for the scheme of `uri`, a callable of the kind the opener documents.

    Args:
        uri: an address out of the settings, perhaps not a right one.
        ours: schemes of this tree, which nobody can take over.

    Returns:
        The callable, or None where the scheme is ours, unknown or cannot be read.
    """
    try:
        scheme = urlsplit(uri.strip()).scheme
    except ValueError:
        return None
    if not scheme or scheme in ours:
        return None
    return next((point.load() for point in entry_points(group=ENTRY_POINTS, name=scheme)), None)
