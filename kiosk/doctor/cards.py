"""The readers of cards and badges, and the roots and revocation lists cards are verified with.

Not for: reading a card (`zuil card read`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from drivers.cards.address import ReaderAddress, VirtualReader, parse_reader
from drivers.cards.opening import CardFilesAtHand, open_cards
from drivers.contract import CannotOpen
from kiosk.doctor.column import Examined
from kiosk.doctor.finding import Check, Finding, Row
from kiosk.doctor.held import held_device

READER = Row("device.card_reader", "card reader", "pcscd runs and has a reader; what lies in it is not read")
BADGES = Row("device.badge_reader", "badge reader", "badges of staff can be shown to a reader that answers")
ROOTS = Row("certificates.card_roots", "card roots", "the pinned roots load and are those of Belgium")
LISTS = Row("certificates.revocations", "revocation lists", "the lists are at most 35 days old")

OLD = timedelta(days=35)
_SET = "set card.trust to the PEM file of the roots of Belgium"
_RENEW = "fetch newer lists and write their file under card.revocations"
_READER = "see docs/drivers/beid.md"


def _cards(column: Examined) -> Iterator[Finding]:
    written = column.config.settings.card.reader
    address = parse_reader(written)
    if address is None:
        yield READER.ok("none is set; nothing is offered with a card")
        return
    yield _looked_at(READER, column, address, written, "reader")
    yield from _roots(column)


def _badges(column: Examined) -> Iterator[Finding]:
    settings = column.config.settings
    address = parse_reader(settings.staff.reader)
    if address is not None:
        yield _looked_at(BADGES, column, address, settings.staff.reader, "badgeReader")
        return
    somebody = any(person.badge for person in settings.staff.people)
    nowhere = parse_reader(settings.card.reader) is None
    none, shown = "nobody has one", "none of its own is set; badges are shown to the card reader"
    if somebody and nowhere:
        yield BADGES.attention("staff have badges and there is no reader for them", "set staff.reader, or card.reader")
    else:
        yield BADGES.ok(shown if somebody else none)


def _looked_at(row: Row, column: Examined, address: ReaderAddress, written: str, device: str) -> Finding:
    return held_device(row, column.store, device, written) if column.running else _reader(row, address, written)


def _reader(row: Row, address: ReaderAddress, written: str) -> Finding:
    if isinstance(address, VirtualReader):
        # The column itself listens there; whoever looked in beside it would only take its place.
        return row.ok(f"{written}: a slot for simulated cards, for practice")
    driver = open_cards(address, CardFilesAtHand(), lambda: datetime.now().astimezone())()
    if isinstance(driver, CannotOpen):
        return row.broken(f"{written}: {driver.reason.value}: {driver.detail}", _READER)
    try:
        status = driver.status()
        slot = driver.slot.card
    finally:
        driver.close()
    reason = f"{status.reason.value}: {status.raw}" if status.reason else status.raw
    card = f"; in it now: {slot.value}" if slot else ""
    found = f"{written}: {reason}{card}"
    return row.either(status.usable, found, found, _READER)


def _roots(column: Examined) -> Iterator[Finding]:
    from drivers.cards.beid.trust import TrustFileWrong, load_trust

    card = column.config.settings.card
    if card.trust is None:
        yield ROOTS.broken("no trust file is set, so no card can be verified", _SET)
        return
    try:
        trust = load_trust(card.trust, card.revocations, specimens=column.config.site.practice)
    except TrustFileWrong as wrong:
        yield ROOTS.broken(str(wrong), _SET)
        return
    yield ROOTS.ok(str(card.trust))
    if not trust.revocations:
        yield LISTS.ok("none is set; whether a card was revoked is not checked, and verdicts say so")
        return
    oldest = min(each.last_update_utc for each in trust.revocations)
    days = (datetime.now(UTC) - oldest).days
    if oldest < datetime.now(UTC) - OLD:
        yield LISTS.attention(f"the oldest of {len(trust.revocations)} is {days} days old", _RENEW)
    else:
        yield LISTS.ok(f"{len(trust.revocations)}, the oldest is {days} days old")


CHECKS: tuple[Check[Examined], ...] = (Check((READER, ROOTS, LISTS), _cards, 15), Check((BADGES,), _badges, 15))
