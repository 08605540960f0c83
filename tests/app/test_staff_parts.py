"""What stands behind the desk of staff: door, caretaker, roll with a real printer, report of the morning, volume."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher

from config.staff_settings import StaffSettings, StaffTable
from drivers.card_contract import BadgeRead, CardRead, Check, CheckName, Finding, Pin, Verdict
from drivers.contract import DeviceStatus, Health, PaperSeen, Printed, Reason, Refused, Unknown
from drivers.runner import PrinterRunner
from drivers.simulated.printer import SimulatedPrinter
from kiosk.caretaking import KEY as CLOSURE
from kiosk.caretaking import ColumnCare, kept_closure
from kiosk.clock import DrivenClock, settle
from kiosk.core.catalogue import Interval, OpeningHours
from kiosk.core.closure import Closure
from kiosk.core.column_health import DeviceSeen, Seen, Subject
from kiosk.core.staff import Right
from kiosk.demo.told_cards import GENUINE, invented_person
from kiosk.demo.told_staff import ToldBook, ToldHouse
from kiosk.journeys.staff_desk import PinToo
from kiosk.loudness import Loudness
from kiosk.paper_watch import KEY as PAPER
from kiosk.paper_watch import PaperWatch, kept_count
from kiosk.readiness import Readiness
from kiosk.staffing import (
    CARD_KEY_FILE,
    KEY,
    StaffDoor,
    badge_mark,
    card_mark,
    digits_of,
    kept_lockout,
    load_card_key,
    whose_pin,
)
from kiosk.surroundings import device_seen
from tests.drivers.rigs import driver_for, ticket
from tests.journeys.world import TestPrinter

ZONE = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
QUICK = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
CARD_NUMBER = "592000000123"


def pin_of(digits: str) -> Pin:
    pin = Pin()
    pin.add(digits)
    return pin


def person(name: str, digits: str = "", card: str = "") -> StaffTable:
    return StaffTable(id=name, role="reception", pin=QUICK.hash(digits) if digits else "", card=card)


class Door:
    """A door, its memory, and its time."""

    def __init__(self, folder: Path, *people: StaffTable) -> None:
        self.book, self.at, self.folder, self.people = ToldBook(), NOW, folder, list(people)

    def __call__(self) -> StaffDoor:
        return StaffDoor(StaffSettings(people=self.people), self.book, self.folder, lambda: self.at)

    @property
    def refusals(self) -> list[Mapping[str, object]]:
        return [data for name, data in self.book.events if name == "staff.refused"]


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path, person("an", "246810"), person("ben", "135791"))


async def test_a_code_tells_whose_it_is_and_nothing_of_it_stays(door: Door) -> None:
    pin = pin_of("135791")
    member = await door().by_pin(pin)
    assert member is not None
    assert member.id == "ben"
    assert member.may(Right.CLOSE)
    assert len(pin) == 0
    assert "135791" not in str(door.book.kept) + str(door.book.events)


async def test_wrong_codes_are_counted_and_the_door_waits_longer_each_time(door: Door) -> None:
    for _ in range(5):
        assert await door().by_pin(pin_of("000000")) is None
    assert await door().wait_seconds() == 15
    assert await door().by_pin(pin_of("246810")) is None, "not even the right one, before its time"
    door.at += timedelta(seconds=15)
    assert await door().by_pin(pin_of("000000")) is None
    assert await door().wait_seconds() == 30, "another door object: the count is on disk"
    assert [data["failures"] for data in door.refusals] == [1, 2, 3, 4, 5, 6]
    door.at += timedelta(seconds=30)
    assert await door().by_pin(pin_of("246810")) is not None
    assert await door().wait_seconds() == 0


async def test_a_try_is_on_disk_before_it_is_judged(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []

    def judged(digits: bytearray, people: list[StaffTable]) -> StaffTable | None:
        seen.append(door.book.kept.get(KEY))
        return whose_pin(digits, people)

    monkeypatch.setattr("kiosk.staffing.whose_pin", judged)
    await door().by_pin(pin_of("246810"))
    assert seen == [{"failures": 1, "until": None}]
    assert door.book.kept[KEY] is None


def test_digits_are_overwritten_once_they_were_compared() -> None:
    digits = digits_of(pin_of("246810135790"))
    assert digits == b"246810135790"
    assert whose_pin(digits, [person("an", "246810135790")]) is not None
    assert digits == bytes(12)


def test_a_broken_hash_lets_nobody_in_and_keeps_nobody_out() -> None:
    broken = person("x").model_copy(update={"pin": "$argon2id$nonsense"})
    found = whose_pin(bytearray(b"246810"), [broken, person("an", "246810")])
    assert found is not None
    assert found.id == "an"


def card(verdict: Verdict = GENUINE, number: str | None = CARD_NUMBER) -> CardRead:
    return CardRead(replace(invented_person(), card_number=number), verdict, 1, 10)


def known(door: Door) -> StaffDoor:
    key = load_card_key(door.folder / CARD_KEY_FILE, make=True)
    door.people = [person("an", "246810", card_mark(key, CARD_NUMBER)), person("ben", "135791")]
    return door()


BADGE = BadgeRead("5A17C3E4")


def with_badge(door: Door, number: str = BADGE.number) -> StaffDoor:
    mark = badge_mark(load_card_key(door.folder / CARD_KEY_FILE, make=True), number)
    an, ben = person("an", "246810"), person("ben", "135791")
    door.people = [StaffTable(id="an", role="reception", pin=an.pin, badge=mark), ben]
    return door()


def proven(finding: Finding) -> Verdict:
    others = tuple(check for check in GENUINE.checks if check.name is not CheckName.CHIP)
    return Verdict((*others, Check(CheckName.CHIP, finding)))


async def test_a_card_that_proves_itself_lets_its_owner_in(door: Door) -> None:
    member = await known(door).by_card(card(proven(Finding.PASSED)))
    assert not isinstance(member, PinToo)
    assert member is not None
    assert member.id == "an"
    assert CARD_NUMBER not in str(door.people) + str(door.book.events)
    assert (door.folder / CARD_KEY_FILE).stat().st_mode & 0o777 == 0o600


async def test_a_card_that_may_be_a_copy_needs_the_owners_own_code(door: Door) -> None:
    opened = known(door)
    assert await opened.by_card(card(proven(Finding.NOT_POSSIBLE))) == PinToo("an")
    assert await opened.by_pin(pin_of("135791"), "an") is None, "somebody else's code will not do"
    member = await opened.by_pin(pin_of("246810"), "an")
    assert member is not None


@pytest.mark.parametrize("name", [CheckName.IDENTITY_SIGNATURE, CheckName.REGISTER_CERTIFICATE, CheckName.VALIDITY])
async def test_a_card_whose_signatures_do_not_hold_lets_nobody_in(door: Door, name: CheckName) -> None:
    opened = known(door)
    for finding in (Finding.FAILED, Finding.NOT_POSSIBLE):
        others = tuple(check for check in proven(Finding.PASSED).checks if check.name is not name)
        assert await opened.by_card(card(Verdict((*others, Check(name, finding))))) is None
    assert [data["way"] for data in door.refusals] == ["card", "card"]


async def test_a_strange_card_or_one_without_a_number_lets_nobody_in(door: Door) -> None:
    opened = known(door)
    assert await opened.by_card(card(proven(Finding.PASSED), "592000000124")) is None
    assert await opened.by_card(card(proven(Finding.PASSED), None)) is None


async def test_without_the_key_of_this_column_no_mark_fits(door: Door) -> None:
    known(door)
    (door.folder / CARD_KEY_FILE).unlink()
    assert await door().by_card(card(proven(Finding.PASSED))) is None


async def test_a_badge_names_its_owner_and_their_own_code_is_needed(door: Door) -> None:
    opened = with_badge(door)
    assert opened.badges
    assert await opened.by_badge(BADGE) == PinToo("an"), "never a member: its number can be copied"
    assert await opened.by_pin(pin_of("135791"), "an") is None, "somebody else's code will not do"
    member = await opened.by_pin(pin_of("246810"), "an")
    assert member is not None
    assert member.id == "an"
    assert BADGE.number not in str(door.people) + str(door.book.events)


async def test_a_strange_badge_is_nobodys_and_told(door: Door) -> None:
    opened = with_badge(door)
    assert await opened.by_badge(BadgeRead("5A17C3E5")) is None
    assert [data["way"] for data in door.refusals] == ["badge"]
    (door.folder / CARD_KEY_FILE).unlink()
    assert await door().by_badge(BADGE) is None, "without the key of this column no mark fits"


async def test_a_number_makes_no_mark_of_another_kind(door: Door) -> None:
    """Else a badge that says the number of somebody's eID would be that eID, or the other way round."""
    key = load_card_key(door.folder / CARD_KEY_FILE, make=True)
    assert badge_mark(key, CARD_NUMBER) != card_mark(key, CARD_NUMBER)
    opened = known(door)
    assert await opened.by_badge(BadgeRead(CARD_NUMBER)) is None
    badged = with_badge(door, CARD_NUMBER)
    assert await badged.by_card(card(proven(Finding.PASSED))) is None


@pytest.mark.parametrize("strange", [None, 3, {}, {"failures": "many", "until": None}, {"failures": 1, "until": "?"}])
def test_a_lockout_that_cannot_be_read_begins_anew(strange: object) -> None:
    assert kept_lockout(strange).failures == 0


# --- the caretaker ---------------------------------------------------------------------------------------------------


async def test_a_closure_is_on_disk_with_its_event_and_survives_a_restart() -> None:
    book = ToldBook()
    care = ColumnCare(book, lambda: NOW)
    await care.close(Closure("an", NOW + timedelta(hours=1), "We verhuizen", "nl"))
    again = ColumnCare(book, lambda: NOW)
    assert not again.refusing
    await again.start()
    assert again.closure == Closure("an", NOW + timedelta(hours=1), "We verhuizen", "nl")
    assert again.refusing
    await again.open_if_due()
    assert again.refusing
    later = ColumnCare(book, lambda: NOW + timedelta(hours=1))
    await later.start()
    await later.open_if_due()
    assert not later.refusing
    assert book.kept[CLOSURE] is None
    assert book.events == [
        ("columns.closed", {"by": "an", "until": (NOW + timedelta(hours=1)).isoformat()}),
        ("columns.opened", {"by": "clock"}),
    ]


async def test_an_open_column_is_not_opened_again() -> None:
    book = ToldBook()
    await ColumnCare(book, lambda: NOW).open("an")
    assert not book.events


@pytest.mark.parametrize(
    "strange", [None, [], {"until": ""}, {"by": "an", "until": "noon"}, {"by": "an", "until": "2026-11-23T09:00:00"}]
)
def test_a_closure_that_cannot_be_read_closes_nothing(strange: object) -> None:
    assert kept_closure(strange) is None


async def test_ending_a_visit_cancels_it_and_only_it() -> None:
    care = ColumnCare(ToldBook(), lambda: NOW)
    care.end_visit("an")
    visit = asyncio.create_task(asyncio.sleep(60))
    care.began(visit)
    assert care.visited
    care.end_visit("an")
    await settle()
    assert visit.cancelled()
    assert not care.visited


# --- the roll --------------------------------------------------------------------------------------------------------


class Sensor(TestPrinter):
    """A printer whose sensors are told."""

    def __init__(self) -> None:
        super().__init__()
        self.listeners: list[Callable[[DeviceStatus], None]] = []

    def on_change(self, listener: Callable[[DeviceStatus], None]) -> None:
        self.listeners.append(listener)

    async def becomes(self, paper: PaperSeen, reason: Reason | None = None) -> None:
        self.status = DeviceStatus(Health.UNAVAILABLE if reason else Health.READY, reason, "x", paper)
        for listener in self.listeners:
            listener(self.status)
        await settle()


async def watch(book: ToldBook, printer: Sensor) -> PaperWatch:
    made = PaperWatch(printer, book, 80_000)
    await made.start()
    return made


async def test_papers_are_counted_kept_now_and_then_and_taken_up_again() -> None:
    book, printer = ToldBook(), Sensor()
    printer.result = Printed(millimetres=150)
    first = await watch(book, printer)
    for number in range(9):
        await first.print(str(number), ticket())
    await settle()
    assert PAPER not in book.kept
    await first.print("10", ticket())
    await settle()
    assert kept_count(book.kept[PAPER]).used == 1500
    for number in range(11, 13):
        await first.print(str(number), ticket())
    await first.finish()
    assert (await watch(book, printer)).count.used == 1800


async def test_what_nobody_knows_is_counted_and_what_was_refused_is_not() -> None:
    printer = Sensor()
    counted = await watch(ToldBook(), printer)
    printer.result = Unknown(Reason.SILENT, millimetres=150)
    await counted.print("1", ticket())
    printer.result = Refused(Reason.PAPER_OUT)
    await counted.print("2", ticket())
    assert counted.count.used == 150


async def test_a_roll_that_ran_out_and_was_changed_without_a_word_is_noticed_and_learned_from() -> None:
    printer = Sensor()
    counted = await watch(ToldBook(), printer)
    counted.count = replace(counted.count, used=60_000.0)
    await printer.becomes(PaperSeen.OUT, Reason.PAPER_OUT)
    await printer.becomes(PaperSeen.OUT, Reason.COVER_OPEN)
    await printer.becomes(PaperSeen.PRESENT, Reason.COVER_OPEN)
    assert counted.count.used == 60_000, "not before the cover is shut"
    await printer.becomes(PaperSeen.PRESENT)
    assert counted.count.used == 0
    assert counted.count.rolls == (60_000,)
    assert await counted.new_roll() == 60_000, "staff confirm the same change"
    assert counted.count.rolls == (60_000,)


async def test_a_cover_that_was_only_opened_is_no_new_roll() -> None:
    printer = Sensor()
    counted = await watch(ToldBook(), printer)
    counted.count = replace(counted.count, used=20_000.0)
    await printer.becomes(PaperSeen.OUT, Reason.COVER_OPEN)
    await printer.becomes(PaperSeen.PRESENT)
    assert counted.count.used == 20_000
    assert await counted.new_roll() == 20_000
    assert counted.count.rolls == (), "it was not at its end"


async def test_the_sensor_that_says_nearly_empty_is_heard() -> None:
    printer = Sensor()
    counted = await watch(ToldBook(), printer)
    await printer.becomes(PaperSeen.LOW, Reason.PAPER_LOW)
    assert counted.count.low_at == 0
    assert counted.tickets_left == 20


@pytest.mark.parametrize(
    "strange", [None, 7, {}, {"used": "much", "low_at": None, "rolls": [], "lows": [], "papers": []}]
)
def test_a_count_that_cannot_be_read_begins_anew(strange: object) -> None:
    assert kept_count(strange).used == 0


async def test_a_column_without_a_printer_makes_no_forecast() -> None:
    printer = Sensor()
    printer.status = DeviceStatus(Health.UNAVAILABLE, Reason.NOT_CONFIGURED)
    assert (await watch(ToldBook(), printer)).tickets_left is None


@pytest.fixture
def simulated() -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter() as printer:
        yield printer


def test_the_driver_knows_how_much_of_the_roll_a_ticket_takes(simulated: SimulatedPrinter) -> None:
    driver = driver_for(simulated)
    result = driver.print("1", ticket())
    driver.close()
    assert isinstance(result, Printed)
    simulated.wait_for_papers(1)
    rows = simulated.papers[-1].printed.height
    assert result.millimetres == pytest.approx(rows * 25.4 / 203, rel=0.04)


@pytest.mark.expects_log("zuil.printer")
async def test_a_new_roll_is_noticed_through_the_real_bytes(simulated: SimulatedPrinter) -> None:
    runner = PrinterRunner(lambda: driver_for(simulated), "receipt printer", poll_seconds=0.05)
    runner.start()
    counted = PaperWatch(runner, ToldBook(), 80_000, runner.check_now)
    await counted.start()
    try:
        await counted.print("1", ticket())
        assert counted.count.used > 50
        counted.count = replace(counted.count, used=40_000.0)
        for state in ("paper-out", "cover-open", "roll-out", "cover-open", None):
            if state is None:
                simulated.clear_faults()
            else:
                simulated.become(state)
            await asyncio.wait_for(_until(counted, state), 30)
        assert counted.count.used < 1
    finally:
        await asyncio.to_thread(runner.stop)
    await counted.finish()


async def _until(counted: PaperWatch, state: str | None) -> None:
    wanted = {
        "paper-out": (Reason.PAPER_OUT, PaperSeen.OUT),
        "cover-open": (Reason.COVER_OPEN, PaperSeen.PRESENT),
        "roll-out": (Reason.COVER_OPEN, PaperSeen.OUT),
        None: (None, PaperSeen.PRESENT),
    }[state]
    while (counted.status.reason, counted.status.paper) != wanted:
        counted.look()
        await asyncio.sleep(0.02)
    await settle()


# --- the rest --------------------------------------------------------------------------------------------------------

HOURS = OpeningHours({day: (Interval(time(9), time(17)),) for day in range(1, 6)})


async def test_the_report_is_made_once_before_opening_and_is_an_event() -> None:
    book, clock = ToldBook(), DrivenClock(NOW)
    care = ColumnCare(book, clock.now)
    house = ToldHouse(Seen(devices=(DeviceSeen(Subject.PRINTER, False, "paper_out"),), tickets_left=0), care)
    mornings = Readiness(house, book, clock, HOURS, timedelta(minutes=30))
    running = asyncio.create_task(mornings.run())
    await clock.pass_time(29 * 60)
    assert house.tests == 0
    await clock.pass_time(45 * 60)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert house.tests == 1
    assert [data for name, data in book.events if name == "columns.readinessReported"] == [
        {"worst": "broken", "broken": "printer", "attention": "", "papersLeft": 0}
    ]
    report = await mornings.last()
    assert report is not None
    assert report.broken == ("printer",)


@pytest.mark.expects_log("zuil.readiness")
async def test_a_report_that_could_not_be_made_is_tried_again() -> None:
    book, clock = ToldBook(), DrivenClock(NOW + timedelta(minutes=45))
    house = ToldHouse(Seen(), ColumnCare(book, clock.now))
    broken = [True]

    async def test() -> None:
        if broken.pop() if broken else False:
            raise RuntimeError("asked for")

    house.test = test  # type: ignore[method-assign]
    running = asyncio.create_task(Readiness(house, book, clock, HOURS, timedelta(minutes=30)).run())
    await clock.pass_time(60)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [name for name, _ in book.events] == ["columns.readinessReported"]


async def test_the_volume_of_staff_counts_more_than_the_settings_and_nonsense_does_not() -> None:
    book = ToldBook()
    first = Loudness(80)
    await first.start(book)
    await first.set(40)
    again = Loudness(80)
    await again.start(book)
    assert again.percent == 40
    book.kept["volume"] = 400
    third = Loudness(80)
    await third.start(book)
    assert third.percent == 80


def test_a_device_that_is_not_there_is_no_trouble() -> None:
    assert device_seen(Subject.READER, DeviceStatus(Health.UNAVAILABLE, Reason.NOT_CONFIGURED)) is None
    wrong = device_seen(Subject.READER, DeviceStatus(Health.UNAVAILABLE, Reason.NOT_CONFIGURED, "no module"))
    assert wrong == DeviceSeen(Subject.READER, False, "not_configured")
