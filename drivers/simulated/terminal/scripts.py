"""What a simulated terminal does with the next payment, by name; the same names for every protocol.

Not for: how each protocol plays them.
"""

from __future__ import annotations

from enum import Enum


class Script(Enum):
    """One way a payment may go; the value is its name everywhere."""

    APPROVE = "approve"
    DECLINE = "decline"
    WRONG_PIN = "wrong-pin"
    CANCEL_BY_CITIZEN = "cancel-by-citizen"
    WAITS_FOR_CANCEL = "waits-for-cancel"
    IGNORES_CANCEL = "ignores-cancel"
    CARD_TIME_OUT = "card-time-out"
    TALKATIVE = "talkative"
    RECEIPTS = "receipts"
    ANSWER_LOST = "answer-lost"
    CUT = "cut"
    LATE_ANSWER = "late-answer"
    BUSY = "busy"
    WRONG_AMOUNT = "wrong-amount"
    RESTARTS = "restarts"
    GOODS_REFUSED = "goods-refused"
    GARBAGE = "garbage"
    DRIP = "drip"
    SILENT = "silent"


SCRIPTS: dict[str, str] = {
    Script.APPROVE.value: "Pays at once.",
    Script.DECLINE.value: "The bank refuses.",
    Script.WRONG_PIN.value: "A wrong PIN first, then it pays.",
    Script.CANCEL_BY_CITIZEN.value: "The citizen presses stop on the terminal.",
    Script.WAITS_FOR_CANCEL.value: "Waits for a card until the till asks to cancel.",
    Script.IGNORES_CANCEL.value: "Pays although the till asked to cancel.",
    Script.CARD_TIME_OUT.value: "Nobody shows a card; the terminal gives up by itself.",
    Script.TALKATIVE.value: "Tells every step on the way, then pays.",
    Script.RECEIPTS.value: "Pays and sends long receipts, one of which must be printed.",
    Script.ANSWER_LOST.value: "Books the payment, and its answer never arrives.",
    Script.CUT.value: "The line breaks at the message that was chosen.",
    Script.LATE_ANSWER.value: "Books, and answers long after everybody gave up.",
    Script.BUSY.value: "Is busy and takes nothing.",
    Script.WRONG_AMOUNT.value: "Says it booked another amount.",
    Script.RESTARTS.value: "Starts anew in the middle of the payment.",
    Script.GOODS_REFUSED.value: "Asks whether the goods are out and hears that they are not.",
    Script.GARBAGE.value: "Answers what no terminal answers.",
    Script.DRIP.value: "Answers byte by byte, slowly.",
    Script.SILENT.value: "Takes the connection and says nothing.",
}
"""What each does, for dock and command line."""
