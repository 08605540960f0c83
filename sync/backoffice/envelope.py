"""Looking at events one by one: is the envelope whole, and what does it say. By hand, because every event passes.

A wrong envelope is a defect of the column's program and refuses the batch; wrong content is a matter for
`projection`, which puts it aside. Not for: signature and chain (`ingest`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import itemgetter, le
from typing import NamedTuple, cast

from pydantic_core import to_json

from kiosk.core.events import SERVICE
from sync.backoffice.core import parse_rfc3339
from sync.protocol.batch import Batch

_TEXTS: dict[str, int] = {
    "specversion": 10,
    "id": 36,
    "source": 200,
    "service": 80,
    "type": 120,
    "subject": 200,
    "time": 40,
    "datacontenttype": 80,
    "dataschema": 300,
    "sequencetype": 20,
    "hlc": 40,
    "bootid": 64,
    "clockstate": 20,
    "prevhash": 43,
    "hash": 43,
}
_LIMITS = tuple(_TEXTS.values())
_TEXT_VALUES = cast(Callable[[object], tuple[str, ...]], itemgetter(*_TEXTS))
_INTEGERS = ("epoch", "uptimems", "clockerrms")
_LARGEST = 2**53
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_PREFIX = f"{SERVICE}."


class Event(NamedTuple):
    """One event as received; a tuple, because hundreds a second are made.

    Attributes:
        kind: `tickets.issued` and so on; the whole type when it is of another service or version.
        time_ms: by the column's clock.
        body: the event as JSON text.
    """

    sequence: int
    id: str
    type: str
    kind: str
    time_ms: int
    hash: str
    boot_id: str
    uptime_ms: int
    clock_state: str
    data: Mapping[str, object]
    body: str


def read_events(batch: Batch) -> list[Event] | str:
    """The events of a batch, or what is wrong with the first envelope that is not whole."""
    events = []
    for sequence, raw in enumerate(batch.events, start=batch.first_sequence):
        problem = _problem(raw, batch, sequence)
        if problem:
            return f"event {sequence}: {problem}"
        try:
            events.append(_event(raw, sequence))
        except (ValueError, OverflowError):
            return f"event {sequence}: time must be RFC 3339 with offset"
    return events


def _problem(raw: dict[str, object], batch: Batch, sequence: int) -> str | None:
    try:
        texts = _TEXT_VALUES(raw)
        whole = "".join(texts).isprintable() and all(map(le, map(len, texts), _LIMITS)) and all(texts)
    except (KeyError, TypeError):
        whole = False
    if not whole:
        return _first_wrong_text(raw)
    for name in _INTEGERS:
        number = raw.get(name)
        if type(number) is not int or not 0 <= number < _LARGEST:
            return f"{name} must be an integer from 0 to 2^53"
    if raw["specversion"] != "1.0" or raw.get("sequence") != str(sequence):
        return f"specversion must be '1.0' and sequence '{sequence}'"
    if raw["source"] != batch.source or raw["epoch"] != batch.epoch:
        return "source and epoch must be those of the batch"
    if not _UUID.match(str(raw["id"])):
        return "id must be a UUID in lower case"
    if type(raw.get("data")) is not dict:
        return "data must be an object"
    return None


def _first_wrong_text(raw: dict[str, object]) -> str:
    for name, limit in _TEXTS.items():
        value = raw.get(name)
        if type(value) is not str or not 0 < len(value) <= limit or not value.isprintable():
            return f"{name} must be text of 1 to {limit} printable characters"
    return "texts must be printable"


def _event(raw: dict[str, object], sequence: int) -> Event:
    type_ = str(raw["type"])
    return Event(
        sequence=sequence,
        id=str(raw["id"]),
        type=type_,
        kind=type_.removeprefix(_PREFIX).replace(".notify.", ".") if type_.startswith(_PREFIX) else type_,
        time_ms=parse_rfc3339(str(raw["time"])),
        hash=str(raw["hash"]),
        boot_id=str(raw["bootid"]),
        uptime_ms=cast(int, raw["uptimems"]),
        clock_state=str(raw["clockstate"]),
        data=cast(Mapping[str, object], raw["data"]),
        body=to_json(raw).decode(),
    )
