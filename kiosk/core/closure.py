"""A column that serves nobody for a while, because somebody said so.

Not for: opening hours (`kiosk.core.hours`) or a column that was revoked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.core.texts import Language


@dataclass(frozen=True)
class Closure:
    """Why nobody is served.

    Attributes:
        by: staff id of whoever closed it, or the id of a command of the back office.
        until: when it opens by itself; None until somebody opens it.
        text: shown to whoever comes, as it was typed; "" for none.
        language: in which the text was typed; "" where nobody said.
    """

    by: str
    until: datetime | None = None
    text: str = ""
    language: Language = ""

    def over(self, now: datetime) -> bool:
        """Whether it opens by itself by now."""
        return self.until is not None and now >= self.until
