"""The accept rule: what comes in, what is refused and why, on both databases."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import func, select

from sync.backoffice import schema
from sync.backoffice.core import BackOffice
from sync.backoffice.database import Database
from sync.backoffice.kiosks import revoke_kiosk
from sync.protocol.chain import event_hash
from sync.protocol.ids import uuid7
from sync.protocol.signing import ACK, PublicKey, SigningKey
from tests.backoffice.column import Column, Json, post


def _count(database: Database, table: str) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.metadata.tables[table])).scalar_one())


def _problem(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["BelGov-Trace-Id"]
    assert response.headers["API-Version"] == "1.0.0"
    body = response.json()
    assert body["status"] == response.status_code
    return str(body["type"]).rpartition(":")[2]


def test_ack_names_sequence_and_hash_and_is_signed(client: httpx.Client, column: Column, office: BackOffice) -> None:
    column.issue(1)
    ack = column.send(client)
    assert ack["ackedSequence"] == 1
    assert ack["ackedHash"] == column.head
    assert ack["receivedCount"] == 1
    assert office.key.public.verify_object(ACK, ack)
    assert PublicKey.parse(str(column.receipt["publicKey"])).verify_object(ACK, ack)


def test_replay_changes_nothing_and_is_acknowledged_again(
    client: httpx.Client, column: Column, database: Database
) -> None:
    column.issue(1)
    column.issue(2)
    first = column.send(client)
    again = column.send(client)
    assert (again["ackedSequence"], again["ackedHash"]) == (first["ackedSequence"], first["ackedHash"])
    assert _count(database, "event") == 2
    assert _count(database, "ticket") == 2


def test_old_batch_sent_again_is_acknowledged_up_to_its_own_end(client: httpx.Client, column: Column) -> None:
    for number in range(1, 6):
        column.issue(number)
    column.send(client)
    answer = post(client, "batches", column.batch(1, 2)).json()
    assert answer["ackedSequence"] == 2
    assert answer["ackedHash"] == column.events[1]["hash"]


def test_overlapping_batch_adds_only_what_is_new(client: httpx.Client, column: Column, database: Database) -> None:
    column.issue(1)
    column.issue(2)
    column.send(client)
    column.issue(3)
    assert post(client, "batches", column.batch(2)).json()["ackedSequence"] == 3
    assert _count(database, "event") == 3


def test_gap_is_refused_with_what_is_expected(client: httpx.Client, column: Column) -> None:
    for number in range(1, 4):
        column.issue(number)
    post(client, "batches", column.batch(1, 1))
    refused = post(client, "batches", column.batch(3))
    assert (refused.status_code, _problem(refused)) == (409, "sequenceGap")
    assert refused.json()["expectedSequence"] == 2
    assert refused.json()["ackedHash"] == column.events[0]["hash"]


def test_rolled_back_disk_is_a_fork_with_evidence_alarm_and_no_more_numbers(
    client: httpx.Client, column: Column, database: Database
) -> None:
    column.issue(1)
    column.send(client)
    answered = post(client, "updates", column.updates_request())
    assert answered.json().get("leases"), answered.text
    column.events.clear()
    column.issue(99)
    refused = post(client, "batches", column.batch())
    assert (refused.status_code, _problem(refused)) == (409, "chainFork")
    assert _count(database, "evidence") == 1
    assert _count(database, "alarm") == 1
    assert _count(database, "event") == 1
    assert post(client, "updates", column.updates_request()).json()["leases"] == []
    post(client, "batches", column.batch())
    assert _count(database, "alarm") == 1


def test_chain_that_starts_elsewhere_is_a_fork(client: httpx.Client, column: Column) -> None:
    event = column.record("devices.started", column.source, {"appVersion": "1"})
    event["prevhash"] = "x" * 43
    event["hash"] = event_hash(event)
    assert _problem(post(client, "batches", column.batch())) == "chainFork"


def test_tampered_event_is_refused(client: httpx.Client, column: Column, database: Database) -> None:
    column.issue(1)
    column.issue(2)
    batch = column.batch()
    events = batch["events"]
    assert isinstance(events, list)
    events[0] = {**events[0], "data": {**events[0]["data"], "number": 7}}
    refused = post(client, "batches", batch)
    assert (refused.status_code, _problem(refused)) == (401, "invalidSignature")
    assert _count(database, "event") == 0


def test_rehashed_chain_without_the_key_is_refused(client: httpx.Client, column: Column) -> None:
    column.issue(1)
    batch = column.batch()
    column.events[0]["time"] = "2026-11-23T09:00:01.000Z"
    column.events[0]["hash"] = event_hash(column.events[0])
    refused = post(client, "batches", {**batch, "headHash": column.head, "events": column.events})
    assert _problem(refused) == "invalidSignature"


def test_other_key_or_unknown_column_is_refused(client: httpx.Client, column: Column) -> None:
    column.issue(1)
    stranger = Column(SigningKey.generate(), column.receipt, column.events)
    assert _problem(post(client, "batches", stranger.batch())) == "invalidSignature"
    unknown = Column(column.key, {**column.receipt, "source": "urn:uuid:nobody"})
    unknown.issue(1)
    assert _problem(post(client, "batches", unknown.batch())) == "invalidSignature"
    control = {**column.receipt, "source": "urn:\u0000"}
    unprintable = Column(column.key, control)
    unprintable.issue(1)
    assert _problem(post(client, "batches", unprintable.batch())) == "invalidSignature"


def test_revoked_column_is_refused(client: httpx.Client, column: Column, office: BackOffice) -> None:
    column.issue(1)
    column.send(client)
    assert revoke_kiosk(office, str(column.receipt["kioskId"]))
    column.issue(2)
    refused = post(client, "batches", column.batch(2))
    assert (refused.status_code, _problem(refused)) == (403, "kioskRevoked")
    assert _problem(post(client, "updates", column.updates_request())) == "kioskRevoked"
    assert not revoke_kiosk(office, "nobody")


POISON: tuple[tuple[str, Json, str], ...] = (
    ("unknown queue", {"queueId": "moon"}, "unknownQueue"),
    ("other office", {"officeId": "library"}, "wrongOffice"),
    ("label that is none", {"label": "A\u0000"}, "invalidContent"),
    ("number as text", {"number": "7"}, "invalidContent"),
    ("no service", {"serviceIds": []}, "invalidContent"),
    ("date that is none", {"serviceDate": "tomorrow"}, "invalidContent"),
)


@pytest.mark.parametrize(("changes", "problem"), [case[1:] for case in POISON], ids=[case[0] for case in POISON])
def test_poison_is_put_aside_and_never_blocks(
    client: httpx.Client, column: Column, database: Database, changes: Json, problem: str
) -> None:
    column.issue(1)
    bad = column.record("tickets.issued", "x", {**_ticket_data(column), **changes})
    column.issue(3)
    ack = column.send(client)
    assert ack["ackedSequence"] == 3
    assert ack["deadLettered"] == [
        {"sequence": 2, "id": bad["id"], "problemType": f"urn:problem-type:zuil:kiosk:{problem}"}
    ]
    assert _count(database, "event") == 3
    assert _count(database, "ticket") == 2
    assert _count(database, "dead_letter") == 1


def _ticket_data(column: Column) -> Json:
    data = column.events[0]["data"]
    assert isinstance(data, dict)
    return {**data, "ticketId": uuid7(), "label": "A777", "number": 777}


def test_second_ticket_with_one_label_is_put_aside(client: httpx.Client, column: Column, database: Database) -> None:
    column.issue(1)
    column.issue(1)
    column.issue(2)
    dead = column.send(client)["deadLettered"]
    assert isinstance(dead, list)
    assert [entry["sequence"] for entry in dead] == [2]
    assert _count(database, "ticket") == 2


def test_event_id_used_before_is_put_aside(client: httpx.Client, column: Column, database: Database) -> None:
    first = column.issue(1)
    second = column.record("tickets.printed", first, {"ticketId": first, "jobId": "j"})
    second["id"] = column.events[0]["id"]
    second["hash"] = event_hash(second)
    column.issue(2)
    assert column.send(client)["ackedSequence"] == 3
    assert _count(database, "event") == 2
    assert _count(database, "dead_letter") == 1
    assert column.send(client)["ackedSequence"] == 3


def test_new_type_is_kept_for_later_and_never_put_aside(
    client: httpx.Client, column: Column, database: Database
) -> None:
    column.record("", "x", {"anything": [1, {"deep": None}]}, service_type="eu.zuil.kiosk.v2.moons.notify.risen")
    assert column.send(client)["deadLettered"] == []
    assert _count(database, "event") == 1


def test_print_of_a_ticket_never_seen_is_put_aside(client: httpx.Client, column: Column) -> None:
    column.record("tickets.printed", "x", {"ticketId": uuid7(), "jobId": "j"})
    dead = column.send(client)["deadLettered"]
    assert isinstance(dead, list)
    assert dead[0]["problemType"].endswith(":unknownTicket")


def test_envelope_that_is_not_whole_refuses_the_batch(client: httpx.Client, column: Column) -> None:
    for member, value in (("bootid", None), ("uptimems", "1"), ("time", "noon"), ("id", "X"), ("sequence", "9")):
        column.events.clear()
        event = column.record("devices.started", column.source, {"appVersion": "1"})
        event[member] = value
        event["hash"] = event_hash(event)
        batch = {**column.batch(), "firstSequence": 1, "lastSequence": 1} if member != "sequence" else None
        if batch is None:
            event["sequence"] = "1"
            batch = column.batch()
            event["sequence"] = "9"
        refused = post(client, "batches", batch)
        assert (refused.status_code, _problem(refused)) == (400, "schemaViolation"), member
        assert member in refused.json()["detail"]


def test_too_many_events_and_too_many_bytes_are_refused(client: httpx.Client, column: Column) -> None:
    for number in range(1, 102):
        column.issue(number)
    refused = post(client, "batches", column.batch(1, 101))
    assert (refused.status_code, _problem(refused)) == (413, "payloadTooLarge")
    assert refused.json()["maxBytes"] == 512 * 1024
    refused = client.post(
        "/kiosk/v1/batches", content=b" " * (512 * 1024 + 1), headers={"Content-Type": "application/json"}
    )
    assert _problem(refused) == "payloadTooLarge"


def test_gzip_is_understood(client: httpx.Client, column: Column) -> None:
    column.issue(1)
    body = gzip.compress(json.dumps(column.batch()).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert client.post("/kiosk/v1/batches", content=body, headers=headers).json()["ackedSequence"] == 1


def test_gzip_bomb_is_refused(client: httpx.Client) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    bomb = gzip.compress(b" " * (64 * 1024 * 1024))
    assert len(bomb) < 100_000
    assert _problem(client.post("/kiosk/v1/batches", content=bomb, headers=headers)) == "payloadTooLarge"


NOT_MESSAGES: tuple[tuple[bytes, dict[str, str], str], ...] = (
    (b"<html>hotel</html>", {}, "badRequest"),
    (b"\xff\xfe", {}, "badRequest"),
    (b"[" * 100_000, {}, "badRequest"),
    (b"[]", {}, "schemaViolation"),
    (b"{}", {}, "schemaViolation"),
    (b"{}", {"Content-Type": "text/plain"}, "unsupportedMediaType"),
    (b"{}", {"Content-Encoding": "br"}, "unsupportedMediaType"),
    (b"{}", {"Content-Encoding": "gzip"}, "badRequest"),
    (gzip.compress(b"{}")[:-4], {"Content-Encoding": "gzip"}, "badRequest"),
    (gzip.compress(b"{}") + b"more", {"Content-Encoding": "gzip"}, "badRequest"),
)


def test_what_is_not_a_message_is_refused(client: httpx.Client) -> None:
    for path in ("batches", "updates", "enrolments"):
        for body, headers, problem in NOT_MESSAGES:
            sent = {"Content-Type": "application/json", **headers}
            answer = client.post(f"/kiosk/v1/{path}", content=body, headers=sent)
            assert 400 <= answer.status_code < 500
            assert _problem(answer) == problem, (path, body[:20], headers)


def test_batches_of_two_columns_do_not_meet(
    client: httpx.Client, enrol: Callable[[], Column], database: Database
) -> None:
    one, two = enrol(), enrol()
    one.issue(1)
    two.issue(2)
    one.send(client)
    two.send(client)
    assert _count(database, "ticket") == 2
    assert one.receipt["suffix"] != two.receipt["suffix"]


def test_provisional_chain_is_accepted_beside_the_granted_one(
    client: httpx.Client, column: Column, database: Database
) -> None:
    column.issue(1)
    column.send(client)
    after = Column(column.key, column.receipt, clock_ms=column.clock_ms, epoch=2**30 + 5)
    after.issue(7, label="A007-K1QF", suffix="K1QF")
    assert after.send(client)["epoch"] == 2**30 + 5
    assert _count(database, "chain") == 2
    assert post(client, "updates", after.updates_request()).json()["leases"] == []


def test_epoch_never_granted_is_refused(client: httpx.Client, column: Column) -> None:
    ahead = Column(column.key, column.receipt, clock_ms=column.clock_ms, epoch=2)
    ahead.issue(1)
    assert _problem(post(client, "batches", ahead.batch())) == "schemaViolation"


def test_paper_and_devices_follow_their_events(client: httpx.Client, column: Column, database: Database) -> None:
    tickets = [column.issue(number) for number in (1, 2, 3)]
    column.record("tickets.printed", tickets[0], {"ticketId": tickets[0], "jobId": "j"})
    column.send(client)
    first = len(column.events) + 1
    column.record("tickets.printUnknown", tickets[1], {"ticketId": tickets[1], "jobId": "j", "reason": "silent"})
    column.record("tickets.printFailed", tickets[2], {"ticketId": tickets[2], "jobId": "j", "reason": "paper_out"})
    column.record("devices.degraded", "printer", {"device": "printer", "reason": "paper_out"})
    column.send(client, first)
    with database.read() as connection:
        states = connection.execute(select(schema.ticket.c.print_state).order_by(schema.ticket.c.number)).scalars()
        assert list(states) == ["confirmed", "unknown", "failed"]
    assert _count(database, "kiosk_device") == 1
    first = len(column.events) + 1
    column.record("devices.recovered", "printer", {"device": "printer"})
    column.send(client, first)
    assert _count(database, "kiosk_device") == 0


def test_queues_running_low_are_hinted(client: httpx.Client, column: Column) -> None:
    leases = post(client, "updates", column.updates_request()).json()["leases"]
    lease = next(entry for entry in leases if entry["queueId"] == "travel" and entry["kind"] == "working")
    column.issue(lease["firstNumber"], leaseId=lease["leaseId"])
    hints = column.send(client)["hints"]
    assert isinstance(hints, dict)
    assert "travel" in hints["leasesLow"]
