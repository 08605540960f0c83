"""`zuil card read`: the card in the reader, with the verdict on every signature, for technicians.

What it prints is personal and goes to this terminal only. Not for: the column (`kiosk.journeys.identify`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from drivers.card_contract import (
    Address,
    CardDriver,
    CardFailed,
    CardKind,
    CardRead,
    CardRequest,
    Field,
    Finding,
    PartialDate,
    Person,
    Progress,
)
from drivers.contract import CannotOpen, DeviceStatus
from kiosk.commands.failures import Failed

app = typer.Typer(help="The card in the reader.", no_args_is_help=True)

LOOK_S = 0.1

_NOT_TO_BE_READ = {
    None: "there is no card in the reader",
    CardKind.MUTE: "the card does not answer; is it the right way round and clean?",
    CardKind.IN_USE: "another program holds the card; stop the column, or that program, first",
}


@app.callback()
def card() -> None:
    """The card in the reader."""


@app.command()
def read(
    reader: Annotated[
        str, typer.Option(help="pcsc, pcsc:PART OF NAME, or virtual://127.0.0.1:PORT for a simulated card.")
    ] = "pcsc",
    trust: Annotated[Path | None, typer.Option(help="PEM file with the roots to trust.", show_default=False)] = None,
    revocations: Annotated[Path | None, typer.Option(help="CRL file.", show_default=False)] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="For a machine: objects document, person, and checks with name and finding.")
    ] = False,
    photo: Annotated[Path | None, typer.Option(help="Write the photo (JPEG) here.", show_default=False)] = None,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for a card.")] = 5.0,
) -> None:
    """Identity, address and photo, and what can be verified of them. Everything is read; nothing is kept.

    Status 0 when the card was read and no check failed; else 1, with what was read still printed.
    """
    driver = opened(reader, trust, revocations)
    try:
        wait_for_card(driver, wait)
        result = driver.read(CardRequest(frozenset(Field), certificates=True), quiet)
    finally:
        driver.close()
    if isinstance(result, CardFailed):
        raise Failed(f"{result.problem.value}: {result.raw}".removesuffix(": "))
    problems = [*_keep_photo(photo, result.person.photo)] if photo is not None else []
    typer.echo(json.dumps(as_data(result), ensure_ascii=False, indent=2) if as_json else "\n".join(as_lines(result)))
    if result.verdict.failed:
        problems.append("failed: " + ", ".join(check.name.value for check in result.verdict.failed))
    if problems:
        raise Failed("\n".join(problems))


def _keep_photo(file: Path, photo: bytes | None) -> Iterator[str]:
    """Write the photo; says what stood in the way."""
    if not photo:
        yield f"there is no photo on the card, so nothing was written to {file}"
        return
    try:
        file.write_bytes(photo)
    except OSError as problem:
        yield f"the photo was not written: {file}: {problem.strerror}"


def opened(reader: str, trust: Path | None, revocations: Path | None) -> CardDriver:
    """The reader at that address, with what its cards are verified against; `Failed` says what would be right."""
    from drivers.cards.address import BadReaderAddress, parse_reader
    from drivers.cards.opening import CardFilesAtHand, open_cards

    try:
        address = parse_reader(reader)
    except BadReaderAddress as bad:
        raise Failed(str(bad), 2) from bad
    if address is None:
        raise Failed("name a reader: pcsc, or a part of its name after pcsc:", 2)
    driver = open_cards(
        address, CardFilesAtHand(trust, revocations, specimens=True), lambda: datetime.now().astimezone()
    )()
    if isinstance(driver, CannotOpen):
        raise Failed(f"{driver.reason.value}: {driver.detail}")
    return driver


def wait_for_card(driver: CardDriver, seconds: float) -> None:
    """Look until an identity card is there; raises as `wait_at`."""
    wait_at([driver], seconds, (CardKind.EID,))


def wait_at(drivers: Sequence[CardDriver], seconds: float, kinds: Sequence[CardKind]) -> CardDriver:
    """Look until a card of one of these kinds is in one of the readers.

    Raises:
        Failed: when the readers do not work, or nothing or something else was put in.
    """
    limit = time.monotonic() + seconds
    while True:
        states = [driver.status() for driver in drivers]
        for driver in drivers:
            if driver.slot.card in kinds:
                return driver
        if time.monotonic() >= limit:
            raise Failed(_nothing(states, [driver.slot.card for driver in drivers]))
        time.sleep(LOOK_S)


def _nothing(states: Sequence[DeviceStatus], cards: Sequence[CardKind | None]) -> str:
    """Why there is no card that will do: what is wrong with a reader, or with what lies in it."""
    for status in states:
        if not status.usable:
            return f"{status.reason.value if status.reason else 'unavailable'}: {status.raw}"
    kind = next((card for card in cards if card is not None), None)
    return _NOT_TO_BE_READ.get(kind) or f"this is no identity card: {kind.value if kind else kind}"


def quiet(progress: Progress) -> None:
    """Nobody watches."""


def as_data(card: CardRead) -> dict[str, object]:
    """The same for a machine.

    Returns:
        `document`: kind, validFrom and validUntil (ISO 8601 or null), specimen. `person`: every field of `Person` but
        its document; a date of birth may be a year alone, address is an object of street, code and town, the photo is
        told by its size. `checks`: name, finding ("passed", "failed", "not_possible") and detail of each, in the order
        they were made. `apdus`: commands exchanged.
    """
    document = card.person.document
    return {
        "document": {
            "kind": document.kind.value,
            "validFrom": document.valid_from.isoformat() if document.valid_from else None,
            "validUntil": document.valid_until.isoformat() if document.valid_until else None,
            "specimen": document.specimen,
        },
        "person": dict(_person(card.person)),
        "checks": [
            {"name": check.name.value, "finding": check.finding.value, "detail": check.detail}
            for check in card.verdict.checks
        ],
        "apdus": card.apdus,
    }


def _person(person: Person) -> Iterator[tuple[str, object]]:
    for field in fields(person):
        value = getattr(person, field.name)
        match value:
            case None | str():
                yield field.name, value
            case PartialDate(year, month, day):
                yield field.name, "-".join(f"{part:02d}" for part in (year, month, day) if part is not None)
            case Address():
                yield field.name, {"street": value.street, "code": value.postal_code, "town": value.municipality}
            case bytes():
                yield field.name, f"{len(value)} bytes of JPEG"
            case _ if field.name == "sex":
                yield field.name, value.value


def as_lines(card: CardRead) -> Iterator[str]:
    """The same for people."""
    data = as_data(card)
    for part in ("document", "person"):
        table = data[part]
        if isinstance(table, dict):
            yield from (f"{name:16} {_shown(value)}" for name, value in table.items() if value not in (None, ""))
    yield ""
    marks = {Finding.PASSED: "OK    ", Finding.FAILED: "FAILED", Finding.NOT_POSSIBLE: "–     "}
    for check in card.verdict.checks:
        yield f"{marks[check.finding]} {check.name.value.replace('_', ' ')}: {check.detail}".removesuffix(": ")


def _shown(value: object) -> str:
    text = ", ".join(str(part) for part in value.values() if part) if isinstance(value, dict) else str(value)
    # A forged card may hold what would steer the terminal.
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
