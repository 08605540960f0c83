"""Adyen's own library for Node pays at our simulated terminal and judges our encryption, and we judge its.

The library is installed for the run from the lock in `adyen/`; without npm and its registry these tests fail.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.payments.adyen.crypto import Key
from drivers.payments.adyen.envelope import Opened, open_sealed, seal
from drivers.payments.adyen.header import Category, request
from drivers.payments.adyen.refusals import Tampered, UnknownKey
from drivers.payments.adyen.values import (
    Abort,
    AskStatus,
    Diagnosis,
    Payment,
    Question,
    Reference,
    Reversal,
    Transaction,
)
from drivers.payments.adyen.writing import category_of, write_header, write_question
from drivers.simulated.terminal.adyen.oddities import Oddity
from drivers.simulated.terminal.adyen.terminal import KEY, POI_ID, SimulatedAdyenTerminal
from drivers.simulated.terminal.ledger import Booking
from drivers.simulated.terminal.scripts import Script

NODE = "/usr/bin/node"
SALE = "PEER-1"
PAYMENT = Payment(Transaction("peer-7F3K", "2026-11-22T09:15:00.000Z"), 1250)
QUESTIONS: tuple[Question, ...] = (
    PAYMENT,
    Abort(Reference(Category.PAYMENT, "K000000417", SALE, POI_ID)),
    AskStatus(Reference(Category.PAYMENT, "K000000417", SALE)),
    Reversal(Transaction("kB4a000000001.TEST000000000001", "2026-11-22T09:15:21.000Z")),
    Diagnosis(),
)
Tree = dict[str, object]
Peer = Callable[..., list[Tree]]

pytestmark = pytest.mark.xdist_group("adyen-peer")  # one installation is enough


@pytest.fixture
def peer(adyen_library: Path) -> Peer:
    """Gives commands to the library; see `adyen/peer.mjs`."""

    def ask(*commands: Tree) -> list[Tree]:
        ran = subprocess.run(
            [NODE, "peer.mjs"],
            cwd=adyen_library,
            input=json.dumps(commands),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert ran.returncode == 0, ran.stderr
        told: list[Tree] = json.loads(ran.stdout)
        return told

    return ask


@pytest.fixture
def terminal() -> Iterator[SimulatedAdyenTerminal]:
    with SimulatedAdyenTerminal() as simulated:
        yield simulated


def key_of(key: Key = KEY) -> Tree:
    return {"identifier": key.identifier, "version": key.version, "passphrase": key.passphrase}


def as_json(tree: object) -> object:
    """The same with plain numbers."""
    return json.loads(json.dumps(tree, default=float))


def message(question: Question, number: str) -> Tree:
    """A whole message of ours in clear."""
    found = as_json(write_question(request(category_of(question), number, SALE, POI_ID), question))
    assert isinstance(found, dict)
    return found


def asking(terminal: SimulatedAdyenTerminal, folder: Path, question: Question, number: str, key: Key = KEY) -> Tree:
    authority = folder / "ca.pem"
    authority.write_text(terminal.ca_pem)
    shared = {"port": terminal.port, "ca": str(authority), "key": key_of(key)}
    return {"do": "ask", **shared, "request": message(question, number)}


def at(tree: object, *path: str) -> object:
    for name in path:
        assert isinstance(tree, dict), f"{name} in {tree}"
        tree = tree[name]
    return tree


@pytest.mark.parametrize("oddity", [None, Oddity.CHUNKED, Oddity.BASE64_ADDITIONAL])
def test_the_library_pays_asks_and_undoes_at_our_terminal(
    peer: Peer, terminal: SimulatedAdyenTerminal, tmp_path: Path, oddity: Oddity | None
) -> None:
    terminal.oddity = oddity
    (paid,) = peer(asking(terminal, tmp_path, PAYMENT, "P000000001"))
    reply = at(paid, "told", "SaleToPOIResponse", "PaymentResponse")
    assert at(reply, "Response", "Result") == "Success"
    assert at(reply, "PaymentResult", "AmountsResp") == {"AuthorizedAmount": 12.5, "Currency": "EUR"}
    assert terminal.ledger.bookings == (Booking(1, 1250, "peer-7F3K"),)
    name = at(reply, "POIData", "POITransactionID")
    original = Transaction(str(at(name, "TransactionID")), str(at(name, "TimeStamp")))
    earlier = AskStatus(Reference(Category.PAYMENT, "P000000001", SALE))
    found, health, undone, twice = peer(
        asking(terminal, tmp_path, earlier, "P000000002"),
        asking(terminal, tmp_path, Diagnosis(), "P000000003"),
        asking(terminal, tmp_path, Reversal(original), "P000000004"),
        asking(terminal, tmp_path, Reversal(original), "P000000005"),
    )
    status = at(found, "told", "SaleToPOIResponse", "TransactionStatusResponse", "RepeatedMessageResponse")
    assert at(status, "MessageHeader", "ServiceID") == "P000000001"
    repeated = at(status, "RepeatedResponseMessageBody", "PaymentResponse")
    assert at(repeated, "Response", "Result") == "Success"
    assert at(health, "told", "SaleToPOIResponse", "DiagnosisResponse", "POIStatus", "GlobalStatus") == "OK"
    assert at(undone, "told", "SaleToPOIResponse", "ReversalResponse", "Response", "Result") == "Success"
    assert at(twice, "told", "SaleToPOIResponse", "ReversalResponse", "Response", "Result") == "Failure"
    assert terminal.ledger.balance_cents == 0


@pytest.mark.parametrize(
    ("script", "condition"),
    [(Script.DECLINE, "Refusal"), (Script.CANCEL_BY_CITIZEN, "Cancel"), (Script.BUSY, "Busy")],
)
def test_the_library_hears_why_a_payment_failed(
    peer: Peer, terminal: SimulatedAdyenTerminal, tmp_path: Path, script: Script, condition: str
) -> None:
    terminal.script = script
    (told,) = peer(asking(terminal, tmp_path, PAYMENT, "P000000001"))
    reply = at(told, "told", "SaleToPOIResponse", "PaymentResponse", "Response")
    assert (at(reply, "Result"), at(reply, "ErrorCondition")) == ("Failure", condition)
    assert terminal.ledger.bookings == ()


@pytest.mark.parametrize(("script", "charged"), [(Script.WAITS_FOR_CANCEL, 0), (Script.IGNORES_CANCEL, 1250)])
def test_the_library_aborts_while_it_waits(
    peer: Peer, terminal: SimulatedAdyenTerminal, tmp_path: Path, script: Script, charged: int
) -> None:
    terminal.script = script
    pay = asking(terminal, tmp_path, PAYMENT, "P000000001")
    abort = message(Abort(Reference(Category.PAYMENT, "P000000001", SALE, POI_ID)), "P000000002")
    (told,) = peer({**pay, "do": "payAndAbort", "abort": abort, "afterMs": 700})
    assert at(told, "told", "aborted") == {}, "an abort is answered with nothing"
    reply = at(told, "told", "payment", "SaleToPOIResponse", "PaymentResponse", "Response")
    assert at(reply, "Result") == ("Success" if charged else "Failure")
    assert terminal.ledger.balance_cents == charged


def test_the_library_with_another_passphrase_is_turned_away_and_nothing_is_booked(
    peer: Peer, terminal: SimulatedAdyenTerminal, tmp_path: Path
) -> None:
    wrong = Key(KEY.identifier, KEY.version, "another-passphrase")
    (told,) = peer(asking(terminal, tmp_path, PAYMENT, "P000000001", wrong))
    assert "refused" in told
    assert terminal.ledger.bookings == ()


@pytest.mark.parametrize("oddity", [Oddity.BAD_HMAC, Oddity.REJECT])
def test_the_library_refuses_what_our_terminal_spoils(
    peer: Peer, terminal: SimulatedAdyenTerminal, tmp_path: Path, oddity: Oddity
) -> None:
    terminal.oddity = oddity
    (told,) = peer(asking(terminal, tmp_path, PAYMENT, "P000000001"))
    assert "refused" in told


def test_the_library_refuses_a_certificate_of_another_authority_and_of_no_terminal(
    peer: Peer, terminal: SimulatedAdyenTerminal, tmp_path: Path
) -> None:
    with SimulatedAdyenTerminal(common_name="terminal.example") as stranger:
        other = {**asking(stranger, tmp_path, PAYMENT, "P000000001"), "port": terminal.port}
        (untrusted,) = peer(other)
        (unnamed,) = peer(asking(stranger, tmp_path, PAYMENT, "P000000001"))
    assert "refused" in untrusted
    assert "verify certificate" in str(unnamed["refused"])
    assert terminal.ledger.bookings == ()


def test_the_library_reads_every_message_of_our_driver(peer: Peer) -> None:
    ours = [write_question(request(category_of(q), f"K{n:09}", SALE, POI_ID), q) for n, q in enumerate(QUESTIONS, 1)]
    sealed = [json.loads(seal(each, KEY))["SaleToPOIRequest"] for each in ours]
    told = peer(*({"do": "open", "key": key_of(), "message": each} for each in sealed))
    for mine, said in zip(ours, told, strict=True):
        for way in ("old", "young"):
            assert json.loads(str(at(said, "told", way, "told"))) == as_json(mine)


def test_we_read_every_message_of_the_library(peer: Peer) -> None:
    header = as_json(write_header(request(Category.PAYMENT, "K000000001", SALE, POI_ID)))
    texts = [
        json.dumps({"SaleToPOIResponse": {"MessageHeader": header, "note": "é€ü🎫" * size}}, ensure_ascii=False)
        for size in range(18)
    ]
    told = peer(*({"do": "seal", "key": key_of(), "header": header, "plain": each} for each in texts))
    for plain, said in zip(texts, told, strict=True):
        for way in ("old", "young"):
            opened = open_sealed(json.dumps({"SaleToPOIResponse": at(said, "told", way)}).encode(), [KEY])
            assert isinstance(opened, Opened)
            assert opened.plain == plain.encode()


def test_both_refuse_every_tampered_message(peer: Peer) -> None:
    whole = json.loads(seal(message(PAYMENT, "K000000417"), KEY))["SaleToPOIRequest"]  # type: ignore[arg-type]
    tampered = [_flipped(whole, bit) for bit in range(0, 8 * len(base64.b64decode(whole["NexoBlob"])), 97)]
    for name in ("Nonce", "Hmac"):
        tampered += [_flipped(whole, bit, name) for bit in range(0, 128, 9)]
    told = peer(*({"do": "open", "key": key_of(), "message": each} for each in [*tampered, whole]))
    *spoiled, good = told
    assert all("told" in at_dict(good, "told", way) for way in ("old", "young"))
    for altered, said in zip(tampered, spoiled, strict=True):
        assert all("refused" in at_dict(said, "told", way) for way in ("old", "young"))
        assert isinstance(open_sealed(json.dumps({"SaleToPOIRequest": altered}).encode(), [KEY]), Tampered)


def test_both_refuse_another_version_of_the_key(peer: Peer) -> None:
    sealed = seal(message(PAYMENT, "K000000417"), Key(KEY.identifier, 2, KEY.passphrase))  # type: ignore[arg-type]
    (told,) = peer({"do": "open", "key": key_of(), "message": json.loads(sealed)["SaleToPOIRequest"]})
    assert "refused" in at_dict(told, "told", "young")
    assert "told" in at_dict(told, "told", "old"), "the library's older module does not look"
    assert isinstance(open_sealed(sealed, [KEY]), UnknownKey)


def at_dict(tree: object, *path: str) -> Tree:
    found = at(tree, *path)
    assert isinstance(found, dict)
    return found


def _flipped(whole: dict[str, object], bit: int, name: str = "NexoBlob") -> Tree:
    altered: dict[str, object] = json.loads(json.dumps(whole))
    place = altered if name == "NexoBlob" else at_dict(altered, "SecurityTrailer")
    data = bytearray(base64.b64decode(str(place[name])))
    data[bit // 8] ^= 1 << bit % 8
    place[name] = base64.b64encode(data).decode()
    return altered
