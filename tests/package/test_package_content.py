"""The package as it is built: what is in it, what is not, and that it runs from where it lies."""

from __future__ import annotations

import importlib.util
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path
from types import ModuleType

import pytest

from config.settings import load_settings
from kiosk.demo.world import World
from tests.bench.column import seconds_to_ready
from tests.package.building import ROOT, Built

pytestmark = [pytest.mark.xdist_group("package"), pytest.mark.timeout(300)]


def tool(name: str) -> ModuleType:
    """A module of the builder, which is no package."""
    sys.path.insert(0, str(ROOT / "packaging/deb"))
    try:
        spec = importlib.util.find_spec(name)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.pop(0)


def files(folder: Path) -> Iterator[Path]:
    """Every file below a folder."""
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def test_it_asks_debian_for_exactly_the_lists_of_the_project(built: Built) -> None:
    said = HeaderParser().parsestr((built.tree / "DEBIAN/control").read_text())
    listed = [name for each in ("run", "column") for name in (ROOT / f"packaging/apt-{each}.txt").read_text().split()]
    assert said["Version"] == built.version
    assert said["Depends"].split(", ") == ["python3 (>= 3.11~)", "python3 (<< 3.12)", *listed]


def test_it_bundles_what_the_lock_has_for_running_and_nothing_else(built: Built) -> None:
    lock = tool("run_lock")
    wanted = {lock.plain(pin.name) for pin in lock.to_run(lock.read_lock(), lock.wanted_to_run())}
    bundled = {lock.plain(path.name.partition("-")[0]) for path in built.packages.glob("*.dist-info")}
    assert bundled == wanted
    assert "pyscard" in bundled
    assert not bundled & {"pytest", "mypy", "ruff", "hypothesis", "selenium", "pip"}


def test_what_developers_need_is_told_apart_by_who_wants_it() -> None:
    lock = tool("run_lock")
    pins = {
        "a": lock.Pin("a", "1", "", frozenset({"zuil"})),
        "b": lock.Pin("b", "1", "", frozenset({"a"})),
        "c": lock.Pin("c", "1", "", frozenset({"b", "tester"})),
        "tester": lock.Pin("tester", "1", "", frozenset({"zuil"})),
        "d": lock.Pin("d", "1", "", frozenset({"tester"})),
    }
    assert [pin.name for pin in lock.to_run(pins, {"a"})] == ["a", "b", "c"]


def test_nothing_that_is_gpl_alone_is_in_it(built: Built) -> None:
    import PySide6

    strip = tool("strip")
    whole = [path.name for path in files(Path(PySide6.__file__).parent)]
    found = [name for name in whole if strip.GPL_ONLY.search(name)]
    assert {"libqtvirtualkeyboardplugin.so", "libQt6WaylandCompositor.so.6"} <= set(found), "the pattern finds them"
    inside = [str(path) for path in files(built.packages / "PySide6") if strip.GPL_ONLY.search(str(path))]
    assert inside == []


def test_of_qt_only_what_our_screens_use_is_in_it(built: Built) -> None:
    modules = {path.name.partition(".")[0] for path in (built.packages / "PySide6").glob("Qt*.abi3.so")}
    assert modules == set(tool("strip").MODULES)
    names = {path.name for path in files(built.packages / "PySide6")}
    assert not names & {"designer", "linguist", "assistant", "lupdate", "qmllint", "libQt6Widgets.so.6"}
    assert not [path for path in files(built.packages) if path.suffix == ".pyi"]


def test_every_library_finds_those_it_needs(built: Built) -> None:
    libraries = [str(path) for path in files(built.home) if ".so" in path.suffixes]
    said = subprocess.run(["ldd", *libraries], capture_output=True, text=True)
    assert len(libraries) > 100
    # EGL integration is the one plugin for a server of buffers of which Debian's Mesa brings the rest.
    assert [line for line in said.stdout.splitlines() if "not found" in line] == []


def test_licences_and_the_offer_of_source_are_in_it(built: Built) -> None:
    documents = built.tree / "usr/share/doc/zuil"
    copyright_, offer = ((documents / name).read_text() for name in ("copyright", "SOURCE-OFFER"))
    for path in built.packages.glob("*.dist-info"):
        name = tool("run_lock").plain(path.name.partition("-")[0])
        text = re.search(rf"^ {re.escape(name)} .+\. Text: (\S+)\.$", copyright_, re.M)
        assert text, name
        common = Path(text[1]).parent == Path("/usr/share/common-licenses") and Path(text[1]).exists()
        assert common or any(files(built.tree / text[1][1:])), name
    for library in ("pyside6-essentials 6.", "shiboken6 6.", "psycopg 3."):
        assert f"* {library}" in offer
    assert (documents / "licences/zuil/LICENSE").read_text() == (ROOT / "LICENSE").read_text()


def test_it_names_no_path_of_the_machine_that_built_it(built: Built) -> None:
    here = str(ROOT).encode()
    assert [path for path in files(built.tree) if here in path.read_bytes()] == []


def test_nobody_but_root_can_change_it(built: Built) -> None:
    listed = subprocess.run(["dpkg-deb", "--contents", str(built.package)], capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=5) for line in listed.stdout.splitlines()]
    assert {row[1] for row in rows} == {"root/root"}
    for path in (each for each in built.tree.rglob("*") if not each.is_symlink()):
        assert not path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH | stat.S_ISUID | stat.S_ISGID), path


def test_its_settings_can_be_read_and_keep_to_the_column_s_folders(built: Built) -> None:
    settings = load_settings(built.tree / "etc/zuil/zuil.toml")
    assert settings.column.data == Path("/var/lib/zuil")
    assert settings.column.site == Path("/etc/zuil/site")
    assert settings.log.folder == Path("/var/log/zuil")
    assert settings.sync.apart
    assert (built.tree / "DEBIAN/conffiles").read_text().splitlines() == [
        "/etc/zuil/zuil.toml",
        "/etc/zuil/weston.ini",
        "/etc/apparmor.d/zuil",
    ]


def test_the_notice_says_it_in_every_language(built: Built) -> None:
    shown = built.tree / "usr/share/zuil"
    assert (shown / "notice.png").read_bytes()[:4] == b"\x89PNG"
    text = (shown / "notice.txt").read_text()
    for word in ("buiten dienst", "hors service", "out of service", "außer Betrieb"):
        assert word in text


def test_the_program_runs_from_it_on_a_screen_and_gives_a_ticket(built: Built, tmp_path: Path) -> None:
    program = [str(built.home / "bin/python3"), "-I", "-m", "kiosk.cli"]
    with World(tmp_path / "world", open_now="districtshuis") as world:
        settings = str(world.column("districtshuis"))
        assert seconds_to_ready([*program, "run", "--config", settings], tmp_path) > 0
        visit = subprocess.run(
            [*program, "run", "--text", "--config", settings],
            input="1\n2\n1\n1\n1\n",
            capture_output=True,
            text=True,
            check=True,
        )
        assert "001" in visit.stdout
        assert len(world.papers()) == 1
    version = [str(built.home / "bin/python3"), "-I", "-c", "import kiosk; print(kiosk.__version__, kiosk.__file__)"]
    said = subprocess.run(version, capture_output=True, text=True, check=True).stdout
    assert said.split() == [built.version, str(built.home / "app/kiosk/__init__.py")]
