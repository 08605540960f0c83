"""How many people are ahead, from the back office's last word and our own tickets since.

Not for: how long they take (wait estimates come from the back office) or where the figures are kept (`kiosk.store`).
"""

from __future__ import annotations

from kiosk.core.tickets import PeopleAhead

FRESH_SECONDS = 120
"""Younger than this, the back office's count is taken as it is."""
STALE_SECONDS = 30 * 60
"""Older than this, nothing believable is known."""


def people_ahead(waiting: int, own_since: int, age_seconds: float) -> PeopleAhead | None:
    """People waiting in a queue now.

    Args:
        waiting: what the back office counted, tickets of every column included.
        own_since: tickets of this column that the count cannot include.
        age_seconds: how old the count is.

    Returns:
        Exact while the count is fresh, "about" up to half an hour, None after that.
    """
    if age_seconds > STALE_SECONDS:
        return None
    return PeopleAhead(waiting + own_since, exact=age_seconds < FRESH_SECONDS)
