"""Small towns for tests of the core: values and strategies, no files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from kiosk.core.catalogue import (
    ClosedDay,
    ContactPoint,
    Interval,
    Offer,
    OpeningHours,
    Queue,
    Service,
    Site,
    Theme,
    WayKind,
)
from kiosk.core.language import LanguageProfile, Regime
from kiosk.core.purposes import Level, Purpose
from kiosk.core.texts import Localized

BRUSSELS = ZoneInfo("Europe/Brussels")
NL = LanguageProfile(Regime.DUTCH, ("nl",))


def text(words: str, **others: str) -> Localized:
    """A text in Dutch, and in other languages when given."""
    return Localized({"nl": words, **others})


def at(stamp: str) -> datetime:
    """A moment in Brussels: `at("2026-11-23 10:00")`."""
    return datetime.fromisoformat(stamp).replace(tzinfo=BRUSSELS)


def hours(week: Mapping[int, str], *closed: ClosedDay) -> OpeningHours:
    """Hours by ISO weekday: `hours({1: "09:00-12:00 13:00-16:00"})`."""
    return OpeningHours({day: tuple(map(_interval, parts.split())) for day, parts in week.items()}, closed)


def _interval(part: str) -> Interval:
    opens, closes = part.split("-")
    return Interval(time.fromisoformat(opens), time.fromisoformat(closes))


def queue(id: str) -> Queue:
    """A queue of that id."""
    return Queue(id, id[0].upper(), text(id), text("hal"))


def point(id: str, queues: tuple[str, ...], opening: OpeningHours) -> ContactPoint:
    """A contact point of that id."""
    return ContactPoint(id, text(id), text("gebouw"), "Markt 1", "03 1", opening, queues, text("op de markt"))


def service(id: str = "passport", offers: tuple[Offer, ...] = (), **more: object) -> Service:
    """A service; `more` replaces its other members."""
    members: dict[str, object] = {
        "theme": "identity",
        "title": text(id),
        "summary": text(""),
        "icon": "card",
        "keywords": {},
        "bring": (),
        "costs": (),
        "audience": text("iedereen"),
        **more,
    }
    return Service(id=id, offers=offers, **members)  # type: ignore[arg-type]  # members are given by name


def purpose(id: str) -> Purpose:
    """A purpose of that id."""
    return Purpose(id, text(id), ("name",), Level.CARD, text("om u te helpen"))


def town(points: tuple[ContactPoint, ...], services: tuple[Service, ...], queues: tuple[str, ...] = ("a", "b")) -> Site:
    """A town with these contact points and services, and every purpose of `PURPOSE_IDS`."""
    themes = (Theme("identity", text("Identiteit"), text(""), "card"),)
    made = tuple(map(queue, queues))
    return Site(
        "town", text("Dorp"), "D", "#000000", False, "Europe/Brussels", "03 0", "d.example", NL, themes, made, points,
        services, tuple(map(purpose, PURPOSE_IDS)),
    )  # fmt: skip


QUEUE_IDS = ("a", "b", "c")
PURPOSE_IDS = ("look", "prove")
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
MOMENTS = st.builds(
    lambda day, minute: (datetime.combine(day, time()) + timedelta(minutes=minute)).replace(tzinfo=BRUSSELS),
    DAYS,
    st.integers(0, 24 * 60 - 1),
)


@st.composite
def opening_hours(draw: st.DrawFn) -> OpeningHours:
    """Any hours between 06:00 and 23:00, intervals in order, some touching, with some closings."""
    week: dict[int, tuple[Interval, ...]] = {}
    for day in draw(st.sets(st.integers(1, 7))):
        marks = sorted(draw(st.sets(st.integers(6 * 4, 23 * 4), min_size=2, max_size=6)))
        times = [time(mark // 4, mark % 4 * 15) for mark in marks]
        pairs = list(pairwise(times))
        week[day] = tuple(Interval(*pair) for pair in pairs if draw(st.booleans()))
    return OpeningHours(week, tuple(draw(st.lists(closings(), max_size=4))))


def closings() -> st.SearchStrategy[ClosedDay]:
    """A closing of one day to three weeks."""
    return st.builds(
        lambda day, length: ClosedDay(day, text("dicht"), day + timedelta(days=length) if length else None),
        DAYS,
        st.integers(0, 21),
    )


def offers() -> st.SearchStrategy[Offer]:
    """Any offer the files can hold."""
    return st.one_of(
        st.sampled_from(QUEUE_IDS).map(lambda name: Offer(WayKind.TICKET, queue=name)),
        st.sampled_from(PURPOSE_IDS).map(lambda name: Offer(WayKind.CARD, purpose=name)),
        st.just(Offer(WayKind.APPOINTMENT, phone="03 2", web="d.example/a")),
        st.just(Offer(WayKind.APPOINTMENT, web="d.example/a")),
        st.just(Offer(WayKind.PHONE, phone="03 2")),
        st.just(Offer(WayKind.WEB, web="d.example")),
        st.just(Offer(WayKind.PLACE, place=text("elders"))),
    )


@st.composite
def towns(draw: st.DrawFn) -> Site:
    """Any town: points with any queues and hours, services with any offers, even queues nobody serves."""
    queues = st.sets(st.sampled_from(QUEUE_IDS)).map(lambda ids: tuple(sorted(ids)))
    points = [point(f"p{n}", draw(queues), draw(opening_hours())) for n in range(draw(st.integers(1, 4)))]
    services = [service(f"s{n}", tuple(draw(st.lists(offers(), max_size=5)))) for n in range(draw(st.integers(1, 3)))]
    return town(tuple(points), tuple(services), QUEUE_IDS)
