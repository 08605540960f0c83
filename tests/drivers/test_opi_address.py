"""Addresses of OPI terminals, and the small memory that outlives the program."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.payments.opi.address import BadTerminalUri, OpiAddress, format_opi_uri, parse_opi_uri
from drivers.payments.opi.memory import BLOCK, CannotRemember, FileMemory, usual_place


def test_an_address_with_everything() -> None:
    assert parse_opi_uri("opi+tcp://192.0.2.30:4101?listen=4103&workstation=KIOSK42&memory=/var/lib/zuil/o.json") == (
        OpiAddress("192.0.2.30", "KIOSK42", 4101, 4103, Path("/var/lib/zuil/o.json"))
    )


def test_ports_have_their_usual_numbers() -> None:
    assert parse_opi_uri("opi+tcp://terminal.example?workstation=Z1") == OpiAddress(
        "terminal.example", "Z1", 4100, 4102
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tcp://192.0.2.30:4100?workstation=A", "should be opi+tcp://"),
        ("opi+tcp://:4100?workstation=A", "a host and a port"),
        ("opi+tcp://192.0.2.30:0?workstation=A", "a host and a port"),
        ("opi+tcp://192.0.2.30:99999?workstation=A", "not an address"),
        ("opi+tcp://192.0.2.30", "workstation should be"),
        ("opi+tcp://192.0.2.30?workstation=A%22B", "workstation should be"),
        ("opi+tcp://192.0.2.30?workstation=A&listen=x", "listen should be a port"),
        ("opi+tcp://192.0.2.30?workstation=A&listen=70000", "listen should be a port"),
        ("opi+tcp://192.0.2.30?workstation=A&colour=red", "unknown setting 'colour'"),
        ("opi+tcp://192.0.2.30?workstation=A&workstation=B", "stands twice"),
        ("opi+tcp://me:secret@192.0.2.30?workstation=A", "no name, password"),
        ("opi+tcp://192.0.2.30/path?workstation=A", "a host and a port"),
        ("opi+tcp://192.0.2.30?workstation=A&memory=%00", "no file name has"),
        ("opi+tcp://[::1?workstation=A", "not an address"),
    ],
)
def test_a_wrong_address_says_what_would_be_right(text: str, says: str) -> None:
    with pytest.raises(BadTerminalUri, match=r"opi\+tcp://|unknown setting|twice|file name") as caught:
        parse_opi_uri(text)
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)


@given(st.text(max_size=80).map("opi+tcp://".__add__) | st.text(max_size=80))
def test_any_text_is_an_address_or_a_reason(text: str) -> None:
    with suppress(BadTerminalUri):
        address = parse_opi_uri(text)
        assert parse_opi_uri(format_opi_uri(address)) == address


@given(
    st.builds(
        OpiAddress,
        st.sampled_from(["192.0.2.30", "terminal.example", "2001:db8::30"]),
        st.from_regex(r"[A-Za-z0-9._-]{1,20}", fullmatch=True),
        st.integers(1, 65535),
        st.integers(0, 65535),
        st.none() | st.just(Path("/var/lib/zuil/a b.json")),
    )
)
def test_an_address_comes_back_from_its_text(address: OpiAddress) -> None:
    assert parse_opi_uri(format_opi_uri(address)) == address


def test_numbers_rise_over_restarts(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "opi.json"
    first = [FileMemory(place, lambda: 50.0).next() for _ in range(3)]
    assert first == [50, 50 + BLOCK, 50 + 2 * BLOCK]
    whole = FileMemory(place, lambda: 1.0)
    numbers = [whole.next() for _ in range(BLOCK + 5)]
    assert numbers == sorted(set(numbers))
    assert numbers[0] > first[-1]
    assert FileMemory(place).next() > numbers[-1]


def test_a_lost_file_begins_above_the_old_numbers(tmp_path: Path) -> None:
    place = tmp_path / "opi.json"
    old = FileMemory(place, lambda: 1000.0).next()
    place.unlink()
    assert FileMemory(place, lambda: 90_000.0).next() > old


def test_a_callback_is_remembered_over_restarts(tmp_path: Path) -> None:
    place = tmp_path / "opi.json"
    memory = FileMemory(place, lambda: 10.0)
    number = memory.next()
    assert memory.was_called_back(number) is False
    memory.called_back(number)
    assert FileMemory(place).was_called_back(number) is True


def test_what_a_lost_file_knew_is_not_known(tmp_path: Path) -> None:
    place = tmp_path / "opi.json"
    number = FileMemory(place, lambda: 10.0).next()
    place.unlink()
    assert FileMemory(place, lambda: 5000.0).was_called_back(number) is None


def test_a_request_before_the_last_one_called_back_is_not_known(tmp_path: Path) -> None:
    memory = FileMemory(tmp_path / "opi.json", lambda: 10.0)
    first, second = memory.next(), memory.next()
    memory.called_back(second)
    assert memory.was_called_back(first) is None


@pytest.mark.parametrize(
    "text", ["", "5", "[]", "{}", '{"first": 0, "free": 1, "called": 0}', '{"first": "1"}', "\xff"]
)
def test_a_damaged_file_stops_everything(tmp_path: Path, text: str) -> None:
    place = tmp_path / "opi.json"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(CannotRemember, match="remove it while no payment is open"):
        FileMemory(place).next()


def test_a_place_that_cannot_be_written_gives_no_number(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CannotRemember, match="should be writable"):
        FileMemory(tmp_path / "file" / "opi.json", lambda: 10.0).next()


def test_the_usual_place_is_the_workstations_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert usual_place("KIOSK42") == tmp_path / "zuil" / "opi-KIOSK42.json"
