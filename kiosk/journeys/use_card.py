"""A service that is done here with the identity card: look at one's card, try one's PIN; then what may be of use next.

Hints come from the municipality's table of rules, and nothing about them is kept. Not for: identifying (`identify`).
"""

from __future__ import annotations

from drivers.card_contract import CardRead, Person
from kiosk.core.catalogue import Service
from kiosk.core.hints import CardFacts, HintRule, hints
from kiosk.core.pages import Option, SheetPage, Weight
from kiosk.core.purposes import Level, Purpose
from kiosk.core.texts import message
from kiosk.journeys import card_pages
from kiosk.journeys.identify import Ended, Identified, with_card
from kiosk.journeys.visit import Back, Home, Visit

HINT = "hint:"
MOST_HINTS = 3
"""More offers than that are no help; the first of the table count."""


async def use_card(visit: Visit, purpose: Purpose) -> Service | None:
    """Do it.

    Returns:
        The service of a hint the person wants to follow, or None when they came back to where they were.

    Raises:
        Home: when it was done and nothing follows.
    """

    async def use(person: Identified) -> str | Back:
        return await visit.choose(result_page(visit, person))

    chosen = await with_card(visit, purpose, use)
    if isinstance(chosen, Ended):
        return None
    if isinstance(chosen, str) and chosen.startswith(HINT):
        site = visit.column.site
        rule = next(rule for rule in site.hints if rule.id == chosen.removeprefix(HINT))
        return site.service(rule.service)
    raise Home


def result_page(visit: Visit, person: Identified) -> SheetPage:
    """What came of it, and every hint that applies to this person today."""
    column, level = visit.column, person.purpose.level
    today = column.clock.now().date()
    found = hints(column.site.hints, card_facts(person.card, column.site.postal_codes), today)[:MOST_HINTS]
    key = "card.done" if level is Level.CARD else "pin.done"
    return SheetPage(
        title=message(f"{key}.title"),
        subtitle=message("card.done.hints" if found else f"{key}.subtitle"),
        facts=() if found else card_pages.document_facts(person.card, today),
        options=(
            Option(card_pages.DONE, message("card.done.done"), weight=Weight.PRIMARY),
            *(_hint_option(rule) for rule in found),
        ),
        back=False,
    )


def _hint_option(rule: HintRule) -> Option:
    return Option(f"{HINT}{rule.id}", rule.says, icon="lightbulb")


def card_facts(card: CardRead, postal_codes: tuple[str, ...]) -> CardFacts:
    """What the rules may look at."""
    person, birth = card.person, card.person.birth_date
    return CardFacts(
        valid_until=person.document.valid_until,
        document=person.document.kind.value,
        birth_year=birth.year if birth else None,
        birth_month=birth.month if birth else None,
        birth_day=birth.day if birth else None,
        lives_here=lives_here(person, postal_codes),
    )


def lives_here(person: Person, postal_codes: tuple[str, ...]) -> bool | None:
    """Whether the address on the card is in this municipality; None where the card or the site does not say."""
    if person.address is None or not person.address.postal_code or not postal_codes:
        return None
    return person.address.postal_code in postal_codes
