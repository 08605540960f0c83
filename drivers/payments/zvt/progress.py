"""The terminal's codes for what it is doing, as steps that have a sentence. Not for: its own texts."""

from __future__ import annotations

from drivers.payment_contract import Step

CANCELLED_AT_TERMINAL = 0x0D

_STEPS: dict[Step, tuple[int, ...]] = {
    Step.WAITING_FOR_CARD: (0x0A, 0x0C),
    Step.CARD_SEEN: (0x68, 0x2C, 0xE0),
    Step.ENTER_PIN: (0x00, 0x01, 0x02),
    Step.PIN_WRONG: (0x15,),
    Step.ASKING_BANK: (0x04, 0xD2, 0xD3, 0xF2),
    Step.TAKE_CARD: (0x0B,),
    Step.BUSY: (0x05, 0x06, 0x0E, 0x0F, 0x17, 0x1A, 0x2B, 0xC8, 0xC9, 0xCA, 0xCB),
}
_BY_CODE = {code: step for step, codes in _STEPS.items() for code in codes}
_AND_TAKE_CARD = (*range(0x41, 0x5E), 0x66, 0x67)


def step_of(code: int | None) -> Step | None:
    """The step, or None for codes that say nothing a citizen can act on (an outcome comes by itself)."""
    if code in _AND_TAKE_CARD:
        return Step.TAKE_CARD
    return _BY_CODE.get(code) if code is not None else None
