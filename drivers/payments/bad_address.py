"""What every protocol says of an address that cannot be a terminal's.

Not for: reading addresses (`drivers.payments.*.address`).
"""

from __future__ import annotations


class BadTerminalUri(ValueError):
    """An address that cannot be a terminal's; the message says what would be right, and holds no password."""
