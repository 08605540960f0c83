"""Joining a back office with a one-time code: `zuil enrol URL CODE`, or an invitation that was scanned.

The receipt is believed only when it is signed by the key it carries, answers our nonce and shows the six digits that
follow from both keys; a person compares those digits on both screens. Not for: reading it later (`identity`).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from sync.client.answers import read_answer
from sync.client.column import Column
from sync.client.identity import Identity, load_or_make_key, save_receipt
from sync.client.route import DIRECT, Route
from sync.client.transport import Transport
from sync.protocol.canonical import canonical
from sync.protocol.ids import clean_code, six_digits
from sync.protocol.invitation import Invitation, thumbprint
from sync.protocol.messages import Receipt
from sync.protocol.signing import ENROLMENT, RECEIPT, PublicKey, SigningKey

PATH = "/kiosk/v1/enrolments"


class EnrolmentFailed(Exception):
    """The column did not join; the message says what to do next."""


@dataclass(frozen=True)
class Joined:
    """The back office took the column in; nothing counts before `keep`.

    Attributes:
        identity: show its `check` and let a person compare.
    """

    identity: Identity
    receipt: dict[str, object]

    def keep(self) -> Identity:
        """Write the receipt durably: from now on the column is enrolled."""
        if self.identity.directory is None:
            raise ValueError("an identity that is joined has a folder")
        save_receipt(self.identity.directory, self.receipt)
        return self.identity


def enrol(
    url: str,
    code: str,
    directory: Path,
    *,
    app_version: str = "0",
    practice: bool = False,
    transport: Transport | None = None,
) -> Identity:
    """Join the back office at `url` and keep key and receipt in `directory`; raises as `join`."""
    invitation = Invitation(url, code)
    return join(invitation, directory, app_version=app_version, practice=practice, transport=transport).keep()


def join(
    invitation: Invitation,
    directory: Path,
    *,
    app_version: str = "0",
    practice: bool = False,
    route: Route = DIRECT,
    transport: Transport | None = None,
) -> Joined:
    """Ask the back office to take the column in. A key of an earlier enrolment is used again.

    Args:
        invitation: with a thumbprint, only the back office with that key is believed.
        practice: whether the column's site is for practice; a back office of the other kind is refused.
        route: how the back office is reached.
        transport: another way than `route`; it stays open.

    Raises:
        EnrolmentFailed: when the code, the address or the answer is wrong.
        sync.client.column.IdentityDamaged: when `directory` holds a key that cannot be used.
    """
    cleaned = clean_code(invitation.code)
    if cleaned is None:
        raise EnrolmentFailed(
            f"{invitation.code!r} is not a code: it has nine characters, as ABCD-EFGH-J; type it again"
        )
    key = load_or_make_key(directory)
    http = transport or route.open()
    try:
        url = f"{invitation.url.rstrip('/')}{PATH}"
        receipt = _ask(http, url, cleaned, key, app_version, practice=practice)
    finally:
        if transport is None:
            http.close()
    backoffice = PublicKey.parse(str(receipt["publicKey"]))
    if invitation.thumbprint and thumbprint(backoffice) != invitation.thumbprint:
        raise EnrolmentFailed(
            f"{invitation.url} answered with another key than the one in the invitation: somebody else may be "
            "answering; nothing was kept, tell the back office"
        )
    identity = Identity(_column(receipt), key, backoffice, str(receipt["check"]), directory)
    return Joined(identity, receipt)


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
