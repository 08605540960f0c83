"""What setup may do to the world: find, try a device out, join a back office. The rest of setup sees only this.

Every call blocks and has a limit of its own; none raises but where it says so. Not for: deciding (`plan`, `story`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from kiosk.core.texts import Language
from kiosk.doctor.finding import Finding
from kiosk.setup.found import Found
from sync.client.enrolment import Joined
from sync.client.route import Route
from sync.protocol.invitation import Invitation


class Bench(Protocol):
    """The world of a technician."""

    def find(self) -> Found:
        """Look at the machine."""
        ...

    def open_ports(self, host: str) -> tuple[int, ...]:
        """Which ports that matter take a connection at an address the technician named."""
        ...

    def print_paper(self, uri: str, profile: str) -> Finding:
        """Print the test page of receipt paper."""
        ...

    def print_sheet(self, uri: str) -> Finding:
        """Print the test page of A4."""
        ...

    def read_card(self, reader: str, trust: Path | None, seconds: float, *, practice: bool) -> Finding:
        """Wait for a card and read it; nothing of the person is told or kept."""
        ...

    def ask_terminal(self, uri: str) -> Finding:
        """Ask a payment terminal how it is; nothing is charged."""
        ...

    def say(self, program: str, text: str, language: Language) -> Finding:
        """Say something aloud."""
        ...

    def join(self, invitation: Invitation, identity: Path, *, practice: bool, route: Route) -> Joined:
        """Ask a back office to take the column in; nothing counts before the result is kept.

        Raises:
            sync.client.enrolment.EnrolmentFailed: naming what to do.
            sync.client.column.IdentityDamaged: when an older key cannot be used.
        """
        ...

    def fetch_numbers(self, settings: Path) -> int:
        """Fetch numbers once; how many there are for today.

        Raises:
            kiosk.store.errors.StoreRefused: when the store cannot be opened.
        """
        ...

    def examine(self, settings: Path) -> tuple[Finding, ...]:
        """The doctor's findings of the column."""
        ...
