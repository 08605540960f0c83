"""Joining the back office: a code is typed or scanned, six digits are compared, and only then does it count.

Not for: the exchange itself (`sync.client.enrolment`).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from kiosk.core.pages import Tone
from kiosk.core.texts import message
from kiosk.journeys.visit import Back
from kiosk.setup import pages
from kiosk.setup.bench import Bench
from kiosk.setup.pages import SAME
from kiosk.setup.talk import Talk
from sync.client.column import IdentityDamaged, NotEnrolled, load_column
from sync.client.enrolment import EnrolmentFailed, Joined
from sync.client.route import Route
from sync.protocol.invitation import BadInvitation, Invitation, parse_invitation

NOT_THE_SAME = "the six digits differ: somebody else may have answered; nothing was kept, tell the back office"


def is_enrolled(identity: Path) -> bool:
    """Whether the column joined some back office before.

    Raises:
        IdentityDamaged: when what it kept of it cannot be used.
    """
    try:
        load_column(identity)
    except NotEnrolled:
        return False
    return True


async def join_backoffice(
    talk: Talk, bench: Bench, url: str, identity: Path, scanned: Invitation | None, *, practice: bool, route: Route
) -> Joined | Back:
    """Until it joined, or the technician goes on without."""
    invitation = scanned
    while True:
        if invitation is None:
            typed = await _code(talk, url)
            if isinstance(typed, Back):
                return Back.BACK
            invitation = typed
        try:
            join = partial(bench.join, invitation, identity, practice=practice, route=route)
            joined = await talk.meanwhile(message("setup.joining"), join)
        except (EnrolmentFailed, IdentityDamaged) as error:
            await _told(talk, str(error))
            invitation = None
            continue
        if await talk.choose(pages.compare(joined.identity.check)) == SAME:
            joined.keep()
            return joined
        await _told(talk, NOT_THE_SAME)
        invitation = None


async def _code(talk: Talk, url: str) -> Invitation | Back:
    text = ""
    while True:
        given, text = await talk.fill(partial(pages.field, "code"), text)
        if isinstance(given, Back):
            return Back.BACK
        try:
            return parse_invitation(text) if text.startswith("{") else Invitation(url, text)
        except BadInvitation as bad:
            await _told(talk, str(bad))


async def _told(talk: Talk, problem: str) -> None:
    await talk.choose(pages.notice("setup.not_joined", Tone.DANGER, problem, (pages.BACK,)))
