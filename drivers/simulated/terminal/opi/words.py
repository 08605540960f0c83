"""Messages of the simulated terminal as XML. Not for: when they are sent (`plays`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from drivers.simulated.terminal.opi.knobs import Oddity
from drivers.simulated.terminal.opi.markup import NAMESPACE, tag, words
from drivers.simulated.terminal.wording import wording

TERMINAL_ID = "11140023"


@dataclass(frozen=True)
class Last:
    """The last transaction, as the terminal remembers it.

    Attributes:
        language: the till asked for; empty is the terminal's own.
    """

    type: str
    request_id: str
    workstation: str
    result: str
    cents: int
    currency: str
    stan: str
    time: str
    approval: str = ""
    language: str = ""

    @property
    def booked(self) -> bool:
        """Whether money moved."""
        return self.result == "Success"


def amount(cents: int) -> str:
    """Euros with a dot."""
    return f"{cents / 100:.2f}"


def response(kind: str, attributes: Mapping[str, str], content: str) -> str:
    """A CardServiceResponse or a ServiceResponse."""
    return tag(kind, content, attributes)


def terminal(stan: str) -> str:
    """The element that names the terminal, and its last number."""
    given = {"TerminalID": TERMINAL_ID}
    if stan:
        given["STAN"] = stan
    return tag("Terminal", "", given)


def tender(last: Last, odd: Collection[Oddity]) -> str:
    """What was paid."""
    currency = "CHF" if Oddity.OTHER_CURRENCY in odd else last.currency
    total = "" if Oddity.NO_AMOUNT in odd else tag("TotalAmount", amount(last.cents), {"Currency": currency})
    given = {"CardCircuit": "MAESTRO", "MaskedCardNumber": "************1234", "TimeStamp": last.time}
    if last.approval:
        given |= {"ApprovalCode": last.approval, "TrxReferenceNumber": f"TRX{last.stan}"}
    return tag("Tender", total + tag("Authorization", "", given))


def original(last: Last, request_id: str) -> str:
    """OriginalHeader."""
    given = {
        "RequestType": last.type,
        "RequestID": request_id,
        "WorkstationID": last.workstation,
        "OverallResult": last.result,
    }
    return tag("OriginalHeader", "", given)


def output(target: str, lines: Sequence[str] = (), more: Mapping[str, str] | None = None, data: str = "") -> str:
    """One thing to show, print or keep."""
    return tag(
        "Output",
        data + "".join(tag("TextLine", words(line)) for line in lines),
        {"OutDeviceTarget": target} | dict(more or {}),
    )


def journal(last: Last) -> str:
    """The merchant's copy as data."""
    fields = {
        "AuthorisationCode": last.approval,
        "CardNumber": "************1234",
        "CardLabelName": "Maestro",
        "TransactionRefNumber": f"TRX{last.stan}" if last.approval else "",
        "STAN": last.stan,
        "TerminalID": TERMINAL_ID,
        "DateAndTime": last.time,
    }
    said = "".join(tag(name, words(text)) for name, text in fields.items() if text)
    return tag("TransactionInfo", tag("TotalAmount", amount(last.cents), {"Currency": last.currency}) + said)


def device_request(kind: str, request_id: str, workstation: str, content: str) -> str:
    """What is asked of the till."""
    given = {"RequestType": kind, "RequestID": request_id, "WorkstationID": workstation, "TerminalID": TERMINAL_ID}
    return tag("DeviceRequest", content, given)


def receipt(last: Last, long: bool = False) -> list[str]:
    """Lines for the citizen; a careless terminal prints the whole number."""
    said = wording(last.language)
    filler = [f"{said.line} {number:02d}" for number in range(1, 41)] if long else []
    outcome = said.paid if last.booked else said.not_paid
    return [said.mark, *filler, f"{said.card} 4111 1111 1111 1111", f"{said.total} EUR {amount(last.cents)}", outcome]


def document(text: str, odd: Collection[Oddity]) -> bytes:
    """The message as bytes, with or without the namespace."""
    root, _, rest = text.partition(" ")
    named = text if Oddity.NO_NAMESPACE in odd else f'{root} xmlns="{NAMESPACE}" {rest}'
    encoding = "ISO-8859-1" if Oddity.LATIN1 in odd else "UTF-8"
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{named}'.encode(encoding)
