"""No wrong door: the ways to a service by example, and by property over any town, clock and state of the devices."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.catalogue import ClosedDay, Offer, OpeningHours, Site, WayKind
from kiosk.core.hours import Closed, Open, state
from kiosk.core.ways import Appointment, Facts, GoTo, Phone, Place, TakeTicket, UseCard, Way, Web, ways
from tests.core.towns import MOMENTS, at, hours, point, service, text, town, towns

ALL_WELL = Facts(printer_usable=True, online=True)
CARDS_TOO = Facts(printer_usable=True, online=True, card_usable=True)
MORNINGS = hours(dict.fromkeys(range(1, 6), "09:00-12:00"))
AFTERNOONS = hours(dict.fromkeys(range(1, 6), "13:00-16:00"))
TICKET_A = Offer(WayKind.TICKET, queue="a")
TICKET_B = Offer(WayKind.TICKET, queue="b")
LOOK = Offer(WayKind.CARD, purpose="look")
PROVE = Offer(WayKind.CARD, purpose="prove")
BY_PHONE = Offer(WayKind.PHONE, phone="03 2")
MONDAY_TEN = at("2026-11-23 10:00")
MONDAY_ONE = at("2026-11-23 12:30")
MONDAY_NIGHT = at("2026-11-23 22:00")


def found(site: Site, here: str, now: datetime, facts: Facts = ALL_WELL) -> list[Way]:
    """The ways to the first service of a town."""
    return list(ways(site, site.services[0], here, now, facts))


def one_hall(*offers: Offer, opening: OpeningHours = MORNINGS) -> Site:
    """A town with one hall that serves queue a."""
    return town((point("hall", ("a",), opening),), (service(offers=offers),))


def test_where_the_queue_is_served_and_open_a_ticket_comes_first() -> None:
    site = one_hall(BY_PHONE, TICKET_A)
    assert found(site, "hall", MONDAY_TEN) == [TakeTicket(site.queue("a")), Phone("03 2")]


@pytest.mark.parametrize("facts", [Facts(False, True), Facts(True, False), Facts(False, False)])
def test_a_ticket_is_given_with_a_broken_printer_and_without_network(facts: Facts) -> None:
    site = one_hall(TICKET_A)
    assert found(site, "hall", MONDAY_TEN, facts) == [TakeTicket(site.queue("a"), paper=facts.printer_usable)]


def test_when_it_is_closed_here_the_way_is_here_later() -> None:
    site = one_hall(TICKET_A, BY_PHONE)
    later = GoTo(site.contact_point("hall"), Closed(at("2026-11-24 09:00")))
    assert found(site, "hall", MONDAY_NIGHT) == [later, Phone("03 2")]


def test_from_a_building_without_counters_the_way_leads_to_one_that_serves() -> None:
    library = point("library", (), hours({}))
    hall = point("hall", ("a",), MORNINGS)
    site = town((library, hall), (service(offers=(TICKET_A,)),))
    assert found(site, "library", MONDAY_TEN) == [GoTo(hall, Open(time(12)))]


def test_here_comes_first_then_open_ones_then_the_soonest_to_open() -> None:
    here = point("here", ("a",), hours({3: "09:00-12:00"}))
    tomorrow = point("tomorrow", ("a",), hours({2: "09:00-12:00"}))
    today = point("today", ("a",), AFTERNOONS)
    now = point("now", ("a",), hours({1: "12:00-14:00"}))
    site = town((tomorrow, today, now, here), (service(offers=(TICKET_A,)),))
    order = [way.point.id for way in found(site, "here", MONDAY_ONE) if isinstance(way, GoTo)]
    assert order == ["here", "now", "today", "tomorrow"]


def test_a_queue_served_here_and_one_served_elsewhere_give_both_ways() -> None:
    here, other = point("here", ("a",), MORNINGS), point("other", ("a", "b"), MORNINGS)
    site = town((here, other), (service(offers=(TICKET_B, TICKET_A)),))
    assert found(site, "here", MONDAY_TEN) == [TakeTicket(site.queue("a")), GoTo(other, Open(time(12)))]


def test_nobody_is_sent_to_another_building_for_a_ticket_that_is_given_here() -> None:
    here, other = point("here", ("a",), MORNINGS), point("other", ("a",), MORNINGS)
    site = town((here, other), (service(offers=(TICKET_A,)),))
    assert found(site, "here", MONDAY_TEN) == [TakeTicket(site.queue("a"))]


def test_nobody_is_sent_to_a_counter_that_never_opens() -> None:
    closed = OpeningHours(MORNINGS.week, (ClosedDay(MONDAY_TEN.date(), text("Brand"), date.max),))
    assert found(one_hall(TICKET_A, opening=closed), "hall", MONDAY_TEN) == [Phone("03 0")]


def test_the_other_ways_keep_the_order_of_the_municipality_and_stand_once() -> None:
    offers = (
        Offer(WayKind.WEB, web="d.example"),
        Offer(WayKind.PLACE, place=text("elders")),
        Offer(WayKind.APPOINTMENT, phone="03 2"),
        BY_PHONE,
        Offer(WayKind.WEB, web="d.example"),
    )
    expected = [Web("d.example"), Place(text("elders")), Appointment("03 2", None), Phone("03 2")]
    assert found(one_hall(*offers), "hall", MONDAY_TEN) == expected


def test_a_service_without_any_offer_leads_to_the_general_number() -> None:
    assert found(one_hall(), "hall", MONDAY_TEN) == [Phone("03 0")]


def test_what_is_done_here_with_the_card_comes_first_whatever_its_place_in_the_file() -> None:
    site = one_hall(BY_PHONE, TICKET_A, PROVE, LOOK, PROVE)
    look, prove = UseCard(site.purpose("look")), UseCard(site.purpose("prove"))
    expected = [prove, look, TakeTicket(site.queue("a")), Phone("03 2")]
    assert found(site, "hall", MONDAY_TEN, CARDS_TOO) == expected


@pytest.mark.parametrize("now", [MONDAY_TEN, MONDAY_NIGHT, at("2026-11-22 03:00")])
def test_the_card_works_at_any_hour_and_where_nobody_is(now: datetime) -> None:
    site = town((point("library", (), hours({})),), (service(offers=(LOOK,)),))
    assert found(site, "library", now, CARDS_TOO) == [UseCard(site.purpose("look"))]


def test_without_a_working_reader_the_other_ways_remain() -> None:
    site = one_hall(LOOK, TICKET_A, BY_PHONE)
    assert found(site, "hall", MONDAY_TEN, ALL_WELL) == [TakeTicket(site.queue("a")), Phone("03 2")]


def test_a_service_of_the_card_alone_leads_to_the_general_number_while_the_reader_is_out() -> None:
    assert found(one_hall(LOOK), "hall", MONDAY_TEN, ALL_WELL) == [Phone("03 0")]


def test_who_knows_of_no_reader_offers_no_card() -> None:
    assert Facts(printer_usable=True, online=True).card_usable is False


FACTS = st.builds(Facts, st.booleans(), st.booleans(), st.booleans())


@given(towns(), MOMENTS, FACTS)
def test_no_door_is_wrong(site: Site, now: datetime, facts: Facts) -> None:
    for one in site.services:
        queues = {offer.queue for offer in one.offers if offer.queue}
        for here in site.contact_points:
            led = ways(site, one, here.id, now, facts)
            assert led
            assert [way for number, way in enumerate(led) if way in led[:number]] == []
            for way in led:
                if isinstance(way, UseCard):
                    assert facts.card_usable
                    assert way.purpose.id in {offer.purpose for offer in one.offers}
                if isinstance(way, TakeTicket):
                    assert way.queue.id in queues & set(here.queues)
                    assert isinstance(state(here.hours, now), Open)
                if isinstance(way, GoTo):
                    assert queues & set(way.point.queues)
                    assert way.opening == state(way.point.hours, now)
                    assert isinstance(way.opening, Open) or way.opening.opens


@given(towns(), MOMENTS, FACTS)
def test_a_ticket_is_offered_whenever_the_queue_is_open_here(site: Site, now: datetime, facts: Facts) -> None:
    for one in site.services:
        for here in site.contact_points:
            led = ways(site, one, here.id, now, facts)
            given_here = {way.queue.id for way in led if isinstance(way, TakeTicket)}
            wanted = {offer.queue for offer in one.offers if offer.queue in here.queues}
            assert given_here == (wanted if isinstance(state(here.hours, now), Open) else set())


@given(towns(), MOMENTS, FACTS)
def test_the_card_is_offered_first_wherever_and_whenever_the_reader_works(
    site: Site, now: datetime, facts: Facts
) -> None:
    for one in site.services:
        for here in site.contact_points:
            led = ways(site, one, here.id, now, facts)
            wanted = list(dict.fromkeys(offer.purpose for offer in one.offers if offer.way is WayKind.CARD))
            cards = [way.purpose.id for way in led[: len(wanted)] if isinstance(way, UseCard)]
            assert cards == (wanted if facts.card_usable else [])


@given(towns(), MOMENTS, FACTS, FACTS)
def test_what_is_broken_changes_no_way_but_card_and_paper(site: Site, now: datetime, one: Facts, other: Facts) -> None:
    for sheet in site.services:
        led, again = (ways(site, sheet, site.contact_points[0].id, now, facts) for facts in (one, other))
        assert _lasting(site, led) == _lasting(site, again)


@given(towns(), MOMENTS)
def test_the_order_is_card_ticket_here_open_then_soonest(site: Site, now: datetime) -> None:
    here = site.contact_points[-1].id
    for sheet in site.services:
        ranks = [_rank(way, here, now) for way in ways(site, sheet, here, now, CARDS_TOO)]
        assert ranks == sorted(ranks)


def _lasting(site: Site, led: tuple[Way, ...]) -> list[Way]:
    """The ways that do not hang on a device; the general number is one only where there is no other."""
    plain = [TakeTicket(way.queue) if isinstance(way, TakeTicket) else way for way in led]
    return [way for way in plain if not isinstance(way, UseCard)] or [Phone(site.phone)]


def _rank(way: Way, here: str, now: datetime) -> tuple[int, float]:
    if isinstance(way, UseCard):
        return (-1, 0)
    if isinstance(way, TakeTicket):
        return (0, 0)
    if not isinstance(way, GoTo):
        return (4, 0)
    if way.point.id == here:
        return (1, 0)
    opens = way.opening.opens if isinstance(way.opening, Closed) else None
    return (3, opens.timestamp()) if opens else (2, 0)
