"""What the doctor says of a column: one that runs, a store that is damaged or behind, disk, clock, and its own page."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.column import load_column
from kiosk.demo.world import World
from kiosk.doctor import disk
from kiosk.doctor.column import Examined
from kiosk.doctor.examination import COLUMN, MACHINE, examine, report
from kiosk.doctor.finding import Finding, Severity, worst
from kiosk.doctor.pages import doctor_page
from kiosk.doctor.running import is_running
from kiosk.store.store import open_store
from sync.client.identity import load_identity
from tests.terminal.test_command import zuil

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings of a column whose world is over."""
    with World(tmp_path_factory.mktemp("world")) as world:
        return world.column("districtshuis")


@pytest.fixture
def settings(left: Path, tmp_path: Path) -> Path:
    """The same, for one test alone."""
    data = tmp_path / "column"
    shutil.copytree(left.parent, data)
    file = data / "zuil.toml"
    file.write_text(file.read_text().replace(str(left.parent), str(data)))
    return file


def found(settings: Path) -> dict[str, Finding]:
    """Findings by id."""
    return {finding.id: finding for finding in examine(settings)}


def test_the_page_in_the_tree_is_that_of_the_checks_and_ids_are_unique() -> None:
    assert (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8") == doctor_page()
    ids = [row.id for check in (*COLUMN, *MACHINE) for row in check.rows]
    assert len(set(ids)) == len(ids)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path) as world:
        yield world


def test_beside_a_running_kiosk_its_devices_are_left_alone_and_told_from_its_journal(world: World) -> None:
    settings = world.column("districtshuis")
    world.set_printer("paper-out")
    kiosk = subprocess.Popen(
        [sys.executable, "-m", "kiosk.cli", "run", "--text", "--config", str(settings)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert kiosk.stdin is not None
    assert kiosk.stdout is not None
    try:
        for line in kiosk.stdout:
            if line.startswith("[1]"):
                break
        findings = found(settings)
        while "paper_out" not in findings["device.printer"].found:
            findings = found(settings)
        hosts = world.printer.state.hosts
    finally:
        kiosk.stdin.close()
        kiosk.stdout.read()
        kiosk.stdout.close()
        kiosk.wait(30)
    assert "running; it last wrote at" in findings["kiosk"].found
    assert findings["device.printer"].severity is Severity.BROKEN
    assert "in use by the running kiosk, which says paper_out" in findings["device.printer"].found
    assert hosts == 1, "only the kiosk talks to the printer"
    assert findings["database"].severity is Severity.OK
    reader = findings["device.card_reader"]
    assert reader.severity is Severity.OK or "reader" in reader.found


def test_a_lock_is_seen_without_being_touched(settings: Path) -> None:
    store = settings.parent / "kiosk.db"
    assert is_running(store) is False
    identity = load_identity(settings.parent / "identity")
    held = open_store(store, identity.column, Examined.of(load_column(settings), settings).clock)
    try:
        assert is_running(store) is True
        assert is_running(store, settings.parent / "no-locks") is None
    finally:
        held.close()
    assert is_running(store) is False


def test_a_stopped_column_is_examined_without_leaving_a_trace(settings: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in settings.parent.rglob("*")}
    findings = found(settings)
    assert {path: path.stat().st_mtime_ns for path in settings.parent.rglob("*")} == before
    assert findings["kiosk"].found.startswith("not running")
    assert findings["leases"].severity is Severity.OK, str(findings["leases"])


def test_a_store_that_is_damaged_behind_or_somebody_elses_is_told(settings: Path) -> None:
    store = settings.parent / "kiosk.db"
    whole = store.read_bytes()
    try:
        with sqlite3.connect(store) as raw:
            raw.execute("DELETE FROM lease")
            raw.execute("UPDATE outbox SET state = 'pending'")
            raw.execute("UPDATE sync_state SET value = 'forked' WHERE key = 'stopped'")
        raw.close()
        findings = found(settings)
        assert findings["leases"].severity is Severity.ATTENTION
        assert (findings["outbox"].severity, "forked" in findings["outbox"].found) == (Severity.BROKEN, True)
        store.write_bytes(whole[:5000] + bytes(6000) + whole[11000:])
        assert found(settings)["database"].severity is Severity.BROKEN
        store.write_bytes(b"no database at all, " * 300)
        assert found(settings)["database"].severity is Severity.BROKEN
        with sqlite3.connect(settings.parent / "other.db") as raw:
            raw.execute("CREATE TABLE own (x)")
        raw.close()
        store.write_bytes((settings.parent / "other.db").read_bytes())
        assert "not the store of a column" in found(settings)["database"].found
        store.unlink()
        assert "is made at the first start" in found(settings)["database"].found
    finally:
        (settings.parent / "other.db").unlink(missing_ok=True)
        store.write_bytes(whole)


def test_a_clock_behind_what_was_written_is_told(settings: Path) -> None:
    text = settings.read_text()
    settings.write_text(text.replace("clock_shift_seconds = 0", f"clock_shift_seconds = {-86_400 * 3}"))
    clock = found(settings)["clock"]
    settings.write_text(text)
    assert (clock.severity, "but the newest event is of" in clock.found) == (Severity.BROKEN, True)


def test_a_disk_without_room_and_a_folder_for_everybody_are_told(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.parent.chmod(0o777)
    assert found(settings)["disk.rights"].severity is Severity.BROKEN
    settings.parent.chmod(0o700)
    assert found(settings)["disk.rights"].severity is Severity.OK
    real = os.statvfs(settings.parent)
    for free, severity in ((100_000_000, Severity.BROKEN), (500_000_000, Severity.ATTENTION)):
        values = list(real)
        values[4] = free // real.f_frsize
        monkeypatch.setattr(disk.os, "statvfs", lambda _, full=tuple(values): os.statvfs_result(full))
        assert found(settings)["disk.room"].severity is severity
        monkeypatch.undo()


def test_settings_everybody_may_write_and_an_enrolment_elsewhere_are_told(settings: Path) -> None:
    text = settings.read_text()
    settings.chmod(0o666)
    settings.write_text(text.replace('contact_point = "districtshuis"', 'contact_point = "veldekens"'))
    try:
        findings = found(settings)
    finally:
        settings.chmod(0o644)
        settings.write_text(text)
    assert findings["settings.rights"].severity is Severity.BROKEN
    assert findings["enrolment"].severity is Severity.BROKEN
    (settings.parent / "identity" / "signing.key").chmod(0o644)
    try:
        assert "others may read the signing key" in found(settings)["enrolment.key"].found
    finally:
        (settings.parent / "identity" / "signing.key").chmod(0o600)


def test_the_json_form_is_stable_and_settings_that_cannot_be_used_are_a_finding(settings: Path, tmp_path: Path) -> None:
    told = json.loads(zuil("doctor", "--json", "--part", "column", "--config", str(settings)).stdout)
    assert set(told) == {"format", "version", "examinedAt", "worst", "findings"}
    assert told["format"] == 1
    known = {row.id for check in COLUMN for row in check.rows}
    for each in told["findings"]:
        assert set(each) == {"id", "subject", "severity", "found", "nextStep"}
        assert each["id"] in known
    bad = tmp_path / "zuil.toml"
    bad.write_text("[visit]\nidle_second = 30\n")
    spoilt = report(bad, machine=False)
    assert (spoilt.worst, [each.id for each in spoilt.findings]) == (Severity.BROKEN, ["settings"])
    assert f"{bad}:2:" in spoilt.findings[0].found


def test_the_worst_finding_decides_the_exit_status() -> None:
    findings = [Finding("a", "a", severity, "") for severity in (Severity.ATTENTION, Severity.OK)]
    assert worst(findings).status == 1
    assert worst([*findings, Finding("b", "b", Severity.BROKEN, "")]).status == 2
    assert worst([]).status == 0
