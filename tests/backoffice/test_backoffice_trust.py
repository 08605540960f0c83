"""Certificates, the trust list, and taking trust away, on both databases; judged by the verifier's own reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from kiosk.documents.seal.keys import FileAttestKey
from kiosk.documents.seal.trust import load_trust
from sync.backoffice import admin, certificates, schema
from sync.backoffice.app import create_app
from sync.backoffice.asked import check_asked
from sync.backoffice.authority import kid_of, load_authority, make_office_key
from sync.backoffice.core import BackOffice
from sync.backoffice.database import Database
from sync.backoffice.enrolment import new_enrolment_code
from sync.backoffice.kiosks import revoke_kiosk
from sync.backoffice.problems import Refusal
from sync.backoffice.server import BackOfficeServer
from sync.backoffice.trust import (
    NoAuthority,
    UnknownAttest,
    UnknownCertificate,
    WrongState,
    revoke_attest,
    revoke_certificate,
    trust_list,
    void_attest,
)
from sync.protocol.attests import CERTIFICATE, CERTIFICATE_REQUEST, TRUST, CertificateRequest
from sync.protocol.canonical import b64url, canonical, unb64url
from sync.protocol.signing import SigningKey
from tests.backoffice.attesting import Desk, certificate_request, certified, csr_of
from tests.backoffice.column import Column, Json, post
from tests.backoffice.conftest import QUICK, Clock
from tests.backoffice.sites import SITE

DAY = 86_400


def _problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["type"]).rpartition(":")[2]


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _moment(clock: Clock) -> datetime:
    return datetime.fromtimestamp(clock.now / 1000, UTC)


def _entry(office: BackOffice, kid: str) -> Json:
    issuers = trust_list(office)["issuers"]
    assert isinstance(issuers, list)
    return next(entry for entry in issuers if entry["kid"] == kid)


def _version(office: BackOffice) -> int:
    return int(str(trust_list(office)["version"]))


def _subject(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> object:
    return certificate.subject.get_attributes_for_oid(oid)[0].value


def test_a_certificate_names_column_and_enterprise_and_is_for_seals_only(
    client: httpx.Client, column: Column, office: BackOffice, clock: Clock
) -> None:
    key = _new_key()
    answer = post(client, "certificates", certificate_request(column, csr_of(key))).json()
    assert office.key.public.verify_object(CERTIFICATE, answer)
    (above,) = [x509.load_der_x509_certificate(unb64url(der)) for der in answer["chain"]]
    made = x509.load_der_x509_certificate(unb64url(answer["certificate"]))
    made.verify_directly_issued_by(above)
    above.verify_directly_issued_by(above)
    assert made.public_key() == key.public_key()
    assert _subject(made, NameOID.COMMON_NAME) == column.receipt["kioskId"]
    assert _subject(made, NameOID.ORGANIZATION_NAME) == "Lindeveld"
    assert _subject(made, NameOID.ORGANIZATION_IDENTIFIER) == "NTRBE-0199999944"
    usage = made.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert made.not_valid_before_utc == _moment(clock) - timedelta(hours=1)
    assert made.not_valid_after_utc == _moment(clock) + timedelta(days=60)
    assert above.extensions.get_extension_for_class(x509.BasicConstraints).value == x509.BasicConstraints(True, 0)
    assert above.not_valid_after_utc - above.not_valid_before_utc == timedelta(days=3650)


def test_the_authority_is_made_once(office: BackOffice, database: Database) -> None:
    with database.write() as connection:
        first = load_authority(office, connection).der
    with database.write() as connection:
        assert load_authority(office, connection).der == first


def test_a_lost_answer_gets_the_same_certificate_while_it_lasts(
    client: httpx.Client, column: Column, office: BackOffice, clock: Clock
) -> None:
    key = _new_key()
    first = certified(client, column, key)
    version = _version(office)
    assert certified(client, column, key) == first
    assert _version(office) == version, "nothing is new for anybody"
    clock.pass_seconds(61 * DAY)
    column.clock_ms = clock.now
    assert certified(client, column, key) != first


def test_a_request_is_refused_when_replayed_old_or_not_signed(
    client: httpx.Client, column: Column, clock: Clock
) -> None:
    request = certificate_request(column, csr_of(_new_key()))
    assert post(client, "certificates", request).status_code == 200
    assert _problem(post(client, "certificates", request)) == (401, "replayedRequest")
    column.clock_ms -= 301_000
    late = post(client, "certificates", certificate_request(column, csr_of(_new_key())))
    assert _problem(late) == (401, "clockSkew")
    assert late.json()["serverTime"]
    column.clock_ms = clock.now
    forged = {**certificate_request(column, csr_of(_new_key())), "csr": b64url(csr_of(_new_key()))}
    assert _problem(post(client, "certificates", forged)) == (401, "invalidSignature")
    other_kind = column.key.sign_object("kiosk-heartbeat-v1", certificate_request(column, csr_of(_new_key())))
    assert _problem(post(client, "certificates", other_kind)) == (401, "invalidSignature")
    stranger = SigningKey.generate().sign_object(CERTIFICATE_REQUEST, certificate_request(column, csr_of(_new_key())))
    assert _problem(post(client, "certificates", stranger)) == (401, "invalidSignature")
    unprintable = certificate_request(column, csr_of(_new_key()), nonce="\u0000" * 16)
    assert _problem(post(client, "certificates", unprintable)) == (400, "schemaViolation")


def test_without_its_nonce_table_a_replay_gets_in(
    office: BackOffice, column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = certificate_request(column, csr_of(_new_key()))
    assert not isinstance(check_asked(office, request, CertificateRequest, CERTIFICATE_REQUEST), Refusal)
    assert isinstance(check_asked(office, request, CertificateRequest, CERTIFICATE_REQUEST), Refusal)
    monkeypatch.setattr("sync.backoffice.asked.nonce_is_new", lambda *_: True)
    assert not isinstance(check_asked(office, request, CertificateRequest, CERTIFICATE_REQUEST), Refusal)


def _rsa_request() -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    empty = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return empty.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _edwards_request() -> bytes:
    empty = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return empty.sign(ed25519.Ed25519PrivateKey.generate(), None).public_bytes(Encoding.DER)


def _unproved_request() -> bytes:
    """The key of somebody else, taken from their certificate; the last byte of the signature is another."""
    good = bytearray(csr_of(_new_key()))
    good[-1] ^= 1
    return bytes(good)


NO_REQUESTS: dict[str, Callable[[], bytes]] = {
    "rsa": _rsa_request,
    "ed25519": _edwards_request,
    "another curve": lambda: csr_of(ec.generate_private_key(ec.SECP384R1())),
    "not proved": _unproved_request,
    "cut off": lambda: csr_of(_new_key())[:-3],
    "something behind": lambda: csr_of(_new_key()) + b"\x00",
    "nothing": lambda: b"",
    "noise": lambda: bytes(range(256)) * 4,
}


@pytest.mark.parametrize("wrong", NO_REQUESTS)
def test_only_a_proved_p256_key_is_certified(
    client: httpx.Client, column: Column, office: BackOffice, wrong: str
) -> None:
    answer = post(client, "certificates", certificate_request(column, NO_REQUESTS[wrong]()))
    assert _problem(answer) == (400, "schemaViolation")
    assert answer.json()["detail"].startswith("csr: ")
    assert trust_list(office)["issuers"] == []


def test_a_request_that_is_no_base64url_is_refused(client: httpx.Client, column: Column) -> None:
    answer = post(client, "certificates", certificate_request(column, b"", csr="!é"))
    assert _problem(answer) == (400, "schemaViolation")


def test_without_the_proof_a_key_of_somebody_else_is_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of `not proved`."""
    assert isinstance(certificates.key_of_request(_unproved_request()), str)

    class Believing:
        def __init__(self, request: x509.CertificateSigningRequest) -> None:
            self.public_key = request.public_key
            self.is_signature_valid = True

    real = x509.load_der_x509_csr
    monkeypatch.setattr(x509, "load_der_x509_csr", lambda der: Believing(real(der)))
    assert not isinstance(certificates.key_of_request(_unproved_request()), str)


def test_a_column_gets_a_few_certificates_a_day(client: httpx.Client, column: Column, clock: Clock) -> None:
    for _ in range(certificates.MOST_A_DAY):
        certified(client, column)
    more = post(client, "certificates", certificate_request(column, csr_of(_new_key())))
    assert _problem(more) == (429, "tooManyRequests")
    clock.pass_seconds(DAY + 1)
    column.clock_ms = clock.now
    certified(client, column)


def test_a_site_without_an_enterprise_number_has_no_attests(database_url: str, clock: Clock) -> None:
    silent = replace(SITE, enterprise_number="")
    with (
        BackOfficeServer(create_app(database_url, silent, settings=QUICK, clock=clock)) as server,
        httpx.Client(base_url=server.url, timeout=10) as client,
    ):
        column = Column.join(client, new_enrolment_code(server.office, "hall"), clock.now)
        refused = post(client, "certificates", certificate_request(column, csr_of(_new_key())))
        assert _problem(refused) == (404, "resourceNotFound")
        assert "enterprise number" in refused.json()["detail"]
        assert _problem(client.get("/trust.json")) == (404, "resourceNotFound")
        with pytest.raises(NoAuthority):
            trust_list(server.office)


def test_an_authority_of_another_enterprise_is_not_used(office: BackOffice) -> None:
    trust_list(office)
    with pytest.raises(NoAuthority, match="another enterprise number"):
        trust_list(replace(office, site=replace(SITE, enterprise_number="0188888894"), trust={}))


def test_the_list_is_signed_public_and_believed_by_the_verifier(
    client: httpx.Client, column: Column, office: BackOffice
) -> None:
    certificate = certified(client, column)
    answer = client.get("/trust.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert office.key.public.verify_object(TRUST, answer.json())
    trust = load_trust(answer.content, pinned=office.key.public)
    known = trust.issuer(unb64url(kid_of(certificate)))
    assert known is not None
    assert (known.issuer, known.organisation, known.revoked_from) == ("BE:0199999944", "Lindeveld", None)


def test_the_list_is_sent_again_only_when_version_or_day_is_another(
    client: httpx.Client, column: Column, clock: Clock
) -> None:
    first = client.get("/trust.json")
    tag = first.headers["etag"]
    clock.pass_seconds(60)
    again = client.get("/trust.json", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    certified(client, column)
    changed = client.get("/trust.json", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.json()["version"] == first.json()["version"] + 1
    clock.pass_seconds(DAY)
    fresh = client.get("/trust.json", headers={"If-None-Match": changed.headers["etag"]})
    assert fresh.json()["issuedAt"] > changed.json()["issuedAt"]
    assert fresh.json()["version"] == changed.json()["version"]


def test_a_revoked_column_gets_nothing_and_its_seals_stop_counting(
    client: httpx.Client, column: Column, office: BackOffice, clock: Clock
) -> None:
    kid = kid_of(certified(client, column))
    before = _version(office)
    assert "revokedFrom" not in _entry(office, kid)
    revoke_kiosk(office, str(column.receipt["kioskId"]))
    trust = load_trust(canonical(trust_list(office)))
    issuer = trust.issuer(unb64url(kid))
    assert issuer is not None
    assert issuer.revoked_from == _moment(clock)
    assert trust.version > before
    refused = post(client, "certificates", certificate_request(column, csr_of(_new_key())))
    assert _problem(refused) == (403, "kioskRevoked")


def test_a_key_is_revoked_from_the_earliest_moment_told(
    client: httpx.Client, column: Column, office: BackOffice, clock: Clock
) -> None:
    key = _new_key()
    kid = kid_of(certified(client, column, key))
    revoke_certificate(office, kid, clock.now)
    version, told = _version(office), _entry(office, kid)["revokedFrom"]
    revoke_certificate(office, kid, clock.now + 5000)
    assert (_version(office), _entry(office, kid)["revokedFrom"]) == (version, told)
    revoke_certificate(office, kid, clock.now - 5000)
    assert str(_entry(office, kid)["revokedFrom"]) < str(told)
    refused = post(client, "certificates", certificate_request(column, csr_of(key)))
    assert _problem(refused) == (400, "schemaViolation")
    with pytest.raises(UnknownCertificate):
        revoke_certificate(office, "nobody", clock.now)


def test_attests_are_taken_back_once_and_stand_on_the_list(
    client: httpx.Client, column: Column, office: BackOffice, database: Database
) -> None:
    desk = Desk.at(client, column)
    one, two = desk.issue(), desk.issue()
    column.send(client)
    version = _version(office)
    revoke_attest(office, one, "wrong person", "an")
    revoke_attest(office, one, "again", "bo")
    void_attest(office, two, "nobody took it", "an")
    trust = load_trust(canonical(trust_list(office)))
    assert trust.version == version + 2
    assert trust.revoked_ids == {_id_bytes(one), _id_bytes(two)}
    table = schema.attest.c
    with database.read() as connection:
        rows = connection.execute(select(table.id, table.state, table.reason, table.decided_by)).all()
    assert {row.id: tuple(row[1:]) for row in rows} == {
        one: ("revoked", "wrong person", "an"),
        two: ("voided", "nobody took it", "an"),
    }
    with pytest.raises(WrongState, match="revoked already"):
        void_attest(office, one, "x", "an")
    with pytest.raises(WrongState, match="voided already"):
        revoke_attest(office, two, "x", "an")
    with pytest.raises(UnknownAttest):
        revoke_attest(office, "nobody", "x", "an")


def _id_bytes(attest_id: str) -> bytes:
    return bytes.fromhex(attest_id.replace("-", ""))


def test_the_command_line_carries_the_list_and_takes_back_by_number(
    database_url: str, client: httpx.Client, column: Column, office: BackOffice, tmp_path: Path
) -> None:
    desk = Desk.at(client, column)
    attest_id = desk.issue()
    column.send(client)
    admin.revoke_attest(database_url, SITE, "hall-K1-2026-00001", "wrong person", "command line")
    trust = load_trust(admin.trust_list(database_url, SITE), pinned=office.key.public)
    assert trust.revoked(_id_bytes(attest_id))
    with pytest.raises(UnknownAttest, match="hall-K9"):
        admin.revoke_attest(database_url, SITE, "hall-K9-2026-00001", "x", "command line")


def test_the_back_office_has_a_key_of_its_own_in_a_folder(office: BackOffice, tmp_path: Path) -> None:
    key = make_office_key(office, tmp_path / "office")
    assert FileAttestKey.load(tmp_path / "office").kid == key.kid
    trust = load_trust(canonical(trust_list(office)))
    assert trust.issuer(key.kid) is not None
    assert key.chain == trust.authorities
    assert make_office_key(office, tmp_path / "office").kid != key.kid
