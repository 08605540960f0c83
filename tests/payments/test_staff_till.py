"""What staff do with payments: a receipt once more, a decision, a closing; from the column and from the back office."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drivers.contract import Line, PaperDocument
from drivers.simulated.terminal.scripts import Script
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from kiosk.core.commands import Command, Outcome
from kiosk.core.payment_saga import PaymentState, Verdict
from kiosk.journeys.ports import Paid
from kiosk.payment_orders import payment_handlers
from kiosk.staff_till import StaffTill
from kiosk.store.errors import UnknownPayment
from kiosk.store.journal_file import JournalFile
from tests.journeys.world import KeyTexts, small_site
from tests.payments.till import BRISK, Till, till

pytestmark = [pytest.mark.expects_log("zuil.pay", "zuil.terminal"), pytest.mark.timeout(90)]
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class Staffed:
    """A till with what staff may do there, and the papers that came."""

    at: Till
    staff: StaffTill
    papers: list[PaperDocument] = field(default_factory=list)

    async def spent(self) -> str:
        result = await self.at.pay()
        assert isinstance(result, Paid)
        await self.at.store.move_payment(result.payment_id, PaymentState.SPENT)
        return result.payment_id

    async def told(self, kind: str, **arguments: str) -> tuple[Outcome, str]:
        """Let the back office's command be carried out."""
        command = Command("c1", kind, arguments, NOW, NOW, "clerk-7")
        ended = await payment_handlers(self.staff)[kind].carry_out(command)
        assert ended is not None
        return ended.outcome, ended.detail


@asynccontextmanager
async def staffed(path: Path, script: Script = Script.RECEIPTS) -> AsyncIterator[Staffed]:
    with SimulatedZvtTerminal(habits=BRISK, script=script) as machine:
        async with till(path, machine) as at:
            await at.ready()
            papers: list[PaperDocument] = []
            yield Staffed(at, StaffTill(at.store, at.desk, papers.append, small_site(), KeyTexts()), papers)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.db"


def events(path: Path, kind: str) -> list[Mapping[str, object]]:
    with JournalFile(path) as file:
        return [each.event["data"] for each in file.events() if str(each.event["type"]).endswith(kind)]  # type: ignore[misc]


async def test_a_receipt_comes_once_more_as_a_duplicate_in_the_language_of_the_visit(path: Path) -> None:
    async with staffed(path) as staffed_:
        payment_id = await staffed_.spent()
        [offered] = await staffed_.staff.paid()
        assert offered.id == payment_id
        assert await staffed_.staff.reprint(payment_id, "an")
    assert staffed_.papers
    for paper in staffed_.papers:
        lines = [item.text for item in paper.items if isinstance(item, Line)]
        assert "nl:pay.receipt.duplicate" in lines
        assert any("12,50" in line for line in lines)
    assert events(path, "receiptReprinted") == [{"paymentId": payment_id, "by": "an"}]


async def test_a_receipt_outlives_a_restart_and_no_card_number_is_in_it(path: Path) -> None:
    async with staffed(path) as before:
        payment_id = await before.spent()
    async with staffed(path) as after:
        assert await after.staff.reprint(payment_id, "an")
    assert "6703********1234" in str(after.papers)
    assert not re.search(r"\d{9}", str(after.papers))


async def test_where_the_terminal_gave_none_it_says_so(path: Path) -> None:
    async with staffed(path, Script.APPROVE) as staffed_:
        payment_id = await staffed_.at.store.intend_payment("household", 1, "terminal")
        assert not await staffed_.staff.reprint(payment_id, "an")
        with pytest.raises(UnknownPayment):
            await staffed_.staff.reprint("nothing", "an")
    assert events(path, "receiptReprinted") == []


async def test_what_is_to_be_paid_at_the_counter_is_open_until_somebody_decides(path: Path) -> None:
    async with staffed(path) as staffed_:
        store = staffed_.at.store
        payment_id = await store.intend_payment("household", 500, "counter")
        await store.move_payment(payment_id, PaymentState.AT_COUNTER)
        [due] = await staffed_.staff.open()
        assert due.verdicts == (Verdict.NOT_PAID, Verdict.PAID, Verdict.GIVEN)
        assert await staffed_.told("decidePayment", payment=payment_id, verdict="paid") == (
            Outcome.DONE,
            "paidAtCounter",
        )
    assert events(path, "decided") == [{"paymentId": payment_id, "verdict": "paid", "by": "clerk-7"}]
    assert len(events(path, "settled")) == 1


@pytest.mark.parametrize(
    ("kind", "arguments", "said"),
    [
        ("decidePayment", {"payment": "nothing", "verdict": "paid"}, "no such payment"),
        ("decidePayment", {"payment": "nothing", "verdict": "perhaps"}, "notPaid, paid, given, paidBack"),
        ("reprintReceipt", {"payment": "nothing"}, "no such payment"),
    ],
)
async def test_a_command_that_cannot_be_done_says_why(
    path: Path, kind: str, arguments: dict[str, str], said: str
) -> None:
    async with staffed(path) as staffed_:
        outcome, detail = await staffed_.told(kind, **arguments)
    assert outcome is Outcome.FAILED
    assert said in detail


async def test_a_decision_that_is_not_theirs_is_refused_with_what_is_possible(path: Path) -> None:
    async with staffed(path) as staffed_:
        payment_id = await staffed_.spent()
        outcome, detail = await staffed_.told("decidePayment", payment=payment_id, verdict="notPaid")
    assert outcome is Outcome.FAILED
    assert "possible: nothing" in detail


async def test_the_back_office_may_have_the_period_closed(path: Path) -> None:
    async with staffed(path) as staffed_:
        await staffed_.spent()
        assert await staffed_.told("endTerminalDay") == (Outcome.DONE, "agrees")
        assert staffed_.staff.closes
        alone = StaffTill(staffed_.at.store, None, staffed_.papers.append, small_site(), KeyTexts())  # type: ignore[arg-type]
        assert await alone.close_period() is None
        assert not alone.closes
    [closed] = events(path, "periodClosed")
    assert closed["amountCents"] == closed["terminalAmountCents"] == 1250
