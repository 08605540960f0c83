"""Settings of a column: defaults, places of folders, pages written from the schema, and what is said of mistakes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from config.column import load_column
from config.problems import ConfigError
from config.settings import Settings, load_settings
from config.settings_pages import settings_example, settings_reference
from tests.config.small_site import SERVICE, SITE, line_of, write_site

ROOT = Path(__file__).parents[2]


def written(folder: Path, text: str) -> Path:
    """A settings file with this text."""
    file = folder / "zuil.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, ""))
    assert settings.visit.idle_seconds == 60
    assert settings.visit.warning_seconds == 20
    assert settings.printer.uri == "none"
    assert settings.sync.url == ""


def test_folders_are_relative_to_the_settings_file(tmp_path: Path) -> None:
    text = '[column]\nsite = "town"\ndata = "../data"\n[log]\nfolder = "/var/log/zuil"\n'
    settings = load_settings(written(tmp_path, text))
    assert settings.column.site == tmp_path / "town"
    assert settings.column.data.resolve() == tmp_path.parent / "data"
    assert settings.log.folder == Path("/var/log/zuil")


def test_a_column_has_no_card_reader_and_no_trust_unless_it_is_written(tmp_path: Path) -> None:
    card = load_settings(written(tmp_path, '[card]\ntrust = ""\nrevocations = ""\n')).card
    assert (card.reader, card.trust, card.revocations, card.screen_pin) == ("none", None, None, True)


def test_files_for_cards_are_relative_to_the_settings_file(tmp_path: Path) -> None:
    text = '[card]\nreader = "pcsc:ACS"\ntrust = "roots.pem"\nrevocations = "/var/lib/crl.der"\nscreen_pin = false\n'
    card = load_settings(written(tmp_path, text)).card
    assert (card.reader, card.trust, card.revocations) == (
        "pcsc:ACS",
        tmp_path / "roots.pem",
        Path("/var/lib/crl.der"),
    )
    assert not card.screen_pin


def test_without_a_file_the_demo_site_is_used_and_data_stay_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None)
    assert (settings.column.site / "site.toml").is_file()
    assert settings.column.data == tmp_path / "var"


def test_pixels_in_a_millimetre_come_from_the_diagonal() -> None:
    assert Settings().screen.px_per_mm == pytest.approx(3.21, abs=0.01)  # 27 inch, 1080 x 1920


def test_settings_cannot_be_changed_by_the_way() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().visit.idle_seconds = 5


MISTAKES = [
    ("[visit]\nidle_secnds = 30", 2, "unknown key 'visit.idle_secnds'; did you mean 'idle_seconds'?"),
    ("[vist]\nidle_seconds = 30", 1, "unknown key 'vist'; did you mean 'visit'?"),
    ("[visit]\n\nidle_seconds = 19", 3, "'visit.idle_seconds' is 19; write a whole number from 20 to 600"),
    ("[visit]\nidle_seconds = 601", 2, "'visit.idle_seconds' is 601; write a whole number from 20 to 600"),
    ("[visit]\nwarning_seconds = 10", 2, "'visit.warning_seconds' is 10; write a whole number from 20 to 300"),
    ("[visit]\nidle_seconds = 30.5", 2, "'visit.idle_seconds' is 30.5; write a whole number"),
    ('[visit]\nidle_seconds = "30"', 2, "'visit.idle_seconds' is \"30\"; write a whole number"),
    ("visit.idle_seconds = true", 1, "'visit.idle_seconds' is true; write a whole number"),
    ("visit = 5", 1, "'visit' is 5; write a table"),
    ("[screen]\nfullscreen = 1", 2, "'screen.fullscreen' is 1; write true or false"),
    ("[screen]\nwindow_scale = 2", 2, "'screen.window_scale' is 2; write a number from 0.2 to 1.0"),
    ("[screen]\ndiagonal_inch = nan", 2, "'screen.diagonal_inch' is nan; write a number from 7 to 100"),
    ('[column]\nname = "Zuil 1"', 2, "'Zuil 1' is no id; use small letters"),
    ("[column]\ndata = 5", 2, "'column.data' is 5; write a path"),
    ('[printer]\nuri = "http://printer"', 2, 'write "none" or an address like "tcp://'),
    ('[printer]\nuri = "tcp://printer:99999"', 2, "the port in 'tcp://printer:99999' is not a number from 1 to 65535"),
    ('[printer]\nprofile = "generic-80m"', 2, "unknown printer profile 'generic-80m'; did you mean 'generic-80mm'?"),
    ('[sync]\nurl = "backoffice.example"', 2, "'backoffice.example' is no address of a server; write it like"),
    ('[sync]\nurl = "https://[::1"', 2, "is no address of a server"),
    ('[sync]\nfollow_url = "https://a.example/?q=1"', 2, "is no address of a server"),
    ('[log]\nlevel = "loud"', 2, '\'log.level\' is "loud"; write one of: "debug", "info", "warning", "error"'),
    ('[card]\nreader = "pscs"', 2, '\'pscs\' is no card reader; write "none", "pcsc", "pcsc:ACS" or "virtual://127'),
    ('[card]\nreader = "virtual://192.0.2.7:1"', 2, "'virtual://192.0.2.7:1' is no slot on this machine; write"),
    ('[card]\nreadr = "pcsc"', 2, "unknown key 'card.readr'; did you mean 'reader'?"),
    ("[card]\ntrust = false", 2, "'card.trust' is false; write the name of a file, relative to the settings file"),
    ("[card]\nrevocations = 0", 2, "'card.revocations' is 0; write the name of a file, relative to the settings file"),
    ("[card]\nscreen_pin = 1", 2, "'card.screen_pin' is 1; write true or false"),
]


@pytest.mark.parametrize(("text", "line", "said"), MISTAKES, ids=[text.splitlines()[-1] for text, _, _ in MISTAKES])
def test_a_mistake_is_told_with_its_line_and_what_would_be_right(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        load_settings(file)
    (problem,) = raised.value.problems
    assert str(problem).startswith(f"{file}:{line}: ")
    assert said in str(problem)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load_settings(written(tmp_path, "\n".join(text for text, _, _ in (MISTAKES[2], MISTAKES[9], MISTAKES[20]))))
    assert [problem.line for problem in raised.value.problems] == [3, 5, 7]


def test_an_address_of_a_server_loses_its_last_slash(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, '[sync]\nurl = "https://office.example:8443/zuil/"'))
    assert settings.sync.url == "https://office.example:8443/zuil"


def test_every_setting_is_described_and_every_number_has_a_range() -> None:
    for name, group in Settings.model_fields.items():
        assert isinstance(group.annotation, type)
        assert issubclass(group.annotation, BaseModel)
        for key, field in group.annotation.model_fields.items():
            assert field.description, f"{name}.{key}"
            if field.annotation in (int, float):
                limits = {limit for part in field.metadata for limit in ("ge", "le") if hasattr(part, limit)}
                assert limits == {"ge", "le"}, f"{name}.{key}"


def test_the_pages_in_the_tree_are_those_of_the_schema() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_reference()
    assert (ROOT / "config" / "zuil.example.toml").read_text(encoding="utf-8") == settings_example()


def test_the_example_loads_as_it_is_and_with_every_setting_switched_on(tmp_path: Path) -> None:
    example = settings_example()
    assert load_settings(written(tmp_path, example)) == load_settings(written(tmp_path, ""))
    switched_on = re.sub(r"^# ([a-z_]+ = )", r"\1", example, flags=re.MULTILINE)
    assert switched_on.count("\n# ") < example.count("\n# ")
    assert load_settings(written(tmp_path, switched_on)) == load_settings(written(tmp_path, ""))


def test_settings_and_site_are_read_together(tmp_path: Path) -> None:
    write_site(tmp_path / "town", with_real_icon(SITE), passport=with_real_icon(SERVICE))
    column = load_column(written(tmp_path, '[column]\nsite = "town"\ncontact_point = "town-hall"\n'))
    assert column.here.address == "Markt 1"
    assert column.site.id == "small-town"


def test_a_contact_point_the_site_does_not_have_is_told_in_the_settings_file(tmp_path: Path) -> None:
    write_site(tmp_path / "town", with_real_icon(SITE), passport=with_real_icon(SERVICE))
    text = '[column]\nsite = "town"\ncontact_point = "townhall"\n'
    file = written(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        load_column(file)
    line = line_of(text, "contact_point")
    said = "the site 'small-town' has no contact point 'townhall'; did you mean 'town-hall'?"
    assert str(raised.value) == f"{file}:{line}: {said}"


def test_the_defaults_name_a_contact_point_of_the_demo_site() -> None:
    column = load_column(None)
    assert column.here.queues


SHIFTED = "[practice]\nclock_shift_seconds = 3600\n"
DOCKED = '[practice]\ndock = "dock"\n'
VIRTUAL = '[card]\nreader = "virtual://127.0.0.1:35963"\n'
TOWN = '[column]\nsite = "town"\ncontact_point = "town-hall"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SHIFTED, [(5, "the clock is shifted, but the site 'small-town' is no practice site; take out the table")]),
        (VIRTUAL, [(5, "the card reader is a virtual slot, but the site 'small-town' is no practice site; write")]),
        (DOCKED, [(5, "a dock steers this column, but the site 'small-town' is no practice site; take out the table")]),
        (SHIFTED + VIRTUAL, [(5, "the clock is shifted"), (7, "the card reader is a virtual slot")]),
    ],
)
def test_what_is_for_practice_only_is_refused_elsewhere(tmp_path: Path, text: str, told: list[tuple[int, str]]) -> None:
    write_site(tmp_path / "town", with_real_icon(SITE), passport=with_real_icon(SERVICE))
    file = written(tmp_path, TOWN + text)
    with pytest.raises(ConfigError) as raised:
        load_column(file)
    problems = raised.value.problems
    assert [problem.line for problem in problems] == [line for line, _ in told]
    assert all(said in str(problem) for problem, (_, said) in zip(problems, told, strict=True))


def test_a_practice_site_may_have_both(tmp_path: Path) -> None:
    site = with_real_icon(SITE).replace("practice = false", "practice = true")
    write_site(tmp_path / "town", site, passport=with_real_icon(SERVICE))
    settings = load_column(written(tmp_path, TOWN + SHIFTED + VIRTUAL)).settings
    assert settings.card.reader.startswith("virtual:")
    assert settings.practice.clock_shift_seconds == 3600


@pytest.mark.parametrize("uri", ["zvt+tcp://192.0.2.30:20007", "zvt+serial:///dev/ttyUSB0?baud=9600"])
def test_a_practice_site_takes_no_real_money(tmp_path: Path, uri: str) -> None:
    terminal = f'[terminal]\nuri = "{uri}"\n'
    write_site(tmp_path / "town", with_real_icon(SITE), passport=with_real_icon(SERVICE))
    assert load_column(written(tmp_path, TOWN + terminal)).settings.terminal.uri == uri
    site = with_real_icon(SITE).replace("practice = false", "practice = true")
    write_site(tmp_path / "town", site, passport=with_real_icon(SERVICE))
    with pytest.raises(ConfigError, match="zuil simulate terminal") as raised:
        load_column(written(tmp_path, TOWN + terminal))
    assert raised.value.problems[0].line == line_of(TOWN + terminal, "uri =")
    simulated = terminal.replace(uri, "zvt+tcp://127.0.0.1:20007")
    assert load_column(written(tmp_path, TOWN + simulated)).settings.terminal.uri.endswith("127.0.0.1:20007")


@pytest.mark.parametrize("reader", ["none", "pcsc", "pcsc:virtual"])
def test_a_real_site_may_have_a_real_reader(tmp_path: Path, reader: str) -> None:
    write_site(tmp_path / "town", with_real_icon(SITE), passport=with_real_icon(SERVICE))
    column = load_column(written(tmp_path, f'{TOWN}[card]\nreader = "{reader}"\n'))
    assert column.settings.card.reader == reader


@pytest.mark.parametrize(("cards", "badges"), [("pcsc", "pcsc:CL"), ("pcsc:ACS", "pcsc:acs picc"), ("pcsc", "pcsc")])
def test_cards_and_badges_have_a_reader_each(tmp_path: Path, cards: str, badges: str) -> None:
    write_site(tmp_path / "town", with_real_icon(SITE), passport=with_real_icon(SERVICE))
    text = f'{TOWN}[card]\nreader = "{cards}"\n[staff]\nreader = "{badges}"\n'
    with pytest.raises(ConfigError, match=r"may be the same one.*a part of the reader's name") as raised:
        load_column(written(tmp_path, text))
    assert raised.value.problems[0].line == len(text.splitlines())
    apart = f'{TOWN}[card]\nreader = "pcsc:Contact 00 00"\n[staff]\nreader = "pcsc:PICC 00 01"\n'
    assert load_column(written(tmp_path, apart)).settings.staff.reader == "pcsc:PICC 00 01"


def test_a_virtual_badge_reader_is_for_practice(tmp_path: Path) -> None:
    write_site(tmp_path / "town", with_real_icon(SITE), passport=with_real_icon(SERVICE))
    text = f'{TOWN}[staff]\nreader = "virtual://127.0.0.1:35963"\n'
    with pytest.raises(ConfigError, match="the badge reader is a virtual slot, but the site"):
        load_column(written(tmp_path, text))


@pytest.mark.parametrize(
    "proxy", ["", "http://proxy.example:3128", "http://192.0.2.3:8080/", "http://[2001:db8::3]:3128"]
)
def test_a_proxy_is_an_address_with_a_port(tmp_path: Path, proxy: str) -> None:
    sync = load_settings(written(tmp_path, f'[sync]\nproxy = "{proxy}"\nca = "own/town.pem"\n')).sync
    assert sync.proxy == proxy.rstrip("/")
    assert sync.ca == tmp_path / "own/town.pem"


@pytest.mark.parametrize(
    "proxy",
    [
        "proxy.example",
        "proxy.example:3128",
        "https://proxy.example:3128",
        "socks5://proxy.example:1080",
        "http://proxy.example",
        "http://proxy.example:0",
        "http://proxy.example:99999",
        "http://me:secret@proxy.example:3128",
        "http://proxy.example:3128/pac",
        "http://proxy.example:3128?x=1",
        "http://:3128",
        "http://[::1",
    ],
)
def test_what_is_no_proxy_is_refused_with_what_would_be_right(tmp_path: Path, proxy: str) -> None:
    with pytest.raises(ConfigError, match=r"is no proxy; write it like .http://proxy\.example:3128.") as refused:
        load_settings(written(tmp_path, f'[sync]\nproxy = "{proxy}"\n'))
    assert refused.value.problems[0].line == 2


def with_real_icon(text: str) -> str:
    """The same file with an icon that is shipped."""
    return text.replace('icon = "card"', 'icon = "airplane-tilt"')
