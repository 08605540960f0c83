"""Attests and fees on disk: no gaps, nothing personal, every edge with its event, every stop settled."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.core.attest_saga import ATTEST_EDGES, AttestState
from kiosk.core.attests import AttestNumber, DeliveryWay, Medium, RegisterRequest
from kiosk.core.payment_saga import PaymentState
from kiosk.core.print_saga import ForbiddenEdge
from kiosk.core.tickets import PrintState
from kiosk.store.attests import Filled
from kiosk.store.errors import PaymentOpen, UnknownAttest, UnknownPayment
from kiosk.store.journal_file import JournalFile
from kiosk.store.store import KioskStore
from sync.protocol.sealing import CannotOpen, Place
from tests.store.attesting import KEY, attest_order, fill_with
from tests.store.columns import open_at, power_cut

NAME = "Marie-Anneleen Voorbeeld"


def events(store: KioskStore) -> list[dict[str, object]]:
    """Every event so far."""
    batch = store.next_batch(1000, 10_000_000)
    return [json.loads(body) for body in batch.bodies] if batch else []


def kinds(store: KioskStore) -> list[str]:
    """`attests.issued` and so on."""
    return [str(event["type"]).removeprefix("eu.zuil.kiosk.v1.").replace(".notify", "") for event in events(store)]


def state(path: Path, table: str = "attest") -> list[str]:
    with sqlite3.connect(path) as file:
        found = [row[0] for row in file.execute(f"SELECT state FROM {table} ORDER BY rowid")]  # noqa: S608 - a table of ours
    file.close()
    return found


async def issued(store: KioskStore, medium: Medium = Medium.SHEET, fee: str | None = None) -> AttestNumber:
    return await store.issue_attest(attest_order(medium, fee), fill_with(NAME), demo=False)


async def paid(store: KioskStore) -> str:
    fee = await store.intend_payment("household", 200, "practice")
    await store.move_payment(fee, PaymentState.SETTLED)
    return fee


async def test_numbers_have_no_gaps_and_say_column_and_year(store: KioskStore) -> None:
    numbers = [(await issued(store)).number for _ in range(3)]
    assert numbers == [f"berchem-K3-2026-0000{count}" for count in (1, 2, 3)]


async def test_practice_numbers_look_like_practice(store: KioskStore) -> None:
    practice = await store.issue_attest(attest_order(), fill_with(NAME), demo=True)
    assert practice.number.startswith("DEMO-")


async def test_what_cannot_be_filled_uses_no_number_and_leaves_no_trace(store: KioskStore) -> None:
    def fill(numbered: AttestNumber) -> Filled:
        raise RuntimeError("no key")

    with pytest.raises(RuntimeError, match="no key"):
        await store.issue_attest(attest_order(), fill, demo=False)
    assert kinds(store) == []
    assert (await issued(store)).number.endswith("00001")


async def test_the_content_is_sealed_to_the_event_and_stands_nowhere_in_the_file(store: KioskStore, path: Path) -> None:
    await issued(store)
    event = events(store)[0]
    sealed = event["data"]["sealed"]  # type: ignore[index]
    assert KEY.open(sealed, Place.event(event)) == {"name": NAME}
    with pytest.raises(CannotOpen):
        KEY.open(sealed, Place.event({**event, "id": "another"}))
    store.close()
    written = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.is_file())
    assert NAME.encode() not in written


async def test_erasing_the_sealed_text_leaves_the_chain_whole(store: KioskStore, path: Path) -> None:
    await issued(store)
    await issued(store)
    store.close()
    with sqlite3.connect(path) as file:
        for rowid, body in file.execute("SELECT rowid, body FROM outbox").fetchall():
            event = json.loads(body)
            if "sealed" in event["data"]:
                del event["data"]["sealed"]["ct"]
            file.execute("UPDATE outbox SET body = ? WHERE rowid = ?", (json.dumps(event), rowid))
    file.close()
    with JournalFile(path) as journal:
        assert [verdict.broken for verdict in journal.verify()] == [None]


async def test_control_erasing_anything_else_breaks_the_chain(store: KioskStore, path: Path) -> None:
    await issued(store)
    store.close()
    with sqlite3.connect(path) as file:
        rowid, body = file.execute("SELECT rowid, body FROM outbox").fetchone()
        event = json.loads(body)
        del event["data"]["sealed"]["ctsha256"]
        file.execute("UPDATE outbox SET body = ? WHERE rowid = ?", (json.dumps(event), rowid))
    file.close()
    with JournalFile(path) as journal:
        assert [verdict.broken for verdict in journal.verify()] != [None]


async def test_a_confirmed_paper_delivers_and_an_unknown_one_is_told(store: KioskStore, path: Path) -> None:
    first, second = await issued(store), await issued(store, Medium.RECEIPT)
    for job, outcome in ((first.job_id, PrintState.CONFIRMED), (second.job_id, PrintState.UNKNOWN)):
        await store.move_print(job, PrintState.SENT)
        await store.move_print(job, outcome, "silent")
    assert state(path) == ["delivered", "doubtful"]
    assert kinds(store)[-2:] == ["attests.printed", "attests.printUnknown"]
    assert events(store)[-1]["data"] == {
        "attestId": second.id,
        "jobId": second.job_id,
        "medium": "receipt",
        "reason": "silent",
    }


async def test_a_paper_that_failed_may_be_followed_by_another_and_only_then(store: KioskStore, path: Path) -> None:
    first = await issued(store)
    with pytest.raises(UnknownAttest):
        await store.another_paper(first.id, Medium.RECEIPT)
    await store.move_print(first.job_id, PrintState.FAILED, "paper_out")
    job = await store.another_paper(first.id, Medium.RECEIPT)
    await store.move_print(job, PrintState.SENT)
    await store.move_print(job, PrintState.UNKNOWN, "silent")
    with pytest.raises(UnknownAttest):
        await store.another_paper(first.id, Medium.RECEIPT)
    assert state(path) == ["doubtful"]


async def test_a_file_that_was_taken_delivers(store: KioskStore, path: Path) -> None:
    first = await issued(store)
    await store.move_print(first.job_id, PrintState.FAILED, "paper_out")
    await store.attest_taken(first.id)
    assert (state(path), kinds(store)[-1]) == (["delivered"], "attests.taken")
    await store.attest_taken(first.id)
    assert state(path) == ["delivered"]


async def test_an_attest_needs_a_settled_fee_and_spends_it(store: KioskStore, path: Path) -> None:
    fee = await store.intend_payment("household", 200, "practice")
    with pytest.raises(ForbiddenEdge):
        await issued(store, fee=fee)
    await store.move_payment(fee, PaymentState.SETTLED)
    await issued(store, fee=fee)
    with pytest.raises(ForbiddenEdge):
        await issued(store, fee=fee)
    assert (state(path), state(path, "payment")) == (["issued"], ["spent"])


async def test_voiding_sends_a_paid_fee_to_staff(store: KioskStore, path: Path) -> None:
    attest = await issued(store, fee=await paid(store))
    await store.void_attest(attest.id, "noPaper")
    assert kinds(store)[-2:] == ["attests.voided", "payments.undelivered"]
    assert (state(path), state(path, "payment")) == (["voided"], ["undelivered"])


AtStop = Callable[[KioskStore], object]


@pytest.mark.parametrize(
    ("sent", "expected", "told"),
    [
        (False, "voided", ["attests.printFailed", "attests.voided", "payments.undelivered"]),
        (True, "doubtful", ["attests.printUnknown"]),
    ],
)
async def test_a_stop_leaves_no_attest_undecided(path: Path, sent: bool, expected: str, told: list[str]) -> None:
    store = open_at(path)
    attest = await issued(store, fee=await paid(store))
    if sent:
        await store.move_print(attest.job_id, PrintState.SENT)
    known = len(kinds(store))
    after = power_cut(path, path.parent / "image")
    store.close()
    store = open_at(after)
    assert (state(after), kinds(store)[known:]) == ([expected], told)
    store.close()


async def test_a_stop_leaves_no_fee_undecided(path: Path) -> None:
    store = open_at(path)
    await store.intend_payment("household", 200, "practice")
    sent = await store.intend_payment("household", 200, "terminal")
    store.note_payment_now(sent, "sending", {"command": "payment"}, PaymentState.SENDING)
    await paid(store)
    after = power_cut(path, path.parent / "image")
    store.close()
    store = open_at(after)
    assert sorted(state(after, "payment")) == ["failed", "undelivered", "unknown"]
    assert sorted(kinds(store)[-3:]) == ["payments.failed", "payments.undelivered", "payments.unknown"]
    store.close()


async def test_while_one_payment_is_undecided_the_terminal_begins_no_other(store: KioskStore) -> None:
    first = await store.intend_payment("household", 200, "terminal")
    store.note_payment_now(first, "sending", {"command": "payment"}, PaymentState.SENDING)
    with pytest.raises(PaymentOpen, match=first):
        await store.intend_payment("household", 200, "terminal")
    await store.intend_payment("household", 200, "practice")
    store.note_payment_now(first, "evidence", {"evidence": "Approved"}, PaymentState.SETTLED)
    await store.intend_payment("household", 200, "terminal")


async def test_notes_are_kept_in_order_and_what_contradicts_moves_nothing(store: KioskStore) -> None:
    payment = await store.intend_payment("household", 200, "terminal")
    store.note_payment_now(payment, "sending", {"command": "payment"}, PaymentState.SENDING)
    store.note_payment_now(payment, "evidence", {"evidence": "Approved"}, PaymentState.SETTLED)
    assert store.note_payment_now(payment, "evidence", {"evidence": "Declined"}, PaymentState.FAILED) is (
        PaymentState.SETTLED
    )
    known = await store.payment(payment)
    assert [data.get("evidence") for _, data in known.notes] == [None, "Approved", "Declined"]
    assert known.state is PaymentState.SETTLED
    with pytest.raises(UnknownPayment):
        await store.payment("none")


async def test_a_request_tells_who_asks_only_under_seal(store: KioskStore) -> None:
    asked = RegisterRequest("00000000-0000-4000-8000-000000000001", "household", "school", "nl", 0, "h" * 43)
    await store.request_attest(asked, lambda event: KEY.public.seal({"n": NAME}, "x:1", Place.event(event)))
    event = events(store)[0]
    data = event["data"]
    assert isinstance(data, dict)
    assert (event["subject"], data["codeHash"], data["delivery"]) == (asked.id, "h" * 43, "column")
    assert KEY.open(data["sealed"], Place.event(event)) == {"n": NAME}


async def test_an_address_of_a_notice_is_told_only_under_seal(store: KioskStore) -> None:
    def seal(event: dict[str, object]) -> dict[str, str]:
        return KEY.public.seal({"email": "an@example.org"}, "x:1", Place.event(event))

    await store.redirect_attest("00000000-0000-4000-8000-000000000001", DeliveryWay.EMAIL, seal)
    await store.redirect_attest("00000000-0000-4000-8000-000000000001", DeliveryWay.EBOX, None)
    first, second = (event["data"] for event in events(store))
    assert KEY.open(first["sealed"], Place.event(events(store)[0])) == {"email": "an@example.org"}  # type: ignore[index]
    assert second == {"requestId": "00000000-0000-4000-8000-000000000001", "delivery": "ebox"}


@pytest.mark.parametrize("before", AttestState)
async def test_voiding_is_possible_only_while_nobody_may_have_it(store: KioskStore, before: AttestState) -> None:
    attest = await issued(store)
    if before is AttestState.VOIDED:
        await store.void_attest(attest.id, "noPaper")
    elif before is not AttestState.ISSUED:
        await store.move_print(attest.job_id, PrintState.SENT)
        outcome = PrintState.CONFIRMED if before is AttestState.DELIVERED else PrintState.UNKNOWN
        await store.move_print(attest.job_id, outcome)
    if (before, AttestState.VOIDED) in ATTEST_EDGES:
        await store.void_attest(attest.id, "noPaper")
        assert kinds(store)[-1] == "attests.voided"
    else:
        with pytest.raises(ForbiddenEdge):
            await store.void_attest(attest.id, "noPaper")


async def test_unknown_ids_are_errors(store: KioskStore) -> None:
    with pytest.raises(UnknownAttest):
        await store.void_attest("none", "x")
    with pytest.raises(UnknownAttest):
        await store.attest_taken("none")
    with pytest.raises(UnknownPayment):
        await store.move_payment("none", PaymentState.SETTLED)
