"""Receipts from the terminal's print commands: lines are collected until each receipt ends.

Not for: printing them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.payment_contract import Receipt
from drivers.payments.zvt.fields import read_fields
from drivers.payments.zvt.text import decode, masked
from drivers.payments.zvt.tlv import read_all

_RESERVED = 0x80
_LAST = 0x80
_FEED = 0xFF
_INDENT = 0x0F
_CENTRED = 0x40
_TYPE = 0x1F07
_INFO = 0x1F37
_TEXTS = 0x25
_LINE = 0x07
_ATTRIBUTE = 0x09
_CUSTOMER = 0x02
_MUST_PRINT = 0x80
_MOST_FEEDS = 20
_MOST_LINES = 2000


@dataclass
class Receipts:
    """Collects what 06 D1 and 06 D3 say.

    Attributes:
        done: receipts that are whole, oldest first.
    """

    charset: str = "cp437"
    done: list[Receipt] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _for_citizen: bool = True
    _must_print: bool = False

    def line(self, data: bytes) -> None:
        """06 D1: attribute and text."""
        attribute, text = (data[0] if data else 0), data[1:]
        if attribute == _FEED:
            for _ in range(min(text[0] if text else 1, _MOST_FEEDS)):
                self._add("")
            return
        self._add(decode(text, self.charset), attribute)
        if _ends(attribute):
            self._close()

    def text(self, data: bytes) -> None:
        """06 D3: kind, demands and lines in a container; one receipt may come in several of these."""
        objects = read_fields(data).objects
        kind, info = objects.first(_TYPE), objects.first(_INFO)
        if kind:
            self._for_citizen = kind[0] == _CUSTOMER
        self._must_print |= bool(info and info[0] & _MUST_PRINT)
        attribute = 0
        for item in read_all(objects.first(_TEXTS) or b"").items:
            if item.tag == _ATTRIBUTE and item.value:
                attribute = item.value[0]
            elif item.tag == _LINE:
                self._add(decode(item.value, self.charset), attribute)
        if _ends(attribute):
            self._close()

    def all(self) -> tuple[Receipt, ...]:
        """Every receipt; one whose last line never came counts as whole."""
        self._close()
        return tuple(self.done)

    def _add(self, text: str, attribute: int = 0) -> None:
        if len(self._lines) < _MOST_LINES:
            indent = 0 if attribute & _CENTRED or attribute in (_RESERVED, _FEED) else attribute & _INDENT
            # The closing attribute of a receipt says 81 without meaning an indent of one.
            self._lines.append(masked(" " * (0 if _ends(attribute) else indent) + text))

    def _close(self) -> None:
        if any(self._lines):
            self.done.append(Receipt(tuple(self._lines), self._for_citizen, self._must_print))
        self._lines, self._for_citizen, self._must_print = [], True, False


def _ends(attribute: int) -> bool:
    return bool(attribute & _LAST) and attribute not in (_RESERVED, _FEED)
