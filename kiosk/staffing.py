"""The door of staff mode: whose PIN or card it is, and how long nobody may try after wrong ones.

PINs are compared with Argon2id hashes from the settings, on a thread of their own; a wrong one is counted on disk
before it is judged. A card is known by a keyed mark of its number, made with a key that never leaves this machine's
data; a card that cannot prove it is no copy needs its owner's PIN, too, and a badge, which proves nothing, always does.
Not for: the pages (`kiosk.journeys.staff_entry`).
"""

from __future__ import annotations

import asyncio
import hmac
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from config.staff_settings import StaffSettings, StaffTable
from drivers.card_contract import BadgeRead, CardRead, CheckName, Finding, Pin
from kiosk.caretaking import Memory
from kiosk.core.events import STAFF_REFUSED
from kiosk.core.lockout import Lockout
from kiosk.core.staff import Member
from kiosk.journeys.staff_desk import PinToo

if TYPE_CHECKING:
    from argon2 import PasswordHasher

KEY = "staffLockout"
CARD_KEY_FILE = "staff-cards.key"
LEAST_DIGITS = 6
"""Of a new PIN; every PIN of the house is looked at for each try, so four digits would be few."""
MEMORY_KIB, ROUNDS = 19_456, 2
"""About 30 ms a person on a small machine; with the lockout a guess is worth nothing."""


class StaffDoor:
    """Implements `kiosk.journeys.staff_desk.Door`.

    Args:
        settings: the people.
        memory: the store, which keeps the count of wrong tries.
        folder: the column's data, where the key for cards lies.
        now: local time of the site.
    """

    def __init__(self, settings: StaffSettings, memory: Memory, folder: Path, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._memory = memory
        self._key_file = folder / CARD_KEY_FILE
        self._now = now
        self._trying = asyncio.Lock()

    @property
    def anybody(self) -> bool:
        """See the port."""
        return any(person.pin or person.card for person in self._settings.people)

    @property
    def cards(self) -> bool:
        """See the port."""
        return any(person.card for person in self._settings.people)

    @property
    def badges(self) -> bool:
        """See the port."""
        return any(person.badge for person in self._settings.people)

    async def wait_seconds(self) -> int:
        """See the port."""
        return (await self._lockout()).left_seconds(self._now())

    async def by_pin(self, pin: Pin, staff_id: str | None = None) -> Member | None:
        """See the port."""
        try:
            async with self._trying:
                before = await self._lockout()
                if before.left_seconds(self._now()) > 0:
                    return None
                counted = before.after_failure(self._now())
                await self._keep(counted)  # whoever pulls the plug now has had their try
                people = [each for each in self._settings.people if each.pin and staff_id in (None, each.id)]
                found = await asyncio.to_thread(whose_pin, digits_of(pin), people)
                if found is None:
                    await self._refused("pin", counted)
                    return None
                await self._keep(Lockout())
                return self._settings.member(found)
        finally:
            pin.wipe()

    async def by_card(self, card: CardRead) -> Member | PinToo | None:
        """See the port."""
        mark = await asyncio.to_thread(self._mark, card)
        found = next((person for person in self._settings.people if _same(person.card, mark)), None)
        if found is None or card.verdict.failed or not _signed(card):
            await self._refused("card", await self._lockout())
            return None
        if card.verdict.finding(CheckName.CHIP) is Finding.PASSED:
            return self._settings.member(found)
        return PinToo(found.id)

    async def by_badge(self, badge: BadgeRead) -> PinToo | None:
        """See the port."""
        mark = await asyncio.to_thread(lambda: badge_mark(load_card_key(self._key_file), badge.number))
        found = next((person for person in self._settings.people if _same(person.badge, mark)), None)
        if found is None:
            await self._refused("badge", await self._lockout())
            return None
        return PinToo(found.id)

    def _mark(self, card: CardRead) -> str:
        return card_mark(load_card_key(self._key_file), card.person.card_number or "")

    async def _lockout(self) -> Lockout:
        return kept_lockout(await self._memory.remembered(KEY))

    async def _keep(self, lockout: Lockout) -> None:
        until = lockout.until.isoformat() if lockout.until else None
        await self._memory.remember(KEY, {"failures": lockout.failures, "until": until} if lockout.failures else None)

    async def _refused(self, way: str, lockout: Lockout) -> None:
        wait = lockout.left_seconds(self._now())
        told = {"way": way, "failures": lockout.failures, "waitSec": wait}
        until = lockout.until.isoformat() if lockout.until else None
        kept = {"failures": lockout.failures, "until": until} if lockout.failures else None
        await self._memory.remember(KEY, kept, STAFF_REFUSED, told)


def whose_pin(digits: bytearray, people: Sequence[StaffTable]) -> StaffTable | None:
    """The person with that PIN; every hash is tried, so that the time tells nothing. `digits` are overwritten."""
    from argon2.exceptions import InvalidHashError, VerificationError

    hasher, found = pin_hasher(), None
    try:
        for person in people:
            try:
                hasher.verify(person.pin, bytes(digits))
            except (VerificationError, InvalidHashError):
                continue
            found = found or person
    finally:
        for place in range(len(digits)):
            digits[place] = 0
    return found


def pin_hasher() -> PasswordHasher:
    """Makes and compares hashes of PINs."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=1)


def digits_of(pin: Pin) -> bytearray:
    """The digits as text, in a buffer that can be overwritten."""
    block = bytearray(8)
    pin.write_block(block)
    text = bytearray(block[1:].hex().encode())
    block[:] = bytes(8)
    del text[len(pin) :]
    return text


def card_mark(key: bytes, card_number: str) -> str:
    """What stands in the settings for a card: nothing can be read from it, and without the key nothing tried."""
    return _marked(key, b"zuil staff card\0", card_number)


def badge_mark(key: bytes, number: str) -> str:
    """The same for a badge; the number of a badge never makes the mark of a card."""
    return _marked(key, b"zuil staff badge\0", number)


def _marked(key: bytes, domain: bytes, number: str) -> str:
    return "hmac-sha256:" + hmac.new(key, domain + number.encode(), sha256).hexdigest()


def load_card_key(file: Path, *, make: bool = False) -> bytes:
    """The key of this column's marks; a fresh one nobody has where there is none, kept when `make`."""
    try:
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        if file.exists():
            raise
    key = os.urandom(32)
    if make:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(key.hex() + "\n")
    return key


def kept_lockout(value: object) -> Lockout:
    """A lockout from disk."""
    if not isinstance(value, Mapping):
        return Lockout()
    try:
        until = value["until"]
        return Lockout(int(value["failures"]), None if until is None else datetime.fromisoformat(str(until)))
    except (KeyError, TypeError, ValueError):
        return Lockout()


def _same(card: str, mark: str) -> bool:
    return bool(card) and hmac.compare_digest(card, mark)


def _signed(card: CardRead) -> bool:
    """Whether the register signed what was read, and its certificate leads to a pinned root."""
    wanted = (CheckName.IDENTITY_SIGNATURE, CheckName.REGISTER_CERTIFICATE, CheckName.VALIDITY)
    return bool(card.person.card_number) and all(card.verdict.finding(name) is Finding.PASSED for name in wanted)
