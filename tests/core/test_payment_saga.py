"""The table of payments: from where to where, what it records, and what may never be possible."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.core.payment_saga import (
    BLOCKING,
    PAYMENT_AT_START,
    PAYMENT_EDGES,
    UNDECIDED,
    NotTheirs,
    PaymentState,
    Verdict,
    decided,
    payment_edge,
    verdicts_on,
)
from kiosk.core.print_saga import ForbiddenEdge
from kiosk.paths import ROOT

MONEY_TAKEN = frozenset(
    {
        PaymentState.SETTLED,
        PaymentState.SPENT,
        PaymentState.UNDELIVERED,
        PaymentState.REVERSING,
        PaymentState.REVERSED,
        PaymentState.REFUND_DUE,
        PaymentState.REFUNDED,
        PaymentState.GIVEN,
        PaymentState.PROMISED,
        PaymentState.PAID_AT_COUNTER,
    }
)


def reachable(start: PaymentState) -> set[PaymentState]:
    """Every state that may follow, near or far."""
    found: set[PaymentState] = set()
    todo = [start]
    while todo:
        here = todo.pop()
        todo += [after for before, after in PAYMENT_EDGES if before is here and after not in found]
        found |= {after for before, after in PAYMENT_EDGES if before is here}
    return found


@pytest.mark.parametrize("before", PaymentState)
@pytest.mark.parametrize("after", PaymentState)
def test_a_move_is_in_the_table_or_forbidden(before: PaymentState, after: PaymentState) -> None:
    if (before, after) in PAYMENT_EDGES:
        assert payment_edge(before, after) is PAYMENT_EDGES[before, after]
    else:
        with pytest.raises(ForbiddenEdge, match=before.value):
            payment_edge(before, after)


def test_money_that_was_taken_is_never_forgotten() -> None:
    for state in MONEY_TAKEN:
        assert reachable(state) <= MONEY_TAKEN


def test_paid_beats_everything_that_is_not_money_given_back() -> None:
    for state in UNDECIDED | {PaymentState.FAILED}:
        assert PaymentState.SETTLED in {after for before, after in PAYMENT_EDGES if before is state} | (
            reachable(state) if state is PaymentState.SENDING else set()
        )


def test_nothing_is_sent_again() -> None:
    for state in set(PaymentState) - {PaymentState.INTENDED}:
        assert PaymentState.SENDING not in reachable(state)
    assert PaymentState.REVERSING not in reachable(PaymentState.REVERSING)


def test_a_start_leaves_nothing_that_only_a_running_column_can_end() -> None:
    for state in (PaymentState.INTENDED, PaymentState.SENDING, PaymentState.UNDER_WAY, PaymentState.SETTLED):
        assert PAYMENT_AT_START[state] not in PAYMENT_AT_START
    assert PAYMENT_AT_START[PaymentState.SENDING] in UNDECIDED, "it is never told that it was not paid"
    for before, after in PAYMENT_AT_START.items():
        payment_edge(before, after)


def test_what_is_undecided_keeps_the_terminal() -> None:
    assert UNDECIDED < BLOCKING
    assert PaymentState.REVERSING in BLOCKING


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("state", PaymentState)
def test_staff_decide_along_the_table_or_are_told_what_they_may(verdict: Verdict, state: PaymentState) -> None:
    if verdict in verdicts_on(state):
        payment_edge(state, decided(state, verdict))
    else:
        with pytest.raises(NotTheirs, match=state.value):
            decided(state, verdict)


def test_staff_can_end_whatever_waits_for_somebody() -> None:
    for state in UNDECIDED - {PaymentState.SENDING, PaymentState.UNDER_WAY} | {
        PaymentState.UNDELIVERED,
        PaymentState.REFUND_DUE,
        PaymentState.PROMISED,
        PaymentState.AT_COUNTER,
        PaymentState.PAID_AT_COUNTER,
    }:
        assert verdicts_on(state)


def test_staff_never_say_of_money_that_was_taken_that_it_was_not() -> None:
    for state in MONEY_TAKEN:
        assert Verdict.NOT_PAID not in verdicts_on(state)


def blocks(text: str) -> Iterator[str]:
    """The drawings of a page."""
    for part in text.split("```mermaid\n")[1:]:
        yield part.split("\n```")[0]


def test_the_drawing_in_the_documents_is_that_of_the_table() -> None:
    from kiosk.core.payment_saga import payment_diagram

    assert list(blocks((ROOT / "docs" / "payments.md").read_text(encoding="utf-8"))) == [payment_diagram()]
