"""What the tests of simulated cards share: one day, short ways to speak, and a reader that collects whole answers."""

from __future__ import annotations

from datetime import date

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import HashAlgorithm

from drivers.simulated.card.chip import without_padding
from drivers.simulated.card.engine import BeidCard
from drivers.simulated.card.files import Place
from drivers.simulated.card.generation import Generation
from drivers.simulated.card.interface import Card
from drivers.simulated.card.registry import card_named

TODAY = date(2026, 5, 31)
APPLET = "00A404000F A00000003029057000AD13100101FF"
SELECT_BELPIC = "00A4020C02 DF00"
VERIFY = "0020000108 241234FFFFFFFFFF"
VERIFY_WRONG = "0020000108 249999FFFFFFFFFF"
EVERY_GENERATION = tuple(Generation)


def beid(name: str = "adult", generation: Generation | None = None) -> BeidCard:
    """An identity card by name, without anything around it."""
    card = card_named(name, TODAY, generation).card
    assert isinstance(card, BeidCard)
    return card


def tell(card: Card, command: str) -> str:
    """One command and its answer, both as hexadecimal digits; spaces are for people."""
    return card.transmit(bytes.fromhex(command)).hex().upper()


def choose(algorithm: int, key: int) -> str:
    """MSE."""
    return f"002241B605 0480{algorithm:02X}84{key:02X}"


def sign(data: bytes) -> str:
    """PSO."""
    return f"002A9E9A {len(data):02X} {data.hex()}"


def fetched(card: Card, command: str) -> tuple[bytes, int]:
    """One command, and everything the card then holds ready; data and last status word."""
    answer = card.transmit(bytes.fromhex(command))
    data = answer[:-2]
    while answer[-2] == 0x61:
        answer = card.transmit(bytes((0x00, 0xC0, 0x00, 0x00, answer[-1])))
        data += answer[:-2]
    return data, int.from_bytes(answer[-2:], "big")


def read_file(card: Card, place: Place, block: int = 256) -> bytes:
    """A whole file, as a patient reader reads it."""
    assert card.transmit(bytes.fromhex("00A4080C") + bytes((len(place.value),)) + place.value) == b"\x90\x00"
    content = b""
    while True:
        head = bytes((0x00, 0xB0, len(content) >> 8, len(content) & 0xFF))
        answer = card.transmit(head + bytes((block % 256,)))
        if answer[-2] == 0x6C:
            return content + card.transmit(head + answer[-1:])[:-2]
        if answer[-2:] == b"\x6b\x00":
            return content
        assert answer[-2:] == b"\x90\x00"
        content += answer[:-2]


def certificate(card: Card, place: Place) -> x509.Certificate:
    """A certificate of the card."""
    return x509.load_der_x509_certificate(without_padding(read_file(card, place)))


def issued_by(child: x509.Certificate, parent: x509.Certificate) -> None:
    """Raises when the one did not issue the other; by hand, since the library knows no SHA-1 here."""
    assert child.issuer == parent.subject
    algorithm = child.signature_hash_algorithm
    assert algorithm is not None
    verify(parent, child.signature, child.tbs_certificate_bytes, algorithm)


def verify(certificate: x509.Certificate, signature: bytes, data: bytes, algorithm: HashAlgorithm) -> None:
    """Raises when the signature is not by the key of the certificate."""
    key = certificate.public_key()
    if isinstance(key, RSAPublicKey):
        key.verify(signature, data, PKCS1v15(), algorithm)
    else:
        assert isinstance(key, EllipticCurvePublicKey)
        key.verify(signature, data, ECDSA(algorithm))
