"""Numbered requests to one terminal, and what is known of it: login, its id, the number of its last payment.

Not for: what an answer proves, or which request comes next (`driver`, `recovery`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from drivers.contract import CannotOpen, DeviceStatus, Health, Reason
from drivers.payment_contract import Journal
from drivers.payments.opi.aborts import Aborts
from drivers.payments.opi.address import OpiAddress
from drivers.payments.opi.desk import Case, Desk
from drivers.payments.opi.exchange import Answered, Exchange, Reply
from drivers.payments.opi.goods import GoodsBox
from drivers.payments.opi.listener import Listener
from drivers.payments.opi.memory import CannotRemember, Memory
from drivers.payments.opi.patience import Hooks, Limits
from drivers.payments.opi.profile import OpiProfile, PrinterStatus, Timing
from drivers.payments.opi.requests import (
    CardServiceRequest,
    CardType,
    PosData,
    Request,
    ServiceRequest,
    ServiceType,
    digest,
    encode_request,
)
from drivers.payments.opi.responses import Response
from drivers.payments.opi.results import SERVICE_DONE
from drivers.payments.opi.status import device_status, logged_out, trouble
from drivers.payments.opi.wire import Bell


@dataclass(frozen=True)
class Prepared:
    """A request with its number, as it will leave."""

    number: int
    sent_at: str
    document: bytes

    @property
    def digest(self) -> str:
        """For the journal."""
        return digest(self.document)


@dataclass(frozen=True)
class Command:
    """A money command: what it is called in the journal, and everything that is noted before it leaves.

    Attributes:
        cancelled: whether somebody wishes that it ends; None where it cannot be ended.
    """

    kind: str
    prepared: Prepared
    protocol: Mapping[str, str]
    before: Mapping[str, str]
    case: Case
    journal: Journal
    limits: Limits
    cancelled: Callable[[], bool] | None = None
    aborts: list[Aborts] = field(default_factory=list)

    @property
    def aborted(self) -> bool:
        """Whether the terminal may have been asked to stop."""
        return any(each.started for each in self.aborts)


class Session:
    """One terminal; called from one thread, save `box` and `bell`.

    Attributes:
        terminal: its id, as it last said; empty while unknown.
        stan: number of its last payment; empty while unknown.
    """

    def __init__(
        self,
        address: OpiAddress,
        profile: OpiProfile,
        timing: Timing,
        memory: Memory,
        printer: Callable[[], PrinterStatus],
        clock: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        """Keep the settings; see `OpiTerminal`."""
        self.workstation = address.workstation
        self.profile = profile
        self.timing = timing
        self.memory = memory
        self.box = GoodsBox(timing.goods, clock)
        self.bell = Bell()
        self.desk = Desk(address.workstation, memory, self.box, profile.goods_handshake)
        self.terminal = self.stan = ""
        self._printer = printer
        self._clock = clock
        self._now = now
        self._listener = Listener(address.host, address.listen)
        self._exchange = Exchange(address, self._listener, self.desk, self.box, self.bell, timing, clock)
        self._logged_in = False

    def listen(self) -> int | CannotOpen:
        """Open the port of channel 1, if it is not; its number."""
        return self._listener.open() or self._listener.port

    def listening(self) -> DeviceStatus | None:
        """Listen, and answer what waited; None when that is so, else how it is instead."""
        closed = self.listen()
        if isinstance(closed, CannotOpen):
            return trouble(closed)
        self._exchange.catch_up()
        return None

    def ready(self) -> DeviceStatus | None:
        """Listen, answer what waited, log in; None when that is so, else how the terminal is instead."""
        closed = self.listening()
        if closed is not None:
            return closed
        if self._logged_in or self.profile.login is None:
            return None
        try:
            reply = self.service(self.profile.login)
        except CannotRemember as problem:
            return DeviceStatus(Health.UNAVAILABLE, Reason.NOT_CONFIGURED, str(problem))
        if not isinstance(reply, Answered):
            return trouble(reply)
        if reply.response.result not in SERVICE_DONE:
            return device_status(reply.response)
        self._logged_in = True
        return None

    def service(self, kind: ServiceType) -> Reply:
        """Ask something about the terminal itself; raises `CannotRemember`."""
        prepared = self.prepare(kind)
        return self._plain(prepared, Case(prepared.number), Limits(self.timing.quick, self.timing.quick))

    def card(self, kind: CardType, journal: Journal | None = None) -> tuple[Reply, int]:
        """Ask about the last payment, and the number of that request; raises `CannotRemember`."""
        prepared = self.prepare(kind)
        limits = Limits(self.timing.quick, self.timing.quick, self.timing.linger)
        return self._plain(prepared, Case(prepared.number, journal=journal), limits), prepared.number

    def prepare(
        self,
        kind: ServiceType | CardType,
        language: str = "",
        amount: tuple[int, str] | None = None,
    ) -> Prepared:
        """A request with a number of its own; raises `CannotRemember`."""
        number, sent_at = self.memory.next(), self._now().isoformat(timespec="seconds")
        money = amount is not None
        pos = PosData(sent_at, language, self._printer().value if money else "", "Available" if money else "")
        request: Request
        if isinstance(kind, ServiceType):
            request = ServiceRequest(kind, self.workstation, number, pos)
        else:
            cents, currency = amount or (None, "EUR")
            request = CardServiceRequest(kind, self.workstation, number, pos, cents, currency)
        return Prepared(number, sent_at, encode_request(request))

    def command(self, command: Command) -> Reply:
        """Send a money command, once; everything is in the journal before its first byte leaves."""
        aborts = None
        if command.cancelled is not None:
            aborts = Aborts(lambda: self._abort(command), self._exchange.connect, self.timing, self._clock)
            command.aborts.append(aborts)
        hooks = Hooks(
            sending=lambda: command.journal.sending(
                command.kind, command.protocol, command.before, command.prepared.digest
            ),
            written=command.journal.acknowledged,
            aborts=aborts,
            cancelled=command.cancelled or (lambda: False),
        )
        return self._asked(command.prepared, command.case, command.limits, hooks)

    def pause(self, seconds: float) -> None:
        """Let time pass, and answer the terminal meanwhile."""
        self._exchange.pause(seconds)

    def close(self) -> None:
        """Free everything; may be called twice."""
        self._exchange.close()

    def _plain(self, prepared: Prepared, case: Case, limits: Limits) -> Reply:
        return self._asked(prepared, case, limits, Hooks())

    def _asked(self, prepared: Prepared, case: Case, limits: Limits, hooks: Hooks) -> Reply:
        self.desk.open(case)
        try:
            reply = self._exchange.ask(prepared.document, limits, hooks)
        finally:
            self.desk.shut()
        if isinstance(reply, Answered):
            self._learn(reply.response)
        else:
            # It may have restarted, and then it wants a new login.
            self._logged_in = False
        return reply

    def _learn(self, reply: Response) -> None:
        self.terminal = reply.terminal or self.terminal
        if reply.type in {each.value for each in CardType}:
            self.stan = reply.stan or self.stan
        if logged_out(reply):
            self._logged_in = False

    def _abort(self, command: Command) -> bytes | None:
        try:
            prepared = self.prepare(CardType.ABORT_REQUEST)
        except CannotRemember:
            return None
        command.journal.sending("abort", {"abortRequestId": str(prepared.number)}, {}, prepared.digest)
        return prepared.document
