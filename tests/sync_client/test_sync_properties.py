"""S1 to S6 under crashes, damage and a hostile network, with the real store, uploader and updates.

A hypothesis state machine drives three columns and the reference server; after every step the invariants hold, and at
the end the network heals and everything arrives. Mutants at the bottom show that each rule is needed.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from kiosk.core.events import VISIT_STARTED
from kiosk.store import outbox, tickets
from kiosk.store.journal_file import JournalFile
from kiosk.store.state import write_state
from kiosk.store.store import KioskStore
from kiosk.store.timekeeping import Timekeeper
from sync.client import uploader
from sync.client.column import Column
from sync.client.identity import Identity
from sync.client.ports import Facts
from sync.client.updates import Updater
from sync.protocol.chain import check_chain
from sync.protocol.signing import SigningKey
from tests.store.columns import TODAY, Hands, open_at, order, power_cut
from tests.sync_client.reference_server import ReferenceServer
from tests.sync_client.wire import FAULTS, Wire

SETTINGS = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
KIOSKS = st.integers(0, 2)
FAULT = st.sampled_from(sorted(FAULTS))


class Stumble(Exception):
    """Breaks a transaction in the middle."""


@dataclass
class Kiosk:
    """One column: its store is the real one, on a real file.

    Attributes:
        damaged: its disk rotted once; what only the back office has cannot be sent again.
        forgotten: the back office was restored; it asks for what it lacks with the next event.
        facts: ids (ticket or visit) that were promised to be durable.
        labels: every label promised to a person.
    """

    home: Path
    identity: Identity
    clock: Hands
    store: KioskStore
    wire: Wire
    lives: int = 0
    damaged: bool = False
    forgotten: bool = False
    facts: set[str] = field(default_factory=set)
    labels: list[str] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The file in use now."""
        return self.home / f"life-{self.lives}" / "kiosk.db"

    def uploader(self) -> uploader.Uploader:
        """A new uploader, as after a start."""
        return uploader.Uploader(self.store, self.identity, self.wire, "/batches")

    def updater(self) -> Updater:
        """A new updater."""
        facts = Facts("1", ("travel",), lambda: TODAY, dict)
        return Updater(self.store, self.identity, facts, self.wire, "/updates")

    def reopen_from(self, image: Path) -> None:
        """Give up the running store and go on with a copy of its disk."""
        self.store.close()
        assert image == self.path
        self.store = open_at(self.path, self.identity.column, self.clock)


class World(RuleBasedStateMachine):
    """Three columns, one back office, no mercy."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.server = ReferenceServer()
        self.compacted = False
        self.visits = 0
        self.kiosks = [self._kiosk(number) for number in range(3)]

    def _kiosk(self, number: int) -> Kiosk:
        key = SigningKey(bytes([number + 1]) * 32)
        receipt = self.server.enrol(key.public)
        identity = Identity(Column.of(receipt), key, self.server.key.public, "")
        clock, home = Hands(), self.folder / f"kiosk-{number}"
        (home / "life-0").mkdir(parents=True)
        store = open_at(home / "life-0" / "kiosk.db", identity.column, clock)
        return Kiosk(home, identity, clock, store, Wire(self.server))

    # --- what people and the town do ------------------------------------------------------------------------------

    @rule(number=KIOSKS)
    def issue(self, number: int) -> None:
        """Somebody takes a ticket."""
        self._issue(self.kiosks[number])

    def _issue(self, kiosk: Kiosk) -> None:
        issued = kiosk.store.issue_ticket_now(order())
        kiosk.facts.add(issued.id)
        kiosk.labels.append(issued.label)

    @rule(number=KIOSKS, poison=st.booleans())
    def visit(self, number: int, poison: bool) -> None:
        """Somebody begins; some events hold what the back office cannot process."""
        self.visits += 1
        visit = f"visit-{self.visits}"
        language = "poison" if poison else "nl"
        self.kiosks[number].store.record_now(VISIT_STARTED, {"visitId": visit, "language": language})
        self.kiosks[number].facts.add(visit)

    @rule(number=KIOSKS, fault=FAULT)
    def send(self, number: int, fault: str) -> None:
        """One attempt to upload."""
        kiosk = self.kiosks[number]
        kiosk.wire.fault = fault
        kiosk.uploader().step()

    @rule(number=KIOSKS, fault=FAULT)
    def ask(self, number: int, fault: str) -> None:
        """One attempt to get numbers."""
        kiosk = self.kiosks[number]
        kiosk.wire.fault = fault
        kiosk.updater().step()

    @rule(number=KIOSKS)
    def power_cut(self, number: int) -> None:
        """The disk as it is this instant; everything else is gone."""
        self._power_cut(self.kiosks[number])

    def _power_cut(self, kiosk: Kiosk) -> None:
        before = kiosk.path
        kiosk.lives += 1
        kiosk.reopen_from(power_cut(before, kiosk.path.parent))

    @rule(number=KIOSKS, statement=st.integers(1, 14))
    def crash_in_transaction(self, number: int, statement: int) -> None:
        """The n-th statement of a ticket never runs, then the power goes."""
        kiosk = self.kiosks[number]
        counted = 0

        def stumble(*_: object) -> None:
            nonlocal counted
            counted += 1
            if counted == statement:
                raise Stumble

        engine = kiosk.store._writer._database.engine
        event.listen(engine, "before_cursor_execute", stumble)
        try:
            self._issue(kiosk)
        except Stumble:
            pass
        finally:
            event.remove(engine, "before_cursor_execute", stumble)
        self._power_cut(kiosk)

    @rule(number=KIOSKS)
    def damage(self, number: int) -> None:
        """The disk rots: what was not sent is gone, but no label comes twice."""
        self._damage(self.kiosks[number])

    def _damage(self, kiosk: Kiosk) -> None:
        kiosk.store.close()
        content = bytearray(kiosk.path.read_bytes())
        content[:16] = b"\0" * 16
        kiosk.path.write_bytes(content)
        kiosk.facts &= self._at_server(kiosk)
        kiosk.damaged = True
        kiosk.store = open_at(kiosk.path, kiosk.identity.column, kiosk.clock)

    @precondition(lambda self: not self.compacted)
    @rule(number=KIOSKS, keep=st.integers(0, 5))
    def restore_server(self, number: int, keep: int) -> None:
        """The back office comes back from an old backup."""
        kiosk = self.kiosks[number]
        if not kiosk.damaged:
            kiosk.forgotten = True
            self.server.restore_backup(kiosk.identity.column.source, keep)

    @rule(number=KIOSKS)
    def compact(self, number: int) -> None:
        """Eight days later, housekeeping."""
        self._compact(self.kiosks[number])

    def _compact(self, kiosk: Kiosk) -> None:
        self.compacted = True
        kiosk.clock.turn(8 * 24 * 3600)
        kiosk.store.maintain()

    # --- what must hold after every step --------------------------------------------------------------------------

    @invariant()
    def nothing_is_lost(self) -> None:
        """S1: what was promised is at the back office or still to be sent, or can be sent again when it forgot."""
        for kiosk in self.kiosks:
            missing = kiosk.facts - self._at_server(kiosk) - self._on_disk(kiosk, sent=kiosk.forgotten)
            assert not missing, f"S1: {missing} is lost"

    @invariant()
    def nothing_has_two_effects(self) -> None:
        """S2."""
        for known in self.server.columns.values():
            assert all(times == 1 for times in known.effects.values()), "S2: an event had two effects"

    @invariant()
    def accepted_chains_are_whole(self) -> None:
        """S3: a gap-free prefix, unbroken from birth."""
        for known in self.server.columns.values():
            for chain in known.chains.values():
                check_chain(chain, 1, known.birth)

    @invariant()
    def the_watermark_is_proved(self) -> None:
        """S4: the column believes nothing the back office never accepted."""
        for kiosk in self.kiosks:
            position = kiosk.store.position()
            ever = self.server.columns[position.source].ever
            acked = position.acked_sequence
            assert acked == 0 or (position.epoch, acked) in ever, "S4: acknowledged without proof"

    @invariant()
    def labels_are_unique(self) -> None:
        """S6."""
        labels = [label for kiosk in self.kiosks for label in kiosk.labels]
        assert len(set(labels)) == len(labels), f"S6: {sorted(labels)}"

    def teardown(self) -> None:
        """S1 and S5 at the end: the network heals, poison does not block, everything arrives."""
        try:
            for kiosk in self.kiosks:
                kiosk.store.record_now(VISIT_STARTED, {"visitId": "the next visitor"})
                for _ in range(200):
                    if isinstance(kiosk.uploader().step(), uploader.Empty):
                        break
                missing = kiosk.facts - self._at_server(kiosk)
                assert not missing, f"S1: {missing} never arrived"
                assert not self._on_disk(kiosk, sent=False), "S5: something stays behind"
        finally:
            for kiosk in self.kiosks:
                kiosk.store.close()
            shutil.rmtree(self.folder)

    def _at_server(self, kiosk: Kiosk) -> set[str]:
        chains = self.server.columns[kiosk.identity.column.source].chains.values()
        return {str(each["subject"]) for chain in chains for each in chain}

    def _on_disk(self, kiosk: Kiosk, sent: bool) -> set[str]:
        """Facts in the outbox; those proved to have arrived only when `sent`."""
        with JournalFile(kiosk.path) as file:
            return {str(stored.event["subject"]) for stored in file.events() if sent or stored.state != "acked"}


@pytest.mark.expects_log("zuil.store")
def test_the_invariants_hold_under_crashes_damage_and_a_hostile_network() -> None:
    run_state_machine_as_test(World, settings=SETTINGS)


def _visit(world: World) -> None:
    world.visits += 1
    world.kiosks[0].store.record_now(VISIT_STARTED, {"visitId": f"visit-{world.visits}", "language": "nl"})
    world.kiosks[0].facts.add(f"visit-{world.visits}")


def _issue(world: World) -> None:
    world._issue(world.kiosks[0])


def _send(fault: str) -> Callable[[World], None]:
    def send(world: World) -> None:
        world.kiosks[0].wire.fault = fault
        world.kiosks[0].uploader().step()

    return send


def _power_cut(world: World) -> None:
    world._power_cut(world.kiosks[0])


def _damage(world: World) -> None:
    world._damage(world.kiosks[0])


def _compact(world: World) -> None:
    world._compact(world.kiosks[0])


def _ack_on_any_2xx(patch: pytest.MonkeyPatch) -> None:
    """Trap 6: a hotel's login page acknowledges."""

    def step(self: uploader.Uploader) -> object:
        pending = self._store.next_batch(100, 100_000)
        if pending is None:
            return uploader.Empty()
        answer = self._transport.post(self._url, uploader.batch_bytes(pending, self._identity.key))
        if isinstance(answer, uploader.Answer) and 200 <= answer.status < 300:
            self._store.acknowledge(pending.epoch, pending.last, json.loads(pending.bodies[-1])["hash"])
        return uploader.Moved("")

    patch.setattr(uploader.Uploader, "step", step)


def _believe_any_signature(patch: pytest.MonkeyPatch) -> None:
    """Acknowledgements are not checked against the pinned key."""
    patch.setattr("sync.protocol.signing.PublicKey.verify_object", lambda *_: True)


def _skip_forward_when_asked(patch: pytest.MonkeyPatch) -> None:
    """An unsigned gap moves the watermark forward."""

    def rewind(connection: object, epoch: int, expected: int, previous_hash: str) -> outbox.RewindOutcome:
        chain = outbox.load_chain(connection, epoch)  # type: ignore[arg-type]
        if chain is None or outbox.own_hash(connection, chain, expected - 1) != previous_hash:  # type: ignore[arg-type]
            return outbox.RewindOutcome.MISMATCH
        done = {chain.key("acked_sequence"): expected - 1, chain.key("acked_hash"): previous_hash}
        connection.execute(outbox._ACKED, {"at_epoch": epoch, "after": 0, "until": expected - 1})  # type: ignore[attr-defined]
        write_state(connection, done)  # type: ignore[arg-type]
        return outbox.RewindOutcome.REWOUND

    patch.setattr(outbox, "rewind", rewind)


def _drop_what_is_refused(patch: pytest.MonkeyPatch) -> None:
    """Trap 4 the other way round: a 4xx deletes the events."""
    refused = uploader.Uploader._refused

    def forget(self: uploader.Uploader, pending: object, refusal: object) -> object:
        if type(refusal).__name__ == "Defect":
            last = json.loads(pending.bodies[-1])  # type: ignore[attr-defined]
            self._store.acknowledge(pending.epoch, pending.last, last["hash"])  # type: ignore[attr-defined]
        return refused(self, pending, refusal)  # type: ignore[arg-type]

    patch.setattr(uploader.Uploader, "_refused", forget)


def _numbers_in_memory(patch: pytest.MonkeyPatch) -> None:
    """The last number is kept in the program and not in the transaction."""
    memory = SimpleNamespace(owner=None, number=0)

    def take(connection: object, stamp: object, column: Column, *_: object) -> tickets._Number:
        engine = connection.engine  # type: ignore[attr-defined]
        if memory.owner is not engine:
            memory.owner, memory.number = engine, 0
        memory.number += 1
        return tickets._Number(memory.number, column.suffix, None)

    patch.setattr(tickets, "_take_number", take)


def _no_letters(patch: pytest.MonkeyPatch) -> None:
    """After damage the own numbers start again without a mark of the new epoch."""
    patch.setattr(tickets, "letters", lambda _: "")


def _days_by_the_wall_clock(patch: pytest.MonkeyPatch) -> None:
    """A clock set eight days ahead makes the column forget which numbers it promised today."""
    reading = Timekeeper._reading
    patch.setattr(Timekeeper, "_reading", lambda self, uptime: (reading(self, uptime)[0], "synced", 0))


Scene = tuple[Callable[[World], None], ...]
"""Steps of the state machine, one after another, with every invariant checked after each."""

MUTANTS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], Scene, str]] = {
    "ack on any 2xx": (_ack_on_any_2xx, (_visit, _send("portal")), "S1"),
    "any signature": (_believe_any_signature, (_visit, _send("lying ack")), "S1"),
    "skip forward": (_skip_forward_when_asked, (_visit, _visit, _visit, _send("skip ahead")), "S1"),
    "drop what is refused": (_drop_what_is_refused, (_visit, _send("bad request")), "S1"),
    "numbers in memory": (_numbers_in_memory, (_issue, _power_cut, _issue), "UNIQUE"),
    "no letters": (_no_letters, (_issue, _damage, _issue), "S6"),
    "days by the wall clock": (_days_by_the_wall_clock, (_issue, _compact, _issue), "UNIQUE"),
}


def play(scene: Scene) -> None:
    """Play a scene and check the invariants after every step, and at the end with a healed network."""
    world = World()
    try:
        for step in scene:
            step(world)
            world.nothing_is_lost()
            world.nothing_has_two_effects()
            world.accepted_chains_are_whole()
            world.the_watermark_is_proved()
            world.labels_are_unique()
    finally:
        world.teardown()


@pytest.mark.expects_log("zuil.store")
@pytest.mark.parametrize("mutant", MUTANTS)
def test_each_scene_plays_well_with_the_real_code(mutant: str) -> None:
    play(MUTANTS[mutant][1])


@pytest.mark.expects_log("zuil.store")
@pytest.mark.parametrize("mutant", MUTANTS)
def test_control_every_mutant_breaks_its_scene(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change, scene, broken = MUTANTS[mutant]
    change(monkeypatch)
    with pytest.raises((AssertionError, IntegrityError)) as caught:
        play(scene)
    chain = [caught.value, caught.value.__context__]
    assert any(broken in str(error) for error in chain)
