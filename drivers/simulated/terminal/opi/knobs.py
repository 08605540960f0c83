"""What only this protocol can do wrong, by name; added to any script. Not for: what all terminals do (`scripts`)."""

from __future__ import annotations

from enum import Enum


class Original(Enum):
    """What the answer to RepeatLastMessage says of the last request."""

    OURS = "ours"
    OLDER = "older"
    MISSING = "missing"


class Oddity(Enum):
    """One way to be odd; several may be set."""

    PRINT_LAST_TICKET = "print-last-ticket"
    DEVICE_UNAVAILABLE = "device-unavailable"
    NO_NAMESPACE = "no-namespace"
    LATIN1 = "latin1"
    OVERSIZE = "oversize"
    ENTITY_BOMB = "entity-bomb"
    NO_CALLBACK = "no-callback"
    STRANGER = "stranger"
    LATE_CALLBACK = "late-callback"
    BOMB_ON_CALLBACK = "bomb-on-callback"
    OVERSIZE_CALLBACK = "oversize-callback"
    DUPLICATE_CALLBACK = "duplicate-callback"
    ONE_LINE = "one-line"
    OTHER_REQUEST = "other-request"
    OTHER_WORKSTATION = "other-workstation"
    OTHER_CURRENCY = "other-currency"
    NO_AMOUNT = "no-amount"
    PARTIAL_FAILURE = "partial-failure"
    EMPTY_RESULT = "empty-result"
    ASKS_SIGNATURE = "asks-signature"
    ASKS_GOODS = "asks-goods"
    LITERAL_REPEAT = "literal-repeat"
    CARRIES_ON = "carries-on"
    LIES_AFTER_BOOKING = "lies-after-booking"


ODDITIES: dict[str, str] = {
    Oddity.PRINT_LAST_TICKET.value: "It starts nothing before somebody collects the last ticket.",
    Oddity.DEVICE_UNAVAILABLE.value: "It says DeviceUnavailable a number of times (`unavailable_for`).",
    Oddity.NO_NAMESPACE.value: "Its XML has no namespace; this is no fault.",
    Oddity.LATIN1.value: "Its XML is in ISO-8859-1 and says so; this is no fault.",
    Oddity.OVERSIZE.value: "The answer to a payment announces more bytes than any message has.",
    Oddity.ENTITY_BOMB.value: "The answer to a payment declares entities that grow without end.",
    Oddity.NO_CALLBACK.value: "It never calls back, as when its menu has a wrong address of the till.",
    Oddity.STRANGER.value: "Somebody else calls the till's port too, with a receipt of a payment that was not.",
    Oddity.LATE_CALLBACK.value: "The receipt comes after the answer.",
    Oddity.BOMB_ON_CALLBACK.value: "A callback declares entities that grow without end.",
    Oddity.OVERSIZE_CALLBACK.value: "A callback announces more bytes than any message has.",
    Oddity.DUPLICATE_CALLBACK.value: "Each callback comes twice.",
    Oddity.ONE_LINE.value: "All callbacks of a payment come over one connection; this is no fault.",
    Oddity.OTHER_REQUEST.value: "The answer to a payment names another request.",
    Oddity.OTHER_WORKSTATION.value: "The answer to a payment names another till.",
    Oddity.OTHER_CURRENCY.value: "The answer to a payment names another currency.",
    Oddity.NO_AMOUNT.value: "Answers name no amount.",
    Oddity.PARTIAL_FAILURE.value: "It books, and says PartialFailure.",
    Oddity.EMPTY_RESULT.value: "It books, and says nothing of the result.",
    Oddity.ASKS_SIGNATURE.value: "It asks the till whether the signature is right, and books only when it is.",
    Oddity.ASKS_GOODS.value: "It asks whether the goods are out before it books; when not, it books nothing.",
    Oddity.LITERAL_REPEAT.value: "It repeats its last answer itself, without a header about it.",
    Oddity.CARRIES_ON.value: "After the line broke it goes on with the citizen, and books.",
    Oddity.LIES_AFTER_BOOKING.value: "It tells the approval to the journal, and then answers Failure.",
}
"""What each does, for dock and command line."""
