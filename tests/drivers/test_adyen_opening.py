"""Addresses, keys, counter and certificate: what is wrong in the settings is said before anything is sent."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from drivers.contract import CannotOpen, Reason
from drivers.payment_contract import NotSent
from drivers.payments.adyen.address import (
    EXAMPLE,
    AdyenAddress,
    BadTerminalUri,
    format_terminal_uri,
    parse_terminal_uri,
)
from drivers.payments.adyen.driver import AdyenTerminal
from drivers.payments.adyen.numbers import CannotCount, FileNumbers, service_id
from drivers.payments.adyen.opening import BadKeys, open_adyen, read_keys, usual_counter
from drivers.payments.adyen.session import Session
from drivers.simulated.terminal.adyen.terminal import KEY, POI_ID, SALE_ID, SimulatedAdyenTerminal
from tests.drivers.adyen_bench import ORDER, Notes, VirtualTerminal, quiet

WHERE = "adyen+https://192.0.2.30:8443"
SET = f"poiid={POI_ID}&sale=KIOSK-0042&keys=k.toml&ca=ca.pem"


def test_an_address_is_read_whole() -> None:
    found = parse_terminal_uri(f"{WHERE}?{SET}&counter=/var/c&environment=test&listen=8444")
    assert found == AdyenAddress(
        "192.0.2.30", 8443, POI_ID, "KIOSK-0042", Path("k.toml"), Path("ca.pem"), Path("/var/c"), "test", 8444
    )
    assert parse_terminal_uri(format_terminal_uri(found)) == found


@pytest.mark.parametrize("text", [EXAMPLE, f"adyen+https://[2001:db8::1]?{SET}", f"adyen+https://term.example/?{SET}"])
def test_addresses_come_back_as_text(text: str) -> None:
    found = parse_terminal_uri(text)
    assert parse_terminal_uri(format_terminal_uri(found)) == found


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("", "a host and a port"),
        ("https://192.0.2.30:8443", "a host and a port"),
        (f"{WHERE}/other?{SET}", "a host and a port"),
        (f"adyen+https://:8443?{SET}", "a host and a port"),
        (f"adyen+https://192.0.2.30:0?{SET}", "a host and a port"),
        (f"adyen+https://192.0.2.30:99999?{SET}", "not an address"),
        (f"adyen+https://[::1?{SET}", "not an address"),
        (f"adyen+https://me:secret@192.0.2.30?{SET}", "no name, password"),
        (WHERE, "poiid, sale, keys, ca should stand"),
        (f"{WHERE}?poiid={POI_ID}", "sale, keys, ca should stand"),
        (f"{WHERE}?{SET}&keyes=x", "unknown setting 'keyes'"),
        (f"{WHERE}?{SET}&ca=other.pem", "twice"),
        (f"{WHERE}?{SET}&environment=prod", "live or test"),
        (f"{WHERE}?{SET}&listen=99999", "0 to 65535"),
        (f"{WHERE}?{SET}&listen=%D9%A3", "0 to 65535"),
        (f"{WHERE}?{SET.replace(POI_ID, 'terminal')}", "model and serial number"),
        (f"{WHERE}?{SET.replace('KIOSK-0042', 'a b')}", "sale should be"),
        (f"{WHERE}?{SET.replace('k.toml', 'k%00')}", "no file name"),
    ],
)
def test_a_wrong_address_is_told_what_would_be_right(text: str, right: str) -> None:
    with pytest.raises(BadTerminalUri, match=right) as told:
        parse_terminal_uri(text)
    assert "secret" not in str(told.value)


GOOD = '[[key]]\nidentifier = "a"\nversion = 2\npassphrase = "pass"\n'


def test_keys_are_read_in_their_order(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(GOOD + GOOD.replace("2", "1"))
    assert [key.version for key in read_keys(file)] == [2, 1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "key = 3",
        "key = [3]",
        "[[key]]",
        "not toml",
        GOOD.replace("2", '"2"'),
        GOOD.replace("2", "true"),
        GOOD.replace("2", "-1"),
        GOOD.replace('pass"', 'pässword"'),
        GOOD.replace('"pass"', '""'),
        GOOD.replace("identifier", "name"),
        GOOD + "other = 1",
    ],
)
def test_keys_that_are_none_are_refused_and_no_passphrase_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(text)
    with pytest.raises(BadKeys) as told:
        read_keys(file)
    assert "pässword" not in str(told.value)
    assert str(file) in str(told.value)


def test_files_that_are_not_there_or_not_right_are_a_setting_to_mend(tmp_path: Path) -> None:
    simulated = SimulatedAdyenTerminal()
    with simulated:
        address = simulated.address(tmp_path)
        assert isinstance(open_adyen(address), AdyenTerminal)
        for file, text in ((address.ca, "no certificate"), (address.keys, "")):
            right = file.read_text()
            for wrong in (text, None):
                if wrong is None:
                    file.unlink()
                else:
                    file.write_text(wrong)
                found = open_adyen(address)
                assert isinstance(found, CannotOpen)
                assert (found.reason, found.permanent) == (Reason.NOT_CONFIGURED, True)
                assert file.name in found.detail
            file.write_text(right)


def test_a_port_for_news_that_is_taken_is_said(tmp_path: Path) -> None:
    with SimulatedAdyenTerminal() as simulated:
        address = simulated.address(tmp_path)
        taken = parse_terminal_uri(format_terminal_uri(address) + f"&listen={simulated.port}")
        found = open_adyen(taken)
        assert isinstance(found, CannotOpen)
        assert str(simulated.port) in found.detail


def test_numbers_never_come_twice_not_even_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "counter"
    seen = [FileNumbers(file).next() for _ in range(3)]
    numbers = FileNumbers(file)
    seen += [numbers.next() for _ in range(250)]
    assert len(set(seen)) == len(seen)
    assert sorted(seen) == seen
    assert FileNumbers(file).next() > seen[-1]


def test_numbers_are_on_disk_before_they_are_used(tmp_path: Path) -> None:
    file = tmp_path / "counter"
    number = FileNumbers(file).next()
    assert int(file.read_text()) > number


def test_numbers_asked_from_many_threads_are_all_different(tmp_path: Path) -> None:
    numbers, seen = FileNumbers(tmp_path / "counter"), list[int]()
    threads = [threading.Thread(target=lambda: seen.extend(numbers.next() for _ in range(200))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 800


def test_a_service_id_has_ten_characters_for_ever(tmp_path: Path) -> None:
    assert service_id(417) == "K000000417"
    file = tmp_path / "counter"
    file.write_text(f"{10**9 - 2}\n")
    numbers = FileNumbers(file)
    assert [service_id(numbers.next()) for _ in range(3)] == ["K999999998", "K999999999", "K000000001"]


@pytest.mark.parametrize("text", ["", "x", "0", "-4", "1.5"])
def test_a_counter_that_is_none_sends_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "counter"
    file.write_text(text)
    with pytest.raises(CannotCount, match="should hold one number"):
        FileNumbers(file).next()
    terminal = VirtualTerminal()
    driver = AdyenTerminal(Session(terminal, [KEY], FileNumbers(file), SALE_ID, POI_ID), look_first=False)
    assert isinstance(driver.pay(ORDER, Notes(), quiet), NotSent)
    assert driver.status().reason is Reason.NOT_CONFIGURED
    assert terminal.asked == []


def test_the_usual_place_of_the_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/var/lib/state")
    assert usual_counter(POI_ID) == Path(f"/var/lib/state/zuil/adyen/{POI_ID}.counter")
