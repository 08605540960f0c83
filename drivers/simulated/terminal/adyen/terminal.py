"""A payment terminal that speaks Adyen's Terminal API over TLS on the loopback address.

Any program may talk to it: paths `/nexo` and `/nexo/`, bodies with a length or in chunks. What it does with the next
payment is told by name. Not for: what is in the messages (`machine`).
"""

from __future__ import annotations

import socket
from io import BufferedReader
from pathlib import Path

from drivers.payments.adyen.address import AdyenAddress
from drivers.payments.adyen.crypto import Key
from drivers.payments.adyen.envelope import Opened, open_sealed
from drivers.simulated.ipp import http_in
from drivers.simulated.line_server import LineServer
from drivers.simulated.terminal.adyen import sealing
from drivers.simulated.terminal.adyen.certificate import make_identity
from drivers.simulated.terminal.adyen.display import show_on
from drivers.simulated.terminal.adyen.machine import Machine
from drivers.simulated.terminal.adyen.oddities import CutPoint, Oddity
from drivers.simulated.terminal.ledger import Ledger
from drivers.simulated.terminal.scripts import Script

POI_ID = "S1U2-000158213300585"
SALE_ID = "KIOSK-TEST"
KEY = Key("kiosk-key", 1, "kiosk-test-passphrase")
PATHS = ("/nexo", "/nexo/")
_MONEY = ("Payment", "Reversal")
_NOISE = bytes(range(1, 200))


class SimulatedAdyenTerminal:
    """A terminal on 127.0.0.1.

    Attributes:
        ledger: what it booked.
        machine: its memory.
        ca_pem: the authority that its certificate comes from, in PEM.
        cut_at: a `CutPoint`, for the script `cut`.
        drip_seconds: between two bytes of the script `drip`.
        display_url: where it tells what stands on its screen; None tells nobody.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        poi_id: str = POI_ID,
        key: Key = KEY,
        script: Script = Script.APPROVE,
        ledger: Ledger | None = None,
        common_name: str | None = None,
    ) -> None:
        """Open the port; `start` begins to answer.

        Args:
            port: 0 takes a free one, see `port`.
            common_name: of its certificate; None says which terminal it is, as it should.

        Raises:
            OSError: when the port is taken.
        """
        identity = make_identity(common_name or f"{poi_id}.test.terminal.adyen.com")
        self.ledger = ledger or Ledger()
        self.ca_pem = identity.authority
        self.poi_id = poi_id
        self.key = key
        self.cut_at: int = CutPoint.AFTER_BOOKING
        self.drip_seconds = 0.2
        self.display_url: str | None = None
        self.machine = Machine(self.ledger, self._show, script=script)
        self._context = identity.context()
        self._server = LineServer(port, "simulated Adyen terminal", self._serve)
        self._stopping = self._server.stopping

    @property
    def port(self) -> int:
        """TCP port on 127.0.0.1."""
        return self._server.port

    @property
    def script(self) -> Script:
        """What it does with the next payment."""
        return self.machine.script

    @script.setter
    def script(self, script: Script) -> None:
        self.machine.script = script

    @property
    def oddity(self) -> Oddity | None:
        """What it does wrong besides."""
        return self.machine.oddity

    @oddity.setter
    def oddity(self, oddity: Oddity | None) -> None:
        self.machine.oddity = oddity

    def address(self, folder: Path, sale_id: str = SALE_ID) -> AdyenAddress:
        """Writes the files that a driver needs into a folder, and says where everything is."""
        folder.mkdir(parents=True, exist_ok=True)
        keys, authority = folder / "adyen-keys.toml", folder / "adyen-ca.pem"
        authority.write_text(self.ca_pem, encoding="ascii")
        key = self.key
        keys.write_text(
            f'[[key]]\nidentifier = "{key.identifier}"\nversion = {key.version}\npassphrase = "{key.passphrase}"\n',
            encoding="utf-8",
        )
        counter = folder / "adyen.counter"
        return AdyenAddress("127.0.0.1", self.port, self.poi_id, sale_id, keys, authority, counter, "test")

    def start(self) -> SimulatedAdyenTerminal:
        """Begin to answer."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Break every connection, free the port, end the threads."""
        self._server.stop(self.machine.stop)

    def __enter__(self) -> SimulatedAdyenTerminal:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def _show(self, event: str) -> None:
        if self.display_url is not None:
            show_on(self.display_url, event, self.key, SALE_ID, self.poi_id)

    def _serve(self, bare: socket.socket) -> None:
        self._cut(CutPoint.BEFORE_HANDSHAKE)
        with self._wrapped(bare) as line, line.makefile("rb") as source:
            self._cut(CutPoint.AFTER_HANDSHAKE)
            while self._one(source, line):
                pass

    def _wrapped(self, bare: socket.socket) -> socket.socket:
        """The line inside TLS; its raw descriptor stays known, so that `stop` can break it."""
        line = self._context.wrap_socket(bare.dup(), server_side=True, do_handshake_on_connect=False)
        try:
            line.do_handshake()
        except OSError:
            line.close()
            raise
        return line

    def _one(self, source: BufferedReader, line: socket.socket) -> bool:
        """One question and its answer; False when the connection is to end."""
        head = http_in.read_head(source, line.sendall)
        if head is None:
            return False
        if self._cuts(CutPoint.MID_REQUEST) and http_in.read_half(source, head):
            raise _Broken
        body = http_in.read_body(source, head)
        if body is None:
            return False
        if head.method != "POST" or head.path not in PATHS:
            line.sendall(http_in.answer(404, b"only /nexo here", "text/plain"))
            return not head.last
        return self._answered(body, line) and not head.last

    def _answered(self, body: bytes, line: socket.socket) -> bool:
        if self.script is Script.SILENT:
            self._stopping.wait()
            return False
        if self.script is Script.GARBAGE:
            line.sendall(http_in.answer(200, _NOISE, "application/json"))
            return True
        opened = open_sealed(body, [self.key])
        if not isinstance(opened, Opened) or self.oddity is Oddity.REJECT:
            line.sendall(http_in.answer(200, sealing.rejection(body), "application/json"))
            return True
        header = sealing.header_of(opened)
        if header is None or header["POIID"] != self.poi_id:
            line.sendall(http_in.answer(400, b"not for this terminal", "text/plain"))
            return True
        return self._played(header, opened, line)

    def _played(self, header: dict[str, str], opened: Opened, line: socket.socket) -> bool:
        category = header["MessageCategory"]
        money, script, odd = category in _MONEY, self.script, self.oddity
        if money:
            self._cut(CutPoint.AFTER_REQUEST)
        said = self.machine.answer(header, sealing.body_of(opened, category))
        lost = script in (Script.ANSWER_LOST, Script.RESTARTS) or odd is Oddity.IN_PROGRESS
        if money and (lost or self._cuts(CutPoint.AFTER_BOOKING)):
            raise _Broken
        whole = sealing.http_answer(header, said, self.key, odd)
        if money and self._cuts(CutPoint.MID_HEAD):
            line.sendall(whole[:9])
            raise _Broken
        if money and self._cuts(CutPoint.MID_BODY):
            line.sendall(whole[: len(whole) - 20])
            raise _Broken
        if odd is Oddity.ENDLESS:
            return self._without_end(line)
        if money and script is Script.DRIP:
            return self._drip(whole, line)
        line.sendall(whole)
        return True

    def _drip(self, whole: bytes, line: socket.socket) -> bool:
        for byte in whole:
            line.sendall(bytes((byte,)))
            if self._stopping.wait(self.drip_seconds):
                return False
        return True

    def _without_end(self, line: socket.socket) -> bool:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while not self._stopping.is_set():
            line.sendall(b" " * 65536)
        return False

    def _cut(self, point: CutPoint) -> None:
        if self._cuts(point):
            raise _Broken

    def _cuts(self, point: CutPoint) -> bool:
        return self.script is Script.CUT and self.cut_at == point


class _Broken(ConnectionError):
    """The line breaks here, because it was told to."""
