"""Commands of the Belgian applet as values (belgian-eid.md §3).

Not for: sending them (`session`).
"""

from __future__ import annotations

from drivers.cards.apdu import Command

APPLET = bytes.fromhex("A00000003029057000AD13100101FF")
SERIAL_BYTES, SERIAL_BYTES_WITH_PIN = 0x1C, 0x1F


def select_applet() -> Command:
    """Select the applet by its identifier."""
    return Command(0x00, 0xA4, 0x04, 0x0C, APPLET)


def select_path(path: bytes) -> Command:
    """Select a file by its whole path, from the master file."""
    return Command(0x00, 0xA4, 0x08, 0x0C, path)


def select_id(file_id: bytes) -> Command:
    """Select a file or folder below the current one."""
    return Command(0x00, 0xA4, 0x02, 0x0C, file_id)


def read_binary(offset: int, length: int) -> Command:
    """Read `length` (1 to 256) bytes of the selected file from `offset` (15 bits)."""
    return Command(0x00, 0xB0, offset >> 8 & 0x7F, offset & 0xFF, le=length)


def read_record(first_tag: int, last_tag: int) -> Command:
    """Read single fields of the selected identity or address file (generation 1.8)."""
    return Command(0x80, 0xB2, first_tag, last_tag, le=256)


def card_data() -> Command:
    """Serial number and versions."""
    return Command(0x80, 0xE4, 0x00, 0x00, le=SERIAL_BYTES)


def card_data_with_pin() -> Command:
    """The same with the tries left (generation 1.8)."""
    return Command(0x80, 0xE4, 0x00, 0x01, le=SERIAL_BYTES_WITH_PIN)


def verify() -> Command:
    """Header of VERIFY; the block goes beside it and never into a value that could be shown."""
    return Command(0x00, 0x20, 0x00, 0x01)


def pin_state() -> Command:
    """An empty VERIFY: tries left. Before applet 1.7 it burns one."""
    return Command(0x00, 0x20, 0x00, 0x01, le=256)


def set_key(algorithm: int, key: int) -> Command:
    """Choose key and algorithm of the next signature."""
    return Command(0x00, 0x22, 0x41, 0xB6, bytes((0x04, 0x80, algorithm, 0x84, key)))


def sign(digest: bytes) -> Command:
    """Sign with the chosen key."""
    return Command(0x00, 0x2A, 0x9E, 0x9A, digest)


def internal_authenticate(challenge: bytes) -> Command:
    """Let the chip sign 48 bytes with its own key (generation 1.8)."""
    return Command(0x00, 0x88, 0x02, 0x81, bytes((0x94, len(challenge))) + challenge)


def log_off() -> Command:
    """Drop every right."""
    return Command(0x80, 0xE6, 0x00, 0x00)
