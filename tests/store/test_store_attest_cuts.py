"""Power cut after every single statement of giving an attest: what the next start finds is whole, and nothing is open.

The image of the disk is taken at each statement, opened again, and judged. The control takes away what settles.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from kiosk.core.attests import Medium
from kiosk.core.payment_saga import PaymentState
from kiosk.core.tickets import PrintState
from kiosk.store import attests
from kiosk.store.journal_file import JournalFile
from kiosk.store.store import KioskStore
from tests.store.attesting import attest_order, fill_with
from tests.store.columns import open_at, power_cut


@contextmanager
def images(path: Path, folder: Path) -> Iterator[list[Path]]:
    """Takes an image of the disk after every statement inside."""
    taken: list[Path] = []

    def cut(*_: object) -> None:
        taken.append(power_cut(path, folder / f"{len(taken):03d}"))

    event.listen(Engine, "after_cursor_execute", cut)
    event.listen(Engine, "commit", cut)
    try:
        yield taken
    finally:
        event.remove(Engine, "after_cursor_execute", cut)
        event.remove(Engine, "commit", cut)
    cut()


async def given(store: KioskStore) -> None:
    """Two attests: one paid, printed on sheets after a failure on receipts; one free, of which nobody knows."""
    fee = await store.intend_payment("household", 200, "practice")
    await store.move_payment(fee, PaymentState.SETTLED)
    first = await store.issue_attest(attest_order(Medium.RECEIPT, fee), fill_with("Voorbeeld"), demo=False)
    await store.move_print(first.job_id, PrintState.SENT)
    await store.move_print(first.job_id, PrintState.FAILED, "paper_out")
    job = await store.another_paper(first.id, Medium.SHEET)
    await store.move_print(job, PrintState.SENT)
    await store.move_print(job, PrintState.CONFIRMED)
    second = await store.issue_attest(attest_order(), fill_with("Voorbeeld"), demo=False)
    await store.move_print(second.job_id, PrintState.SENT)
    await store.move_print(second.job_id, PrintState.UNKNOWN, "silent")


@dataclass
class Judged:
    """What a start after a cut left.

    Attributes:
        debts: everything that may not be.
    """

    numbers: list[str] = field(default_factory=list)
    debts: list[str] = field(default_factory=list)


def judge(image: Path) -> Judged:
    """Start once on an image, stop, and look."""
    open_at(image).close()
    judged = Judged()
    with JournalFile(image) as journal:
        if any(verdict.broken is not None for verdict in journal.verify()):
            judged.debts.append("the chain is broken")
        told = [stored.event for stored in journal.events()]
    with sqlite3.connect(image) as file:
        rows = file.execute("SELECT attest_id, number, state, payment_id FROM attest ORDER BY number").fetchall()
        fees = dict(file.execute("SELECT payment_id, state FROM payment").fetchall())
        jobs = file.execute("SELECT state FROM job").fetchall()
    file.close()
    judged.numbers = [number for _, number, _, _ in rows]
    if judged.numbers != [f"berchem-K3-2026-{count:05d}" for count in range(1, len(rows) + 1)]:
        judged.debts.append(f"gaps: {judged.numbers}")
    issued = [e["subject"] for e in told if str(e["type"]).endswith("attests.notify.issued")]
    if issued != [row[0] for row in rows]:
        judged.debts.append("attests and events differ")
    judged.debts += [f"job {state}" for (state,) in jobs if state in ("queued", "sent")]
    judged.debts += [f"fee {state}" for state in fees.values() if state in ("intended", "settled")]
    for attest, number, state, fee in rows:
        judged.debts += _debts_of_attest(attest, number, state, fees.get(fee), told)
    return judged


def _debts_of_attest(id: str, number: str, state: str, fee: str | None, told: list[dict[str, object]]) -> list[str]:
    kinds = {str(e["type"]).split("kiosk.v1.")[1] for e in told if e["subject"] == id}
    needed = {
        "delivered": "attests.notify.printed",
        "doubtful": "attests.notify.printUnknown",
        "voided": "attests.notify.voided",
    }
    debts = []
    if state not in needed:
        debts.append(f"{number} is still {state}")
    elif needed[state] not in kinds:
        debts.append(f"{number} is {state} and nobody was told: {sorted(kinds)}")
    if state == "voided" and kinds & {"attests.notify.printed", "attests.notify.printUnknown"}:
        debts.append(f"{number} is void and somebody may hold it")
    if state == "voided" and fee == "spent":
        debts.append(f"{number} is void and its fee is kept")
    return debts


async def test_after_a_cut_at_any_statement_nothing_is_open_lost_or_kept_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    store = open_at(path)
    with images(path, tmp_path / "images") as taken:
        await given(store)
    store.close()
    judged = [judge(image) for image in taken]
    assert [one.debts for one in judged] == [[]] * len(taken)
    assert {len(one.numbers) for one in judged} == {0, 1, 2}, "the cuts missed a part of the way"
    assert len(taken) > 60


@pytest.mark.parametrize("missing", ["void_unreached", "paper"])
async def test_control_without_what_settles_debts_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    nothing: Callable[..., int] = lambda *_: 0  # noqa: E731 - stands in for a protection
    monkeypatch.setattr(attests, missing, nothing)
    path = tmp_path / "kiosk.db"
    store = open_at(path)
    with images(path, tmp_path / "images") as taken:
        await given(store)
    store.close()
    assert any(judge(image).debts for image in taken[::5])


async def test_the_events_of_the_whole_way_are_what_staff_need(tmp_path: Path) -> None:
    store = open_at(tmp_path / "kiosk.db")
    await given(store)
    batch = store.next_batch(1000, 10_000_000)
    assert batch is not None
    told = [json.loads(body)["type"].split("kiosk.v1.")[1].replace(".notify", "") for body in batch.bodies]
    store.close()
    assert told == [
        "payments.intended",
        "payments.settled",
        "attests.issued",
        "attests.printFailed",
        "attests.printed",
        "attests.issued",
        "attests.printUnknown",
    ]
