"""A reader slot in this process, with a simulated card in it or not.

Cards are put in and pulled from any thread while another one reads. Not for: other programs (`vpcd`).
"""

from __future__ import annotations

import contextlib
import threading

from drivers.cards.transport import LineBroken, LineFault, Presence, Unsupported
from drivers.contract import Reason
from drivers.simulated.card.interface import Card, CardGone
from drivers.simulated.card.pinpad import SimulatedPinpad

NAME = "Simulated reader"


class SimulatedSlot:
    """One slot; implements `drivers.cards.transport.Transport`.

    Args:
        pinpad: keys of the reader, or None for a reader without.
        name: of the reader.

    Attributes:
        apdus: commands that were exchanged since the slot was made.
        octets: bytes of those commands and of their answers, status words included.
        pinpad: as given; may be exchanged.
        unplugged: true makes the reader disappear.
        in_use: true makes another program hold the card.
    """

    def __init__(self, pinpad: SimulatedPinpad | None = None, name: str = NAME) -> None:
        self.pinpad = pinpad
        self.apdus = 0
        self.octets = 0
        self.unplugged = False
        self.in_use = False
        self._name = name
        # Two locks: whoever pulls a card does not wait for what it is just saying.
        self._lock = threading.Lock()
        self._talking = threading.RLock()
        self._card: Card | None = None
        self._insertion = 0

    @property
    def card(self) -> Card | None:
        """What is in the slot."""
        with self._lock:
            return self._card

    def insert(self, card: Card) -> None:
        """Put a card in; one that is in comes out first."""
        with self._lock:
            self._card = card
            self._insertion += 1

    def pull(self) -> None:
        """Take the card out, whatever is going on."""
        with self._lock:
            self._card = None

    def look(self) -> Presence:
        """See `drivers.cards.transport.Transport`."""
        with self._lock:
            if self.unplugged:
                return Presence(trouble=Reason.NO_READER, detail="the simulated reader is unplugged")
            return Presence(self._name, self._card is not None, self._insertion)

    def connect(self) -> SimulatedConnection:
        """See `drivers.cards.transport.Transport`."""
        insertion = self._insertion
        card = self._powered(insertion)
        if self.in_use:
            raise LineBroken(LineFault.IN_USE, "another program holds the card")
        with self._talking:
            card.reset()
            atr = card.atr
        if not atr:
            raise LineBroken(LineFault.MUTE, "no answer to reset")
        return SimulatedConnection(self, insertion, atr)

    def close(self) -> None:
        """See `drivers.cards.transport.Transport`; the slot can be used again."""

    def exchange(self, insertion: int, command: bytes | bytearray) -> bytes:
        """One command to the card of that insertion.

        Raises:
            LineBroken: when it is gone, or does not answer.
        """
        with self._talking:
            card = self._powered(insertion)
            self.apdus += 1
            try:
                answer = card.transmit(bytes(command))
            except CardGone:
                self._gone(insertion)
                raise LineBroken(LineFault.REMOVED, "pulled during a command") from None
            self._powered(insertion)
            self.octets += len(command) + len(answer)
        if len(answer) < 2:
            raise LineBroken(LineFault.MUTE, "no answer to a command")
        return answer

    def control(self, insertion: int, code: int, data: bytes) -> bytes:
        """One control code to the reader.

        Raises:
            LineBroken: when card or reader is gone.
            Unsupported: when the reader has no such feature.
        """
        self._powered(insertion)
        pinpad = self.pinpad
        answer = pinpad.control(code, data, lambda apdu: self.exchange(insertion, apdu)) if pinpad else None
        if answer is None:
            raise Unsupported(f"no feature {code:08X}")
        return answer

    def power_down(self, insertion: int) -> None:
        """Take power from the card of that insertion, if it is still there."""
        with self._talking, contextlib.suppress(LineBroken):
            self._powered(insertion).reset()

    def _powered(self, insertion: int) -> Card:
        with self._lock:
            if self.unplugged:
                raise LineBroken(LineFault.READER, "the simulated reader is unplugged")
            if self._card is None or insertion != self._insertion:
                raise LineBroken(LineFault.REMOVED, "no card")
            return self._card

    def _gone(self, insertion: int) -> None:
        """Its own command made the card go; another one may already be in."""
        with self._lock:
            if insertion == self._insertion:
                self._card = None


class SimulatedConnection:
    """A powered card in a simulated slot; implements `drivers.cards.transport.Connection`."""

    def __init__(self, slot: SimulatedSlot, insertion: int, atr: bytes) -> None:
        self._slot = slot
        self._insertion = insertion
        self._atr = atr
        self._closed = False

    @property
    def atr(self) -> bytes:
        """See `drivers.cards.transport.Connection`."""
        return self._atr

    def transmit(self, command: bytes | bytearray) -> bytes:
        """See `drivers.cards.transport.Connection`."""
        self._check_open()
        return self._slot.exchange(self._insertion, command)

    def control(self, code: int, data: bytes) -> bytes:
        """See `drivers.cards.transport.Connection`."""
        self._check_open()
        return self._slot.control(self._insertion, code, data)

    def close(self) -> None:
        """See `drivers.cards.transport.Connection`."""
        if not self._closed:
            self._closed = True
            self._slot.power_down(self._insertion)

    def _check_open(self) -> None:
        if self._closed:
            raise LineBroken(LineFault.REMOVED, "the connection was closed")
