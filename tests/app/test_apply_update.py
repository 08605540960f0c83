"""The program that changes versions, with real packages and processes in a folder that stands for the machine.

A good version stays, a crashing one is taken back, and after a cut before any step a whole version runs.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.update_check import SIGNATURE, sign_update
from sync.protocol.signing import SigningKey

PROGRAM = Path("packaging/files/opt/zuil/libexec/zuil-apply-update").resolve()
KEY, STRANGER = SigningKey(b"\x07" * 32), SigningKey(b"\x55" * 32)
GOOD = "exec sleep 600"
CRASHES = "exit 1"
CRASHES_SOON = "while [ ! -e {folder}/looked ]; do sleep 0.1; done; exit 1"
"""Lives through the first look, and not through the next."""
STEPS = ("cp", "rm", "mkdir", "dpkg-deb", "tar", "sync", "mv", "ln", "chown")
CUT = """#!/bin/sh
count=$(cat "{folder}/count"); count=$((count + 1)); echo "$count" >"{folder}/count"
if [ "$count" -eq "{cut}" ]; then kill -9 "$PPID"; exit 137; fi
exec {real} "$@"
"""


class Machine:
    """A machine in a folder: versions, the column's own folder, and a service manager of two lines.

    Args:
        checks: whether signatures are really checked; else every package is believed to be version 1.1.
    """

    def __init__(self, folder: Path, checks: bool = True) -> None:
        self.folder = folder
        self.python = f'exec {sys.executable} "$@"' if checks else "echo 1.1"
        self.opt, self.spool = folder / "opt", folder / "var" / "update"
        self.spool.mkdir(parents=True)
        self.receipt = folder / "var" / "receipt.json"
        self.receipt.write_text(json.dumps({"publicKey": str(KEY.public)}))
        self.pid = folder / "pid"
        self.add_version("1.0", GOOD)
        (self.opt / "current").symlink_to("versions/1.0")

    def add_version(self, version: str, program: str, root: Path | None = None) -> None:
        """A version whose program is a line of shell."""
        programs = (root or self.opt) / "versions" / version / "bin"
        programs.mkdir(parents=True)
        (programs / "run").write_text(f"#!/bin/sh\n{program}\n")
        (programs / "python3").write_text(f"#!/bin/sh\n{self.python}\n")
        for path in programs.iterdir():
            path.chmod(0o755)

    def package(self, version: str, program: str, key: SigningKey = KEY, named: str = "") -> None:
        """Have the column ask for a package."""
        program = program.format(folder=self.folder)
        tree = self.folder / "tree"
        shutil.rmtree(tree, ignore_errors=True)
        self.add_version(version, program, tree / "opt/zuil")
        (tree / "DEBIAN").mkdir()
        control = f"Package: zuil\nVersion: {version}\nArchitecture: all\nMaintainer: x <x@localhost>\nDescription: x\n"
        (tree / "DEBIAN/control").write_text(control)
        package = self.spool / "update.deb"
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, package], check=True, capture_output=True
        )
        signed = sign_update(package, named or version, key)
        package.with_name(package.name + SIGNATURE).write_text(json.dumps(signed))
        (self.spool / "request").write_text("x")

    def apply(self, cut: int = 0, watched: int = 3) -> int:
        """Run the program, cut off before its n-th step; its exit status."""
        shims = self.folder / "shims"
        shutil.rmtree(shims, ignore_errors=True)
        shims.mkdir()
        (self.folder / "count").write_text("0")
        for step in STEPS:
            real = shutil.which(step)
            assert real is not None
            (shims / step).write_text(CUT.format(folder=self.folder, cut=cut, real=real))
            (shims / step).chmod(0o755)
        start = f"kill $(cat {self.pid}) 2>/dev/null; {self.opt}/current/bin/run >/dev/null 2>&1 & echo $! >{self.pid}"
        settings = {
            "ZUIL_OPT": str(self.opt),
            "ZUIL_SPOOL": str(self.spool),
            "ZUIL_RECEIPT": str(self.receipt),
            "ZUIL_RESTART": start,
            "ZUIL_HEALTHY": f"grep -q '^State:.[^Z]' /proc/$(cat {self.pid})/status && touch {self.folder}/looked",
            "ZUIL_WATCHED": str(watched),
        }
        path = f"{shims}:{os.environ['PATH']}"
        done = subprocess.run(["sh", PROGRAM], env={"PATH": path, **settings}, capture_output=True, timeout=100)
        return done.returncode

    @property
    def steps(self) -> int:
        """Steps of the last run."""
        return int((self.folder / "count").read_text())

    @property
    def current(self) -> str:
        """The version in use, which must be whole."""
        where = (self.opt / "current").resolve(strict=True)
        assert os.access(where / "bin" / "run", os.X_OK)
        assert os.access(where / "bin" / "python3", os.X_OK)
        return where.name

    @property
    def runs(self) -> bool:
        """Whether the program that was started last lives; it may have to begin."""
        for _ in range(500):
            if Path(f"/proc/{self.pid.read_text().strip()}/cmdline").read_bytes().startswith(b"sleep"):
                return True
            time.sleep(0.02)
        return False

    @property
    def result(self) -> dict[str, str]:
        """What the column is told."""
        told: dict[str, str] = json.loads((self.spool / "result.json").read_text())
        return told

    def stop(self) -> None:
        """End the program that runs."""
        if self.pid.exists():
            try:
                os.kill(int(self.pid.read_text()), signal.SIGKILL)
            except (ProcessLookupError, ValueError):
                return


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine with version 1.0."""
    made = Machine(tmp_path)
    yield made
    made.stop()


def test_a_good_version_stays_and_the_one_before_is_kept_beside_it(machine: Machine) -> None:
    machine.add_version("0.9", GOOD)
    machine.package("1.1", GOOD)
    assert machine.apply() == 0
    assert machine.current == "1.1"
    assert sorted(path.name for path in (machine.opt / "versions").iterdir()) == ["1.0", "1.1"]
    assert not (machine.opt / "trial").is_symlink()
    assert machine.result == {"outcome": "installed", "version": "1.1", "reason": ""}
    assert not (machine.spool / "request").exists()
    assert machine.runs


@pytest.mark.parametrize("program", [CRASHES, CRASHES_SOON])
def test_a_version_that_crashes_within_its_minute_is_taken_back(machine: Machine, program: str) -> None:
    machine.package("1.1", program)
    assert machine.apply() == 0
    assert machine.current == "1.0"
    assert machine.result == {"outcome": "rejected", "version": "1.1", "reason": "not healthy within its first minute"}
    assert machine.runs


def test_control_without_watching_a_crashing_version_would_stay(machine: Machine) -> None:
    machine.package("1.1", CRASHES_SOON)
    machine.apply(watched=0)
    assert machine.current == "1.1"


@pytest.mark.parametrize(
    ("version", "key", "named", "reason"),
    [
        ("1.1", STRANGER, "", "signature"),
        ("1.0", KEY, "", "not newer"),
        ("0.9", KEY, "", "not newer"),
        ("1.1", KEY, "1.2", "holds no version 1.2"),
    ],
)
def test_what_is_not_signed_not_newer_or_not_there_is_refused(
    machine: Machine, version: str, key: SigningKey, named: str, reason: str
) -> None:
    machine.package(version, GOOD, key, named)
    assert machine.apply() == 0
    assert machine.current == "1.0"
    assert machine.result["outcome"] == "rejected"
    assert reason in machine.result["reason"]


def test_nothing_asked_is_nothing_done(machine: Machine) -> None:
    assert machine.apply() == 0
    assert machine.current == "1.0"
    assert not (machine.spool / "result.json").exists()


def test_after_a_cut_before_any_step_a_whole_version_runs_and_the_next_attempt_works(tmp_path: Path) -> None:
    first = Machine(tmp_path / "count", checks=False)
    first.package("1.1", GOOD)
    first.apply(watched=0)
    steps = first.steps
    first.stop()
    assert steps >= 12
    seen: set[str] = set()
    for cut in range(1, steps + 1):
        machine = Machine(tmp_path / str(cut), checks=False)
        machine.package("1.1", GOOD)
        machine.apply(cut, watched=0)
        seen.add(machine.current)
        assert machine.apply(watched=0) == 0, "the next start of the machine"
        assert machine.current in ("1.0", "1.1")
        assert not (machine.opt / "trial").is_symlink()
        if machine.current == "1.0":
            machine.package("1.1", GOOD)
            machine.apply(watched=0)
        assert machine.current == "1.1", f"cut {cut} stands in the way of the next attempt"
        machine.stop()
    assert seen == {"1.0", "1.1"}
