"""What follows from what was found, what is asked, and what was exchanged; all without a machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.settings_writing import Key, Value
from kiosk.setup.draft import Draft
from kiosk.setup.finders.screens import FoundScreen
from kiosk.setup.found import Found, FoundPrinter, FoundSheetPrinter, Readers, Sound
from kiosk.setup.machine_bench import hand_over
from kiosk.setup.plan import DIAGONAL, PRINTER, PROFILE, READER, SHEETS, SPEECH, deduced, exchanged, open_questions

OLD = FoundPrinter("usb://04b8:0e28/A", "EPSON TM-T20III", "epson-tm-t20iii")
SAME_MODEL = FoundPrinter("usb://04b8:0e28/B", "EPSON TM-T20III", "epson-tm-t20iii")
OTHER_MODEL = FoundPrinter("usb://04b8:0202/C", "EPSON TM-T88V", "epson-tm-t88")
ONE_OF_EACH = Found(
    printers=(OLD,),
    sheet_printers=(FoundSheetPrinter("ipp://127.0.0.1/printers/A4", "A4"),),
    readers=Readers(("ACS 00 00",)),
    screens=(FoundScreen("DP-1", "Panel", 1920, 1080, 527, 296),),
    sound=Sound(("PCH",)),
)


def asked(found: Found, known: dict[Key, Value]) -> set[str]:
    """What still has to be asked."""
    return {each.id for each in open_questions(found, known, None)}


def test_what_is_there_once_follows_and_only_people_know_the_rest() -> None:
    follows = deduced(ONE_OF_EACH, {}, None, speaks=True)
    assert follows == {
        PRINTER: OLD.uri,
        PROFILE: OLD.profile,
        SHEETS: "ipp://127.0.0.1/printers/A4",
        READER: "pcsc",
        DIAGONAL: 23.8,
    }
    assert asked(ONE_OF_EACH, follows) == {"name", "site", "screen", "trust", "terminal", "backoffice"}


def test_what_is_there_twice_or_not_at_all_is_asked_and_a_mute_machine_does_not_speak() -> None:
    twice = Found(printers=(OLD, OTHER_MODEL), readers=Readers(("A", "B")))
    assert deduced(twice, {}, None, speaks=True) == {SPEECH: ""}
    assert deduced(ONE_OF_EACH, {}, None, speaks=False)[SPEECH] == ""
    assert {"printer", "sheets", "reader", "diagonal"} <= asked(twice, {})
    assert deduced(ONE_OF_EACH, {PRINTER: "none", PROFILE: "generic-80mm"}, None, speaks=True).get(PRINTER) is None


@pytest.mark.parametrize(
    ("was", "now", "changes"),
    [
        (OLD.uri, (SAME_MODEL,), {PRINTER: SAME_MODEL.uri}),
        (OLD.uri, (OTHER_MODEL,), {PRINTER: OTHER_MODEL.uri, PROFILE: "epson-tm-t88"}),
        (OLD.uri, (OLD,), {}),
        (OLD.uri, (), {}),
        (OLD.uri, (SAME_MODEL, OTHER_MODEL), {}),
        ("tcp://192.0.2.10:9100", (SAME_MODEL,), {}),
        ("none", (SAME_MODEL,), {}),
    ],
    ids=["same model", "other model", "still there", "gone", "two others", "in the network", "none wanted"],
)
def test_a_printer_on_usb_that_was_exchanged_is_taken(
    was: str, now: tuple[FoundPrinter, ...], changes: dict[Key, Value]
) -> None:
    assert exchanged(Found(printers=now), {PRINTER: was, PROFILE: OLD.profile}) == changes


def test_an_exchanged_printer_changes_one_line(tmp_path: Path) -> None:
    file = tmp_path / "zuil.toml"
    file.write_text(
        f'[printer]\nuri = "{OLD.uri}" # left of the door\nprofile = "{OLD.profile}"\n[speech]\nprogram = ""\n'
    )
    draft = Draft.begin(file, Found(printers=(SAME_MODEL,)))
    assert draft.changes == {PRINTER: SAME_MODEL.uri}
    assert draft.then() == file.read_text().replace(OLD.uri, SAME_MODEL.uri)


def test_a_model_that_followed_from_another_printer_does_not_stay(tmp_path: Path) -> None:
    draft = Draft.begin(tmp_path / "zuil.toml", ONE_OF_EACH)
    assert draft.known[PROFILE] == OLD.profile
    assert PROFILE not in draft.with_answers({PRINTER: "tcp://192.0.2.10:9100"}).known


def test_what_root_made_is_handed_to_the_owner_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "identity").mkdir()
    (tmp_path / "identity" / "signing.key").touch()
    given: list[tuple[str, int, int]] = []
    real = Path.stat(tmp_path)
    owner = os.stat_result((real.st_mode, 0, 0, 0, 990, 991, 0, 0, 0, 0))
    monkeypatch.setattr(Path, "stat", lambda self, **more: owner if self == tmp_path else os.stat(self, **more))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    hand_over(tmp_path, lambda path, user, group: given.append((path.name, user, group)))
    assert sorted(given) == [("identity", 990, 991), ("signing.key", 990, 991)]
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    hand_over(tmp_path, lambda path, user, group: given.append((path.name, user, group)))
    assert len(given) == 2
