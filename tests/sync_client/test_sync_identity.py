"""Joining a back office, and what is kept of it."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.client.column import Column, IdentityDamaged, NotEnrolled, load_column
from sync.client.enrolment import EnrolmentFailed, enrol
from sync.client.identity import KEY_FILE, load_identity
from sync.client.transport import Answer
from sync.protocol.canonical import canonical
from sync.protocol.ids import chain_start, new_code, six_digits
from sync.protocol.messages import EnrolmentRequest, problem_type
from sync.protocol.signing import ENROLMENT, RECEIPT, SigningKey
from tests.sync_client.reference_server import ReferenceServer, problem
from tests.sync_client.wire import Wire

CODE = new_code()


@pytest.fixture
def server() -> ReferenceServer:
    """The back office to join."""
    return ReferenceServer()


def join(folder: Path, server: ReferenceServer) -> Wire:
    """Enrol over an honest wire."""
    wire = Wire(server)
    enrol("http://office/", CODE.lower().replace("-", " "), folder, app_version="1.2", transport=wire)
    return wire


def test_joining_keeps_key_and_receipt_for_us_only(tmp_path: Path, server: ReferenceServer) -> None:
    wire = join(tmp_path / "identity", server)
    url, body, answer = wire.log[0]
    request = EnrolmentRequest.model_validate_json(body)
    assert url == "http://office/kiosk/v1/enrolments"
    assert (request.code, request.app_version) == (CODE, "1.2")
    identity = load_identity(tmp_path / "identity")
    assert str(identity.key.public) == request.public_key
    assert identity.key.public.verify_object(ENROLMENT, json.loads(body))
    assert identity.check == six_digits(identity.key.public, server.key.public)
    assert identity.column.birth == chain_start(answer.body)
    assert identity.column == load_column(tmp_path / "identity")
    for file in (tmp_path / "identity").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_joining_again_uses_the_same_key(tmp_path: Path, server: ReferenceServer) -> None:
    join(tmp_path, server)
    first = load_identity(tmp_path)
    join(tmp_path, server)
    second = load_identity(tmp_path)
    assert second.key.raw == first.key.raw
    assert second.column.source != first.column.source


def test_a_mistyped_code_never_leaves(tmp_path: Path, server: ReferenceServer) -> None:
    wire = Wire(server)
    with pytest.raises(EnrolmentFailed, match="is not a code"):
        enrol("http://office", CODE[:-1] + ("0" if CODE[-1] != "0" else "1"), tmp_path, transport=wire)
    assert wire.posts == 0


@pytest.mark.parametrize("fault", ["request lost", "portal", "portal json", "broken", "redirect", "lying ack"])
def test_a_broken_way_keeps_no_receipt(tmp_path: Path, server: ReferenceServer, fault: str) -> None:
    wire = Wire(server)
    wire.fault = fault if fault != "lying ack" else "portal json"
    with pytest.raises(EnrolmentFailed):
        enrol("http://office", CODE, tmp_path, transport=wire)
    with pytest.raises(NotEnrolled):
        load_column(tmp_path)


def test_a_refused_code_is_told(tmp_path: Path, server: ReferenceServer) -> None:
    server.handle = lambda _url, _body: problem(403, problem_type("codeRefused"))  # type: ignore[method-assign]
    with pytest.raises(EnrolmentFailed, match="codeRefused"):
        enrol("http://office", CODE, tmp_path, transport=Wire(server))


FORGERIES: dict[str, tuple[dict[str, object], str]] = {
    "nonce": ({"nonce": "m" * 16}, "another request"),
    "check": ({"check": "000000"}, "check digits"),
    "epoch": ({"epoch": 0}, "cannot be used"),
    "source": ({"source": ""}, "cannot be used"),
    "time": ({"issuedAt": "2026-11-23T09:00:00"}, "cannot be used"),
    "shape": ({"suffix": None}, "not with a receipt"),
    "key": ({"publicKey": "short"}, "not with a receipt"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_receipt_that_does_not_hold_is_not_kept(tmp_path: Path, server: ReferenceServer, forgery: str) -> None:
    change, why = FORGERIES[forgery]
    forge(server, lambda receipt: server.key.sign_object(RECEIPT, {**receipt, **change}))
    with pytest.raises(EnrolmentFailed, match=why):
        enrol("http://office", CODE, tmp_path, transport=Wire(server))
    with pytest.raises(NotEnrolled):
        load_column(tmp_path)


def test_a_receipt_signed_by_another_key_is_not_kept(tmp_path: Path, server: ReferenceServer) -> None:
    forge(server, lambda receipt: SigningKey(b"\x55" * 32).sign_object(RECEIPT, receipt))
    with pytest.raises(EnrolmentFailed, match="not signed by its own key"):
        enrol("http://office", CODE, tmp_path, transport=Wire(server))


def forge(server: ReferenceServer, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
    """Change every receipt the server gives."""
    honest = server.handle

    def handle(url: str, body: bytes) -> Answer:
        return Answer(200, canonical(change(json.loads(honest(url, body).body))))

    server.handle = handle  # type: ignore[method-assign]


def test_a_column_that_never_joined_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotEnrolled, match=r"run `zuil enrol URL CODE` first"):
        load_identity(tmp_path / "nowhere")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "receipt is no JSON": lambda folder: (folder / "receipt.json").write_text("{"),
    "receipt is no object": lambda folder: (folder / "receipt.json").write_text("[]"),
    "receipt is empty": lambda folder: (folder / "receipt.json").write_text("{}"),
    "receipt was changed": lambda folder: (folder / "receipt.json").write_text(
        (folder / "receipt.json").read_text().replace('"K1"', '"K2"')
    ),
    "key is missing": lambda folder: (folder / KEY_FILE).unlink(),
    "key is text": lambda folder: (folder / KEY_FILE).write_text("not a key!"),
    "key is short": lambda folder: (folder / KEY_FILE).write_text("AAAA"),
    "key is open to others": lambda folder: (folder / KEY_FILE).chmod(0o644),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_identity_is_refused_with_its_file(tmp_path: Path, server: ReferenceServer, damage: str) -> None:
    join(tmp_path, server)
    DAMAGE[damage](tmp_path)
    with pytest.raises(IdentityDamaged, match=r"(receipt\.json|signing\.key): .*enrol again"):
        load_identity(tmp_path)


def test_the_key_is_in_no_representation(tmp_path: Path, server: ReferenceServer) -> None:
    join(tmp_path, server)
    identity = load_identity(tmp_path)
    assert identity.key.raw.hex() not in repr(identity)
    assert repr(identity.key.raw) not in repr(identity)


@pytest.mark.parametrize("name", ["kioskId", "source", "officeId", "suffix", "issuedAt"])
def test_a_missing_member_is_named(server: ReferenceServer, name: str) -> None:
    receipt = server.enrol(SigningKey(b"\x01" * 32).public)
    del receipt[name]
    with pytest.raises(ValueError, match=name):
        Column.of(receipt)
