"""Attests for the tests of the store: orders, and a sealer whose key a test holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kiosk.core.attests import AttestNumber, AttestOrder, Medium
from kiosk.store.attests import Fill, Filled
from sync.protocol.sealing import OpeningKey, Place

KEY = OpeningKey(bytes(range(32)))
"""Of no organisation."""


def attest_order(medium: Medium = Medium.SHEET, fee: str | None = None, request_id: str | None = None) -> AttestOrder:
    """An order for a residence attest."""
    return AttestOrder("residence", "bank", "nl", date(2027, 2, 21), medium, 200 if fee else 0, fee, request_id)


def fill_with(name: str) -> Fill:
    """Seals that name as the content."""

    def seal(event: Mapping[str, object]) -> Mapping[str, object]:
        return KEY.public.seal({"name": name}, "attest-issued:1", Place.event(event))

    def fill(numbered: AttestNumber) -> Filled:
        assert numbered.number
        return Filled("kid", seal)

    return fill
