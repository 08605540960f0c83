"""A card reader on a thread of its own: who waits for cards hears of them, PINs are wiped and never half, bugs stay."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import pytest

from drivers.card_contract import (
    Authenticated,
    AuthenticateResult,
    BadgeRead,
    BadgeResult,
    CardDriver,
    CardFailed,
    CardKind,
    CardProblem,
    CardRead,
    CardRequest,
    Document,
    DocumentKind,
    Field,
    Follow,
    Person,
    Pin,
    PinState,
    PinStateResult,
    ReadResult,
    SignResult,
    Slot,
    Verdict,
)
from drivers.card_runner import LOOK_SECONDS, CardRunner, NoCards
from drivers.contract import CannotOpen, DeviceStatus, Health, Reason
from drivers.runner import FIRST_RETRY_SECONDS, WrongThread
from tests.drivers.card_bench import Bench, pin_of

T = TypeVar("T")

NEVER = 3600.0
LIMIT_S = 10.0
READY = DeviceStatus(Health.READY)
BROKEN = CardFailed(CardProblem.READER, "driver failed")
NAME = CardRequest(frozenset({Field.NAME}))
BLOCK_1234 = bytes.fromhex("241234FFFFFFFFFF")


@dataclass
class FakeReader:
    """A driver whose slot and state are set by the test.

    Attributes:
        bug: name of the method that raises.
        gate: what `authenticate` waits for after it has seen the PIN once; it then looks again.
        blocks: the PIN as `authenticate` saw it, before and after the gate.
    """

    slot: Slot = field(default_factory=Slot)
    state: DeviceStatus = READY
    bug: str = ""
    gate: threading.Event | None = None
    begun: threading.Event = field(default_factory=threading.Event)
    blocks: list[bytes] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    looks: int = 0
    closed: int = 0

    def status(self) -> DeviceStatus:
        self.looks += 1
        self._called("status")
        return self.state

    def read(self, request: CardRequest, follow: Follow) -> ReadResult:
        self._called("read")
        return CardRead(Person(Document(DocumentKind.CITIZEN)), Verdict(), self.slot.insertion, 1)

    def read_badge(self) -> BadgeResult:
        self._called("read_badge")
        return BadgeRead("5A17C3E4")

    def pin_state(self) -> PinStateResult:
        self._called("pin_state")
        return PinState(3, pinpad=False)

    def authenticate(self, pin: Pin | None, language: str) -> AuthenticateResult:
        self._called("authenticate")
        self._see(pin)
        self.begun.set()
        if self.gate is not None:
            assert self.gate.wait(LIMIT_S)
            self._see(pin)
        return Authenticated(Verdict())

    def sign(self, digest: bytes, algorithm: str, pin: Pin | None, language: str) -> SignResult:
        raise AssertionError("nobody asked for a signature")

    def close(self) -> None:
        self.threads.add(threading.get_ident())
        self.closed += 1

    def _see(self, pin: Pin | None) -> None:
        assert pin is not None
        block = bytearray(8)
        pin.write_block(block)
        self.blocks.append(bytes(block))

    def _called(self, name: str) -> None:
        self.threads.add(threading.get_ident())
        if self.bug == name:
            raise ZeroDivisionError


class WipesAtCancellation(CardRunner):
    """The control: wipes as soon as nobody waits for the result any more."""

    async def authenticate(self, pin: Pin | None, language: str) -> AuthenticateResult:
        try:
            return await super().authenticate(pin, language)
        finally:
            if pin is not None:
                pin.wipe()


@asynccontextmanager
async def running(
    open_driver: Callable[[], CardDriver | CannotOpen], kind: type[CardRunner] = CardRunner
) -> AsyncIterator[CardRunner]:
    runner = kind(open_driver, "card reader", NEVER)
    opened = Heard(runner)
    runner.start()
    await opened.until(lambda status: status.health is not Health.BUSY)
    try:
        yield runner
    finally:
        assert await asyncio.to_thread(runner.stop)


class Heard:
    """States as a listener hears them, awaited."""

    def __init__(self, runner: CardRunner) -> None:
        self._loop = asyncio.get_running_loop()
        self._states: asyncio.Queue[DeviceStatus] = asyncio.Queue()
        runner.on_change(partial(self._loop.call_soon_threadsafe, self._states.put_nowait))

    async def until(self, wanted: Callable[[DeviceStatus], bool]) -> DeviceStatus:
        async with asyncio.timeout(LIMIT_S):
            while not wanted(status := await self._states.get()):
                pass
        return status


def soon(work: Coroutine[None, None, T]) -> asyncio.Future[T]:
    return asyncio.ensure_future(asyncio.wait_for(work, LIMIT_S))


async def looked_twice(runner: CardRunner) -> None:
    """Everything the bus was asked so far is done, looks included: it answers one call after the other."""
    for _ in range(2):
        assert isinstance(await runner.pin_state(), PinState)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Slot(), Slot(CardKind.EID, 1)),
        (Slot(CardKind.EID, 1), Slot(None, 1)),
        (Slot(CardKind.EID, 1), Slot(CardKind.EID, 2)),
        (Slot(CardKind.IN_USE, 1), Slot(CardKind.EID, 1)),
    ],
    ids=["put in", "taken out", "exchanged between two looks", "recognised later"],
)
async def test_who_waits_hears_of_a_change_and_of_nothing_else(before: Slot, after: Slot) -> None:
    device = FakeReader(before)
    async with running(lambda: device) as runner:
        assert runner.slot == before
        news = soon(runner.changed(before))
        runner.check_now()
        await looked_twice(runner)
        assert not news.done(), "nothing has changed"
        device.slot = after
        runner.check_now()
        assert await news == after
        assert runner.slot == after
        assert await soon(runner.changed(before)) == after, "who comes late need not wait"


async def test_many_wait_and_all_hear() -> None:
    device = FakeReader()
    async with running(lambda: device) as runner:
        waiting = [soon(runner.changed(Slot())) for _ in range(200)]
        await asyncio.sleep(0)
        device.slot = Slot(CardKind.BANK, 1)
        runner.check_now()
        assert set(await asyncio.gather(*waiting)) == {Slot(CardKind.BANK, 1)}
        assert runner._waiting == []


async def test_who_no_longer_waits_is_forgotten_and_harms_nobody() -> None:
    device = FakeReader()
    async with running(lambda: device) as runner:
        for _ in range(500):
            gone = soon(runner.changed(Slot()))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            gone.cancel()
            with pytest.raises(asyncio.CancelledError):
                await gone
        stays = soon(runner.changed(Slot()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(runner._waiting) == 1
        device.slot = Slot(CardKind.EID, 1)
        runner.check_now()
        assert await stays == Slot(CardKind.EID, 1)


@pytest.mark.expects_log("zuil.card")
async def test_a_driver_that_breaks_leaves_an_empty_slot() -> None:
    device = FakeReader(Slot(CardKind.EID, 1))
    async with running(lambda: device) as runner:
        news = soon(runner.changed(Slot(CardKind.EID, 1)))
        await asyncio.sleep(0)
        device.bug = "status"
        runner.check_now()
        assert await news == Slot(None, 1)
        assert device.closed == 1


async def test_stopping_leaves_an_empty_slot() -> None:
    device = FakeReader(Slot(CardKind.EID, 1))
    async with running(lambda: device) as runner:
        news = soon(runner.changed(Slot(CardKind.EID, 1)))
        await asyncio.sleep(0)
    assert await news == Slot(None, 1)


@pytest.mark.expects_log("zuil.card")
async def test_the_card_of_a_new_driver_is_not_taken_for_one_of_the_driver_before() -> None:
    """Each driver counts from 0; a card that was left behind must not lend its number to the next one."""
    devices = [FakeReader(Slot(CardKind.EID, 2)), FakeReader(Slot(CardKind.EID, 1)), FakeReader(Slot(CardKind.EID, 2))]
    left = list(devices)
    async with running(lambda: left.pop(0)) as runner:
        for device, insertion in zip(devices, (2, 3, 5), strict=True):
            assert isinstance(await runner.pin_state(), PinState)
            read = await runner.read(NAME, lambda _: None)
            assert isinstance(read, CardRead)
            assert read.insertion == insertion
            await looked_twice(runner)
            assert runner.slot == Slot(CardKind.EID, insertion)
            device.bug = "pin_state"
            if left:
                assert await runner.pin_state() == BROKEN


@pytest.mark.expects_log("zuil.card")
async def test_a_reader_unplugged_and_back_is_told_once_each_way(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    bench.put_in("adult")
    async with running(lambda: bench.driver) as runner:
        heard = Heard(runner)
        with_card = runner.slot
        assert with_card.card is CardKind.EID
        news = soon(runner.changed(with_card))
        bench.slot.unplugged = True
        for _ in range(3):
            runner.check_now()
        assert (await heard.until(lambda status: not status.usable)).reason is Reason.NO_READER
        assert (await news).card is None
        assert runner._wait_seconds() == NEVER, "it is looked for as often as a card is"
        bench.slot.unplugged = False
        back = soon(runner.changed(Slot(None, with_card.insertion)))
        for _ in range(3):
            runner.check_now()
        assert (await back).card is CardKind.EID
        assert isinstance(await runner.read(NAME, lambda _: None), CardRead)
    told = [(record.levelno, record.getMessage()) for record in caplog.records if record.levelno > logging.DEBUG]
    assert told == [
        (logging.INFO, "card reader: ready"),
        (logging.WARNING, "card reader: unavailable (no_reader) the simulated reader is unplugged"),
        (logging.INFO, "card reader: ready again"),
    ]


async def test_how_often_it_is_tried_depends_on_what_is_missing() -> None:
    runner = CardRunner(FakeReader, "card reader")
    waits = {}
    for reason in (Reason.NO_READER, Reason.NO_SERVICE, Reason.UNREACHABLE):
        runner._status = READY
        runner._wait_seconds()
        runner._status = DeviceStatus(Health.UNAVAILABLE, reason)
        waits[reason] = [runner._wait_seconds() for _ in range(3)]
    seldom = [FIRST_RETRY_SECONDS * factor for factor in (1, 2, 4)]
    assert waits == {
        Reason.NO_READER: [LOOK_SECONDS] * 3,
        Reason.NO_SERVICE: seldom,
        Reason.UNREACHABLE: seldom,
    }


@pytest.mark.expects_log("zuil.card")
async def test_what_cannot_mend_itself_is_not_tried_again_by_itself() -> None:
    opened: list[CannotOpen] = []

    def open_driver() -> CannotOpen:
        opened.append(CannotOpen(Reason.NOT_CONFIGURED, "no such file", permanent=True))
        return opened[-1]

    async with running(open_driver) as runner:
        assert runner._wait_seconds() is None
        assert len(opened) == 1
        assert await runner.read(NAME, lambda _: None) == CardFailed(CardProblem.READER, "no such file")
        assert runner.slot == Slot()
    assert len(opened) == 3, "once for the question, once for the look after it"


@pytest.mark.expects_log("zuil.card")
@pytest.mark.parametrize("bug", ["read", "read_badge", "pin_state", "authenticate"])
async def test_a_bug_in_the_driver_is_a_value_and_the_next_call_works(
    bug: str, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = FakeReader(bug=bug), FakeReader()
    drivers = [broken, sound]
    pins = [pin_of("1234") for _ in range(2)]
    calls: dict[str, Callable[[CardRunner, Pin], Coroutine[None, None, object]]] = {
        "read": lambda runner, _: runner.read(NAME, lambda _: None),
        "read_badge": lambda runner, _: runner.read_badge(),
        "pin_state": lambda runner, _: runner.pin_state(),
        "authenticate": lambda runner, pin: runner.authenticate(pin, "nl"),
    }
    async with running(lambda: drivers.pop(0)) as runner:
        assert await calls[bug](runner, pins[0]) == BROKEN
        assert not isinstance(await calls[bug](runner, pins[1]), CardFailed)
    assert (broken.closed, sound.closed) == (1, 1)
    assert [record.getMessage() for record in caplog.records].count("card reader: its driver failed") == 1
    if bug == "authenticate":
        assert [len(pin) for pin in pins] == [0, 0], "also of a driver that wipes nothing itself"


async def test_after_the_end_every_call_is_declined_and_the_pin_is_wiped() -> None:
    async with running(FakeReader) as runner:
        pass
    pin = pin_of("1234")
    stopped = CardFailed(CardProblem.READER, "stopped")
    assert await runner.read(NAME, lambda _: None) == stopped
    assert await runner.read_badge() == stopped
    assert await runner.pin_state() == stopped
    assert await runner.authenticate(pin, "nl") == stopped
    assert len(pin) == 0


async def test_a_pin_entry_that_has_not_begun_is_taken_back_and_wiped() -> None:
    device = FakeReader(gate=threading.Event())
    first, second = pin_of("1234"), pin_of("5678")
    async with running(lambda: device) as runner:
        begun = soon(runner.authenticate(first, "nl"))
        assert await asyncio.to_thread(device.begun.wait, LIMIT_S)
        waiting = soon(runner.authenticate(second, "nl"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert len(second) == 0
        device.gate.set()
        assert isinstance(await begun, Authenticated)
        await looked_twice(runner)
    assert device.blocks == [BLOCK_1234] * 2, "the driver never saw the second"


async def blocks_seen(kind: type[CardRunner]) -> tuple[list[bytes], Pin]:
    """What the driver sees of a PIN, before and after whoever asked has gone."""
    device = FakeReader(gate=threading.Event())
    pin = pin_of("1234")
    async with running(lambda: device, kind) as runner:
        asked = asyncio.ensure_future(runner.authenticate(pin, "nl"))
        assert await asyncio.to_thread(device.begun.wait, LIMIT_S)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        device.gate.set()
        await looked_twice(runner)
    return device.blocks, pin


async def test_a_pin_that_is_with_the_driver_is_whole_until_it_was_used() -> None:
    """Half a PIN is a wrong PIN, and burns a try."""
    blocks, pin = await blocks_seen(CardRunner)
    assert blocks == [BLOCK_1234] * 2
    assert len(pin) == 0, "wiped after the driver was done"


async def test_wiping_at_cancellation_would_change_it_under_the_hands_of_the_driver() -> None:
    """The control."""
    blocks, _ = await blocks_seen(WipesAtCancellation)
    assert blocks[1] != blocks[0] == BLOCK_1234


async def test_the_driver_is_only_ever_called_on_the_thread_of_the_bus() -> None:
    device = FakeReader(Slot(CardKind.EID, 1))
    async with running(lambda: device) as runner:
        together = (runner.read(NAME, lambda _: None), runner.pin_state(), runner.authenticate(pin_of("1234"), "nl"))
        assert not any(isinstance(result, CardFailed) for result in await asyncio.gather(*together))
        with pytest.raises(WrongThread):
            runner._opened()
    assert len(device.threads) == 1
    assert threading.get_ident() not in device.threads
    assert device.closed == 1


async def test_an_idle_reader_is_left_alone_between_two_looks() -> None:
    device = FakeReader()
    async with running(lambda: device) as runner:
        assert runner._wait_seconds() == NEVER
        assert device.looks == 1
    assert device.looks == 1
    assert CardRunner(FakeReader, "card reader")._wait_seconds() == LOOK_SECONDS


async def test_without_a_reader_there_is_never_a_card() -> None:
    cards = NoCards()
    cards.on_change(lambda _: None)
    assert cards.status == DeviceStatus(Health.UNAVAILABLE, Reason.NOT_CONFIGURED)
    waiting = asyncio.ensure_future(cards.changed(cards.slot))
    pin = pin_of("1234")
    refused = CardFailed(CardProblem.READER)
    assert await cards.read(NAME, lambda _: None) == await cards.pin_state() == refused
    assert await cards.authenticate(pin, "nl") == await cards.authenticate(None, "nl") == refused
    assert len(pin) == 0
    assert not waiting.done()
    waiting.cancel()
