"""The column's clock: its zone, a shift for practice, and that it did not run back behind what was written down.

Whether it is kept right by the network belongs to the machine (`lockdown_system`) and the back office (`network`). Not
for: setting it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from kiosk.doctor.column import Examined
from kiosk.doctor.finding import Check, Finding, Row
from kiosk.store.errors import StoreRefused
from kiosk.store.store_view import StoreView

CLOCK = Row("clock", "clock", "it is not behind enrolment or the newest event, and not years ahead of them")

SLACK = timedelta(minutes=2)
FAR = timedelta(days=366)
_SET = "set the clock with `timedatectl`, and look whether time is synchronised"


def _clock(column: Examined) -> Iterator[Finding]:
    now, last = column.now(), _newest(column)
    shift = column.config.settings.practice.clock_shift_seconds
    shown = f"{now:%d.%m.%Y %H:%M:%S %Z}" + (f", shifted by {shift} s for practice" if shift else "")
    if last and now < last - SLACK:
        yield CLOCK.broken(f"{shown}, but the newest event is of {last:%d.%m.%Y %H:%M:%S}", _SET)
    elif last and now > last + FAR:
        yield CLOCK.attention(f"{shown}, more than a year after the newest event", _SET)
    else:
        yield CLOCK.ok(shown)


def _newest(column: Examined) -> datetime | None:
    from sync.client.column import IdentityDamaged, NotEnrolled, load_column

    moments = []
    try:
        moments.append(load_column(column.identity).enrolled_at)
    except (NotEnrolled, IdentityDamaged):
        return None
    try:
        with StoreView(column.store, still=column.running is False) as view:
            moments.append(view.last_moment() or moments[0])
    except (StoreRefused, sqlite3.DatabaseError):
        return moments[0]
    return max(moments)


CHECKS: tuple[Check[Examined], ...] = (Check((CLOCK,), _clock),)
