"""A reader with keys of its own: the PIN is keyed there and never comes near this machine.

Features and structures are PC/SC part 10 (`beid.pinpad`). A call blocks while the person keys, at most the reader's
time limit of 30 s. Not for: PINs keyed on the screen (`holder`).
"""

from __future__ import annotations

from drivers.cards.beid.card_data import CardData
from drivers.cards.beid.pinpad import FEATURE_REQUEST, VERIFY_PIN_DIRECT, parse_features, verify_structure
from drivers.cards.transport import Connection, LineBroken, LineFault, Unsupported


class Pinpad:
    """The keys of one reader.

    Args:
        code: control code of VERIFY_PIN_DIRECT, as the reader names it.
    """

    def __init__(self, connection: Connection, code: int) -> None:
        self._connection = connection
        self._code = code

    def verify(self, language: str) -> int:
        """Let the person key the PIN, with the reader's own display in `language`.

        Returns:
            The status word of the card, or 6400 (time-out) and 6401 (cancelled) of the reader.

        Raises:
            LineBroken: when card or reader is gone.
        """
        try:
            answer = self._connection.control(self._code, verify_structure(language))
        except Unsupported as problem:
            raise LineBroken(LineFault.READER, str(problem)) from None
        if len(answer) < 2:
            raise LineBroken(LineFault.READER, "the reader's keys gave no status word")
        return int.from_bytes(answer[-2:], "big")


def pinpad_of(connection: Connection, card: CardData, reader: str) -> Pinpad | None:
    """The keys of the reader, or None where it has none or must not use them with this card."""
    try:
        features = parse_features(connection.control(FEATURE_REQUEST, b""))
    except Unsupported:
        return None
    code = features.get(VERIFY_PIN_DIRECT)
    return Pinpad(connection, code) if code is not None and may_ask(reader, card.applet) else None


def may_ask(reader: str, applet: int) -> bool:
    """Whether this reader's keys are safe with this generation.

    The firmware of GemPC pinpads probes with an empty VERIFY, which burns a try on applets before 1.7.
    """
    return applet >= 0x17 or "gempc pinpad" not in reader.casefold()
