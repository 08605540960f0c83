"""What each command of the back office does at this column: a table of kinds and handlers.

Not for: carrying out at most once (`kiosk.commanding`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.commanding import MESSAGE, Ended, Handler
from kiosk.core.closure import Closure
from kiosk.core.commands import Command, Outcome, moment
from kiosk.core.texts import LANGUAGES
from kiosk.journeys.ports import Caretaker
from kiosk.retired import Retirement, announce, read_retirement
from sync.client.answers import Trouble
from sync.client.reports import Sent
from sync.client.rotation import made_by, prepare

Send = Callable[[str, str, str, bytes], Awaitable[Sent | Trouble]]
"""Sends a report to the back office: id of the command, name, media type, content."""


@dataclass(frozen=True)
class Remote:
    """What the handlers work with.

    Attributes:
        caretaker: None where nobody can close, open or restart the column.
        send: sends what a command asked for.
        renewed: the signing key in the identity folder is another one by now.
        examine: findings of an examination, as JSON can hold them; blocks.
        logs: folder of the log.
        identity: folder of keys and receipt.
        data: folder of everything the column remembers.
        languages: in which a line for everybody must be given.
        told: the line for everybody changed.
        retire: end serving and destroy what there is.
    """

    caretaker: Caretaker | None
    send: Send
    renewed: Callable[[], None]
    examine: Callable[[], list[dict[str, object]]]
    logs: Path
    identity: Path
    data: Path
    languages: tuple[str, ...]
    told: Callable[[object], None]
    retire: Callable[[], None]


def handlers(remote: Remote) -> Mapping[str, Handler]:
    """By kind of command."""
    return {
        **({} if remote.caretaker is None else _of_caretaker(remote.caretaker)),
        "message": Handler(lambda command: _message(remote, command)),
        "diagnostics": Handler(lambda command: _diagnostics(remote, command)),
        "logs": Handler(lambda command: _logs(remote, command)),
        "rotateKey": Handler(
            lambda command: _rotate(remote, command), lambda command: _rotated(remote, command), goes_on=True
        ),
        "wipe": Handler(lambda command: _wipe(remote, command), lambda command: _wiped(remote, command)),
    }


def _of_caretaker(caretaker: Caretaker) -> Mapping[str, Handler]:
    return {
        "restart": Handler(lambda command: _restart(caretaker, command)),
        "close": Handler(lambda command: _close(caretaker, command)),
        "open": Handler(lambda command: _open(caretaker, command)),
    }


async def _restart(caretaker: Caretaker, command: Command) -> None:
    """The start that follows is the proof."""
    caretaker.restart(command.id)


async def _close(caretaker: Caretaker, command: Command) -> Ended:
    text = str(command.arguments.get("text", ""))
    await caretaker.close(Closure(command.id, moment(command.arguments, "until"), text))
    return Ended(Outcome.DONE)


async def _open(caretaker: Caretaker, command: Command) -> Ended:
    await caretaker.open(command.id)
    return Ended(Outcome.DONE)


async def _message(remote: Remote, command: Command) -> Ended:
    words = {language: str(command.arguments.get(language, "")).strip() for language in LANGUAGES}
    given = {language: said for language, said in words.items() if said}
    missing = [language for language in remote.languages if language not in given]
    if given and missing:
        return Ended(Outcome.FAILED, f"no words in {', '.join(missing)}")
    value = {"words": given, "until": command.arguments.get("until")} if given else None
    return Ended(Outcome.DONE, remember=(MESSAGE, value), then=lambda: remote.told(value))


async def _diagnostics(remote: Remote, command: Command) -> Ended:
    findings = await asyncio.to_thread(remote.examine)
    wrong = sum(1 for finding in findings if finding["wrong"])
    content = json.dumps(findings, ensure_ascii=False).encode()
    return await _send(remote, command, "application/json", content, f"{wrong} wrong of {len(findings)}")


async def _logs(remote: Remote, command: Command) -> Ended:
    from kiosk.log_parcel import pack_logs

    content = await asyncio.to_thread(pack_logs, remote.logs)
    return await _send(remote, command, "application/gzip", content, f"{len(content)} bytes")


async def _send(remote: Remote, command: Command, media_type: str, content: bytes, detail: str) -> Ended:
    sent = await remote.send(command.id, command.kind, media_type, content)
    if isinstance(sent, Sent):
        return Ended(Outcome.DONE, detail)
    return Ended(Outcome.FAILED, f"not sent: {type(sent).__name__}")


async def _rotate(remote: Remote, command: Command) -> Ended | None:
    """The sync client sees the next key at its next look, and has it accepted."""
    await asyncio.to_thread(prepare, remote.identity, command.id)
    return await _rotated(remote, command)


async def _rotated(remote: Remote, command: Command) -> Ended | None:
    """The key file names the command that made it, so a cut anywhere in between proves itself."""
    match await asyncio.to_thread(made_by, remote.identity, command.id):
        case True:
            remote.renewed()
            return Ended(Outcome.DONE)
        case False:
            return Ended(Outcome.FAILED, "no key was made")
        case None:
            return None


async def _wipe(remote: Remote, command: Command) -> Ended:
    """The mark is durable before the end is, so that a column that says it is wiped gets wiped at the next start."""
    await asyncio.to_thread(announce, remote.data, Retirement("wiped", command.id, drain_until=None, drains=True))
    return Ended(Outcome.DONE, then=remote.retire)


async def _wiped(remote: Remote, command: Command) -> Ended:
    mark = await asyncio.to_thread(read_retirement, remote.data)
    if mark is not None and mark.by == command.id:
        return Ended(Outcome.DONE, then=remote.retire)
    return Ended(Outcome.UNKNOWN, "restart")
