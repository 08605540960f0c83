"""`zuil staff pin` and `zuil staff card`: the lines that let somebody into staff mode, to be pasted into the settings.

What is typed or read is not kept; only a hash or a keyed mark of it is printed. Not for: the door itself
(`kiosk.staffing`).
"""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.column import ConfigOption
from kiosk.commands.failures import Failed

if TYPE_CHECKING:
    from drivers.card_contract import CardDriver

app = typer.Typer(help="Staff at the column: PINs and cards.", no_args_is_help=True)
MOST_DIGITS = 12


class RoleName(Enum):
    """Roles as the settings write them."""

    HOST = "host"
    RECEPTION = "reception"
    TECHNICIAN = "technician"


class LanguageName(Enum):
    """Languages of the pages of staff."""

    NL = "nl"
    FR = "fr"
    EN = "en"
    DE = "de"


NameArgument = Annotated[str, typer.Argument(help="Id of the person, as it stands in every event.")]


@app.callback()
def staff() -> None:
    """Staff at the column."""


@app.command()
def pin(
    name: NameArgument,
    role: Annotated[RoleName, typer.Option(help="What the person is.")] = RoleName.RECEPTION,
    language: Annotated[LanguageName, typer.Option(help="Of the pages shown to them.")] = LanguageName.NL,
    config: ConfigOption = None,
) -> None:
    """Ask for a PIN twice and print the lines for the settings; a PIN somebody else has is refused."""
    from config.settings import load_settings
    from kiosk.staffing import LEAST_DIGITS, pin_hasher, whose_pin

    first = typer.prompt(f"PIN, {LEAST_DIGITS} to {MOST_DIGITS} digits", hide_input=True)
    if not (first.isascii() and first.isdecimal() and LEAST_DIGITS <= len(first) <= MOST_DIGITS):
        raise Failed(f"a PIN has {LEAST_DIGITS} to {MOST_DIGITS} digits and nothing else", 2)
    if len(set(first)) == 1 or first in "0123456789012" or first in "9876543210987":
        raise Failed("that is the first one anybody tries; take another", 2)
    if not secrets.compare_digest(first, typer.prompt("Once more", hide_input=True)):
        raise Failed("the two are not the same; nothing was made", 2)
    others = [person for person in load_settings(config).staff.people if person.pin and person.id != name]
    if whose_pin(bytearray(first.encode()), others) is not None:
        raise Failed("somebody else has that PIN, and the column could not tell you apart; take another", 2)
    for line in ("[[staff.people]]", f'id = "{name}"', f'role = "{role.value}"', f'language = "{language.value}"'):
        typer.echo(line)
    typer.echo(f'pin = "{pin_hasher().hash(first)}"')


@app.command()
def card(
    name: NameArgument,
    config: ConfigOption = None,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for a card.")] = 20.0,
) -> None:
    """Read the eID or badge in this column's reader and print the line for the settings. Stop the column first.

    The line counts at columns with the same `staff-cards.key` in their data folder; a new card needs a new line.
    """
    from config.settings import load_settings
    from drivers.card_contract import CardKind
    from drivers.cards.address import NO_READER
    from kiosk.commands.cards import opened, wait_at
    from kiosk.staffing import CARD_KEY_FILE, badge_mark, card_mark, load_card_key

    settings = load_settings(config)
    readers = [each for each in (settings.staff.reader, settings.card.reader) if each != NO_READER]
    if not readers:
        raise Failed("no card reader is set; write its address into the settings, under card or staff", 2)
    with ExitStack() as stack:
        drivers = []
        for reader in readers:
            drivers.append(opened(reader, settings.card.trust, settings.card.revocations))
            stack.callback(drivers[-1].close)
        driver = wait_at(drivers, wait, (CardKind.EID, CardKind.BADGE))
        badge = driver.slot.card is CardKind.BADGE
        number = _badge_number(driver) if badge else _card_number(driver)
    key = load_card_key(settings.column.data / CARD_KEY_FILE, make=True)
    mark = badge_mark(key, number) if badge else card_mark(key, number)
    owner = next((each.id for each in settings.staff.people if badge and each.badge == mark and each.id != name), None)
    if owner is not None:
        raise Failed(f"that is the badge of {owner}, and the column could not tell you apart; take another", 2)
    typer.echo(f"# in the table [[staff.people]] of {name}{'; it counts only with their pin' if badge else ''}:")
    typer.echo(f'{"badge" if badge else "card"} = "{mark}"')


def _card_number(driver: CardDriver) -> str:
    """The number of an eID that can be trusted."""
    from drivers.card_contract import CardFailed, CardRequest, Field
    from kiosk.commands.cards import quiet

    read = driver.read(CardRequest(frozenset({Field.CARD_NUMBER})), quiet)
    if isinstance(read, CardFailed):
        raise Failed(f"{read.problem.value}: {read.raw}".removesuffix(": "))
    if not read.person.card_number or read.verdict.failed:
        raise Failed("this card cannot be trusted, so it lets nobody in")
    return read.person.card_number


def _badge_number(driver: CardDriver) -> str:
    """The number of a badge that has one for good."""
    from drivers.card_contract import BadgeRead, CardFailed, NoNumber

    read = driver.read_badge()
    match read:
        case BadgeRead(number):
            return number
        case CardFailed(problem, raw):
            raise Failed(f"{problem.value}: {raw}".removesuffix(": "))
        case NoNumber.RANDOM:
            raise Failed("this badge, or telephone, says another number each time, so it names nobody; take another")
        case NoNumber():
            raise Failed("the reader gives no number for this badge, so it names nobody; try another reader, or badge")
