"""One cell: a citizen on the way, a fault at a step, the end of their visit, and whoever comes next. Not a test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from tests.faults.citizen import Citizen, NeverEnds, Seen
from tests.faults.faults import ALWAYS, FAULTS, Fault, needs
from tests.faults.judge import Claims, claims_of, disorder, lies, undecided
from tests.faults.records import drained, mark, records
from tests.faults.stand import Stand
from tests.faults.steps import JOURNEYS, NEXT, Journey

NEXT_TRIES = 3
PRICE = {"fee": 200}
"""Cents, of journeys in which something is paid."""


class Ending(Enum):
    """How a cell ended; every one of them is true."""

    DONE = "done"
    """They got what they came for."""
    TOLD = "told"
    """They were told that it did not go, and why or what else."""
    UNKNOWN = "unknown"
    """They were told that nobody knows, and what to do."""
    SORRY = "sorry"
    """The safe screen: something failed here, and who helps."""
    DARK = "dark"
    """The column went off; what was promised before is on its disk."""


@dataclass(frozen=True)
class Cell:
    """A fault at a step of a journey."""

    fault: Fault
    step: str
    journey: Journey

    def __str__(self) -> str:
        return f"{self.fault} at '{self.step}' of {self.journey.name}"


@dataclass(frozen=True)
class Found:
    """What came of a cell.

    Attributes:
        wrong: every lie and every disorder; empty when all is well.
        thrown: whether the step was reached.
        spoilt: whether staff must settle something before this column can go on as before.
    """

    cell: Cell
    ending: Ending
    wrong: tuple[str, ...] = ()
    thrown: bool = True
    spoilt: bool = False


@dataclass(frozen=True)
class Walk:
    """A journey without a fault.

    Attributes:
        steps: in order.
        uses: step to the levers whose devices are used from there on.
        claims: what the screen said.
    """

    journey: Journey
    steps: tuple[str, ...]
    uses: dict[str, frozenset[str]]
    claims: Claims


async def code_for(stand: Stand, journey: Journey) -> str:
    """The code of a request that waits to be collected, when the journey needs one."""
    if not journey.collects:
        return ""
    asking = next(other for other in JOURNEYS if other.name == "asked")
    stand._set(*asking.weather)  # type: ignore[misc]
    options = tuple(option for option in asking.wish.options if option not in ("email", "go_on"))
    plain = Journey(replace(asking.wish, options=options))
    said = claims_of((await Citizen(stand, plain).visit()).views)
    await stand.mend()
    await drained(stand)
    return said.code


async def walked(stand: Stand, journey: Journey) -> Walk:
    """Make a journey with nothing wrong, and see which devices it uses after each step."""
    code = await code_for(stand, journey)
    if journey.weather:
        stand._set(*journey.weather)
    at: dict[str, dict[str, int]] = {}
    citizen = Citizen(stand, journey, code)
    citizen.on_step = lambda name: at.setdefault(name, _counted(stand))
    seen = await citizen.visit()
    await stand.mend()
    last = _counted(stand)
    with_card = [name for name, counted in at.items() if counted["card"]] if journey.wish.card else []
    uses = {}
    for number, (name, counted) in enumerate(at.items()):
        used = {lever for lever in ("printer", "sheet-printer", "terminal", "register") if counted[lever] < last[lever]}
        later = list(at)[number:]
        used |= {"card"} if any(each in with_card for each in later) else set()
        used |= {"sheet-printer"} if ".printing.sheet" in name else set()
        uses[name] = ALWAYS | used
    return Walk(journey, tuple(at), uses, claims_of(seen.views))


def _counted(stand: Stand) -> dict[str, int]:
    return {
        "printer": stand.paper,
        "sheet-printer": len(stand.attests.printer.sheets),
        "terminal": len(stand.attests.terminal.ledger.bookings),
        "register": len(stand.attests.register.asked),
        "card": int(stand.kiosk.column.devices.cards.slot.card is not None),
    }


def cells_of(walks: list[Walk]) -> list[Cell]:
    """Every fault at every step, in the first journey that still needs what breaks; a step without one has no cell."""
    steps_in_order = list(dict.fromkeys(step for walk in walks for step in walk.steps))
    cells = []
    for fault in FAULTS:
        for step in steps_in_order:
            if fault.lever == "script" and step != steps_in_order[0]:
                continue  # its levers move at moments of their own, whenever it began
            fit = [walk for walk in walks if needs(fault) & walk.uses.get(step, frozenset())]
            cells += [Cell(fault, step, walk.journey) for walk in fit[:1]]
    return cells


async def played(stand: Stand, cell: Cell, walk: Walk) -> Found:
    """Play one cell; the column is well again afterwards, unless `Found.spoilt`."""
    journey = cell.journey
    code = await code_for(stand, journey)
    since = mark(stand)
    if journey.weather:
        stand._set(*journey.weather)
    wrong: list[str] = []
    citizen = Citizen(stand, journey, code, cell.step, cell.fault)
    try:
        seen = await citizen.visit()
        wrong += await _next_is_served(stand, cell.fault)
        await stand.mend()
        wrong += await _next_gets_a_ticket(stand)
        pending = await drained(stand)
        said = claims_of(seen.views)
        found = records(stand, since, said, pending)
        wrong += [*lies(seen, cell.fault, found, PRICE.get(journey.name, 0)), *disorder(found)]
    except (NeverEnds, AssertionError, RuntimeError) as stuck:
        return Found(cell, Ending.SORRY, (*wrong, f"stuck: {stuck}"), spoilt=True)
    ending = _ending(seen, said, walk)
    if ending is Ending.SORRY and cell.fault.lever != "store":
        wrong.append("a defect ended the visit")
    return Found(cell, ending, tuple(wrong), bool(seen.thrown_at), undecided(found))


async def _next_is_served(stand: Stand, fault: Fault) -> list[str]:
    """While it is still broken: a number, or a true word why there is none."""
    seen = await Citizen(stand, NEXT).visit()
    if seen.cut or any(step.startswith("ticket ") for step in seen.steps):
        return []
    if "sorry" in " ".join(seen.steps) and fault.lever != "store":
        return ["a defect ended the next visit"]
    return (
        []
        if {"sheet", "all", "sorry sorry.subtitle"} & set(seen.steps)
        else [f"the next visitor only saw {seen.steps}"]
    )


async def _next_gets_a_ticket(stand: Stand) -> list[str]:
    """Once it is mended: a number on paper, if not for the first person then for one of the next two.

    On a busy machine the limits of the matrix are so short that a printer that is well is not always believed.
    """
    before = stand.paper
    for _ in range(NEXT_TRIES):
        said = claims_of((await Citizen(stand, NEXT).visit()).views)
        if list(said.tickets.values()) == ["confirmed"]:
            break
    else:
        return [f"after it was mended the next visitors saw {said.tickets}"]
    [label] = said.tickets
    return (
        []
        if any(label in paper.text for paper in stand.papers(before))
        else [f"{label} was confirmed and is on no paper"]
    )


def _ending(seen: Seen, said: Claims, walk: Walk) -> Ending:
    """The one word for the table."""
    if seen.cut:
        return Ending.DARK
    if any(step.startswith("sorry") for step in seen.steps):
        return Ending.SORRY
    if said.paid == "unknown" or "unknown" in (*said.tickets.values(), *said.attests.values()):
        return Ending.UNKNOWN
    wanted = walk.claims
    same = sorted(said.tickets.values()) == sorted(wanted.tickets.values())
    same &= sorted(said.attests.values()) == sorted(wanted.attests.values())
    same &= (bool(said.code), bool(said.address), said.host) == (bool(wanted.code), bool(wanted.address), wanted.host)
    return Ending.DONE if same and set(walk.steps[-1:]) <= set(seen.steps) else Ending.TOLD
