"""`zuil card read` as a technician and another program meet it, with a simulated card at the other end of the line."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from drivers.card_contract import CardRead, CheckName, Document, DocumentKind, Finding, Person, Verdict
from drivers.simulated.card.pki import trust_pem
from drivers.simulated.card.registry import card_named
from drivers.simulated.card.vpcd import VpcdCard
from kiosk.commands.cards import as_lines
from tests.terminal.test_command import zuil


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("trust") / "roots.pem"
    file.write_bytes(trust_pem())
    return file


def today() -> date:
    return datetime.now(UTC).date()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def slot_with(name: str, fault: str = "") -> Iterator[str]:
    """A card on its way into the slot at that address."""
    port = free_port()
    with VpcdCard("127.0.0.1", port) as slot:
        card = card_named(name, today())
        if fault:
            card.set_fault(fault)
        slot.insert(card)
        yield f"virtual://127.0.0.1:{port}"


def read(name: str, *words: str, fault: str = "") -> subprocess.CompletedProcess[str]:
    """Read a card that is in the slot."""
    with slot_with(name, fault) as reader:
        return zuil("card", "read", "--reader", reader, *words)


def test_it_explains_itself_and_what_a_machine_reads() -> None:
    shown = " ".join(zuil("card", "read", "--help").stdout.replace("│", " ").split())
    assert "objects document, person, and checks with name and finding" in shown
    assert "Status 0 when the card was read and no check failed" in shown


def test_for_people_everything_and_every_check_stands_there(trust: Path, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    shown = read("adult-de", "--trust", str(trust), "--photo", str(photo))
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in shown.stdout.splitlines()]
    assert "surname Müller-Beispiel" in lines
    assert "specimen True" in lines
    assert any(line.startswith("OK identity signature") for line in lines)
    assert any(line.startswith("– revocation: ") for line in lines)
    assert f"photo {photo.stat().st_size} bytes of JPEG" in lines
    assert photo.read_bytes().startswith(b"\xff\xd8")
    assert "FAILED" not in shown.stdout


def test_for_machines_the_shape_is_fixed(trust: Path) -> None:
    shown = read("adult", "--trust", str(trust), "--json")
    assert (shown.returncode, shown.stderr) == (0, "")
    told = json.loads(shown.stdout)
    assert told.keys() == {"document", "person", "checks", "apdus"}
    assert told["document"].keys() == {"kind", "validFrom", "validUntil", "specimen"}
    assert date.fromisoformat(told["document"]["validUntil"]) > today()
    assert told["document"]["specimen"] is True
    person = told["person"]
    assert person.keys() == {name for name in Person.__dataclass_fields__ if name != "document"}
    assert person["address"].keys() == {"street", "code", "town"}
    assert date.fromisoformat(person["birth_date"])
    assert person["sex"] in ("male", "female")
    assert person["photo"].endswith("bytes of JPEG")
    found = {check["name"]: check["finding"] for check in told["checks"]}
    assert all(check.keys() == {"name", "finding", "detail"} for check in told["checks"])
    assert found.keys() == {name.value for name in CheckName if name is not CheckName.CHALLENGE}
    assert {name for name, finding in found.items() if finding != "passed"} == {"revocation"}
    assert isinstance(told["apdus"], int)


def test_without_roots_it_is_read_and_not_called_genuine() -> None:
    shown = read("adult", "--json")
    assert shown.returncode == 0, shown.stderr
    found = {check["name"]: check for check in json.loads(shown.stdout)["checks"]}
    for name in (CheckName.ROOT_CERTIFICATE, CheckName.REGISTER_CERTIFICATE, CheckName.AUTHENTICATION_CERTIFICATE):
        assert found[name.value]["finding"] == Finding.NOT_POSSIBLE.value
        assert found[name.value]["detail"]


def test_a_failed_check_is_status_1_with_everything_still_there(trust: Path, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    shown = read("adult", "--trust", str(trust), "--photo", str(photo), fault="address-changed")
    assert shown.returncode == 1
    assert shown.stderr == "failed: address_signature\n"
    assert "FAILED address signature" in shown.stdout
    assert "OK     identity signature" in shown.stdout
    assert photo.exists()
    told = json.loads(read("adult", "--trust", str(trust), "--json", fault="address-changed").stdout)
    assert [check["name"] for check in told["checks"] if check["finding"] == "failed"] == ["address_signature"]


def test_a_photo_that_cannot_be_written_is_said_and_the_rest_stands_there(trust: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "missing" / "photo.jpg"
    shown = read("adult", "--trust", str(trust), "--photo", str(nowhere))
    assert shown.returncode == 1
    assert shown.stderr == f"the photo was not written: {nowhere}: No such file or directory\n"
    assert "OK     identity signature" in shown.stdout


@pytest.mark.parametrize(
    ("name", "fault", "says"),
    [
        ("bank", "", "this is no identity card: bank"),
        ("upside-down", "", "the card does not answer; is it the right way round and clean?"),
        ("adult", "pulled-mid-read", "removed: the card ended the connection"),
    ],
)
def test_a_card_that_cannot_be_read_is_one_sentence(name: str, fault: str, says: str) -> None:
    shown = read(name, "--wait", "1", fault=fault)
    assert (shown.returncode, shown.stdout) == (1, "")
    assert shown.stderr == f"{says}\n"


def test_an_empty_slot() -> None:
    shown = zuil("card", "read", "--reader", f"virtual://127.0.0.1:{free_port()}", "--wait", "0")
    assert (shown.returncode, shown.stdout, shown.stderr) == (1, "", "there is no card in the reader\n")


@pytest.mark.parametrize(
    ("reader", "says"),
    [
        ("usb", '"pcsc:ACS"'),
        ("none", "name a reader"),
        ("virtual://192.0.2.1:35963", "no slot on this machine"),
        ("virtual://127.0.0.1", "virtual://127.0.0.1:35963"),
    ],
)
def test_words_that_are_no_reader_are_status_2(reader: str, says: str) -> None:
    shown = zuil("card", "read", "--reader", reader)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert says in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_without_pcscd_it_says_what_to_install() -> None:
    shown = zuil("card", "read", "--wait", "0")
    assert shown.returncode == 1
    assert shown.stderr.startswith("no_service: pcscd does not answer; install and start it")


def test_a_slot_that_another_program_has_and_roots_that_are_none(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        shown = zuil("card", "read", "--reader", f"virtual://127.0.0.1:{port}")
    assert shown.returncode == 1
    assert f"127.0.0.1:{port}: Address already in use" in shown.stderr
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no roots")
    shown = zuil("card", "read", "--reader", "virtual://127.0.0.1:1", "--trust", str(wrong))
    assert shown.returncode == 1
    assert shown.stderr == f"not_configured: {wrong}: no PEM file of certificates\n"


def test_two_processes_a_simulated_card_and_its_reader(tmp_path: Path) -> None:
    port, roots = free_port(), tmp_path / "roots.pem"
    command = [sys.executable, "-m", "kiosk.cli", "simulate", "card", "--vpcd", f"127.0.0.1:{port}"]
    with subprocess.Popen(
        [*command, "--card", "adult-fr", "--generation", "1.7", "--trust-out", str(roots)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as card:
        assert card.stdin
        assert card.stdout
        card.stdout.readline()
        words = ("--reader", f"virtual://127.0.0.1:{port}", "--trust", str(roots), "--wait", "10")
        first = zuil("card", "read", *words, "--json")
        again = zuil("card", "read", *words, "--json")
        card.stdin.write("quit\n")
        card.stdin.flush()
        assert card.wait(10) == 0
    assert (first.returncode, first.stderr) == (0, "")
    assert json.loads(first.stdout) == json.loads(again.stdout)
    assert {check["finding"] for check in json.loads(first.stdout)["checks"]} == {"passed", "not_possible"}


def test_a_forged_card_does_not_steer_the_terminal() -> None:
    person = Person(Document(DocumentKind.CITIZEN), surname="Voorbeeld\x1b[2J\x9b31m\nOK     identity signature")
    lines = list(as_lines(CardRead(person, Verdict(), 1, 1)))
    assert not any(letter in line for line in lines for letter in "\x1b\x9b\n")
    assert any("Voorbeeld\N{REPLACEMENT CHARACTER}[2J" in line for line in lines)
