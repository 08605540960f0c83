"""Reads what somebody gives to be checked, in memory only: a file, or the text of a code.

The usual way of reading a form puts a larger file on the disk for a while; an attest must not stand there. Not for:
what the file is worth (`verify_check`).
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
# It quotes the form it cannot read.

MOST_BYTES = 5_000_000
"""Of a file."""
MOST_TEXT = 10_000
"""Bytes of a text; no code holds half of it."""
_AROUND = 20_000
"""Bytes of a form that are not the file."""
_MOST_PARTS = 8
_MOST_HEARD = 40_000_000
"""Bytes; so much is listened to and dropped, for a browser hears no answer while it still talks."""
_NAMES = ("file", "text")


class TooLarge(ValueError):
    """More than is read."""


class NotAForm(ValueError):
    """The body is no form with parts; the text says what is right."""


@dataclass(frozen=True, repr=False)
class Given:
    """What somebody gave; of a person, so in no log (no repr). Empty is not given.

    Attributes:
        file: a picture or a PDF, or anything else.
        text: as typed, pasted or read by a camera.
    """

    file: bytes = b""
    text: str = ""


async def collect(chunks: AsyncIterator[bytes]) -> bytes:
    """The body of a request.

    Raises:
        TooLarge: when it is; nothing of it is kept then.
    """
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > _MOST_HEARD:
            break
        if size > MOST_BYTES + _AROUND:
            parts.clear()
        else:
            parts.append(chunk)
    if size > MOST_BYTES + _AROUND:
        raise TooLarge
    return b"".join(parts)


def read_given(content_type: str, body: bytes) -> Given:
    """The file and the text of a posted form. Takes a while for a hostile body: not on the event loop.

    Raises:
        NotAForm: for anything that is no `multipart/form-data`, or has more parts than our form.
        TooLarge: when file or text is.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise NotAForm("post multipart/form-data with the parts file or text")
    parts = _Parts()
    try:
        parser = MultipartParser(boundary, parts.callbacks())
        parser.write(body)
        parser.finalize()
    except (FormParserError, UnicodeDecodeError) as error:
        raise NotAForm("the form is damaged") from error
    if not parts.whole:
        raise NotAForm("the form was cut short")
    file, text = parts.found.get("file", b""), parts.found.get("text", b"")
    if len(file) > MOST_BYTES or len(text) > MOST_TEXT:
        raise TooLarge
    return Given(bytes(file), text.decode("utf-8", "replace"))


class _Parts:
    """Collects the first part of every name we know."""

    def __init__(self) -> None:
        self.found: dict[str, bytearray] = {}
        self.whole = False
        self._count = 0
        self._field, self._value, self._about = b"", b"", b""
        self._open: bytearray | None = None

    def callbacks(self) -> MultipartCallbacks:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._count += 1
        if self._count > _MOST_PARTS:
            raise NotAForm(f"a form has at most {_MOST_PARTS} parts")
        self._about, self._open = b"", None

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._about = self._value
        self._field, self._value = b"", b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._about)
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if name in _NAMES and name not in self.found:
            self._open = self.found[name] = bytearray()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._open is not None:
            self._open += data[start:end]

    def _end(self) -> None:
        self.whole = True
