"""Somebody of staff at the column, and how what they do is written down.

Not for: what can be done (`staff_mode`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from kiosk.core.events import STAFF_ACTED
from kiosk.core.staff import Act, Member
from kiosk.journeys.staff_desk import StaffDesk
from kiosk.journeys.visit import Visit


@dataclass(frozen=True)
class Session:
    """Somebody of staff at the column.

    Attributes:
        visit: the words to ask and tell with, on the side of the screen that is theirs.
    """

    visit: Visit
    desk: StaffDesk
    member: Member

    async def did(self, act: Act, subject: str = "") -> None:
        """Write down what was done."""
        await self.desk.book.record(STAFF_ACTED, acted(self.member, act, subject))


Task = Callable[[Session], Awaitable[None]]


def acted(member: Member, act: Act, subject: str = "") -> dict[str, object]:
    """The data of the event."""
    return {"staffId": member.id, "action": act.value, "subject": subject}
