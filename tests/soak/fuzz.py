"""Any bytes and any text for parsers: random, and real messages with bits changed, cut or joined.

Not for: which parsers (`cards`, `payment_parsers`), quick runs (hypothesis does that beside the parsers' own tests).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

_TEXT = "0123456789 .ABCDEFGHIJKLMNOPQRSTUVWXYZÄÉ-"


@dataclass
class Fuzzed:
    """What came of it.

    Attributes:
        escaped: parser, error and what it was given, for every error that is not the typed one.
    """

    cases: int = 0
    escaped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Parsers:
    """What is tried, by name.

    Attributes:
        survives: calls one; True for a value or a typed refusal with words, False for one without.
        real: genuine messages.
        letters: that texts are made of.
    """

    of_bytes: Mapping[str, Callable[[bytes], object]]
    of_text: Mapping[str, Callable[[str], object]]
    survives: Callable[[Callable[[bytes], object] | Callable[[str], object], bytes | str], bool]
    real: Sequence[bytes]
    letters: str = _TEXT


def fuzz(parsers: Parsers, cases: int, seed: int) -> Fuzzed:
    """Give every parser its share of `cases`; the same seed gives the same bytes."""
    chance, done = random.Random(seed), Fuzzed()
    bytes_given, text_given = _bytes(parsers.real, chance), _text(parsers.letters, chance)
    while done.cases < cases:
        data, text = next(bytes_given), next(text_given)
        for name, of_bytes in parsers.of_bytes.items():
            _try(done, name, partial(parsers.survives, of_bytes, data))
        for name, of_text in parsers.of_text.items():
            _try(done, name, partial(parsers.survives, of_text, text))
    return done


def _try(done: Fuzzed, name: str, attempt: Callable[[], bool]) -> None:
    done.cases += 1
    try:
        if not attempt():
            done.escaped.append(f"{name}: an error without words")
    except Exception as problem:  # noqa: BLE001  # exactly what is looked for
        done.escaped.append(f"{name}: {type(problem).__name__}: {problem}")


def _bytes(real: Sequence[bytes], chance: random.Random) -> Iterator[bytes]:
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


def _text(letters: str, chance: random.Random) -> Iterator[str]:
    while True:
        yield "".join(chance.choice(letters) for _ in range(chance.randrange(24)))
