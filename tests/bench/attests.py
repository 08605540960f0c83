"""Figures of attests: from the person's yes to bytes at the printer, sizes, how long a check takes, what a start costs.

The whole column is real (journey, store, documents, seal, drivers); devices and back office are the demo's. Not for:
whether an attest is right (`tests/documents`, `tests/peers`).
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from config.column import load_column
from kiosk.app import Kiosk
from kiosk.demo.cards import OUT
from kiosk.demo.world import World
from kiosk.terminal.script_screen import ScriptScreen
from tests.bench.column import Failed
from tests.bench.figures import Figure, Goal
from tests.bench.listener import Listener

PATIENCE_S = 15.0
HEAVY = ("typst", "pyhanko", "cbor2", "zxingcpp", "base45", "kiosk.documents.attest.page")


@dataclass
class _Given:
    """What came of the attests that were given.

    Attributes:
        samples: milliseconds from yes to bytes.
    """

    samples: list[float]
    sheets: list[bytes]
    trust: bytes


def given(folder: Path, times: int) -> list[Figure]:
    """Yes to bytes on A4 and on receipt paper, then sizes and checks of what was given."""
    sheet = asyncio.run(_give(folder / "sheet", times, receipt=False))
    receipt = asyncio.run(_give(folder / "receipt", times, receipt=True))
    return [
        Figure(
            "attest, yes to bytes at the A4 printer",
            "ms",
            tuple(sheet.samples),
            "residence attest: from the touch on yes to the first bytes of the sealed PDF at the printer. "
            "Commit, seal, page, PDF seal and the questions to the printer are in between. The first one counts, too.",
            Goal(150),
        ),
        Figure(
            "attest, yes to bytes at the receipt printer",
            "ms",
            tuple(receipt.samples),
            "the same on 80 mm paper, to the first bytes of the receipt.",
            Goal(60),
        ),
        *_checks(sheet, times),
    ]


async def _give(folder: Path, times: int, *, receipt: bool) -> _Given:
    with World(folder, open_now="districtshuis", attests=True) as world:
        assert world.attests
        target = world.printer.port if receipt else world.attests.printer.port
        with Listener(target, b"\x1b@\x1bR" if receipt else b"%PDF") as cable:
            settings = await asyncio.to_thread(_settings, world, cable.port, receipt)
            kiosk, screen = Kiosk(load_column(settings), world.texts), ScriptScreen(world.texts)
            async with _serving(kiosk, screen):
                samples = [await _one(world, screen, cable) for _ in range(times)]
        from sync.backoffice.trust import trust_list

        return _Given(samples, world.attests.sheets(), json.dumps(trust_list(world.office)).encode())


def _settings(world: World, port: int, receipt: bool) -> Path:
    path = world.column("districtshuis")
    assert world.attests
    text = path.read_text()
    if receipt:
        text = text.replace(world.attests.printer.uri, "none").replace(f":{world.printer.port}", f":{port}")
    else:
        text = text.replace(f":{world.attests.printer.port}", f":{port}")
    path.write_text(text)
    return path


@asynccontextmanager
async def _serving(kiosk: Kiosk, screen: ScriptScreen) -> AsyncIterator[None]:
    serving = asyncio.create_task(kiosk.serve(screen))
    try:
        await _until(lambda: screen.view is not None)
        yield
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def _one(world: World, screen: ScriptScreen, cable: Listener) -> float:
    def option(name: str) -> bool:
        return screen.page.option(name) is not None

    for name in ("nl", "all", "service:residence-attest", "way:0", "bank"):
        await _until(lambda name=name: option(name))  # type: ignore[misc]
        screen.touch(name)
    await _until(lambda: option("without"))
    await asyncio.to_thread(world.cards.put_in, "adult")
    await _until(lambda: option("make"))
    cable.again()
    begun = time.perf_counter_ns()
    screen.touch("make")
    heard = await asyncio.to_thread(cable.heard)
    await asyncio.to_thread(world.cards.put_in, OUT)
    await _until(lambda: option("more"))
    await asyncio.sleep(0.5)
    screen.touch("done")
    return (heard - begun) / 1e6


async def _until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > limit:
            raise Failed("the column never came so far")
        await asyncio.sleep(0.002)


def _checks(given: _Given, times: int) -> list[Figure]:
    from datetime import UTC, datetime

    from kiosk.documents.attest.pdf_check import verify_pdf
    from kiosk.documents.seal.check import verify_text
    from kiosk.documents.seal.trust import load_trust
    from kiosk.documents.seal_contract import Finding

    pdf, trust = given.sheets[0], load_trust(given.trust)
    text = _seal_of(pdf)
    now = datetime.now(UTC)

    def timed(check: Callable[[], object]) -> tuple[float, ...]:
        samples = []
        for _ in range(max(times, 20)):
            begun = time.perf_counter()
            check()
            samples.append((time.perf_counter() - begun) * 1000)
        return tuple(samples)

    allowed = (Finding.VALID, Finding.OUT_OF_TIME)  # the clock of a demo may be put forward
    if verify_text(text, trust, now).finding not in allowed or verify_pdf(pdf, trust, now).finding not in allowed:
        raise Failed("what was given does not prove itself")
    return [
        Figure(
            "attest, check of a code", "ms", timed(lambda: verify_text(text, trust, now)), "from its text.", Goal(20)
        ),
        Figure(
            "attest, check of a PDF",
            "ms",
            timed(lambda: verify_pdf(pdf, trust, now)),
            "seal of the file, of the code in it, coverage and chain.",
            Goal(100),
        ),
        Figure("attest, size of the PDF", "kB", (len(pdf) / 1000,), "residence, one page, sealed."),
        Figure("attest, length of the code", "characters", (float(len(text)),), "residence, as text of the QR code."),
    ]


def _seal_of(pdf: bytes) -> str:
    from io import BytesIO

    from pyhanko.pdf_utils.reader import PdfFileReader

    return str(PdfFileReader(BytesIO(pdf)).trailer["/Info"]["/Keywords"])


def start_cost(_folder: Path) -> list[Figure]:
    """How many modules only attests need a column has loaded once it is composed."""
    program = (
        "import sys, kiosk.app, kiosk.journeys.serve, kiosk.attesting\n"
        f"print(sum(name in sys.modules for name in {HEAVY!r}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    how = (
        f"of {', '.join(HEAVY)}, loaded when a column starts that gives no attest; the start itself is measured above."
    )
    return [Figure("attest, modules loaded at start", "modules", (float(done.stdout),), how, Goal(0))]
