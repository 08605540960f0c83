"""What comes of each script in each protocol: what the driver reports, and what a question proves when it did not know.

One table for the tests of all drivers and for the page `docs/drivers/simulated-terminals.md`. Not for: playing a
script, or what the column makes of evidence (`kiosk.core.payment_saga`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from drivers.payment_contract import (
    Approved,
    Cancelled,
    Declined,
    Inconclusive,
    NotCharged,
    NotSent,
    PaymentEvidence,
)
from drivers.simulated.terminal.scripts import SCRIPTS, Script

PROTOCOLS = {"zvt": "ZVT", "adyen": "Adyen (nexo)", "opi": "OPI-NL"}
"""Names for people, by scheme."""


@dataclass(frozen=True)
class Outcome:
    """What one script comes to in one protocol.

    Attributes:
        told: what the driver reports.
        asked: what it reports when asked later; only where it did not know.
        note: number of a sentence in `NOTES`; 0 is none.
    """

    told: type[PaymentEvidence]
    asked: type[PaymentEvidence] | None = None
    note: int = 0


NOTES = {
    1: "The goods handshake is on in the driver's profile, and the goods are said not to be out.",
    2: "The protocol has no goods handshake: it pays, and goods that are missing are undone by a reversal.",
    3: "At a message before the booking; the tests cut at every one.",
    4: "After the booking; the tests cut at every point.",
    5: "As long as it goes on answering like this.",
    6: "Staff decide: what it booked is not what was asked for.",
    7: "The driver refuses another amount before it is booked.",
    8: "It says nothing to the first question already, so no payment is sent.",
    9: "Busy may be said of this payment itself, so it is asked for.",
}
_PAID = Outcome(Approved)
_REFUSED = Outcome(Declined)
_CANCELLED = Outcome(Cancelled)
_LOST = Outcome(Inconclusive, Approved)
_STOPPED = Outcome(Inconclusive, NotCharged)

OUTCOMES: Mapping[Script, Mapping[str, Outcome]] = {
    Script.APPROVE: dict.fromkeys(PROTOCOLS, _PAID),
    Script.DECLINE: dict.fromkeys(PROTOCOLS, _REFUSED),
    Script.WRONG_PIN: dict.fromkeys(PROTOCOLS, _PAID),
    Script.CANCEL_BY_CITIZEN: dict.fromkeys(PROTOCOLS, _CANCELLED),
    Script.WAITS_FOR_CANCEL: dict.fromkeys(PROTOCOLS, _CANCELLED),
    Script.IGNORES_CANCEL: dict.fromkeys(PROTOCOLS, _PAID),
    Script.CARD_TIME_OUT: dict.fromkeys(PROTOCOLS, _CANCELLED),
    Script.TALKATIVE: dict.fromkeys(PROTOCOLS, _PAID),
    Script.RECEIPTS: dict.fromkeys(PROTOCOLS, _PAID),
    Script.ANSWER_LOST: dict.fromkeys(PROTOCOLS, _LOST),
    Script.CUT: {
        "zvt": Outcome(Inconclusive, NotCharged, 3),
        "adyen": Outcome(Inconclusive, Approved, 4),
        "opi": Outcome(Inconclusive, Cancelled, 3),
    },
    Script.LATE_ANSWER: {"zvt": _LOST, "adyen": Outcome(Inconclusive, Inconclusive, 5), "opi": _LOST},
    Script.BUSY: {
        "zvt": Outcome(NotSent),
        "adyen": Outcome(Inconclusive, NotCharged, 9),
        "opi": Outcome(NotCharged),
    },
    Script.WRONG_AMOUNT: {
        "zvt": Outcome(NotCharged, note=7),
        "adyen": Outcome(Inconclusive, Inconclusive, 6),
        "opi": Outcome(Inconclusive, Inconclusive, 6),
    },
    Script.RESTARTS: {"zvt": _STOPPED, "adyen": _STOPPED, "opi": Outcome(Inconclusive, Cancelled)},
    Script.GOODS_REFUSED: {
        "zvt": Outcome(NotCharged, note=1),
        "adyen": Outcome(Approved, note=2),
        "opi": Outcome(NotCharged, note=1),
    },
    Script.GARBAGE: {"zvt": _STOPPED, "adyen": Outcome(Inconclusive, Inconclusive, 5), "opi": _LOST},
    Script.DRIP: dict.fromkeys(PROTOCOLS, _PAID),
    Script.SILENT: {
        "zvt": Outcome(NotSent, note=8),
        "adyen": Outcome(Inconclusive, Inconclusive, 5),
        "opi": _STOPPED,
    },
}
_WORDS: Mapping[type[PaymentEvidence], str] = {
    Approved: "paid",
    Declined: "refused",
    Cancelled: "cancelled",
    NotCharged: "not charged",
    NotSent: "not sent",
    Inconclusive: "nobody knows",
}
_HEAD = """# Simulated terminals

What a simulated terminal does with the next payment is told by name: `zuil simulate terminal --protocol zvt --script
decline`, or `script decline` on its standard input. The names are the same in every protocol. The table says what the
driver then reports and, where it did not know, what a question proves afterwards. It is made from
`drivers/simulated/terminal/outcomes.py`; the tests of each driver play every row against the terminal's own ledger.

Screen and receipts are in the language of the payment where the terminal is told one (nl, fr, de, en), else in Dutch.

"""


def told(protocol: str) -> dict[Script, type[PaymentEvidence]]:
    """What the driver of that protocol reports, by script."""
    return {script: each[protocol].told for script, each in OUTCOMES.items()}


def asked(protocol: str) -> dict[Script, type[PaymentEvidence]]:
    """What a question proves, by script: what was told, unless nobody knew."""
    return {script: each[protocol].asked or each[protocol].told for script, each in OUTCOMES.items()}


def scripts_page() -> str:
    """The table as a page; a test compares it with the one in `docs`."""
    lines = [f"| script | what it does | {' | '.join(PROTOCOLS.values())} |", f"| {' | '.join(['---'] * 5)} |"]
    for script, each in OUTCOMES.items():
        cells = [_cell(each[protocol]) for protocol in PROTOCOLS]
        lines.append(f"| `{script.value}` | {SCRIPTS[script.value]} | {' | '.join(cells)} |")
    notes = [f"{number}. {note}" for number, note in NOTES.items()]
    return _HEAD + "\n".join([*lines, "", *notes, ""])


def _cell(outcome: Outcome) -> str:
    said = _WORDS[outcome.told]
    if outcome.asked is not None:
        said += f"; asked: {_WORDS[outcome.asked]}"
    return f"{said} ({outcome.note})" if outcome.note else said
