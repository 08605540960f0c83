"""Asks one question and turns the answer into a newer draft; a host that is typed becomes an address that answers.

Not for: which questions there are (`plan`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from config.settings_writing import Key, Value
from kiosk.core.texts import message
from kiosk.journeys.visit import Back
from kiosk.setup import pages
from kiosk.setup.bench import Bench
from kiosk.setup.draft import Draft
from kiosk.setup.finders.network import PORTS, RECEIPT_PORT, SHEET_PORT, TERMINAL_PORT
from kiosk.setup.plan import BACKOFFICE, DIAGONAL, NONE, PRINTER, SHEETS, TERMINAL, Question
from kiosk.setup.talk import Talk
from sync.protocol.invitation import BadInvitation, Invitation, parse_invitation

_WRITTEN = {
    PRINTER: (RECEIPT_PORT, "tcp://{host}:9100"),
    SHEETS: (SHEET_PORT, "ipp://{host}/ipp/print"),
    TERMINAL: (TERMINAL_PORT, "zvt+tcp://{host}:20007"),
}
"""Which port has to answer at a host that was typed, and the address that is then meant."""


class CannotUse(ValueError):
    """An answer that cannot be used; the text says why and what would be right."""


@dataclass(frozen=True)
class Answered:
    """A draft with an answer in it.

    Attributes:
        invitation: the one that was scanned in place of an address.
    """

    draft: Draft
    invitation: Invitation | None = None


async def ask(talk: Talk, bench: Bench, draft: Draft, asked: Question) -> Answered | Back:
    """Ask until there is an answer that can be used."""
    while True:
        if asked.choices:
            chosen = await talk.choose(pages.question(asked, asked.choices))
            if isinstance(chosen, Back):
                return Back.BACK
            if chosen != pages.TYPE:
                changes = next(each.changes for each in asked.choices if each.id == chosen)
                return Answered(draft.with_answers(changes))
        typed = await _typed(talk, bench, draft, asked)
        if isinstance(typed, Answered):
            return typed
        if not asked.choices:
            return Back.BACK


async def _typed(talk: Talk, bench: Bench, draft: Draft, asked: Question) -> Answered | Back:
    before = draft.known.get(asked.keys[0], "")
    text = "" if before == NONE else str(before)
    problem: str | None = None
    while True:
        given, text = await talk.fill(partial(pages.field, asked.id, problem=problem), text)
        if isinstance(given, Back):
            return Back.BACK
        try:
            understood = partial(meant, bench, draft, asked.keys[0], text)
            answered = await talk.meanwhile(message("setup.checking"), understood)
        except CannotUse as cannot:
            problem = str(cannot)
            await talk.choose(pages.wrong(problem))
            continue
        return answered


def meant(bench: Bench, draft: Draft, key: Key, text: str) -> Answered:
    """What a typed answer means; blocks while a host is asked.

    Raises:
        CannotUse: saying why and what would be right.
    """
    invitation = None
    value: Value = text
    if key == BACKOFFICE and text.startswith("{"):
        try:
            invitation = parse_invitation(text)
        except BadInvitation as bad:
            raise CannotUse(str(bad)) from None
        value = invitation.url
    elif key == DIAGONAL:
        value = _number(text)
    elif key in _WRITTEN and text != NONE and "://" not in text:
        value = _at_host(bench, key, text)
    wrong = draft.problem(key, value)
    if wrong:
        raise CannotUse(wrong)
    return Answered(draft.with_answers({key: value}), invitation)


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise CannotUse(f"'{text}' is no number; write inches, like 21.5") from None


def _at_host(bench: Bench, key: Key, host: str) -> str:
    port, form = _WRITTEN[key]
    if any(letter.isspace() or letter in "/?#@" for letter in host):
        raise CannotUse(f"'{host}' is no host; write a name or address, or the whole address with ://")
    if port not in bench.open_ports(host):
        raise CannotUse(f"nothing answers at {host} port {port} ({PORTS[port]}); is it on, and the address right?")
    return form.format(host=host)
