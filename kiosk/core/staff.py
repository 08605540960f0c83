"""Staff at the column: roles, what each may do, and everything that can be done, one table.

Each action is an event with who did it; the documentation of events is written from this table. Not for: how somebody
proves who they are (`kiosk.staffing`) or the pages (`kiosk.journeys.staff_pages`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from kiosk.core.texts import Language


class Role(Enum):
    """What somebody is at this column."""

    HOST = "host"
    RECEPTION = "reception"
    TECHNICIAN = "technician"


class Right(Enum):
    """What a role may be allowed, as it is written in the settings."""

    VISIT = "visit"
    """End the visit under way."""
    PAPER = "paper"
    """Change the roll and make test cuts."""
    REPRINT = "reprint"
    TICKETS = "tickets"
    """See, print and call the tickets that wait here."""
    CLOSE = "close"
    """Close the column and open it."""
    SOUND = "sound"
    RESTART = "restart"
    MONEY = "money"
    """Decide about payments, have receipts printed again, close the terminal's period."""
    REPORT = "report"
    """See and print the report of the morning, and have everything tested again."""


DEFAULT_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.HOST: frozenset(Right) - {Right.CLOSE, Right.RESTART, Right.MONEY},
    Role.RECEPTION: frozenset(Right),
    Role.TECHNICIAN: frozenset(Right),
}
"""Rights where the settings name none. Whoever got in may always call a technician and look how the column is."""


@dataclass(frozen=True)
class Member:
    """Somebody of the staff, proven.

    Attributes:
        id: as in the settings and in every event.
        language: of the pages shown to them.
    """

    id: str
    role: Role
    language: Language
    rights: frozenset[Right] = field(default_factory=frozenset)

    def may(self, right: Right) -> bool:
        """Whether the settings allow it."""
        return right in self.rights


class Act(Enum):
    """Everything staff can do here; the value stands in the event."""

    ENTERED = "entered"
    LEFT = "left"
    ENDED_VISIT = "endedVisit"
    CHANGED_PAPER = "changedPaper"
    TESTED_CUT = "testedCut"
    REPRINTED = "reprinted"
    CLOSED = "closed"
    OPENED = "opened"
    RESTARTED = "restarted"
    SET_VOLUME = "setVolume"
    CALLED_TECHNICIAN = "calledTechnician"
    PRINTED_TICKETS = "printedTickets"
    CALLED_TICKET = "calledTicket"
    TESTED_DEVICES = "testedDevices"
    PRINTED_REPORT = "printedReport"
    DECIDED_PAYMENT = "decidedPayment"
    REPRINTED_RECEIPT = "reprintedReceipt"
    CLOSED_TERMINAL = "closedTerminal"


MEANINGS: Mapping[Act, tuple[str, str]] = {
    Act.ENTERED: ("Got into staff mode.", "`pin`, `card`, or `badge` (with the PIN)"),
    Act.LEFT: ("Left staff mode.", "`asked` or `idle`"),
    Act.ENDED_VISIT: ("Ended the visit under way; what it knew is wiped.", ""),
    Act.CHANGED_PAPER: ("Put a new roll into the receipt printer.", "millimetres used of the old one"),
    Act.TESTED_CUT: ("Had a test paper printed and cut.", "state of that paper"),
    Act.REPRINTED: ("Had the last ticket printed again, marked as a duplicate.", "id of the ticket"),
    Act.CLOSED: ("Closed the column.", "until when, or empty"),
    Act.OPENED: ("Opened the column.", ""),
    Act.RESTARTED: ("Had the program start anew.", ""),
    Act.SET_VOLUME: ("Changed the loudness of the voice.", "percent"),
    Act.CALLED_TECHNICIAN: ("Asked for a technician; the back office raises an alarm.", ""),
    Act.PRINTED_TICKETS: ("Printed the list of tickets the back office does not know yet.", "how many"),
    Act.CALLED_TICKET: ("Called a ticket at the column itself.", "id of the ticket"),
    Act.TESTED_DEVICES: ("Had every device tested, without any effect.", "worst state found"),
    Act.PRINTED_REPORT: ("Printed the report of that.", ""),
    Act.DECIDED_PAYMENT: ("Decided about a payment; `payments.decided` says what.", "code of the payment"),
    Act.REPRINTED_RECEIPT: ("Had a receipt of the terminal printed again.", "code of the payment"),
    Act.CLOSED_TERMINAL: ("Had the terminal close its period.", ""),
}
"""What each action means, and what stands in `subject`."""


def acts_reference() -> str:
    """The table of actions, as Markdown; it ends `docs/events.md`."""
    rows = "\n".join(f"| `{act.value}` | {means} | {subject} |" for act, (means, subject) in MEANINGS.items())
    return (
        "\n## Actions of `staff.acted`\n\nWhat staff did at the column. The table is `kiosk/core/staff.py`.\n\n"
        f"| action | what was done | subject |\n| --- | --- | --- |\n{rows}\n"
    )
