"""Letting columns in: one-time codes, their tries and time, and the receipt that can be asked for again."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from sync.backoffice.core import BackOffice
from sync.backoffice.enrolment import UnknownOffice, new_enrolment_code
from sync.protocol.ids import clean_code, new_code, six_digits
from sync.protocol.signing import RECEIPT, PublicKey, SigningKey
from tests.backoffice.column import enrolment_request, post
from tests.backoffice.conftest import Clock


def _wrong(code: str) -> str:
    """Another valid code with the same first group."""
    while True:
        other = clean_code(code[:4] + new_code()[4:])
        if other and other != code:
            return other


def _ask(client: httpx.Client, code: str, key: SigningKey | None = None) -> httpx.Response:
    return post(client, "enrolments", enrolment_request(code, key or SigningKey.generate()))


def test_receipt_names_the_column_and_is_signed(client: httpx.Client, office: BackOffice) -> None:
    key = SigningKey.generate()
    receipt = _ask(client, new_enrolment_code(office, "library"), key).json()
    pinned = PublicKey.parse(receipt["publicKey"])
    assert pinned == office.key.public
    assert pinned.verify_object(RECEIPT, receipt)
    assert (receipt["officeId"], receipt["organisationId"], receipt["epoch"]) == ("library", "lindeveld", 1)
    assert receipt["suffix"] == f"K{receipt['kioskOrdinal']}"
    assert receipt["check"] == six_digits(key.public, pinned)


def test_lost_answer_can_be_asked_for_again_by_the_same_column_only(client: httpx.Client, office: BackOffice) -> None:
    code, key = new_enrolment_code(office, "hall"), SigningKey.generate()
    first = _ask(client, code, key).json()
    assert _ask(client, code, key).json() == first
    assert _ask(client, code).status_code == 403
    changed = post(client, "enrolments", enrolment_request(code, key, nonce="m" * 22))
    assert changed.status_code == 403


def test_suffixes_are_unique_in_an_office(client: httpx.Client, office: BackOffice) -> None:
    suffixes = [_ask(client, new_enrolment_code(office, "hall")).json()["suffix"] for _ in range(3)]
    assert suffixes == ["K1", "K2", "K3"]


def test_code_dies_of_age(client: httpx.Client, office: BackOffice, clock: Clock) -> None:
    young, old = new_enrolment_code(office, "hall"), new_enrolment_code(office, "hall")
    clock.pass_seconds(30 * 60 - 1)
    assert _ask(client, young).status_code == 200
    clock.pass_seconds(1)
    assert _ask(client, old).status_code == 403


def test_code_dies_of_wrong_tries(client: httpx.Client, office: BackOffice) -> None:
    lucky, tried = new_enrolment_code(office, "hall"), new_enrolment_code(office, "hall")
    for _ in range(4):
        assert _ask(client, _wrong(lucky)).status_code == 403
    assert _ask(client, lucky).status_code == 200
    for _ in range(5):
        assert _ask(client, _wrong(tried)).status_code == 403
    assert _ask(client, tried).status_code == 403


def test_typing_mistake_costs_no_try(client: httpx.Client, office: BackOffice) -> None:
    code = new_enrolment_code(office, "hall")
    for _ in range(6):
        assert _ask(client, code[:-1] + ("0" if code[-1] != "0" else "1")).status_code == 403
    assert _ask(client, code.lower().replace("-", " ")).status_code == 200


def test_request_not_signed_by_its_own_key_is_refused(client: httpx.Client, office: BackOffice) -> None:
    code = new_enrolment_code(office, "hall")
    other = SigningKey.generate()
    message = {**enrolment_request(code, SigningKey.generate()), "publicKey": str(other.public)}
    answer = post(client, "enrolments", message)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Signature"
    assert _ask(client, code).status_code == 200


def test_request_of_the_wrong_shape_is_refused(client: httpx.Client) -> None:
    good = enrolment_request("ABCD-EFGH-J", SigningKey.generate())
    for member, value in (("publicKey", "short"), ("nonce", "n"), ("nonce", "n" * 201), ("appVersion", "\u0007")):
        assert post(client, "enrolments", {**good, member: value}).status_code == 400, member


def test_code_for_an_office_that_is_not_there_names_those_that_are(office: BackOffice) -> None:
    with pytest.raises(UnknownOffice, match="hall, library"):
        new_enrolment_code(office, "moon")


def test_signing_key_survives_a_restart(office: BackOffice) -> None:
    from sync.backoffice.core import open_back_office

    again = open_back_office(office.database, replace(office.site, practice=False), office.settings)
    assert again.key.public == office.key.public
