"""Why a store does not open, or cannot take a transaction. Each message names the file and what would be right.

Not for: damage, which is no reason to refuse (the file is moved aside, see `kiosk.store.opening`).
"""

from __future__ import annotations

from pathlib import Path


class StoreRefused(Exception):
    """The store does not open; nothing on disk was changed.

    Attributes:
        path: the file it is about.
    """

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path


class NewerSchema(StoreRefused):
    """A newer program wrote this file.

    Attributes:
        found: schema version of the file.
        supported: newest version this program knows.
    """

    def __init__(self, path: Path, found: int, supported: int) -> None:
        why = f"schema version {found} is newer than {supported}, the newest this program knows; install a newer Zuil"
        super().__init__(path, why)
        self.found = found
        self.supported = supported


class NotAStore(StoreRefused):
    """A sound SQLite file that is not a store of ours."""


class AlreadyOpen(StoreRefused):
    """Another process holds the store."""


class StoreFull(Exception):
    """The disk is full and the ballast is spent; the transaction was rolled back whole."""


class PowerGone(RuntimeError):
    """The column has lost its power, or is made to believe so for practice; nothing is written any more."""


class UnknownJob(KeyError):
    """No job of that id was ever committed here."""


class PaymentOpen(RuntimeError):
    """Nobody knows yet how an earlier payment at the terminal ended, so none begins; the text is that one's id."""


class UnknownPayment(KeyError):
    """No fee of that id was ever written down here."""


class UnknownAttest(KeyError):
    """No attest of that id stands in a state in which this can be done."""
