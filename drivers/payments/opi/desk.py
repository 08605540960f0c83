"""What we answer on channel 1, and what is kept of what the terminal said there, by request.

Kept and journaled first, then answered. Not for: sockets (`exchange`), or what it proves (`evidence`).
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass, field

from drivers.payment_contract import Goods, Journal, Receipt, Voice
from drivers.payments.opi.device import DISPLAYS, JOURNALS, DeviceAnswer, DeviceRequest, DeviceResult, Output, Target
from drivers.payments.opi.evidence import Circumstances
from drivers.payments.opi.goods import GoodsBox
from drivers.payments.opi.mask import hide_card
from drivers.payments.opi.memory import CannotRemember, Memory
from drivers.payments.opi.progress import read_step
from drivers.payments.opi.receipts import read_receipt
from drivers.payments.opi.tickets import Ticket

_REMEMBERED = 16
_MOST_KEPT = 50
_LOG = logging.getLogger("zuil.payment")


@dataclass(frozen=True)
class Case:
    """The request of channel 0 that is open.

    Attributes:
        money: it may move money.
        confirms: a question of the terminal is answered with yes.
    """

    request_id: int
    money: bool = False
    confirms: bool = False
    journal: Journal | None = None
    tell: Voice | None = None


@dataclass
class Heard:
    """What the terminal said on channel 1 for one request."""

    receipts: list[Receipt] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    goods_asked: bool = False
    goods: Goods | None = None
    seen: set[tuple[DeviceRequest, int]] = field(default_factory=set)

    def circumstances(self, aborted: bool = False) -> Circumstances:
        """For `evidence`."""
        approval = self.goods_asked or any(ticket.approved for ticket in self.tickets)
        return Circumstances(approval, aborted, self.goods, tuple(self.receipts))


class Unanswerable(Exception):
    """A request that may not be answered; the connection is to be closed."""


class Desk:
    """Answers one terminal."""

    def __init__(self, workstation: str, memory: Memory, box: GoodsBox, waits_for_goods: bool) -> None:
        self._workstation = workstation
        self._memory = memory
        self._box = box
        self._waits = waits_for_goods
        self._case: Case | None = None
        self._heard: OrderedDict[str, Heard] = OrderedDict()

    def open(self, case: Case) -> Heard:
        """A request is about to leave; what is heard for it."""
        self._case = case
        return self.heard(str(case.request_id))

    def shut(self) -> None:
        """Its answer has come, or nobody waits for it any more."""
        self._case = None

    def heard(self, base: str) -> Heard:
        """What was heard for a request."""
        heard = self._heard.setdefault(base, Heard())
        while len(self._heard) > _REMEMBERED:
            self._heard.popitem(last=False)
        return heard

    def answer(self, request: DeviceRequest) -> DeviceAnswer | None:
        """Our answer, after everything is kept; None while it waits for word about the goods.

        Raises:
            Unanswerable: for what cannot be kept.
        """
        if request.workstation not in ("", self._workstation):
            return self._done(request, (DeviceResult.UNAVAILABLE,) * len(request.outputs))
        ours = self._case is not None and (
            request.base == str(self._case.request_id) or not (request.base.isascii() and request.base.isdigit())
        )
        base = str(self._case.request_id) if ours and self._case is not None else request.base
        self._remember(base, ours)
        heard = self.heard(base)
        results: list[DeviceResult] = []
        for index, output in enumerate(request.outputs):
            result = self._output(output, (request, index), heard, ours)
            if result is None:
                return None
            results.append(result)
        return self._done(request, tuple(results))

    def _done(self, request: DeviceRequest, results: tuple[DeviceResult, ...]) -> DeviceAnswer:
        confirms = self._case is not None and self._case.confirms and request.base == str(self._case.request_id)
        asked = request.input is not None
        yes = asked and confirms and request.input is not None and request.input.command == "GetConfirmation"
        return DeviceAnswer(request, results, yes if asked else None)

    def _remember(self, base: str, ours: bool) -> None:
        money = self._case.money if ours and self._case is not None else True
        if not money or not (base.isascii() and base.isdigit() and len(base) < 16):
            return
        try:
            self._memory.called_back(int(base))
        except CannotRemember as problem:
            raise Unanswerable(str(problem)) from None

    def _output(
        self, output: Output, place: tuple[DeviceRequest, int], heard: Heard, ours: bool
    ) -> DeviceResult | None:
        if output.target in DISPLAYS:
            self._tell(output)
            return DeviceResult.SUCCESS
        if output.target is Target.PRINTER or output.target in JOURNALS:
            if place not in heard.seen and len(heard.seen) < _MOST_KEPT:
                self._keep(output, place[0], heard, ours)
                heard.seen.add(place)
            return DeviceResult.SUCCESS
        if output.target is Target.DELIVERY_BOX:
            return self._deliver(heard, ours)
        return DeviceResult.UNAVAILABLE

    def _tell(self, output: Output) -> None:
        lines = tuple(line.strip() for line in output.lines if line.strip())
        if self._case is None or self._case.tell is None or not lines:
            return
        try:
            self._case.tell(read_step(lines), hide_card(" ".join(lines))[:200])
        except Exception:  # noqa: BLE001  # the terminal waits for our answer, whatever becomes of the screen
            _LOG.exception("payment terminal: nobody could be told of its text")

    def _keep(self, output: Output, request: DeviceRequest, heard: Heard, ours: bool) -> None:
        receipt = read_receipt(output)
        if self._case is not None and self._case.journal is not None and ours:
            text = "\n".join(receipt.lines) if receipt else ""
            told = f"{output.ticket}\n{text}" if output.ticket is not None else text
            self._case.journal.enquiry(f"callback {request.request_id} {output.name} {output.kind}".rstrip(), told)
        if receipt is not None and output.target is Target.PRINTER:
            heard.receipts.append(receipt)
        if output.ticket is not None:
            heard.tickets.append(output.ticket)

    def _deliver(self, heard: Heard, ours: bool) -> DeviceResult | None:
        case = self._case
        if case is None or case.journal is None or not ours:
            raise Unanswerable("it asks for goods of a payment that is not open")
        heard.goods_asked = True
        answer = self._box.ask() if self._waits and case.money else Goods.OUT
        if answer is Goods.WAIT:
            return None
        if heard.goods is not answer:
            case.journal.goods(answer)
            heard.goods = answer
        return DeviceResult.SUCCESS if answer is Goods.OUT else DeviceResult.FAILURE
