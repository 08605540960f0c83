"""From a card in the slot to a person and a verdict: read for a purpose, verify, keep what was asked for.

Not for: PIN and keys (`holder`).
"""

from __future__ import annotations

import os
from datetime import datetime

from drivers.card_contract import (
    CardRead,
    CardRequest,
    Check,
    CheckName,
    Field,
    Finding,
    Follow,
    Person,
    Verdict,
)
from drivers.cards.beid.identity import Identity, parse_address, parse_identity, to_person
from drivers.cards.beid.session import BeidSession, Refused
from drivers.cards.beid.trust import Trust
from drivers.cards.beid.verify import CardFiles, verify_chip, verify_files
from drivers.cards.reading import Raw, Reading

CHALLENGE_BYTES = 48


def identified(
    session: BeidSession, request: CardRequest, follow: Follow, trust: Trust, now: datetime, insertion: int
) -> CardRead:
    """Read and verify what a purpose asks for.

    Raises:
        drivers.cards.beid.session.Refused, drivers.cards.beid.malformed.Malformed,
        drivers.cards.transport.LineBroken: as the session does.
    """
    before = session.exchange.apdus
    raw = Reading(session, request, follow).read()
    identity = parse_identity(raw.files.identity or raw.records or b"")
    verdict = _verified(session, raw.files, identity, trust, now) if request.proof else Verdict()
    person = _person(raw, identity, request.fields, specimen=trust.specimen)
    return CardRead(person, verdict, insertion, session.exchange.apdus - before)


def _person(raw: Raw, identity: Identity, fields: frozenset[Field], *, specimen: bool) -> Person:
    address = parse_address(raw.files.address) if raw.files.address is not None else None
    return to_person(identity, address, raw.files.photo, fields, specimen=specimen)


def _verified(session: BeidSession, files: CardFiles, identity: Identity, trust: Trust, now: datetime) -> Verdict:
    """The checks of the files, and what the chip itself can prove (generation 1.8)."""
    verdict = verify_files(files, trust, now)
    if files.chip_key:
        return verdict.with_check(_chip(session, files.chip_key, identity))
    if verdict.finding(CheckName.CHIP) is Finding.FAILED:
        return verdict  # the identity names a key of the chip, and this card has none
    return verdict.with_check(Check(CheckName.CHIP, Finding.NOT_POSSIBLE, "this generation has no key of the chip"))


def _chip(session: BeidSession, key: bytes, identity: Identity) -> Check:
    challenge = os.urandom(CHALLENGE_BYTES)
    try:
        answer = session.prove_chip(challenge)
    except Refused as refused:
        return Check(CheckName.CHIP, Finding.FAILED, str(refused))
    return verify_chip(key, identity.chip_key_hash, challenge, answer)
