"""The envelope: the vector everybody computes alike, and refusals of everything that was touched."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.payments.adyen.crypto import Key, derive, lock, unlock
from drivers.payments.adyen.envelope import Opened, open_sealed, seal
from drivers.payments.adyen.json_text import Json, parse, write
from drivers.payments.adyen.refusals import Malformed, Refusal, Rejected, Tampered, UnknownKey, WrongHeader

KEY = Key("kiosk-key", 1, "kiosk-test-passphrase")
NONCE = bytes(range(16))
HEADER: dict[str, Json] = {"ProtocolVersion": "3.0", "ServiceID": "K000000417"}
MESSAGE: dict[str, Json] = {"SaleToPOIRequest": {"MessageHeader": HEADER, "PaymentRequest": {"note": "é € 🎫"}}}
SEALED = seal(MESSAGE, KEY, NONCE)


def altered(place: str, value: object) -> bytes:
    """The sealed message with another value at "NexoBlob", "SecurityTrailer.Nonce" and the like."""
    tree = json.loads(SEALED)
    *path, name = place.split(".")
    found = tree["SaleToPOIRequest"]
    for each in path:
        found = found[each]
    found[name] = value
    return json.dumps(tree).encode()


def test_the_vector_that_unrelated_programs_compute() -> None:
    secrets = derive(KEY.passphrase)
    assert secrets.mac.hex() == "6bcafb8e020dab45b61540a4d32c81c5e2696d85566ce061d3769f324264f01d"
    assert secrets.cipher.hex() == "09143606990fe40fad763d9fc31d84c7d51edfdb7bbb82339c1a250e0bd18b5c"
    assert secrets.vector.hex() == "8d0ac6387ce96b574a4ca0fa003294cb"
    locked = lock(b'{"SaleToPOIRequest":{}}', secrets, NONCE)
    assert base64.b64encode(locked.nonce) == b"AAECAwQFBgcICQoLDA0ODw=="
    assert base64.b64encode(locked.blob) == b"SC5nHBuGgJbQLCH0DJlW85QZai/hkvrwIQmBed/mVtQ="
    assert base64.b64encode(locked.mac) == b"VQ+q1Fys/4ra1kPy8q1kHnJBZ11/2qGkbBd4VeD1FrQ="


def test_the_envelope_has_the_header_in_clear_and_names_its_key() -> None:
    outer = json.loads(SEALED)["SaleToPOIRequest"]
    assert list(outer) == ["MessageHeader", "NexoBlob", "SecurityTrailer"]
    assert outer["MessageHeader"] == HEADER
    trailer = {name: outer["SecurityTrailer"][name] for name in ("AdyenCryptoVersion", "KeyIdentifier", "KeyVersion")}
    assert trailer == {"AdyenCryptoVersion": 1, "KeyIdentifier": "kiosk-key", "KeyVersion": 1}


def test_a_nonce_is_drawn_anew_and_secrets_are_derived_once() -> None:
    assert seal(MESSAGE, KEY) != seal(MESSAGE, KEY)
    assert KEY.secrets is KEY.secrets
    assert KEY.passphrase not in repr(KEY)


@given(st.binary(max_size=200))
def test_any_bytes_come_back(plain: bytes) -> None:
    assert unlock(lock(plain, KEY.secrets), KEY.secrets) == plain


@settings(deadline=None)
@given(st.sampled_from(["blob", "nonce", "mac"]), st.integers(0, 10_000))
def test_any_flipped_bit_is_refused(part: str, bit: int) -> None:
    locked = lock(b"a message of some length, more than two blocks", KEY.secrets, NONCE)
    parts = {"blob": locked.blob, "nonce": locked.nonce, "mac": locked.mac}
    data = bytearray(parts[part])
    data[bit // 8 % len(data)] ^= 1 << bit % 8
    spoilt = type(locked)(**{**parts, part: bytes(data)})
    assert unlock(spoilt, KEY.secrets) == Tampered()


@given(st.sampled_from(["NexoBlob", "SecurityTrailer.Nonce", "SecurityTrailer.Hmac"]), st.data())
def test_any_other_letter_in_the_envelope_is_refused(place: str, data: st.DataObject) -> None:
    tree = json.loads(SEALED)["SaleToPOIRequest"]
    text = tree[place] if place == "NexoBlob" else tree["SecurityTrailer"][place.split(".")[1]]
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(min_codepoint=32, max_codepoint=126).filter(lambda c: c != text[at]))
    found = open_sealed(altered(place, text[:at] + letter + text[at + 1 :]), [KEY])
    assert isinstance(found, (Tampered, Malformed))


@pytest.mark.parametrize(
    ("place", "value", "refusal"),
    [
        ("MessageHeader.ServiceID", "K000000418", WrongHeader),
        ("MessageHeader", None, WrongHeader),
        ("MessageHeader", {}, WrongHeader),
        ("SecurityTrailer.KeyVersion", 2, UnknownKey),
        ("SecurityTrailer.KeyVersion", True, UnknownKey),
        ("SecurityTrailer.KeyVersion", "1", UnknownKey),
        ("SecurityTrailer.KeyIdentifier", "other", UnknownKey),
        ("SecurityTrailer.AdyenCryptoVersion", 2, UnknownKey),
        ("SecurityTrailer.Nonce", "AAEC", Tampered),
        ("SecurityTrailer.Hmac", "", Tampered),
        ("SecurityTrailer.Hmac", None, Malformed),
        ("SecurityTrailer", None, Malformed),
        ("NexoBlob", "", Tampered),
        ("NexoBlob", "AAAA", Tampered),
        ("NexoBlob", 7, Malformed),
    ],
)
def test_each_part_is_checked(place: str, value: object, refusal: type[Refusal]) -> None:
    found = open_sealed(altered(place, value), [KEY])
    assert type(found) is refusal


def test_bad_padding_and_a_bad_signature_look_the_same() -> None:
    blob = base64.b64decode(json.loads(SEALED)["SaleToPOIRequest"]["NexoBlob"])
    cut = open_sealed(altered("NexoBlob", base64.b64encode(blob[:-16]).decode()), [KEY])
    unsigned = open_sealed(altered("SecurityTrailer.Hmac", base64.b64encode(bytes(32)).decode()), [KEY])
    assert cut == unsigned == Tampered()


def test_an_untouched_message_is_opened_with_any_of_our_keys() -> None:
    young = Key("kiosk-key", 2, "next-passphrase")
    for key in (KEY, young):
        found = open_sealed(seal(MESSAGE, key), [young, KEY])
        assert isinstance(found, Opened)
        assert {found.root: found.message} == MESSAGE
    assert isinstance(open_sealed(seal(MESSAGE, young), [KEY]), UnknownKey)


def test_the_bytes_that_were_signed_are_judged_and_not_a_copy_of_ours() -> None:
    spaced = json.dumps(MESSAGE, ensure_ascii=True, indent=3).encode()
    locked = lock(spaced, KEY.secrets)
    tree = json.loads(SEALED)["SaleToPOIRequest"]
    tree["NexoBlob"] = base64.b64encode(locked.blob).decode()
    tree["SecurityTrailer"].update(
        Nonce=base64.b64encode(locked.nonce).decode(), Hmac=base64.b64encode(locked.mac).decode()
    )
    found = open_sealed(json.dumps({"SaleToPOIRequest": tree}).encode(), [KEY])
    assert isinstance(found, Opened)
    assert found.plain == spaced


def test_a_rejection_in_clear_is_told_apart_and_anything_else_in_clear_is_not_believed() -> None:
    event: dict[str, Json] = {"EventToNotify": "Reject", "EventDetails": "message=no key\x00"}
    found = open_sealed(write({"SaleToPOIRequest": {"EventNotification": event}}), [KEY])
    assert isinstance(found, Rejected)
    assert "message=no key;" in found.why
    assert isinstance(open_sealed(write(MESSAGE), [KEY]), Malformed)
    paid: Json = {"SaleToPOIResponse": {"PaymentResponse": {"Response": {"Result": "Success"}}}}
    assert isinstance(open_sealed(write(paid), [KEY]), Malformed)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_refusal(data: bytes) -> None:
    assert isinstance(open_sealed(data, [KEY]), Malformed)


@given(json_values, st.sampled_from(["MessageHeader", "NexoBlob", "SecurityTrailer", "SecurityTrailer.KeyIdentifier"]))
def test_any_value_in_any_place_gives_a_refusal(value: object, place: str) -> None:
    found = open_sealed(altered(place, value), [KEY])
    assert not isinstance(found, Opened)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"SaleToPOIResponse":' * 5000,
        b'{"SaleToPOIResponse":{},"SaleToPOIResponse":{}}',
        b'{"SaleToPOIResponse":NaN}',
        b'{"SaleToPOIResponse":' + b"9" * 5000 + b"}",
        b'{"a":{}}',
        b"{}",
        b"ok",
        b"\xff\xfe",
    ],
)
def test_json_that_means_harm_is_malformed(data: bytes) -> None:
    assert isinstance(open_sealed(data, [KEY]), Malformed)


def test_a_second_spelling_of_the_same_bytes_is_refused() -> None:
    nonce = json.loads(SEALED)["SaleToPOIRequest"]["SecurityTrailer"]["Nonce"]
    other = nonce.replace("Dw==", "Dx==")
    assert base64.b64decode(other) == base64.b64decode(nonce)
    assert isinstance(open_sealed(altered("SecurityTrailer.Nonce", other), [KEY]), Malformed)


def test_a_name_that_stands_twice_is_malformed_and_not_the_last_of_the_two() -> None:
    assert isinstance(parse(b'{"Result":"Failure","Result":"Success"}'), Malformed)
    assert parse(b'{"Result":"Failure"}') == {"Result": "Failure"}
