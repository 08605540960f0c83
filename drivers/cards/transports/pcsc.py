"""Readers of this machine through PC/SC (pcscd), watched without blocking and held alone while a card is in.

pyscard is imported when the reader is opened. A wait inside pcscd would block the thread of the bus, so the slots are
looked at a few times a second, which costs one short exchange over a local socket. Not for: what cards say.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from types import ModuleType

from drivers.cards.transport import Connection, LineBroken, LineFault, Presence, Unsupported
from drivers.contract import Reason

NO_SERVICE_ADVICE = "pcscd does not answer; install and start it: package pcscd, unit pcscd.socket"
NO_READER_ADVICE = "no reader is connected, or its driver is missing: package libccid serves most USB readers"


@dataclass(frozen=True)
class _Place:
    """One reader as pcscd reports it."""

    name: str
    present: bool
    events: int


class PcscTransport:
    """Every reader whose name contains `wanted`; the one with a card in it matters.

    Args:
        wanted: part of the reader's name, or "" for any.
    """

    def __init__(self, wanted: str = "") -> None:
        from smartcard import scard

        self._scard: ModuleType = scard
        self._wanted = wanted
        self._context: int | None = None
        self._seen: tuple[str, int] | None = None
        self._insertion = 0
        self._reader = ""

    def look(self) -> Presence:
        """See `drivers.cards.transport.Transport`."""
        try:
            places = self._places()
        except LineBroken as broken:
            self.close()
            return Presence(trouble=Reason.NO_SERVICE, detail=broken.detail)
        if not places:
            asked = f"; no reader is called '{self._wanted}'" if self._wanted else ""
            return Presence(trouble=Reason.NO_READER, detail=NO_READER_ADVICE + asked)
        place = self._chosen(places)
        self._reader = place.name
        mark = (place.name, place.events) if place.present else None
        if mark is not None and mark != self._seen:
            self._insertion += 1
        self._seen = mark
        return Presence(place.name, place.present, self._insertion)

    def connect(self) -> Connection:
        """See `drivers.cards.transport.Transport`."""
        scard = self._scard
        if self._context is None:
            raise LineBroken(LineFault.READER, NO_SERVICE_ADVICE)
        code, card, protocol = scard.SCardConnect(
            self._context, self._reader, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        )
        self._check(code)
        connection = PcscConnection(scard, card, protocol)
        try:
            connection.read_atr()
        except LineBroken:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """See `drivers.cards.transport.Transport`."""
        context, self._context = self._context, None
        if context is not None:
            self._scard.SCardReleaseContext(context)

    def _chosen(self, places: list[_Place]) -> _Place:
        """The reader in use keeps its turn while its card is in; else the first one with a card."""
        with_card = [place for place in places if place.present]
        same = [place for place in with_card if place.name == self._reader]
        return (same or with_card or places)[0]

    def _places(self) -> list[_Place]:
        scard = self._scard
        if self._context is None:
            code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
            if code != scard.SCARD_S_SUCCESS:
                raise LineBroken(LineFault.READER, NO_SERVICE_ADVICE)
            self._context = context
        names = [name for name in self._names() if self._wanted.casefold() in name.casefold()]
        if not names:
            return []
        code, states = scard.SCardGetStatusChange(
            self._context, 0, [(name, scard.SCARD_STATE_UNAWARE) for name in names]
        )
        if code == scard.SCARD_E_UNKNOWN_READER:
            return []  # unplugged between the two questions
        self._check(code)
        return [
            _Place(name, bool(state & scard.SCARD_STATE_PRESENT), state >> 16)
            for name, state, _ in states
            if not state & scard.SCARD_STATE_UNKNOWN
        ]

    def _names(self) -> list[str]:
        code, names = self._scard.SCardListReaders(self._context, [])
        if code == self._scard.SCARD_E_NO_READERS_AVAILABLE:
            return []
        self._check(code)
        return [str(name) for name in names]

    def _check(self, code: int) -> None:
        _check(self._scard, code)


class PcscConnection:
    """A powered card in a reader of this machine."""

    def __init__(self, scard: ModuleType, card: int, protocol: int) -> None:
        self._scard = scard
        self._card: int | None = card
        self._pci = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
        self._atr = b""

    @property
    def atr(self) -> bytes:
        """See `drivers.cards.transport.Connection`."""
        return self._atr

    def read_atr(self) -> None:
        """Ask for the answer to reset; it then stands in `atr`."""
        code, _, _, _, atr = self._scard.SCardStatus(self._handle())
        _check(self._scard, code)
        self._atr = bytes(atr)

    def transmit(self, command: bytes | bytearray) -> bytes:
        """See `drivers.cards.transport.Connection`."""
        code, answer = self._scard.SCardTransmit(self._handle(), self._pci, list(command))
        _check(self._scard, code)
        if len(answer) < 2:
            raise LineBroken(LineFault.MUTE, "an answer without a status word")
        return bytes(answer)

    def control(self, code: int, data: bytes) -> bytes:
        """See `drivers.cards.transport.Connection`."""
        status, answer = self._scard.SCardControl(self._handle(), code, list(data))
        if status != self._scard.SCARD_S_SUCCESS:
            _check_gone(self._scard, status)
            raise Unsupported(_told(self._scard, status))
        return bytes(answer)

    def close(self) -> None:
        """See `drivers.cards.transport.Connection`."""
        card, self._card = self._card, None
        if card is not None:
            with contextlib.suppress(Exception):
                self._scard.SCardDisconnect(card, self._scard.SCARD_UNPOWER_CARD)

    def _handle(self) -> int:
        if self._card is None:
            raise LineBroken(LineFault.REMOVED, "the connection was closed")
        return self._card


def _faults(scard: ModuleType) -> dict[int, LineFault]:
    return {
        scard.SCARD_W_REMOVED_CARD: LineFault.REMOVED,
        scard.SCARD_E_NO_SMARTCARD: LineFault.REMOVED,
        scard.SCARD_W_RESET_CARD: LineFault.REMOVED,
        scard.SCARD_W_UNRESPONSIVE_CARD: LineFault.MUTE,
        scard.SCARD_W_UNPOWERED_CARD: LineFault.MUTE,
        scard.SCARD_W_UNSUPPORTED_CARD: LineFault.MUTE,
        scard.SCARD_E_NOT_TRANSACTED: LineFault.MUTE,
        scard.SCARD_E_PROTO_MISMATCH: LineFault.MUTE,
        scard.SCARD_E_SHARING_VIOLATION: LineFault.IN_USE,
    }


def _check(scard: ModuleType, code: int) -> None:
    if code != scard.SCARD_S_SUCCESS:
        raise LineBroken(_faults(scard).get(code, LineFault.READER), _told(scard, code))


def _check_gone(scard: ModuleType, code: int) -> None:
    """A reader that does not know a control code may say so in many ways; one without a card says it in few."""
    fault = _faults(scard).get(code)
    if fault is LineFault.REMOVED or code in (scard.SCARD_E_NO_SERVICE, scard.SCARD_E_READER_UNAVAILABLE):
        raise LineBroken(fault or LineFault.READER, _told(scard, code))


def _told(scard: ModuleType, code: int) -> str:
    return f"{scard.SCardGetErrorMessage(code)} ({code & 0xFFFFFFFF:08X})"
