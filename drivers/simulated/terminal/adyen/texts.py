"""What a simulated terminal's answers say: receipts, amounts, the card. All marked TEST. Not for: when (`machine`)."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from urllib.parse import quote, urlencode

from drivers.payments.adyen.json_text import Json
from drivers.simulated.terminal.wording import wording

Tree = dict[str, Json]
TIME = "2026-11-22T09:15:21.000Z"
CARD: Tree = {"PaymentBrand": "bancontact", "MaskedPan": "670300 **** 0003", "EntryMode": ["Contactless"]}


def response(result: str, condition: str = "", additional: dict[str, str] | None = None, in64: bool = False) -> Tree:
    """A `Response`."""
    told: Tree = {"Result": result}
    if condition:
        told["ErrorCondition"] = condition
    if additional and in64:
        nested = {"additionalData": additional, "message": additional.get("message", "")}
        told["AdditionalResponse"] = base64.b64encode(json.dumps(nested).encode()).decode("ascii")
    elif additional:
        told["AdditionalResponse"] = urlencode(additional, quote_via=quote)
    return told


def poi_transaction(number: int) -> Tree:
    """What the terminal calls its n-th transaction."""
    return {"TransactionID": f"kB4a{number:09}.TEST{number:012}", "TimeStamp": TIME}


def payment_result(amount: Decimal, currency: str, language: str = "") -> Tree:
    """The `PaymentResult` of a payment that the bank has seen."""
    result: Tree = {
        "AmountsResp": {"AuthorizedAmount": amount, "Currency": currency},
        "OnlineFlag": True,
        "PaymentInstrumentData": {"PaymentInstrumentType": "Card", "CardData": CARD},
        "PaymentType": "Normal",
    }
    return {**result, "CustomerLanguage": language} if language else result


def receipts(amount: Decimal, currency: str, paid: bool, long: bool = False, language: str = "") -> list[Json]:
    """One for the citizen and one for the municipality; `long` makes one that must be printed."""
    said = wording(language)
    lines = [
        _line("header1", said.mark),
        _line("txdate", said.date, "22-11-2026"),
        _line("preferredName", said.card, "Bancontact"),
        _line("pan", said.number, "************0003"),
        _line("totalAmount", said.total.upper(), f"{currency} {amount}"),
        _line("filler"),
        _line("approved" if paid else "refused", said.paid if paid else said.not_paid),
    ]
    more = [_line(f"text{number}", f"{said.line} {number}", "é € ü") for number in range(60)] if long else []
    return [_receipt("CustomerReceipt", lines + more, False), _receipt("CashierReceipt", lines, long)]


def _line(key: str, name: str = "", value: str = "") -> Tree:
    parts = {"name": name, "value": value, "key": key}
    text = urlencode({name: part for name, part in parts.items() if part}, quote_via=quote)
    return {"Text": text, "EndOfLineFlag": True, "CharacterStyle": "Normal"}


def _receipt(kind: str, lines: list[Tree], signature: bool) -> Tree:
    content: Tree = {"OutputFormat": "Text", "OutputText": list(lines)}
    return {"DocumentQualifier": kind, "RequiredSignatureFlag": signature, "OutputContent": content}
