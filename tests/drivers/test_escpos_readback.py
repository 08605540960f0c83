"""A program that is not ours reads the codes from the picture of the paper."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from drivers.contract import Line, PaperDocument, Printed, QrCode
from drivers.simulated.printer import SimulatedPrinter
from tests.drivers.rigs import driver_for, ticket

LONG = "https://wacht.example/b/" + "0123456789abcdef" * 12


def read_codes(picture: Path) -> list[str]:
    done = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "--nodbus", str(picture)], capture_output=True, check=True, text=True
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("profile", ["epson-tm-t20iii", "generic-80mm"])
@pytest.mark.parametrize("text", ["https://wacht.example/b/B042", LONG, "B042; 10.42; <a&b>"])
def test_the_code_on_the_paper_reads_back(profile: str, text: str, tmp_path: Path) -> None:
    with SimulatedPrinter(out=tmp_path) as simulated:
        device = driver_for(simulated, profile)
        assert device.print("a", PaperDocument((Line("Volg uw nummer"), QrCode(text)))) == Printed()
        device.close()
    assert read_codes(tmp_path / "ticket-0001.png") == [text]


def test_the_code_on_a_whole_ticket_reads_back(tmp_path: Path) -> None:
    with SimulatedPrinter(out=tmp_path) as simulated:
        device = driver_for(simulated)
        assert device.print("a", ticket()) == Printed()
        device.close()
    assert read_codes(tmp_path / "ticket-0001.png") == ["https://wacht.example/b/B042"]
