"""What in this process still holds a word, of everything Python's collector looks after. Not a test.

Not for: what Qt keeps, or bytes of memory that is free again.
"""

from __future__ import annotations

import gc


def holders(word: str) -> list[str]:
    """Types that refer to a text, or bytes, with the word in it; fields, cells and waiting coroutines included."""
    gc.collect()
    found, plain = [], word.encode()
    # Loops without closures: a cell with the word in it would be found.
    for thing in gc.get_objects():
        for part in gc.get_referents(thing):
            if _has(part, word, plain):
                found.append(type(thing).__name__)
                break
    return found


def _has(part: object, word: str, plain: bytes) -> bool:
    return (isinstance(part, str) and word in part) or (isinstance(part, bytes | bytearray) and plain in part)
