"""The job `answer`: is who stands at the column who asked, and what does the register say? Sealed to the column's key.

A question counts only when the column's own signature is on it, so that whoever runs the web process cannot ask in a
column's name. Not for: waiting (`sync.backoffice.answers`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from pydantic import ValidationError

from kiosk.core.attests import AttestProduct, GroupKind, Kind, RegisterData, RegisterProblem
from kiosk.core.catalogue import Site
from sync.backoffice.attest_requests import (
    ANSWERED,
    DOWN,
    PENDING,
    REFUSED,
    HeldRequest,
    find_request,
    settle,
)
from sync.backoffice.core import BackOffice
from sync.backoffice.kiosks import signed_by
from sync.backoffice.registers.contract import Register, RegisterDown, RegisterRefused
from sync.backoffice.unsealer.contract import Done, JobRefused, Trouble
from sync.backoffice.unsealer.vault import Vault
from sync.protocol.attests import ANSWER_REQUEST, AnswerRequest
from sync.protocol.sealing import Place, SealingKey

log = logging.getLogger("zuil.backoffice.unsealer")
SCHEMA = "register-answer:1"
GROUP_OF = {Kind.HOUSEHOLD: GroupKind.MEMBERS, Kind.RESIDENCE_HISTORY: GroupKind.ADDRESSES}

Outcome = RegisterData | RegisterProblem | RegisterDown


@dataclass(frozen=True)
class Desk:
    """What the jobs work with."""

    office: BackOffice
    site: Site
    vault: Vault
    register: Register

    def product(self, product_id: str) -> AttestProduct:
        """The product of that id.

        Raises:
            JobRefused: CANNOT_MAKE when the site no longer has it.
        """
        try:
            return self.site.attest(product_id)
        except KeyError:
            raise JobRefused(Trouble.CANNOT_MAKE, f"the site has no attest {product_id!r} any more") from None


def answer(desk: Desk, message: Mapping[str, object]) -> Done:
    """Do the job.

    Args:
        message: the column's signed `AnswerRequest`, as it arrived.

    Returns:
        `{"state": "ready", "sealed": …}`, or `pending`, or `refused` with a problem.

    Raises:
        JobRefused: when it cannot be asked for in this way.
    """
    question = _question(desk, message)
    held = find_request(desk.office, request_id=question.request_id, code_hash=question.code_hash)
    if held is None:
        raise JobRefused(Trouble.NOT_HELD, "there is no such request to collect")
    product = desk.product(held.product_id)
    opening = desk.vault.opening(held.event_id, f"answer/{product.purpose}", question.source.rpartition(":")[2])
    who = opening.person(question.person.model_dump(by_alias=True), question.nonce)
    if who != opening.plain().get("nationalNumber"):
        return Done({"state": "refused", "problem": RegisterProblem.OTHER_PERSON.value})
    outcome = ask(desk, product, who, held.id)
    note(desk.office, held, outcome)
    match outcome:
        case RegisterData():
            key = _answer_key(question.answer_key)
            return Done({"state": "ready", "sealed": key.seal(written(outcome), SCHEMA, Place.answer(held.id))})
        case RegisterProblem():
            return Done({"state": "refused", "problem": outcome.value})
        case RegisterDown():
            return Done({"state": "pending"})
        case _:
            assert_never(outcome)


def ask(desk: Desk, product: AttestProduct, national_number: str, request_id: str) -> Outcome:
    """What the register says, no more than the product prints, and no older than it may be."""
    if product.kind is Kind.CRIMINAL_RECORD:
        return RegisterProblem.REFERRED
    said = desk.register.ask(product.kind, national_number, product.purpose, request_id)
    if isinstance(said, RegisterRefused):
        return said.problem
    if isinstance(said, RegisterDown):
        return said
    if desk.office.today() - said.as_of > timedelta(days=product.max_age_days):
        return RegisterProblem.TOO_OLD
    return _least(said, product)


def note(office: BackOffice, held: HeldRequest, outcome: Outcome) -> None:
    """Write on the request what came of it; data that are too old and a register that is down leave it open."""
    match outcome:
        case RegisterData():
            settle(office, held.id, ANSWERED)
        case RegisterProblem.TOO_OLD:
            settle(office, held.id, PENDING, outcome.value)
        case RegisterProblem():
            settle(office, held.id, REFUSED, outcome.value)
        case RegisterDown():
            log.warning("no answer for request %s: %s", held.id, outcome.detail)
            settle(office, held.id, PENDING, DOWN)
        case _:
            assert_never(outcome)


def written(data: RegisterData) -> dict[str, object]:
    """The data as JSON members."""
    groups = {name: [dict(row) for row in rows] for name, rows in data.groups.items()}
    return {"asOf": data.as_of.isoformat(), "facts": dict(data.facts), "groups": groups}


def _least(data: RegisterData, product: AttestProduct) -> RegisterData:
    printed = {field.name for field in product.facts}
    group = GROUP_OF.get(product.kind)
    return RegisterData(
        data.as_of,
        {name: value for name, value in data.facts.items() if name in printed},
        {group.name: data.groups.get(group.name, ())} if group is not None else {},
    )


def _question(desk: Desk, message: Mapping[str, object]) -> AnswerRequest:
    try:
        question = AnswerRequest.model_validate(message)
    except ValidationError:
        raise JobRefused(Trouble.BAD_JOB, "the question does not have the agreed shape") from None
    if signed_by(desk.office, question.source, lambda key: key.verify_object(ANSWER_REQUEST, message)) is None:
        raise JobRefused(Trouble.BAD_JOB, "the question is not signed by the key of an enrolled column")
    return question


def _answer_key(text: str) -> SealingKey:
    try:
        return SealingKey.parse(text)
    except ValueError:
        raise JobRefused(Trouble.BAD_JOB, "answerKey is no X25519 key") from None
