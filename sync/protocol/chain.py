"""The hash chain over a column's events: any edit, removal or reordering is seen by whoever holds the head.

`hash = SHA-256("kiosk-event-v1" 00 prevhash JCS(event without its hash))`, base64url. Sealed text is represented by its
own digest (`data.sealed.ctsha256`), so it can be erased later without breaking the chain. Not for: signing (`signing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sync.protocol.canonical import canonical, sha256

_DOMAIN = b"kiosk-event-v1\x00"


def event_hash(event: Mapping[str, object]) -> str:
    """The hash of an event that carries its `prevhash`; its own `hash`, if present, does not count.

    Args:
        event: envelope members by name, as in JSON.
    """
    hashed = dict(event)
    hashed.pop("hash", None)
    data = hashed.get("data")
    if isinstance(data, dict) and isinstance(data.get("sealed"), dict):
        sealed = {name: value for name, value in data["sealed"].items() if name != "ct"}
        hashed["data"] = {**data, "sealed": sealed}
    prevhash = str(event["prevhash"])
    return sha256(_DOMAIN + prevhash.encode("ascii") + canonical(hashed))


class BrokenChain(ValueError):
    """An event does not follow from the one before it.

    Attributes:
        sequence: sequence number of the first event that is wrong.
    """

    def __init__(self, sequence: int, why: str) -> None:
        super().__init__(f"event {sequence}: {why}")
        self.sequence = sequence


def check_chain(events: Iterable[Mapping[str, object]], first: int, previous: str) -> str:
    """Check that events are numbered from `first` and chained from hash `previous`.

    Returns:
        The hash of the last event, or `previous` when there is none.

    Raises:
        BrokenChain: naming the first event that is wrong.
    """
    for sequence, event in enumerate(events, start=first):
        if event.get("sequence") != str(sequence):
            raise BrokenChain(sequence, f"sequence is {event.get('sequence')!r}")
        if event.get("prevhash") != previous:
            raise BrokenChain(sequence, "prevhash is not the hash of the event before")
        if event.get("hash") != event_hash(event):
            raise BrokenChain(sequence, "hash does not match the content")
        previous = str(event["hash"])
    return previous
