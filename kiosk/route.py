"""The way to the back office as a column's settings have it, for whatever part of the program asks there.

Not for: what is asked (`sync.client`).
"""

from __future__ import annotations

from config.settings import Settings
from sync.client.route import Route


def route_of(settings: Settings) -> Route:
    """Authority and proxy of these settings."""
    return Route(settings.sync.ca, settings.sync.proxy)
