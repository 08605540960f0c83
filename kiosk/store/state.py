"""The `sync_state` table: where each chain of events stands.

The current chain has the plain keys of the contract; an earlier epoch keeps its keys with `@epoch` behind them.
Not for: deciding when an epoch begins (`kiosk.store.epochs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from kiosk.store.schema import sync_state

_READ = select(sync_state.c.key, sync_state.c.value).where(sync_state.c.key.in_(bindparam("keys", expanding=True)))
_INSERT = insert(sync_state)
_WRITE = _INSERT.on_conflict_do_update(index_elements=["key"], set_={"value": _INSERT.excluded.value})

_CHAIN_KEYS = (
    "source",
    "birth",
    "next_sequence",
    "head_hash",
    "relayed_sequence",
    "acked_sequence",
    "acked_hash",
    "stopped",
)


def read_state(connection: Connection, *keys: str) -> dict[str, str]:
    """The values of those keys that exist."""
    return {str(key): str(value) for key, value in connection.execute(_READ, {"keys": keys})}


def write_state(connection: Connection, values: Mapping[str, str | int]) -> None:
    """Set keys."""
    connection.execute(_WRITE, [{"key": key, "value": str(value)} for key, value in values.items()])


@dataclass(frozen=True)
class Chain:
    """Where the chain of one epoch stands.

    Attributes:
        birth: `prevhash` of its first event.
        head_hash: hash of its last event, or `birth`.
        acked_sequence: last event the back office proved to have; 0 when none.
        acked_hash: hash of that event, or `birth`.
        stopped: why this epoch is not sent any more; empty while it is.
    """

    epoch: int
    current: bool
    source: str
    birth: str
    next_sequence: int
    head_hash: str
    acked_sequence: int
    acked_hash: str
    stopped: str

    def key(self, name: str) -> str:
        """The `sync_state` key of one of its facts."""
        return name if self.current else f"{name}@{self.epoch}"


def current_epoch(connection: Connection) -> int:
    """The epoch new events belong to."""
    return int(read_state(connection, "epoch")["epoch"])


def epochs(connection: Connection) -> tuple[int, ...]:
    """Every epoch of this file, oldest first; the last one is current."""
    return tuple(int(text) for text in read_state(connection, "epochs").get("epochs", "").split())


def load_chain(connection: Connection, epoch: int | None = None) -> Chain | None:
    """The chain of `epoch` (the current one when not given), or None when this file never had it."""
    now = current_epoch(connection)
    if epoch is None or epoch == now:
        return _chain(now, True, read_state(connection, *_CHAIN_KEYS))
    if epoch not in epochs(connection):
        return None
    stored = read_state(connection, *(f"{key}@{epoch}" for key in _CHAIN_KEYS))
    return _chain(epoch, False, {key.partition("@")[0]: value for key, value in stored.items()})


def _chain(epoch: int, current: bool, stored: Mapping[str, str]) -> Chain:
    return Chain(
        epoch=epoch,
        current=current,
        source=stored["source"],
        birth=stored["birth"],
        next_sequence=int(stored["next_sequence"]),
        head_hash=stored["head_hash"],
        acked_sequence=int(stored["acked_sequence"]),
        acked_hash=stored["acked_hash"],
        stopped=stored["stopped"],
    )


def begin_chain(connection: Connection, epoch: int, source: str, birth: str) -> None:
    """Make `epoch` the current one, empty; the chain before it is kept under its own keys."""
    known = epochs(connection)
    if known:
        stored = read_state(connection, *_CHAIN_KEYS)
        write_state(connection, {f"{key}@{known[-1]}": value for key, value in stored.items()})
    write_state(
        connection,
        {
            "epochs": " ".join(str(each) for each in (*known, epoch)),
            "epoch": epoch,
            "source": source,
            "birth": birth,
            "next_sequence": 1,
            "head_hash": birth,
            "relayed_sequence": 0,
            "acked_sequence": 0,
            "acked_hash": birth,
            "stopped": "",
        },
    )
