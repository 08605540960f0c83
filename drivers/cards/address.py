"""Where the card reader is: written in the settings as one word or address.

Not for: opening it (`opening`).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

NO_READER = "none"
EXAMPLES = {"pcsc": "pcsc", "a part of its name": "pcsc:ACS", "virtual": "virtual://127.0.0.1:35963"}


class BadReaderAddress(ValueError):
    """No address of a reader; the text says what would be right."""


@dataclass(frozen=True)
class PcscReader:
    """A reader of this machine.

    Attributes:
        name_part: part of its name, or "" for any.
    """

    name_part: str = ""


@dataclass(frozen=True)
class VirtualReader:
    """A slot on this machine for a simulated card; for practice only."""

    host: str
    port: int


ReaderAddress = PcscReader | VirtualReader


def parse_reader(text: str) -> ReaderAddress | None:
    """The reader a setting names, or None for "none".

    Raises:
        BadReaderAddress: saying what would be right.
    """
    kind, _, name = text.partition(":")
    if text == NO_READER:
        return None
    if kind == "pcsc":
        return PcscReader(name.strip())
    if kind == "virtual":
        return _virtual(text)
    raise BadReaderAddress(f"'{text}' is no card reader; write {_choices()}")


def _virtual(text: str) -> VirtualReader:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise BadReaderAddress(f"'{text}' is no virtual slot; write it like {EXAMPLES['virtual']}") from None
    surplus = parts.path or parts.query or parts.fragment or parts.username is not None
    if not local or not port or surplus:
        raise BadReaderAddress(f"'{text}' is no slot on this machine; write it like {EXAMPLES['virtual']}")
    return VirtualReader(host, port)


def _choices() -> str:
    return f'"{NO_READER}", ' + ", ".join(f'"{example}"' for example in EXAMPLES.values())
