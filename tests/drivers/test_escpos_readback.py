"""A program that is not ours reads the codes from the picture of the paper."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PIL import Image

from drivers.contract import Line, PaperDocument, Printed, QrCode
from drivers.simulated.printer import SimulatedPrinter
from tests.drivers.rigs import driver_for, ticket

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
SEAL = "BE1:" + "".join(ALPHANUMERIC[(7 * n * n + n) % 45] for n in range(435)) + "Z"
"""As long as the seal of an attest; base45 has these letters and no others."""
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


@pytest.mark.parametrize("profile", ["epson-tm-t20iii", "generic-80mm"])
def test_a_seal_has_modules_of_five_dots_and_reads_back(profile: str, tmp_path: Path) -> None:
    assert len(SEAL) == 440
    with SimulatedPrinter(out=tmp_path) as simulated:
        device = driver_for(simulated, profile)
        assert device.print("a", PaperDocument((QrCode(SEAL, 0.625, exact=True), Line("Attest")))) == Printed()
        device.close()
    assert read_codes(tmp_path / "ticket-0001.png") == [SEAL]
    paper = Image.open(tmp_path / "ticket-0001.png").convert("L").point(lambda grey: 255 * (grey < 128))
    left, _, right, _ = paper.crop((0, 0, paper.width, 300)).getbbox() or (0, 0, 0, 0)
    assert right - left == 69 * 5, "version 13, 69 modules: only as capitals and digits, at EC M"


def test_the_code_on_a_whole_ticket_reads_back(tmp_path: Path) -> None:
    with SimulatedPrinter(out=tmp_path) as simulated:
        device = driver_for(simulated)
        assert device.print("a", ticket()) == Printed()
        device.close()
    assert read_codes(tmp_path / "ticket-0001.png") == ["https://wacht.example/b/B042"]
