"""From settings to a card driver: which reader, which roots, and that nothing heavy is loaded before it opens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from drivers.card_contract import CheckName, Finding
from drivers.cards.address import PcscReader, ReaderAddress, VirtualReader
from drivers.cards.driver import BeidDriver
from drivers.cards.opening import CardFilesAtHand, connect, open_cards
from drivers.cards.transports.pcsc import PcscTransport
from drivers.cards.transports.virtual import VirtualTransport
from drivers.contract import CannotOpen, Reason
from drivers.simulated.card.pki import trust_pem
from drivers.simulated.card.registry import card_named
from drivers.simulated.card.vpcd import VpcdCard
from kiosk.demo.world import World
from tests.drivers.card_bench import EVERYTHING, NOW, TODAY

HEAVY = '{"smartcard", "cryptography.x509", "drivers.cards.driver", "drivers.cards.transports.pcsc"}'
BEFORE = f"""
import sys
import drivers.card_runner, drivers.cards.address
from drivers.cards.opening import CardFilesAtHand, open_cards
opener = open_cards(drivers.cards.address.parse_reader(sys.argv[1]), CardFilesAtHand(), None)
assert not {HEAVY} & set(sys.modules), {HEAVY} & set(sys.modules)
driver = opener()
found = {HEAVY} & set(sys.modules)
print(*sorted(found))
getattr(driver, "close", print)()
"""
WITHOUT_LIBRARY = """
import sys
sys.modules["smartcard"] = None
from drivers.cards.address import PcscReader
from drivers.cards.opening import connect
cannot = connect(PcscReader())
print(cannot.reason.value, cannot.permanent, cannot.detail)
"""
COLUMN = """
import io, sys
from pathlib import Path
from kiosk.running import run_in_terminal
sys.stdin = io.StringIO("1\\n")
status = run_in_terminal(Path(sys.argv[1]))
print("smartcard" in sys.modules, status)
"""


@pytest.fixture
def roots(tmp_path: Path) -> Path:
    file = tmp_path / "roots.pem"
    file.write_bytes(trust_pem())
    return file


def opened(address: ReaderAddress, files: CardFilesAtHand) -> object:
    return open_cards(address, files, lambda: NOW)()


def refused(files: CardFilesAtHand) -> CannotOpen:
    """What files that cannot be used lead to."""
    cannot = opened(VirtualReader("127.0.0.1", 0), files)
    assert isinstance(cannot, CannotOpen)
    assert (cannot.reason, cannot.permanent) == (Reason.NOT_CONFIGURED, True)
    return cannot


def python(program: str, *words: str) -> str:
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("address", "kind"), [(PcscReader("ACS"), PcscTransport), (VirtualReader("127.0.0.1", 0), VirtualTransport)]
)
def test_every_address_has_its_transport(address: ReaderAddress, kind: type) -> None:
    transport = connect(address)
    assert isinstance(transport, kind)
    assert not isinstance(transport, CannotOpen)
    transport.close()


def test_with_its_roots_a_card_is_read_and_verified(roots: Path) -> None:
    driver = opened(VirtualReader("127.0.0.1", 0), CardFilesAtHand(roots, specimens=True))
    assert isinstance(driver, BeidDriver)
    transport = driver._transport
    assert isinstance(transport, VirtualTransport)
    with VpcdCard("127.0.0.1", transport.port) as slot:
        slot.insert(card_named("adult", TODAY))
        assert slot.wait_until_connected()
        driver.status()
        read = driver.read(EVERYTHING, lambda _: None)
        driver.close()
    assert getattr(read, "verdict", None)
    assert read.verdict.finding(CheckName.ROOT_CERTIFICATE) is Finding.PASSED
    assert read.person.document.specimen


def test_without_a_trust_file_it_opens_all_the_same() -> None:
    driver = opened(VirtualReader("127.0.0.1", 0), CardFilesAtHand())
    assert isinstance(driver, BeidDriver)
    driver.close()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        (b"", "no PEM file of certificates"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no PEM file of certificates"),
    ],
    ids=["missing", "empty", "no certificate"],
)
def test_a_trust_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None, says: str) -> None:
    file = tmp_path / "trust.pem"
    if content is not None:
        file.write_bytes(content)
    told = refused(CardFilesAtHand(file)).detail
    assert str(file) in told
    assert says in told


def test_roots_that_are_not_of_belgium_are_refused_and_it_says_what_would_be_right(tmp_path: Path) -> None:
    unmarked = tmp_path / "trust.pem"
    unmarked.write_bytes(trust_pem().replace(b"# test roots", b""))
    told = refused(CardFilesAtHand(unmarked, specimens=True)).detail
    assert "is no root of Belgium" in told
    assert "need the line '# test roots'" in told


def test_test_roots_are_refused_where_citizens_are_served(roots: Path) -> None:
    told = refused(CardFilesAtHand(roots, specimens=False)).detail
    assert "this is no practice; use the roots of Belgium" in told


def test_a_folder_for_a_trust_file_and_a_wrong_revocation_list(tmp_path: Path, roots: Path) -> None:
    assert str(tmp_path) in refused(CardFilesAtHand(tmp_path)).detail
    told = refused(CardFilesAtHand(roots, roots, specimens=True)).detail
    assert "no revocation list, neither PEM nor DER" in told


@pytest.mark.parametrize(
    ("reader", "loaded"),
    [
        ("pcsc", "cryptography.x509 drivers.cards.driver drivers.cards.transports.pcsc smartcard"),
        ("virtual://127.0.0.1:35963", "cryptography.x509 drivers.cards.driver"),
    ],
)
def test_libraries_wait_until_the_driver_opens(reader: str, loaded: str) -> None:
    assert python(BEFORE, reader).strip() == loaded


def test_without_the_library_it_says_what_to_install() -> None:
    told = python(WITHOUT_LIBRARY)
    assert told.startswith("not_configured True")
    assert "install libpcsclite1" in told


def test_a_column_without_a_reader_does_not_load_the_library_and_one_with_a_reader_does(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        settings = world.column("districtshuis")
        virtual = f'reader = "{world.cards.reader}"'
        found = {}
        for reader in ("none", "pcsc"):
            settings.write_text(settings.read_text().replace(virtual, f'reader = "{reader}"'))
            found[reader] = python(COLUMN, str(settings)).splitlines()[-1]
            settings.write_text(settings.read_text().replace(f'reader = "{reader}"', virtual))
    assert found == {"none": "False 0", "pcsc": "True 0"}
