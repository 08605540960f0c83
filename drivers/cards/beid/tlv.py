"""Tag, length, value as in identity and address files (belgian-eid.md §4). Total: any bytes give fields or `Malformed`.

Not for: what the tags mean (`identity`).
"""

from __future__ import annotations

from drivers.cards.beid.malformed import Malformed

LONGEST = 254


def parse(data: bytes) -> dict[int, bytes]:
    """Values by tag; unknown tags are kept, the first of two equal tags counts.

    Raises:
        Malformed: for a value longer than 254 bytes or than what is left.
    """
    fields: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        tag = data[at]
        if tag == 0 and at > 0:
            break  # padding; the version, which has this tag, may only come first
        length, start = _length(data, at + 1)
        value = data[start : start + length]
        if len(value) < length:
            raise Malformed(f"field {tag} at byte {at} should have {length} bytes, {len(value)} are left")
        fields.setdefault(tag, value)
        at = start + length
    return fields


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Length of a value, and where it begins; bytes FF add up to 255 each."""
    total = 0
    while at < len(data):
        total += data[at]
        at += 1
        if data[at - 1] != 0xFF:
            if total > LONGEST:
                raise Malformed(f"a field has {total} bytes, at most {LONGEST} are defined")
            return total, at
    raise Malformed("the file ends within the length of a field")
