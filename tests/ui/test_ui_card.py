"""Card pages: four pictures, news with its tone, progress in words, and a bell that rings until the card is taken."""

from __future__ import annotations

import logging
import shutil
import struct
from dataclasses import replace

import pytest
from PySide6.QtCore import QProcess
from PySide6.QtGui import QAccessible

from kiosk.core.pages import CardPage, CardPicture, Contrast, Look, TextSize, Tone, View
from kiosk.core.texts import LANGUAGES, Texts
from kiosk.ui.bell import PlayedBell, RecordingBell, Ringing, SilentBell
from kiosk.ui.chime import CHIME, RATE, chime_wave
from kiosk.ui.sample_cards import INSERT, INSERT_LONG, READING, REVIEW, TAKE, TURN
from kiosk.ui.samples import BRAND, HOME, IDLE
from kiosk.ui.theme import DEMO_COLUMN, DEMO_COUNTER
from tests.ui.conftest import OpenUi
from tests.ui.driver import Ui
from tests.ui.test_ui_keys import nodes

PICTURES = (INSERT, TURN, READING, TAKE)
ALOUD = Look(speech=True)


def view(page: object) -> View:
    return View(1, page, "nl", LANGUAGES)  # type: ignore[arg-type]


def names(ui: Ui) -> list[str]:
    return [node.text(QAccessible.Text.Name) for node in nodes(ui)]


@pytest.mark.parametrize("contrast", Contrast)
@pytest.mark.parametrize("model", [DEMO_COLUMN, DEMO_COUNTER], ids=["column", "counter"])
def test_each_picture_is_another_drawing(open_ui: OpenUi, model: object, contrast: Contrast) -> None:
    ui = open_ui(model)
    drawn = []
    for picture in CardPicture:
        ui.show(replace(READING, picture=picture, of=0), look=Look(contrast=contrast))
        (item,) = ui.of_type("KsCardPicture")
        area = item.mapRectToScene(item.boundingRect()).toRect()
        drawn.append(ui.quick.grabWindow().copy(area))
    assert len({bytes(image.constBits()) for image in drawn}) == len(CardPicture)


@pytest.mark.parametrize("picture", CardPicture)
def test_the_picture_has_words_for_who_does_not_see_it(ui: Ui, picture: CardPicture) -> None:
    ui.show(replace(READING, picture=picture), "fr", ALOUD)
    graphic = [node for node in nodes(ui) if node.role() == QAccessible.Role.Graphic]
    (words,) = [node.text(QAccessible.Text.Name) for node in graphic if node.text(QAccessible.Text.Name)]
    assert words.startswith("Dessin")
    assert words in [utterance.text for utterance in ui.speaker.said]


@pytest.mark.parametrize("model", [DEMO_COLUMN, DEMO_COUNTER], ids=["column", "counter"])
def test_the_picture_is_large_and_stays_on_the_glass(open_ui: OpenUi, model: object) -> None:
    ui = open_ui(model)
    for page in (*PICTURES, INSERT_LONG):
        for size in TextSize:
            ui.show(page, "de", Look(size=size))
            (item,) = ui.of_type("KsCardPicture")
            card = item.childItems()[-1].mapRectToScene(item.childItems()[-1].boundingRect())
            assert max(card.width(), card.height()) >= 100 * ui.model.px_per_mm, page.picture
            assert ui.quick.contentItem().boundingRect().contains(card)


def test_a_warning_is_a_bordered_line_and_a_plain_sentence_is_not(ui: Ui) -> None:
    ui.show(TURN)
    (news,) = ui.of_type("KsNews")
    assert news.property("sign") == "warning"
    assert ui.find("news").property("text") == ui.texts.words(TURN.subtitle, "nl")
    ui.show(INSERT)
    assert ui.of_type("KsNews") == []
    assert ui.texts.words(INSERT.subtitle, "nl") in ui.words()


def test_a_warning_is_said_once(ui: Ui) -> None:
    ui.show(TURN, look=ALOUD)
    said = [utterance.text for utterance in ui.speaker.said]
    assert said.count(ui.texts.spoken(TURN.subtitle, "nl")) == 1


def test_progress_has_words_and_changes_in_place(ui: Ui) -> None:
    ui.show(READING)
    page = ui.of_type("KsCardPage")
    assert ui.find("progress").property("text") == "2 van 4 klaar"
    ui.change(page=replace(READING, done=3))
    assert ui.find("progress").property("text") == "3 van 4 klaar"
    assert ui.of_type("KsCardPage") == page
    ui.change(page=replace(READING, done=0, of=0))
    assert ui.of_type("KsSteps") == []


def test_long_reading_matter_goes_on_without_the_picture(ui: Ui) -> None:
    ui.show(INSERT_LONG, "de", Look(size=TextSize.LARGE))
    shown = ui.words()
    assert ui.of_type("KsCardPicture")
    for _ in range(20):
        if not any(seen.name == "next_page" for seen in ui.buttons()):
            break
        ui.tap("next_page")
        assert ui.of_type("KsCardPicture") == []
        shown += ui.words()
    for section in INSERT_LONG.sections:
        for item in section.items:
            assert ui.texts.spoken(item, "de") in shown


def test_a_movement_ends_and_then_the_screen_rests(texts: Texts) -> None:
    ui = Ui(DEMO_COLUMN, BRAND, texts, 0.0, motion_scale=0.2)
    try:
        ui.show(TAKE)
        ui.wait(lambda: ui.of_type("KsCardPicture"))
        (picture,) = ui.of_type("KsCardPicture")
        ui.wait(lambda: picture.property("push") > 0)
        steps: list[float] = []
        ui.wait(lambda: _rests(ui, picture.property("push"), steps))
        frames: list[int] = []
        ui.draw()
        ui.quick.frameSwapped.connect(lambda: frames.append(1))
        for _ in range(50):
            ui.settle()
        assert len(frames) <= 1
    finally:
        ui.close()


def _rests(ui: Ui, push: float, steps: list[float]) -> bool:
    """Whether the card lay still for many turns of the loop."""
    ui.settle()
    steps.append(push)
    return len(steps) > 300 and not any(steps[-300:])


def test_without_motion_nothing_moves(ui: Ui) -> None:
    ui.show(TAKE)
    (picture,) = ui.of_type("KsCardPicture")
    for _ in range(20):
        ui.settle()
        assert picture.property("push") == 0


def test_the_bell_rings_for_a_card_to_be_taken_and_for_nothing_else(ui: Ui) -> None:
    for page in (HOME, INSERT, TURN, READING):
        ui.show(page)
    assert ui.bell.rings == 0
    ui.show(TAKE)
    assert ui.bell.rings == 1


def test_the_bell_needs_no_reading_aloud_and_other_words_do_not_ring_it(ui: Ui) -> None:
    ui.show(TAKE)
    ui.change(language="de")
    ui.change(look=Look(size=TextSize.LARGE))
    ui.show(TAKE)
    ui.change(overlay=IDLE)
    assert (ui.bell.rings, ui.bell.stops) == (1, 0)
    assert ui.speaker.said == []


def test_the_bell_falls_silent_with_its_page(ui: Ui) -> None:
    ui.show(TAKE)
    ui.show(HOME)
    assert ui.bell.stops == 1
    ui.show(TAKE)
    assert ui.bell.rings == 2


def test_a_bell_that_rings_falls_silent_with_its_window(texts: Texts) -> None:
    ui = Ui(DEMO_COLUMN, BRAND, texts, 0.0)
    ui.show(TAKE)
    ui.close()
    assert ui.bell.stops == 1


def test_it_rings_again_until_the_card_is_taken(ui: Ui) -> None:
    bell = RecordingBell()
    ringing = Ringing(bell, every_ms=1)
    ringing.shown(view(TAKE))
    ui.wait(lambda: bell.rings >= 4)
    ringing.shown(view(HOME))
    rings = bell.rings
    for _ in range(20):
        ui.settle()
    assert (bell.rings, bell.stops) == (rings, 1)
    ringing.deleteLater()
    ui.settle()


def test_it_rings_every_five_seconds(ui: Ui) -> None:
    ringing = Ringing(SilentBell())
    assert ringing._again.interval() == 5000
    ringing.deleteLater()
    ui.settle()


def test_a_real_program_plays_the_chime_and_is_gone_at_once_when_asked(ui: Ui) -> None:
    bell = PlayedBell(find=lambda _: shutil.which("sleep"))
    bell._sound = bell._sound.with_name("60")  # sleep -q 60 refuses; the bell must not mind a program that fails
    bell.ring()
    ui.wait(lambda: bell._running is None)
    long = PlayedBell(find=lambda _: shutil.which("yes"))
    long.ring()
    running = long._running
    assert running is not None
    assert running.waitForStarted(3000)
    long.ring()
    assert running.state() == QProcess.ProcessState.NotRunning
    long.stop()
    assert long._running is None


def test_the_sound_card_is_named_to_the_player(ui: Ui) -> None:
    bell = PlayedBell(device="hw:1", find=lambda _: shutil.which("true"))
    bell.ring()
    assert bell._running is not None
    assert bell._running.arguments() == ["-q", "-D", "hw:1", str(CHIME)]
    ui.wait(lambda: bell._running is None)


@pytest.mark.expects_log("zuil.bell")
def test_a_missing_player_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    bell = PlayedBell(find=lambda _: None)
    with caplog.at_level(logging.WARNING, "zuil.bell"):
        bell.ring()
        bell.ring()
        bell.stop()
    assert len(caplog.records) == 1
    assert "alsa-utils" in caplog.records[0].message


def test_the_sound_file_is_what_the_script_makes() -> None:
    def samples(file: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{(len(file) - 44) // 2}h", file[44:])

    kept, made = CHIME.read_bytes(), chime_wave()
    assert kept[:44] == made[:44]
    assert max(abs(a - b) for a, b in zip(samples(kept), samples(made), strict=True)) <= 1
    assert 1 < len(samples(made)) / RATE < 2
    assert 15_000 < max(map(abs, samples(made))) < 32_767


def test_private_facts_are_shown_and_not_said(ui: Ui) -> None:
    ui.show(REVIEW, look=ALOUD)
    said = " ".join(utterance.text for utterance in ui.speaker.said)
    assert "Testine Voorbeeld" in ui.words()
    assert "Proefstraat" in ui.words()
    assert "Naam: staat op het scherm" in said
    assert "Geldigheid: Tot en met 30.06.2031" in said
    for value in ("Testine", "Proefstraat"):
        assert value not in said
        assert not [name for name in names(ui) if value in name]


def test_control_a_fact_that_is_not_private_is_said_and_named(ui: Ui) -> None:
    ui.show(replace(REVIEW, facts=tuple(replace(fact, private=False) for fact in REVIEW.facts)), look=ALOUD)
    assert "Naam: Testine Voorbeeld" in [utterance.text for utterance in ui.speaker.said]
    assert "Testine Voorbeeld" in names(ui)


def test_to_a_headset_private_facts_are_said(ui: Ui) -> None:
    ui.speaker.private = True
    ui.show(REVIEW, look=ALOUD)
    assert "Naam: Testine Voorbeeld" in [utterance.text for utterance in ui.speaker.said]


def test_every_tone_of_a_card_page_has_its_sign(ui: Ui) -> None:
    for tone, sign in ((Tone.SUCCESS, "check-circle"), (Tone.WARNING, "warning"), (Tone.DANGER, "warning-circle")):
        page: CardPage = replace(TAKE, tone=tone)
        ui.show(page)
        (news,) = ui.of_type("KsNews")
        assert news.property("sign") == sign
