"""Looks into JSON of the terminal: what is there must have the right form, what is absent has a default.

Not for: what the names mean (`reading`).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from drivers.payments.adyen.amounts import to_cents
from drivers.payments.adyen.json_text import Json
from drivers.payments.adyen.refusals import Malformed

_LONGEST = 4000
"""Of one text: a receipt's line has less, and nothing longer is kept."""


class BadField(ValueError):
    """A field has another form than it should; the text names it, never what stands in it."""


class Fields:
    """One object of the message."""

    def __init__(self, tree: dict[str, Json], place: str) -> None:
        self._tree = tree
        self._place = place

    def __contains__(self, name: str) -> bool:
        """Whether it is there at all."""
        return self._tree.get(name) is not None

    def child(self, name: str) -> Fields:
        """An object; empty when it is not there."""
        value = self._tree.get(name)
        if value is None:
            return Fields({}, f"{self._place}.{name}")
        if not isinstance(value, dict):
            raise self._bad(name, "an object")
        return Fields(value, f"{self._place}.{name}")

    def needed(self, name: str) -> Fields:
        """An object that must be there."""
        if name not in self:
            raise self._bad(name, "there")
        return self.child(name)

    def children(self, name: str) -> Iterator[Fields]:
        """Objects of a list; one object alone counts as a list of it."""
        value = self._tree.get(name)
        listed = value if isinstance(value, list) else [] if value is None else [value]
        for each in listed:
            if not isinstance(each, dict):
                raise self._bad(name, "a list of objects")
            yield Fields(each, f"{self._place}.{name}")

    def text(self, name: str) -> str:
        """A text; "" when it is not there."""
        value = self._tree.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > _LONGEST:
            raise self._bad(name, "a short text")
        return value.encode("utf-8", "replace").decode("utf-8")  # half a pair of surrogates is no letter

    def flag(self, name: str) -> bool | None:
        """True, false, or None when it is not there."""
        value = self._tree.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._bad(name, "true or false")
        return value

    def cents(self, name: str) -> int | None:
        """An amount of money; None when it is not there."""
        value = self._tree.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise self._bad(name, "a number")
        cents = to_cents(value)
        if isinstance(cents, Malformed):
            raise self._bad(name, "an amount in euros and cents")
        return cents

    def _bad(self, name: str, right: str) -> BadField:
        return BadField(f"{self._place}.{name} should be {right}")
