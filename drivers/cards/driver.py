"""The card reader as a driver: watches the slot, recognises what is put in, reads, verifies, asks for the PIN.

Nothing of a person stays here: what is read goes to the caller and is read again when it is needed again. Called from
the one thread of its bus; never raises. Not for: the line (`transport`), files (`beid`), threads (`drivers.runner`).
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from drivers.card_contract import (
    AuthenticateResult,
    BadgeResult,
    CardFailed,
    CardKind,
    CardProblem,
    CardRequest,
    Follow,
    NoNumber,
    Pin,
    PinState,
    PinStateResult,
    ReadResult,
    SignResult,
    Slot,
)
from drivers.cards.badge import number_of
from drivers.cards.beid.malformed import Malformed
from drivers.cards.beid.session import BeidSession, Refused
from drivers.cards.beid.trust import Trust
from drivers.cards.exchange import Exchange
from drivers.cards.holder import Holder, Secret
from drivers.cards.identification import identified
from drivers.cards.pinpad import Pinpad, pinpad_of
from drivers.cards.recognise import recognise
from drivers.cards.transport import Connection, LineBroken, LineFault, Presence, Transport
from drivers.contract import DeviceStatus, Health

T = TypeVar("T")

_log = logging.getLogger("zuil.card")

_PROBLEMS = {
    LineFault.REMOVED: CardProblem.REMOVED,
    LineFault.MUTE: CardProblem.MUTE,
    LineFault.IN_USE: CardProblem.IN_USE,
    LineFault.READER: CardProblem.READER,
}
_KINDS = {LineFault.MUTE: CardKind.MUTE, LineFault.IN_USE: CardKind.IN_USE, LineFault.READER: CardKind.MUTE}


@dataclass
class _Inserted:
    """The card that is in now; `session` only for one that can be read, `badge` only for one with a number."""

    kind: CardKind
    connection: Connection | None = None
    badge: Exchange | None = None
    session: BeidSession | None = None
    pinpad: Pinpad | None = None


class BeidDriver:
    """Belgian identity cards, and the numbers of badges, in the slot of a transport; implements
    `drivers.card_contract.CardDriver`.

    Args:
        transport: the reader.
        trust: pinned roots and revocation lists; without roots no signature can be verified, and the verdict says so.
        now: local time, timezone-aware.
        pause: how to wait between two commands; tests do not.
    """

    def __init__(
        self, transport: Transport, trust: Trust, now: Callable[[], datetime], pause: Callable[[float], None]
    ) -> None:
        self._transport = transport
        self._trust = trust
        self._now = now
        self._pause = pause
        self._slot = Slot()
        self._inserted: _Inserted | None = None
        self._seen: int | None = None
        self._watched = False

    @property
    def slot(self) -> Slot:
        """See `drivers.card_contract.CardDriver`."""
        return self._slot

    def status(self) -> DeviceStatus:
        """See `drivers.card_contract.CardDriver`."""
        presence = self._transport.look()
        if presence.trouble is not None:
            self._end_card()
            self._watched = False
            return DeviceStatus(Health.UNAVAILABLE, presence.trouble, presence.detail)
        self._follow_slot(presence)
        self._watched = True
        return DeviceStatus(Health.READY, raw=presence.reader)

    def read(self, request: CardRequest, follow: Follow) -> ReadResult:
        """See `drivers.card_contract.CardDriver`."""
        return self._with_session(
            lambda _, session: identified(session, request, follow, self._trust, self._now(), self._slot.insertion)
        )

    def read_badge(self) -> BadgeResult:
        """See `drivers.card_contract.CardDriver`."""

        def work(inserted: _Inserted) -> BadgeResult:
            if inserted.badge is not None:
                return number_of(inserted.badge)
            return NoNumber.NO_BADGE if inserted.session is not None else _unreadable(inserted.kind)

        return self._with_card(work)

    def pin_state(self) -> PinStateResult:
        """See `drivers.card_contract.CardDriver`."""

        def work(inserted: _Inserted, session: BeidSession) -> PinStateResult:
            present = self._holder(session).can_authenticate()
            return PinState(session.tries_left(), inserted.pinpad is not None, present)

        return self._with_session(work)

    def authenticate(self, pin: Pin | None, language: str) -> AuthenticateResult:
        """See `drivers.card_contract.CardDriver`."""
        return self._with_pin(pin, language, lambda holder, secret: holder.authenticate(secret))

    def sign(self, digest: bytes, algorithm: str, pin: Pin | None, language: str) -> SignResult:
        """See `drivers.card_contract.CardDriver`."""
        return self._with_pin(pin, language, lambda holder, secret: holder.sign(digest, algorithm, secret))

    def close(self) -> None:
        """See `drivers.card_contract.CardDriver`."""
        self._end_card()
        self._transport.close()

    def _with_pin(self, pin: Pin | None, language: str, act: Callable[[Holder, Secret], T]) -> T | CardFailed:
        def work(inserted: _Inserted, session: BeidSession) -> T:
            secret = Secret(pin, None if pin is not None else inserted.pinpad, language)
            try:
                return act(self._holder(session), secret)
            finally:
                with contextlib.suppress(LineBroken):
                    session.log_off()

        try:
            return self._with_session(work)
        finally:
            if pin is not None:
                pin.wipe()

    def _holder(self, session: BeidSession) -> Holder:
        return Holder(session, self._trust, self._now)

    def _with_session(self, work: Callable[[_Inserted, BeidSession], T]) -> T | CardFailed:
        """Do something with an identity card; any other card is none, a badge too."""

        def checked(inserted: _Inserted) -> T | CardFailed:
            if inserted.session is None:
                return CardFailed(_problem(inserted.kind), inserted.kind.value)
            return work(inserted, inserted.session)

        return self._with_card(checked)

    def _with_card(self, work: Callable[[_Inserted], T]) -> T | CardFailed:
        """Do something with the card, and turn every way it can go wrong into a value."""
        inserted = self._inserted
        if inserted is None:
            return CardFailed(CardProblem.REMOVED)
        try:
            return work(inserted)
        except LineBroken as broken:
            self._broke(broken.fault)
            return CardFailed(_PROBLEMS[broken.fault], broken.detail)
        except (Refused, Malformed) as odd:
            return CardFailed(CardProblem.GARBLED, str(odd))

    def _broke(self, fault: LineFault) -> None:
        """The card is gone; or it is still there and mute, and stays so until somebody takes it out."""
        before = self._slot
        self._end_card()
        if fault is LineFault.MUTE:
            self._inserted = _Inserted(CardKind.MUTE)
            self._slot = replace(before, card=CardKind.MUTE)

    def _follow_slot(self, presence: Presence) -> None:
        if not presence.present:
            self._end_card()
            return
        inserted = self._inserted
        if inserted is not None and presence.insertion == self._seen and inserted.kind is not CardKind.IN_USE:
            return
        before = self._slot
        self._end_card()
        self._inserted = self._recognised()
        if self._inserted is not None:
            same = presence.insertion == self._seen and before.card is not None
            self._seen = presence.insertion
            number = before.insertion + (0 if same else 1)
            self._slot = Slot(self._inserted.kind, number, before.found if same else not self._watched)

    def _recognised(self) -> _Inserted | None:
        """Power the card and find out what it is; None when it is gone again."""
        connection: Connection | None = None
        try:
            connection = self._transport.connect()
            exchange = Exchange(connection, self._pause)
            kind = recognise(exchange)
            if kind is CardKind.BADGE:
                return _Inserted(kind, connection, badge=exchange)
            if kind is not CardKind.EID:
                connection.close()
                return _Inserted(kind)
            session = BeidSession(exchange)
            return _Inserted(kind, connection, None, session, pinpad_of(connection, session.data, self._slot_name()))
        except LineBroken as broken:
            _close(connection)
            kind_of_fault = _KINDS.get(broken.fault)
            return _Inserted(kind_of_fault) if kind_of_fault else None
        except (Refused, Malformed) as odd:
            # The applet is there and does not behave: whatever it is, it is no card that can be read.
            _log.info("a card with the applet of an identity card does not answer as one: %s", odd)
            _close(connection)
            return _Inserted(CardKind.MUTE)

    def _slot_name(self) -> str:
        return self._transport.look().reader

    def _end_card(self) -> None:
        """Power the card down, which drops every right."""
        inserted, self._inserted = self._inserted, None
        if inserted is not None:
            _close(inserted.connection)
        self._slot = Slot(None, self._slot.insertion)


def _unreadable(kind: CardKind) -> BadgeResult:
    problem = _problem(kind)
    return NoNumber.NO_BADGE if problem is CardProblem.NOT_EID else CardFailed(problem, kind.value)


def _problem(kind: CardKind) -> CardProblem:
    match kind:
        case CardKind.MUTE:
            return CardProblem.MUTE
        case CardKind.IN_USE:
            return CardProblem.IN_USE
        case _:
            return CardProblem.NOT_EID


def _close(connection: Connection | None) -> None:
    if connection is not None:
        connection.close()
