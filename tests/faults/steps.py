"""List B comes of these: the journeys a citizen makes through the demo site. Not a test."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.demo.person import Wish

EMAIL = "an@voorbeeld.example"


@dataclass(frozen=True)
class Journey:
    """What somebody comes for, and what must be so before.

    Attributes:
        weather: lever and state that hold from the beginning, for a journey that only bad weather leads to.
        collects: whether they bring the code of an earlier request.
    """

    wish: Wish
    weather: tuple[str, str] | None = None
    collects: bool = False

    @property
    def name(self) -> str:
        """What it is called in the matrix."""
        return self.wish.name


def _journey(name: str, *options: str, card: str = "", words: str = "", help: bool = False) -> Journey:
    return Journey(Wish(name, ("nl", *options, "done"), card, words, help))


def _attest(name: str, product: str, *options: str, words: str = "") -> Wish:
    return Wish(name, ("nl", "all", f"service:{product}", "way:0", *options, "done"), "adult", words)


JOURNEYS = (
    _journey("ticket", "all", "service:passport", "way:0"),
    _journey("search", "search", "service:passport", "way:0", words="paspoort"),
    _journey("theme", "theme:civil", "service:change-of-address", "way:0"),
    _journey("referral", "all", "service:library-card", "way:0"),
    _journey("help", "continue", help=True),
    _journey("card", "all", "service:card-check", "way:0", "confirm", card="adult"),
    _journey("pin", "all", "service:pin-test", "way:0", "confirm", card="adult"),
    Journey(_attest("attest", "residence-attest", "bank", "make")),
    Journey(_attest("file", "residence-attest", "bank", "make", "take")),
    Journey(_attest("register", "household-composition", "social", "ask", "make")),
    Journey(_attest("fee", "household-composition", "other", "ask", "make", "pay")),
    Journey(
        _attest("asked", "household-composition", "social", "ask", "email", "go_on", words=EMAIL), ("register", "slow")
    ),
    Journey(_attest("collect", "collect-attest", "go_on", "make"), collects=True),
)
"""Every journey of the column, simplest first."""
NEXT = _journey("next visitor", "all", "service:passport", "way:0")
"""Whoever comes after the fault."""
