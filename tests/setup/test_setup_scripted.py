"""Setup from a file of answers, against simulated devices and a back office: whole, again, one device exchanged."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.column import load_column
from config.problems import ConfigError
from drivers.simulated.printer import SimulatedPrinter
from kiosk.commands.failures import Failed
from kiosk.commands.setup import setup as zuil_setup
from kiosk.demo.world import World
from kiosk.doctor.finding import Severity
from kiosk.setup.scripted import BadAnswers, read_answers, set_up
from sync.client.enrolment import EnrolmentFailed
from sync.protocol.invitation import Invitation
from tests.setup.rigs import Site
from tests.terminal.test_command import zuil


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with World(tmp_path) as world:
        yield Site.at(world)


def test_a_column_is_set_up_from_nothing_and_again_nothing_changes(site: Site) -> None:
    done = site.set_up()
    assert (len(done.check), done.certain) == (6, True)
    assert done.numbers
    assert [each.id for each in done.trials] == ["trial.paper"]
    assert {each.severity for each in done.trials} == {Severity.OK}
    assert len(site.world.papers()) == 1
    column = load_column(site.settings)
    assert (column.settings.column.name, column.settings.screen.diagonal_inch) == ("zuil-7", 21.5)
    assert column.settings.sync.url == site.world.sync_url
    text = site.settings.read_text()
    assert "# Seconds without a touch before the column asks" in text, "the explanations are in it"
    broken = [each for each in done.findings if each.severity is Severity.BROKEN]
    assert [each.id for each in broken] == ["certificates.attests"], "this world has no enterprise number"

    stamp = site.settings.stat().st_mtime_ns
    again = site.again()
    assert (again.changed, again.lines, again.check) == ({}, (), "")
    assert (site.settings.stat().st_mtime_ns, site.settings.read_text()) == (stamp, text)
    assert len(site.world.papers()) == 1, "no test page of a printer that is the same"


def test_one_device_exchanged_changes_one_line_and_keeps_words_of_others(site: Site) -> None:
    site.set_up()
    own = site.settings.read_text() + "# the key of the cupboard hangs in the kitchen\n"
    site.settings.write_text(own)
    with SimulatedPrinterOn() as other:
        done = site.set_up(printer={"uri": other.uri})
        assert dict(done.changed) == {"printer.uri": other.uri}
        assert len(other.papers) == 1, "the new one printed its test page"
    after = site.settings.read_text()
    pairs = [(a, b) for a, b in zip(own.splitlines(), after.splitlines(), strict=True) if a != b]
    assert pairs == [(f'uri = "{site.world.printer.uri}"', f'uri = "{other.uri}"')]
    assert site.settings.with_name("zuil.toml.bak").read_text() == own


class SimulatedPrinterOn:
    """Another printer, for a while."""

    def __enter__(self) -> SimulatedPrinter:
        self._printer = SimulatedPrinter().start()
        return self._printer

    def __exit__(self, *_: object) -> None:
        self._printer.stop()


def test_a_host_is_enough_where_a_printer_answers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.setup.machine_bench.open_ports", lambda host: (9100,) if host == "roll-1" else ())
    file = site.answers(printer={"uri": "roll-1"}, trials={"test_page": False})
    done = set_up(site.settings, read_answers(file), site.bench)
    assert done.changed["printer.uri"] == "tcp://roll-1:9100"
    with pytest.raises(BadAnswers, match=r"printer\.uri: nothing answers at roll-2 port 9100"):
        set_up(site.settings, read_answers(site.answers(printer={"uri": "roll-2"})), site.bench)


def test_everything_that_is_missing_is_named_and_nothing_is_written(site: Site) -> None:
    with pytest.raises(BadAnswers) as missing:
        site.again()
    named = "\n".join(missing.value.problems)
    keys = ("column.name", "column.site", "screen.width_px", "printer.uri", "card.reader", "terminal.uri", "sync.url")
    assert [key for key in keys if f"{key} " not in named] == []
    assert not site.settings.exists()


def test_bad_answers_are_named_with_what_would_be_right(site: Site) -> None:
    bad = site.answers(printer={"profile": "epson-tm-t20"}, screen={"width_px": 10})
    with pytest.raises(BadAnswers) as wrong:
        set_up(site.settings, read_answers(bad), site.bench)
    named = "\n".join(wrong.value.problems)
    assert "printer.profile: unknown printer profile 'epson-tm-t20'; " in named
    assert "is missing" not in named
    assert "write a whole number from 320 to 7680" in named
    assert not site.settings.exists()
    for text, said in (
        ("[printr]\nuri = 1\n", r"there is no table \[printr\]"),
        ("[printer]\nurl = 1\n", "there is no 'printer.url'"),
        ("printer = 1\n", "'printer' is no table"),
        ("[printer]\nuri = []\n", "no single value"),
        ("[enrol]\ninvitation = 'x'\n", "no invitation"),
        ("[trials]\ncard_seconds = true\n", "card_seconds is True"),
        ("[trials]\ntest_page = 3\n", "test_page is 3"),
        ("[", "answers.toml"),
    ):
        bad.write_text(text)
        with pytest.raises(BadAnswers, match=said):
            read_answers(bad)


def test_another_back_office_than_the_invited_one_is_not_believed(site: Site) -> None:
    """The control: with the thumbprint of the right key the same code is taken."""
    invited = site.invitation()
    wrong = Invitation(invited.url, invited.code, "A" * len(invited.thumbprint))
    file = site.answers(enrol={"invitation": str(wrong)})
    with pytest.raises(EnrolmentFailed, match="another key than the one in the invitation"):
        set_up(site.settings, read_answers(file), site.bench)
    assert not (site.settings.parent / "var" / "identity" / "receipt.json").exists()
    assert site.set_up().certain


def test_a_typed_code_has_to_be_compared(site: Site) -> None:
    invited = site.invitation()
    file = site.answers(sync={"url": invited.url}, enrol={"invitation": "", "code": invited.code})
    done = set_up(site.settings, read_answers(file), site.bench)
    assert (len(done.check), done.certain) == (6, False)


def test_a_card_is_read_and_nothing_of_the_person_is_told(site: Site) -> None:
    site.world.cards.put_in("adult")
    done = site.set_up(trials={"card_seconds": 20})
    card = next(each for each in done.trials if each.id == "trial.card")
    assert (card.severity, card.found) == (Severity.OK, "read and verified")
    site.world.cards.put_in("out")
    unread = site.bench.read_card(site.world.cards.reader, None, 0.3, practice=True)
    assert (unread.severity, unread.found) == (Severity.ATTENTION, "no card was put in")


def test_a_settings_file_that_cannot_be_read_is_left_alone(site: Site) -> None:
    site.settings.parent.mkdir()
    site.settings.write_text("[printer]\nuri = 5\n")
    with pytest.raises(ConfigError, match=r"zuil\.toml:2: 'printer\.uri' is 5"):
        site.set_up()
    assert site.settings.read_text() == "[printer]\nuri = 5\n"


def test_the_command_says_it_for_people_and_for_machines(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("setup", "--config", str(site.settings), "--answers", str(site.answers()), "--json")
    done = zuil(*words)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["format"], told["certain"], len(told["check"])) == (1, True, 6)
    assert tomllib.loads(site.settings.read_text())["column"]["name"] == "zuil-7"
    empty = tmp_path / "empty.toml"
    empty.write_text("")
    again = zuil_setup(config=site.settings, answers=empty)
    assert (again, capsys.readouterr().out.splitlines()[0]) == (None, "Nothing changes.")
    empty.write_text("[printr]")
    with pytest.raises(Failed, match=r"there is no table \[printr\]") as wrong:
        zuil_setup(config=tmp_path / "other.toml", answers=empty, as_json=True)
    assert wrong.value.status == 2
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert "there is no table [printr]" in problem
