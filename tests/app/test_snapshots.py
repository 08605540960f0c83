"""Versions of settings and offer: checked, on trial for a minute, taken back; whole after a cut at any point."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from config.column import ColumnConfig, load_column
from config.problems import ConfigError
from config.remote import REMOTE, override, read_setting
from config.settings import Settings
from kiosk.clock import DrivenClock
from kiosk.core.events import SNAPSHOT_ACTIVATED, SNAPSHOT_REJECTED
from kiosk.snapshot_care import WATCHED_S, SnapshotCare
from kiosk.snapshots import TRIAL_STARTS, InUse, Snapshots, Told, load_current, load_in_use
from kiosk.store.store import KioskStore
from sync.backoffice.releases import CannotPublish, publish, set_for_column
from sync.client.answers import NotOurServer
from sync.client.asking import Asker
from sync.client.snapshots import Snapshot, fetch_snapshot
from sync.client.transport import Answer, NoAnswer
from sync.protocol.packing import CannotPack, pack_folder, unpack_folder
from sync.protocol.signing import SNAPSHOT, SigningKey
from tests.app.remotes import street
from tests.config.small_site import SERVICE, SITE, write_site
from tests.config.test_settings import with_real_icon
from tests.store.columns import START, open_at

BERCHEM = Path("config/sites/berchem").resolve()
OLD, NEW = "#0B4F6C", "#112233"


def edited(folder: Path, old: str = "", new: str = "") -> Path:
    """A small town, with some words of its file changed."""
    text = with_real_icon(SITE)
    assert old in text
    return write_site(folder, text.replace(old, new) if old else text, passport=with_real_icon(SERVICE))


def title(config: ColumnConfig) -> str:
    """What differs: the colour of the municipality."""
    return config.site.brand


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The settings file of a column."""
    edited(tmp_path / "town")
    path = tmp_path / "zuil.toml"
    path.write_text('[column]\nsite = "town"\ncontact_point = "town-hall"\ndata = "data"\n[visit]\nidle_seconds = 50\n')
    return path


@pytest.fixture
def snapshots(file: Path) -> Snapshots:
    """Its versions: none yet."""
    return Snapshots(load_column(file).settings.column.data)


@pytest.fixture
def new(tmp_path: Path) -> bytes:
    """A parcel with another colour."""
    return pack_folder(edited(tmp_path / "new", OLD, NEW))


def care(file: Path, store: KioskStore, clock: DrivenClock, healthy: bool = True) -> tuple[SnapshotCare, list[str]]:
    """What looks after versions, and what it asked to be restarted for."""
    restarts: list[str] = []

    async def is_healthy() -> bool:
        return healthy

    return SnapshotCare(file, load_current(file), store, clock, restarts.append, is_healthy), restarts


# --- parcels --------------------------------------------------------------------------------------------------------


def test_a_folder_is_the_same_after_its_journey_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    packed = pack_folder(BERCHEM)
    assert packed == pack_folder(BERCHEM)
    unpack_folder(packed, tmp_path / "there")
    there = {path.relative_to(tmp_path / "there"): path.read_bytes() for path in (tmp_path / "there").rglob("*.*")}
    assert there == {path.relative_to(BERCHEM): path.read_bytes() for path in BERCHEM.rglob("*.toml")}


def parcel(**changes: object) -> bytes:
    """A parcel with one entry that is not as it should be."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz") as archive:
        entry = tarfile.TarInfo("site.toml")
        entry.size = 1
        for name, value in changes.items():
            setattr(entry, name, value)
        archive.addfile(entry, io.BytesIO(b"x"))
    return packed.getvalue()


@pytest.mark.parametrize(
    "packed",
    [
        parcel(name="../site.toml"),
        parcel(name="/etc/site.toml"),
        parcel(name="run.py"),
        parcel(type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        parcel(type=tarfile.LNKTYPE, linkname="/etc/passwd"),
        parcel(type=tarfile.DIRTYPE, name="services.toml"),
        b"no parcel",
        b"",
        pack_folder(BERCHEM)[:-100],
    ],
    ids=["up", "absolute", "program", "symlink", "link", "folder", "garbage", "nothing", "cut off"],
)
def test_a_parcel_that_is_none_is_refused_and_leaves_nothing_outside(tmp_path: Path, packed: bytes) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(CannotPack):
        unpack_folder(packed, tmp_path / "in" / "there")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["there"]


# --- settings from afar ---------------------------------------------------------------------------------------------


def test_every_setting_that_may_be_set_from_afar_exists_and_none_of_them_is_about_trust() -> None:
    for name in REMOTE:
        table, _, key = name.partition(".")
        assert key in type(getattr(Settings(), table)).model_fields, name
    assert not REMOTE & {"sync.url", "card.trust", "terminal.uri", "column.data", "fees.method"}


def test_settings_from_afar_take_the_place_of_the_files_own_and_are_judged_alike() -> None:
    changed = override(Settings(), {"visit.idle_seconds": 90, "speech.volume": 10})
    assert (changed.visit.idle_seconds, changed.speech.volume) == (90, 10)
    with pytest.raises(ConfigError) as refused:
        override(Settings(), {"visit.idle_seconds": 5, "sync.url": "https://other.example", "speech.volume": "loud"})
    assert len(refused.value.problems) == 3
    assert "20" in str(refused.value)
    assert read_setting("card.screen_pin=false") == ("card.screen_pin", False)
    assert read_setting("visit.idle_seconds=90") == ("visit.idle_seconds", 90)
    for wrong in ("visit.idle_seconds", "visit.idle_seconds=soon", "sync.url=https://other.example"):
        with pytest.raises(ConfigError):
            read_setting(wrong)


# --- in use ---------------------------------------------------------------------------------------------------------


def test_a_version_is_used_from_the_next_start_and_kept_after_its_minute(
    file: Path, snapshots: Snapshots, new: bytes
) -> None:
    snapshots.keep(3, new, {"visit.idle_seconds": 90})
    assert title(load_in_use(file)) != NEW
    snapshots.activate(3, 1)
    config = load_in_use(file)
    assert (title(config), config.settings.visit.idle_seconds) == (NEW, 90)
    assert snapshots.read().trial
    snapshots.prove()
    for _ in range(5):
        assert title(load_in_use(file)) == NEW
    assert snapshots.read() == InUse(3, 0, False, 0, 3, 1, (Told("activated", 3),))


@pytest.mark.expects_log("zuil.column")
def test_a_version_that_never_lives_through_its_minute_is_taken_back(
    file: Path, snapshots: Snapshots, new: bytes
) -> None:
    snapshots.keep(3, new, {})
    snapshots.activate(3, 1)
    titles = [title(load_in_use(file)) for _ in range(TRIAL_STARTS + 3)]
    assert titles == [NEW] * TRIAL_STARTS + [titles[-1]] * 3
    assert titles[-1] != NEW
    state = snapshots.read()
    assert (state.active, state.highest, state.trial) == (0, 3, False)
    assert [each.kind for each in state.told] == ["rejected"]


def test_control_without_counting_starts_it_would_be_started_for_ever(
    file: Path, snapshots: Snapshots, new: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshots.keep(3, new, {})
    snapshots.activate(3, 1)
    write = Snapshots.write
    monkeypatch.setattr(Snapshots, "write", lambda self, state: write(self, replace(state, starts=0)))
    assert [title(load_in_use(file)) for _ in range(TRIAL_STARTS + 3)] == [NEW] * (TRIAL_STARTS + 3)


def test_whoever_only_looks_does_not_count_as_a_start(file: Path, snapshots: Snapshots, new: bytes) -> None:
    snapshots.keep(3, new, {})
    snapshots.activate(3, 1)
    for _ in range(5):
        assert title(load_current(file)) == NEW
    assert snapshots.read().starts == 0


@pytest.mark.expects_log("zuil.column")
def test_a_version_whose_files_are_damaged_gives_way(file: Path, snapshots: Snapshots, new: bytes) -> None:
    old = title(load_column(file))
    snapshots.keep(3, new, {})
    snapshots.activate(3, 1)
    snapshots.prove()
    (snapshots.folder(3) / "site" / "site.toml").write_text("[")
    assert title(load_in_use(file)) == old
    (snapshots.folder(3).parent / "in-use.json").write_text("{")
    assert title(load_in_use(file)) == old


class Unplugged(BaseException):
    """The power went."""


def steps(monkeypatch: pytest.MonkeyPatch, at: int | None) -> list[str]:
    """Has the power go at the n-th touch of the disk; what was touched."""
    touched: list[str] = []

    def before(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def touch(*words: object, **more: object) -> object:
            if len(touched) == at:
                raise Unplugged
            touched.append(name)
            return real(*words, **more)

        return touch

    for holder, name in ((Path, "write_bytes"), (Path, "rename"), (Path, "replace"), (os, "fsync"), (Path, "mkdir")):
        monkeypatch.setattr(holder, name, before(name, getattr(holder, name)))
    monkeypatch.setattr(shutil, "rmtree", before("rmtree", shutil.rmtree))
    return touched


def take_over(snapshots: Snapshots, packed: bytes) -> None:
    """From version 3 to version 4, the whole way."""
    snapshots.keep(4, packed, {"visit.idle_seconds": 90})
    snapshots.activate(4, 2)
    snapshots.prove()


def test_a_cut_at_any_point_leaves_the_old_or_the_new_whole(file: Path, tmp_path: Path, new: bytes) -> None:
    small = tmp_path / "data"
    with pytest.MonkeyPatch.context() as patch:
        touched = steps(patch, None)
        first = Snapshots(small)
        first.keep(3, pack_folder(edited(tmp_path / "old")), {})
        first.activate(3, 1)
        first.prove()
        patch.undo()
        shutil.copytree(small, tmp_path / "before")
        touched = steps(patch, None)
        take_over(first, new)
        count = len(touched)
    assert count > 20
    seen: set[tuple[str, int]] = set()
    for cut in range(count):
        shutil.rmtree(small)
        shutil.copytree(tmp_path / "before", small)
        with pytest.MonkeyPatch.context() as patch:
            steps(patch, cut)
            with pytest.raises(Unplugged):
                take_over(Snapshots(small), new)
        config = load_in_use(file)
        seen.add((title(config), config.settings.visit.idle_seconds))
        again = Snapshots(small)
        take_over(again, new)
        assert title(load_in_use(file)) == NEW, "nothing left behind may stand in the way of the next attempt"
    assert seen == {(title(load_column(file)), 50), (NEW, 90)}


# --- coming in, and the first minute --------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> object:
    """A store for events."""
    made = open_at(tmp_path / "kiosk.db")
    yield made
    made.close()


def told(store: KioskStore) -> list[tuple[str, object]]:
    """Kinds and versions of the events about versions."""
    batch = store.next_batch(1000, 10_000_000)
    events = [json.loads(body) for body in batch.bodies] if batch else []
    return [(e["type"].rpartition(".")[2], e["data"]["version"]) for e in events if ".snapshots." in e["type"]]


async def test_a_good_version_is_activated_by_a_restart_and_kept_after_a_healthy_minute(
    file: Path, store: KioskStore, new: bytes
) -> None:
    clock = DrivenClock(START)
    looking, restarts = care(file, store, clock)
    assert looking.take_in(1, new, {"visit.idle_seconds": 90})
    assert restarts == ["snapshot 1"]
    assert title(load_in_use(file)) == NEW
    after, restarts = care(file, store, clock)
    watching = asyncio.create_task(after.watch())
    await clock.pass_time(WATCHED_S - 1)
    assert not watching.done()
    await clock.pass_time(2)
    await watching
    assert told(store) == [("activated", 1)]
    assert restarts == []
    assert SNAPSHOT_ACTIVATED.fields == {"version"}


@pytest.mark.expects_log("zuil.column")
async def test_an_unhealthy_minute_takes_it_back_and_says_why(file: Path, store: KioskStore, new: bytes) -> None:
    clock, old = DrivenClock(START), title(load_column(file))
    looking, _ = care(file, store, clock)
    looking.take_in(1, new, {})
    load_in_use(file)
    after, restarts = care(file, store, clock, healthy=False)
    watching = asyncio.create_task(after.watch())
    await clock.pass_time(WATCHED_S + 1)
    await watching
    assert restarts == ["snapshot taken back"]
    assert title(load_in_use(file)) == old
    assert told(store) == [("rejected", 1)]
    assert SNAPSHOT_REJECTED.fields == {"version", "reason"}


@pytest.mark.expects_log("zuil.column")
@pytest.mark.parametrize(
    ("old", "changed", "settings", "reason"),
    [
        ('id = "small-town"', 'name_ = "small-town"', {}, "is missing"),
        ('id = "town-hall"', 'id = "elsewhere"', {}, "elsewhere"),
        ("", "", {"visit.idle_seconds": 1}, "visit.idle_seconds"),
        ("", "", {"sync.url": "https://other.example"}, "cannot be set from afar"),
    ],
    ids=["no site", "other place", "bad value", "not from afar"],
)
async def test_what_the_loaders_refuse_is_never_used_and_told_once(
    file: Path, store: KioskStore, tmp_path: Path, old: str, changed: str, settings: dict[str, int | str], reason: str
) -> None:
    packed = pack_folder(edited(tmp_path / "bad", old, changed))
    looking, restarts = care(file, store, DrivenClock(START))
    assert not looking.take_in(5, packed, settings)
    assert restarts == []
    state = Snapshots(load_column(file).settings.column.data).read()
    assert (state.active, state.highest) == (0, 5)
    assert reason in state.told[0].reason
    await looking.watch()
    await looking.watch()
    assert told(store) == [("rejected", 5)]


# --- with a real back office ----------------------------------------------------------------------------------------


def test_published_versions_rise_and_each_column_gets_its_own_settings(tmp_path: Path, new: bytes) -> None:
    with street(tmp_path) as care_:
        asker = Asker(care_.identity, care_.cable, care_.url, care_.store.now)
        seen: list[int] = []
        care_.store.on_snapshot(seen.append)
        care_.tick()
        assert seen == []
        assert fetch_snapshot(asker, 0) is None
        with pytest.raises(CannotPublish):
            set_for_column(care_.office, care_.kiosk_id, "visit.idle_seconds", 90, "x")
        assert publish(care_.office, new, "staff-1") == 1
        assert set_for_column(care_.office, care_.kiosk_id, "visit.idle_seconds", 90, "x") == 2
        care_.tick()
        assert seen == [2]
        assert fetch_snapshot(asker, 0) == Snapshot(2, new, {"visit.idle_seconds": 90})
        assert fetch_snapshot(asker, 2) is None
        assert set_for_column(care_.office, care_.kiosk_id, "visit.idle_seconds", None, "x") == 3
        assert fetch_snapshot(asker, 2) == Snapshot(3, new, {})


@pytest.mark.parametrize("how", ["a stranger's", "an older one", "for another request"])
def test_only_a_newer_version_of_the_pinned_key_in_answer_to_us_is_taken(tmp_path: Path, new: bytes, how: str) -> None:
    with street(tmp_path) as care_:
        publish(care_.office, new, "x")

        def instead(_name: str, answer: Answer | NoAnswer) -> Answer | NoAnswer:
            assert isinstance(answer, Answer)
            members = {**json.loads(answer.body), "version": 9}
            if how == "an older one":
                members["version"] = 4
            if how == "for another request":
                members["nonce"] = "n" * 22
            key = SigningKey(b"\x55" * 32) if how == "a stranger's" else care_.office.key
            return Answer(200, json.dumps(key.sign_object(SNAPSHOT, members)).encode())

        care_.cable.instead = instead
        asker = Asker(care_.identity, care_.cable, care_.url, care_.store.now)
        fetched = fetch_snapshot(asker, 5)
        assert fetched is None if how == "an older one" else isinstance(fetched, NotOurServer)
