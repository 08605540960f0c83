"""Bytes and values of ZVT: every example of the reference, round trips, and bytes nobody should send."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.contract import Health, Reason
from drivers.payment_contract import Ids, PaymentOrder, Step, Total
from drivers.payments.zvt import codes, commands
from drivers.payments.zvt import fields as f
from drivers.payments.zvt.apdu import LONGEST, Apdu, take
from drivers.payments.zvt.fields import Field, encode_fields, read_fields
from drivers.payments.zvt.malformed import Malformed
from drivers.payments.zvt.messages import (
    Failed,
    Progress,
    read_failed,
    read_progress,
    read_registered,
    read_status,
    read_terminal_state,
)
from drivers.payments.zvt.numbers import bcd, from_bcd, read_length, with_length
from drivers.payments.zvt.profile import ZvtProfile
from drivers.payments.zvt.progress import step_of
from drivers.payments.zvt.receipts import Receipts
from drivers.payments.zvt.recovery import terminal_time
from drivers.payments.zvt.text import decode, masked
from drivers.payments.zvt.tlv import Tlv, encode_all, encode_length, read_all, read_size
from drivers.payments.zvt.totals import read_totals
from tests.drivers.zvt_bench import APPROVAL, NOW, ORDER

PLAIN = ZvtProfile(goods_questions=5, tells_language=False)


def raw(text: str) -> bytes:
    return bytes.fromhex(text)


GOLDEN = [
    (commands.POSITIVE, "80 00 00"),
    (commands.GOODS_NOT_YET, "84 9C 00"),
    (commands.GOODS_NOT_OUT, "84 CC 00"),
    (commands.ABORT, "06 B0 00"),
    (commands.LOG_OFF, "06 02 00"),
    (commands.status_enquiry("000000"), "05 01 05 00 00 00 03 02"),
    (commands.repeat_last("123456"), "06 20 05 12 34 56 03 03"),
    (
        commands.authorisation(ORDER, PLAIN).message,
        "06 01 10 04 00 00 00 00 12 50 49 09 78 19 40 01 3C 02 05",
    ),
    (
        commands.registration("000000", ZvtProfile(), (Tlv(0x1F73, bytes(3)),)),
        "06 00 17 000000 BE 0978 06 0F 26 04 0A 02 06 D3 12 01 48 1F 73 03 000000",
    ),
    (commands.reversal("000000", "0042").message, "06 30 06 000000 87 0042"),
    (commands.reversal("123456", "0042", 1250).message, "06 30 0D 123456 87 0042 04 000000001250"),
    (commands.end_of_day("000000").message, "06 50 03 000000"),
    (Apdu(codes.INTERMEDIATE, raw("0A 01")), "04 FF 02 0A 01"),
    (Apdu(codes.INTERMEDIATE, b"\x0e"), "04 FF 01 0E"),
    (Apdu(codes.COMPLETION), "06 0F 00"),
    (Apdu(codes.STATUS_INFORMATION, APPROVAL), "04 0F 68 " + APPROVAL.hex()),
]


@pytest.mark.parametrize(("message", "golden"), GOLDEN)
def test_messages_are_the_bytes_of_the_reference(message: Apdu, golden: str) -> None:
    assert message.encode() == raw(golden)
    assert take(bytearray(raw(golden))) == message


def test_the_language_and_the_goods_limits_are_told() -> None:
    order = PaymentOrder("x", 5, language="fr")
    data = commands.authorisation(order, ZvtProfile(goods_seconds=90, goods_questions=45)).message.data
    told = read_fields(data)
    assert told.rest is None
    assert told.objects.first(0x15) == b"FR"
    assert (told.first(f.TIME_LIMIT), told.first(f.REPEATS)) == (b"\x5a", b"\x2d")


def test_a_column_without_printer_registers_as_such() -> None:
    assert commands.registration("000000", ZvtProfile(prints_receipts=False)).data[3] == 0x3E


def test_the_digest_does_not_depend_on_the_password() -> None:
    assert commands.end_of_day("000000").digest == commands.end_of_day("987654").digest
    assert commands.reversal("000000", "0042").digest != commands.reversal("000000", "0043").digest


def test_the_example_of_an_approval_is_read_whole() -> None:
    told = read_status(APPROVAL)
    assert (told.result, told.amount_cents, told.currency) == (0, 1250, 978)
    assert told.ids == Ids("0042", "000123", "000042", "A1B2C3", "12345678")
    assert (told.date, told.time, told.card) == ("1122", "101530", "Maestro 1234")
    assert terminal_time(told, NOW, "Europe/Brussels") == NOW
    fields = read_fields(APPROVAL)
    assert fields.rest is None
    assert encode_fields(fields.items) == APPROVAL
    assert fields.first(f.TEXT) == b"APPROVED"
    assert fields.first(f.CONTRACT) == b"VU0000000000001"


def test_the_example_of_a_receipt_is_read() -> None:
    receipts = Receipts()
    receipts.text(
        raw(
            "06 29 1F 07 01 02 25 23 09 01 40 07 0D 4B41415254424554414C494E47 09 01 00 07 09 4555522031322C3530"
            "09 01 81"
        )
    )
    assert len(receipts.done) == 1
    (receipt,) = receipts.all()
    assert receipt.lines == ("KAARTBETALING", "EUR 12,50")
    assert (receipt.for_citizen, receipt.must_print) == (True, False)


def test_a_receipt_over_several_messages_must_be_printed_and_is_for_the_municipality() -> None:
    receipts = Receipts()
    first = encode_all((Tlv(0x1F07, b"\x01"), Tlv(0x1F37, b"\x81"), Tlv(0x25, encode_all((Tlv(7, b"a"),)))))
    last = encode_all((Tlv(0x25, encode_all((Tlv(9, b"\x80"), Tlv(7, b"b"), Tlv(9, b"\x81"), Tlv(7, b"c")))),))
    receipts.text(Field(f.CONTAINER, first).encode())
    assert receipts.done == []
    receipts.text(Field(f.CONTAINER, last).encode())
    assert [(r.lines, r.for_citizen, r.must_print) for r in receipts.done] == [(("a", "b", "c"), False, True)]


def test_lines_of_a_receipt_one_by_one() -> None:
    receipts = Receipts()
    for data in (b"\x02in", b"\x00", b"\xff\x02", b"\x80reserved", b"\x81Caf\x82"):
        receipts.line(data)
    assert [each.lines for each in receipts.done] == [("  in", "", "", "", "reserved", "Café")]
    receipts.line(b"\x00half")
    assert [each.lines for each in receipts.all()][1:] == [("half",)]


def test_a_card_number_never_gets_onto_a_receipt_or_into_a_raw_text() -> None:
    pan = "4111111111111111"
    assert masked(f"PAN {pan} ok") == "PAN 411111******1111 ok"
    assert masked("4111 1111 1111 1111") == "411111******1111"
    assert masked("VU 4111111111111112") == "VU 4111111111111112"
    whole = (Field(f.PAN, raw(pan)), Field(f.TRACK_2, raw(pan + "D281220100000000")), Field(f.TEXT, pan.encode()))
    told = read_status(encode_fields((Field(f.RESULT, b"\0"), *whole)))
    assert pan not in told.raw
    assert "2812" not in told.raw
    assert told.card == "1111"
    assert pan[6:12] not in repr(told) + repr(whole) + repr(Apdu(0x040F, encode_fields(whole)))
    receipts = Receipts()
    receipts.line(b"\x81" + pan.encode())
    assert pan not in repr(receipts.all())


def test_an_unknown_field_keeps_what_came_before() -> None:
    told = read_fields(raw("27 00 DE AD 04 000000001250"))
    assert told.items == (Field(f.RESULT, b"\0"),)
    assert told.rest is not None
    assert told.rest.at == 2
    assert "not read from byte 2" in read_status(raw("27 00 DE AD")).raw


def test_an_unknown_object_is_passed_over() -> None:
    container = encode_all((Tlv(0x1F7D, b"?" * 300), Tlv(0x1F2B, raw("00123456")), Tlv(0xFF55, b"!")))
    told = read_status(raw("0B 000000") + Field(f.CONTAINER, container).encode())
    assert told.ids.trace == "00123456"


def test_progress_and_its_text() -> None:
    lines = encode_all((Tlv(7, b"Voer uw kaart in"), Tlv(9, b"x"), Tlv(7, b"of hou ze voor")))
    data = raw("0A 02") + Field(f.CONTAINER, Tlv(0x24, lines).encode()).encode()
    assert read_progress(data) == Progress(0x0A, 2, "Voer uw kaart in\nof hou ze voor")
    assert read_progress(b"\x0e") == Progress(0x0E)
    assert read_progress(b"") == Progress(None)


@pytest.mark.parametrize(
    ("code", "step"),
    [
        (0x0A, Step.WAITING_FOR_CARD),
        (0x68, Step.CARD_SEEN),
        (0x01, Step.ENTER_PIN),
        (0x15, Step.PIN_WRONG),
        (0x04, Step.ASKING_BANK),
        (0x0B, Step.TAKE_CARD),
        (0x41, Step.TAKE_CARD),
        (0x5D, Step.TAKE_CARD),
        (0x67, Step.TAKE_CARD),
        (0x0E, Step.BUSY),
        (0x1D, None),
        (0x5E, None),
        (None, None),
    ],
)
def test_codes_of_progress(code: int | None, step: Step | None) -> None:
    assert step_of(code) is step


def test_every_step_comes_from_some_code() -> None:
    assert {step_of(code) for code in range(256)} == {*Step, None}


def test_a_failure_with_the_vendor_s_words() -> None:
    words = encode_all((Tlv(0x1F16, b"\x01\x02"), Tlv(0x1F17, b"no host")))
    assert read_failed(b"\x6c" + Field(f.CONTAINER, words).encode()) == Failed(0x6C, "0102 no host")
    assert read_failed(b"") == Failed(None)


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ("00", 0),
        ("F0", 0xF0),
        ("F0F0F541422D4331 00", 0),
        ("F0F0F5414243443F 9C 06 00", 0x9C),
        ("", None),
        ("F0F0F0", None),
    ],
)
def test_the_state_of_the_terminal_stands_with_or_without_a_version(data: str, state: int | None) -> None:
    assert read_terminal_state(raw(data)) == state


def test_registration_tells_terminal_and_letters() -> None:
    assert read_registered(raw("19 00 29 12345678 49 0978")) == ("12345678", None)
    assert read_registered(raw("29 12345678 06 05 27 03 14 01 FE")) == ("12345678", "utf-8")


@pytest.mark.parametrize(
    ("code", "health", "reason"),
    [
        (0x00, Health.READY, None),
        (0x9C, Health.BUSY, None),
        (0x51, Health.UNAVAILABLE, Reason.OFFLINE),
        (0xF0, Health.UNAVAILABLE, Reason.OFFLINE),
        (0xDC, Health.UNAVAILABLE, Reason.MECHANICAL),
        (0x77, Health.UNAVAILABLE, Reason.OFFLINE),
    ],
)
def test_states_of_the_terminal(code: int, health: Health, reason: Reason | None) -> None:
    status = codes.terminal_status(code)
    assert (status.health, status.reason) == (health, reason)
    assert status.raw.startswith(f"{code:02X}")


def test_totals_by_scheme() -> None:
    data = raw("0041 0051") + b"".join(bytes((n,)) + bcd(n * 100, 6) for n in (0, 0, 3, 0, 2, 0, 0))
    assert read_totals(data) == (Total("Mastercard", 3, 300), Total("Visa", 2, 200))
    assert read_totals(data[:20]) == ()
    assert read_totals(b"") == ()


def test_the_year_is_the_nearest() -> None:
    told = read_status(raw("0C 235930 0D 1231"))
    new_year = datetime(2027, 1, 1, 0, 1, tzinfo=UTC)
    found = terminal_time(told, new_year, "Europe/Brussels")
    assert found is not None
    assert found.year == 2026
    assert terminal_time(read_status(raw("0C 101530")), NOW, "Europe/Brussels") is None
    assert terminal_time(read_status(raw("0C 996030 0D 1399")), NOW, "Europe/Brussels") is None
    leap = read_status(raw("0C 101530 0D 0229"))
    assert terminal_time(leap, datetime(2028, 2, 29, tzinfo=UTC), "Europe/Brussels") is not None


@pytest.mark.parametrize("size", [0, 1, 0xFE, 0xFF, 0x100, LONGEST])
def test_every_length_of_a_message(size: int) -> None:
    message = Apdu(0x06D3, b"x" * size)
    encoded = message.encode()
    assert encoded[2] == (0xFF if size >= 0xFF else size)
    assert take(bytearray(encoded)) == message


def test_a_long_length_of_a_message_is_little_endian_and_of_an_object_big_endian() -> None:
    assert Apdu(0x06D3, b"x" * 0x102).encode()[:5] == raw("06 D3 FF 02 01")
    assert Tlv(0x25, b"x" * 0x102).encode()[:4] == raw("25 82 01 02")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Apdu(0x0601, b"x" * (LONGEST + 1)).encode(),
        lambda: bcd(-1, 2),
        lambda: bcd(10000, 2),
        lambda: with_length(b"x" * 100, 2),
        lambda: encode_length(0x10000),
        lambda: Field(f.AMOUNT, b"x").encode(),
        lambda: Field(0xDE, b"x").encode(),
    ],
)
def test_what_does_not_fit_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"[a-z]"):
        make()


@pytest.mark.parametrize(
    "wrong", [{"goods_seconds": 0}, {"goods_questions": 256}, {"columns": 100}, {"charset": "x"}, {"zone": "Mars/X"}]
)
def test_a_wrong_profile_is_refused(wrong: dict[str, int | str]) -> None:
    with pytest.raises(ValueError, match=r"from|one of|such as"):
        ZvtProfile(**wrong)  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.integers(0, 10**12 - 1))
def test_amounts_survive(number: int) -> None:
    assert from_bcd(bcd(number, 6)) == number


@settings(deadline=None)
@given(st.binary(max_size=99))
def test_lengths_of_f_digits_survive(data: bytes) -> None:
    for places in (2, 3):
        encoded = with_length(data, places)
        assert read_length(encoded, 0, places) == len(data)
        assert encoded[places:] == data


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0x07, 0x25, 0x1F01, 0x1F7D, 0x5F8101]), st.binary(max_size=300))))
def test_objects_survive(pairs: list[tuple[int, bytes]]) -> None:
    items = tuple(Tlv(tag, value) for tag, value in pairs)
    read = read_all(encode_all(items))
    assert (read.items, read.rest) == (items, None)


def _field() -> st.SearchStrategy[Field]:
    fixed = st.sampled_from(sorted(f.SIZES)).flatmap(
        lambda name: st.builds(Field, st.just(name), st.binary(min_size=f.SIZES[name], max_size=f.SIZES[name]))
    )
    variable = st.builds(Field, st.sampled_from(sorted(f.PLACES)), st.binary(max_size=99))
    return st.one_of(fixed, variable, st.builds(Field, st.just(f.CONTAINER), st.binary(max_size=300)))


@settings(deadline=None)
@given(st.lists(_field()))
def test_fields_survive(items: list[Field]) -> None:
    read = read_fields(encode_fields(items))
    assert (read.items, read.rest) == (tuple(items), None)


@settings(deadline=None)
@given(st.lists(st.builds(Apdu, st.integers(0, 0xFFFF), st.binary(max_size=400)), max_size=6), st.data())
def test_messages_survive_any_cutting_and_gluing(messages: list[Apdu], data: st.DataObject) -> None:
    stream = b"".join(message.encode() for message in messages)
    buffer, found = bytearray(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        buffer += stream[:size]
        stream = stream[size:]
        while (message := take(buffer)) is not None:
            found.append(message)
    assert found == messages
    assert not buffer


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_value(data: bytes) -> None:
    told = read_fields(data)
    kept = encode_fields(told.items)
    assert told.rest is None or isinstance(told.rest, Malformed)
    assert read_fields(kept).items == told.items
    read_all(data)
    read_size(data, 0)
    read_status(data)
    read_progress(data)
    read_failed(data)
    read_terminal_state(data)
    read_registered(data)
    read_totals(data)
    decode(data)
    decode(data, "utf-8")
    receipts = Receipts()
    receipts.line(data)
    receipts.text(data)
    assert all(line.isprintable() or not line for receipt in receipts.all() for line in receipt.lines)
    take(bytearray(data))


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_behind_an_approval_leave_it_readable(junk: bytes) -> None:
    told = read_status(APPROVAL + b"\xde" + junk)
    assert (told.result, told.amount_cents, told.ids.receipt) == (0, 1250, "0042")
