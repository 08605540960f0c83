"""`zuil staff`: lines for the settings that let somebody in, from a PIN typed twice or the card in the reader."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.problems import ConfigError
from config.settings import load_settings
from drivers.card_contract import Pin
from drivers.simulated.card.badges import BADGES
from kiosk.cli import assemble
from kiosk.commands.failures import Failed
from kiosk.demo.told_staff import ToldBook
from kiosk.demo.world import World
from kiosk.staffing import CARD_KEY_FILE, StaffDoor


def run(*words: str, typed: str = "") -> str:
    done = CliRunner().invoke(assemble(), ["staff", *words], input=typed)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def lines_of(output: str) -> str:
    return output[output.index("[[staff.people]]") :]


def test_the_lines_that_are_printed_let_exactly_that_pin_in(tmp_path: Path) -> None:
    said = run("pin", "an", "--role", "host", "--language", "fr", typed="246813\n246813\n")
    assert "246813" not in said
    settings = tmp_path / "zuil.toml"
    settings.write_text(lines_of(said))
    staff = load_settings(settings).staff

    async def tried(digits: str) -> object:
        pin = Pin()
        pin.add(digits)
        door = StaffDoor(staff, ToldBook(), tmp_path, lambda: datetime(2026, 11, 23, tzinfo=UTC))
        return await door.by_pin(pin)

    member = asyncio.run(tried("246813"))
    assert member is not None
    assert (staff.people[0].id, staff.people[0].role, staff.people[0].language) == ("an", "host", "fr")
    assert asyncio.run(tried("246814")) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1234\n", "6 to 12 digits"),
        ("12a456\n", "6 to 12 digits"),
        ("111111\n", "the first one anybody tries"),
        ("123456\n", "the first one anybody tries"),
        ("246813\n246814\n", "not the same"),
    ],
)
def test_what_is_no_good_pin_is_refused(typed: str, said: str) -> None:
    with pytest.raises(Failed, match=said):
        run("pin", "an", typed=typed)


def test_a_pin_somebody_else_has_is_refused_and_ones_own_may_be_made_anew(tmp_path: Path) -> None:
    settings = tmp_path / "zuil.toml"
    settings.write_text(lines_of(run("pin", "an", typed="246813\n246813\n")))
    with pytest.raises(Failed, match="somebody else has that PIN"):
        run("pin", "ben", "--config", str(settings), typed="246813\n246813\n")
    assert "$argon2id$" in run("pin", "an", "--config", str(settings), typed="246813\n246813\n")


def test_a_pin_written_in_clear_is_refused_by_the_settings(tmp_path: Path) -> None:
    settings = tmp_path / "zuil.toml"
    settings.write_text('[[staff.people]]\nid = "an"\nrole = "host"\npin = "246813"\n')
    with pytest.raises(ConfigError, match=r"4: a PIN may not stand here itself"):
        load_settings(settings)
    settings.write_text('[[staff.people]]\nid = "an"\nrole = "host"\n' * 2)
    with pytest.raises(ConfigError, match="two people are called 'an'"):
        load_settings(settings)


def test_the_mark_of_a_card_is_printed_and_nothing_that_is_on_it(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        settings = world.column("districtshuis")
        world.cards.put_in("adult")
        said = run("card", "an", "--config", str(settings))
        again = run("card", "an", "--config", str(settings))
    assert said == again, "the same card, the same mark"
    mark = said.rpartition('card = "')[2].strip().rstrip('"')
    assert mark.startswith("hmac-sha256:")
    key = tmp_path / "districtshuis" / CARD_KEY_FILE
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text().strip() not in said


def test_the_mark_of_a_badge_is_printed_and_not_its_number(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        settings = world.column("districtshuis")
        world.cards.put_in("badge")
        said = run("card", "an", "--config", str(settings))
        with pytest.raises(Failed, match="that is the badge of an, and the column could not tell you apart"):
            run("card", "cas", "--config", str(settings))
        for name, why in (("badge-random", "says another number each time"), ("badge-silent", "gives no number")):
            world.cards.put_in(name)
            with pytest.raises(Failed, match=why):
                run("card", "cas", "--config", str(settings))
        world.cards.put_in("bank")
        with pytest.raises(Failed, match="no identity card: bank"):
            run("card", "cas", "--config", str(settings), "--wait", "1")
        staff = load_settings(settings).staff
    assert "it counts only with their pin" in said
    assert said.rpartition('badge = "')[2].strip().rstrip('"') == staff.people[0].badge
    assert BADGES["badge"].number.hex() not in said.lower()


def test_a_badge_without_a_pin_and_a_badge_of_two_are_refused_by_the_settings(tmp_path: Path) -> None:
    settings, mark = tmp_path / "zuil.toml", f'badge = "hmac-sha256:{"a1" * 32}"\n'
    settings.write_text(f'[[staff.people]]\nid = "an"\nrole = "host"\n{mark}')
    with pytest.raises(ConfigError, match=r"'an' has a badge and no pin.*`zuil staff pin an`"):
        load_settings(settings)
    pin = 'pin = "$argon2id$x"\n'
    people = [f'[[staff.people]]\nid = "{name}"\nrole = "host"\n{pin}{mark}' for name in ("an", "ben")]
    settings.write_text(people[0])
    assert load_settings(settings).staff.people[0].badge
    settings.write_text("".join(people))
    with pytest.raises(ConfigError, match="'an' has the badge of somebody else, too"):
        load_settings(settings)
    settings.write_text(f'[[staff.people]]\nid = "an"\nrole = "host"\n{pin}badge = "5A17C3E4"\n')
    with pytest.raises(ConfigError, match=r"no mark of a card.*`zuil staff card`"):
        load_settings(settings)


def test_without_a_reader_it_says_what_to_set(tmp_path: Path) -> None:
    settings = tmp_path / "zuil.toml"
    settings.write_text("")
    with pytest.raises(Failed, match="no card reader is set"):
        run("card", "an", "--config", str(settings))
