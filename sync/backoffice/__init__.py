"""The reference central back office: takes in what columns record, gives them numbers, and lets staff call people.

One program for a municipality: the kiosk API (`api`), staff pages, waiting-room display and follow page (`pages`), over
one database, SQLite or PostgreSQL by URL. `create_app` builds it, `BackOfficeServer` runs it in a thread, `serve` as a
program. Not for: anything a column needs to serve a citizen; a column works without it.
"""

from __future__ import annotations

from sync.backoffice.app import create_app
from sync.backoffice.server import BackOfficeServer, serve
from sync.backoffice.settings import BackOfficeSettings
from sync.backoffice.site import OfficeInfo, QueueInfo, SiteInfo

__all__ = [
    "BackOfficeServer",
    "BackOfficeSettings",
    "OfficeInfo",
    "QueueInfo",
    "SiteInfo",
    "create_app",
    "serve",
]
