"""Journeys a citizen makes through the demo site, and the name of the step that stands on the screen. Not a test."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.pages import CardPage, NoticePage, Page, TicketPage, View, WelcomePage
from kiosk.core.texts import Message, Text

EMAIL = "an@voorbeeld.example"


@dataclass(frozen=True)
class Journey:
    """What somebody comes for.

    Attributes:
        wishes: options they take where they find them, each once, in this order of preference.
        card: the card they bring, or None.
        words: what they type into a field.
        help: whether they ask for a host on the way.
        weather: lever and state that hold from the beginning, for a journey that only bad weather leads to.
        collects: whether they bring the code of an earlier request.
    """

    name: str
    wishes: tuple[str, ...]
    card: str | None = None
    words: str = ""
    help: bool = False
    weather: tuple[str, str] | None = None
    collects: bool = False


def _attest(name: str, product: str, *wishes: str, **more: object) -> Journey:
    return Journey(name, ("nl", "all", f"service:{product}", "way:0", *wishes, "done"), "adult", **more)  # type: ignore[arg-type]


JOURNEYS = (
    Journey("ticket", ("nl", "all", "service:passport", "way:0", "done")),
    Journey("search", ("nl", "search", "service:passport", "way:0", "done"), words="paspoort"),
    Journey("theme", ("nl", "theme:civil", "service:change-of-address", "way:0", "done")),
    Journey("referral", ("nl", "all", "service:library-card", "way:0", "done")),
    Journey("help", ("nl", "continue"), help=True),
    Journey("card", ("nl", "all", "service:card-check", "way:0", "confirm", "done"), "adult"),
    Journey("pin", ("nl", "all", "service:pin-test", "way:0", "confirm", "done"), "adult"),
    _attest("attest", "residence-attest", "bank", "make"),
    _attest("file", "residence-attest", "bank", "make", "take"),
    _attest("register", "household-composition", "social", "ask", "make"),
    _attest("fee", "household-composition", "other", "ask", "make", "pay"),
    _attest("asked", "household-composition", "social", "ask", "email", "go_on", words=EMAIL, weather=("register", "slow")),
    _attest("collect", "collect-attest", "go_on", "make", collects=True),
)
"""Every journey of the column, simplest first."""
NEXT = Journey("next visitor", ("nl", "all", "service:passport", "way:0", "done"))
"""Whoever comes after the fault."""


def step(view: View) -> str:
    """Name of what is on the screen: its title, and what else tells two moments of one page apart."""
    page: Page = view.overlay.page if view.overlay else view.page
    parts = [_key(page.title) or page.kind]
    if isinstance(page, WelcomePage):
        parts = ["welcome"]
    if isinstance(page, CardPage):
        parts.append(page.picture.value)
    if isinstance(page, TicketPage):
        parts.append(_key(page.paper))
    if isinstance(page, NoticePage):
        parts.append(_key(page.subtitle))
    return " ".join(part.removesuffix(".title") for part in parts if part)


def _key(text: Text | None) -> str:
    return text.key if isinstance(text, Message) else ""
