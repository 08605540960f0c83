"""One table of scripts for every protocol, the page made from it, and receipts in the language of the payment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.contract import CannotOpen
from drivers.payment_contract import Approved, Inconclusive, PaymentOrder, Step
from drivers.payments.zvt.opening import open_zvt
from drivers.payments.zvt.profile import ZvtProfile
from drivers.simulated.terminal.outcomes import NOTES, OUTCOMES, PROTOCOLS, scripts_page
from drivers.simulated.terminal.scripts import SCRIPTS, Script
from drivers.simulated.terminal.wording import LANGUAGES, OWN, wording
from drivers.simulated.terminal.zvt.terminal import SimulatedZvtTerminal
from tests.drivers.adyen_bench import Notes
from tests.payments.cuts import machine

PAGE = Path(__file__).parents[2] / "docs" / "drivers" / "simulated-terminals.md"
ORDER = PaymentOrder("0197f3c0-7f3b-7000-8000-000000000417", 1250)


def test_the_page_is_made_from_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == scripts_page()


def test_the_table_has_every_script_and_every_protocol() -> None:
    assert set(OUTCOMES) == set(Script)
    assert set(SCRIPTS) == {script.value for script in Script}
    assert all(set(each) == set(PROTOCOLS) for each in OUTCOMES.values())
    cells = [cell for each in OUTCOMES.values() for cell in each.values()]
    assert {cell.note for cell in cells} == {0, *NOTES}
    assert all((cell.asked is not None) == (cell.told is Inconclusive) for cell in cells)


def paid(protocol: str, folder: Path, language: str, script: Script = Script.APPROVE) -> tuple[Approved, list[str]]:
    """What a payment in that language brought, and the texts of the terminal's screen."""
    seen: list[str] = []

    def told(step: Step, text: str = "") -> None:
        seen.append(f"{step.value} {text}")

    with machine(protocol, folder) as (terminal, opening):
        terminal.script = script
        driver = opening()
        assert not isinstance(driver, CannotOpen)
        evidence = driver.pay(replace(ORDER, language=language), Notes(), told)
        driver.close()
    assert isinstance(evidence, Approved)
    return evidence, seen


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_receipts_are_in_the_language_of_the_payment(tmp_path: Path, protocol: str, language: str) -> None:
    evidence, _ = paid(protocol, tmp_path, language, Script.RECEIPTS)
    said = wording(language)
    text = "\n".join(line for receipt in evidence.receipts for line in receipt.lines)
    assert said.card in text
    assert f"{said.line} 40" in text
    assert evidence.receipts[0].lines[0] == said.mark
    assert not any(wording(other).mark in text for other in LANGUAGES if other != language)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_terminal_that_does_not_speak_it_prints_its_own(tmp_path: Path, protocol: str) -> None:
    evidence, _ = paid(protocol, tmp_path, "uk")
    assert evidence.receipts[0].lines[0] == wording(OWN).mark


def test_a_terminal_that_is_told_none_prints_its_own() -> None:
    """The control: where the profile keeps the language back, nothing else brings it there."""
    with SimulatedZvtTerminal() as terminal:
        driver = open_zvt(terminal.uri, ZvtProfile(tells_language=False))()
        assert not isinstance(driver, CannotOpen)
        evidence = driver.pay(replace(ORDER, language="fr"), Notes(), lambda _step, _text="": None)
        driver.close()
    assert isinstance(evidence, Approved)
    assert evidence.receipts[0].lines[0] == wording(OWN).mark


@pytest.mark.parametrize("language", LANGUAGES)
def test_steps_are_known_in_every_language_of_the_screen(tmp_path: Path, language: str) -> None:
    """OPI has no codes for its texts: words decide."""
    said = wording(language)
    _, talkative = paid("opi", tmp_path, language, Script.TALKATIVE)
    _, wrong = paid("opi", tmp_path, language, Script.WRONG_PIN)
    assert talkative == [
        f"waiting_for_card {said.show_card}",
        f"card_seen {said.card_read}",
        f"enter_pin {said.enter_pin}",
        f"asking_bank {said.wait}",
        f"take_card {said.take_card}",
    ]
    assert f"pin_wrong {said.wrong_pin} {said.again}" in wrong
