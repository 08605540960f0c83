"""What only this protocol can do wrong, by name, and where its line may break. Not for: what all terminals do."""

from __future__ import annotations

from enum import Enum, IntEnum


class Oddity(Enum):
    """A way to answer that is added to any script."""

    IN_PROGRESS = "in-progress"
    OUTER_ONLY = "outer-only"
    BAD_HMAC = "bad-hmac"
    UNKNOWN_KEY_VERSION = "unknown-key-version"
    HEADER_MISMATCH = "header-mismatch"
    OTHER_SERVICE_ID = "other-service-id"
    REJECT = "reject"
    IN_CLEAR = "in-clear"
    CHUNKED = "chunked"
    BASE64_ADDITIONAL = "base64-additional"
    SERVER_ERROR = "server-error"
    REDIRECT = "redirect"
    EMPTY = "empty"
    ENDLESS = "endless"


ODDITIES: dict[str, str] = {
    Oddity.IN_PROGRESS.value: "The answer to a payment is lost; the first question about it is answered InProgress.",
    Oddity.OUTER_ONLY.value: "A status says that the payment was found, and not what came of it.",
    Oddity.BAD_HMAC.value: "The signature of each answer is wrong.",
    Oddity.UNKNOWN_KEY_VERSION.value: "Answers are locked with another version of the key.",
    Oddity.HEADER_MISMATCH.value: "The header outside is another than the one inside.",
    Oddity.OTHER_SERVICE_ID.value: "Answers name another question.",
    Oddity.REJECT.value: "It says in clear that it cannot use our messages.",
    Oddity.IN_CLEAR.value: "It answers without encryption.",
    Oddity.CHUNKED.value: "Answers come in chunks; this is no fault.",
    Oddity.BASE64_ADDITIONAL.value: "Additional texts come as JSON in base64; this is no fault.",
    Oddity.SERVER_ERROR.value: "It does its work and answers HTTP 500.",
    Oddity.REDIRECT.value: "It does its work and sends the till elsewhere.",
    Oddity.EMPTY.value: "It does its work and answers with nothing.",
    Oddity.ENDLESS.value: "Its answer has no end.",
}
"""What each does, for dock and command line."""


class CutPoint(IntEnum):
    """Where the line of a payment or a reversal breaks, in the order of what happens."""

    BEFORE_HANDSHAKE = 0
    AFTER_HANDSHAKE = 1
    MID_REQUEST = 2
    AFTER_REQUEST = 3
    """The request is whole, nothing is done with it."""
    AFTER_BOOKING = 4
    MID_HEAD = 5
    MID_BODY = 6
