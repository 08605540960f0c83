"""What an alarm is about, in the words of who reads it: amounts, queues, days and devices, not what columns wrote.

Not for: raising alarms, or what kinds there are (`docs/backoffice.md`).
"""

from __future__ import annotations

import re
from datetime import datetime

from sync.backoffice.alarms import AlarmCard
from sync.backoffice.pages.words import Words
from sync.backoffice.payments import DIFFERS
from sync.backoffice.site import OfficeInfo, SiteInfo

TECHNICAL = ("snapshotRejected", "updateRejected", "columnRetired")
"""Kinds whose detail is for the technician: in English, as the column wrote it."""
_AMOUNT = re.compile(r"€ (\d+),(\d\d)")


def alarm_detail(alarm: AlarmCard, site: SiteInfo, info: OfficeInfo, words: Words) -> str:
    """The detail of an alarm; empty where its kind and column say it all."""
    match alarm.kind:
        case "technicianWanted":
            return ""
        case "leaseExhausted":
            return _numbers(alarm.detail, site, info, words)
        case "notReady":
            return ", ".join(words.either(f"device.{part}", part) for part in re.split(r"[,\s]+", alarm.detail) if part)
        case kind if kind == DIFFERS:
            ours, _, theirs = _AMOUNT.sub(lambda each: words.money(int(each[1] + each[2])), alarm.detail).partition("/")
            told = theirs.strip() if "€" in theirs else words("payments.day.refused")
            return f"{ours.strip()} / {told}"
        case _:
            return alarm.detail


def _numbers(detail: str, site: SiteInfo, info: OfficeInfo, words: Words) -> str:
    """Queue and day, from "travel 2026-11-25"."""
    queue_id, _, day = detail.partition(" ")
    queue = info.queue(queue_id)
    title = site.words(queue.title, words.language) if queue else queue_id
    try:
        return f"{title}, {words.day(datetime.fromisoformat(day))}"
    except ValueError:
        return detail
