"""Figures of identity cards: commands, bytes and time by generation and purpose, in process and through the real pcscd.

The card is simulated: it answers in microseconds, so these figures are our share and pcscd's; a real card adds its own
10 to 40 ms a command. Not for: whether it reads right (`tests/drivers`, `tests/peers`).
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from drivers.card_contract import CardKind, CardRead, CardRequest, Field, Pin
from drivers.cards.beid.files import File
from drivers.cards.beid.session import BeidSession
from drivers.cards.driver import BeidDriver
from drivers.cards.exchange import Exchange
from drivers.cards.recognise import recognise
from drivers.cards.transports.pcsc import PcscTransport
from drivers.simulated.card.registry import card_named
from drivers.simulated.card.vpcd import VpcdCard
from tests.bench.figures import Figure, Goal, Judged
from tests.drivers.card_bench import GENERATIONS, NOW, TODAY, Bench, roots_of_the_simulation
from tests.peers.pcscd import THIS_PROCESS, Pcscd, socket_in

WHOLE = "everything"
PURPOSES: dict[str, CardRequest] = {
    "name and birth date, no proof": CardRequest(frozenset({Field.NAME, Field.BIRTH_DATE}), proof=False),
    "identity": CardRequest(frozenset(Field) - {Field.ADDRESS, Field.PHOTO}),
    "identity and address": CardRequest(frozenset(Field) - {Field.PHOTO}),
    WHOLE: CardRequest(frozenset(Field), certificates=True),
}
CERTIFICATES = {"02": File.CERT_AUTHENTICATION, "03": File.CERT_SIGNATURE, "04": File.CERT_CA, "06": File.CERT_ROOT}
"""The certificates that pkcs15-tool can read, by its ids."""


_COMMANDS = "read and verified after the card was recognised; commands and bytes of each: "


def in_process(_folder: Path, times: int) -> list[Figure]:
    """Every generation and purpose, with the card in the same process."""
    return [_figure(f"card, {what}, in process", _in_process(request, times)) for what, request in PURPOSES.items()]


def through_pcscd(_folder: Path, times: int) -> list[Figure]:
    """Every generation and purpose through pcscd, and pkcs15-tool beside us on the same card."""
    with _pcscd() as pcscd, VpcdCard("127.0.0.1", pcscd.port) as slot:
        figures = [
            _figure(f"card, {what}, through pcscd", _through_pcscd(slot, request, times, GENERATIONS))
            for what, request in PURPOSES.items()
            if what != WHOLE
        ]
        for generation, name in GENERATIONS.items():
            taken = _through_pcscd(slot, PURPOSES[WHOLE], times, {generation: name})
            figures.append(_figure(f"card {generation}, everything, through pcscd", taken, Goal(100)))
        return [*figures, _pin(slot, times), _beside_pkcs15_tool(pcscd, slot, max(times // 5, 3))]


@dataclass
class Taken:
    """Milliseconds of every reading, and what one takes by generation."""

    samples: list[float]
    parts: list[tuple[str, str]]


def _figure(name: str, taken: Taken, goal: Goal | None = None) -> Figure:
    how = f"{_COMMANDS}{'; '.join(f'{what} {how_much}' for what, how_much in taken.parts)}"
    return Figure(name, "ms", tuple(taken.samples), how, goal, tuple(taken.parts))


def _in_process(request: CardRequest, times: int) -> Taken:
    taken = Taken([], [])
    for generation, name in GENERATIONS.items():
        bench = Bench()
        bench.put_in(name)
        before = bench.slot.octets
        apdus = bench.must_read(request).apdus
        octets = bench.slot.octets - before
        own = [_timed(lambda bench=bench: bench.must_read(request)) for _ in range(times)]
        taken.samples += own
        taken.parts.append((generation, f"{apdus} commands, {octets:,} bytes, {statistics.median(own):.1f} ms"))
    return taken


def _through_pcscd(slot: VpcdCard, request: CardRequest, times: int, cards: Mapping[str, str]) -> Taken:
    taken = Taken([], [])
    for generation, name in cards.items():
        with _driver(slot, name) as driver:
            read = driver.read(request, lambda _: None)
            assert isinstance(read, CardRead), read
            assert not read.verdict.failed
            own = [_timed(lambda driver=driver: driver.read(request, lambda _: None)) for _ in range(times)]
        taken.samples += own
        taken.parts.append((generation, f"{read.apdus} commands, {statistics.median(own):.1f} ms"))
    return taken


def _pin(slot: VpcdCard, times: int) -> Figure:
    def once(driver: BeidDriver) -> None:
        pin = Pin()
        pin.add("1234")
        driver.authenticate(pin, "nl")

    with _driver(slot, "adult") as driver:
        samples = tuple(_timed(lambda: once(driver)) for _ in range(times))
    how = "certificates read, challenge signed by the card (1.8), signature, chain and holder checked"
    return Figure("card, PIN and challenge, through pcscd", "ms", samples, how)


def _beside_pkcs15_tool(pcscd: Pcscd, slot: VpcdCard, times: int) -> Figure:
    """How many times as fast we read the four certificates pkcs15-tool knows, in turn on the same card."""
    ratios, ours, theirs, whole = [], [], [], []
    slot.insert(card_named("adult-fr", TODAY))
    pcscd.wait_for_card()
    for _ in range(times):
        ours.append(_timed(_read_certificates))
        theirs.append(_timed(lambda: [_tool(pcscd, "--read-certificate", number) for number in CERTIFICATES]))
        whole.append(_timed(lambda: pcscd.run(sys.executable, "-m", "kiosk.cli", "card", "read", "--json")))
        ratios.append(theirs[-1] / ours[-1])
    how = (
        "the four certificates pkcs15-tool can read of a 1.7 card, in turn on one card behind one pcscd: connecting, "
        "recognising and reading by our driver in a running process, as the kiosk does it, against the four processes "
        "of OpenSC that are needed, one a certificate; `zuil card read` as one whole process, which reads and verifies "
        "everything, stands beside them"
    )
    parts = (
        ("ours", f"{statistics.median(ours):.1f} ms"),
        ("pkcs15-tool, four processes", f"{statistics.median(theirs):.0f} ms"),
        ("zuil card read, one process", f"{statistics.median(whole):.0f} ms"),
    )
    return Figure("certificates, pkcs15-tool / ours", "×", tuple(ratios), how, Goal(5, Judged.MEDIAN, True), parts)


def _read_certificates() -> None:
    transport = PcscTransport()
    transport.look()
    connection = transport.connect()
    exchange = Exchange(connection, time.sleep)
    assert recognise(exchange) is CardKind.EID
    session = BeidSession(exchange)
    assert all(any(session.read(file)) for file in CERTIFICATES.values())
    connection.close()
    transport.close()


def _tool(pcscd: Pcscd, *arguments: str) -> None:
    done: subprocess.CompletedProcess[str] = pcscd.run("pkcs15-tool", *arguments)
    assert "BEGIN CERTIFICATE" in done.stdout, done.stderr


@contextmanager
def _driver(slot: VpcdCard, name: str) -> Iterator[BeidDriver]:
    slot.insert(card_named(name, TODAY))
    driver = BeidDriver(PcscTransport(), roots_of_the_simulation(), lambda: NOW, time.sleep)
    limit = time.monotonic() + 20
    while driver.slot.card is not CardKind.EID:
        assert time.monotonic() < limit, "pcscd does not see the card"
        driver.status()
        time.sleep(0.05)
    try:
        yield driver
    finally:
        driver.close()
        slot.pull()
        time.sleep(1)  # pcscd looks every 0.4 s, and must see this card go


@contextmanager
def _pcscd() -> Iterator[Pcscd]:
    os.environ["PCSCLITE_CSOCK_NAME"] = str(socket_in(THIS_PROCESS))
    try:
        with Pcscd(THIS_PROCESS) as running:
            yield running
    finally:
        shutil.rmtree(THIS_PROCESS)


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
