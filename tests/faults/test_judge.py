"""The judge of the matrix: each kind of lie is seen, and a true word is not taken for one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.core.pages import Fact, NoticePage, TicketPage, View
from kiosk.core.payment_saga import PaymentState
from kiosk.core.texts import message
from tests.faults.citizen import Seen
from tests.faults.faults import Fault
from tests.faults.judge import Records, disorder, lies

NUMBER = "DEMO-hall-K1-2026-00001"
WELL = Records(papers=("Uw nummer\nA001\nTot straks",), tickets=("A001",))


def view(page: TicketPage | NoticePage) -> View:
    return View(1, page, "nl", ("nl",))


def ticket(word: str, label: str = "A001") -> tuple[str, View]:
    page = TicketPage(title=message("ticket.title"), label=label, paper=message(f"ticket.paper.{word}"))
    return f"ticket ticket.paper.{word}", view(page)


def attest(word: str) -> tuple[str, View]:
    facts = (Fact(message("attest.number"), message("plain", text=NUMBER)),)
    page = TicketPage(title=message("attest.delivered.title"), facts=facts, paper=message(f"attest.paper.{word}"))
    return f"attest.delivered attest.paper.{word}", view(page)


def notice(name: str) -> tuple[str, View]:
    return name, view(NoticePage(title=message(name)))


def told(records: Records, *views: tuple[str, View], fault: Fault | None = None, price: int = 0) -> list[str]:
    return list(lies(Seen(list(views), thrown_at="sheet" if fault else ""), fault, records, price))


def test_a_true_word_is_no_lie() -> None:
    assert told(WELL, ticket("printing"), ticket("confirmed")) == []
    assert told(replace(WELL, papers=()), ticket("failed")) == []
    assert told(WELL, ticket("unknown")) == []
    assert told(replace(WELL, papers=()), ticket("unknown")) == []


@pytest.mark.parametrize(
    ("word", "papers"),
    [
        ("confirmed", ()),
        ("confirmed", (*WELL.papers, *WELL.papers)),
        ("failed", WELL.papers),
        ("unknown", 2 * WELL.papers),
    ],
)
def test_a_paper_that_is_not_as_it_was_said(word: str, papers: tuple[str, ...]) -> None:
    assert "papers came out" in told(replace(WELL, papers=papers), ticket(word))[0]


def test_a_number_is_not_found_in_a_longer_one() -> None:
    assert told(replace(WELL, papers=("A0011", "XA001", "A001-K3")), ticket("confirmed"))


def test_a_number_that_is_on_no_disk() -> None:
    assert told(replace(WELL, tickets=()), ticket("confirmed")) == [
        "number A001 was promised and is 0 times on the disk"
    ]


def test_attests() -> None:
    held = Records(sheets=(NUMBER,), attests={NUMBER: "delivered"})
    assert told(held, attest("confirmed.sheet")) == []
    assert "is void" in told(replace(held, attests={NUMBER: "voided"}), attest("confirmed.sheet"))[0]
    assert "reached nobody" in told(replace(held, sheets=()), attest("failed"))[0]
    assert "not on the disk" in told(replace(held, attests={}), attest("confirmed.sheet"))[0]
    assert told(replace(held, sheets=(), papers=(f"Attest {NUMBER}",)), attest("confirmed.receipt")) == []


def test_money() -> None:
    paid = Records(booked=200, payments=((200, PaymentState.SPENT),))
    given = replace(paid, sheets=(NUMBER,), attests={NUMBER: "delivered"})
    assert told(given, notice("pay pay.step.busy"), attest("confirmed.sheet"), price=200) == []
    assert "nothing was paid" in told(paid, notice("pay.not_paid pay.not_paid.declined"), price=200)[0]
    assert "the column knows of 0" in told(replace(paid, payments=()), notice("pay.unknown pay.unknown.subtitle"))[0]
    free = replace(given, booked=0, payments=((200, PaymentState.REVERSED),))
    assert "was given for 0" in told(free, attest("confirmed.sheet"), price=200)[0]


def test_promises_of_other_kinds() -> None:
    asked = TicketPage(title=message("attest.asked.title"), label="7K3M-9QXA-B", paper=message("attest.asked.waits"))
    assert "is nowhere" in told(Records(), ("attest.asked attest.asked.waits", view(asked)))[0]
    assert "nobody was" in told(Records(), notice("host.called host.called.subtitle"))[0]
    assert told(Records(hosts=1), notice("host.called host.called.subtitle")) == []
    file = TicketPage(title=message("attest.file.title"), code="http://here/take/x")
    assert "is not" in told(Records(), ("attest.file", view(file)))[0]


def test_a_forged_card_gets_no_attest() -> None:
    held = Records(sheets=(NUMBER,), attests={NUMBER: "delivered"})
    way = (notice("sheet"), notice("card.insert insert"), attest("confirmed.sheet"))
    assert "an attest from a card" in told(held, *way, fault=Fault("card", "identity-changed"))[0]
    assert told(held, *way, fault=Fault("card", "slow")) == []


def test_disorder() -> None:
    assert list(disorder(Records())) == []
    bad = Records(broken=("sequence 3",), open_prints=1, pending=2, dead=("sequenceGap",))
    assert len(list(disorder(bad))) == 4
