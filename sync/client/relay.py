"""What passes between the column's program and a sync client that runs as a process of its own: one line a call.

The calls are those of `SyncDesk`; their arguments and answers are written and read by its type annotations, so a call
that is added there passes too. Not for: the program's end (`door`) or the sync process's (`remote`).
"""

from __future__ import annotations

import inspect
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from sync.client.ports import SyncStore

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes; a batch of the most events, written as base64, is well below."""
COMMITTED = {"committed": True}
"""Said by the program, unasked, when an event was committed."""
_BY_ITSELF = frozenset({"on_commit"})
_CONFIG = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


class SyncDesk(SyncStore, Protocol):
    """Everything the sync client needs of the program: the store, and a few words about the rest of the column."""

    def devices(self) -> Mapping[str, str]:
        """State or reason of every device."""
        ...

    def tell_online(self, online: bool) -> None:
        """Whether the back office answers."""
        ...


class BadLine(Exception):
    """What came over the socket is no line of this protocol."""


@dataclass(frozen=True)
class Call:
    """How one call is written.

    Attributes:
        reads: whether it is an attribute that is read, and not a method.
    """

    name: str
    reads: bool
    arguments: TypeAdapter[tuple[Any, ...]]
    answer: TypeAdapter[tuple[Any, ...]]


@cache
def calls() -> Mapping[str, Call]:
    """Every call of `SyncDesk` by name."""
    return {call.name: call for call in _described()}


def encode(call: Call, arguments: tuple[object, ...]) -> bytes:
    """A question as a line."""
    return _line({"call": call.name, "with": call.arguments.dump_python(arguments, mode="json")})


def decode(line: bytes) -> tuple[Call, tuple[Any, ...]]:
    """A question as it was asked.

    Raises:
        BadLine: for anything that is no question.
    """
    told = read_line(line)
    call = calls().get(str(told.get("call")))
    if call is None:
        raise BadLine("no such call")
    try:
        return call, call.arguments.validate_json(json.dumps(told.get("with")))
    except ValidationError as error:
        raise BadLine(f"{call.name} cannot be called like that") from error


def encode_answer(call: Call, answer: object) -> bytes:
    """An answer as a line."""
    return _line({"answer": call.answer.dump_python((answer,), mode="json")})


def encode_failure(error: Exception) -> bytes:
    """A call that raised, as a line."""
    return _line({"failed": f"{type(error).__name__}: {error}"})


def encode_committed() -> bytes:
    """That something was committed, as a line."""
    return _line(COMMITTED)


def decode_answer(call: Call, told: Mapping[str, object]) -> object:
    """The answer in a line that was read.

    Raises:
        BadLine: for anything that is no answer to this call.
    """
    try:
        return call.answer.validate_json(json.dumps(told.get("answer")))[0]
    except ValidationError as error:
        raise BadLine(f"that is no answer to {call.name}") from error


def read_line(line: bytes) -> dict[str, object]:
    """A line as an object.

    Raises:
        BadLine: when it is none.
    """
    try:
        told = json.loads(line)
    except ValueError as error:
        raise BadLine("no JSON") from error
    if not isinstance(told, dict):
        raise BadLine("no object")
    return told


def lines(connection: socket.socket) -> Iterator[bytes]:
    """Lines as they come, until the other end closes.

    Raises:
        BadLine: for a line that does not end.
        OSError: when the connection breaks.
    """
    with connection.makefile("rb") as stream:
        while line := stream.readline(LONGEST_LINE):
            if not line.endswith(b"\n"):
                raise BadLine("a line without an end")
            yield line


def _line(members: Mapping[str, object]) -> bytes:
    return json.dumps(members, separators=(",", ":")).encode() + b"\n"


def _described() -> Iterator[Call]:
    for name in dir(SyncDesk):
        member = inspect.getattr_static(SyncDesk, name)
        if name.startswith("_") or name in _BY_ITSELF:
            continue
        reads = isinstance(member, property)
        function: Callable[..., object] = member.fget if isinstance(member, property) and member.fget else member
        hints = get_type_hints(function)
        answer = hints.pop("return")
        yield Call(name, reads, _adapter(*hints.values()), _adapter(answer))


def _adapter(*types: object) -> TypeAdapter[tuple[Any, ...]]:
    return TypeAdapter(tuple[types] if types else tuple[()], config=_CONFIG)  # type: ignore[valid-type]
