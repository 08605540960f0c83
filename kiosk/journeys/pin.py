"""The PIN: asked on the reader's own keys where it has some, else on the screen; three wrong ones block the card.

The digits live in one buffer that is overwritten as soon as the card has answered. One entry is one try, and the last
try is never taken unawares. Not for: what a signature proves (`drivers.cards`).
"""

from __future__ import annotations

from drivers.card_contract import Authenticated, AuthenticateResult, CardFailed, Pin, PinEnd, PinState, PinWrong
from kiosk.core.pages import PinPage
from kiosk.core.texts import Text
from kiosk.journeys import card_pages
from kiosk.journeys.visit import Back, Visit


async def authenticate(visit: Visit) -> Authenticated | Back | None:
    """Let the holder prove their presence.

    Returns:
        None when the card's PIN cannot be used; the person was told why.
    """
    state = await visit.column.desk.cards.pin_state()
    if isinstance(state, CardFailed):
        await visit.choose(card_pages.pin_notice("failed"))
        return None
    if not state.present:
        await visit.choose(card_pages.pin_notice("no_key"))
        return None
    return await _entries(visit, state)


async def _entries(visit: Visit, state: PinState) -> Authenticated | Back | None:
    """Entry after entry, until one is right, the card is blocked, or the person stops."""
    tries, news = state.tries_left, None
    while tries != 0:
        if tries == 1 and await visit.choose(card_pages.last_try()) != card_pages.TRY:
            return Back.BACK
        result = await _one_entry(visit, state, news or card_pages.tries_words(tries))
        match result:
            case Back.BACK | Authenticated():
                return result
            case PinWrong(tries_left):
                tries, news = tries_left, card_pages.wrong_words(tries_left)
            case PinEnd.CANCELLED | PinEnd.TIMED_OUT:
                news = card_pages.end_words(result)
                if state.pinpad and await visit.choose(card_pages.pinpad_again(news)) != card_pages.TRY:
                    return Back.BACK
            case PinEnd.BLOCKED:
                tries = 0
            case PinEnd.NO_KEY | CardFailed():
                await visit.choose(card_pages.pin_notice("failed"))
                return None
    await visit.choose(card_pages.pin_notice("blocked"))
    return None


async def _one_entry(visit: Visit, state: PinState, news: Text | None) -> AuthenticateResult | Back:
    if state.pinpad:
        return await _sent(visit, None)
    if not visit.column.desk.screen_pin:
        await visit.choose(card_pages.pin_notice("no_keys"))
        return Back.BACK
    pin = await _keyed(visit, news)
    return Back.BACK if pin is None else await _sent(visit, pin)


async def _keyed(visit: Visit, news: Text | None) -> Pin | None:
    """A whole PIN, or None when the person went back. From here on the driver wipes it, once the card has answered."""
    pin = Pin()

    def page(entered: int) -> PinPage:
        return card_pages.keypad(entered, news)

    try:
        while await visit.key_in(page, pin) is not Back.BACK:
            if pin.complete:
                return pin
            news = card_pages.short_words()
    except BaseException:
        pin.wipe()
        raise
    pin.wipe()
    return None


async def _sent(visit: Visit, pin: Pin | None) -> AuthenticateResult:
    """Hand the PIN to the card, or let the reader ask for it."""
    page = card_pages.pin_checked() if pin is not None else card_pages.pinpad()
    result = await visit.choose_unless(page, visit.column.desk.cards.authenticate(pin, visit.language))
    if isinstance(result, str | Back):
        raise AssertionError("a page without options was answered")
    return result
