"""A payment terminal that speaks OPI-NL on the loopback address: channel 0 is its port, channel 1 the till's.

Any till may talk to it. What it does with the next payment is told by name. Not for: what a payment looks like
(`plays`), or the till.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from datetime import datetime

from drivers.simulated.line_server import LineServer
from drivers.simulated.terminal.ledger import Ledger
from drivers.simulated.terminal.opi import answers, lines, markup, words
from drivers.simulated.terminal.opi.knobs import Oddity, Original
from drivers.simulated.terminal.opi.markup import Told
from drivers.simulated.terminal.opi.plays import Play, ticket
from drivers.simulated.terminal.opi.stage import Cut, LineStage, Till
from drivers.simulated.terminal.opi.words import Last
from drivers.simulated.terminal.scripts import Script

WORKSTATION = "KIOSK42"
_NOISE = bytes(range(40, 240)) * 4
_LOST = (Script.ANSWER_LOST, Script.RESTARTS)


class SimulatedOpiTerminal:
    """A terminal on 127.0.0.1.

    Attributes:
        script: what it does with the next payment or reversal.
        oddities: what it does wrong besides.
        original: what RepeatLastMessage says.
        ledger: what it booked.
        till: where it calls back to.
        cut_at: for the script `cut`: number of the message, on both channels, before which the line breaks; from 1.
        passed: messages that passed in the last payment.
        unavailable_for: how many requests are still answered DeviceUnavailable.
        money_commands: money commands that arrived whole, as their ids.
        aborts: AbortRequests that arrived.
        last: the last transaction.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        till_port: int = 0,
        script: Script = Script.APPROVE,
        ledger: Ledger | None = None,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        """Open the port; `start` begins to answer.

        Args:
            port: 0 takes a free one, see `port`.
            till_port: of channel 1 on 127.0.0.1; 0 chooses one that is free now, see `till`.

        Raises:
            OSError: when the port is taken.
        """
        self.script = script
        self.oddities: set[Oddity] = set()
        self.original = Original.OURS
        self.ledger = ledger or Ledger()
        self.till = Till(till_port or _free_port())
        self.cut_at: int | None = None
        self.passed = 0
        self.unavailable_for = 0
        self.drip_seconds = 0.0005
        self.money_commands: list[str] = []
        self.requests: list[str] = []
        self.aborts = 0
        self.last: Last | None = None
        self.stan = 592
        self._now = now
        self._changed = threading.Condition()
        self._aborted = self._paying = False
        self._server = LineServer(port, "simulated OPI terminal", self._serve)
        self._stopping = self._server.stopping

    @property
    def port(self) -> int:
        """TCP port of channel 0 on 127.0.0.1."""
        return self._server.port

    @property
    def uri(self) -> str:
        """Address for the driver."""
        return f"opi+tcp://127.0.0.1:{self.port}?listen={self.till.port}&workstation={WORKSTATION}"

    def start(self) -> SimulatedOpiTerminal:
        """Begin to answer."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Break every connection, free the port, end the threads."""
        self._server.stop(self._wake)

    def __enter__(self) -> SimulatedOpiTerminal:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _serve(self, line: socket.socket) -> None:
        if self.script is Script.SILENT:
            lines.until_gone(line)
        else:
            self._answer(line, markup.read(lines.receive(line)))

    def _answer(self, line: socket.socket, told: Told | None) -> None:
        if told is None:
            lines.send(line, words.document(answers.unreadable(), self.oddities))
            return
        kind = told.attributes.get("RequestType", "")
        self.requests.append(kind)
        if kind in answers.MONEY:
            self.money_commands.append(told.attributes.get("RequestID", ""))
        refused = self._refusal(kind)
        if refused:
            lines.send(line, words.document(answers.simple(told, refused, self._stan()), self.oddities))
        elif kind in answers.MONEY:
            self._money(line, told)
        else:
            lines.send(line, words.document(self._asked(kind, told), self.oddities))

    def _refusal(self, kind: str) -> str:
        """The result that ends it at once; empty when it is taken up."""
        if kind == "AbortRequest":
            return ""
        if self.script is Script.BUSY or self._paying:
            return "Busy"
        if self.unavailable_for > 0:
            self.unavailable_for -= 1
            return "DeviceUnavailable"
        if kind in answers.MONEY:
            if Oddity.PRINT_LAST_TICKET in self.oddities:
                return "PrintLastTicket"
            if Oddity.DEVICE_UNAVAILABLE in self.oddities:
                return "DeviceUnavailable"
        return ""

    def _asked(self, kind: str, told: Told) -> str:
        match kind:
            case "AbortRequest":
                return answers.simple(told, self._abort(), self._stan())
            case "RepeatLastMessage":
                return answers.repeated(told, self.last, self.original, self.oddities)
            case "TicketReprint":
                return self._ticket(told)
            case "CloseDay" | "TransmitTrx" | "Reconciliation" | "ReconciliationWithClosure":
                return answers.day_closed(told, self.ledger, self._stan())
            case _:
                return answers.simple(told, "Success", self._stan())

    def _abort(self) -> str:
        with self._changed:
            self.aborts += 1
            if not self._paying:
                return "Failure"
            self._aborted = True
            self._changed.notify_all()
            return "Success"

    def _ticket(self, told: Told) -> str:
        self.oddities.discard(Oddity.PRINT_LAST_TICKET)
        if self.last is None:
            return answers.simple(told, "Failure", self._stan())
        stage = self._stage(told)
        for output in ticket(self.last):
            stage.call(output)
        stage.close()
        return answers.simple(told, "Success", self._stan())

    def _money(self, line: socket.socket, told: Told) -> None:
        stage = self._stage(told)
        with self._changed:
            self._paying, self._aborted = True, False
        play = self._play(stage, told)
        try:
            stage.step()
            if told.attributes.get("RequestType") == "PaymentReversal":
                answers.reverse(play, self.last, self.ledger)
            else:
                play.run()
            self._paid(line, told, play, stage)
        except Cut:
            if stage.steps > 1:
                play.carry_on()
            raise
        finally:
            self.passed = stage.steps
            stage.close()
            with self._changed:
                self._paying = False

    def _paid(self, line: socket.socket, told: Told, play: Play, stage: LineStage) -> None:
        if self._stopping.is_set():
            return
        if self.script is Script.RESTARTS:
            self.unavailable_for = 2
        if self.script in _LOST:
            raise lines.Broken
        if self.script is Script.LATE_ANSWER:
            lines.until_gone(line)
        stage.step()
        if self.script is Script.GARBAGE:
            line.sendall(_NOISE)
        elif Oddity.OVERSIZE in self.oddities:
            line.sendall(b"\x00\x20\x00\x00" + _NOISE)
        elif Oddity.ENTITY_BOMB in self.oddities:
            lines.send(line, markup.BOMB)
        else:
            said = answers.paid(told, play.last, self.oddities)
            drip = self.drip_seconds if self.script is Script.DRIP else 0.0
            lines.send(line, words.document(said, self.oddities), drip, self._stopping)
        stage.step()
        if Oddity.LATE_CALLBACK in self.oddities:
            play.paper()

    def _play(self, stage: LineStage, told: Told) -> Play:
        self.stan += 1
        given, text = told.first("TotalAmount")
        last = Last(
            told.attributes.get("RequestType", ""),
            told.attributes.get("RequestID", ""),
            told.attributes.get("WorkstationID", ""),
            "Failure",
            round(float(text or "0") * 100),
            given.get("Currency", "EUR"),
            self._stan(),
            self._now().isoformat(timespec="seconds"),
            language=told.first("POSdata")[0].get("LanguageCode", ""),
        )
        return Play(stage, self.script, frozenset(self.oddities), self.ledger, last, self._remember)

    def _stage(self, told: Told) -> LineStage:
        names = (told.attributes.get("RequestID", ""), told.attributes.get("WorkstationID", ""))
        cut_at = self.cut_at if self.script is Script.CUT else None
        drip = (self.drip_seconds if self.script is Script.DRIP else 0.0, self._stopping)
        return LineStage(self.till, frozenset(self.oddities), names, cut_at, self._until_abort, drip)

    def _until_abort(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._aborted or self._stopping.is_set())
            return self._aborted

    def _remember(self, last: Last) -> None:
        self.last = last

    def _stan(self) -> str:
        return f"{self.stan:06d}"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
