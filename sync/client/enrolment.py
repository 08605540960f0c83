"""Joining a back office with a one-time code: `zuil enrol URL CODE`.

The receipt is believed only when it is signed by the key it carries, answers our nonce and shows the six digits that
follow from both keys; a person compares those digits on both screens. Not for: reading it later (`identity`).
"""

from __future__ import annotations

import secrets
from pathlib import Path

from pydantic import ValidationError

from sync.client.answers import read_answer
from sync.client.column import Column
from sync.client.identity import Identity, load_or_make_key, save_receipt
from sync.client.transport import HttpTransport, Transport
from sync.protocol.canonical import canonical
from sync.protocol.ids import clean_code, six_digits
from sync.protocol.messages import Receipt
from sync.protocol.signing import ENROLMENT, RECEIPT, PublicKey, SigningKey

PATH = "/kiosk/v1/enrolments"


class EnrolmentFailed(Exception):
    """The column did not join; the message says what to do next."""


def enrol(
    url: str,
    code: str,
    directory: Path,
    *,
    app_version: str = "0",
    practice: bool = False,
    transport: Transport | None = None,
) -> Identity:
    """Join the back office at `url` and keep key and receipt in `directory`.

    A key of an earlier enrolment is used again.

    Args:
        practice: whether the column's site is for practice; a back office of the other kind is refused.

    Returns:
        The new identity; show its `check` to the technician.

    Raises:
        EnrolmentFailed: when the code, the address or the answer is wrong.
        sync.client.column.IdentityDamaged: when `directory` holds a key that cannot be used.
    """
    cleaned = clean_code(code)
    if cleaned is None:
        raise EnrolmentFailed(f"{code!r} is not a code: it has nine characters, as ABCD-EFGH-J; type it again")
    key = load_or_make_key(directory)
    http = transport or HttpTransport()
    try:
        receipt = _ask(http, f"{url.rstrip('/')}{PATH}", cleaned, key, app_version, practice=practice)
    finally:
        if transport is None:
            http.close()
    column = _column(receipt)
    save_receipt(directory, receipt)
    return Identity(column, key, PublicKey.parse(str(receipt["publicKey"])), str(receipt["check"]), directory)


def _ask(
    http: Transport, url: str, code: str, key: SigningKey, app_version: str, *, practice: bool
) -> dict[str, object]:
    nonce = secrets.token_urlsafe(24)
    request: dict[str, object] = {
        "code": code,
        "publicKey": str(key.public),
        "nonce": nonce,
        "appVersion": app_version,
        "practice": practice,
    }
    body = canonical(key.sign_object(ENROLMENT, request))
    answer = read_answer(http.post(url, body))
    if not isinstance(answer, dict):
        raise EnrolmentFailed(f"{url} did not take the column in: {answer}")
    wrong = _what_is_wrong(answer, nonce, key, practice=practice)
    if wrong:
        raise EnrolmentFailed(f"{url} answered, but {wrong}; check the address, nothing was kept")
    return answer


def _what_is_wrong(answer: dict[str, object], nonce: str, key: SigningKey, *, practice: bool) -> str | None:
    try:
        receipt = Receipt.model_validate(answer)
        backoffice = PublicKey.parse(receipt.public_key)
    except (ValidationError, ValueError):
        return "not with a receipt"
    if not backoffice.verify_object(RECEIPT, answer):
        return "the receipt is not signed by its own key"
    if receipt.nonce != nonce:
        return "the receipt is for another request"
    if receipt.check != six_digits(key.public, backoffice):
        return "the check digits do not follow from both keys"
    if receipt.practice is not practice:
        return (
            "it is for practice and this site is not" if receipt.practice else "it is a real one and this is practice"
        )
    return None


def _column(receipt: dict[str, object]) -> Column:
    try:
        return Column.of(receipt)
    except ValueError as error:
        raise EnrolmentFailed(f"the receipt cannot be used: {error}") from error
