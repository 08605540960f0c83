"""Answers of channel 0 as values. Liberal: attributes come and go, a value may be an attribute or an element.

Not for: what they prove (`evidence`).
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from drivers.payment_contract import Total
from drivers.payments.opi.amounts import read_amount
from drivers.payments.opi.malformed import Malformed
from drivers.payments.opi.mask import hide_card, last_four
from drivers.payments.opi.xml import child, children, fact, parse

ROOTS = ("CardServiceResponse", "ServiceResponse")
_LONGEST = 64


@dataclass(frozen=True)
class Original:
    """OriginalHeader: which request a repeated answer was given to, and what it said."""

    type: str
    request_id: str
    result: str
    workstation: str = ""


@dataclass(frozen=True)
class Response:
    """A CardServiceResponse or ServiceResponse; what is not there is empty or None.

    Attributes:
        result: OverallResult as it came.
        amount_cents: None also for an amount that cannot be read.
        has_amount: whether there was one at all.
        card: brand and at most the last four digits.
        reason: HostDeclineReason, else TerminalDeclineReason.
        state: the terminal's own word for how it is.
    """

    type: str
    request_id: str
    workstation: str
    result: str
    terminal: str = ""
    stan: str = ""
    has_amount: bool = False
    amount_cents: int | None = None
    currency: str = ""
    approval: str = ""
    reference: str = ""
    receipt: str = ""
    time: str = ""
    card: str = ""
    reason: str = ""
    terminal_reason: str = ""
    state: str = ""
    original: Original | None = None
    totals: tuple[Total, ...] = ()


def decode_response(document: bytes) -> Response | Malformed:
    """Read an answer; text in it is bounded, and card numbers are hidden where one may stand."""
    root = parse(document)
    if isinstance(root, Malformed):
        return root
    if root.tag not in ROOTS:
        return Malformed(f"an answer is a {' or a '.join(ROOTS)}")
    amount = child(root, "Tender", "TotalAmount")
    if amount is None:
        amount = child(root, "TotalAmount")
    said = (amount.text or "").strip() if amount is not None else ""
    return Response(
        type=_short(root.get("RequestType", "")),
        request_id=_short(root.get("RequestID", "")),
        workstation=_short(root.get("WorkstationID", "")),
        result=_short(root.get("OverallResult", "")),
        terminal=_of(root, "Terminal", "TerminalID"),
        stan=_of(root, "Terminal", "STAN"),
        has_amount=amount is not None,
        amount_cents=read_amount(said),
        currency=_short(amount.get("Currency", "")) if amount is not None else "",
        original=_original(root),
        totals=_totals(root),
        **_authorised(root),
        **_explained(root),
    )


def _authorised(root: Element) -> dict[str, str]:
    given = next((e for e in root.iter() if e.tag in ("Authorization", "Authorisation")), None)
    circuit = hide_card(_short(fact(given, "CardCircuit")))
    number = last_four(fact(given, "MaskedCardNumber", "CardPANPrint", "CardPAN"))
    return {
        "approval": _short(fact(given, "ApprovalCode")),
        "reference": _short(fact(given, "TrxReferenceNumber")),
        "receipt": _short(fact(given, "ReceiptNumber")),
        "time": _short(fact(given, "TimeStamp")),
        "card": " ".join(part for part in (circuit, number) if part),
    }


def _explained(root: Element) -> dict[str, str]:
    host, own = (_reason(root, name) for name in ("HostDeclineReason", "TerminalDeclineReason"))
    return {"reason": host or own, "terminal_reason": own, "state": hide_card(_anywhere(root, "TerminalStatus"))}


def _reason(root: Element, name: str) -> str:
    said = hide_card(_anywhere(root, name))
    return "" if said == "0" else said


def _original(root: Element) -> Original | None:
    header = next(root.iter("OriginalHeader"), None)
    if header is None:
        return None
    names = ("RequestType", "RequestID", "OverallResult", "WorkstationID")
    type_, request_id, result, workstation = (_short(fact(header, name)) for name in names)
    return Original(type_, request_id, result, workstation)


def _totals(root: Element) -> tuple[Total, ...]:
    found: list[Total] = []
    for line in children(child(root, "Reconciliation"), "TotalAmount"):
        cents, count = read_amount((line.text or "").strip()), line.get("NumberPayments", "")
        if cents is not None and count.isascii() and count.isdigit() and len(count) < 10:
            found.append(Total(_short(line.get("CardCircuit", "")), int(count), cents))
    return tuple(found)


def _of(root: Element, element: str, name: str) -> str:
    return _short(fact(child(root, element), name))


def _anywhere(root: Element, name: str) -> str:
    return _short(next((value for e in root.iter() if (value := e.get(name, "").strip())), "") or fact(root, name))


def _short(text: str) -> str:
    return "".join(letter for letter in text.strip() if letter.isprintable())[:_LONGEST]
