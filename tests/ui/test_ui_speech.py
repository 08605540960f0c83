"""What is said is what is shown, one voice at a time, and silence comes at once."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace

import pytest
from PySide6.QtCore import QProcess, Qt
from PySide6.QtGui import QGuiApplication

from kiosk.core.pages import Fact, Look, NoticePage, Page
from kiosk.core.texts import Language, Texts, message
from kiosk.ui.narration import Utterance, narrate, plain, spell
from kiosk.ui.samples import HOME, IDLE, PAGES, SHEET, TICKET, WELCOME
from kiosk.ui.speaker import VOICES, EspeakSpeaker, SilentSpeaker
from kiosk.ui.words import Wording
from tests.ui.driver import Ui

ALOUD = Look(speech=True)
SEVERAL_LEAVES = ("long", "card-long")
NEVER_SPOKEN_BEFORE_FOCUS = ("back", "option", "tool", "language", "key")


def said(ui: Ui) -> list[str]:
    return [utterance.text for utterance in ui.speaker.said]


def test_nothing_is_said_until_it_is_asked_for(ui: Ui) -> None:
    ui.show(SHEET)
    ui.key(Qt.Key.Key_Right, 3)
    assert said(ui) == []


def test_a_page_says_title_subtitle_and_what_there_is_to_read(ui: Ui) -> None:
    ui.show(SHEET, look=ALOUD)
    assert said(ui)[:2] == ["Identiteitskaart en eID", ui.texts.spoken(SHEET.subtitle, "nl")]
    assert "In de rij: 4 personen voor u" in said(ui)
    assert "Breng mee" in said(ui)


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
@pytest.mark.parametrize("name", PAGES)
def test_what_is_said_stands_on_screen_and_nothing_shown_is_left_out(ui: Ui, name: str, language: str) -> None:
    page, overlay = PAGES[name]
    view = ui.show(page, language, overlay=overlay)
    heard = {u.text for u in narrate(view, ui.texts)}
    assert {u.language for u in narrate(view, ui.texts)} == {language}
    assert not any("\u00ad" in text for text in heard)
    heard -= only_heard(page, ui.texts, view.language)
    shown = ui.words()
    for text in (t for h in heard for t in h.split(": ") if name not in SEVERAL_LEAVES):
        assert text in shown or text == spell(getattr(page, "label", ""))


def test_what_staff_typed_is_spoken_in_their_language_after_the_sentence_in_the_visitors(ui: Ui) -> None:
    typed = Fact(message("closed.typed"), message("plain", text="We verhuizen."), language="nl")
    page = NoticePage(title=message("closed.title"), subtitle=message("closed.subtitle"), facts=(typed,))
    heard = narrate(ui.show(page, "fr"), ui.texts)
    assert [utterance.language for utterance in heard] == ["fr", "fr", "fr", "nl"]
    assert heard[-2:] == (Utterance("Message de l’accueil", "fr"), Utterance("We verhuizen.", "nl"))
    assert narrate(ui.show(page, "nl"), ui.texts)[-1] == Utterance("Bericht van het onthaal: We verhuizen.", "nl")


def only_heard(page: Page, texts: Texts, language: Language) -> set[str]:
    """What a voice says instead of a drawing, of a private value, or of keys nobody may hear named."""
    words = Wording(texts, language).page(page)
    private = {f"{plain(fact.label)}: {fact.said}" for fact in words.facts if fact.said}
    return private | {plain(words.picture_name), words.unsaid}


def test_a_number_is_read_sign_by_sign(ui: Ui) -> None:
    ui.show(replace(TICKET, label="A007-K3"), look=ALOUD)
    assert "A, 0, 0, 7, K, 3" in said(ui)


def test_the_focused_item_is_named_with_its_description(ui: Ui) -> None:
    ui.show(HOME, look=ALOUD)
    ui.key(Qt.Key.Key_Right, 2)
    assert said(ui)[-2:] == ["Alle diensten", "Van A tot Z"]


def test_a_new_item_cuts_the_old_one_short(ui: Ui) -> None:
    ui.show(HOME, look=ALOUD)
    ui.key(Qt.Key.Key_Right, 2)
    before = ui.speaker.stops
    ui.tap("option_all")
    assert ui.speaker.stops == before + 1


def test_f2_says_it_again(ui: Ui) -> None:
    ui.show(SHEET, look=ALOUD)
    first = said(ui)
    ui.key(Qt.Key.Key_F2)
    assert said(ui) == first * 2


def test_switching_speech_on_reads_the_page_and_off_stops_it(ui: Ui) -> None:
    ui.show(SHEET)
    ui.change(look=ALOUD)
    assert said(ui)[0] == "Identiteitskaart en eID"
    stops = ui.speaker.stops
    ui.change(look=Look())
    assert ui.speaker.stops == stops + 1


def test_another_language_is_another_voice(ui: Ui) -> None:
    ui.show(SHEET, look=ALOUD)
    ui.speaker.said.clear()
    ui.change(language="de")
    assert {utterance.language for utterance in ui.speaker.said} == {"de"}


def test_each_language_of_the_welcome_is_named_in_its_own_voice(ui: Ui) -> None:
    ui.show(WELCOME, "nl", ALOUD)
    ui.key(Qt.Key.Key_Right, 3)
    assert Utterance("English", "en") in ui.speaker.said


def test_the_countdown_is_heard_when_it_starts_and_not_each_second(ui: Ui) -> None:
    ui.show(SHEET, look=ALOUD, overlay=IDLE)
    assert "Nog 20 seconden" in said(ui)
    count = len(said(ui))
    ui.change(overlay=replace(IDLE, seconds_left=19))
    assert len(said(ui)) == count


def test_soft_hyphens_are_never_said() -> None:
    assert plain("Wohnsitz\u00adbescheinigung") == "Wohnsitzbescheinigung"


def test_every_language_has_a_voice_that_speaks(texts: Texts) -> None:
    for language, voice in VOICES.items():
        process = QProcess()
        process.start("espeak-ng", ["-v", voice, "--stdout", texts.spoken(SHEET.title, language)])
        assert process.waitForFinished(5000)
        assert process.exitCode() == 0
        assert bytes(process.readAllStandardOutput().data())[:4] == b"RIFF"


def test_a_real_program_speaks_every_utterance_and_ends(ui: Ui, tmp_path: object) -> None:
    speaker = EspeakSpeaker(find=lambda name: {"espeak-ng": shutil.which("true"), "aplay": None}[name])
    speaker.say([Utterance("een", "nl"), Utterance("twee", "nl"), Utterance("trois", "fr")])
    assert len(speaker._running) == 1
    ui.wait(lambda: not speaker._running and not speaker._queue)


def test_silence_comes_at_once_and_nothing_overlaps(ui: Ui) -> None:
    cat = shutil.which("cat")
    speaker = EspeakSpeaker(find=lambda name: {"espeak-ng": shutil.which("yes"), "aplay": cat}[name])
    speaker.say([Utterance("een lange zin", "nl"), Utterance("nog een", "nl")])
    first = list(speaker._running)
    speaker.say([Utterance("iets anders", "nl")])
    assert all(process.state() == QProcess.ProcessState.NotRunning for process in first)
    assert len(speaker._running) == 2
    speaker.stop()
    assert speaker._running == []
    QGuiApplication.processEvents()
    assert speaker._running == []


@pytest.mark.expects_log("zuil.speech")
def test_a_missing_voice_is_said_once_and_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "zuil.speech"):
        speaker = EspeakSpeaker(find=lambda _: None)
        speaker.say([Utterance("een", "nl")])
        speaker.say([Utterance("twee", "nl")])
        speaker.stop()
    assert not speaker.available
    assert [record.message for record in caplog.records] == [
        "espeak-ng is not installed, so nothing is read aloud; install the package espeak-ng"
    ]


def test_loudness_and_speed_go_into_the_command() -> None:
    words = EspeakSpeaker("espeak-ng", 50, 120, find=lambda name: f"/bin/{name}").command(Utterance("x", "fr"))
    assert words[:7] == ["/bin/espeak-ng", "-v", "fr-be", "-s", "120", "-a", "100"]
    assert words[-2:] == ["--stdin", "--stdout"]


def test_a_screen_without_voice() -> None:
    speaker = SilentSpeaker()
    speaker.say([Utterance("x", "nl")])
    speaker.stop()
    assert not speaker.available
