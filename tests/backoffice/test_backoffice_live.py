"""Live streams: what changed arrives, beats in between, reconnecting without hearing old news, a clean end."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx

from sync.backoffice.calling import Counter, call_next, recall
from sync.backoffice.core import BackOffice
from sync.backoffice.server import BackOfficeServer
from tests.backoffice.column import Column, Json

DESK = Counter("hall", "3", ("travel",), "an")


def _events(lines: Iterator[str]) -> Iterator[Json]:
    """The events of a stream, comments included as `comment`."""
    event: Json = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if not line and event:
            yield event
            event = {}
        elif line:
            event[name or "comment"] = value


def _next_news(events: Iterator[Json]) -> tuple[str, list[Json]]:
    for event in events:
        if event.get("event") == "news":
            return str(event["id"]), json.loads(str(event["data"]))["calls"]
    raise AssertionError("the stream ended")


def test_display_hears_a_call_and_a_recall(client: httpx.Client, column: Column, office: BackOffice) -> None:
    column.issue(1)
    column.issue(2, label="A002-K1", suffix="K1")
    column.send(client)
    with client.stream("GET", "/display/hall/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = _events(answer.iter_lines())
        assert _next_news(events)[1] == []
        call_next(office, DESK, "1")
        _, calls = _next_news(events)
        assert [(call["number"], call["counter"]) for call in calls] == [("A001", "3")]
        before = calls[0]["id"]
        recall(office, DESK, "2")
        _, calls = _next_news(events)
        assert len(calls) == 1
        assert int(str(calls[0]["id"])) > int(str(before))
        call_next(office, DESK, "3")
        _, calls = _next_news(events)
        assert [(call["number"], call["suffix"]) for call in calls] == [("A002", "K1"), ("A001", "")]


def test_a_number_of_practice_stays_in_one_piece_on_the_wall(
    client: httpx.Client, column: Column, office: BackOffice
) -> None:
    column.issue(1, label="DEMO-A001")
    column.issue(2, label="DEMO-A002-K1", suffix="K1")
    column.send(client)
    with client.stream("GET", "/display/hall/events") as answer:
        events = _events(answer.iter_lines())
        assert _next_news(events)[1] == []
        call_next(office, DESK, "1")
        assert [(call["number"], call["suffix"]) for call in _next_news(events)[1]] == [("DEMO-A001", "")]
        call_next(office, DESK, "2")
        assert _next_news(events)[1][0]["number"] == "DEMO-A002"


def test_beats_and_comments_come_without_news(client: httpx.Client) -> None:
    with client.stream("GET", "/display/hall/events") as answer:
        events = _events(answer.iter_lines())
        seen = [next(events) for _ in range(4)]
    assert seen[0]["comment"] == "hello"
    assert [event.get("event") for event in seen[2:]] == ["beat", "beat"]
    assert all(event["comment"] == "beat" for event in seen[2:])


def test_reconnecting_display_is_not_told_what_it_knows(
    client: httpx.Client, column: Column, office: BackOffice
) -> None:
    column.issue(1)
    column.issue(2)
    column.send(client)
    call_next(office, DESK, "1")
    with client.stream("GET", "/display/hall/events") as answer:
        known, _ = _next_news(_events(answer.iter_lines()))
    with client.stream("GET", "/display/hall/events", headers={"Last-Event-ID": known}) as answer:
        events = _events(answer.iter_lines())
        assert [next(events).get("event") for _ in range(2)] == [None, "beat"]
        call_next(office, DESK, "2")
        assert _next_news(events)[1][0]["number"] == "A002"
    with client.stream("GET", "/display/hall/events", headers={"Last-Event-ID": known}) as answer:
        assert [call["number"] for call in _next_news(_events(answer.iter_lines()))[1]] == ["A002", "A001"]


def test_five_calls_are_shown(client: httpx.Client, column: Column, office: BackOffice) -> None:
    for number in range(1, 8):
        column.issue(number)
    column.send(client)
    for turn in range(7):
        call_next(office, DESK, str(turn))
    with client.stream("GET", "/display/hall/events") as answer:
        calls = _next_news(_events(answer.iter_lines()))[1]
    assert [call["number"] for call in calls] == ["A007", "A006", "A005", "A004", "A003"]


def test_open_streams_do_not_keep_the_server_from_stopping(client: httpx.Client, server: BackOfficeServer) -> None:
    with client.stream("GET", "/display/hall/events") as answer:
        events = _events(answer.iter_lines())
        next(events)
        server.stop()
        assert all(event.get("event") in ("news", "beat") for event in events)


def test_server_can_be_stopped_twice(server: BackOfficeServer) -> None:
    assert server.port > 0
    server.stop()
    server.stop()
