"""The few ESC/POS commands that are sent as they stand, named.

Source: Epson ESC/POS Command Reference, page ids beside each. Not for: text and pictures (`builder`).
"""

from __future__ import annotations

INITIALISE = b"\x1b@"
"""esc_atsign: print buffer and modes as after switching on; the code page too, so it is chosen again after this."""
US_CHARACTERS = b"\x1bR\x00"
"""esc_cr: keeps # $ @ [ \\ ] ^ { | } ~ in their places."""
SMOOTHING = b"\x1db\x01"
"""gs_lb: rounds the steps of large characters."""
CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""dle_dc4_fn8: throws away what was received and not yet printed, at any time; answered with 37 25 00."""
RECOVER_AND_CLEAR = b"\x10\x05\x02"
"""dle_enq: leave a recoverable error, throwing away the buffers."""
ASK_PAPER_SENSOR = b"\x1dr\x01"
"""gs_lr: answered with one byte, in its turn after the data before it."""
ONLINE_QUESTIONS = (1, 2, 3, 4)
"""dle_eot: printer, cause of off line, cause of error, paper sensor."""
FIRST_ID = 1
LAST_ID = 9999


def ask_status(question: int) -> bytes:
    """DLE EOT: answered at once with one byte, also off line."""
    return bytes((0x10, 0x04, question))


def select_code_page(number: int) -> bytes:
    """ESC t: the number is the maker's, see the profile."""
    return bytes((0x1B, 0x74, number))


def feed_dots(dots: int) -> bytes:
    """ESC J: feed without printing, at most 255 dots a command."""
    return b"".join(bytes((0x1B, 0x4A, min(255, dots - done))) for done in range(0, dots, 255))


def feed_and_cut(mode: int, dots: int) -> bytes:
    """GS V 65 or 66: feed to the knife and `dots` more, then cut."""
    return bytes((0x1D, 0x56, mode, dots))


def ask_process_id(number: int) -> bytes:
    """GS ( H fn 48: answered with 37 22 and the number when everything before it is done (gs_lparen_ch_fn48)."""
    return b"\x1d(H\x06\x0000" + process_id(number)


def process_id(number: int) -> bytes:
    """Four digits, as the printer sends them back."""
    return b"%04d" % number
