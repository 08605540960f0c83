"""The table of events: documented, named as the field names them, and without a place for personal data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk.core.events import KINDS, TICKET_ISSUED, events_reference
from kiosk.core.print_saga import AT_START, EDGES, ForbiddenEdge, edge
from kiosk.core.tickets import PrintState

PAGE = Path(__file__).parents[2] / "docs" / "events.md"


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text() == events_reference()


def test_types_are_cloudevents_types() -> None:
    assert TICKET_ISSUED.type == "eu.zuil.kiosk.v1.tickets.notify.issued"
    for kind in KINDS.values():
        assert re.fullmatch(r"[a-z]+\.[a-z][A-Za-z]+", kind.name)


def test_no_field_names_a_person() -> None:
    personal = re.compile(r"name|birth|ssin|national|address|photo|email|phone", re.IGNORECASE)
    assert not [field for kind in KINDS.values() for field in kind.fields if personal.search(field)]


def test_every_state_of_a_print_job_has_a_way_out_or_is_an_end() -> None:
    ends = {PrintState.CONFIRMED, PrintState.UNKNOWN, PrintState.FAILED}
    assert {before for before, _ in EDGES} == set(PrintState) - ends


def test_a_job_found_open_at_start_moves_along_the_table() -> None:
    for before, after in AT_START.items():
        assert edge(before, after) is not None


def test_unknown_is_never_printed_again() -> None:
    for after in PrintState:
        with pytest.raises(ForbiddenEdge, match="unknown"):
            edge(PrintState.UNKNOWN, after)
