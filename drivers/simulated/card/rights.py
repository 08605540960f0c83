"""The PIN of the card: tries, who may sign with what, and for how long.

One PIN for both keys. It opens the authentication key until power or log-off, and the signature key for the very next
commands; keyed for a signature, it opens only that. Not for: signing (`signing`).
"""

from __future__ import annotations

from drivers.simulated.card.chip import SIGNATURE_KEY

TRIES = 3
BLOCKED = 0x6983
_LEAST, _MOST = 4, 12


class Rights:
    """Counter and rights of one card.

    Args:
        tries: left; survives a reset, as on a real card.
        window: commands after VERIFY within which the signature key may sign.

    Attributes:
        authenticated: whether the authentication key may be used.
    """

    def __init__(self, pin: str, tries: int, window: int) -> None:
        self._block = pin_block(pin)
        self._window = window
        self._open = 0
        self.tries = tries
        self.authenticated = False

    @property
    def may_sign(self) -> bool:
        """Whether the signature key may be used by this very command."""
        return self._open > 0

    def next_command(self) -> None:
        """A command begins: the window of the signature key closes by one."""
        self._open = max(0, self._open - 1)

    def drop(self) -> None:
        """Forget every right."""
        self.authenticated = False
        self._open = 0

    def close_window(self) -> None:
        """A signature was made; the next one needs the PIN again."""
        self._open = 0

    def state(self) -> int:
        """Status word of the PIN, which costs nothing."""
        if self.tries == 0:
            return BLOCKED
        return 0x9000 if self.authenticated else 0x63C0 | self.tries

    def verify(self, block: bytes, key: int | None) -> int:
        """Compare a PIN block; `key` is the one chosen for signing, if any."""
        result = self._compare(block)
        if result == 0x9000:
            # The window is counted at the start of each command, so it takes one more than it is long.
            self._open = self._window + 1
            self.authenticated = self.authenticated or key != SIGNATURE_KEY
        return result

    def change(self, old: bytes, new: bytes) -> int:
        """Another PIN; the old one is compared as in VERIFY."""
        if not is_pin_block(new):
            return 0x6A80
        result = self._compare(old)
        if result == 0x9000:
            self._block = new
        return result

    def _compare(self, block: bytes) -> int:
        if self.tries == 0:
            return BLOCKED
        if block != self._block:
            self.drop()
            self.tries -= 1
            return 0x63C0 | self.tries
        self.tries = TRIES
        return 0x9000


def pin_block(pin: str) -> bytes:
    """The 8 bytes of a PIN: `2L`, digits, `F` to the end."""
    return bytes.fromhex(f"2{len(pin):X}{pin}".ljust(16, "F"))


def is_pin_block(block: bytes) -> bool:
    """Whether these bytes are a PIN block of 4 to 12 digits."""
    text = block.hex().upper()
    length = int(text[1], 16) if len(block) == 8 else 0
    digits = text[2 : 2 + length]
    return (
        text.startswith("2") and _LEAST <= length <= _MOST and digits.isdecimal() and not text[2 + length :].strip("F")
    )
