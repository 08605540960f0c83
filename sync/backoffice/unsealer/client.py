"""The web process's way to the unsealer. Holds no key, waits on the event loop and not in a thread, keeps nothing.

Every failure is a value: without an unsealer answers stay `pending` and nothing is lost. Not for: what is done there.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from sync.backoffice.unsealer.contract import ANSWER, DUPLICATE, HANDOVER, LARGEST_RESULT, PDF, Document, Done, Trouble
from sync.protocol.canonical import canonical

SOCKET_VARIABLE = "ZUIL_UNSEALER"
"""Path of the unsealer's socket, where `serve` is not told one."""
SECONDS = 9.0
"""Longer than the unsealer waits for a register; with the 20 s of a column, less than a column waits for an answer."""

Result = Done | Document | Trouble


@dataclass(frozen=True)
class UnsealerClient:
    """Asks the unsealer.

    Attributes:
        path: its socket, or None where there is no unsealer.
    """

    path: Path | None

    async def answer(self, message: dict[str, object]) -> Done | Trouble:
        """Ask for the sealed answer to a request; `message` is the column's signed question as it arrived."""
        return _members(await self._post(ANSWER, {"message": message}))

    async def duplicate(self, attest_id: str, actor: str, reason: str) -> Document | Trouble:
        """Ask for a duplicate of an attest, as a PDF."""
        result = await self._post(DUPLICATE, {"attestId": attest_id, "actor": actor, "reason": reason})
        return result if isinstance(result, (Document, Trouble)) else Trouble.FAILED

    async def handover(self, request_id: str, actor: str) -> Done | Trouble:
        """Ask to serve a request that is delivered by e-mail or eBox now."""
        return _members(await self._post(HANDOVER, {"requestId": request_id, "actor": actor}))

    async def _post(self, job: str, members: dict[str, object]) -> Result:
        if self.path is None:
            return Trouble.NO_UNSEALER
        try:
            async with asyncio.timeout(SECONDS):
                return await _exchange(self.path, job, canonical(members))
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            # TimeoutError is one of OSError: an unsealer that does not answer is as good as none.
            return Trouble.NO_UNSEALER


def unsealer_of(app: FastAPI) -> UnsealerClient:
    """The unsealer of an application: `app.state.unsealer`, else the path in the environment, else none."""
    told: object = getattr(app.state, "unsealer", None) or os.environ.get(SOCKET_VARIABLE)
    return UnsealerClient(Path(str(told)) if told else None)


def _members(result: Result) -> Done | Trouble:
    return Trouble.FAILED if isinstance(result, Document) else result


async def _exchange(path: Path, job: str, body: bytes) -> Result:
    reader, writer = await asyncio.open_unix_connection(path, limit=LARGEST_RESULT)
    try:
        head = f"POST {job} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode("ascii") + body)
        await writer.drain()
        return await _read(reader)
    finally:
        writer.close()


async def _read(reader: asyncio.StreamReader) -> Result:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
    status = int(head[0].split(" ")[1])
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= LARGEST_RESULT:
        return Trouble.FAILED
    body = await reader.readexactly(length)
    if status == 200 and headers.get("content-type") == PDF:
        return Document(body)
    members = json.loads(body)
    if not isinstance(members, dict):
        return Trouble.FAILED
    return Done(members) if status == 200 else _trouble(members.get("problem"))


def _trouble(name: object) -> Trouble:
    return next((trouble for trouble in Trouble if trouble.value == name), Trouble.FAILED)
