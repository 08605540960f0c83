"""The addresses columns use, the public trust list, health; described in `openapi.json`.

Bodies are read by hand, because a signature covers them as they were sent. Not for: pages for people (`pages`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import text
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from sync.backoffice.answers import answers_endpoint
from sync.backoffice.bodies import read_body, read_object
from sync.backoffice.certificates import grant_certificate
from sync.backoffice.core import BackOffice
from sync.backoffice.downloads import keep_download
from sync.backoffice.enrolment import enrol
from sync.backoffice.ingest import accept_batch
from sync.backoffice.keys import change_key
from sync.backoffice.problems import MEDIA_TYPE, Refusal
from sync.backoffice.releases import answer_snapshot
from sync.backoffice.reports import keep_report
from sync.backoffice.trust import NoAuthority, trust_file
from sync.backoffice.updates import answer_updates
from sync.protocol.attests import Answer as RegisterAnswer
from sync.protocol.attests import (
    AnswerRequest,
    CertificateGrant,
    CertificateRequest,
    DownloadOffer,
    DownloadRequest,
    TrustList,
)
from sync.protocol.batch import Batch
from sync.protocol.canonical import canonical
from sync.protocol.messages import Ack, EnrolmentRequest, Problem, Receipt, Updates, UpdatesRequest
from sync.protocol.orders import KeyAccepted, KeyRequest, ReportKept, ReportRequest, SnapshotAnswer, SnapshotRequest

Answer = dict[str, object] | Refusal
Endpoint = Callable[[Request], Awaitable[Response]]

_SQLITE_INTAKE = 2
_POSTGRESQL_INTAKE = 6
"""Batches worked on at once: one in the writer's transaction and one being verified; with a server more, because
most of the time is spent waiting for it. More threads only take the interpreter from each other."""

_TRUST_SECONDS = 300
"""How long anybody may keep the trust list without asking again."""

_REFERENCE = "#/components/schemas/{}"


class Health(BaseModel):
    """Belgif health: `UP`, `DEGRADED` or `DOWN`."""

    status: str


MODELS: tuple[type[BaseModel], ...] = (
    Batch,
    EnrolmentRequest,
    UpdatesRequest,
    CertificateRequest,
    AnswerRequest,
    DownloadRequest,
    ReportRequest,
    KeyRequest,
    SnapshotRequest,
    Ack,
    Receipt,
    Updates,
    CertificateGrant,
    RegisterAnswer,
    DownloadOffer,
    ReportKept,
    KeyAccepted,
    SnapshotAnswer,
    TrustList,
    Problem,
    Health,
)
"""Every message the OpenAPI document describes."""


def api_router(office: BackOffice) -> APIRouter:
    """The routes of the kiosk API."""
    router = APIRouter()
    _add(router, "enrolments", EnrolmentRequest, Receipt, _enrolments(office))
    _add(router, "batches", Batch, Ack, _batches(office))
    _add(router, "updates", UpdatesRequest, Updates, _updates(office))
    _add(router, "certificates", CertificateRequest, CertificateGrant, _certificates(office), 404, 429)
    _add(router, "answers", AnswerRequest, RegisterAnswer, answers_endpoint(office), 429)
    _add(router, "downloads", DownloadRequest, DownloadOffer, _downloads(office), 429)
    _add(router, "reports", ReportRequest, ReportKept, _reports(office))
    _add(router, "keys", KeyRequest, KeyAccepted, _keys(office))
    _add(router, "snapshots", SnapshotRequest, SnapshotAnswer, _snapshots(office))
    router.add_api_route(
        "/trust.json",
        _trust(office),
        response_model=None,
        tags=["trust"],
        operation_id="trust",
        responses={304: {"description": "The list is the one you have"}, **_answers(TrustList, 404, 503)},
    )
    router.add_api_route(
        "/health",
        _health(office),
        response_model=None,
        tags=["health"],
        operation_id="health",
        responses=_answers(Health, 503),
    )
    return router


def _enrolments(office: BackOffice) -> Endpoint:
    async def enrolments(request: Request) -> Response:
        """A column joins with a one-time code and its own new key, and gets its signed birth certificate."""
        return await _answer(request, lambda body: _with_object(body, lambda message: enrol(office, message)))

    return enrolments


def _batches(office: BackOffice) -> Endpoint:
    limiter = CapacityLimiter(_SQLITE_INTAKE if office.database.is_sqlite else _POSTGRESQL_INTAKE)

    async def batches(request: Request) -> Response:
        """A column sends a gap-free run of signed events; the answer names the last accepted sequence and hash."""
        return await _answer(request, lambda body: accept_batch(office, body), limiter)

    return batches


def _updates(office: BackOffice) -> Endpoint:
    async def updates(request: Request) -> Response:
        """A column says how it is and gets numbers to give out and the state of the queues. Doubles as heartbeat."""
        return await _answer(request, lambda body: _with_object(body, lambda message: answer_updates(office, message)))

    return updates


def _certificates(office: BackOffice) -> Endpoint:
    async def certificates(request: Request) -> Response:
        """A column gets a certificate for its new key that seals attests; the same key gets the same certificate."""
        return await _answer(
            request, lambda body: _with_object(body, lambda message: grant_certificate(office, message))
        )

    return certificates


def _downloads(office: BackOffice) -> Endpoint:
    async def downloads(request: Request) -> Response:
        """A column leaves an encrypted file for one download within half an hour."""
        return await _answer(request, lambda body: _with_object(body, lambda message: keep_download(office, message)))

    return downloads


def _reports(office: BackOffice) -> Endpoint:
    async def reports(request: Request) -> Response:
        """A column sends what a command asked for: findings of an examination, or a part of its log."""
        return await _answer(request, lambda body: _with_object(body, lambda message: keep_report(office, message)))

    return reports


def _keys(office: BackOffice) -> Endpoint:
    async def keys(request: Request) -> Response:
        """A column changes its signing key; the one before vouches for it and counts for nothing from then on."""
        return await _answer(request, lambda body: _with_object(body, lambda message: change_key(office, message)))

    return keys


def _snapshots(office: BackOffice) -> Endpoint:
    async def snapshots(request: Request) -> Response:
        """A column gets the newest settings and offer, whole and signed, when it has an older version."""
        return await _answer(request, lambda body: _with_object(body, lambda message: answer_snapshot(office, message)))

    return snapshots


def _trust(office: BackOffice) -> Callable[[Request], Response]:
    def trust(request: Request) -> Response:
        """Which keys and attests count, signed; public, and changed only when its version or the day is another."""
        try:
            made = trust_file(office)
        except NoAuthority as error:
            return Refusal("resourceNotFound", str(error)).response()
        headers = {"ETag": made.etag, "Cache-Control": f"public, max-age={_TRUST_SECONDS}"}
        if made.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(made.body, headers=headers, media_type="application/json")

    return trust


def _health(office: BackOffice) -> Callable[[], Response]:
    def health() -> Response:
        """Whether the back office can work."""
        with office.database.read() as connection:
            connection.execute(text("SELECT 1"))
        return JSONResponse({"status": "UP"})

    return health


async def _answer(
    request: Request, work: Callable[[bytes], Answer], limiter: CapacityLimiter | None = None
) -> Response:
    headers = request.headers
    try:
        body = await read_body(request.stream(), headers.get("content-type", ""), headers.get("content-encoding", ""))
    except ClientDisconnect:
        # A column that lost power or network in the middle of its request sends it again; nobody hears this answer.
        return Refusal("badRequest", "the request ended before its body did").response()
    if isinstance(body, Refusal):
        return body.response()
    answer = await to_thread.run_sync(work, body, limiter=limiter)
    if isinstance(answer, Refusal):
        return answer.response()
    return Response(canonical(answer), media_type="application/json")


def _with_object(body: bytes, work: Callable[[dict[str, object]], Answer]) -> Answer:
    message = read_object(body)
    return message if isinstance(message, Refusal) else work(message)


def _add(
    router: APIRouter,
    name: str,
    request: type[BaseModel],
    answer: type[BaseModel],
    endpoint: Endpoint,
    *refusals: int,
) -> None:
    content = {"application/json": {"schema": {"$ref": _REFERENCE.format(request.__name__)}}}
    router.add_api_route(
        f"/kiosk/v1/{name}",
        endpoint,
        methods=["POST"],
        response_model=None,
        tags=["kiosk"],
        operation_id=name,
        responses=_answers(answer, 400, 401, 403, 409, 413, 415, *refusals, 503),
        openapi_extra={"requestBody": {"required": True, "content": content}},
    )


def _answers(model: type[BaseModel], *refusals: int) -> dict[int | str, dict[str, Any]]:
    headers = {name: {"schema": {"type": "string"}} for name in ("BelGov-Trace-Id", "API-Version")}
    good = {"application/json": {"schema": {"$ref": _REFERENCE.format(model.__name__)}}}
    problem = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format("Problem")}}}
    refused = {"description": "Refused", "headers": headers, "content": problem}
    return {
        200: {"description": "Done", "headers": headers, "content": good},
        **dict.fromkeys(refusals, refused),
        "default": refused,
    }
