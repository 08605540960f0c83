"""Every message of our driver and of our simulated terminal keeps the rules of the Terminal API.

The rules are read out of Adyen's own library when the tests run, so none of them is ours.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drivers.payment_contract import Step
from drivers.payments.adyen.envelope import Opened, open_sealed, seal
from drivers.payments.adyen.header import Category, request
from drivers.payments.adyen.values import (
    Abort,
    AskStatus,
    Diagnosis,
    Payment,
    Question,
    Reference,
    Reversal,
    ReversalReason,
    Transaction,
)
from drivers.payments.adyen.writing import category_of, write_question
from drivers.simulated.terminal.adyen import sealing
from drivers.simulated.terminal.adyen.display import display_message
from drivers.simulated.terminal.adyen.machine import Tree
from drivers.simulated.terminal.adyen.oddities import Oddity
from drivers.simulated.terminal.adyen.terminal import KEY, POI_ID, SALE_ID, SimulatedAdyenTerminal
from drivers.simulated.terminal.scripts import Script
from tests.drivers.adyen_bench import IMPATIENT, ORDER, SOON, Notes, opened
from tests.peers.adyen_rules import OLDER, Rules, again, rules_of

pytestmark = pytest.mark.xdist_group("adyen-peer")
MOMENT = "2026-11-22T09:15:00.000Z"
KINDS = {"SaleToPOIRequest": "TerminalAPIRequest", "SaleToPOIResponse": "TerminalAPIResponse"}
WAITING = (Script.WAITS_FOR_CANCEL, Script.IGNORES_CANCEL)
NOT_PLAYED = (Script.SILENT, Script.GARBAGE)
"""Scripts of which no message of the protocol comes."""


@pytest.fixture(scope="module")
def rules(adyen_library: Path) -> Rules:
    return rules_of(adyen_library)


def questions() -> Iterator[Question]:
    """Every question the driver can ask, with and without what may be left out."""
    name = Transaction("7F3K-00417", MOMENT)
    for language in ("", "nl", "fr", "de", "en"):
        yield Payment(name, 1250, language=language)
    yield Payment(name, 1)
    for category in (Category.PAYMENT, Category.REVERSAL):
        for poi_id in (POI_ID, ""):
            reference = Reference(category, "K000000417", SALE_ID, poi_id)
            yield from (Abort(reference), AskStatus(reference))
    yield from (Reversal(name, reason) for reason in ReversalReason)
    yield Diagnosis()


def of_our_driver() -> list[Tree]:
    """Their messages."""
    numbered = enumerate(questions(), 1)
    return [write_question(request(category_of(q), f"K{n:09}", SALE_ID, POI_ID), q) for n, q in numbered]


@dataclass
class Overheard:
    """Questions and answers that passed a simulated terminal, in clear."""

    terminal: SimulatedAdyenTerminal
    messages: list[Tree] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._right: Callable[[dict[str, str], Tree], Tree | None] = self.terminal.machine.answer
        self.terminal.machine.answer = self._answer  # type: ignore[method-assign]

    def _answer(self, header: dict[str, str], body: Tree) -> Tree | None:
        named: Tree = {**header}
        asked: Tree = {"MessageHeader": named, f"{header['MessageCategory']}Request": body}
        self.messages.append({"SaleToPOIRequest": asked})
        said = self._right(header, body)
        if said is not None:
            back: Tree = {"MessageHeader": {**named, "MessageType": "Response"}, **said}
            self.messages.append({"SaleToPOIResponse": back})
        return said


def overheard(folder: Path, script: Script, oddity: Oddity | None = None) -> list[Tree]:
    """A payment by that script, the question what became of it, its undoing, and how the terminal is."""
    with SimulatedAdyenTerminal() as terminal:
        terminal.machine.late_seconds = 0.3
        terminal.drip_seconds = 0.0
        heard = Overheard(terminal)
        driver = opened(terminal, folder, IMPATIENT if script is Script.BUSY else SOON)
        terminal.script, terminal.oddity = script, oddity
        notes = Notes()
        stopping = threading.Event()

        def told(step: Step, text: str = "") -> None:
            if step is Step.WAITING_FOR_CARD and script in WAITING and not stopping.is_set():
                stopping.set()
                driver.ask_to_cancel()

        driver.status()
        driver.pay(ORDER, notes, told)
        driver.enquire(notes.remembered(), notes)
        for _ in range(2):
            driver.reverse(notes.remembered(), Notes())
        driver.close()
    return heard.messages


def broken(rules: Rules, messages: list[Tree]) -> list[str]:
    """Every rule that one of them breaks."""
    return [fault for each in messages for root in each for fault in rules.faults(each, KINDS[root], "message")]


def test_the_declarations_and_the_serializer_know_the_same_members(rules: Rules) -> None:
    assert len(rules.classes) > 100
    assert {name: sorted(each) for name, each in rules.classes.items()} == {
        name: sorted(each) for name, each in rules.members.items()
    }


def test_every_message_of_our_driver_keeps_the_rules(rules: Rules) -> None:
    assert broken(rules, of_our_driver()) == []


def test_every_message_of_our_driver_keeps_the_older_rules_too(adyen_library: Path) -> None:
    older, kind = rules_of(adyen_library, OLDER), "TerminalApiRequest"
    assert "WrongPIN" in older.enums["ErrorConditionType"]
    assert [fault for each in of_our_driver() for fault in older.faults(each, kind, "message")] == []


@pytest.mark.parametrize("script", [each for each in Script if each not in NOT_PLAYED])
def test_every_message_that_passes_in_a_script_keeps_the_rules(rules: Rules, tmp_path: Path, script: Script) -> None:
    messages = overheard(tmp_path, script)
    answers = [each for each in messages if "SaleToPOIResponse" in each]
    assert len(answers) >= 3
    assert broken(rules, messages) == []


@pytest.mark.parametrize("oddity", [Oddity.IN_PROGRESS, Oddity.OUTER_ONLY, Oddity.BASE64_ADDITIONAL])
def test_odd_answers_keep_them_too(rules: Rules, tmp_path: Path, oddity: Oddity) -> None:
    assert broken(rules, overheard(tmp_path, Script.APPROVE, oddity)) == []


def test_news_of_the_screen_and_rejections_keep_them(rules: Rules) -> None:
    shown = open_sealed(display_message("WAIT_FOR_PIN", KEY, SALE_ID, POI_ID), [KEY])
    assert isinstance(shown, Opened)
    rejected = json.loads(sealing.rejection(b"nonsense"))
    assert broken(rules, [{shown.root: shown.message}, rejected]) == []


def test_the_trailer_of_an_envelope_keeps_them(rules: Rules) -> None:
    outer = json.loads(seal(of_our_driver()[0], KEY))["SaleToPOIRequest"]
    assert list(rules.faults(outer["SecurityTrailer"], "SecurityTrailer", "trailer")) == []
    assert list(rules.faults(outer["MessageHeader"], "MessageHeader", "header")) == []


def test_the_library_reads_and_writes_every_message_without_loss(adyen_library: Path, tmp_path: Path) -> None:
    messages = [*of_our_driver(), *overheard(tmp_path, Script.RECEIPTS)]
    told = again(adyen_library, [(KINDS[next(iter(each))], each) for each in messages])
    assert told == [json.loads(json.dumps(each, default=float)) for each in messages]


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("MessageHeader", "POIID"), None, "MessageHeader.POIID is missing"),
        (("MessageHeader", "MessageClass"), "Servise", "MessageClass is 'Servise', not one of"),
        (("MessageHeader", "ServiceID"), 417, "ServiceID is 417, no string"),
        (("MessageHeader", "ServiceId"), "K1", "ServiceId is no member of MessageHeader"),
        (("PaymentRequest", "SaleData"), None, "PaymentRequest.SaleData is missing"),
        (("PaymentRequest", "SaleData", "SaleTransactionID", "TimeStamp"), "today", "TimeStamp is 'today', no Date"),
        (("PaymentRequest", "PaymentTransaction", "AmountsReq", "RequestedAmount"), "12.50", "is '12.50', no number"),
        (("PaymentRequest", "PaymentTransaction", "AmountsReq", "RequestedAmount"), True, "is True, no number"),
        (("PaymentRequest", "PaymentTransaction", "AmountsReq"), [], "AmountsReq is no AmountsReq"),
        (("PaymentRequest", "LoyaltyData"), {}, "LoyaltyData is no list"),
    ],
)
def test_a_message_that_breaks_a_rule_is_found(rules: Rules, path: tuple[str, ...], value: object, fault: str) -> None:
    """The control."""
    message = copy.deepcopy(of_our_driver()[0])
    *above, last = path
    place = message["SaleToPOIRequest"]
    for name in above:
        assert isinstance(place, dict)
        place = place[name]
    assert isinstance(place, dict)
    if value is None:
        del place[last]
    else:
        place[last] = value  # type: ignore[assignment]
    found = broken(rules, [message])
    assert len(found) == 1
    assert fault in found[0]
