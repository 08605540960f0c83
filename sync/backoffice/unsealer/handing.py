"""The job `handover`: an answer for somebody who is at no column. By e-mail a notice, by eBox the document.

Told first, settled after: a notice that comes twice harms nobody, one that never comes does. Not for: the ways
themselves (`sync.backoffice.handover`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import assert_never

from kiosk.core.attests import AttestProduct, RegisterData, RegisterProblem
from sync.backoffice.attest_requests import PENDING, HeldRequest, find_request, open_elsewhere
from sync.backoffice.handover.contract import Delivery, HandedOver, Handover, NotHandedOver, Notice, Notifier
from sync.backoffice.registers.contract import RegisterDown
from sync.backoffice.unsealer.answering import Desk, Outcome, ask, note
from sync.backoffice.unsealer.central import given_away, make
from sync.backoffice.unsealer.contract import Done, JobRefused, Trouble
from sync.backoffice.unsealer.documents import Documents

log = logging.getLogger("zuil.backoffice.unsealer")
SHORTEST_MS, LONGEST_MS = 60_000, 3_600_000


@dataclass(frozen=True)
class Ways:
    """How things are handed over here; None where a way is not set up."""

    email: Notifier | None = None
    ebox: Handover | None = None


@dataclass(frozen=True)
class _Case:
    desk: Desk
    documents: Documents
    ways: Ways
    held: HeldRequest


def handover(desk: Desk, documents: Documents, ways: Ways, request_id: str, actor: str) -> Done:
    """Do the job for one request.

    Returns:
        `{"state"}`: of the request after it; with `problem` where there is one.

    Raises:
        JobRefused: when it cannot be done here.
    """
    held = find_request(desk.office, request_id=request_id)
    if held is None or held.state != PENDING:
        raise JobRefused(Trouble.NOT_HELD, "there is no such open request")
    case = _Case(desk, documents, ways, held)
    if (held.delivery == "email" and ways.email is None) or (held.delivery == "ebox" and ways.ebox is None):
        raise JobRefused(Trouble.BAD_JOB, f"delivery by {held.delivery} is not set up")
    if held.delivery not in ("email", "ebox"):
        raise JobRefused(Trouble.BAD_JOB, "this request is collected at a column")
    product = desk.product(held.product_id)
    plain = desk.vault.opening(held.event_id, f"{held.delivery}/{product.purpose}", actor).plain()
    if held.redirected_by is not None and held.delivery == "email":
        plain |= desk.vault.opening(held.redirected_by, f"address/{product.purpose}", actor).plain()
    outcome = ask(desk, product, str(plain.get("nationalNumber", "")), held.id)
    told = _bring(case, product, plain, outcome)
    if isinstance(told, NotHandedOver):
        log.warning("request %s was not handed over: %s", held.id, told.detail)
        return Done({"state": PENDING, "problem": "handover"})
    if not (held.delivery == "ebox" and isinstance(outcome, RegisterData)):
        note(desk.office, held, outcome)
    after = find_request(desk.office, request_id=request_id)
    return Done({"state": after.state if after is not None else "issued"})


@dataclass
class Patience:
    """When a request that stayed open is tried again: after a minute, then twice as long each time, at most an hour.

    In memory: a restart tries everything once.
    """

    _next: dict[str, tuple[int, int]] = field(default_factory=dict)

    def due(self, request_id: str, now: int) -> bool:
        """Whether it is time."""
        return now >= self._next.get(request_id, (0, 0))[0]

    def tried(self, request_id: str, now: int) -> None:
        """It was tried now."""
        wait = min(LONGEST_MS, 2 * self._next.get(request_id, (0, SHORTEST_MS // 2))[1])
        self._next[request_id] = (now + wait, wait)

    def forget_others(self, waiting: Iterable[str]) -> None:
        """Keep only those that still wait."""
        self._next = {known: self._next[known] for known in waiting if known in self._next}


def sweep(desk: Desk, documents: Documents, ways: Ways, patience: Patience | None = None) -> int:
    """Try every open request that is due; how many were tried. What cannot be done now stays open."""
    waiting, patience, now = open_elsewhere(desk.office), patience or Patience(), desk.office.clock()
    patience.forget_others(held.id for held in waiting)
    due = [held for held in waiting if patience.due(held.id, now)]
    for held in due:
        patience.tried(held.id, now)
        try:
            handover(desk, documents, ways, held.id, "unsealer")
        except JobRefused as refused:
            log.warning("request %s was not handed over: %s", held.id, refused)
    return len(due)


def _bring(
    case: _Case, product: AttestProduct, plain: dict[str, object], outcome: Outcome
) -> HandedOver | NotHandedOver:
    match outcome:
        case RegisterDown() | RegisterProblem.TOO_OLD:
            return HandedOver()  # nothing to tell yet; the request stays open
        case RegisterProblem():
            return _notify(case, product, plain, ready=False)
        case RegisterData() if case.held.delivery == "email":
            return _notify(case, product, plain, ready=True)
        case RegisterData():
            return _deliver(case, product, plain, outcome)
        case _:
            assert_never(outcome)


def _notify(
    case: _Case, product: AttestProduct, plain: dict[str, object], *, ready: bool
) -> HandedOver | NotHandedOver:
    """By e-mail, where there is an address; who has none sees it at the column."""
    address, email, held = plain.get("email"), case.ways.email, case.held
    if not isinstance(address, str) or email is None:
        return HandedOver() if held.delivery == "ebox" else NotHandedOver("the request holds no e-mail address")
    texts = case.documents.texts
    return email.notify(
        Notice(
            address=address,
            language=held.language,
            title=texts.spoken(product.title, held.language),
            municipality=texts.spoken(case.desk.site.name, held.language),
            collect_until=_collect_until(case),
            ready=ready,
            message_id=f"{held.id}.{'ready' if ready else 'counter'}",
        )
    )


def _deliver(
    case: _Case, product: AttestProduct, plain: dict[str, object], data: RegisterData
) -> HandedOver | NotHandedOver:
    made, held = make(case.desk, case.documents, case.held, data), case.held
    if case.ways.ebox is None:
        return NotHandedOver("delivery by ebox is not set up")
    told = case.ways.ebox.hand_over(
        Delivery(
            attest_id=made.attest_id,
            number=made.number,
            product=product.id,
            language=held.language,
            title=case.documents.texts.spoken(product.title, held.language),
            national_number=str(plain.get("nationalNumber", "")),
            valid_until=made.content.valid_until,
            pdf=made.pdf,
        )
    )
    if isinstance(told, HandedOver):
        given_away(case.desk, held, made.attest_id)
    return told


def _collect_until(case: _Case) -> date:
    """The day before what the request says of the person is erased."""
    office = case.desk.office
    asked = datetime.fromtimestamp(case.held.requested_ms / 1000, office.site.zone).date()
    return asked + timedelta(days=office.settings.attest_request_days - 1)
