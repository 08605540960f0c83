"""A short name for what stands on a screen, the same in every language: for scripts, recordings and matrices.

Not for: people; they read the page.
"""

from __future__ import annotations

from kiosk.core.pages import CardPage, NoticePage, Page, TicketPage, View, WelcomePage
from kiosk.core.texts import Message, Text


def top(view: View) -> Page:
    """The page that takes input: the notice on top, or the page itself."""
    return view.overlay.page if view.overlay else view.page


def moment(view: View) -> str:
    """The page by the key of its title, and what else tells two moments of one page apart.

    Such as "welcome", "card.insert insert", "ticket ticket.paper.printing", "pay pay.step.busy".
    """
    page = top(view)
    parts = ["welcome" if isinstance(page, WelcomePage) else _key(page.title) or page.kind]
    if isinstance(page, CardPage):
        parts.append(page.picture.value)
    if isinstance(page, TicketPage):
        parts.append(_key(page.paper))
    if isinstance(page, NoticePage):
        parts.append(_key(page.subtitle))
    return " ".join(part.removesuffix(".title") for part in parts if part)


def _key(text: Text | None) -> str:
    return text.key if isinstance(text, Message) else ""
