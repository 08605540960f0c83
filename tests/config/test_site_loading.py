"""A municipality's files: what they become, and what is said of each mistake, with file and line."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from config.problems import ConfigError
from config.site import load_site
from config.words import SOFT_HYPHEN
from kiosk.core.catalogue import Interval, WayKind
from kiosk.core.language import Regime
from tests.config.small_site import SERVICE, SITE, line_of, write_site


def test_a_right_site_becomes_values_of_the_core(tmp_path: Path) -> None:
    site = load_site(write_site(tmp_path), tmp_path / "icons")
    assert (site.id, site.mark, site.practice) == ("small-town", "S", False)
    assert site.profile.regime is Regime.RIM
    assert site.profile.languages == ("nl", "fr")
    assert site.theme("identity").hint.values["fr"] == "Carte et passeport"
    assert site.queue("identity").letter == "A"
    point = site.contact_point("town-hall")
    assert point.hours.week == {1: (Interval(time(9), time(12, 30)), Interval(time(13, 30), time(16)))}
    assert point.hours.closed[0].covers(date(2026, 12, 26))
    service = site.service("passport")
    assert service.title.values["nl"] == f"Reis{SOFT_HYPHEN}pas"
    assert service.keywords["fr"] == ("voyage",)
    assert service.costs[0].amount_cents == 7500
    assert [offer.way for offer in service.offers] == [WayKind.TICKET, WayKind.APPOINTMENT]


def test_the_demo_site_is_right_and_as_large_as_promised() -> None:
    site = load_site(Path(__file__).parents[2] / "config" / "sites" / "berchem")
    assert len(site.contact_points) == 7
    assert len(site.services) >= 40
    assert site.practice


SITE_MISTAKES = [
    ('nl = "Klein"\n', "", "[name]", "'name' has no translation in 'nl'; add nl = \"…\" to it"),
    ('nl = "Klein"', 'nl = " "', 'nl = " "', "'name' is empty in 'nl'; write the text"),
    ('fr = "Petit"', 'fr = "Petit"\nes = "Pe"', "es =", "'name' has the unknown language 'es'; did you mean 'en'?"),
    ('mark = "S"', 'mrak = "S"', "mrak", "unknown key 'mrak'; did you mean 'mark'?"),
    ('mark = "S"', "", "id =", "'mark' is missing; add mark = a text between"),
    ('mark = "S"', 'mark = "s"', "mark", "'s' is no mark; write one or two capitals"),
    ('mark = "S"', "mark = 5", "mark", "'mark' is 5; write a text between"),
    ("#0B4F6C", "0B4F6C", "brand", "'0B4F6C' is no colour; write it as #RRGGBB"),
    ("#0B4F6C", "#C93675", "brand", "neither white nor ink can be read on '#C93675' (white reaches 4.9:1"),
    ("practice = false", 'practice = "no"', "practice", "'practice' is \"no\"; write true or false"),
    ("Europe/Brussels", "Europe/Brusels", "timezone", "'Europe/Brusels' is no time zone; write its IANA name"),
    ('phone = "03 000 00 00"', 'phone = "call us"', "call us", "'call us' is no telephone number"),
    ('web = "small', 'web = "https://small', "https", "is no web address; write it without https://"),
    ('regime = "rim"', 'regime = "rin"', "regime", "unknown regime 'rin'; did you mean 'rim'?"),
    ('["nl", "fr"]', '["fr", "nl"]', "order", "regime 'rim' permits ['nl', 'fr'], not ['fr', 'nl']; change the order"),
    ('["nl", "fr"]', '["nl", "xx"]', "order", "languages must be different ones of nl, fr, en, de"),
    ('regime = "rim"', 'regime = "demo"', "practice", "regime 'demo' without the practice mark; write practice = true"),
    ('letter = "A"', 'letter = "AB"', "letter", "'AB' is no letter of a queue; write one capital"),
    (
        'queues = ["identity"]',
        'queues = ["identity", "identiti"]',
        "queues =",
        "unknown queue 'identiti'; did you mean 'identity'?",
    ),
    ('queues = ["identity"]', 'queues = "identity"', "queues =", "write a list between [square brackets]"),
    ('icon = "card"', 'icon = "crad"', "icon", "unknown icon 'crad'; did you mean 'card'?"),
    (
        'nl = "Identiteit"',
        f'nl = "{"Iden" * 9}"',
        "IdenIden",
        "'themes.title' has 36 characters in 'nl'; write at most 32",
    ),
    ('"09:00-12:30"', '"9-12:30"', "monday", '"9-12:30" is no interval of a day; write it like "09:00-12:30"'),
    ('"09:00-12:30"', '"12:30-09:00"', "monday", '"12:30-09:00" closes before it opens'),
    ('"09:00-12:30"', '"09:00-14:00"', "monday", '"09:00-14:00" and "13:30-16:00" overlap'),
    ("monday = ", "mondag = ", "mondag", "unknown key 'contact_points.hours.mondag'; did you mean 'monday'?"),
    ("until = 2026-12-26", "until = 2026-12-24", "[[contact_points.closed]]", "the closing ends on 2026-12-24, before"),
    ("day = 2026-12-25", 'day = "Christmas"', "Christmas", "write a day, like 2026-12-25"),
    ('id = "town-hall"', 'id = "Town Hall"', "Town Hall", "'Town Hall' is no id; use small letters"),
]


@pytest.mark.parametrize(("right", "wrong", "marker", "said"), SITE_MISTAKES, ids=lambda value: str(value)[:24])
def test_a_mistake_in_the_site_file_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, marker: str, said: str
) -> None:
    text = SITE.replace(right, wrong, 1)
    assert text != SITE
    assert_told(tmp_path, write_site(tmp_path, text), "site.toml", line_of(text, marker), said)


SERVICE_MISTAKES = [
    ('fr = "Pour voyager."\n', "", "[summary]", "'summary' has no translation in 'fr'; add fr = \"…\" to it"),
    ('fr = ["voyage"]\n', "", "[keywords]", "'keywords' has no translation in 'fr'; add fr = [\"…\"] to it"),
    ('theme = "identity"', 'theme = "identty"', "theme", "unknown theme 'identty'; did you mean 'identity'?"),
    ('queue = "identity"', 'queue = "civil"', "civil", "unknown queue 'civil'; write one of: identity"),
    ('id = "passport"', 'id = "pasport"', "pasport", "the id is 'pasport' and the file is named 'passport.toml'"),
    ('icon = "card"', 'icon = "flying-carpet"', "icon", "unknown icon 'flying-carpet'"),
    ("popular = 1", "popular = 0", "popular", "'popular' is 0; write a whole number from 1 to 99"),
    ("popular = 1", "popular = true", "popular", "'popular' is true; write a whole number"),
    (
        "amount_cents = 7500",
        "amount_cents = 75.0",
        "amount",
        "'costs.amount_cents' is 75.0; write a whole number from 0",
    ),
    ("amount_cents = 7500", "amount_cents = -1", "amount", "'costs.amount_cents' is -1; write a whole number from 0"),
    ('way = "ticket"', 'way = "tikket"', "tikket", '\'offers.way\' is "tikket"; write one of: "ticket", "appointment"'),
    ('queue = "identity"', 'phone = "03 000 00 00"', "[[offers]]", "way 'ticket' has no 'phone'; it tells queue only"),
    ('phone = "03 000 00 01"', "", 'way = "appointment"', "way 'appointment' tells nothing; add phone or web"),
    ('nl = "Kaart"', "nl = 1", "nl = 1", "'bring.nl' is 1; write a text between"),
    ('nl = ["pas"]', 'nl = "pas"', 'nl = "pas"', "'keywords.nl' is \"pas\"; write a list between"),
    ('nl = "Volwassene"\n', "", "[costs.label]", "'costs.label' has no translation in 'nl'"),
]


@pytest.mark.parametrize(("right", "wrong", "marker", "said"), SERVICE_MISTAKES, ids=lambda value: str(value)[:24])
def test_a_mistake_in_a_service_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, marker: str, said: str
) -> None:
    text = SERVICE.replace(right, wrong, 1)
    assert text != SERVICE
    folder = write_site(tmp_path, passport=text)
    expected = line_of(text, marker) if "tells nothing" not in said else line_of(text, marker) - 1
    assert_told(tmp_path, folder, "passport.toml", expected, said)


def assert_told(tmp_path: Path, folder: Path, file: str, line: int, said: str) -> None:
    """Exactly one problem, in that file, on that line, in these words."""
    with pytest.raises(ConfigError) as raised:
        load_site(folder, tmp_path / "icons")
    (problem,) = raised.value.problems
    assert said in str(problem)
    assert (problem.file.name, problem.line) == (file, line)


def test_a_queue_nobody_serves_is_refused(tmp_path: Path) -> None:
    text = SITE.replace('queues = ["identity"]', "queues = []")
    line = line_of(SERVICE, 'queue = "identity"')
    assert_told(
        tmp_path, write_site(tmp_path, text), "passport.toml", line, "no contact point serves the queue 'identity'"
    )


@pytest.mark.parametrize(
    ("table", "member", "said"),
    [
        ("queues", 'id = "identity"', "id 'identity' twice in queues"),
        ("queues", 'letter = "A"', "letter 'A' twice in queues"),
        ("themes", 'id = "identity"', "id 'identity' twice in themes"),
        ("contact_points", 'id = "town-hall"', "id 'town-hall' twice in contact_points"),
    ],
)
def test_ids_and_letters_that_stand_twice_are_refused(tmp_path: Path, table: str, member: str, said: str) -> None:
    start = SITE.index(f"[[{table}]]")
    end = SITE.find("\n[[", SITE.index(f"[{table}.", start))
    copy = SITE[start : len(SITE) if table == "contact_points" else end]
    for own in ('id = "identity"', 'letter = "A"', 'id = "town-hall"'):
        if own != member and not (table == "themes" and "letter" in own):
            copy = copy.replace(own, own.replace("identity", "other").replace('"A"', '"B"').replace("town", "new"))
    service = (
        SERVICE.replace("passport", "other").replace('theme = "identity"', 'theme = "other"').replace("popular = 1", "")
    )
    services = (
        {"passport": SERVICE} if "other" not in copy or table != "themes" else {"passport": SERVICE, "other": service}
    )
    with pytest.raises(ConfigError) as raised:
        load_site(write_site(tmp_path, SITE + "\n" + copy, **services), tmp_path / "icons")
    (problem,) = raised.value.problems
    assert said in problem.found
    assert problem.line > SITE.count("\n")


def test_two_services_cannot_have_the_same_place(tmp_path: Path) -> None:
    second = SERVICE.replace('id = "passport"', 'id = "travel"')
    folder = write_site(tmp_path, passport=SERVICE, travel=second)
    assert_told(tmp_path, folder, "travel.toml", 4, "popular = 1 is also the place of 'passport'")


def test_a_theme_without_service_is_refused(tmp_path: Path) -> None:
    theme = SITE[SITE.index("[[themes]]") : SITE.index("[[queues]]")].replace('id = "identity"', 'id = "leisure"')
    text = SITE + "\n" + theme
    folder = write_site(tmp_path, text)
    assert_told(tmp_path, folder, "site.toml", line_of(text, '"leisure"'), "no service belongs to the theme 'leisure'")


def test_every_mistake_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    site = SITE.replace('mark = "S"', 'mrak = "S"').replace('letter = "A"', 'letter = "a"')
    folder = write_site(tmp_path, site, passport=SERVICE.replace("popular = 1", "popular = 0"), broken="id = ")
    with pytest.raises(ConfigError) as raised:
        load_site(folder, tmp_path / "icons")
    files = [problem.file.name for problem in raised.value.problems]
    assert files == ["broken.toml", "passport.toml", "site.toml", "site.toml"]


def test_services_are_checked_even_when_another_is_broken(tmp_path: Path) -> None:
    folder = write_site(tmp_path, passport=SERVICE.replace('theme = "identity"', 'theme = "x"'), broken="id = ")
    with pytest.raises(ConfigError) as raised:
        load_site(folder, tmp_path / "icons")
    assert {problem.file.name for problem in raised.value.problems} == {"broken.toml", "passport.toml"}


def test_a_folder_that_is_no_site_is_said_to_be_that(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load_site(tmp_path / "nowhere")
    assert "there is no such file" in str(raised.value)
    assert "there is no service" in str(raised.value)


def test_without_a_folder_of_icons_their_names_are_not_judged(tmp_path: Path) -> None:
    site = load_site(write_site(tmp_path, SITE.replace('icon = "card"', 'icon = "any"')), tmp_path / "no-icons")
    assert site.themes[0].icon == "any"
