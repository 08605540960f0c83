"""Payments and alarms on the staff pages without a browser: what is shown, who may decide, what goes to the column."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import select

from kiosk.core.codes import code_of
from kiosk.core.payment_period import PeriodResult
from kiosk.core.payment_saga import PaymentState, Verdict
from sync.backoffice import schema
from sync.backoffice.core import BackOffice
from sync.backoffice.database import Database
from sync.backoffice.pages.words import entries
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.staff import create_user
from sync.protocol.ids import uuid7
from tests.backoffice.column import Column, Json
from tests.backoffice.test_backoffice_pages import PASSWORD, Browser

PAGE = "/staff/payments"
PERIOD: Json = {"result": "differs", "count": 2, "amountCents": 1200, "terminalCount": 1, "terminalAmountCents": 700}


@pytest.fixture
def browser(office: BackOffice, server: BackOfficeServer) -> Iterator[Browser]:
    """An, at counter 3 of the building where the column stands."""
    create_user(office, "an", "An Peeters", PASSWORD)
    with httpx.Client(base_url=server.url, follow_redirects=True, timeout=10) as client:
        made = Browser(client)
        made.sit_down()
        yield made


def told(client: httpx.Client, column: Column, *kinds: str, method: str = "terminal") -> str:
    """A payment of which the column told so; its id."""
    payment = uuid7()
    begun: Json = {"paymentId": payment, "productId": "passport", "amountCents": 1250, "method": method}
    column.record("payments.intended", payment, begun)
    for kind in kinds:
        column.record(f"payments.{kind}", payment, {"paymentId": payment, "reason": "test"})
    assert column.send(client)
    return payment


def press(browser: Browser, path: str, page: str = PAGE) -> httpx.Response:
    fields = {"csrf": browser.field(browser.client.get(page).text, "csrf")}
    return browser.client.post(f"{page}/{path}", data=fields)


def commands(database: Database) -> list[tuple[str, Json, str]]:
    with database.read() as connection:
        found = connection.execute(select(schema.command).order_by(schema.command.c.issued_ms)).all()
    return [(row.kind, json.loads(row.body)["arguments"], row.given_by) for row in found]


def test_nobody_sees_or_decides_without_logging_in(client: httpx.Client, column: Column, database: Database) -> None:
    payment = told(client, column, "due", method="counter")
    assert client.get(PAGE).status_code == 303
    assert client.post(f"{PAGE}/{payment}/paid").status_code == 401
    assert commands(database) == []


def test_a_form_of_another_site_decides_nothing(
    client: httpx.Client, column: Column, database: Database, browser: Browser
) -> None:
    payment = told(client, column, "due", method="counter")
    assert browser.client.post(f"{PAGE}/{payment}/paid", data={"csrf": "theirs"}).status_code == 403
    assert commands(database) == []


def test_what_is_due_at_the_counter_is_paid_by_one_press(
    client: httpx.Client, column: Column, database: Database, browser: Browser
) -> None:
    payment = told(client, column, "due", method="counter")
    page = browser.client.get(PAGE).text
    assert code_of(payment) in page
    assert "€\u00a012,50" in page
    assert "te betalen aan het loket" in page
    answer = press(browser, f"{payment}/paid")
    assert "Uw beslissing gaat naar de zuil" in answer.text
    assert "Doorgegeven" in answer.text
    assert f"{payment}/paid" not in answer.text, "it is not decided twice"
    [(kind, arguments, by)] = commands(database)
    assert (kind, arguments) == ("decidePayment", {"payment": payment, "verdict": "paid"})
    assert by


def test_what_the_column_then_tells_is_what_stands_there(
    client: httpx.Client, column: Column, browser: Browser
) -> None:
    payment = told(client, column, "due", "settled", method="counter")
    assert "betaald aan het loket, nog af te halen" in browser.client.get(PAGE).text
    column.record("payments.given", payment, {"paymentId": payment})
    assert column.send(client)
    assert code_of(payment) not in browser.client.get(PAGE).text
    found = browser.client.get(PAGE, params={"code": code_of(payment).lower()}).text
    assert "betaald en door u gegeven" in found


def test_money_in_doubt_has_the_decisions_of_the_table(client: httpx.Client, column: Column, browser: Browser) -> None:
    held = {"given", "paidBack"}
    stands = {
        told(client, column, "unknown"): held | {"notPaid", "paid"},
        told(client, column, "unknown", "staffCase"): held | {"notPaid", "paid"},
        told(client, column, "settled", "undelivered"): held,
        told(client, column, "settled", "undelivered", "refundDue"): held,
        told(client, column, "settled", "promised"): held,
    }
    page = browser.client.get(PAGE).text
    for payment, verdicts in stands.items():
        assert {each.value for each in Verdict if f'{payment}/{each.value}"' in page} == verdicts


def test_a_settled_one_is_no_matter_of_the_page_and_its_receipt_comes_by_its_code(
    client: httpx.Client, column: Column, database: Database, browser: Browser
) -> None:
    payment = told(client, column, "settled")
    assert code_of(payment) not in browser.client.get(PAGE).text
    assert f"{payment}/reprint" in browser.client.get(PAGE, params={"code": code_of(payment)}).text
    assert "De zuil drukt het bewijs" in press(browser, f"{payment}/reprint").text
    assert [kind for kind, *_ in commands(database)] == ["reprintReceipt"]


def test_a_code_that_cannot_be_one_is_said(browser: Browser) -> None:
    assert "Die code bestaat niet" in browser.client.get(PAGE, params={"code": "AAAA-AAAA-A"}).text


def test_what_there_is_not_cannot_be_decided(
    client: httpx.Client, column: Column, database: Database, browser: Browser
) -> None:
    payment = told(client, column, "due", method="counter")
    for path in ("nothing/paid", f"{payment}/perhaps", "columns/nothing/close"):
        assert press(browser, path).status_code == 404
    assert commands(database) == []


def test_a_closing_that_differs_is_shown_and_is_an_alarm(
    client: httpx.Client, column: Column, browser: Browser
) -> None:
    period = uuid7()
    column.record("payments.periodClosed", period, {"periodId": period, **PERIOD})
    told(client, column, "settled")
    page = browser.client.get(PAGE).text
    assert "De zuil: 2 betalingen, €\u00a012,00" in page
    assert "Betaalautomaat: 1 betaling, €\u00a07,00" in page
    counter = browser.client.get("/counter").text
    assert "totalen verschillen" in counter
    assert "€\u00a012,00 / €\u00a07,00" in counter


def test_a_period_is_closed_from_here(
    client: httpx.Client, column: Column, database: Database, browser: Browser
) -> None:
    told(client, column, "settled")
    with database.read() as connection:
        kiosk = connection.execute(select(schema.kiosk.c.id)).scalar_one()
    assert "wordt afgesloten" in press(browser, f"columns/{kiosk}/close").text
    assert [kind for kind, *_ in commands(database)] == ["endTerminalDay"]


def test_an_alarm_stays_until_somebody_has_seen_it(
    client: httpx.Client, column: Column, database: Database, browser: Browser
) -> None:
    payment = told(client, column, "unknown", "staffCase")
    assert code_of(payment) in browser.client.get("/counter").text
    with database.read() as connection:
        alarm = connection.execute(select(schema.alarm.c.id)).scalar_one()
    page = browser.client.get("/counter").text
    browser.client.post(f"/counter/alarms/{alarm}", data={"csrf": browser.field(page, "csrf")})
    assert "u beslist" not in browser.client.get("/counter").text
    with database.read() as connection:
        cleared = connection.execute(select(schema.alarm.c.cleared_by)).scalar_one()
    assert cleared


def test_an_alarm_of_money_goes_by_itself_once_it_is_decided(
    client: httpx.Client, column: Column, browser: Browser
) -> None:
    payment = told(client, column, "unknown", "staffCase")
    column.record("payments.refunded", payment, {"paymentId": payment})
    assert column.send(client)
    assert code_of(payment) not in browser.client.get("/counter").text


def test_every_state_decision_and_result_has_its_words() -> None:
    known = entries()
    shown = set(PaymentState) - {
        PaymentState.SENDING,
        PaymentState.UNDER_WAY,
        PaymentState.REVERSING,
    }
    for key in (
        *(f"payments.state.{state.value}" for state in shown),
        *(f"payments.verdict.{verdict.value}" for verdict in Verdict),
        *(f"payments.day.{result.value}" for result in PeriodResult),
    ):
        assert key in known
