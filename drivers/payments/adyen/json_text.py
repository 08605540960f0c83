"""JSON with exact numbers: no binary fractions, no name twice, no NaN. Not for: what is in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import NoReturn, TypeAlias

from drivers.payments.adyen.refusals import Malformed

Json: TypeAlias = "bool | int | Decimal | str | Sequence[Json] | dict[str, Json] | None"


def parse(data: bytes) -> Json | Malformed:
    """Read a whole text in UTF-8."""
    try:
        value: Json = json.loads(
            data.decode("utf-8"), parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once
        )
    except (ValueError, ArithmeticError, RecursionError) as problem:  # ValueError: not UTF-8, not JSON, too many digits
        return Malformed(f"no JSON: {type(problem).__name__}")
    return value


def write(value: Json) -> bytes:
    """The shortest text; a Decimal keeps its places: 12.50."""
    return _text(value).encode("utf-8")


def _text(value: Json) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        case dict():
            return "{" + ",".join(f"{json.dumps(name)}:{_text(each)}" for name, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ",".join(_text(each) for each in value) + "]"
        case _:
            return json.dumps(value)


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")  # two readers would see two messages
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")
