"""Small things a page could say wrongly: a price of nothing, a day that is today, a field that searches nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from config.site import load_site
from config.texts import load_texts
from drivers.contract import Line
from kiosk.core.catalogue import Cost
from kiosk.core.pages import SearchPage, View
from kiosk.core.texts import LANGUAGES, Localized, message
from kiosk.demo.collect import LIBRARY, ZONE
from kiosk.demo.rehearsal import Rehearsal
from kiosk.documents.payment_slip import due_slip
from kiosk.journeys.pay_pages import owed
from kiosk.journeys.service_sheet import cost_fact, price_section
from kiosk.paths import DEMO_SITE
from kiosk.ui.words import Wording

CHILD = Localized(dict.fromkeys(LANGUAGES, "child"))


def costs(*cents: int) -> tuple[Cost, ...]:
    return tuple(Cost(CHILD, amount) for amount in cents)


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        ((), "Free"),
        ((0,), "Free"),
        ((500,), "€5.00"),
        ((800, 500), "From €5.00"),
        ((0, 800, 500), "Free, or from €5.00"),
    ],
)
def test_nothing_is_free_and_never_from_nothing(cents: tuple[int, ...], said: str) -> None:
    assert load_texts().words(cost_fact(costs(*cents)).value, "en") == said


def test_a_price_of_nothing_is_free_in_the_list_too() -> None:
    (section,) = price_section(costs(0, 500))
    assert [load_texts().words(line, "en") for line in section.items] == ["child: free", "child: €5.00"]


@pytest.mark.parametrize(
    ("hour", "key"), [(10, "welcome.closed_until_time"), (22, "welcome.closed_until")], ids=["today", "another day"]
)
async def test_counters_that_open_today_say_today(hour: int, key: str) -> None:
    at = datetime(2026, 11, 23, hour, 24, tzinfo=ZONE)
    async with Rehearsal(load_site(DEMO_SITE), load_texts(), replace(LIBRARY, at=at)) as rehearsal:
        assert key in repr(rehearsal.screen.page)


@pytest.mark.parametrize(("field", "icon"), [(None, "magnifying-glass"), (message("attest.code.field"), "note-pencil")])
def test_a_field_that_searches_nothing_shows_no_magnifier(field: object, icon: str) -> None:
    page = SearchPage(title=message("home.search"), field=field)  # type: ignore[arg-type]
    assert Wording(load_texts(), View(1, page, "nl", LANGUAGES).language).page(page).icon == icon


def test_page_and_slip_call_what_is_asked_for_later_a_code() -> None:
    site, texts = load_site(DEMO_SITE), load_texts()
    paper = due_slip("7K3M-9QXA-B", "x", 200, LIBRARY.at, site, texts, "nl")
    lines = [item for item in paper.items if isinstance(item, Line)]
    (code,) = (line for line in lines if line.text == "7K3M-9QXA-B")
    assert code.scale == 2, "it is typed from this paper"
    assert "Code" in [line.text for line in lines]
    assert message("pay.code") in [fact.label for fact in owed("7K3M-9QXA-B", message("plain", text="x"), 200).facts]
