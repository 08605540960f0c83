"""The simulated printer by itself: what it does with bytes, as the manuals say, and with garbage."""

from __future__ import annotations

import io
import socket
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageStat

from drivers.simulated.console import UnknownFault
from drivers.simulated.faults import FAULTS, PrinterFault
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.receipt import glyphs
from drivers.simulated.receipt.mechanism import BUFFER_BYTES, Mechanism
from drivers.simulated.receipt.paper import HEAD_TO_KNIFE, MARGIN, Paper
from drivers.simulated.receipt.parser import RealTimeScanner, next_command

CUT = b"\x1dV\x42\x00"


class Bench:
    """A mechanism without a cable, in a time of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.machine = Mechanism(576, lambda: self.now)

    def send(self, data: bytes) -> bytes:
        self.machine.receive(data)
        self.machine.work()
        replies, self.machine.replies = bytes(self.machine.replies), bytearray()
        return replies

    @property
    def words(self) -> list[str]:
        return [cutting.words for cutting in self.machine.cuttings]

    def picture(self, data: bytes) -> Image.Image:
        self.send(data + CUT)
        return self.machine.cuttings[-1].picture.crop((0, HEAD_TO_KNIFE, 576, 4000))


def box(picture: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the ink."""
    found = picture.getbbox()
    assert found is not None
    return found


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_text_comes_out_when_it_is_cut(bench: Bench) -> None:
    bench.send(b"Goedendag\n" + CUT)
    assert bench.words == ["Goedendag"]
    assert bench.machine.cuttings[0].picture.height == HEAD_TO_KNIFE + 30


def test_a_cut_without_feed_leaves_the_last_lines_for_the_next_ticket(bench: Bench) -> None:
    bench.send(b"one\ntwo\nthree\nfour\nfive\nsix\n\x1dV\x00")
    bench.send(b"next\n" + CUT)
    assert "six" not in bench.words[0]
    assert "six" in bench.words[1]


@pytest.mark.parametrize(
    "cut", [b"\x1dV\x00", b"\x1dV0", b"\x1dV\x01", b"\x1dV\x41\x05", b"\x1dVh\x05", b"\x1bi", b"\x1bm"]
)
def test_every_kind_of_cut_cuts(cut: bytes, bench: Bench) -> None:
    bench.send(cut)
    assert len(bench.words) == 1


def test_code_pages_and_countries_are_the_printers_own(bench: Bench) -> None:
    bench.send(b"\x1bt\x10\x80\n\x1bt\x13\xd5\n\x1bt\x00\x82\n\x1bR\x02[\n\x1bt\xf0\x82\n" + CUT)
    assert bench.words == ["€\n€\né\nÄ\né"]


def test_sizes_weights_and_places_change_the_dots(bench: Bench) -> None:
    plain = bench.picture(b"A\n")
    assert box(plain)[0] < 12
    assert box(bench.picture(b"\x1ba\x01A\n"))[0] > 270
    assert box(bench.picture(b"\x1ba2A\n"))[0] > 560
    large = box(bench.picture(b"\x1ba0\x1d!\x77A\n"))
    assert large[3] - large[1] > 100
    for mode in (b"\x1d!\x00\x1bE\x01", b"\x1d!\x00\x1dB\x01", b"\x1d!\x00\x1b-\x01", b"\x1b!\x01", b"\x1b!\x38"):
        assert bench.picture(b"\x1b@" + mode + b"A\n").tobytes() != plain.tobytes()
    assert bench.picture(b"\x1b@\x1db\x01\x1d!\x77A\n").tobytes() != bench.picture(b"\x1db\x00\x1d!\x77A\n").tobytes()


def test_a_full_line_is_broken_in_the_middle_of_a_word(bench: Bench) -> None:
    bench.send(b"x" * 50 + b"\n" + CUT)
    assert bench.words == ["x" * 48 + "\n" + "x" * 2]


def test_pictures_in_both_dialects_have_the_same_dots(bench: Bench) -> None:
    bits = bytes(range(16))
    raster = bench.picture(b"\x1dv0\x00\x02\x00\x08\x00" + bits)
    stored = b"\x30\x70\x30\x01\x01\x31\x10\x00\x08\x00" + bits
    print_it = b"\x1d(L\x02\x00\x30\x32"
    assert (
        bench.picture(b"\x1d(L" + len(stored).to_bytes(2, "little") + stored + print_it).tobytes() == raster.tobytes()
    )
    assert (
        bench.picture(b"\x1d8L" + len(stored).to_bytes(4, "little") + stored + print_it).tobytes() == raster.tobytes()
    )
    assert box(bench.picture(b"\x1dv0\x03\x02\x00\x08\x00" + bits))[2] == box(raster)[2] * 2


def test_questions_are_answered_as_the_manual_says(bench: Bench) -> None:
    assert bench.send(b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04") == b"\x12\x12\x12\x12"
    assert bench.send(b"\x1dr\x01") == b"\x00"
    assert bench.send(b"\x1d(H\x06\x00000042") == b"\x37\x220042\x00"
    assert bench.send(b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08") == b"\x37\x25\x00"
    assert bench.send(b"\x1dIC") == b"_SIMULATED\x00"
    assert bench.send(b"\x1dI\x01") == b"\x02"
    bench.machine.fault(PrinterFault.PAPER_LOW)
    assert bench.send(b"\x10\x04\x04\x1dr\x01") == b"\x1e\x03"
    bench.machine.fault(PrinterFault.PAPER_OUT)
    assert bench.send(b"\x10\x04\x01\x10\x04\x02\x10\x04\x04") == b"\x1a\x32\x7e"
    bench.machine.mend()
    bench.machine.fault(PrinterFault.COVER_OPEN)
    assert bench.send(b"\x10\x04\x01\x10\x04\x02") == b"\x1a\x16"


def test_automatic_status_comes_when_switched_on_and_at_every_change(bench: Bench) -> None:
    assert bench.send(b"\x1da\xff") == b"\x10\x00\x00\x00"
    assert bench.send(b"x") == b""
    bench.machine.fault(PrinterFault.COVER_OPEN)
    assert bench.send(b"") == b"\x38\x00\x00\x00"


def test_data_sent_without_paper_is_printed_later_unless_it_is_cleared(bench: Bench) -> None:
    bench.machine.fault(PrinterFault.PAPER_OUT)
    bench.send(b"late\n" + CUT)
    assert bench.words == []
    bench.machine.refill()
    bench.send(b"")
    assert bench.words == ["late"]
    bench.machine.fault(PrinterFault.PAPER_OUT)
    bench.send(b"never\n" + CUT + b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
    bench.machine.refill()
    bench.send(CUT)
    assert bench.words[1:] == [""]


def test_a_roll_that_ends_leaves_a_scrap_and_the_rest_on_the_new_roll(bench: Bench) -> None:
    bench.machine.fault(PrinterFault.PAPER_OUT_MID_JOB)
    bench.send(b"".join(b"line %d\n" % line for line in range(20)) + CUT)
    assert not bench.machine.online
    bench.machine.refill()
    bench.send(b"")
    scrap, ticket = bench.machine.cuttings
    assert (scrap.whole, ticket.whole) == (False, True)
    assert "line 0" in scrap.words
    assert "line 19" in ticket.words


def test_a_jam_waits_until_it_is_cleared_and_told_to_recover(bench: Bench) -> None:
    bench.machine.fault(PrinterFault.CUTTER_JAM)
    bench.send(b"stuck\n" + CUT)
    assert bench.send(b"\x10\x04\x03\x10\x05\x01\x10\x04\x03") == b"\x1a\x1a", "it is still jammed"
    bench.machine.mend()
    assert bench.send(b"\x10\x04\x03") == b"\x1a"
    assert bench.send(b"\x10\x05\x01\x10\x04\x03") == b"\x12"
    assert bench.words == ["stuck"], "it goes on with the cut"
    bench.machine.fault(PrinterFault.CUTTER_JAM)
    bench.send(b"forgotten\n" + CUT)
    bench.machine.mend()
    assert bench.send(b"\x10\x05\x02\x10\x04\x03") == b"\x12"
    assert len(bench.words) == 1, "it was told to clear"


def test_slow_paper_takes_its_time(bench: Bench) -> None:
    bench.machine.fault(PrinterFault.SLOW)
    bench.send(b"a\nb\n" + CUT)
    assert bench.words == []
    for _ in range(10):
        bench.now += 1
        bench.send(b"")
    assert bench.words == ["a\nb"]


def test_real_time_commands_count_inside_pictures_and_across_packets(bench: Bench) -> None:
    assert bench.send(b"\x1dv0\x00\x03\x00\x01\x00\x10\x04\x01") == b"\x12"
    scanner = RealTimeScanner()
    assert scanner.feed(b"ab\x10") == []
    assert [(c.name, c.number, c.end) for c in scanner.feed(b"\x04\x02cd\x10\x05\x01")] == [
        ("DLE EOT", 2, 2),
        ("DLE ENQ", 1, 7),
    ]
    assert scanner.feed(b"\x10\x04\x09\x10\x14\x01") == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=80), max_size=8))
@example([b"\x1d(L\xff\xff", b"\x1dv0\x00\xff\xff\xff\xff"])
@example([b"\x1d(k\x03\x001C\x63\x1d(k\x05\x001P0ab\x1d(k\x03\x001Q0"])
def test_garbage_never_stops_it(packets: list[bytes]) -> None:
    bench = Bench()
    for packet in packets:
        bench.send(packet)
    bench.send(b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
    bench.machine.cuttings.clear()
    bench.send(b"\x1b@still here\n" + CUT)
    assert "still here" in bench.words[-1]


def test_unknown_commands_are_counted(bench: Bench) -> None:
    bench.send(b"\x1bZ\x1dZ\x07\x1d(Z\x01\x00x")
    assert bench.machine.unknown == 4
    assert next_command(b"\x1b") is None
    assert next_command(b"") is None


def test_a_full_buffer_takes_no_more(bench: Bench) -> None:
    bench.machine.fault(PrinterFault.COVER_OPEN)
    bench.send(b"x" * BUFFER_BYTES)
    assert bench.machine.full


def test_every_letter_of_every_page_has_dots_or_is_a_box() -> None:
    unknown = glyphs.letter("\u4e00", False, False, (1, 1), False)
    for character in "ABCabc0123456789éèëçœŒßäöü€–“”…":
        cell = glyphs.letter(character, False, False, (1, 1), False)
        assert cell.getbbox()
        assert cell.tobytes() != unknown.tobytes()


def test_a_paper_looks_like_paper_and_is_kept_as_files(tmp_path: Path) -> None:
    seen: list[Paper] = []
    for run in (1, 2):
        with (
            SimulatedPrinter(out=tmp_path, on_paper=seen.append) as printer,
            socket.create_connection(("127.0.0.1", printer.port)) as host,
        ):
            host.sendall(b"run %d\n" % run + CUT)
            assert printer.wait_for_papers(1)
        assert (tmp_path / f"ticket-000{run}.txt").read_text() == f"run {run}\n"
    picture = Image.open(io.BytesIO(seen[0].png)).convert("RGB")
    assert picture.size == (576 + 2 * MARGIN, HEAD_TO_KNIFE + 30)
    red, green, blue = ImageStat.Stat(picture.crop((0, 0, 20, 20))).mean
    assert min(red, green, blue) > 235
    assert red > blue, "thermal paper is a little warm"
    assert (tmp_path / "ticket-0002.png").read_bytes() == seen[1].png


def test_one_host_at_a_time_as_on_real_ones(simulated: SimulatedPrinter) -> None:
    first = socket.create_connection(("127.0.0.1", simulated.port), timeout=5)
    first.sendall(b"\x10\x04\x01")
    assert first.recv(1) == b"\x12"
    second = socket.create_connection(("127.0.0.1", simulated.port), timeout=5)
    second.sendall(b"\x10\x04\x01")
    assert simulated.state.hosts == 1
    first.close()
    assert second.recv(1) == b"\x12"
    second.close()


def test_several_hosts_when_asked_for() -> None:
    with SimulatedPrinter(single=False) as printer:
        hosts = [socket.create_connection(("127.0.0.1", printer.port), timeout=5) for _ in range(2)]
        hosts[1].sendall(b"\x10\x04\x01")
        assert hosts[1].recv(1) == b"\x12"
        for host in hosts:
            host.close()


def test_dead_refuses_and_comes_back_on_the_same_port(simulated: SimulatedPrinter) -> None:
    host = socket.create_connection(("127.0.0.1", simulated.port), timeout=5)
    simulated.set_fault("dead")
    with pytest.raises(ConnectionResetError):
        host.recv(1)
    host.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", simulated.port), timeout=5)
    simulated.clear_faults()
    with socket.create_connection(("127.0.0.1", simulated.port), timeout=5) as again:
        again.sendall(b"\x10\x04\x01")
        assert again.recv(1) == b"\x12"


def test_faults_have_names_and_sentences(simulated: SimulatedPrinter) -> None:
    assert set(FAULTS) == {fault.value for fault in PrinterFault}
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in FAULTS.values())
    with pytest.raises(UnknownFault, match="no printer fault 'fire'; there are paper-low, paper-out"):
        simulated.set_fault("fire")


def test_a_taken_port_is_told(simulated: SimulatedPrinter) -> None:
    with pytest.raises(OSError, match="in use"):
        SimulatedPrinter(simulated.port)
