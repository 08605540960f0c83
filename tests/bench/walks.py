"""What simulated citizens touch: tickets, looking around, both mixed. Names only; works on the demo site.

Not for: how a touch is made (`hands`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from config.column import ColumnConfig
from kiosk.app import column_clock
from kiosk.core.ways import Facts, TakeTicket, ways
from tests.bench.hands import After, Tap

Step = Tap | Callable[[], bool]
TAKE = Tap("option_way:0")
DONE = Tap("option_done")
MORE = Tap("option_more")
START_OVER = Tap("tool_start_over")
LARGER = Tap("tool_text_size", After.LOOK)


def begin(language: str) -> Tap:
    """Start a visit."""
    return Tap(f"option_{language}")


def ticket_services(config: ColumnConfig) -> list[str]:
    """Popular services (they stand on the home page) for which the first way is a ticket, here and now."""
    now, facts = column_clock(config).now(), Facts(printer_usable=True, online=True)
    popular = [service for service in config.site.services if service.popular]
    first = {service.id: next(iter(ways(config.site, service, config.here.id, now, facts))) for service in popular}
    return [name for name, way in first.items() if isinstance(way, TakeTicket)]


class Citizens:
    """Visits, the same for the same seed.

    Args:
        services: ids of services whose first way is a ticket.
        printed: whether the last ticket taken has begun to leave for the printer.
    """

    def __init__(self, services: list[str], printed: Callable[[], bool], seed: int = 1) -> None:
        if not services:
            raise ValueError("no popular service gives a ticket here and now: are the counters closed?")
        self._services, self._printed, self._random = services, printed, Random(seed)

    def tickets(self, count: int) -> Iterator[Step]:
        """One visit in which `count` tickets are taken, one question after the other."""
        yield begin("nl")
        for number in range(count):
            yield from self._ticket()
            yield DONE if number == count - 1 else MORE

    def ticket_visit(self) -> Iterator[Step]:
        """A visit for one ticket."""
        yield begin(self._random.choice(("nl", "fr", "en", "de")))
        yield from self._ticket()
        yield DONE

    def looking_around(self) -> Iterator[Step]:
        """A visit without a ticket."""
        yield begin(self._random.choice(("nl", "fr", "en", "de")))
        yield self._random.choice((Tap("option_all"), self._any("option_theme:"), self._any("option_service:")))
        yield START_OVER

    def mixed(self, visits: int, after_each: Callable[[int], None]) -> Iterator[Step]:
        """Tickets and looking around in turn; `after_each` hears the number of visits done."""
        for number in range(visits):
            yield from self.ticket_visit() if number % 2 else self.looking_around()
            after_each(number + 1)

    def every_page(self, rounds: int) -> Iterator[Step]:
        """Ways through every kind of page, every second round in large letters."""
        for number in range(rounds):
            yield begin("nl")
            if number % 2:
                yield LARGER
            yield self._any("option_theme:")
            yield self._any("option_service:")
            yield Tap("back")
            yield Tap("back")
            yield Tap("option_search")
            yield Tap("option_all")
            yield Tap("back")
            yield Tap("back")
            yield from self._ticket()
            yield DONE

    def _ticket(self) -> Iterator[Step]:
        yield Tap(f"option_service:{self._random.choice(self._services)}")
        yield TAKE
        yield self._printed

    def _any(self, name: str) -> Tap:
        return Tap(name, pick=self._random.randrange(1000))
