"""Commands for tests, and a stand-in for what they do. Not a test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from kiosk.core.commands import Command, Plain
from sync.protocol.ids import uuid7
from tests.store.columns import START


def made(kind: str = "open", minutes: float = 60, id: str = "", **arguments: Plain) -> Command:
    """A command of an hour."""
    given: Mapping[str, Plain] = arguments
    return Command(id or uuid7(), kind, given, START, START + timedelta(minutes=minutes), "staff-1")
