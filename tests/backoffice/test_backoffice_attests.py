"""What the back office makes of attest and payment events: rows, alarms, and what is put aside; on both databases."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import Row, select

from kiosk.core.codes import code_of
from sync.backoffice import schema
from sync.backoffice.attests import find_attest
from sync.backoffice.core import BackOffice
from sync.backoffice.database import Database
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.sealing_keys import add_sealing_key
from sync.backoffice.trust import revoke_attest, revoke_certificate, trust_list
from sync.protocol.canonical import b64url
from sync.protocol.ids import uuid7
from sync.protocol.sealing import OpeningKey
from tests.backoffice.attesting import PERSON, Desk
from tests.backoffice.column import Column, Json, post
from tests.backoffice.conftest import Clock

NUMBER = "hall-K1-2026-00001"
WRONG: Json = {"kid": "k" * 16, "alg": "a", "schema": "s", "ctsha256": "x" * 43, "ct": "AAAA"}
"""Sealed text that is not the one its digest is of."""


@pytest.fixture
def desk(client: httpx.Client, column: Column) -> Desk:
    """A column with a certified key."""
    return Desk.at(client, column)


def _rows(database: Database, name: str) -> list[Row[tuple[object, ...]]]:
    table = schema.metadata.tables[name]
    with database.read() as connection:
        return list(connection.execute(select(table).order_by(table.primary_key.columns.values()[0])))


def _open_alarms(database: Database) -> list[tuple[str, str]]:
    return [(row.kind, row.detail) for row in _rows(database, "alarm") if row.cleared_ms is None]


def _dead(client: httpx.Client, column: Column, first: int = 1) -> list[tuple[int, str]]:
    dead = column.send(client, first)["deadLettered"]
    assert isinstance(dead, list)
    return [(entry["sequence"], str(entry["problemType"]).rpartition(":")[2]) for entry in dead]


def test_an_issued_attest_becomes_a_row_that_names_nobody(
    client: httpx.Client, desk: Desk, database: Database, office: BackOffice
) -> None:
    attest_id = desk.issue(paymentId=uuid7(), feeCents=500, medium="receipt")
    assert _dead(client, desk.column) == []
    (row,) = _rows(database, "attest")
    assert (row.id, row.number, row.product_id, row.fee_cents) == (attest_id, NUMBER, "residence", 500)
    assert (row.state, row.print_state, row.medium, row.valid_until) == ("issued", "queued", "receipt", "2027-02-23")
    assert (row.office_id, row.event_id) == ("hall", desk.column.events[0]["id"])
    assert find_attest(office, NUMBER) == attest_id
    assert find_attest(office, "hall-K1-2026-00002") is None
    assert not any(str(value) in str(row) for value in PERSON.values())


def test_a_request_waits_and_is_done_once_its_attest_is_issued(
    client: httpx.Client, desk: Desk, database: Database, clock: Clock
) -> None:
    request_id = desk.request(productId="household", delivery="email")
    desk.column.send(client)
    (row,) = _rows(database, "attest_request")
    assert (row.id, row.state, row.delivery, row.settled_ms) == (request_id, "pending", "email", None)
    assert row.requested_ms == clock.now
    desk.issue(requestId=request_id)
    desk.column.send(client, 2)
    (row,) = _rows(database, "attest_request")
    assert (row.state, row.settled_ms) == ("issued", clock.now)


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "two batches"])
@pytest.mark.parametrize(
    ("told", "state", "alarms"),
    [
        (["printed"], "confirmed", []),
        (["printUnknown"], "unknown", [("printUnknown", NUMBER)]),
        (["printFailed"], "failed", [("printFailed", NUMBER)]),
        (["printFailed", "printed"], "confirmed", []),
        (["printed", "printFailed"], "confirmed", []),
        (["printUnknown", "taken"], "unknown", []),
    ],
    ids=["printed", "unknown", "failed", "failed then printed", "printed then failed", "unknown then taken"],
)
def test_paper_follows_its_events_and_staff_hear_what_is_open(
    client: httpx.Client,
    desk: Desk,
    database: Database,
    told: list[str],
    state: str,
    alarms: list[tuple[str, str]],
    together: bool,
) -> None:
    attest_id = desk.issue()
    for kind in told:
        if not together:
            assert _dead(client, desk.column, len(desk.column.events)) == []
        desk.tell(kind, attest_id)
    assert _dead(client, desk.column, 1 if together else len(desk.column.events)) == []
    (row,) = _rows(database, "attest")
    assert (row.print_state, row.state) == (state, "issued")
    assert _open_alarms(database) == alarms


def test_the_medium_is_the_one_that_came_out(client: httpx.Client, desk: Desk, database: Database) -> None:
    attest_id = desk.issue(medium="sheet")
    desk.tell("printFailed", attest_id)
    desk.tell("printed", attest_id, medium="receipt")
    desk.column.send(client)
    assert _rows(database, "attest")[0].medium == "receipt"


def test_an_attest_its_column_voids_stands_on_the_trust_list(
    client: httpx.Client, desk: Desk, database: Database, office: BackOffice
) -> None:
    kept, voided = desk.issue(), desk.issue()
    desk.column.send(client)
    before = trust_list(office)
    desk.tell("voided", voided, reason="restart")
    desk.column.send(client, 3)
    states = {row.id: (row.state, row.reason, row.decided_by) for row in _rows(database, "attest")}
    assert states[voided] == ("voided", "restart", desk.column.receipt["kioskId"])
    assert states[kept] == ("issued", None, None)
    after = trust_list(office)
    assert int(str(after["version"])) == int(str(before["version"])) + 1
    ids = [entry["id"] for entry in after["revoked"]]  # type: ignore[attr-defined]
    assert ids == [b64url(bytes.fromhex(voided.replace("-", "")))]


def test_what_staff_decided_stays_decided(
    client: httpx.Client, desk: Desk, database: Database, office: BackOffice
) -> None:
    attest_id = desk.issue()
    desk.column.send(client)
    revoke_attest(office, attest_id, "wrong person", "an")
    version = trust_list(office)["version"]
    desk.tell("voided", attest_id, reason="restart")
    assert _dead(client, desk.column, 2) == []
    (row,) = _rows(database, "attest")
    assert (row.state, row.reason, trust_list(office)["version"]) == ("revoked", "wrong person", version)


def test_open_fees_are_told_to_staff_until_they_are_settled(
    client: httpx.Client, column: Column, database: Database
) -> None:
    fees = [uuid7() for _ in range(7)]
    begun: Json = {"paymentId": fees[0], "productId": "residence", "amountCents": 500, "method": "terminal"}
    column.record("payments.intended", fees[0], begun)
    column.record("payments.settled", fees[0], {"paymentId": fees[0]})
    column.record("payments.failed", fees[1], {"paymentId": fees[1], "reason": "declined"})
    column.record("payments.unknown", fees[2], {"paymentId": fees[2], "reason": "silent"})
    column.record("payments.undelivered", fees[3], {"paymentId": fees[3], "reason": "paper_out"})
    column.record("payments.unknown", fees[4], {"paymentId": fees[4], "reason": "noEvidence"})
    column.record("payments.staffCase", fees[5], {"paymentId": fees[5], "reason": "notKnown"})
    column.record("payments.refundDue", fees[6], {"paymentId": fees[6], "reason": "notReversed"})
    assert _dead(client, column) == []
    assert _open_alarms(database) == [
        ("paymentUnknown", code_of(fees[2])),
        ("paymentUndelivered", code_of(fees[3])),
        ("paymentUnknown", code_of(fees[4])),
        ("paymentCase", code_of(fees[5])),
        ("paymentRefundDue", code_of(fees[6])),
    ]
    column.record("payments.settled", fees[2], {"paymentId": fees[2]})
    column.record("payments.reversed", fees[3], {"paymentId": fees[3]})
    column.record("payments.failed", fees[4], {"paymentId": fees[4], "reason": "notCharged"})
    column.record("payments.failed", fees[5], {"paymentId": fees[5], "reason": "notCharged"})
    assert _dead(client, column) == []
    assert _open_alarms(database) == [("paymentRefundDue", code_of(fees[6]))]


POISON: dict[str, tuple[Json, str]] = {
    "other office": ({"officeId": "library"}, "wrongOffice"),
    "a key of nobody": ({"kid": "AAAAAAAAAAA"}, "foreignKey"),
    "a kid that is none": ({"kid": "short"}, "invalidContent"),
    "nothing sealed": ({"sealed": None}, "invalidContent"),
    "sealed to no shape": ({"sealed": "text"}, "sealedDigest"),
    "fee below zero": ({"feeCents": -1}, "invalidContent"),
    "number with a line break": ({"number": "hall\n1"}, "invalidContent"),
    "a day that is none": ({"validUntil": "soon"}, "invalidContent"),
}


@pytest.mark.parametrize("case", POISON)
def test_poison_is_put_aside_and_never_blocks(client: httpx.Client, desk: Desk, database: Database, case: str) -> None:
    changes, problem = POISON[case]
    desk.issue(**changes)
    good = desk.issue()
    assert _dead(client, desk.column) == [(1, problem)]
    assert [row.id for row in _rows(database, "attest")] == [good]
    assert len(_rows(database, "event")) == 2


def test_sealed_text_that_is_not_its_digest_is_put_aside_whatever_the_event(
    client: httpx.Client, desk: Desk, database: Database
) -> None:
    desk.issue(sealed=WRONG)
    desk.request(sealed=WRONG)
    desk.column.issue(1, sealed=WRONG)
    desk.column.record("", "x", {"sealed": WRONG}, service_type="eu.zuil.kiosk.v1.moons.notify.risen")
    assert _dead(client, desk.column) == [(sequence, "sealedDigest") for sequence in (1, 2, 3, 4)]
    assert _rows(database, "attest") == _rows(database, "attest_request") == _rows(database, "ticket") == []


def test_without_the_digest_wrong_sealed_text_gets_in(
    client: httpx.Client, desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.issue(sealed=WRONG)
    assert _dead(client, desk.column) == [(1, "sealedDigest")]
    monkeypatch.setattr("sync.backoffice.projection.digest_fits", lambda _sealed: True)
    desk.issue(sealed=WRONG)
    assert _dead(client, desk.column, 2) == []
    assert len(_rows(database, "attest")) == 1


def test_an_erased_text_is_not_taken_for_a_new_attest(client: httpx.Client, desk: Desk) -> None:
    desk.issue(sealed={"kid": "k" * 16, "alg": "a", "schema": "s", "ctsha256": "x" * 43})
    assert _dead(client, desk.column) == [(1, "invalidContent")]


def test_an_id_a_number_or_a_code_used_before_is_put_aside(
    client: httpx.Client, desk: Desk, database: Database
) -> None:
    first = desk.issue()
    desk.issue(attestId=first)
    desk.issue(number=NUMBER)
    code = b64url(bytes(32))
    desk.request(codeHash=code)
    desk.request(codeHash=code)
    assert _dead(client, desk.column) == [
        (5, "duplicateAttest"),
        (2, "duplicateAttest"),
        (3, "duplicateAttest"),
    ]
    assert len(_rows(database, "attest")) == len(_rows(database, "attest_request")) == 1
    assert _dead(client, desk.column) == [], "the same batch again is known already"


def test_what_is_told_of_an_attest_never_seen_or_of_another_column_is_put_aside(
    client: httpx.Client, desk: Desk, enrol: Callable[[], Column], database: Database
) -> None:
    attest_id = desk.issue()
    desk.column.send(client)
    other = Desk.at(client, enrol())
    for kind in ("printed", "printUnknown", "printFailed", "taken", "voided"):
        other.tell(kind, attest_id)
    other.tell("printed", uuid7())
    assert [problem for _, problem in _dead(client, other.column)] == ["unknownAttest"] * 6
    (row,) = _rows(database, "attest")
    assert (row.state, row.print_state) == ("issued", "queued")
    assert _open_alarms(database) == []


def test_a_key_of_another_column_seals_nothing_here(
    client: httpx.Client, desk: Desk, enrol: Callable[[], Column]
) -> None:
    other = Desk.at(client, enrol())
    desk.issue(kid=other.kid)
    assert _dead(client, desk.column) == [(1, "foreignKey")]


def test_staff_hear_of_attests_sealed_after_their_key_was_revoked(
    client: httpx.Client, desk: Desk, office: BackOffice, database: Database, clock: Clock
) -> None:
    desk.issue()
    revoke_certificate(office, desk.kid, clock.now + 1000)
    desk.column.clock_ms += 1000
    clock.pass_seconds(1)
    desk.issue()
    assert _dead(client, desk.column) == []
    assert _open_alarms(database) == [("revokedKey", "hall-K1-2026-00002")]
    assert len(_rows(database, "attest")) == 2


def test_tickets_cost_no_statement_more_for_attests_beside_them(
    client: httpx.Client, desk: Desk, office: BackOffice, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch of tickets alone never comes near the tables of attests."""

    def never(*_: object) -> None:
        raise AssertionError("attests were written for a batch of tickets")

    monkeypatch.setattr("sync.backoffice.effects.write_attests", never)
    for number in range(1, 101):
        desk.column.issue(number)
    assert _dead(client, desk.column) == []
    assert len(_rows(database, "ticket")) == 100


def test_updates_bring_every_sealing_key_that_has_not_ended(
    client: httpx.Client, column: Column, office: BackOffice, clock: Clock
) -> None:
    day = 24 * 3600 * 1000
    assert post(client, "updates", column.updates_request()).json()["sealingKeys"] == []
    now, later = OpeningKey.generate().public, OpeningKey.generate().public
    ended = OpeningKey.generate().public
    add_sealing_key(office, ended, clock.now - 2 * day, clock.now - day)
    add_sealing_key(office, later, clock.now + day, clock.now + 9 * day)
    assert add_sealing_key(office, now, clock.now - day, clock.now + day) == now.id
    keys = post(client, "updates", column.updates_request()).json()["sealingKeys"]
    assert [key["kid"] for key in keys] == [now.id, later.id]
    assert keys[0] == {
        "kid": now.id,
        "publicKey": str(now),
        "notBefore": "2026-11-22T09:00:00.000Z",
        "notAfter": "2026-11-24T09:00:00.000Z",
    }
    with pytest.raises(ValueError, match="after it begins"):
        add_sealing_key(office, now, clock.now, clock.now)


def test_a_column_of_the_library_has_attests_too(client: httpx.Client, office: BackOffice, clock: Clock) -> None:
    desk = Desk.at(client, Column.join(client, new_enrolment_code(office, "library"), clock.now))
    desk.issue()
    assert _dead(client, desk.column) == []


def test_a_request_goes_another_way_as_long_as_no_attest_answered_it(
    client: httpx.Client, desk: Desk, database: Database
) -> None:
    request_id = desk.request(productId="household")
    desk.redirect(request_id, "ebox")
    assert _dead(client, desk.column) == []
    (row,) = _rows(database, "attest_request")
    assert (row.delivery, row.redirected_by, row.state) == ("ebox", desk.column.events[1]["id"], "pending")
    desk.issue(requestId=request_id)
    assert _dead(client, desk.column, 3) == []
    desk.redirect(request_id)
    assert _dead(client, desk.column, 4) == [(4, "unknownRequest")]


def test_a_request_nobody_made_and_a_notice_to_nowhere_are_put_aside(client: httpx.Client, desk: Desk) -> None:
    request_id = desk.request(productId="household")
    desk.redirect(uuid7())
    desk.column.record("attests.redirected", request_id, {"requestId": request_id, "delivery": "email"})
    assert sorted(_dead(client, desk.column)) == [(2, "unknownRequest"), (3, "invalidContent")]
