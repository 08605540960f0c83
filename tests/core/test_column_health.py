"""How the column is: a sentence and a next step for every device and reason, and never more than three touches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from config.texts import load_texts
from drivers.contract import Reason
from kiosk.clock import settle
from kiosk.core.closure import Closure
from kiosk.core.column_health import (
    DEVICES,
    Condition,
    DeviceSeen,
    Remedy,
    Seen,
    Subject,
    device_finding,
    findings,
    worst,
)
from kiosk.core.pages import Option, Weight
from kiosk.core.payment_saga import PaymentState
from kiosk.core.texts import LANGUAGES
from kiosk.demo.told_payments import told_payment
from kiosk.demo.told_staff import CODE
from tests.journeys.world import World

TEXTS = load_texts()
FINE = Seen(devices=(DeviceSeen(Subject.PRINTER, usable=True),), online=True, numbers_left=100, tickets_left=300)
TROUBLES: dict[str, Seen] = {
    "network": Seen(online=False, waiting_here=2),
    "numbers": Seen(online=True, numbers_left=3),
    "paper": Seen(devices=FINE.devices, tickets_left=12),
    "payments": Seen(unclear_payments=1),
    "card": Seen(card_left=True),
    "clock": Seen(clock_known=False),
    "disk": Seen(disk_free_mb=20),
    "certificate": Seen(certificate_days=3),
    "closure": Seen(closure=Closure("an", datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Europe/Brussels")))),
}
DEVICE_TROUBLES = list(product(DEVICES, Reason))


@pytest.mark.parametrize(("subject", "reason"), DEVICE_TROUBLES, ids=lambda value: value.value)
def test_every_device_and_reason_has_a_name_a_sentence_and_a_next_step_in_every_language(
    subject: Subject, reason: Reason
) -> None:
    for usable in (True, False):
        finding = device_finding(DeviceSeen(subject, usable, reason.value))
        assert finding.condition is (Condition.ATTENTION if usable else Condition.BROKEN)
        assert finding.next is not None
        for language in LANGUAGES:
            said = [TEXTS.spoken(text, language) for text in (finding.name, finding.says, finding.next)]
            assert all(said)
            assert all(sentence.endswith(".") for sentence in said[1:])


@pytest.mark.parametrize("name", TROUBLES)
def test_everything_else_that_can_be_wrong_has_them_too(name: str) -> None:
    (finding,) = (each for each in findings(TROUBLES[name]) if each.subject.value == name)
    assert finding.condition is not Condition.OK
    assert finding.next is not None
    for language in LANGUAGES:
        assert TEXTS.spoken(finding.says, language).endswith(".")
        assert TEXTS.spoken(finding.next, language).endswith(".")


def test_a_column_without_trouble_says_so() -> None:
    assert worst(findings(FINE)) is Condition.OK
    assert worst(()) is Condition.OK
    assert [each.subject for each in findings(FINE)] == [Subject.PRINTER, Subject.NETWORK]


def test_the_worst_comes_first() -> None:
    seen = Seen(
        devices=(DeviceSeen(Subject.PRINTER, True, "paper_low"), DeviceSeen(Subject.READER, False, "silent")),
        online=True,
    )
    assert [each.condition for each in findings(seen)] == [Condition.BROKEN, Condition.ATTENTION, Condition.OK]


def test_a_roll_the_sensor_speaks_of_is_not_told_twice() -> None:
    low = Seen(devices=(DeviceSeen(Subject.PRINTER, True, "paper_low"),), tickets_left=12)
    assert [each.subject for each in findings(low)] == [Subject.PRINTER]


@pytest.mark.parametrize(
    ("subject", "reason", "remedy"),
    [
        (Subject.PRINTER, "paper_out", Remedy.CHANGE_PAPER),
        (Subject.PRINTER, "cover_open", Remedy.CHANGE_PAPER),
        (Subject.SHEETS, "paper_out", Remedy.NONE),
        (Subject.READER, "no_service", Remedy.RESTART),
        (Subject.TERMINAL, "unreachable", Remedy.NONE),
        (Subject.TERMINAL, "not_configured", Remedy.TECHNICIAN),
    ],
)
def test_what_the_page_of_a_trouble_offers_first(subject: Subject, reason: str, remedy: Remedy) -> None:
    assert device_finding(DeviceSeen(subject, False, reason)).remedy is remedy


ALL = [
    *(
        (f"{subject.value} {reason.value}", Seen(devices=(DeviceSeen(subject, False, reason.value),)))
        for subject, reason in DEVICE_TROUBLES
    ),
    *TROUBLES.items(),
]


@pytest.mark.parametrize(("name", "seen"), ALL, ids=[name for name, _ in ALL])
async def test_from_the_page_to_what_solves_it_takes_at_most_three_touches(name: str, seen: Seen) -> None:
    """A touch on the trouble, one on what it offers, one on a question before it; work by hand needs none."""
    subject = name.split()[0]
    world = World(staff=True)
    world.staff.house.seen = seen
    world.till.waiting = [told_payment(1, PaymentState.CASE)]
    if seen.closure:
        await world.staff.care.close(seen.closure)
    async with world:
        await world.do(world.screen.knock)
        await world.do(lambda: world.screen.key(CODE))
        await world.touch("confirm")
        touches = 0
        while not solved(world):
            assert touches < 3, world.shown
            options = world.screen.page.options
            wanted = f"trouble:{subject}" if not touches else first_of(options)
            assert world.screen.page.option(wanted), world.shown
            await world.touch(wanted)
            touches += 1
        await settle()
        assert 1 <= touches <= 3


DEEDS = {"restarted", "opened", "decidedPayment", "calledTechnician"}


def first_of(options: Sequence[Option]) -> str:
    """What a page offers first."""
    return next((each.id for each in options if each.weight is Weight.PRIMARY), options[0].id)


def solved(world: World) -> bool:
    """Whether the screen now does it, or says what to do by hand, or the deed is done."""
    shown, done = world.shown, [str(data.get("action")) for _, data in world.staff.book.events]
    by_hand = "staff.now" in shown and "staff.do.done" in shown
    begun = any(key in shown for key in ("staff.paper.open", "staff.tickets"))
    return by_hand or begun or not DEEDS.isdisjoint(done)
