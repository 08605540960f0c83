"""What can be wrong with a trust list.

Not for: seals (`seal_contract.Finding`).
"""

from __future__ import annotations


class BadTrustList(ValueError):
    """A trust list that cannot be used; the text says what would be right."""


class RolledBack(BadTrustList):
    """An older list than one that was seen before: revocations may be missing in it."""


class OtherKey(BadTrustList):
    """Signed by another key than the one pinned, or than the one seen before."""
