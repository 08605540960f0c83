"""What a forger leaves out: a proof that every genuine card carries counts as failed when it is missing, never as "-".

Not for: changed bytes (`test_beid_verify`) or faults on the line (`test_card_campaign`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA384

from drivers.card_contract import CheckName, Finding, Verdict
from drivers.cards.beid.card_data import parse_card_data
from drivers.cards.beid.chain import issued_by
from drivers.cards.beid.trust import Trust
from drivers.cards.beid.verify import CardFiles, verify_files
from drivers.simulated.card.certificates import Authority, Wanted, country_and, issue
from drivers.simulated.card.chip import Chip
from drivers.simulated.card.engine import BeidCard
from drivers.simulated.card.files import Place
from drivers.simulated.card.generation import TRAITS, Generation
from drivers.simulated.card.keys import curve_key
from drivers.simulated.card.people import people
from drivers.simulated.card.personalise import personalise
from tests.drivers.card_bench import NOW, TODAY, Bench, roots_of_the_simulation

ROOT_SINCE, UNTIL = datetime(2020, 6, 3, tzinfo=UTC), datetime(2040, 6, 3, tzinfo=UTC)
"""Validity of the elliptic root of Belgium."""


def chip_of(name: str) -> Chip:
    return personalise(people(TODAY)[name])


def verdict_of(chip: Chip) -> Verdict:
    """What the whole driver says of a card with that chip."""
    bench = Bench()
    bench.put_in(BeidCard(chip))
    return bench.must_read().verdict


def files_of(chip: Chip) -> CardFiles:
    return CardFiles(
        identity=chip.files[Place.IDENTITY],
        identity_signature=chip.files[Place.IDENTITY_SIGNATURE],
        register=chip.files[Place.CERT_REGISTER],
        chip_key=chip.files.get(Place.CHIP_KEY),
    )


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Place.CERT_REGISTER, CheckName.REGISTER_CERTIFICATE),
        (Place.CERT_REGISTER, CheckName.IDENTITY_SIGNATURE),
        (Place.CERT_REGISTER, CheckName.ADDRESS_SIGNATURE),
        (Place.CERT_ROOT, CheckName.ROOT_CERTIFICATE),
        (Place.IDENTITY_SIGNATURE, CheckName.IDENTITY_SIGNATURE),
        (Place.ADDRESS_SIGNATURE, CheckName.ADDRESS_SIGNATURE),
        (Place.CERT_ISSUER, CheckName.AUTHENTICATION_CERTIFICATE),
    ],
)
@pytest.mark.parametrize("left", ["nothing", "zeros", "no first byte"])
def test_what_every_card_has_cannot_be_left_out(place: Place, name: CheckName, left: str) -> None:
    chip = chip_of("adult")
    content = chip.files[place]
    instead = {"nothing": b"", "zeros": bytes(len(content)), "no first byte": b"\x00" + content[1:]}[left]
    files = {**chip.files, place: instead}
    if left == "nothing":
        del files[place]
    assert verdict_of(replace(chip, files=files)).finding(name) is Finding.FAILED
    assert verdict_of(chip).finding(name) is Finding.PASSED, "the control"


def test_a_holders_certificate_that_is_no_certificate_is_not_taken_for_a_card_without() -> None:
    chip = chip_of("adult")
    content = chip.files[Place.CERT_AUTHENTICATION]
    forged = replace(chip, files={**chip.files, Place.CERT_AUTHENTICATION: b"\x00" + content[1:]})
    assert verdict_of(forged).finding(CheckName.AUTHENTICATION_CERTIFICATE) is Finding.FAILED
    child = verdict_of(chip_of("small-child"))
    assert child.failed == (), "a card without certificates is a normal card"


class _OlderThanItsFiles(BeidCard):
    """A copy of all files on a card that calls itself a 1.7: there the chip is not asked to prove anything."""

    def transmit(self, command: bytes) -> bytes:
        answer = super().transmit(command)
        if command[:2] == b"\x80\xe4" and answer[-2:] == b"\x90\x00":
            return answer[:21] + bytes((TRAITS[Generation.V1_7].applet,)) + answer[22:]
        return answer


def test_a_copy_cannot_escape_the_proof_of_the_chip_by_calling_itself_older() -> None:
    bench = Bench()
    bench.put_in(_OlderThanItsFiles(chip_of("adult")))
    verdict = bench.must_read().verdict
    assert verdict.finding(CheckName.CHIP) is Finding.FAILED
    assert verdict.finding(CheckName.IDENTITY_SIGNATURE) is Finding.PASSED, "only the chip tells a copy"
    assert verdict_of(chip_of("adult")).finding(CheckName.CHIP) is Finding.PASSED, "the control"
    assert verdict_of(chip_of("adult-fr")).finding(CheckName.CHIP) is Finding.NOT_POSSIBLE, "a genuine older card"


def test_card_data_keep_what_the_copy_says() -> None:
    """The control of the copy above: the driver believed it."""
    data = _OlderThanItsFiles(chip_of("adult")).transmit(bytes.fromhex("80E400001C"))
    assert parse_card_data(data[:-2]).generation == "1.7"


def register_of(since: datetime, until: datetime, root: Authority) -> Authority:
    subject = country_and("RRN", organization_name="RRN")
    return issue(Wanted(subject, "digital_signature", since, until), curve_key("dated register"), 77, root)


def register_verdict(since: datetime, until: datetime, now: datetime = NOW) -> Finding:
    """What is said of a card whose register certificate is valid in that time only."""
    subject = country_and("Dated Root")
    root = issue(Wanted(subject, "authority", ROOT_SINCE, UNTIL), curve_key("dated root"), 76, None)
    register = register_of(since, until, root)
    identity = chip_of("adult-fr").files[Place.IDENTITY]
    signature = curve_key("dated register").sign(identity, ECDSA(SHA384()))
    trust = Trust((x509.load_der_x509_certificate(root.certificate),), specimen=True)
    files = CardFiles(identity=identity, identity_signature=signature, register=register.certificate)
    verdict = verify_files(files, trust, now)
    assert verdict.finding(CheckName.IDENTITY_SIGNATURE) is Finding.PASSED
    return verdict.finding(CheckName.REGISTER_CERTIFICATE)


ISSUED = datetime.combine(people(TODAY)["adult-fr"].issued, datetime.min.time(), UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "until", "finding"),
    [
        (ISSUED - 400 * DAY, ISSUED + 400 * DAY, Finding.PASSED),
        (ISSUED - 400 * DAY, ISSUED, Finding.PASSED),
        (ISSUED + 900 * DAY, ISSUED + 3000 * DAY, Finding.PASSED),
        (ISSUED - 400 * DAY, ISSUED - 2 * DAY, Finding.FAILED),
        (NOW + 2 * DAY, NOW + 400 * DAY, Finding.FAILED),
    ],
    ids=["at issue", "until issue", "re-keyed later", "over before issue", "not begun"],
)
def test_the_register_signed_between_issue_and_today(since: datetime, until: datetime, finding: Finding) -> None:
    """Cards that are re-keyed keep their day of issue and get a certificate that did not exist on that day."""
    assert register_verdict(since, until) is finding


def validity(since: str, until: str, today: date) -> Finding:
    fields = bytes((3, len(since))) + since.encode() + bytes((4, len(until))) + until.encode()
    now = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    return verify_files(CardFiles(identity=fields), roots_of_the_simulation(), now).finding(CheckName.VALIDITY)


@pytest.mark.parametrize(
    ("since", "until", "finding"),
    [
        ("01.01.2020", "01.01.2030", Finding.PASSED),
        ("25.11.2026", "25.11.2026", Finding.PASSED),
        ("26.11.2026", "01.01.2030", Finding.FAILED),
        ("01.01.2020", "24.11.2026", Finding.FAILED),
        ("", "24.11.2026", Finding.FAILED),
        ("26.11.2026", "", Finding.FAILED),
        ("", "25.11.2026", Finding.NOT_POSSIBLE),
        ("01.01.2020", "", Finding.NOT_POSSIBLE),
        ("", "", Finding.NOT_POSSIBLE),
    ],
)
def test_one_date_is_enough_to_fail_and_both_are_needed_to_pass(since: str, until: str, finding: Finding) -> None:
    assert validity(since, until, date(2026, 11, 25)) is finding


def test_a_signature_has_no_unused_bits() -> None:
    """The one byte outside a signature's content that a library ignores, whenever the signature ends in a 0 bit."""
    root = issue(Wanted(country_and("Bits"), "authority", ROOT_SINCE, UNTIL), curve_key("bits root"), 1, None)
    signed = (register_of(ROOT_SINCE, UNTIL, root).certificate for _ in range(64))
    der = next(each for each in signed if each[-1] & 1 == 0)
    genuine = x509.load_der_x509_certificate(der)
    at = len(der) - len(genuine.signature) - 1
    changed = x509.load_der_x509_certificate(der[:at] + b"\x01" + der[at + 1 :])
    assert changed.signature == genuine.signature, "the control: the library sees no difference"
    authority = x509.load_der_x509_certificate(root.certificate)
    assert issued_by(genuine, authority)
    assert not issued_by(changed, authority)
