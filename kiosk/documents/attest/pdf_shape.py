"""The outer shape of a sealed attest, looked at before any library reads the file: two plain tables, page and seal.

A library follows whatever a file says of its tables; a few bytes can make it work for hours. What has not the shape of
a file of ours is not given to it. Not for: what the tables lead to (`kiosk.documents.attest.pdf_check`).
"""

from __future__ import annotations

import re

TABLES = 2
"""The page as it was made, and the seal."""
MOST_OBJECTS = 5_000

_END = re.compile(rb"\nstartxref\s{1,2}(\d{1,7})\s{1,2}%%EOF\s{0,2}\Z")
_SECTION = re.compile(rb"\s{0,2}\d{1,7} (\d{1,7}) {0,1}\r?\n")
_TRAILER = re.compile(rb"\s{0,2}trailer\s([^%#]{1,2000}?)\sstartxref\s")
_PREVIOUS = re.compile(rb"/Prev (\d{1,7})\s")
_ENTRY_BYTES = 20
_MOST_TABLES = 20


class OtherShape(Exception):
    """The file has not the shape of a sealed attest; the text says what is different."""


def has_shape(data: bytes) -> None:
    """Whether the file is one of ours by its outer shape.

    Raises:
        OtherShape: when it is not.
    """
    end = _END.search(data, max(0, len(data) - 60))
    if end is None:
        raise OtherShape("the file does not end as a PDF of ours")
    tables, objects, at = 0, 0, int(end[1])
    while at and tables < _MOST_TABLES:
        count, at = _table(data, at)
        tables, objects = tables + 1, objects + count
        if objects > MOST_OBJECTS:
            raise OtherShape(f"the file has more than {MOST_OBJECTS} objects")
    if tables == 1:
        raise OtherShape("the PDF has no seal")
    if tables != TABLES:
        raise OtherShape(f"the PDF has {tables} revisions, right are {TABLES}")


def _table(data: bytes, at: int) -> tuple[int, int]:
    """Entries of the table at that place, and where the one before it is; 0 for none."""
    if data[at : at + 4] != b"xref":
        raise OtherShape("the file has a table of another kind than ours")
    count, at = 0, at + 4
    while section := _SECTION.match(data, at):
        count += int(section[1])
        at = section.end() + _ENTRY_BYTES * int(section[1])
    trailer = _TRAILER.match(data, at)
    if trailer is None or b"XRefStm" in trailer[1] or b"/Encrypt" in trailer[1]:
        raise OtherShape("the file has a table of another kind than ours")
    previous = _PREVIOUS.findall(trailer[1])
    if len(previous) != trailer[1].count(b"Prev") or len(previous) > 1:
        raise OtherShape("the file has a table of another kind than ours")
    return count, int(previous[0]) if previous else 0
