"""Each driver's page and quality file say everything they must, and nothing that is not so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from drivers.contract import Reason
from drivers.printers.escpos.profiles import shipped_profiles
from drivers.printers.uri import BAUD_RATES, Flow

ROOT = Path(__file__).parents[2]
DRIVERS = {
    "escpos": "drivers/printers/escpos",
    "beid": "drivers/cards/beid",
    "ipp": "drivers/printers/ipp",
    "zvt": "drivers/payments/zvt",
    "adyen": "drivers/payments/adyen",
    "opi_nl": "drivers/payments/opi",
}
PAGES = {name: (ROOT / f"docs/drivers/{name}.md").read_text(encoding="utf-8") for name in DRIVERS}
QUALITIES = {name: (ROOT / place / "quality.toml").read_text(encoding="utf-8") for name, place in DRIVERS.items()}
HEADINGS = [
    "What it is",
    "Models",
    "Install",
    "Remove",
    "Settings",
    "Supported functions",
    "Known limits",
    "Troubleshooting",
    "Diagnostics",
]
RULES = {
    "bronze": {
        "declares-kinds-and-models",
        "settings-validated-before-use",
        "stable-device-id",
        "simulated-twin",
        "page",
    },
    "silver": {
        "unavailable-and-recovers-alone",
        "limits-and-typed-results",
        "close-frees-everything",
        "idempotent-by-id",
        "owner-and-coverage",
    },
    "gold": {
        "hot-plug-and-swap",
        "diagnostics-and-self-test",
        "states-translated",
        "repair-hints",
        "limits-functions-troubleshooting-pages",
    },
    "platinum": {"typed-and-not-blocking", "fault-campaign", "soak"},
}
TIERS = list(RULES)


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_page_has_every_heading_in_order(driver: str) -> None:
    assert re.findall(r"(?m)^## (.+)$", PAGES[driver]) == HEADINGS


def test_the_page_names_every_profile_and_every_setting_of_a_line() -> None:
    for name in shipped_profiles():
        assert f"`{name}`" in PAGES["escpos"]
    assert ", ".join(map(str, BAUD_RATES)) in PAGES["escpos"]
    assert all(f"`{flow.value}`" in PAGES["escpos"] for flow in Flow)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.PAPER_LOW, "paper low"),
        (Reason.PAPER_OUT, "paper out"),
        (Reason.COVER_OPEN, "cover open"),
        (Reason.CUTTER_JAM, "cutter jam"),
        (Reason.MECHANICAL, "mechanical error"),
        (Reason.SILENT, "silent"),
        (Reason.UNREACHABLE, "not reachable"),
        (Reason.GARBLED, "answers nonsense"),
    ],
)
def test_troubleshooting_has_a_row_for_every_state(reason: Reason, words: str) -> None:
    assert re.search(rf"(?m)^\| {words} \|.+\|.+\|$", PAGES["escpos"]), reason


@pytest.mark.parametrize("reason", [Reason.NO_SERVICE, Reason.NO_READER, Reason.NOT_CONFIGURED])
def test_troubleshooting_has_a_row_for_every_state_of_a_card_reader(reason: Reason) -> None:
    assert re.search(rf"(?m)^\| `{reason.value}` \|.+\|.+\|$", PAGES["beid"]), reason


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("driver", DRIVERS)
def test_every_rule_of_a_tier_has_one_answer(driver: str, tier: str) -> None:
    quality = tomllib.loads(QUALITIES[driver])
    assert set(quality[tier]) == RULES[tier]
    for rule, answer in quality[tier].items():
        assert len(answer) == 1, rule
        assert set(answer) <= {"done", "exempt", "open"}, rule
        assert all(len(text) > 10 for text in answer.values()), rule


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_tier_claimed_is_the_tier_reached(driver: str) -> None:
    quality, reached = tomllib.loads(QUALITIES[driver]), "none"
    for tier in TIERS:
        if any("open" in answer for answer in quality[tier].values()):
            break
        reached = tier
    assert quality["tier"] == reached


@pytest.mark.parametrize("driver", DRIVERS)
def test_every_file_named_as_proof_exists(driver: str) -> None:
    for path in re.findall(r"(?:tests|drivers|docs)/[\w/]+\.(?:py|md|toml)", QUALITIES[driver]):
        assert (ROOT / path).is_file(), path
