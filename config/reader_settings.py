"""How an address of a card reader is written in the settings, wherever one stands.

Not for: what an address means (`drivers.cards.address`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from config.checked import refusal
from drivers.cards.address import EXAMPLES, NO_READER, BadReaderAddress, PcscReader, parse_reader

*_FIRST, _LAST = (f'"{example}"' for example in (NO_READER, *EXAMPLES.values()))
READERS = ", ".join(_FIRST) + f" or {_LAST}"
"""What may be written."""


def _check_reader(text: str) -> str:
    try:
        parse_reader(text)
    except BadReaderAddress as wrong:
        raise refusal(str(wrong).partition(";")[0], f"write {READERS}") from None
    return text


Reader = Annotated[str, AfterValidator(_check_reader)]


def may_be_one(first: str, second: str) -> bool:
    """Whether two addresses, both good, may lead to the same reader: each is held alone, so they would fight for it."""
    one, other = parse_reader(first), parse_reader(second)
    if one is None or other is None:
        return False
    if isinstance(one, PcscReader) and isinstance(other, PcscReader):
        names = one.name_part.casefold(), other.name_part.casefold()
        return names[0] in names[1] or names[1] in names[0]
    return one == other
