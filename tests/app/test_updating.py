"""When another version of the program is asked for, and that only the back office's own package is laid ready."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.clock import DrivenClock
from kiosk.core.closure import Closure
from kiosk.core.events import EventKind
from kiosk.core.hours import Closed, Open
from kiosk.core.updates import Doings, reason_to_wait
from kiosk.update_check import SIGNATURE, WrongUpdate, check_update, pinned_key, sign_update
from kiosk.updating import CLOSED_FOR, FOLDER, PACKAGE, READY, REQUEST, RESULT, UpdateCare, lay_ready
from sync.protocol.signing import SigningKey
from tests.app.remotes import FakeCaretaker
from tests.store.columns import START

KEY, STRANGER = SigningKey(b"\x07" * 32), SigningKey(b"\x55" * 32)
QUIET = Doings(closure=None, hours=Closed(None), visited=False, payments=0, prints=0)


@dataclass
class Events:
    """A store that only listens."""

    told: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    async def record(self, kind: EventKind, data: Mapping[str, object]) -> None:
        """Remember."""
        assert set(data) <= kind.fields
        self.told.append((kind.name, data))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A signed package."""
    path = tmp_path / "zuil.deb"
    path.write_bytes(b"package")
    path.with_name(path.name + SIGNATURE).write_text(json.dumps(sign_update(path, "1.2.0", KEY)))
    return path


OPEN = Open(START.time())


@pytest.mark.parametrize(
    ("doings", "why"),
    [
        (QUIET, None),
        (replace(QUIET, hours=OPEN), "open"),
        (replace(QUIET, hours=None), "open"),
        (replace(QUIET, hours=OPEN, closure=Closure("an")), None),
        (replace(QUIET, hours=OPEN, closure=Closure("an", START - timedelta(seconds=1))), "open"),
        (replace(QUIET, hours=OPEN, closure=Closure("an"), payments=1), "payment"),
        (replace(QUIET, payments=1), "payment"),
        (replace(QUIET, prints=1), "print"),
        (replace(QUIET, visited=True), "visit"),
    ],
)
def test_only_while_closed_with_nothing_under_way(doings: Doings, why: str | None) -> None:
    assert reason_to_wait(doings, START) == why


async def test_it_is_asked_for_once_nothing_is_under_way_and_nobody_can_begin(tmp_path: Path, package: Path) -> None:
    lay_ready(tmp_path, package, KEY.public)
    caretaker, clock, goes_on = FakeCaretaker(), DrivenClock(START), [replace(QUIET, payments=1)]

    async def doings() -> Doings:
        return replace(goes_on[0], closure=caretaker.closure)

    care = UpdateCare(tmp_path, Events(), clock, doings, caretaker)
    folder = tmp_path / FOLDER
    assert await care.look() == "payment"
    assert caretaker.closure is None
    goes_on[0] = QUIET
    assert await care.look() is None
    assert caretaker.closure == Closure("update", START + CLOSED_FOR)
    assert not (folder / REQUEST).exists(), "what goes on is looked at again once nobody can begin anything"
    goes_on[0] = replace(QUIET, visited=True)
    assert await care.look() == "visit"
    assert not (folder / REQUEST).exists()
    goes_on[0] = QUIET
    await care.look()
    assert (folder / REQUEST).read_text() == "1.2.0\n"
    assert not (folder / READY).exists()


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ('{"outcome": "installed", "version": "1.2.0", "reason": ""}', ("updates.installed", {"version": "1.2.0"})),
        (
            '{"outcome": "rejected", "version": "1.2.0", "reason": "not healthy"}',
            ("updates.rejected", {"version": "1.2.0", "reason": "not healthy"}),
        ),
    ],
)
async def test_the_result_is_recorded_once_and_the_column_opens_again(
    tmp_path: Path, result: str, told: tuple[str, dict[str, str]]
) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / RESULT).write_text(result)
    caretaker, events = FakeCaretaker(Closure("update")), Events()

    async def doings() -> Doings:
        return QUIET

    care = UpdateCare(tmp_path, events, DrivenClock(START), doings, caretaker)
    await care.look()
    await care.look()
    assert events.told == [told]
    assert caretaker.asked == ["open"]


@pytest.mark.expects_log("zuil.column")
async def test_a_result_nobody_can_read_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / RESULT).write_text("{")

    async def doings() -> Doings:
        return QUIET

    events = Events()
    assert await UpdateCare(tmp_path, events, DrivenClock(START), doings, None).look() is None
    assert events.told == []


def test_a_package_of_a_stranger_another_file_or_none_is_not_laid_ready(tmp_path: Path, package: Path) -> None:
    signature = package.with_name(package.name + SIGNATURE)
    good = signature.read_text()
    signature.write_text(json.dumps(sign_update(package, "1.2.0", STRANGER)))
    with pytest.raises(WrongUpdate, match="not signed by the back office"):
        lay_ready(tmp_path, package, KEY.public)
    signature.write_text(good.replace("1.2.0", "9.9.9"))
    with pytest.raises(WrongUpdate, match="not signed by the back office"):
        lay_ready(tmp_path, package, KEY.public)
    signature.write_text(good)
    package.write_bytes(b"pacKage")
    with pytest.raises(WrongUpdate, match="not the file that was signed"):
        lay_ready(tmp_path, package, KEY.public)
    signature.unlink()
    with pytest.raises(WrongUpdate, match="no signature"):
        lay_ready(tmp_path, package, KEY.public)
    assert not (tmp_path / FOLDER / READY).exists()
    with pytest.raises(WrongUpdate, match="no version"):
        sign_update(package, "../../etc", KEY)


def test_what_is_laid_ready_is_the_signed_file(tmp_path: Path, package: Path) -> None:
    assert lay_ready(tmp_path, package, KEY.public) == "1.2.0"
    assert check_update(tmp_path / FOLDER / PACKAGE, KEY.public) == "1.2.0"


def test_the_key_of_the_first_update_stays_whatever_the_receipt_says_later(tmp_path: Path) -> None:
    receipt, kept = tmp_path / "receipt.json", tmp_path / "update-key"
    receipt.write_text(json.dumps({"publicKey": str(STRANGER.public)}))
    assert pinned_key(receipt, kept) == STRANGER.public
    kept.write_text(f"{KEY.public}\n")
    assert pinned_key(receipt, kept) == KEY.public
    kept.write_text("nonsense")
    with pytest.raises(WrongUpdate, match="enrol"):
        pinned_key(receipt, kept)
