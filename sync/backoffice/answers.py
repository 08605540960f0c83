"""Answers for columns: is the answer of the register to a request there? Waits on the event loop, never in a thread.

What the answer says is sealed to the column by the unsealer and passes through here unread. Without an unsealer, or
while the register does not answer, the answer is `pending` and nothing is lost. Not for: asking a register.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import anyio
from anyio import to_thread
from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from sync.backoffice.asked import check_asked
from sync.backoffice.attest_requests import REFUSED, HeldRequest, find_request
from sync.backoffice.bodies import read_body, read_object
from sync.backoffice.core import BackOffice, Signer
from sync.backoffice.problems import Refusal
from sync.backoffice.unsealer.client import UnsealerClient, unsealer_of
from sync.backoffice.unsealer.contract import Done, Trouble
from sync.protocol.attests import ANSWER, ANSWER_REQUEST, AnswerRequest

LOOK_SECONDS = 0.5
"""Between two looks for an event that has not come yet."""
ASK_SECONDS = 3.0
"""Between two questions to a register that did not answer."""
WRONG_CODES = 10
WRONG_MS = 10 * 60 * 1000
"""So many wrong codes a column may send in so long: people mistype, machines guess."""


@dataclass
class WrongCodes:
    """Remembers, for each column, when it sent a code nobody has. In memory: a restart forgives."""

    _times: dict[str, deque[int]] = field(default_factory=lambda: defaultdict(deque))

    def too_many(self, kiosk_id: str, now: int) -> int:
        """Seconds the column must wait, 0 when it need not."""
        times = self._times[kiosk_id]
        while times and times[0] <= now - WRONG_MS:
            times.popleft()
        return (times[0] + WRONG_MS - now) // 1000 + 1 if len(times) >= WRONG_CODES else 0

    def add(self, kiosk_id: str, now: int) -> None:
        """One more."""
        self._times[kiosk_id].append(now)


def answers_endpoint(office: BackOffice) -> Callable[[Request], Awaitable[Response]]:
    """What stands behind `POST /kiosk/v1/answers`."""
    desk = Answers(office)

    async def answers(request: Request) -> Response:
        """A column asks for the answer to a request for a register; waits for it as long as the column says."""
        return await desk.respond(request)

    return answers


class Answers:
    """Answers the columns of one back office."""

    def __init__(self, office: BackOffice) -> None:
        self._office = office
        self._wrong = WrongCodes()

    async def respond(self, request: Request) -> Response:
        """Read the question, answer it."""
        headers = request.headers
        try:
            stream = request.stream()
            body = await read_body(stream, headers.get("content-type", ""), headers.get("content-encoding", ""))
        except ClientDisconnect:
            return Refusal("badRequest", "the body was cut off").response()
        message = body if isinstance(body, Refusal) else read_object(body)
        if isinstance(message, Refusal):
            return message.response()
        answer = await self.answer(message, unsealer_of(request.app))
        return answer.response() if isinstance(answer, Refusal) else JSONResponse(answer)

    async def answer(self, message: dict[str, object], unsealer: UnsealerClient) -> dict[str, object] | Refusal:
        """The signed answer to a signed question, or why it is refused."""
        asked = await to_thread.run_sync(check_asked, self._office, message, AnswerRequest, ANSWER_REQUEST)
        if isinstance(asked, Refusal):
            return asked
        signer, question = asked
        if question.request_id is None and question.code_hash is None:
            return Refusal("schemaViolation", "an answer is asked for by requestId or by codeHash")
        wait = self._wrong.too_many(signer.kiosk_id, self._office.clock()) if question.request_id is None else 0
        if wait:
            return Refusal("tooManyRequests", "too many wrong codes from this column", {"retryAfterSec": wait})
        held, found = await self._settled(message, question, unsealer)
        self._count(signer, question, held)
        answer = {"source": question.source, "nonce": question.nonce, **_described(held), **found}
        return self._office.key.sign_object(ANSWER, answer)

    def _count(self, signer: Signer, question: AnswerRequest, held: HeldRequest | None) -> None:
        if held is None and question.request_id is None:
            self._wrong.add(signer.kiosk_id, self._office.clock())

    async def _settled(
        self, message: dict[str, object], question: AnswerRequest, unsealer: UnsealerClient
    ) -> tuple[HeldRequest | None, dict[str, object]]:
        """The request and what can be said of it, at the latest when the column has waited long enough."""
        deadline = anyio.current_time() + question.wait_sec
        while True:
            held = await to_thread.run_sync(self._find, question)
            found, pause = await _look(held, question, message, unsealer)
            left = deadline - anyio.current_time()
            if found["state"] != "pending" or left <= 0 or self._office.live.closed:
                return held, found
            await anyio.sleep(min(pause, left))

    def _find(self, question: AnswerRequest) -> HeldRequest | None:
        if question.request_id is not None:
            return find_request(self._office, request_id=question.request_id)
        return find_request(self._office, code_hash=question.code_hash)


async def _look(
    held: HeldRequest | None, question: AnswerRequest, message: dict[str, object], unsealer: UnsealerClient
) -> tuple[dict[str, object], float]:
    """What can be said now, and after how long it is worth looking again."""
    if held is None:
        # The event of a request by id may still be on its way; a code was on paper before and is known or wrong.
        state = "pending" if question.request_id is not None else "unknown"
        return {"state": state}, LOOK_SECONDS
    if held.state == REFUSED:
        return {"state": "refused", "problem": held.problem}, 0.0
    result = await unsealer.answer(message)
    if isinstance(result, Done):
        return result.members, ASK_SECONDS
    if result is Trouble.NOT_HELD:
        return {"state": "unknown"}, 0.0
    return {"state": "pending"}, ASK_SECONDS


def _described(held: HeldRequest | None) -> dict[str, object]:
    if held is None:
        return {"paid": False}
    return {
        "requestId": held.id,
        "productId": held.product_id,
        "useId": held.use_id,
        "language": held.language,
        "paid": held.paid,
    }
