"""Commands at the column: each is begun at most once, whatever is cut off when; the controls take the order away."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from kiosk.commanding import Commander, Ended, Handler
from kiosk.core.commands import Command, CommandState, Outcome, Reason, Refusal
from kiosk.store import commands
from kiosk.store.commands import NotInThatState
from kiosk.store.journal_file import JournalFile
from kiosk.store.store import KioskStore
from tests.store.columns import START, Hands, open_at, power_cut
from tests.store.commanded import made


@dataclass
class World:
    """What commands did to the world outside, which no power cut undoes."""

    effects: Counter[str] = field(default_factory=Counter)

    def handler(self, store: KioskStore | None = None) -> Handler:
        """A handler whose effect is counted, and which remembers something in the same commit as its end."""

        async def carry_out(command: Command) -> Ended:
            if store is not None:
                await store.remembered("a moment between the mark and the effect")
            self.effects[command.id] += 1
            return Ended(Outcome.DONE, remember=("seen", command.id))

        return Handler(carry_out)


def commander(store: KioskStore, world: World, clock: Hands | None = None) -> Commander:
    """A commander for all kinds used here."""
    handlers = dict.fromkeys(("open", "restart"), world.handler())
    return Commander(store, handlers, (clock or Hands()).now)


class Hasty(Commander):
    """The control: acts first and writes down after."""

    async def _consider(self, command: Command) -> None:
        ended = await self._carry_out(command)
        if await self._store.begin_command(command.id) and ended is not None:
            await self._end(command, ended)


@contextmanager
def images(path: Path, folder: Path, world: World) -> Iterator[list[tuple[Path, Counter[str]]]]:
    """Takes an image of the disk, and of the world, after every statement inside."""
    taken: list[tuple[Path, Counter[str]]] = []

    def cut(*_: object) -> None:
        taken.append((power_cut(path, folder / f"{len(taken):03d}"), Counter(world.effects)))

    event.listen(Engine, "after_cursor_execute", cut)
    event.listen(Engine, "commit", cut)
    try:
        yield taken
    finally:
        event.remove(Engine, "after_cursor_execute", cut)
        event.remove(Engine, "commit", cut)
    cut()


def told(path: Path) -> list[dict[str, object]]:
    """Data of every event about commands, in order."""
    with JournalFile(path) as journal:
        events = [stored.event for stored in journal.events()]
        assert all(verdict.broken is None for verdict in journal.verify())
    kept = [each for each in events if ".commands." in str(each["type"])]
    return [{**_data(each), "_": str(each["type"]).rpartition(".")[2]} for each in kept]


def _data(event: dict[str, object]) -> dict[str, object]:
    data = event["data"]
    assert isinstance(data, dict)
    return data


async def after_cut(image: Path, effects: Counter[str]) -> Counter[str]:
    """Start again on an image and let the commander look twice; the effects then."""
    world = World(effects)
    store = open_at(image)
    for _ in range(2):
        await commander(store, world).look()
    assert await store.open_commands() == []
    store.close()
    return world.effects


async def run_and_cut(tmp_path: Path, kind: type[Commander]) -> list[tuple[Path, Counter[str]]]:
    """Two commands come in and are carried out, with an image after each statement."""
    path, world = tmp_path / "kiosk.db", World()
    store = open_at(path)
    with images(path, tmp_path / "images", world) as taken:
        store.receive_commands([made("open", id="one"), made("restart", id="two")])
        handlers = dict.fromkeys(("open", "restart"), world.handler(store))
        await kind(store, handlers, Hands().now).look()
    store.close()
    assert len(taken) > 20
    return taken


async def test_after_a_cut_at_any_statement_no_command_is_done_twice_and_each_says_how_it_ended(tmp_path: Path) -> None:
    outcomes: set[tuple[int, object]] = set()
    for image, before in await run_and_cut(tmp_path, Commander):
        effects = await after_cut(image, Counter(before))
        ends = told(image)
        known = {str(end["commandId"]) for end in ends}
        assert max(effects.values(), default=0) <= 1, f"{image.name}: {effects}"
        assert len(known) == len(ends), f"{image.name}: told twice"
        assert set(effects) <= known, f"{image.name}: done and not told"
        outcomes |= {(before[str(end["commandId"])], end["outcome"]) for end in ends if end["commandId"] == "one"}
    assert outcomes >= {(0, "done"), (1, "done"), (0, "unknown"), (1, "unknown")}, "the cuts missed a part of the way"


async def test_control_marking_after_carrying_out_does_it_twice(tmp_path: Path) -> None:
    worst = 0
    for image, before in await run_and_cut(tmp_path, Hasty):
        worst = max(worst, *(await after_cut(image, Counter(before))).values(), 0)
    assert worst == 2


async def test_effect_in_the_columns_care_and_end_are_one_commit(tmp_path: Path) -> None:
    for image, _ in await run_and_cut(tmp_path, Commander):
        store = open_at(image)
        seen = await store.remembered("seen")
        store.close()
        ended = [end["commandId"] for end in told(image) if end["outcome"] == "done"]
        assert seen == (ended[-1] if ended else None), image.name


async def test_a_start_proves_that_a_restart_was_done(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    store = open_at(path)
    store.receive_commands([made("restart", id="two")])

    async def stop(command: Command) -> None:
        return None

    first = Commander(store, {"restart": Handler(stop)}, Hands().now)
    await first.look()
    await first.look()
    assert [kept.state for kept in await store.open_commands()] == [CommandState.BEGUN], "not before it started anew"
    store.close()
    store, world = open_at(path), World()
    await commander(store, world).look()
    store.close()
    assert world.effects == Counter()
    assert [(end["outcome"], end["by"]) for end in told(path)] == [("done", "staff-1")]


async def test_a_command_found_received_is_carried_out_unless_it_expired(tmp_path: Path) -> None:
    path, clock, world = tmp_path / "kiosk.db", Hands(), World()
    store = open_at(path)
    store.receive_commands([made(id="soon", minutes=1), made(id="later", minutes=60)])
    store.close()
    clock.turn(timedelta(minutes=2).total_seconds())
    store = open_at(path, clock=clock)
    await commander(store, world, clock).look()
    store.close()
    assert world.effects == Counter(["later"])
    assert {(end["commandId"], end.get("reason")) for end in told(path)} == {("soon", "expired"), ("later", None)}


@pytest.mark.parametrize(
    ("command", "reason"),
    [(made("dance"), "unknownKind"), (made("open", loud=True), "badArguments"), (made(minutes=-1), "expired")],
)
async def test_what_may_not_be_done_is_refused_once_and_never_done(
    tmp_path: Path, command: Command, reason: str
) -> None:
    path, world = tmp_path / "kiosk.db", World()
    store = open_at(path)
    for _ in range(3):
        store.receive_commands([command])
        await commander(store, world).look()
    store.close()
    assert world.effects == Counter()
    assert [(end["_"], end["reason"]) for end in told(path)] == [("refused", reason)]


async def test_the_same_command_sent_for_days_is_done_once(tmp_path: Path) -> None:
    store, world = open_at(tmp_path / "kiosk.db"), World()
    once = made()
    new = [store.receive_commands([once, once]) for _ in range(5)]
    await commander(store, world).look()
    store.receive_commands([once])
    await commander(store, world).look()
    store.close()
    assert new == [1, 0, 0, 0, 0]
    assert world.effects == Counter([once.id])


@pytest.mark.expects_log("zuil.commands")
async def test_a_defect_ends_the_command_and_not_the_column(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    store = open_at(path)

    async def broken(command: Command) -> Ended:
        raise ZeroDivisionError

    store.receive_commands([made(id="one"), made("restart", id="two")])
    await Commander(store, {"open": Handler(broken), "restart": World().handler()}, Hands().now).look()
    store.close()
    assert [(end["outcome"], end["detail"]) for end in told(path)] == [("failed", "ZeroDivisionError"), ("done", "")]


async def test_a_forged_command_does_not_stand_in_the_way_of_the_true_one(tmp_path: Path) -> None:
    path, world = tmp_path / "kiosk.db", World()
    store = open_at(path)
    true = made()
    for _ in range(3):
        store.reject_command("rejected:x", true, Refusal(Reason.WRONG_SIGNATURE))
    store.receive_commands([true])
    await commander(store, world).look()
    store.close()
    assert world.effects == Counter([true.id])
    assert [end["_"] for end in told(path)] == ["refused", "ended"]


async def test_nothing_but_a_begun_command_ends(tmp_path: Path) -> None:
    store, one = open_at(tmp_path / "kiosk.db"), made()
    with pytest.raises(NotInThatState):
        await store.end_command(one, Outcome.DONE)
    store.receive_commands([one])
    with pytest.raises(NotInThatState):
        await store.end_command(one, Outcome.DONE)
    assert await store.begin_command(one.id)
    assert not await store.begin_command(one.id)
    await store.end_command(one, Outcome.DONE)
    assert not await store.begin_command(one.id)
    store.close()


async def test_ended_commands_are_forgotten_long_after_they_expired(tmp_path: Path) -> None:
    path, clock = tmp_path / "kiosk.db", Hands()
    store = open_at(path, clock=clock)
    store.receive_commands([made(id="one"), made(id="two")])
    await store.begin_command("one")
    await store.end_command(made(id="one"), Outcome.DONE)
    until = int(START.timestamp() * 1000) + commands.KEPT_MS
    store._writer.run(lambda c: commands.forget(c, until))
    assert store.receive_commands([made(id="one")]) == 0, "kept while it may be sent again"
    store._writer.run(lambda c: commands.forget(c, until + 2 * 3600 * 1000))
    assert store.receive_commands([made(id="one")]) == 1
    assert store.receive_commands([made(id="two")]) == 0, "what did not end stays"
    store.close()


def test_events_of_commands_name_the_command(tmp_path: Path) -> None:
    store = open_at(tmp_path / "kiosk.db")
    store.reject_command("x", made(id="one"), Refusal(Reason.MALFORMED))
    batch = store.next_batch(10, 100_000)
    store.close()
    assert batch is not None
    assert json.loads(batch.bodies[-1])["subject"] == "one"
