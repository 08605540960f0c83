"""Answers of the simulated terminal on channel 0. Not for: what happens before them (`plays`)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from drivers.simulated.terminal.ledger import CannotReverse, Ledger
from drivers.simulated.terminal.opi import words
from drivers.simulated.terminal.opi.knobs import Oddity, Original
from drivers.simulated.terminal.opi.markup import Told, tag
from drivers.simulated.terminal.opi.plays import Play
from drivers.simulated.terminal.opi.words import Last

MONEY = ("CardPayment", "PaymentReversal", "PaymentRefund")
OLDER = "1"
_ECHOED = ("RequestType", "WorkstationID", "RequestID", "ApplicationSender", "POPID")


def simple(told: Told, result: str, stan: str) -> str:
    """A result and the terminal's name."""
    return _to(told, result, words.terminal(stan))


def unreadable() -> str:
    """To what is no XML."""
    return words.response("ServiceResponse", {"OverallResult": "ParsingError"}, words.terminal(""))


def paid(told: Told, last: Last, odd: Collection[Oddity]) -> str:
    """The answer to a payment or a reversal."""
    result = last.result
    if Oddity.PARTIAL_FAILURE in odd:
        result = "PartialFailure"
    elif Oddity.EMPTY_RESULT in odd:
        result = ""
    elif Oddity.LIES_AFTER_BOOKING in odd:
        result = "Failure"
    attributes = {name: told.attributes[name] for name in _ECHOED if name in told.attributes}
    if Oddity.OTHER_REQUEST in odd:
        attributes["RequestID"] = "99999999999"
    if Oddity.OTHER_WORKSTATION in odd:
        attributes["WorkstationID"] = "ANDERE-KASSA"
    if result:
        attributes["OverallResult"] = result
    return words.response("CardServiceResponse", attributes, words.terminal(last.stan) + _outcome(last, odd))


def repeated(told: Told, last: Last | None, original: Original, odd: Collection[Oddity]) -> str:
    """The answer to RepeatLastMessage."""
    if last is None:
        return _to(told, "Failure", words.terminal(""))
    if Oddity.LITERAL_REPEAT in odd:
        attributes = {
            "RequestType": last.type,
            "RequestID": last.request_id,
            "WorkstationID": last.workstation,
            "OverallResult": last.result,
        }
        return words.response("CardServiceResponse", attributes, words.terminal(last.stan) + _outcome(last, odd))
    match original:
        case Original.OURS:
            return _to(
                told, "Success", words.original(last, last.request_id) + words.terminal(last.stan) + _outcome(last, odd)
            )
        case Original.OLDER:
            return _to(told, "Success", words.original(last, OLDER) + words.terminal(""))
        case Original.MISSING:
            return _to(told, "Success", words.terminal(""))


def day_closed(told: Told, ledger: Ledger, stan: str) -> str:
    """Totals of what was booked in the period and not undone."""
    kept = ledger.close_period()
    given = {"NumberPayments": str(len(kept)), "PaymentType": "Debit", "Currency": "EUR", "CardCircuit": "MAESTRO"}
    totals = tag("Reconciliation", tag("TotalAmount", words.amount(sum(each.amount_cents for each in kept)), given))
    return _to(told, "DayClosed", words.terminal(stan) + totals)


def reverse(play: Play, last: Last | None, ledger: Ledger) -> None:
    """Undo the last transaction, when it was a payment."""
    result = "Failure"
    if last is not None and last.type == "CardPayment" and last.booked:
        number = next((each.number for each in ledger.bookings if each.reference == last.request_id), 0)
        try:
            ledger.reverse(number)
            result = "Success"
        except CannotReverse:
            result = "Failure"
    play.booked = result == "Success"
    play.last = replace(play.last, result=result)
    play.remember(play.last)


def _outcome(last: Last, odd: Collection[Oddity]) -> str:
    if last.booked:
        return words.tender(last, odd)
    return tag("Diagnosis", "", {"HostDeclineReason": "51"}) if last.result == "Failure" else ""


def _to(told: Told, result: str, content: str) -> str:
    kind = "ServiceResponse" if told.root == "ServiceRequest" else "CardServiceResponse"
    attributes = {name: told.attributes[name] for name in _ECHOED if name in told.attributes}
    return words.response(kind, {**attributes, "OverallResult": result}, content)
