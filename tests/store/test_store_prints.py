"""Print jobs: only along the table's edges, each with its event, all settled after a stop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.core.print_saga import EDGES, ForbiddenEdge, edge
from kiosk.core.tickets import PrintState
from kiosk.store.errors import UnknownJob
from kiosk.store.store import KioskStore
from tests.store.columns import open_at, order, power_cut

PATHS = {
    PrintState.QUEUED: (),
    PrintState.SENT: (PrintState.SENT,),
    PrintState.CONFIRMED: (PrintState.SENT, PrintState.CONFIRMED),
    PrintState.UNKNOWN: (PrintState.SENT, PrintState.UNKNOWN),
    PrintState.FAILED: (PrintState.FAILED,),
}


def kinds(store: KioskStore) -> list[str]:
    """Last word of the type of every event."""
    batch = store.next_batch(1000, 10_000_000)
    assert batch is not None
    return [json.loads(body)["type"].rpartition(".")[2] for body in batch.bodies]


def in_state(store: KioskStore, state: PrintState) -> str:
    """A job moved to a state; returns its id."""
    issued = store.issue_ticket_now(order())
    for step in PATHS[state]:
        store.move_print_now(issued.job_id, step, "because")
    return issued.job_id


@pytest.mark.parametrize("before", PrintState)
@pytest.mark.parametrize("after", PrintState)
def test_every_pair_of_states_is_an_edge_with_its_event_or_forbidden(
    store: KioskStore, before: PrintState, after: PrintState
) -> None:
    job_id = in_state(store, before)
    known = kinds(store)
    if (before, after) not in EDGES:
        with pytest.raises(ForbiddenEdge):
            store.move_print_now(job_id, after)
        assert kinds(store) == known
        return
    store.move_print_now(job_id, after, "because")
    kind = edge(before, after)
    assert kinds(store)[len(known) :] == ([kind.type.rpartition(".")[2]] if kind else [])


def test_an_unknown_job_is_an_error(store: KioskStore) -> None:
    with pytest.raises(UnknownJob):
        store.move_print_now("no-such-job", PrintState.SENT)


def test_a_reason_travels_where_the_event_has_room_for_it(store: KioskStore) -> None:
    in_state(store, PrintState.CONFIRMED)
    in_state(store, PrintState.FAILED)
    batch = store.next_batch(100, 1_000_000)
    assert batch is not None
    data = [json.loads(body)["data"] for body in batch.bodies]
    assert [each.get("reason") for each in data if "jobId" in each] == [None, "because"]


def test_what_a_power_cut_left_open_is_settled_once(path: Path, tmp_path: Path) -> None:
    store = open_at(path)
    for state in PrintState:
        in_state(store, state)
    known = kinds(store)
    image = power_cut(path, tmp_path / "image")
    store.close()
    store = open_at(image)
    assert sorted(kinds(store)[len(known) :]) == ["printFailed", "printUnknown"]
    store.close()
    store = open_at(image)
    assert len(kinds(store)) == len(known) + 2
    store.close()
