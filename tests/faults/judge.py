"""Whether the screen told the truth: what it claimed, held against what the devices themselves recorded.

It knows the sentences of the catalogue and the records of printers, terminal, back office and disk; of the journeys'
code it knows nothing. Not for: driving anything (`citizen`, `stand`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kiosk.core.pages import Page, TicketPage, View
from kiosk.core.payment_saga import UNDECIDED, PaymentState
from kiosk.core.texts import Message
from tests.faults.citizen import Seen
from tests.faults.faults import Fault

FORGED = frozenset({"identity-changed", "signature-changed", "certificate-changed"})
"""Faults of a card with which nothing it says may be believed."""
FORGED_ADDRESS = frozenset({"address-changed", "foreign-address"})
"""The same where the address is taken from the card; a register gives its own."""
_PAPERS = {"confirmed": (1, 1), "failed": (0, 0), "failed_here": (0, 0), "unknown": (0, 1), "printing": (0, 1)}
"""What the screen says of a paper, and how many may then be there in the end: least, most."""
GIVEN = frozenset({PaymentState.SETTLED, PaymentState.SPENT})
OWED = frozenset({PaymentState.UNDELIVERED, PaymentState.REVERSING, PaymentState.REFUND_DUE})


@dataclass(frozen=True)
class Claims:
    """What a screen said in the end.

    Attributes:
        tickets: number to what was said of its paper.
        attests: the same for attests.
        paid: "not_paid", "unknown", "under_way", or "" where nothing was said.
        code: of a request that is kept.
        address: of a file that can be fetched.
        host: whether a host was said to be on the way.
    """

    tickets: dict[str, str] = field(default_factory=dict)
    attests: dict[str, str] = field(default_factory=dict)
    paid: str = ""
    code: str = ""
    address: str = ""
    host: bool = False


@dataclass(frozen=True)
class Records:
    """What devices, disk and back office hold once everything is mended; counted from the start of the cell.

    Attributes:
        papers: text of each whole paper of the receipt printer.
        sheets: number of the attest on each sheet.
        booked: cents the terminal booked and did not undo.
        payments: amount and state of each attempt.
        tickets: number of each ticket on the disk.
        attests: number to state, of every attest on the disk.
        open_prints: jobs without an outcome.
        broken: what is wrong with the chain of events.
        pending: events the back office does not have.
        dead: why it put events aside.
        hosts: calls for a host it shows.
        requests: hashes of the codes of requests on the disk or at the back office.
        fetched: whether the file at `Claims.address` is there.
    """

    papers: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    booked: int = 0
    payments: tuple[tuple[int, PaymentState], ...] = ()
    tickets: tuple[str, ...] = ()
    attests: dict[str, str] = field(default_factory=dict)
    open_prints: int = 0
    broken: tuple[str, ...] = ()
    pending: int = 0
    dead: tuple[str, ...] = ()
    hosts: int = 0
    requests: int = 0
    fetched: bool = False


def claims_of(views: Sequence[tuple[str, View]]) -> Claims:
    """The last word of a screen on everything it spoke of."""
    tickets: dict[str, str] = {}
    attests: dict[str, str] = {}
    paid, code, address, host = "", "", "", False
    for name, view in views:
        page = view.overlay.page if view.overlay else view.page
        match name.split()[0]:
            case "ticket":
                tickets[_label(page)] = _paper(page)
            case "attest.delivered":
                attests[_number(page)] = _paper(page)
            case "attest.asked":
                code = _label(page)
            case "attest.file" if isinstance(page, TicketPage) and page.code:
                address = page.code
            case "pay.not_paid":
                paid = "not_paid"
            case "pay.unknown":
                paid = "unknown"
            case "pay" if ".step." in name:
                paid = "under_way"
            case "host.called":
                host = True
    return Claims(tickets, attests, paid, code, address, host)


def _label(page: Page) -> str:
    return page.label if isinstance(page, TicketPage) else ""


def _paper(page: Page) -> str:
    """`ticket.paper.confirmed` and `attest.paper.confirmed.sheet` are both `confirmed`."""
    key = page.paper.key if isinstance(page, TicketPage) and isinstance(page.paper, Message) else ""
    return key.split("paper.")[1].split(".")[0]


def _number(page: Page) -> str:
    facts = page.facts if isinstance(page, TicketPage) else ()
    values = [fact.value for fact in facts if isinstance(fact.label, Message) and fact.label.key == "attest.number"]
    return str(values[0].data["text"]) if values and isinstance(values[0], Message) else ""


def lies(seen: Seen, fault: Fault | None, found: Records, price: int) -> Iterator[str]:
    """Every claim the records speak against, one sentence each."""
    said = claims_of(seen.views)
    for label, word in said.tickets.items():
        if found.tickets.count(label) != 1:
            yield f"number {label} was promised and is {found.tickets.count(label)} times on the disk"
        yield from _of_paper(f"ticket {label}", word, sum(_stands(label, paper) for paper in found.papers))
    for number, word in said.attests.items():
        count = found.sheets.count(number) + sum(number in paper for paper in found.papers)
        yield from _of_paper(f"attest {number}", word, count)
        yield from _of_attest(number, word, found.attests.get(number), fetched=bool(said.address))
    yield from _of_money(said, found, price)
    if said.code and not found.requests:
        yield "a request was said to be kept and is nowhere"
    if said.address and not found.fetched:
        yield "a file was said to be there and is not"
    if said.host and not found.hosts:
        yield "a host was said to be called and nobody was"
    if fault is not None and fault.lever == "card" and said.attests and _before_card(seen) and _counts(fault, seen):
        yield f"an attest from a card of which the check fails: {fault.state}"


def _stands(label: str, paper: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(label)}(?![\w-])", paper) is not None


def _of_paper(what: str, word: str, count: int) -> Iterator[str]:
    least, most = _PAPERS[word]
    if not least <= count <= most:
        yield f"{what}: the screen said '{word}' and {count} papers came out"


def _of_attest(number: str, word: str, state: str | None, *, fetched: bool) -> Iterator[str]:
    if state is None:
        yield f"attest {number} was shown and is not on the disk"
    if word in ("failed", "failed_here") and not fetched and state not in ("voided", None):
        yield f"attest {number} reached nobody and is {state}"
    if word == "confirmed" and state == "voided":
        yield f"attest {number} came out and is void"


def _of_money(said: Claims, found: Records, price: int) -> Iterator[str]:
    held = sum(amount for amount, state in found.payments if state in GIVEN | OWED)
    if found.booked != held:
        yield f"the terminal holds {found.booked} cents, the column knows of {held}"
    if said.paid == "not_paid" and found.booked:
        yield f"the screen said that nothing was paid, and {found.booked} cents are booked"
    void = bool(found.attests) and all(state == "voided" for state in found.attests.values())
    if price and said.attests and not void and found.booked != price:
        yield f"an attest of {price} cents was given for {found.booked}"


def _counts(fault: Fault, seen: Seen) -> bool:
    """Whether what is forged is something the attest was made from."""
    from_register = any(step.startswith("attest.asking") for step in seen.steps)
    return fault.state in FORGED or (fault.state in FORGED_ADDRESS and not from_register)


def _before_card(seen: Seen) -> bool:
    """Whether the fault was there before the card was read."""
    return seen.thrown_at in seen.steps and seen.steps.index(seen.thrown_at) <= seen.steps.index("card.insert insert")


def disorder(found: Records) -> Iterator[str]:
    """What is not in order on disk or at the back office once everything is mended."""
    yield from found.broken
    if found.open_prints:
        yield f"{found.open_prints} print jobs have no outcome"
    if found.pending:
        yield f"{found.pending} events never reached the back office"
    if found.dead:
        yield f"the back office put events aside: {', '.join(found.dead)}"


def undecided(found: Records) -> bool:
    """Whether staff have to find out how a payment ended."""
    return any(state in UNDECIDED for _, state in found.payments)
