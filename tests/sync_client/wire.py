"""An adversarial network between the real client and the reference server: one named fault per request. Not a test."""

from __future__ import annotations

import json
from collections.abc import Callable

from sync.client.transport import Answer, Failure, NoAnswer
from sync.protocol.messages import problem_type
from sync.protocol.signing import ACK, SigningKey
from tests.sync_client.reference_server import ReferenceServer, problem

Fault = Callable[["Wire", str, bytes], Answer | NoAnswer]
PORTAL = b"<!doctype html><title>Welcome to the town hall Wi-Fi</title>"
_STRANGER = SigningKey(b"\x66" * 32)


class Wire:
    """A transport that does what `fault` says, then works again.

    Attributes:
        fault: name in `FAULTS` for the next request.
        log: every request that reached the server and its answer.
    """

    def __init__(self, server: ReferenceServer) -> None:
        self.server = server
        self.fault = "ok"
        self.log: list[tuple[str, bytes, Answer]] = []
        self.posts = 0

    def post(self, url: str, body: bytes) -> Answer | NoAnswer:
        """See `sync.client.transport.Transport`."""
        self.posts += 1
        fault, self.fault = FAULTS[self.fault], "ok"
        return fault(self, url, body)

    def close(self) -> None:
        """Nothing to close."""

    def deliver(self, url: str, body: bytes) -> Answer:
        """Let the request reach the server."""
        answer = self.server.handle(url, body)
        self.log.append((url, body, answer))
        return answer


def _ok(wire: Wire, url: str, body: bytes) -> Answer:
    return wire.deliver(url, body)


def _request_lost(wire: Wire, url: str, body: bytes) -> NoAnswer:
    return NoAnswer(Failure.UNREACHABLE)


def _answer_lost(wire: Wire, url: str, body: bytes) -> NoAnswer:
    wire.deliver(url, body)
    return NoAnswer(Failure.TIME_OUT)


def _delivered_twice(wire: Wire, url: str, body: bytes) -> Answer:
    wire.deliver(url, body)
    return wire.deliver(url, body)


def _old_requests_again(wire: Wire, url: str, body: bytes) -> Answer:
    for old_url, old_body, _ in wire.log[-3:]:
        wire.deliver(old_url, old_body)
    return wire.deliver(url, body)


def _old_answer(wire: Wire, url: str, body: bytes) -> Answer:
    """An authentic answer to another request, of any column."""
    return wire.log[0][2] if wire.log else Answer(200, b"{}")


def _last_answer(wire: Wire, url: str, body: bytes) -> Answer:
    return wire.log[-1][2] if wire.log else Answer(200, b"{}")


def _cut_off(wire: Wire, url: str, body: bytes) -> Answer:
    answer = wire.deliver(url, body)
    return Answer(answer.status, answer.body[: len(answer.body) // 2])


def _lying_ack(wire: Wire, url: str, body: bytes) -> Answer:
    """Everything right but the signature."""
    members = json.loads(body)
    ack = {
        "source": members["source"],
        "epoch": members["epoch"],
        "ackedSequence": members.get("lastSequence", 1),
        "ackedHash": members.get("headHash", ""),
        "receivedCount": 1,
        "serverTime": "2026-11-23T09:00:00Z",
    }
    return Answer(200, json.dumps(_STRANGER.sign_object(ACK, ack)).encode())


def _skip_ahead(wire: Wire, url: str, body: bytes) -> Answer:
    """A gap nobody asked about: pretends that all but the last event are known."""
    members = json.loads(body)
    events = members.get("events") or [{"prevhash": ""}]
    more = {"expectedSequence": members.get("lastSequence", 1), "ackedHash": events[-1]["prevhash"]}
    return problem(409, problem_type("sequenceGap"), **more)


def _fixed(answer: Answer) -> Fault:
    return lambda _wire, _url, _body: answer


FAULTS: dict[str, Fault] = {
    "ok": _ok,
    "request lost": _request_lost,
    "answer lost": _answer_lost,
    "delivered twice": _delivered_twice,
    "old requests again": _old_requests_again,
    "old answer": _old_answer,
    "last answer": _last_answer,
    "cut off": _cut_off,
    "lying ack": _lying_ack,
    "skip ahead": _skip_ahead,
    "portal": _fixed(Answer(200, PORTAL)),
    "portal json": _fixed(Answer(200, b'{"status":"ok"}')),
    "empty": _fixed(Answer(200, b"")),
    "no content": _fixed(Answer(204, b"")),
    "redirect": _fixed(Answer(302, PORTAL)),
    "bad request": _fixed(problem(400, "urn:problem-type:belgif:schemaViolation")),
    "forbidden by a proxy": _fixed(Answer(403, PORTAL)),
    "not found": _fixed(Answer(404, PORTAL)),
    "too large": _fixed(problem(413, "urn:problem-type:belgif:payloadTooLarge", maxBytes=1000)),
    "too many": _fixed(Answer(429, b"", "7")),
    "broken": _fixed(Answer(500, b"Traceback")),
    "away": _fixed(Answer(503, b"", "3")),
    "gateway": _fixed(Answer(504, PORTAL)),
}
