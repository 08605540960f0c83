"""Everything around one column, simulated at wire level: receipt printer, cards, network, back office.

The column meets it over TCP only. What it remembers (back office, enrolment, papers) lies in one folder, so that a
second start goes on where the first stopped. Not for: steering it by hand (`dock`) or by file (`play`).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from sqlalchemy import func, select

from config.column import load_column
from config.site import load_site
from config.texts import Catalog, load_texts
from drivers.simulated.card.badges import BADGES as SIMULATED
from drivers.simulated.faults import FAULTS
from drivers.simulated.network import MODES, FaultProxy
from drivers.simulated.printer import SimulatedPrinter
from kiosk.app import Kiosk
from kiosk.clock import CLOCK_FILE, SystemClock
from kiosk.core.catalogue import Site
from kiosk.core.hours import Closed, state
from kiosk.core.tickets import PRACTICE_MARK
from kiosk.demo.attest_world import REGISTER, SHEET_PRINTER, TERMINAL, AttestWorld
from kiosk.demo.cards import CONDITION, SLOT, DemoCards
from kiosk.demo.clock_lever import CLOCK, RIGHT, ClockFile, turned_to
from kiosk.journeys.ports import Clock
from kiosk.paths import DEMO_SITE, TRANSLATIONS
from kiosk.staffing import CARD_KEY_FILE, badge_mark, load_card_key
from sync.backoffice import schema
from sync.backoffice.app import create_app
from sync.backoffice.core import BackOffice
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.site import site_info
from sync.client.column import RECEIPT_FILE
from sync.client.enrolment import enrol

OK = "ok"
PRINTER: dict[str, str] = {OK: "Prints.", **FAULTS}
"""Every state the simulated printer can be put in, by name, and what it does then."""

SCREENS: dict[str, dict[str, float]] = {
    "column": {"width_px": 1080, "height_px": 1920, "diagonal_inch": 27.0},
    "counter": {"width_px": 1920, "height_px": 1080, "diagonal_inch": 23.8},
}
"""The two screens a demo may have, by name."""

STAFF = (("an", "reception", "nl", "246810"), ("ben", "technician", "en", "135791"))
"""Id, role, language and PIN of the staff of the demo's column."""
BADGES = {"an": "badge", "ben": "badge-desfire"}
"""Who of them has which badge of `SLOT`."""

NETWORK: dict[str, str] = dict(MODES)
"""Every mode of the simulated network, by name, and what it does to the column's requests."""


class UnknownContactPoint(LookupError):
    """The demo's site has no such contact point; the text names those there are."""


class World:
    """A simulated world; enter it to start it.

    Args:
        folder: where it remembers; made when it is not there.
        site_folder: the municipality's files.
        clock: of back office and world; the machine's when not given.
        open_now: when the counters at that contact point are closed now, the clocks of column and back office are
            put forward to shortly after they open.
        attests: whether there are a printer of sheets, a payment terminal, a register and an unsealer, so that attests
            can be had.
        backoffice_port: the one wanted for the pages, or 0; any free one when somebody else listens there.
    """

    def __init__(
        self,
        folder: Path,
        *,
        site_folder: Path = DEMO_SITE,
        clock: Clock | None = None,
        backoffice_port: int = 0,
        open_now: str | None = None,
        attests: bool = False,
    ) -> None:
        self.folder = folder
        self.site_folder = site_folder
        self.site: Site = load_site(site_folder)
        self.texts: Catalog = load_texts(TRANSLATIONS)
        self.clock_shift = shift_into_hours(self.site, open_now) if open_now else 0
        self._clock = clock or SystemClock(self.site.timezone, self.clock_shift)
        folder.mkdir(parents=True, exist_ok=True)
        self.printer = SimulatedPrinter(out=folder / "papers")
        self.cards = DemoCards(lambda: self._clock.now().date(), folder / "test-roots.pem")
        database = f"sqlite:///{(folder / 'backoffice.db').resolve()}"
        self._app = create_app(database, site_info(self.site), clock=self._now_ms)
        self.attests = AttestWorld(folder.resolve(), database, site_folder, self._clock.now) if attests else None
        self.server = BackOfficeServer(self._app, port=backoffice_port, or_any=True)
        self.proxy: FaultProxy | None = None
        self.printer_state = OK
        self.network_state = "open"
        self.clock_state, self.turned = RIGHT, timedelta()
        # The name of a Unix socket may have about a hundred characters, which a folder of a test already has.
        self._short = tempfile.TemporaryDirectory(prefix="zuil-dock-")
        self.dock_folder = Path(self._short.name)

    def __enter__(self) -> World:
        self.printer.start()
        self.cards.start()
        self.server.start()
        self.proxy = FaultProxy((self.server.host, self.server.port))
        self.proxy.start()
        if self.attests:
            self.attests.start(self.office, f"{self.server.url}/verify")
            self._app.state.unsealer = self.attests.socket
        return self

    def __exit__(self, *_: object) -> None:
        self.cards.stop()
        if self.attests:
            self.attests.stop()
        if self.proxy:
            self.proxy.stop()
        self.server.stop()
        self.printer.stop()
        self._short.cleanup()

    def serve_also(self, routes: APIRouter) -> None:
        """Serve more pages beside those of the back office (the dock)."""
        self._app.include_router(routes)

    def now(self) -> datetime:
        """What the clocks of this world say."""
        return self._clock.now()

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)

    @property
    def office(self) -> BackOffice:
        """The embedded back office."""
        office: BackOffice = self._app.state.office
        return office

    @property
    def sync_url(self) -> str:
        """Where the column believes its back office to be: behind the simulated network."""
        if self.proxy is None:
            raise RuntimeError("the world is not started")
        return f"http://127.0.0.1:{self.proxy.port}"

    def column(self, contact_point: str, screen: str = "column") -> Path:
        """Settings file of a column at that contact point, enrolled here, with a screen of `SCREENS`."""
        data = self.folder / contact_point
        fresh = self._enrol(data, contact_point)
        tables: dict[str, dict[str, str | bool | float]] = {
            "column": {
                "name": "zuil-demo",
                "site": str(self.site_folder),
                "contact_point": contact_point,
                "data": str(data),
            },
            "screen": {"fullscreen": False, **SCREENS[screen]},
            "printer": {"uri": f"tcp://127.0.0.1:{self.printer.port}", "profile": "epson-tm-t20iii"},
            "card": {"reader": self.cards.reader, "trust": str(self.cards.trust.resolve())},
            "sync": {"url": self.sync_url, "follow_url": f"{self.server.url}/follow"},
            **self._attest_tables(),
            "log": {"folder": str(self.folder / "log")},
            "practice": {"clock_shift_seconds": self.clock_shift, "dock": str(self.dock_folder)},
            "staff": {"technician_phone": "03 000 00 99"},
        }
        file = data / "zuil.toml"
        lines = [line for name, table in tables.items() for line in _toml_table(name, table)]
        file.write_text("\n".join([*lines, *_demo_staff(data)]))
        if fresh:
            Kiosk(load_column(file), self.texts, self._clock).fetch_numbers()
        return file

    def _attest_tables(self) -> dict[str, dict[str, str | bool | float]]:
        if self.attests is None:
            return {}
        return {
            "sheet_printer": {"uri": self.attests.printer.uri},
            "attests": {"public_url": self.server.url},
            "terminal": {"uri": self.attests.terminal.uri, "cards": "Bancontact, Visa, Mastercard"},
        }

    def set_printer(self, state: str) -> None:
        """Put the printer into a state of `PRINTER`."""
        if state == OK:
            self.printer.clear_faults()
        else:
            self.printer.become(state)
        self.printer_state = state

    def set_network(self, mode: str) -> None:
        """Put the network into a mode of `NETWORK`."""
        if self.proxy:
            self.proxy.set_mode(mode)
        self.network_state = mode

    def move(self, lever: str, state: str) -> None:
        """Put a lever of the dock that is the world's into a state.

        Raises:
            LookupError: when there is no such lever or state here.
        """
        attests = self.attests
        levers: dict[str, tuple[Mapping[str, str], Callable[[str], None]]] = {
            "card": (SLOT, self.cards.put_in),
            "card-condition": (CONDITION, self.cards.set_condition),
            "printer": (PRINTER, self.set_printer),
            "network": (NETWORK, self.set_network),
            "clock": (CLOCK, self.set_clock),
        }
        if attests is not None:
            levers |= {
                "sheet-printer": (SHEET_PRINTER, attests.set_printer),
                "terminal": (TERMINAL, attests.set_terminal),
                "register": (REGISTER, attests.set_register),
            }
        if lever not in levers or state not in levers[lever][0]:
            raise LookupError(f"the world has no lever '{lever}' with a state '{state}'")
        levers[lever][1](state)

    def set_clock(self, state: str) -> None:
        """Turn the column's clock to a state of `kiosk.demo.clock_lever.CLOCK`; the world's own stays right."""
        self.turned = turned_to(state, self.now())
        ClockFile(self.dock_folder / CLOCK_FILE).turn(self.turned)
        self.clock_state = state

    def papers(self) -> list[str]:
        """Text of every paper that came out, oldest first."""
        return [paper.text for paper in self.printer.papers]

    def pictures(self) -> list[bytes]:
        """Picture (PNG) of every paper that came out, oldest first."""
        return [paper.png for paper in self.printer.papers]

    def backoffice_ticket(self, label: str) -> tuple[str, str] | None:
        """State and print state of the newest ticket with that label, or None when it is not known.

        Args:
            label: with the mark of practice, or without.
        """
        ticket = schema.ticket
        labels = (label, f"{PRACTICE_MARK}{label}")
        query = select(ticket.c.state, ticket.c.print_state).where(ticket.c.label.in_(labels))
        with self.office.database.read() as connection:
            row = connection.execute(query.order_by(ticket.c.issued_ms.desc()).limit(1)).first()
        return (str(row.state), str(row.print_state)) if row else None

    def backoffice_attest(self, product: str) -> tuple[str, str] | None:
        """State and print state of the newest attest of that product, or None when none is known."""
        attest = schema.attest
        query = select(attest.c.state, attest.c.print_state).where(attest.c.product_id == product)
        with self.office.database.read() as connection:
            row = connection.execute(query.order_by(attest.c.sequence.desc()).limit(1)).first()
        return (str(row.state), str(row.print_state)) if row else None

    def host_calls(self) -> int:
        """How many calls for a host the back office shows as open."""
        call = schema.host_call
        with self.office.database.read() as connection:
            query = select(func.count()).select_from(call).where(call.c.acknowledged_ms.is_(None))
            return int(connection.execute(query).scalar_one())

    def _enrol(self, data: Path, contact_point: str) -> bool:
        """Enrol the column, unless it already is; what it remembers of another back office is removed.

        Returns:
            Whether it was enrolled just now.
        """
        identity = data / "identity"
        if (identity / RECEIPT_FILE).exists() and self._is_ours(identity):
            return False
        if data.exists():
            shutil.rmtree(data)
        enrol(self.server.url, new_enrolment_code(self.office, contact_point), identity, practice=self.site.practice)
        return True

    def _is_ours(self, identity: Path) -> bool:
        receipt = json.loads((identity / RECEIPT_FILE).read_text())
        ours = receipt.get("publicKey") == str(self.office.key.public)
        return bool(ours and receipt.get("practice") is self.site.practice)


def _toml_table(name: str, table: dict[str, str | bool | float]) -> list[str]:
    """JSON texts, booleans and numbers are TOML's too."""
    return [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items()), ""]


def _demo_staff(data: Path) -> list[str]:
    """One person of each role who matters here, each with a PIN and a badge."""
    key = load_card_key(data / CARD_KEY_FILE, make=True)
    return [
        f'[[staff.people]]\nid = "{name}"\nrole = "{role}"\nlanguage = "{language}"\npin = "{_hashed(pin)}"\n'
        f'badge = "{badge_mark(key, SIMULATED[BADGES[name]].number.hex().upper())}"\n'
        for name, role, language, pin in STAFF
    ]


@cache
def _hashed(pin: str) -> str:
    """A PIN for practice, hashed as quickly as can be."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(pin)


def shift_into_hours(site: Site, contact_point: str) -> int:
    """Seconds by which a clock must be put forward so that the counters are open; 0 when they are.

    They open at the next opening plus an hour and a half: a morning with people in it.

    Raises:
        UnknownContactPoint: naming those there are.
    """
    known = [point.id for point in site.contact_points]
    if contact_point not in known:
        raise UnknownContactPoint(f"there is no contact point '{contact_point}'; there are {', '.join(known)}")
    now = datetime.now(ZoneInfo(site.timezone))
    match state(site.contact_point(contact_point).hours, now):
        case Closed(opens=opens) if opens is not None:
            return round((opens - now).total_seconds()) + 5400
        case _:
            return 0
