"""After a visit the screens hold nothing of it: names that were shown, addresses that were drawn as a code."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import pytest

from kiosk.core.pages import Fact, NoticePage
from kiosk.core.texts import message
from kiosk.ui import images, samples
from kiosk.ui.bell import PlayedBell
from kiosk.ui.measure import QtMeasure
from kiosk.ui.speaker import EspeakSpeaker, Utterance
from tests.holding import holders
from tests.ui.driver import Ui


def visit(ui: Ui, name: str) -> None:
    """Somebody's name on a page, their document behind a code, and the attract screen again."""
    fact = Fact(message("pay.what"), message("plain", text=f"{name} · 26 maart 1985"), "file-text")
    ui.show(NoticePage(message("sorry.title"), message("sorry.subtitle"), facts=(fact,), options=()))
    ui.draw()
    ui.show(replace(samples.TICKET, code=f"https://lindeveld.example/volg/{name}"))
    ui.draw()
    ui.show(samples.WELCOME)
    ui.draw()
    ui.settle()


def test_nothing_of_a_visit_stays(ui: Ui) -> None:
    name = "".join(("Zonder", "woord"))
    visit(ui, name)
    assert holders(name) == []


def test_what_is_measured_and_never_forgotten_is_seen(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(QtMeasure, "forget", lambda _: None)
    name = "".join(("Altijd", "bekend"))
    visit(ui, name)
    assert holders(name) != []


def test_a_code_that_is_not_forgotten_is_seen(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control; a code is remembered by what it says."""
    visit(ui, "een")
    assert images._modules.cache_info().currsize == 0
    monkeypatch.setattr("kiosk.ui.kiosk_model.forget_codes", lambda: None)
    visit(ui, "twee")
    assert images._modules.cache_info().currsize == 1


@pytest.mark.expects_log("zuil.bell")
def test_the_binding_keeps_nothing_of_a_chime_or_a_sentence(ui: Ui) -> None:
    bell = PlayedBell(find=lambda _: "/bin/true")
    speaker = EspeakSpeaker(find=lambda name: "/bin/true" if name == "espeak-ng" else None)
    for _ in range(5):
        bell.ring()
        speaker.say([Utterance("goedendag", "nl")])
        ui.wait(lambda: bell._running is None and not speaker._running)
        ui.settle()
    gc.collect()
    assert weakref.getweakrefcount(bell) + weakref.getweakrefcount(speaker) == 0
