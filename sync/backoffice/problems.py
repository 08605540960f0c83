"""What the API says when it refuses: RFC 9457 problems with Belgif's URNs, as values.

Not for: pages for people, which say it in words of their own.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field

from starlette.responses import Response

from sync.protocol.canonical import JSON
from sync.protocol.messages import problem_type

MEDIA_TYPE = "application/problem+json"

_STANDARD = {
    "badRequest": 400,
    "schemaViolation": 400,
    "resourceNotFound": 404,
    "methodNotAllowed": 405,
    "payloadTooLarge": 413,
    "unsupportedMediaType": 415,
    "tooManyRequests": 429,
    "internalServerError": 500,
    "serviceUnavailable": 503,
}
_OWN = {
    "invalidSignature": 401,
    "clockSkew": 401,
    "replayedRequest": 401,
    "kioskRevoked": 403,
    "codeRefused": 403,
    "practiceMismatch": 403,
    "sequenceGap": 409,
    "chainFork": 409,
}
_TITLES = {
    "badRequest": "The request cannot be read",
    "schemaViolation": "The message does not have the agreed shape",
    "resourceNotFound": "There is nothing at this address",
    "methodNotAllowed": "This method is not possible here",
    "payloadTooLarge": "The message is too large",
    "unsupportedMediaType": "The message must be application/json",
    "tooManyRequests": "Too many requests",
    "internalServerError": "Something went wrong here",
    "serviceUnavailable": "Not able to answer just now",
    "invalidSignature": "The signature is not that of an enrolled column over this message",
    "clockSkew": "The time of the request is too far from server time",
    "replayedRequest": "This request was seen before",
    "kioskRevoked": "This column is revoked",
    "codeRefused": "The enrolment code is wrong, used or expired",
    "practiceMismatch": "A column for practice and a real back office, or the reverse",
    "sequenceGap": "Events before these are missing",
    "chainFork": "These events contradict events accepted before",
}


@dataclass(frozen=True)
class Refusal:
    """Why a request is refused.

    Attributes:
        name: last part of the problem type, for example `sequenceGap`.
        detail: one sentence on what would be right; never personal data.
        extra: further members by their name on the wire.
    """

    name: str
    detail: str = ""
    extra: dict[str, JSON] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """HTTP status of this problem."""
        return _STANDARD.get(self.name) or _OWN[self.name]

    @property
    def type(self) -> str:
        """URN of the problem type."""
        return f"urn:problem-type:belgif:{self.name}" if self.name in _STANDARD else problem_type(self.name)

    def response(self) -> Response:
        """The refusal as an HTTP answer."""
        body = {
            "type": self.type,
            "title": _TITLES[self.name],
            "status": self.status,
            "detail": self.detail,
            "instance": f"urn:uuid:{uuid.uuid4()}",
            **self.extra,
        }
        headers = {}
        if self.status == 401:
            headers["WWW-Authenticate"] = "Signature"
        if "retryAfterSec" in self.extra:
            headers["Retry-After"] = str(self.extra["retryAfterSec"])
        return Response(json.dumps(body), self.status, headers, MEDIA_TYPE)


def refusal_of_status(status: int) -> Refusal:
    """The standard problem for a bare HTTP status."""
    name = next((name for name, code in _STANDARD.items() if code == status and name != "schemaViolation"), None)
    return Refusal(name or ("internalServerError" if status >= 500 else "badRequest"))
