"""Numbers of the protocol's own table: messages, results, states of the terminal.

Not for: what follows from a result (`evidence`) or texts for citizens.
"""

from __future__ import annotations

from drivers.contract import DeviceStatus, Health, Reason

REGISTER = 0x0600
AUTHORISE = 0x0601
LOG_OFF = 0x0602
COMPLETION = 0x060F
ABORTED = 0x061E
REPEAT_LAST = 0x0620
REVERSE = 0x0630
END_OF_DAY = 0x0650
ABORT = 0x06B0
PRINT_LINE = 0x06D1
PRINT_TEXT = 0x06D3
STATUS_ENQUIRY = 0x0501
STATUS_INFORMATION = 0x040F
INTERMEDIATE = 0x04FF
POSITIVE_CODE = 0x8000
NEGATIVE_CLASS = 0x84

CLASSES = (0x04, 0x05, 0x06, 0x08, 0x0F, 0x80, 0x84)
"""First bytes a terminal may send; anything else is not this protocol."""

NOT_OUT = 0xCC
NOT_YET = 0x9C
TIME_OUT = 0x6C
BUSY = 0x9C
NOT_POSSIBLE = 0x83
ALREADY_REVERSED = 0xB4
WANTS_END_OF_DAY = (0xB1, 0xB2, 0xF0)
"""States in which a terminal takes an end of day, and nothing else."""

_RESULTS = {
    0x00: "in order",
    0x64: "card cannot be read",
    0x6C: "cancelled or out of time",
    0x6F: "wrong currency",
    0x77: "end of day not possible",
    0x78: "card has expired",
    0x83: "not possible",
    0x9A: "protocol error",
    0x9C: "please wait",
    0xB4: "reversed already",
    0xB5: "reversal not possible",
    0xB8: "nothing found",
    0xC3: "amount too high or too low",
    0xCC: "printer not ready",
    0xE4: "activation needed",
    0xF0: "end of day needed",
}

_STATES = {
    0x51: (Reason.OFFLINE, "must be initialised (06 93)"),
    0x62: (Reason.OFFLINE, "its clock is wrong (06 91)"),
    0xB1: (Reason.OFFLINE, "its memory is full: end of day"),
    0xB2: (Reason.OFFLINE, "its memory is full: end of day"),
    0xC2: (Reason.OFFLINE, "wants a diagnosis (06 70)"),
    0xCC: (Reason.PAPER_OUT, "its own printer is not ready"),
    0xDC: (Reason.MECHANICAL, "a card was left in it"),
    0xDF: (Reason.MECHANICAL, "out of order"),
    0xE1: (Reason.MECHANICAL, "a card is not wholly removed"),
    0xE2: (Reason.MECHANICAL, "its card reader is defective"),
    0xE3: (Reason.MECHANICAL, "its shutter is defective"),
    0xE4: (Reason.MECHANICAL, "must be activated by a technician"),
    0xF0: (Reason.OFFLINE, "end of day needed (06 50)"),
}


def result_text(code: int) -> str:
    """A result for technicians: its number, and words where the number has some."""
    known = _RESULTS.get(code, "refused by the bank" if 1 <= code < 0x64 else "see the protocol's table")
    return f"{code:02X} {known}"


def terminal_status(code: int) -> DeviceStatus:
    """What a state of the terminal means for the column; everything but 00 and 9C is out of use."""
    if code == 0:
        return DeviceStatus(Health.READY, raw="00")
    if code == BUSY:
        return DeviceStatus(Health.BUSY, raw="9C the terminal is busy")
    reason, words = _STATES.get(code, (Reason.OFFLINE, "see the protocol's table"))
    return DeviceStatus(Health.UNAVAILABLE, reason, f"{code:02X} {words}")
