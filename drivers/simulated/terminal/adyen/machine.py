"""What a simulated terminal does with messages: its memory, its ledger, the script of the next payment.

It knows messages in clear, and nothing of TLS or encryption. One payment at a time; an answer is kept, so that it can
be repeated. Not for: breaking lines (`terminal`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from drivers.payments.adyen.amounts import to_cents
from drivers.payments.adyen.json_text import Json
from drivers.payments.adyen.refusals import Malformed
from drivers.simulated.terminal.adyen import texts
from drivers.simulated.terminal.adyen.oddities import Oddity
from drivers.simulated.terminal.ledger import CannotReverse, Ledger
from drivers.simulated.terminal.scripts import Script

Tree = dict[str, Json]
Key = tuple[str, str, str]
Show = Callable[[str], None]

_STEPS = ("TENDER_CREATED", "CARD_INSERTED", "WAIT_FOR_PIN", "PIN_ENTERED", "CARD_REMOVED", "TENDER_FINAL")
_WITH_PIN_TWICE = (*_STEPS[:4], "WAIT_FOR_PIN", "PIN_ENTERED", *_STEPS[4:])
_REFUSALS: dict[Script, tuple[str, dict[str, str]]] = {
    Script.DECLINE: ("Refusal", {"refusalReason": "210 Not enough balance", "message": "CANCELLED"}),
    Script.CANCEL_BY_CITIZEN: ("Cancel", {"message": "Cancelled by shopper"}),
    Script.WAITS_FOR_CANCEL: ("Aborted", {"message": "Merchant abort"}),
    Script.CARD_TIME_OUT: ("Aborted", {"message": "No card presented in time"}),
    Script.BUSY: ("Busy", {"message": "Terminal is busy"}),
}


@dataclass
class Memory:
    """One message of a till and what came of it; `answer` is None while it is not decided."""

    answer: Tree | None = None
    aborted: bool = False
    asked: int = 0


@dataclass
class Machine:
    """A terminal behind its network; from any thread.

    Attributes:
        ledger: what it booked.
        show: told each step on its screen.
        late_seconds: how long `LATE_ANSWER` takes.
    """

    ledger: Ledger
    show: Show
    late_seconds: float = 360.0
    script: Script = Script.APPROVE
    oddity: Oddity | None = None
    memories: dict[Key, Memory] = field(default_factory=dict)
    transactions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._stopping = False
        self._open: Key | None = None

    def answer(self, header: dict[str, str], body: Tree) -> Tree | None:
        """The body of the answer to a message; None where there is none."""
        key = (header["MessageCategory"], header["SaleID"], header["ServiceID"])
        match header["MessageCategory"]:
            case "Payment":
                return {"PaymentResponse": self._payment(key, body)}
            case "Reversal":
                return {"ReversalResponse": self._once(key, lambda: self._reverse(body))}
            case "TransactionStatus":
                return {"TransactionStatusResponse": self._status(header["POIID"], body)}
            case "Diagnosis":
                return {"DiagnosisResponse": self._diagnosis()}
            case "Abort":
                self._abort(body)
        return None

    def forget(self) -> None:
        """Restart: what was not decided never happened."""
        with self._changed:
            self.memories = {key: memory for key, memory in self.memories.items() if memory.answer is not None}
            self._open = None
            self._changed.notify_all()

    def stop(self) -> None:
        """Everything that waits ends."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def wait_until_running(self, seconds: float = 5.0) -> bool:
        """Wait until a payment is open."""
        with self._changed:
            return self._changed.wait_for(lambda: self._open is not None, seconds)

    def _payment(self, key: Key, body: Tree) -> Tree:
        with self._changed:
            if self.script is Script.BUSY or self._open is not None:
                return self._unpaid(body, *_REFUSALS[Script.BUSY])
            if key in self.memories:
                return self._unpaid(body, "NotAllowed", {"message": "ServiceID was used before"})
            memory = self.memories[key] = Memory()
            self._open = key
            self._changed.notify_all()
        answer = self._played(self.script, memory, body)
        with self._changed:
            if self.memories.get(key) is memory:
                memory.answer = {"PaymentResponse": answer}
                self._open = None
            return answer

    def _played(self, script: Script, memory: Memory, body: Tree) -> Tree:
        if script in (Script.WAITS_FOR_CANCEL, Script.IGNORES_CANCEL):
            self._wait(lambda: memory.aborted)
        if script is Script.RESTARTS:
            self.forget()
            return self._unpaid(body, "UnavailableDevice", {})
        for event in _WITH_PIN_TWICE if script is Script.WRONG_PIN else _STEPS:
            if script in (Script.WRONG_PIN, Script.TALKATIVE):
                self.show(event)
        if script in _REFUSALS or self._stopping:
            condition, additional = _REFUSALS.get(script, ("Aborted", {}))
            return self._unpaid(body, condition, additional)
        answer = {**self._booked(script, body), "SaleData": _at(body, "SaleData")}
        if script is Script.LATE_ANSWER:
            self._wait(lambda: False, self.late_seconds)
        return answer

    def _booked(self, script: Script, body: Tree) -> Tree:
        amounts = _at(body, "PaymentTransaction", "AmountsReq")
        amount, currency = _number(amounts.get("RequestedAmount")), str(amounts.get("Currency"))
        if script is Script.WRONG_AMOUNT:
            amount += 1
        cents = to_cents(amount)
        if isinstance(cents, Malformed):
            return self._unpaid(body, "MessageFormat", {"message": "no amount"})
        reference = str(_at(body, "SaleData", "SaleTransactionID").get("TransactionID", ""))
        language = str(_at(body, "PaymentTransaction", "TransactionConditions").get("CustomerLanguage", ""))
        booking = self.ledger.book(cents, reference)
        name = texts.poi_transaction(booking.number)
        self.transactions[str(name["TransactionID"])] = booking.number
        return {
            "Response": self._response("Success", "", {"message": "", "unconfirmedBatchCount": "1", "tid": "12345678"}),
            "POIData": {"POITransactionID": name},
            "PaymentResult": texts.payment_result(amount, currency, language),
            "PaymentReceipt": texts.receipts(
                amount, currency, paid=True, long=script is Script.RECEIPTS, language=language
            ),
        }

    def _reverse(self, body: Tree) -> Tree:
        original = _at(body, "OriginalPOITransaction", "POITransactionID")
        number = self.transactions.get(str(original.get("TransactionID")), 0)
        if original.get("TimeStamp") != texts.TIME:
            return self._refused("NotFound", {"message": "no such transaction"})
        try:
            self.ledger.reverse(number)
        except CannotReverse as problem:
            return self._refused("NotAllowed", {"message": str(problem)})
        name: Tree = {"TransactionID": f"{original['TransactionID']}R", "TimeStamp": texts.TIME}
        return {"Response": self._response("Success"), "POIData": {"POITransactionID": name}}

    def _once(self, key: Key, act: Callable[[], Tree]) -> Tree:
        with self._changed:
            if key in self.memories:
                return self._refused("NotAllowed", {"message": "ServiceID was used before"})
            answer = act()
            self.memories[key] = Memory({"ReversalResponse": answer})
            return answer

    def _status(self, poi_id: str, body: Tree) -> Tree:
        reference = _at(body, "MessageReference")
        key = (str(reference.get("MessageCategory")), str(reference.get("SaleID")), str(reference.get("ServiceID")))
        with self._changed:
            memory = self.memories.get(key)
            if memory is None:
                return self._refused("NotFound", {"message": "no such message"})
            memory.asked += 1
            if memory.answer is None or (self.oddity is Oddity.IN_PROGRESS and memory.asked == 1):
                return self._refused("InProgress", {"message": "not decided"})
            found: Tree = {"Response": self._response("Success"), "MessageReference": reference}
            if self.oddity is not Oddity.OUTER_ONLY:
                category, sale, service = key
                header: Tree = {
                    "ProtocolVersion": "3.0",
                    "MessageClass": "Service",
                    "MessageCategory": category,
                    "MessageType": "Response",
                    "ServiceID": service,
                    "SaleID": sale,
                    "POIID": poi_id,
                }
                found["RepeatedMessageResponse"] = {
                    "MessageHeader": header,
                    "RepeatedResponseMessageBody": memory.answer,
                }
            return found

    def _diagnosis(self) -> Tree:
        state = "Busy" if self.script is Script.BUSY or self._open is not None else "OK"
        flags: Tree = dict.fromkeys(("CardReaderOKFlag", "PEDOKFlag", "SecurityOKFlag", "CommunicationOKFlag"), True)
        return {
            "Response": self._response("Success"),
            "POIStatus": {"GlobalStatus": state, **flags},
            "HostStatus": [{"AcquirerID": 1, "IsReachableFlag": True}],
        }

    def _abort(self, body: Tree) -> None:
        reference = _at(body, "MessageReference")
        key = (str(reference.get("MessageCategory")), str(reference.get("SaleID")), str(reference.get("ServiceID")))
        with self._changed:
            memory = self.memories.get(key)
            if memory is not None and memory.answer is None:
                memory.aborted = True
                self._changed.notify_all()

    def _wait(self, done: Callable[[], bool], seconds: float | None = None) -> None:
        with self._changed:
            self._changed.wait_for(lambda: done() or self._stopping, seconds)

    def _unpaid(self, body: Tree, condition: str, additional: dict[str, str]) -> Tree:
        """The answer to a payment that was not booked; it names both sides' transactions like any other."""
        name: Tree = {"POITransactionID": texts.poi_transaction(0)}
        return {**self._refused(condition, additional), "SaleData": _at(body, "SaleData"), "POIData": name}

    def _refused(self, condition: str, additional: dict[str, str]) -> Tree:
        return {"Response": self._response("Failure", condition, additional)}

    def _response(self, result: str, condition: str = "", additional: dict[str, str] | None = None) -> Tree:
        return texts.response(result, condition, additional, in64=self.oddity is Oddity.BASE64_ADDITIONAL)


def _at(tree: Tree, *path: str) -> Tree:
    """An object below; empty where there is none."""
    found: Json = tree
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _number(value: Json) -> Decimal:
    """A number of money; below zero, so none, where there is another thing."""
    return Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else Decimal(-1)
