"""A card that can be told to misbehave, wrapped around any other.

Not for: which faults there are (`faults`), or what is wrong in a chip's memory (`forgery`).
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import date

from drivers.simulated.card.engine import BeidCard
from drivers.simulated.card.faults import CardFault
from drivers.simulated.card.forgery import forged
from drivers.simulated.card.interface import Card, CardGone
from drivers.simulated.console import fault_of

MID_READ = 12
"""Commands after which a card is pulled or falls mute when nobody says otherwise: recognised, and not yet read."""
SLOW_SECONDS = 0.33
PIECE = 64
"""Bytes a card hands out at a time when it hands them out in pieces."""
LONGEST_NOISE = 40
_SEED = 20030331

Act = Callable[[bytes], bytes]


class FaultyCard:
    """Any card, with at most one fault at a time; implements `drivers.simulated.card.interface.Card`.

    Faults may be set from any thread.

    Args:
        today: for faults that need another person's card.
        pause: how to be slow; tests do not wait.

    Attributes:
        card: what is wrapped.
        fault: what is wrong now, or None.
    """

    def __init__(self, card: Card, today: date, pause: Callable[[float], None] = time.sleep) -> None:
        self.card = card
        self.fault: CardFault | None = None
        self._lock = threading.RLock()
        self._today = today
        self._pause = pause
        self._genuine = card.chip if isinstance(card, BeidCard) else None
        self._tries: int | None = None
        self._after = self._left = MID_READ
        self._mute = False
        self._waiting = b""
        self._asked_again = b""
        self._noise = random.Random(_SEED)  # noqa: S311 - noise that is the same every time
        self._acts: dict[CardFault, Act] = {
            CardFault.PULLED_MID_READ: self._pulled_mid_read,
            CardFault.PULLED_AT_PIN: self._pulled_at_pin,
            CardFault.MUTE: lambda _: b"",
            CardFault.MUTE_MID_READ: self._mute_mid_read,
            CardFault.GARBAGE: self._garbage,
            CardFault.EXTRA_6C: self._extra_6c,
            CardFault.EXTRA_61: self._extra_61,
            CardFault.ENDLESS_61: self._endless_61,
            CardFault.ENDLESS_FILE: self._endless_file,
        }

    @property
    def atr(self) -> bytes:
        """See `drivers.simulated.card.interface.Card`."""
        return b"" if self.fault is CardFault.MUTE else self.card.atr

    def reset(self) -> None:
        """See `drivers.simulated.card.interface.Card`."""
        with self._lock:
            self._mute = False
            self._left = self._after
            self._waiting = self._asked_again = b""
            self.card.reset()

    def transmit(self, command: bytes) -> bytes:
        """See `drivers.simulated.card.interface.Card`."""
        if self.fault is CardFault.SLOW:
            self._pause(SLOW_SECONDS)
        with self._lock:
            if self._mute:
                return b""
            act = self._acts.get(self.fault) if self.fault else None
            return act(command) if act else self.card.transmit(command)

    def set_fault(self, name: str, after: int = MID_READ) -> None:
        """Make something go wrong, by name, in place of whatever was wrong.

        Args:
            after: commands that still succeed after each reset, for faults in the middle of reading.

        Raises:
            drivers.simulated.console.UnknownFault: listing the names there are.
        """
        fault = fault_of(CardFault, name, "card fault")
        with self._lock:
            self.clear()
            self.fault = fault
            self._after = self._left = after
            if isinstance(self.card, BeidCard) and self._genuine is not None:
                self.card.chip = forged(self._genuine, fault, self._today)
                if fault is CardFault.PIN_BLOCKED:
                    self._tries, self.card.rights.tries = self.card.rights.tries, 0

    def clear(self) -> None:
        """Everything is right again."""
        with self._lock:
            self.fault = None
            self._mute = False
            self._waiting = self._asked_again = b""
            if isinstance(self.card, BeidCard) and self._genuine is not None:
                self.card.chip = self._genuine
                if self._tries is not None:
                    self.card.rights.tries, self._tries = self._tries, None

    def _counted_down(self) -> bool:
        self._left -= 1
        return self._left < 0

    def _pulled_mid_read(self, command: bytes) -> bytes:
        if self._counted_down():
            raise CardGone
        return self.card.transmit(command)

    def _pulled_at_pin(self, command: bytes) -> bytes:
        if command[1:2] == b"\x20" and len(command) > 5:
            raise CardGone
        return self.card.transmit(command)

    def _mute_mid_read(self, command: bytes) -> bytes:
        self._mute = self._counted_down()
        return b"" if self._mute else self.card.transmit(command)

    def _garbage(self, _: bytes) -> bytes:
        return self._noise.randbytes(self._noise.randint(2, LONGEST_NOISE))

    def _extra_6c(self, command: bytes) -> bytes:
        answer = self.card.transmit(command)
        first, self._asked_again = command[:4] != self._asked_again, b""
        if command[1:2] != b"\xb0" or not first:
            return answer
        # Where the card itself names a length, that is the one extra round.
        self._asked_again = command[:4]
        return bytes((0x6C, len(answer) - 2 & 0xFF)) if answer[-2:] == b"\x90\x00" else answer

    def _extra_61(self, command: bytes) -> bytes:
        if command[1:2] == b"\xc0" and self._waiting:
            return self._piece(command[4] if len(command) > 4 else 0)
        answer = self.card.transmit(command)
        if len(answer) == 2 or answer[-2:] != b"\x90\x00":
            self._waiting = b""
            return answer
        self._waiting = answer[:-2]
        return bytes((0x61, min(PIECE, len(self._waiting))))

    def _piece(self, length: int) -> bytes:
        length = length or 256
        piece, self._waiting = self._waiting[:length], self._waiting[length:]
        return piece + (bytes((0x61, min(PIECE, len(self._waiting)))) if self._waiting else b"\x90\x00")

    def _endless_61(self, command: bytes) -> bytes:
        if command[1:2] == b"\xc0":
            return bytes(256) + b"\x61\x00"
        answer = self.card.transmit(command)
        return answer if len(answer) == 2 else b"\x61\x00"

    def _endless_file(self, command: bytes) -> bytes:
        answer = self.card.transmit(command)
        if command[1:2] != b"\xb0" or answer[-2:] == b"\x69\x86":
            return answer
        return b"\x41" * ((command[4] if len(command) > 4 else 0) or 256) + b"\x90\x00"
