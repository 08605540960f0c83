"""Every visit file plays true, and a step that is not true is found and named."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from kiosk.demo.play import VisitFailed, play_file

VISITS = sorted((Path(__file__).parents[1] / "visits").glob("*.visit"))


def _param(path: Path) -> ParameterSet:
    """A column whose power goes in the middle of something may stumble over its dark disk before it is off."""
    dark = ("zuil.visit", "zuil.print") if path.stem == "power-cut" else ()
    return pytest.param(path, id=path.stem, marks=pytest.mark.expects_log("zuil.sync", "zuil.printer", *dark))


@pytest.mark.parametrize("path", [_param(path) for path in VISITS])
def test_visit(path: Path, tmp_path: Path) -> None:
    asyncio.run(play_file(path, tmp_path))


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ('see "Z999"', "not on screen"),
        ('paper "A001"', "no paper at all"),
        ("backoffice A001 waiting", "the back office says None"),
        ('touch "Paspoort"', "nothing says 'Paspoort'"),
        ("back", "no Back"),
    ],
)
def test_a_step_that_is_not_true_is_named(
    step: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.demo.play.PATIENCE_S", 0.2)
    file = tmp_path / "wrong.visit"
    file.write_text(f"at districtshuis\nclock 2026-11-23 10:24\ntouch Nederlands\n{step}\n")
    with pytest.raises(VisitFailed) as failed:
        asyncio.run(play_file(file, tmp_path / "world"))
    assert f"wrong.visit:4: {step.split()[0]}" in str(failed.value)
    assert problem in str(failed.value)
