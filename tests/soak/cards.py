"""Any bytes for every parser of card data: random, and real files with bits changed, cut or joined.

Not for: quick runs; hypothesis does that in `tests/drivers/test_beid_parsing.py`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from drivers.simulated.card.engine import BeidCard
from drivers.simulated.card.people import people
from drivers.simulated.card.registry import card_named
from tests.drivers.beid_parsers import OF_BYTES, OF_TEXT, survives
from tests.soak.report import Row

CASES = 1_000_000
_TODAY = date(2026, 1, 1)
_TEXT = "0123456789 .ABCDEFGHIJKLMNOPQRSTUVWXYZÄÉ-"


@dataclass
class Fuzzed:
    """What came of it.

    Attributes:
        escaped: parser, error and what it was given, for every error that is not `Malformed`.
    """

    cases: int = 0
    escaped: list[str] = field(default_factory=list)


def fuzz(cases: int, seed: int) -> Fuzzed:
    """Give every parser its share of `cases`; the same seed gives the same bytes."""
    chance, done = random.Random(seed), Fuzzed()
    bytes_given, text_given = _bytes(chance), _text(chance)
    while done.cases < cases:
        data, text = next(bytes_given), next(text_given)
        for name, of_bytes in OF_BYTES.items():
            _try(done, name, partial(survives, of_bytes, data))
        for name, of_text in OF_TEXT.items():
            _try(done, name, partial(survives, of_text, text))
    return done


def row(cases: int, seed: int) -> Row:
    """The same as a row of the table; every error that is not the typed one counts as lost."""
    done = fuzz(cases, seed)
    return Row("any bytes for the card parsers", done.cases, lost=len(done.escaped), notes=tuple(done.escaped[:10]))


def _try(done: Fuzzed, name: str, attempt: Callable[[], bool]) -> None:
    done.cases += 1
    try:
        if not attempt():
            done.escaped.append(f"{name}: an error without words")
    except Exception as problem:  # noqa: BLE001  # exactly what is looked for
        done.escaped.append(f"{name}: {type(problem).__name__}: {problem}")


def _bytes(chance: random.Random) -> Iterator[bytes]:
    real = list(_real_files())
    while True:
        match chance.randrange(4):
            case 0:
                yield chance.randbytes(chance.randrange(700))
            case 1:
                yield _changed(chance.choice(real), chance)
            case 2:
                first, second = chance.choice(real), chance.choice(real)
                yield first[: chance.randrange(len(first))] + second[chance.randrange(len(second)) :]
            case _:
                yield bytes(chance.choice((0, 1, 0x30, 0x82, 0xFF)) for _ in range(chance.randrange(60)))


def _changed(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randrange(1, 6)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _text(chance: random.Random) -> Iterator[str]:
    while True:
        yield "".join(chance.choice(_TEXT) for _ in range(chance.randrange(24)))


def _real_files() -> Iterator[bytes]:
    for name in people(_TODAY):
        card = card_named(name, _TODAY).card
        if isinstance(card, BeidCard):
            yield from (content for content in card.chip.files.values() if content)
