"""From settings to a card driver that opens itself, in the thread of its bus.

pyscard and everything about certificates are loaded there, after the first screen. Not for: threads
(`drivers.card_runner`) or the form of addresses (`address`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import assert_never

from drivers.card_contract import CardDriver
from drivers.cards.address import PcscReader, ReaderAddress, VirtualReader
from drivers.cards.transport import Transport
from drivers.contract import CannotOpen, Reason

OpenCards = Callable[[], CardDriver | CannotOpen]
"""Makes a driver, in the thread of its bus."""


@dataclass(frozen=True)
class CardFilesAtHand:
    """What cards are verified with.

    Attributes:
        trust: PEM file with the pinned roots, or None: then no signature can be verified, and verdicts say so.
        revocations: CRL file, or None.
        specimens: whether roots for tests are accepted; never on a column that serves citizens.
    """

    trust: Path | None = None
    revocations: Path | None = None
    specimens: bool = False


def open_cards(address: ReaderAddress, files: CardFilesAtHand, now: Callable[[], datetime]) -> OpenCards:
    """What makes the driver later.

    Args:
        now: local time, timezone-aware.
    """
    return partial(_opened, address, files, now)


def _opened(address: ReaderAddress, files: CardFilesAtHand, now: Callable[[], datetime]) -> CardDriver | CannotOpen:
    from drivers.cards.beid.trust import TrustFileWrong, load_trust
    from drivers.cards.driver import BeidDriver

    try:
        trust = load_trust(files.trust, files.revocations, specimens=files.specimens)
    except TrustFileWrong as wrong:
        return CannotOpen(Reason.NOT_CONFIGURED, str(wrong), permanent=True)
    transport = connect(address)
    return transport if isinstance(transport, CannotOpen) else BeidDriver(transport, trust, now, time.sleep)


def connect(address: ReaderAddress) -> Transport | CannotOpen:
    """The reader at `address`."""
    match address:
        case PcscReader(name_part):
            from drivers.cards.transports.pcsc import PcscTransport

            try:
                return PcscTransport(name_part)
            except ImportError as missing:
                return CannotOpen(Reason.NOT_CONFIGURED, f"{missing}; install libpcsclite1", permanent=True)
        case VirtualReader(host, port):
            from drivers.cards.transports.virtual import VirtualTransport

            try:
                return VirtualTransport(host, port)
            except OSError as taken:
                return CannotOpen(Reason.UNREACHABLE, f"{host}:{port}: {taken.strerror}")
        case _:
            assert_never(address)
