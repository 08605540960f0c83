"""Every parser of bytes from a card, by name, for tests with any bytes: each gives a value or `Malformed`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import cache, partial

from drivers.card_contract import Verdict, grouped
from drivers.cards.apdu import Answer
from drivers.cards.beid.card_data import parse_card_data
from drivers.cards.beid.certificates import cut, load
from drivers.cards.beid.dates import birth_date, day
from drivers.cards.beid.files import File, known_length
from drivers.cards.beid.identity import document_kind, parse_address, parse_identity
from drivers.cards.beid.malformed import Malformed
from drivers.cards.beid.national_number import card_number_is_valid, check
from drivers.cards.beid.pinpad import parse_features
from drivers.cards.beid.signatures import to_der
from drivers.cards.beid.tlv import parse
from drivers.cards.beid.trust import Trust
from drivers.cards.beid.verify import CardFiles, verify_chip, verify_files
from drivers.simulated.card.engine import BeidCard
from drivers.simulated.card.files import Place
from drivers.simulated.card.registry import card_named
from tests.drivers.card_bench import roots_of_the_simulation

_NOW = datetime(2026, 11, 25, tzinfo=UTC)


@cache
def _genuine() -> CardFiles:
    card = card_named("old-card", _NOW.date()).card
    assert isinstance(card, BeidCard)
    files = card.chip.files
    return CardFiles(
        identity=files[Place.IDENTITY],
        identity_signature=files[Place.IDENTITY_SIGNATURE],
        register=files[Place.CERT_REGISTER],
        authentication=files[Place.CERT_AUTHENTICATION],
        issuer=files[Place.CERT_ISSUER],
    )


def _verified_with(name: str, data: bytes) -> Verdict:
    """A genuine card with one file exchanged."""
    return verify_files(replace(_genuine(), **{name: data}), roots_of_the_simulation(), _NOW)


OF_BYTES: dict[str, Callable[[bytes], object]] = {
    "tlv": parse,
    "identity": parse_identity,
    "address": parse_address,
    "card data": parse_card_data,
    "certificate": load,
    "certificate length": cut,
    "file length": lambda data: [known_length(file, data) for file in File],
    "signature": to_der,
    "features": parse_features,
    "verification": lambda data: verify_files(CardFiles(*[data] * len(fields(CardFiles))), Trust(), _NOW),
    **{f"verification, {name}": partial(_verified_with, name) for name in ("register", "issuer", "authentication")},
    "proof of the chip": lambda data: verify_chip(data, data[:48], data, data),
    "answer": lambda data: Answer(data[:-2], int.from_bytes(data[-2:], "big")).ok,
}
OF_TEXT: dict[str, Callable[[str], object]] = {
    "birth date": birth_date,
    "day": day,
    "national number": check,
    "grouped number": grouped,
    "card number": card_number_is_valid,
    "document type": document_kind,
}


def survives(parser: Callable[[bytes], object] | Callable[[str], object], given: bytes | str) -> bool:
    """Whether a parser gave a value, or said what would be right; anything else is raised."""
    try:
        parser(given)  # type: ignore[arg-type]  # the caller pairs bytes with bytes and text with text
    except Malformed as said:
        return bool(str(said))
    return True
