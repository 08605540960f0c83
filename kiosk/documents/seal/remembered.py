"""What a checker remembers of trust lists: a file with the version and the key of every organisation seen.

It keeps an old list, from before a revocation, from counting again. Not for: the lists themselves (`trust`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from kiosk.documents.seal.bad_lists import BadTrustList, OtherKey, RolledBack
from sync.client.identity import write_durably
from sync.protocol.canonical import canonical
from sync.protocol.signing import PublicKey


@dataclass(frozen=True)
class _Seen:
    version: int
    key: str


def remember(path: Path, organisation: str, version: int, key: PublicKey) -> None:
    """Hold a list against the memory, and keep what it says.

    Raises:
        RolledBack: when a higher version was seen.
        OtherKey: when the organisation had another key.
        BadTrustList: when the file cannot be read, understood or written.
    """
    seen = _read(path)
    before = seen.get(organisation)
    if before is not None and before.key != str(key):
        raise OtherKey(
            f"the lists of {organisation!a} were signed by another key until now; ask the municipality whether its key "
            f"{key.id} is new, and then take the organisation out of {path}"
        )
    if before is not None and version < before.version:
        raise RolledBack(f"the list has version {version}, but {before.version} was seen before; fetch the newest one")
    now = _Seen(version, str(key))
    if now != before:
        _write(path, {**seen, organisation: now})


def _read(path: Path) -> dict[str, _Seen]:
    try:
        members = json.loads(path.read_bytes())
        return {name: _seen(entry) for name, entry in members["organisations"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadTrustList(
            f"the memory of lists {path} cannot be read; put it right, or remove it to begin anew"
        ) from (error)


def _seen(entry: dict[str, object]) -> _Seen:
    version, key = entry["version"], entry["publicKey"]
    if not isinstance(version, int) or not isinstance(key, str):
        raise TypeError("version is a number and publicKey a text")
    return _Seen(version, key)


def _write(path: Path, seen: dict[str, _Seen]) -> None:
    kept = {name: {"version": one.version, "publicKey": one.key} for name, one in seen.items()}
    try:
        write_durably(path, canonical({"organisations": kept}))
    except OSError as error:
        raise BadTrustList(f"the memory of lists {path} cannot be written ({error.strerror})") from error
