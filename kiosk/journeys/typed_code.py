"""Ask for the code of a slip: typed, or read by a scanner that types; taken as soon as it is whole.

Not for: what the code is of.
"""

from __future__ import annotations

from kiosk.core.codes import LENGTH, clean_code
from kiosk.core.pages import Option, SearchPage
from kiosk.core.texts import message
from kiosk.journeys.visit import Visit

GO_ON = "go_on"
"""The option of a page that goes on with a whole code."""


async def typed_code(visit: Visit, about: str) -> str | None:
    """The code, or None when the person went back.

    Args:
        about: key of the texts that say which code: title and subtitle.
    """
    typed = ""

    def page(text: str) -> SearchPage:
        nonlocal typed
        typed = text
        return code_page(about, text)

    chosen = await visit.search(page)
    return clean_code(typed) if chosen == GO_ON else None


def code_page(about: str, typed: str) -> SearchPage:
    """The page of `typed_code`, for what is typed so far."""
    whole = clean_code(typed)
    wrong = whole is None and len(typed.replace("-", "")) > LENGTH
    return SearchPage(
        title=message(f"{about}.title"),
        subtitle=message(f"{about}.subtitle"),
        options=(Option(GO_ON, message("attest.code.go_on", code=whole), icon="arrow-right"),) if whole else (),
        query=typed,
        empty=message("attest.code.wrong") if wrong else None,
        field=message("attest.code.field"),
    )
