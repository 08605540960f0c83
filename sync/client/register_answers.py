"""Asks the back office for the answer of a register, for the person at the column. Blocks; a value for every outcome.

Who is there goes out sealed to the organisation, the answer comes back sealed to a key made for this one question and
forgotten with it. Only an answer counts that is signed by the pinned key, for our nonce and for us. Not for: when to
ask (`kiosk.journeys`), or what is printed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import ValidationError

from kiosk.core.attests import RegisterData, RegisterProblem
from kiosk.core.texts import Language
from sync.client.answers import TryLater
from sync.client.asking import Asker
from sync.client.identity import Identity
from sync.client.transport import Transport
from sync.protocol.attests import ANSWER, ANSWER_REQUEST, Answer
from sync.protocol.canonical import sha256
from sync.protocol.ids import clean_code
from sync.protocol.sealing import CannotOpen, OpeningKey, Place, SealingKey

PERSON_SCHEMA = "applicant:1"
LONGEST_WAIT = 20
"""Seconds the back office may be asked to wait."""


@dataclass(frozen=True, repr=False)
class Ready:
    """The register's answer.

    Attributes:
        paid: whether a fee was paid when it was asked.
    """

    data: RegisterData
    request_id: str
    product_id: str
    use_id: str
    language: Language
    paid: bool


@dataclass(frozen=True)
class NotReady:
    """Nothing yet.

    Attributes:
        offline: True when the back office was not reached at all; False when it has no answer yet.
    """

    offline: bool


@dataclass(frozen=True)
class RefusedBy:
    """There will be no document from here."""

    problem: RegisterProblem


@dataclass(frozen=True)
class NoSuchRequest:
    """No request has this id or code, or its document was given already."""


RegisterReply = Ready | NotReady | RefusedBy | NoSuchRequest


class RegisterClient:
    """Asks one back office.

    Args:
        url: root address of the back office.
        transport: makes a transport for one question; it is closed after it.
        now: timezone-aware clock of the column.
    """

    def __init__(
        self, identity: Identity, url: str, transport: Callable[[], Transport], now: Callable[[], datetime]
    ) -> None:
        self._identity = identity
        self._url = url
        self._transport = transport
        self._now = now

    def ask(
        self,
        *,
        request_id: str | None,
        code: str | None,
        national_number: str,
        key: SealingKey,
        wait_seconds: int,
    ) -> RegisterReply:
        """Ask once; twice when only our clock was off. Blocks for at most `wait_seconds` and the time of the network.

        Args:
            request_id: of our own request; or None, and then `code` as it was typed.
            national_number: of who is at the column now.
            key: the organisation's, to seal to.
            wait_seconds: how long the back office may wait for an answer, 0 to 20.
        """
        named = _named(request_id, code)
        if named is None:
            return NoSuchRequest()
        nonce, opening = secrets.token_urlsafe(16), OpeningKey.generate()
        members = {
            **named,
            "answerKey": str(opening.public),
            "person": key.seal({"nationalNumber": national_number}, PERSON_SCHEMA, Place.answer(nonce)),
            "waitSec": max(0, min(LONGEST_WAIT, wait_seconds)),
        }
        transport = self._transport()
        try:
            asker = Asker(self._identity, transport, self._url, self._now)
            told = asker.ask("answers", (ANSWER_REQUEST, ANSWER), members, nonce)
        finally:
            transport.close()
        if not isinstance(told, dict):
            # A back office that asks to wait is there; everything else is as good as no line.
            return NotReady(offline=not isinstance(told, TryLater))
        return _read(told, request_id, opening)


def _named(request_id: str | None, code: str | None) -> dict[str, str] | None:
    """How the request is named; None for a code that cannot be one."""
    if request_id is not None:
        return {"requestId": request_id}
    cleaned = clean_code(code or "")
    return {"codeHash": sha256(cleaned.encode())} if cleaned is not None else None


def _read(told: dict[str, object], request_id: str | None, opening: OpeningKey) -> RegisterReply:
    """What an answer says that is ours; one about another request is as good as none."""
    try:
        answer = Answer.model_validate(told)
    except ValidationError:
        return NotReady(offline=True)
    if request_id is not None and answer.request_id not in (None, request_id):
        return NotReady(offline=True)
    match answer.state:
        case "ready":
            return _ready(answer, told, opening) or NotReady(offline=False)
        case "refused":
            return RefusedBy(_problem(answer.problem))
        case "unknown":
            return NoSuchRequest()
        case _:
            return NotReady(offline=False)


def _ready(answer: Answer, told: dict[str, object], opening: OpeningKey) -> Ready | None:
    sealed = told.get("sealed")
    if not isinstance(sealed, dict) or answer.request_id is None:
        return None
    if answer.product_id is None or answer.use_id is None or answer.language is None:
        return None
    try:
        data = _data(opening.open(sealed, Place.answer(answer.request_id)))
    except (CannotOpen, ValueError):
        return None
    return Ready(data, answer.request_id, answer.product_id, answer.use_id, answer.language, answer.paid)


def _problem(name: str | None) -> RegisterProblem:
    """A problem of a newer back office is one for the counter."""
    return next((problem for problem in RegisterProblem if problem.value == name), RegisterProblem.REFERRED)


def _data(plain: Mapping[str, object]) -> RegisterData:
    """The data in an opened answer; ValueError when they do not have their shape."""
    groups = plain.get("groups")
    if not isinstance(groups, dict) or not all(isinstance(rows, list) for rows in groups.values()):
        raise ValueError("groups is an object of lists")
    rows = {str(name): tuple(_texts(row) for row in rows) for name, rows in groups.items()}
    return RegisterData(date.fromisoformat(str(plain.get("asOf"))), _texts(plain.get("facts")), rows)


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ValueError("facts are texts by name")
    return value
