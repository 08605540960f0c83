"""The benchmark tool itself: figures, table, document, the filled journal, what is touched. Measures nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.column import load_column
from kiosk.demo.world import shift_into_hours
from kiosk.store.journal_file import JournalFile
from kiosk.store.store import open_store
from tests.bench.__main__ import drawn, measurements
from tests.bench.document import BEGIN, END, NotesBroken, notes_of, render, rewrite
from tests.bench.figures import Figure, Goal, Judged, cells, percentile, shown, slope
from tests.bench.fill import Filler
from tests.bench.hands import Tap
from tests.bench.walks import DONE, START_OVER, TAKE, Citizens, ticket_services
from tests.store.columns import COLUMN, TODAY, Hands, open_at, order

FAST = Figure("tap → page", "ms", tuple(float(n) for n in range(1, 101)), "by hand", Goal(100))
MISSED = Figure("start", "s", (1.5, 1.6, 1.4), "by clock", Goal(1.0, Judged.MEDIAN), parts=(("imports", "0.9 s"),))


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50.0), (0.95, 95.0), (1.0, 100.0), (0.001, 1.0)])
def test_percentiles_are_nearest_rank(share: float, expected: float) -> None:
    assert percentile(FAST.samples, share) == expected


def test_percentile_does_not_depend_on_the_order_of_the_samples() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0


@pytest.mark.parametrize("bad", [([], 0.5), ([1.0], 0.0), ([1.0], 1.1)])
def test_percentile_refuses_what_has_no_answer(bad: tuple[list[float], float]) -> None:
    with pytest.raises(ValueError):
        percentile(*bad)


def test_slope_of_a_line_and_of_what_has_none() -> None:
    assert slope([(0, 5), (100, 7), (200, 9)]) == pytest.approx(0.02)
    assert slope([(3, 5)]) == 0.0
    assert slope([(3, 5), (3, 9)]) == 0.0


def test_a_goal_is_judged_by_what_it_names() -> None:
    assert FAST.met is True
    assert Figure("x", "ms", FAST.samples, "", Goal(94)).met is False
    assert Figure("x", "ms", FAST.samples, "", Goal(50, Judged.MEDIAN)).met is True
    assert Figure("x", "ms", FAST.samples, "").met is None


def test_a_rate_is_judged_from_below() -> None:
    rate = Figure("in", "/s", FAST.samples, "", Goal(6, Judged.P95, at_least=True))
    assert rate.p95 == 6.0
    assert rate.met is True
    assert Figure("in", "/s", FAST.samples, "", Goal(51, Judged.MEDIAN, at_least=True)).met is False


def test_cells_say_goal_value_and_verdict() -> None:
    assert cells(FAST) == ("tap → page", "≤ 100.0 ms (p95)", "50.0 ms", "95.0 ms", "100", "yes")
    assert cells(Figure("rate", "/s", (12_345.6,), "")) == ("rate", "–", "12,346 /s", "–", "1", "–")


def test_every_unit_has_a_form() -> None:
    given = {"ms": "1.2 ms", "s": "1.23 s", "kB": "1 kB", "characters": "1 characters", "×": "1.23×", "/s": "1 /s"}
    assert {unit: shown(1.23, unit) for unit in given} == given


def test_the_terminal_table_has_a_row_for_each_figure() -> None:
    assert drawn([FAST, MISSED]).row_count == 2


def test_the_document_names_machine_method_and_what_was_missed() -> None:
    text = render([FAST, MISSED], {"processor": "abacus"})
    assert "| start | ≤ 1.00 s (median) | 1.50 s | 1.60 s | 3 | **no** |" in text
    assert "* processor: abacus" in text
    assert "* start: 1.50 s, goal ≤ 1.00 s (median)" in text
    assert "* **tap → page**: by hand" in text
    assert "* start: imports 0.9 s" in text
    assert "Every goal is met." in render([FAST], {})


def test_rewriting_keeps_the_notes_and_nothing_else(tmp_path: Path) -> None:
    document = tmp_path / "benchmarks.md"
    rewrite(document, [FAST], {"processor": "abacus"})
    text = document.read_text().replace(f"{BEGIN}\n", f"{BEGIN}\n\nStarting is slow: it imports the world.\n\n")
    document.write_text(text)
    rewrite(document, [MISSED], {"processor": "slide rule"})
    again = document.read_text()
    assert "Starting is slow: it imports the world." in again
    assert "slide rule" in again
    assert "abacus" not in again
    assert again.count(BEGIN) == again.count(END) == 1


@pytest.mark.parametrize("broken", [f"{BEGIN}\nkeep me", f"keep me\n{END}", f"{END}\n{BEGIN}"])
def test_half_marked_notes_are_not_written_over(tmp_path: Path, broken: str) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text(broken)
    with pytest.raises(NotesBroken):
        rewrite(document, [FAST], {})
    assert document.read_text() == broken


def test_a_document_without_notes_gets_empty_marks() -> None:
    assert notes_of("# Benchmarks") == f"{BEGIN}\n{END}"


def test_a_filled_journal_is_as_the_store_would_have_written_it(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    open_at(path).close()
    config = load_column(None)
    queues = [queue for queue in config.site.queues if queue.id in config.here.queues]
    head = Filler(COLUMN, queues, TODAY).fill(path, 250)
    store = open_store(path, COLUMN, Hands(), boot_id="boot-1", ballast_bytes=0)
    assert store.next_batch(10, 10_000) is None
    store.issue_ticket_now(order())
    pending = store.next_batch(10, 10_000)
    store.close()
    assert pending is not None
    assert pending.first == head.sequence + 1 == 251
    with JournalFile(path) as journal:
        assert [verdict.broken for verdict in journal.verify()] == [None]
        assert len(journal.labels()) == 251
        assert journal.is_sound()


def test_a_journal_that_owes_events_is_not_filled(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    store = open_at(path)
    store.issue_ticket_now(order())
    store.close()
    with pytest.raises(ValueError, match="not acknowledged"):
        Filler(COLUMN, load_column(None).site.queues, TODAY).fill(path, 10)


def test_services_that_give_a_ticket_are_known_while_the_counters_are_open() -> None:
    config = load_column(None)
    shift = shift_into_hours(config.site, config.here.id)
    practice = config.settings.practice.model_copy(update={"clock_shift_seconds": shift})
    open_now = replace(config, settings=config.settings.model_copy(update={"practice": practice}))
    found = ticket_services(open_now)
    assert found
    assert set(found) <= {service.id for service in config.site.services if service.popular}


def test_citizens_take_tickets_every_second_time() -> None:
    with pytest.raises(ValueError, match="closed"):
        Citizens([], lambda: True)
    steps = list(Citizens(["passport"], lambda: True).mixed(4, lambda _: None))
    assert steps.count(TAKE) == steps.count(DONE) == 2
    assert steps.count(START_OVER) == 2
    assert Tap("option_service:passport") in steps


def test_quick_and_whole_runs_measure_the_same_things() -> None:
    assert list(measurements(quick=True)) == list(measurements(quick=False))
