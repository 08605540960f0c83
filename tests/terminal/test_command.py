"""The `zuil` command as another program sees it: words, exit status, one sentence when it cannot."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer import Typer
from typer.core import TyperGroup
from typer.main import get_command

from kiosk.cli import VERBS, assemble
from kiosk.demo.world import World


def zuil(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-m", "kiosk.cli", *words],
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, open_now="districtshuis", attests=True) as world:
        yield world


@pytest.mark.parametrize(
    "words", [(), ("run",), ("demo",), ("simulate", "printer"), ("journal", "verify"), ("backoffice", "serve")]
)
def test_every_verb_explains_itself(words: tuple[str, ...]) -> None:
    shown = zuil(*words, "--help")
    assert shown.returncode == 0
    assert "Usage:" in shown.stdout


def test_every_verb_is_found_alone_and_among_the_others() -> None:
    known = [verb for verbs in VERBS.values() for verb in verbs]
    assert sorted(verbs_of(assemble())) == sorted(known)
    for verb in known:
        assert verb in verbs_of(assemble(verb))


def verbs_of(app: Typer) -> list[str]:
    command = get_command(app)
    assert isinstance(command, TyperGroup)
    return list(command.commands)


def test_a_column_that_starts_loads_no_other_verbs() -> None:
    told = "import sys; from kiosk.cli import assemble; assemble({!r}); print('kiosk.commands.verify' in sys.modules)"
    loads = {
        verb: subprocess.run([sys.executable, "-c", told.format(verb)], capture_output=True, text=True, check=True)
        for verb in ("run", "verify", "")
    }
    assert {verb: done.stdout.strip() for verb, done in loads.items()} == {"run": "False", "verify": "True", "": "True"}


def test_wrong_settings_are_named_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "zuil.toml"
    file.write_text('[visit]\nidle_second = 30\n[screen]\nwidth_px = "wide"\n')
    refused = zuil("run", "--config", str(file))
    assert refused.returncode == 2
    assert f"{file}:2:" in refused.stderr
    assert "idle_seconds" in refused.stderr
    assert f"{file}:4:" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_column_that_never_joined_says_so(tmp_path: Path) -> None:
    file = tmp_path / "zuil.toml"
    file.write_text(
        f'[column]\nsite = "{Path("config/sites/berchem").resolve()}"\ndata = "data"\n[log]\nfolder = "log"\n'
    )
    refused = zuil("run", "--text", "--config", str(file))
    assert refused.returncode == 1
    assert "zuil enrol URL CODE" in refused.stderr


def test_doctor_names_what_is_wrong(world: World) -> None:
    settings = world.column("districtshuis")
    doctor = ("doctor", "--part", "column", "--config", str(settings))
    well = zuil(*doctor)
    assert well.returncode == 0, well.stdout
    world.set_printer("paper-out")
    world.set_network("portal")
    sick = zuil(*doctor)
    assert sick.returncode == 2
    assert "BROKEN     printer" in sick.stdout
    assert "paper_out" in sick.stdout
    assert "BROKEN     back office" in sick.stdout
    assert world.papers() == []


def test_a_ticket_in_the_terminal_and_its_journal(world: World) -> None:
    settings = world.column("districtshuis")
    visit = zuil("run", "--text", "--config", str(settings), typed="1\n2\n1\n1\n1\n")
    assert visit.returncode == 0, visit.stderr
    assert "001" in visit.stdout
    journal = settings.parent / "kiosk.db"
    assert "unbroken" in zuil("journal", "verify", str(journal)).stdout
    assert "tickets.notify.issued" in zuil("journal", "show", str(journal)).stdout
    assert len(world.papers()) == 1


def test_print_says_what_became_of_it(world: World) -> None:
    uri = f"tcp://127.0.0.1:{world.printer.port}"
    printed = zuil("print", "--test-page", "--to", uri)
    assert (printed.returncode, printed.stdout) == (0, "printed\n")
    world.set_printer("cover-open")
    failed = zuil("print", "--test-page", "--to", uri)
    assert failed.returncode == 1
    assert "failed: cover_open; nothing was printed" in failed.stderr
    bad = zuil("print", "--test-page", "--to", "printer-1")
    assert bad.returncode == 2
    assert "tcp://" in bad.stderr


def test_the_simulated_printer_is_told_on_standard_input(tmp_path: Path) -> None:
    told = zuil(
        "simulate", "printer", "--port", "0", "--out", str(tmp_path), typed="fault paper-out\nstate\nfault nonsense\n"
    )
    assert told.returncode == 0, told.stderr
    assert "paper-out" in told.stdout
    assert "paper-out-mid-job" in zuil("simulate", "printer", "--out", str(tmp_path), "--list-faults").stdout


@pytest.fixture
def world_at_this_hour(tmp_path: Path) -> Iterator[World]:
    """Its clock is the machine's, as that of the command is."""
    with World(tmp_path) as world:
        yield world


def test_staff_and_codes_are_made_beside_a_running_server(world_at_this_hour: World) -> None:
    world = world_at_this_hour
    where = ("--database", f"sqlite:///{world.folder / 'backoffice.db'}", "--site", str(world.site_folder))
    code = zuil("backoffice", "enrol-code", *where, "districtshuis")
    assert re.fullmatch(r"\w{4}-\w{4}-\w\n", code.stdout)
    made = zuil("backoffice", "user", *where, "jo", "Jo Voorbeeld", "--password", "a-long-password-1")
    assert made.returncode == 0, made.stderr
    refused = zuil("backoffice", "enrol-code", *where, "nowhere")
    assert refused.returncode == 2
    assert "districtshuis" in refused.stderr
    settings = world.folder / "new.toml"
    settings.write_text(f'[column]\nsite = "{world.site_folder}"\ndata = "new"\n[sync]\nurl = "{world.sync_url}"\n')
    joined = zuil("enrol", world.sync_url, code.stdout.strip(), "--config", str(settings))
    assert joined.returncode == 0, joined.stderr
    assert "numbers for today" in joined.stdout


def test_the_demo_names_what_it_cannot_do(tmp_path: Path) -> None:
    nowhere = zuil("demo", "--text", "--at", "nowhere", "--data", str(tmp_path))
    assert nowhere.returncode == 2
    assert "there are districtshuis" in nowhere.stderr
    assert zuil("demo", "some.visit").returncode == 2


def test_several_visit_files_are_played_as_a_shell_writes_them(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.visit", tmp_path / "b.visit"
    good.write_text("at districtshuis\nclock 2026-11-23 10:24\nsee Berchem\n")
    bad.write_text("at districtshuis\nclock 2026-11-23 10:24\nsee Atlantis\n")
    played = zuil("demo", "--script", str(good), str(bad))
    assert played.returncode == 1
    assert f"ok      {good}" in played.stdout
    assert f"failed  {bad}:3" in played.stderr
