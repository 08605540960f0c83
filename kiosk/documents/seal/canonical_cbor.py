"""CBOR in its one canonical form (RFC 8949, core deterministic encoding), of plain values only.

Plain are integers, booleans, byte and text strings, lists and maps, and the tag of COSE. Not for: what the values mean
(`statement`, `cose`).
"""

from __future__ import annotations

import cbor2

COSE_SIGN1 = 18
"""The one tag that is read (RFC 9052)."""

_MEANT = (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799)
"""Tags the library would turn into objects: dates, regular expressions, mails, references, numbers of any size."""


class NotCanonical(ValueError):
    """Bytes that `written` never makes."""


def written(value: object) -> bytes:
    """The canonical bytes of a plain value."""
    return cbor2.dumps(value, canonical=True)


def read(raw: bytes) -> object:
    """The value of canonical bytes; a tag comes as `cbor2.CBORTag`.

    Raises:
        NotCanonical: when the bytes are not CBOR, or other ones say the same in the canonical form.
    """
    try:
        value: object = cbor2.loads(raw, semantic_decoders=dict.fromkeys(_MEANT, _refused), max_depth=12)
        if written(value) == raw:
            return value
    except (cbor2.CBORError, ValueError, TypeError, RecursionError) as error:
        raise NotCanonical("the bytes are not CBOR of plain values") from error
    raise NotCanonical("the bytes are not in canonical form, or something follows them")


def _refused(*_: object) -> object:
    raise ValueError("a tag that is not plain")
