"""The terminal's side of one open payment: its callbacks to the till, and the place where the line may break.

Not for: what is played (`plays`).
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from drivers.simulated.terminal.opi import lines, markup, words
from drivers.simulated.terminal.opi.knobs import Oddity

STRANGER = "127.0.0.2"
_CONNECT_SECONDS = 2.0


@dataclass
class Till:
    """Where the terminal calls back to.

    Attributes:
        answer_seconds: how long it waits for an answer.
        calls: results of all callbacks that were answered, with their ids.
    """

    port: int = 0
    host: str = "127.0.0.1"
    answer_seconds: float = 5.0
    calls: list[tuple[str, str]] = field(default_factory=list)


class Cut(lines.Broken):
    """The line breaks here, because it was told to."""


class LineStage:
    """Implements `plays.Stage` over sockets.

    Attributes:
        steps: messages that passed, on both channels.
    """

    def __init__(
        self,
        till: Till,
        odd: Collection[Oddity],
        names: tuple[str, str],
        cut_at: int | None,
        wait_for_abort: Callable[[], bool],
        drip: tuple[float, threading.Event],
    ) -> None:
        """Args:
        names: RequestID and WorkstationID of the request of channel 0.
        cut_at: number of the message before which the line breaks; None for never.
        """
        self.steps = 0
        self._till = till
        self._odd = odd
        self._request_id, self._workstation = names
        self._cut_at = cut_at
        self._wait_for_abort = wait_for_abort
        self._drip = drip
        self._number = 0
        self._kept: socket.socket | None = None

    def step(self) -> None:
        """See `plays.Stage`."""
        self.steps += 1
        if self.steps == self._cut_at:
            raise Cut

    def wait_for_abort(self) -> bool:
        """See `plays.Stage`."""
        return self._wait_for_abort()

    def call(self, content: str, kind: str = "Output") -> tuple[str, bool] | None:
        """See `plays.Stage`."""
        if Oddity.NO_CALLBACK in self._odd:
            return None
        self._number += 1
        request_id = f"{self._request_id}.{self._number}"
        asked = words.document(words.device_request(kind, request_id, self._workstation, content), self._odd)
        if Oddity.STRANGER in self._odd:
            self._from_elsewhere(asked)
        if Oddity.DUPLICATE_CALLBACK in self._odd:
            self._once(asked, request_id)
        return self._once(asked, request_id)

    def close(self) -> None:
        """Free the connection to the till."""
        if self._kept is not None:
            lines.reset(self._kept)
            self._kept = None

    def _once(self, asked: bytes, request_id: str) -> tuple[str, bool] | None:
        self.step()
        line = self._line()
        if line is None:
            return None
        try:
            answer = self._ask(line, asked)
        except OSError:
            self.close()
            return None
        self.step()
        if Oddity.ONE_LINE not in self._odd:
            self.close()
        if answer is None:
            return None
        result = answer.attributes.get("OverallResult", "")
        self._till.calls.append((request_id, result))
        return result, answer.first("InBoolean")[1] == "true"

    def _ask(self, line: socket.socket, asked: bytes) -> markup.Told | None:
        if Oddity.OVERSIZE_CALLBACK in self._odd:
            line.sendall(b"\x7f\xff\xff\xff" + asked)
        elif Oddity.BOMB_ON_CALLBACK in self._odd:
            lines.send(line, markup.BOMB)
        else:
            lines.send(line, asked, *self._drip)
        return markup.read(lines.receive(line))

    def _line(self) -> socket.socket | None:
        if self._kept is None:
            try:
                self._kept = socket.create_connection((self._till.host, self._till.port), _CONNECT_SECONDS)
            except OSError:
                return None
            self._kept.settimeout(self._till.answer_seconds)
        return self._kept

    def _from_elsewhere(self, asked: bytes) -> None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(
                (self._till.host, self._till.port), _CONNECT_SECONDS, source_address=(STRANGER, 0)
            ) as line,
        ):
            line.settimeout(self._till.answer_seconds)
            lines.send(line, asked.replace(b"Bied", b"Vals"))
            self._till.calls.append(("stranger", lines.receive(line).decode("utf-8", "replace")))
