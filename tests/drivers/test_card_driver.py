"""The card driver over simulated cards: generations, purposes, other cards, PIN, pinpad, what never stays behind."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from drivers.card_contract import (
    Address,
    Authenticated,
    CardFailed,
    CardKind,
    CardProblem,
    CardRequest,
    CheckName,
    DocumentKind,
    Field,
    Finding,
    Part,
    PartialDate,
    PinEnd,
    PinState,
    PinWrong,
    Progress,
    Signed,
)
from drivers.cards.beid.certificates import key_of, load
from drivers.cards.beid.signatures import is_signature
from drivers.cards.beid.trust import Trust
from drivers.cards.driver import BeidDriver
from drivers.contract import Health, Reason
from drivers.simulated.card.pinpad import Keying, SimulatedPinpad
from drivers.simulated.card.registry import card_named
from tests.drivers.card_bench import GENERATIONS, TODAY, Bench, pin_of

NAME_AND_BIRTH = frozenset({Field.NAME, Field.BIRTH_DATE})


@pytest.mark.parametrize("card", GENERATIONS.values(), ids=GENERATIONS)
def test_everything_of_every_generation_within_55_commands(card: str) -> None:
    bench = Bench()
    bench.put_in(card)
    read = bench.must_read()
    assert read.verdict.failed == ()
    for name in CheckName:
        if name not in (CheckName.CHALLENGE, CheckName.CHIP, CheckName.REVOCATION):
            assert read.verdict.finding(name) is Finding.PASSED, name
    chip = Finding.PASSED if card == "adult" else Finding.NOT_POSSIBLE
    assert read.verdict.finding(CheckName.CHIP) is chip
    assert bench.slot.apdus <= 55


@pytest.mark.parametrize("proof", [True, False])
@pytest.mark.parametrize("card", GENERATIONS.values(), ids=GENERATIONS)
def test_name_and_birth_date_within_8_commands(card: str, proof: bool) -> None:
    """With proof they are known that early, too; what follows proves them."""
    bench = Bench()
    bench.put_in(card)
    begun: dict[Part, int] = {}

    def follow(progress: Progress) -> None:
        begun[progress.part] = bench.slot.apdus

    read = bench.driver.read(CardRequest(NAME_AND_BIRTH, proof), follow)
    assert not isinstance(read, CardFailed)
    assert read.person.surname
    assert read.person.birth_date
    assert begun.get(Part.CERTIFICATES, bench.slot.apdus) <= 8


@pytest.mark.parametrize("card", GENERATIONS.values(), ids=GENERATIONS)
@pytest.mark.parametrize("proof", [True, False])
def test_only_what_was_asked_for_is_told(card: str, proof: bool) -> None:
    bench = Bench()
    bench.put_in(card)
    person = bench.must_read(CardRequest(NAME_AND_BIRTH, proof)).person
    untold = (person.address, person.photo, person.national_number, person.nationality, person.birth_place, person.sex)
    assert untold == (None,) * 6
    assert person.card_number is None


def test_without_proof_the_newest_cards_give_single_fields_and_no_file_is_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = Bench()
    bench.put_in("adult")
    with caplog.at_level(logging.DEBUG, logger="zuil.card"):
        bench.must_read(CardRequest(NAME_AND_BIRTH, proof=False))
    said = [record.getMessage() for record in caplog.records]
    assert any(line.startswith("80 B2 07 08") for line in said)
    assert not any(line.startswith("00 B0") for line in said), "READ BINARY would read more than was asked for"


def test_what_stands_on_the_card_of_a_person() -> None:
    bench = Bench()
    bench.put_in("adult-de")
    person = bench.must_read().person
    assert (person.surname, person.birth_date) == ("Müller-Beispiel", PartialDate(1996, 8, 12))
    assert person.document.kind is DocumentKind.CITIZEN
    assert person.document.specimen
    assert isinstance(person.address, Address)
    assert person.photo
    assert "Müller" not in repr(person) + repr(person.address)


@pytest.mark.parametrize(
    ("card", "kind"),
    [
        ("kids-id", DocumentKind.KIDS),
        ("small-child", DocumentKind.KIDS),
        ("foreigner", DocumentKind.FOREIGNER),
        ("expired", DocumentKind.CITIZEN),
    ],
)
def test_kinds_of_documents(card: str, kind: DocumentKind) -> None:
    bench = Bench()
    bench.put_in(card)
    assert bench.must_read().person.document.kind is kind


def test_an_expired_card_fails_by_its_dates_and_a_card_without_address_fails_nothing() -> None:
    bench = Bench()
    bench.put_in("expired")
    assert bench.must_read(CardRequest(NAME_AND_BIRTH)).verdict.finding(CheckName.VALIDITY) is Finding.FAILED
    bench.put_in("no-address")
    read = bench.must_read()
    assert read.verdict.failed == ()
    assert read.person.address == Address("", "", "")


def test_without_a_trust_file_nothing_is_called_genuine() -> None:
    bench = Bench(trust=Trust())
    bench.put_in("adult")
    verdict = bench.must_read().verdict
    assert verdict.finding(CheckName.IDENTITY_SIGNATURE) is Finding.PASSED, "by a key that nobody vouches for"
    for name in (CheckName.REGISTER_CERTIFICATE, CheckName.ROOT_CERTIFICATE, CheckName.AUTHENTICATION_CERTIFICATE):
        assert verdict.finding(name) is Finding.NOT_POSSIBLE


@pytest.mark.parametrize(
    ("card", "kind"),
    [
        ("bank", CardKind.BANK),
        ("mobib", CardKind.TRANSPORT),
        ("sis", CardKind.SIS),
        ("foreign-eid", CardKind.FOREIGN_EID),
        ("dutch-eid", CardKind.DUTCH_EID),
        ("blank", CardKind.BLANK),
        ("upside-down", CardKind.MUTE),
    ],
)
def test_other_cards_are_recognised_and_refused(card: str, kind: CardKind) -> None:
    bench = Bench()
    bench.put_in(card)
    assert bench.driver.slot.card is kind
    problem = CardProblem.MUTE if kind is CardKind.MUTE else CardProblem.NOT_EID
    assert bench.read() == CardFailed(problem, kind.value)
    assert bench.driver.pin_state() == CardFailed(problem, kind.value)
    bench.put_in("adult")
    bench.must_read()


def test_slot_and_reader() -> None:
    bench = Bench()
    assert bench.driver.status().health is Health.READY
    assert bench.read() == CardFailed(CardProblem.REMOVED)
    bench.slot.in_use = True
    bench.put_in("adult")
    assert bench.driver.slot.card is CardKind.IN_USE
    assert bench.read() == CardFailed(CardProblem.IN_USE, "in_use")
    bench.slot.in_use = False
    bench.driver.status()
    assert bench.driver.slot.card is CardKind.EID, "as soon as the other program lets go"
    bench.slot.unplugged = True
    assert bench.driver.status().reason is Reason.NO_READER
    assert bench.driver.slot.card is None


def test_insertions_are_told_apart() -> None:
    bench = Bench()
    bench.put_in("adult")
    first = bench.driver.slot
    bench.driver.status()
    assert bench.driver.slot == first
    bench.put_in("adult")
    assert bench.driver.slot.insertion == first.insertion + 1
    assert bench.must_read().insertion == bench.driver.slot.insertion


def test_a_card_that_falls_mute_stays_so_until_it_is_taken_out() -> None:
    """Else it would look like one put in anew, and be read and fail again for as long as it is there."""
    bench = Bench()
    card = card_named("adult", TODAY)
    card.set_fault("mute-mid-read")
    bench.put_in(card)
    before = bench.driver.slot
    assert isinstance(bench.read(), CardFailed)
    for _ in range(3):
        bench.driver.status()
        assert bench.driver.slot == replace(before, card=CardKind.MUTE)
    bench.pull()
    bench.put_in("adult")
    assert bench.driver.slot.insertion == before.insertion + 1
    bench.must_read()


def test_a_card_that_was_there_when_the_reader_came_is_told_from_one_that_was_put_in() -> None:
    bench = Bench()
    bench.put_in("adult")
    assert not bench.driver.slot.found
    bench.slot.unplugged = True
    bench.driver.status()
    bench.slot.unplugged = False
    bench.driver.status()
    assert bench.driver.slot.found
    bench.pull()
    bench.put_in("adult")
    assert not bench.driver.slot.found
    opened = BeidDriver(bench.slot, bench.trust, lambda: bench.now, lambda _: None)
    opened.status()
    assert opened.slot.card is CardKind.EID
    assert opened.slot.found, "the column has just started"


@pytest.mark.parametrize("card", GENERATIONS.values(), ids=GENERATIONS)
def test_the_right_pin_proves_presence(card: str) -> None:
    bench = Bench()
    bench.put_in(card)
    pin = pin_of("1234")
    result = bench.driver.authenticate(pin, "nl")
    assert isinstance(result, Authenticated)
    assert result.verdict.failed == ()
    for name in (CheckName.CHALLENGE, CheckName.HOLDER, CheckName.AUTHENTICATION_CERTIFICATE):
        assert result.verdict.finding(name) is Finding.PASSED
    assert len(pin) == 0


@pytest.mark.parametrize("card", ["adult-fr", "adult"])
def test_three_wrong_pins_block_and_each_is_one_try(card: str) -> None:
    bench = Bench()
    bench.put_in(card)
    assert bench.driver.pin_state() == PinState(3, pinpad=False)
    assert bench.driver.authenticate(pin_of("9999"), "nl") == PinWrong(2)
    assert bench.driver.pin_state() == PinState(2, pinpad=False), "asking costs nothing"
    assert bench.driver.authenticate(pin_of("9999"), "nl") == PinWrong(1)
    assert bench.driver.authenticate(pin_of("9999"), "nl") is PinEnd.BLOCKED
    assert bench.driver.authenticate(pin_of("1234"), "nl") is PinEnd.BLOCKED
    assert bench.driver.pin_state() == PinState(0, pinpad=False)


def test_the_oldest_cards_are_never_asked_for_their_tries() -> None:
    """An empty VERIFY burns a try there."""
    bench = Bench()
    bench.put_in("old-card")
    for _ in range(5):
        assert bench.driver.pin_state() == PinState(None, pinpad=False)
    assert isinstance(bench.driver.authenticate(pin_of("1234"), "nl"), Authenticated)


def test_a_card_without_certificates_has_no_pin_to_ask_for() -> None:
    bench = Bench()
    bench.put_in("small-child")
    assert bench.driver.pin_state() == PinState(3, pinpad=False, present=False)
    assert bench.driver.authenticate(pin_of("1234"), "nl") is PinEnd.NO_KEY
    assert bench.driver.sign(bytes(32), "sha256", pin_of("1234"), "nl") is PinEnd.NO_KEY


def test_rights_end_with_the_call() -> None:
    bench = Bench()
    card = card_named("adult", TODAY)
    bench.put_in(card)
    assert isinstance(bench.driver.authenticate(pin_of("1234"), "nl"), Authenticated)
    card.transmit(bytes.fromhex("00A404 0C0F A00000003029057000AD13100101FF"))
    card.transmit(bytes.fromhex("00A4020C02DF00"))
    card.transmit(bytes.fromhex("002241B605048002 8482"))
    assert card.transmit(bytes.fromhex("002A9E9A30") + bytes(48)) == bytes.fromhex("6982"), "the PIN is asked anew"


@pytest.mark.parametrize("name", ["sha256", "sha384"])
@pytest.mark.parametrize("card", GENERATIONS.values(), ids=GENERATIONS)
def test_signing_with_the_other_key(card: str, name: str) -> None:
    bench = Bench()
    bench.put_in(card)
    digest = bytes(range(48 if name == "sha384" else 32))
    signed = bench.driver.sign(digest, name, pin_of("1234"), "nl")
    assert isinstance(signed, Signed)
    holder = load(signed.certificates[0])
    assert holder is not None
    assert is_signature(key_of(holder), signed.signature, digest, name)
    assert not is_signature(key_of(holder), signed.signature, digest[::-1], name)


def test_a_digest_of_another_length_is_refused_before_the_pin_is_used() -> None:
    bench = Bench()
    bench.put_in("adult")
    assert bench.driver.sign(b"short", "sha256", pin_of("1234"), "nl") == CardFailed(
        CardProblem.GARBLED, "a sha256 digest has 32 bytes"
    )
    assert bench.driver.pin_state() == PinState(3, pinpad=False)


def test_a_reader_with_keys_is_asked_in_the_language_of_the_visit() -> None:
    keys = SimulatedPinpad([Keying.CANCELLED, Keying.TIMED_OUT, "9999", "1234"])
    bench = Bench(keys)
    bench.put_in("adult")
    assert bench.driver.pin_state() == PinState(3, pinpad=True)
    assert bench.driver.authenticate(None, "fr") is PinEnd.CANCELLED
    assert bench.driver.authenticate(None, "fr") is PinEnd.TIMED_OUT
    assert bench.driver.authenticate(None, "nl") == PinWrong(2)
    assert isinstance(bench.driver.authenticate(None, "de"), Authenticated)
    assert keys.languages == [0x080C, 0x080C, 0x0813, 0x0407]


def test_without_keys_and_without_a_pin_nothing_reaches_the_card() -> None:
    bench = Bench()
    bench.put_in("adult")
    assert bench.driver.authenticate(None, "nl") is PinEnd.CANCELLED
    assert bench.driver.pin_state() == PinState(3, pinpad=False)


def test_no_pin_and_no_person_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        bench = Bench()
        bench.put_in("adult")
        person = bench.must_read().person
        bench.driver.authenticate(pin_of("91827"), "nl")
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "00 20 00 01" in said, "the command itself is told"
    for secret in ("91827", "2591827", person.surname, person.national_number, person.card_number):
        assert str(secret) not in said


def test_closing_twice_and_using_afterwards() -> None:
    bench = Bench()
    bench.put_in("adult")
    bench.driver.close()
    bench.driver.close()
    assert bench.read() == CardFailed(CardProblem.REMOVED)
