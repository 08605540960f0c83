"""What finders find on machines made of files, what they find where there is nothing, and what hostile devices say."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.simulated.card.registry import card_named
from drivers.simulated.card.vpcd import VpcdCard
from drivers.simulated.printer import SimulatedPrinter
from kiosk.setup.finders import everything
from kiosk.setup.finders.edid import BLOCK, HEADER, LEAST_MM, MOST_MM, read_edid
from kiosk.setup.finders.everything import find_everything
from kiosk.setup.finders.lines import serial_lines, sound_devices, touch_panels
from kiosk.setup.finders.network import announced, open_ports, queues_of_cups, run_program
from kiosk.setup.finders.readers import readers_of_pcscd
from kiosk.setup.finders.screens import screens_of
from kiosk.setup.finders.usb import printers_on_usb, readers_on_usb, usb_devices
from kiosk.setup.found import Found, FoundPrinter
from tests.peers.pcscd import THIS_PROCESS, Pcscd


def edid(
    pixels: tuple[int, int] = (1920, 1080), glass: tuple[int, int] = (527, 296), centimetres: tuple[int, int] = (53, 30)
) -> bytes:
    """A block as screens send it, with a right checksum."""
    block = bytearray(BLOCK)
    block[:8] = HEADER
    block[21], block[22] = centimetres
    timing = bytearray(18)
    timing[0] = 1
    timing[2], timing[4] = pixels[0] & 0xFF, pixels[0] >> 4 & 0xF0
    timing[5], timing[7] = pixels[1] & 0xFF, pixels[1] >> 4 & 0xF0
    timing[12], timing[13] = glass[0] & 0xFF, glass[1] & 0xFF
    timing[14] = (glass[0] >> 8 & 0xF) << 4 | glass[1] >> 8 & 0xF
    block[54:72] = timing
    block[72:90] = b"\x00\x00\x00\xfc\x00" + b"Panel 24\x1b[2J\n".ljust(13)[:13]
    block[127] = -sum(block[:127]) % 256
    return bytes(block)


def test_a_screen_tells_its_size_and_its_name_cannot_steer_the_terminal() -> None:
    said = read_edid(edid())
    assert said is not None
    assert (said.width_px, said.height_px, said.width_mm, said.height_mm) == (1920, 1080, 527, 296)
    assert said.name == "Panel 24[2J"


@pytest.mark.parametrize(
    ("glass", "centimetres"),
    [((0, 0), (0, 0)), ((16, 9), (0, 0)), ((1600, 900), (16, 0)), ((527, 527), (53, 53)), ((0, 0), (16, 9))],
    ids=["none", "an aspect ratio", "a ratio in centimetres", "a square for 16:9", "no size at all"],
)
def test_a_size_that_cannot_be_is_no_size(glass: tuple[int, int], centimetres: tuple[int, int]) -> None:
    said = read_edid(edid(glass=glass, centimetres=centimetres))
    assert said is not None
    assert (said.width_mm, said.height_mm) == (None, None)


@given(st.binary(max_size=400))
def test_any_bytes_are_an_edid_or_none(content: bytes) -> None:
    assert read_edid(content) is None or content.startswith(HEADER)


@given(st.binary(min_size=119, max_size=119), st.binary(max_size=300))
def test_a_hostile_screen_is_believed_only_within_bounds(inside: bytes, behind: bytes) -> None:
    block = HEADER + inside
    said = read_edid(block + bytes([-sum(block) % 256]) + behind)
    assert said is not None
    assert all(side is None or LEAST_MM <= side <= MOST_MM for side in (said.width_mm, said.height_mm))
    assert (said.width_mm is None) == (said.height_mm is None)
    assert said.name.isprintable()


def connected(machine: Path, connector: str, content: bytes, modes: str = "1920x1080\n1280x720\n") -> None:
    """A screen on a machine."""
    folder = machine / "sys/class/drm" / f"card0-{connector}"
    folder.mkdir(parents=True)
    (folder / "status").write_text("connected\n")
    (folder / "edid").write_bytes(content)
    (folder / "modes").write_text(modes)


def test_screens_that_are_connected_are_found_with_or_without_an_edid(tmp_path: Path) -> None:
    connected(tmp_path, "HDMI-A-1", edid())
    connected(tmp_path, "DP-1", b"")
    connected(tmp_path, "DP-2", b"", modes="")
    connected(tmp_path, "DP-3", edid(), modes="")
    (tmp_path / "sys/class/drm/card0-HDMI-A-1/status").write_text("connected\n")
    gone = tmp_path / "sys/class/drm/card0-VGA-1"
    gone.mkdir()
    (gone / "status").write_text("disconnected\n")
    found = screens_of(tmp_path / "sys/class/drm")
    sizes = {each.connector: each.diagonal_inch for each in found}
    assert sizes == {"DP-1": None, "DP-3": 23.8, "HDMI-A-1": 23.8}


def plugged(machine: Path, port: str, classes: Sequence[str], **texts: str) -> None:
    """A device on USB."""
    folder = machine / "sys/bus/usb/devices" / port
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text + "\n")
    for at, each in enumerate(classes):
        (folder / f"{port}:1.{at}").mkdir()
        (folder / f"{port}:1.{at}" / "bInterfaceClass").write_text(each + "\n")


def test_usb_printers_are_found_by_class_and_by_maker_and_readers_by_class(tmp_path: Path) -> None:
    epson = {"idVendor": "04b8", "idProduct": "0e28", "manufacturer": "EPSON", "product": "TM-T20III"}
    plugged(tmp_path, "1-1", ["07"], **epson, serial="X3AB001")
    plugged(tmp_path, "1-2", ["ff"], idVendor="0519", idProduct="0003", product="TSP143", serial="../x")
    plugged(tmp_path, "1-3", ["03"], idVendor="04b8", idProduct="0001", product="Keyboard of that maker")
    plugged(tmp_path, "1-4", ["0b"], idVendor="072f", idProduct="90cc", product="CCID Reader")
    plugged(tmp_path, "1-5", ["07"], idVendor="zzzz", idProduct="0001")
    (tmp_path / "sys/bus/usb/devices/1-6").mkdir()
    devices = usb_devices(tmp_path / "sys/bus/usb/devices")
    assert printers_on_usb(devices) == (
        FoundPrinter("usb://04b8:0e28/X3AB001", "EPSON TM-T20III", "epson-tm-t20iii"),
        FoundPrinter("usb://0519:0003", "Star TSP143"),
    )
    assert readers_on_usb(devices) == ("CCID Reader",)


def test_serial_lines_sound_and_touch_panels_are_found(tmp_path: Path) -> None:
    (tmp_path / "dev/serial/by-id").mkdir(parents=True)
    for name in ("ttyUSB0", "ttyUSB1"):
        (tmp_path / "dev" / name).touch()
    (tmp_path / "dev/serial/by-id/usb-maker-if00").symlink_to("../../ttyUSB0")
    assert serial_lines(tmp_path) == ("/dev/serial/by-id/usb-maker-if00", "/dev/ttyUSB1")
    (tmp_path / "proc/asound").mkdir(parents=True)
    (tmp_path / "proc/asound/cards").write_text(" 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n   at 0xf7\n")
    (tmp_path / "proc/bus/input").mkdir(parents=True)
    (tmp_path / "proc/bus/input/devices").write_text(
        'N: Name="HDA Intel PCH Headphone"\nB: EV=21\n\n'
        'N: Name="Panel Touchscreen"\nB: ABS=2608000 3\n\n'
        'N: Name="Wide Touchscreen"\nB: ABS=260800000000003\n\n'
        'N: Name="Tablet"\nB: ABS=3\n'
    )
    sound = sound_devices(tmp_path)
    assert (sound.outputs, sound.jack) == (("HDA Intel PCH",), True)
    assert touch_panels(tmp_path) == ("Panel Touchscreen", "Wide Touchscreen")


def programs(words: Sequence[str]) -> str:
    """What CUPS and Avahi say, some of it nonsense."""
    if words[0] == "lpstat":
        return "Office_A4\nbad name\n"
    line = "=;eth0;IPv4;{0};{1};local;h.local;192.0.2.7;{2};{3}\n"
    if "_pdl-datastream._tcp" in words:
        return line.format(r"EPSON\032TM-m30III", "_pdl", 9100, '"txtvers=1"') + "=;eth0;IPv4;short\n+;eth0\n"
    return line.format("A4", "_ipp", 631, '"rp=ipp/print" "pdl=x"') + line.format("B", "_ipp", "port", "")


def test_what_announces_itself_is_found(tmp_path: Path) -> None:
    assert [each.uri for each in queues_of_cups(programs)] == ["ipp://127.0.0.1/printers/Office_A4"]
    printers, sheets = announced(programs)
    assert printers == (FoundPrinter("tcp://192.0.2.7:9100", "EPSON TM-m30III", "epson-tm-m30"),)
    assert [each.uri for each in sheets] == ["ipp://192.0.2.7:631/ipp/print"]
    found = find_everything(tmp_path, programs)
    assert (len(found.printers), len(found.sheet_printers)) == (1, 2)


def test_where_nothing_is_nothing_is_found_and_nothing_fails(tmp_path: Path) -> None:
    found = find_everything(tmp_path, lambda _: "")
    assert found == Found(readers=found.readers)
    assert found.readers.names == ()
    assert found.readers.trouble.startswith("pcscd does not answer; install and start it")
    assert run_program(["no-such-program-of-anybody"]) == ""


def test_a_finder_that_stumbles_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> tuple[str, ...]:
        raise ZeroDivisionError("a strange device")

    monkeypatch.setattr(everything, "serial_lines", stumble)
    connected(tmp_path, "HDMI-A-1", edid())
    found = find_everything(tmp_path, lambda _: "")
    assert found.problems == ("serial lines: ZeroDivisionError: a strange device",)
    assert len(found.screens) == 1


def test_only_the_address_that_is_named_is_asked() -> None:
    printer = SimulatedPrinter().start()
    try:
        with socket.create_server(("127.0.0.1", 0)) as quiet:
            free = quiet.getsockname()[1]
        assert open_ports("127.0.0.1", (printer.port, free)) == (printer.port,)
        assert open_ports("no host at all", (1,)) == ()
    finally:
        printer.stop()


@pytest.fixture
def daemon() -> Iterator[Pcscd]:
    try:
        with Pcscd(THIS_PROCESS) as running:
            yield running
    finally:
        shutil.rmtree(THIS_PROCESS)


@pytest.mark.xdist_group("pcscd")
def test_readers_of_the_real_daemon_are_found_by_name(daemon: Pcscd) -> None:
    with VpcdCard("127.0.0.1", daemon.port) as slot:
        slot.insert(card_named("adult", date(2026, 11, 25)))
        daemon.wait_for_card()
        found = readers_of_pcscd()
    assert any("Virtual PCD" in name for name in found.names)
    assert found.trouble == ""
