"""From raw files to named checks: what the register signed, who issued what, and what cannot be told offline.

Pure. A check that needs a file nobody read, or a trust file nobody set, is not possible, and says which. Not for:
reading files, or deciding what a failed check means for a purpose.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from drivers.card_contract import Check, CheckName, Finding, Verdict
from drivers.cards.beid import chain
from drivers.cards.beid.certificates import UNREADABLE, PublicKey, hash_of, key_of, load, national_number_of
from drivers.cards.beid.chain import Broken
from drivers.cards.beid.files import der_length
from drivers.cards.beid.identity import Identity, parse_identity
from drivers.cards.beid.malformed import Malformed
from drivers.cards.beid.signatures import HASHES, Algorithm, is_signature, to_der
from drivers.cards.beid.trust import Trust, age_days

REGISTER_NAME = "RRN"
"""Stands in the subject of every certificate of the register; test cards write "test RRN"."""

_HASH_BY_LENGTH = {20: "sha1", 32: "sha256", 48: "sha384"}


class Impossible(Exception):
    """A check that cannot be made; the text says what is missing."""


@dataclass(frozen=True, repr=False)
class CardFiles:
    """Files as read, padding included; None for one that was not read, empty for one the card does not have."""

    identity: bytes | None = None
    identity_signature: bytes | None = None
    address: bytes | None = None
    address_signature: bytes | None = None
    photo: bytes | None = None
    register: bytes | None = None
    chip_key: bytes | None = None
    authentication: bytes | None = None
    signature: bytes | None = None
    issuer: bytes | None = None
    root: bytes | None = None


def verify_files(files: CardFiles, trust: Trust, now: datetime) -> Verdict:
    """Every check that has anything to say about these files.

    Args:
        now: timezone-aware.
    """
    return Verdict(tuple(_Files(files, trust, now).checks()))


def verify_chip(key_file: bytes, key_hash: bytes, challenge: bytes, answer: bytes) -> Check:
    """Whether the chip signed 48 fresh bytes with the key the identity file names.

    Args:
        key_hash: SHA-384 of the key file, from the identity file; the register signed it.
        answer: r and s, raw.
    """

    def check() -> str:
        if not key_hash:
            raise Broken("the identity file names no key of the chip")
        if hashlib.sha384(key_file).digest() != key_hash:
            raise Broken("the key of the chip is not the one of the identity file")
        # The card takes the challenge for a finished digest.
        if not is_signature(_public_key(key_file), to_der(answer), challenge, "sha384"):
            raise Broken("the chip cannot sign with its key: a copy")
        return ""

    return _checked(CheckName.CHIP, check)


def verify_challenge(certificate: bytes, message: bytes, signature: bytes, algorithm: Algorithm) -> Check:
    """Whether the key of the authentication certificate signed this message."""

    def check() -> str:
        found = load(certificate)
        if found is None:
            raise Broken("there is no certificate")
        if not is_signature(key_of(found), signature, algorithm.digest(message), algorithm.hash_name):
            raise Broken("not signed with the key of the certificate")
        return ""

    return _checked(CheckName.CHALLENGE, check)


class _Files:
    """The checks over one set of files."""

    def __init__(self, files: CardFiles, trust: Trust, now: datetime) -> None:
        self._files, self._trust, self._now = files, trust, now

    def checks(self) -> Iterator[Check]:
        files = self._files
        yield _checked(CheckName.IDENTITY_SIGNATURE, self._identity)
        if files.address is not None:
            yield _checked(CheckName.ADDRESS_SIGNATURE, self._address)
        if files.photo is not None:
            yield _checked(CheckName.PHOTO_HASH, self._photo)
        yield _checked(CheckName.REGISTER_CERTIFICATE, self._register_chain)
        if files.root is not None:
            yield _checked(CheckName.ROOT_CERTIFICATE, self._root)
        if files.authentication is not None:
            yield _checked(CheckName.AUTHENTICATION_CERTIFICATE, self._authentication)
        if files.signature is not None:
            yield _checked(CheckName.SIGNATURE_CERTIFICATE, self._signature)
        if files.authentication is not None or files.signature is not None:
            yield _checked(CheckName.HOLDER, self._holder)
        yield _checked(CheckName.VALIDITY, self._validity)
        if files.identity and files.register is not None and not files.chip_key and self._names_a_chip():
            yield Check(CheckName.CHIP, Finding.FAILED, "the identity names a key of the chip, and the card has none")
        yield _checked(CheckName.REVOCATION, self._revocation)

    def _identity(self) -> str:
        identity = _read(self._files.identity, "identity")
        return self._register_signed(identity, _read(self._files.identity_signature, "identity signature"))

    def _address(self) -> str:
        address = _read(self._files.address, "address")
        identity_signature = _read(self._files.identity_signature, "identity signature")
        # The padding of the address is not signed, that of the identity signature is.
        signed = address.rstrip(b"\x00") + identity_signature
        return self._register_signed(signed, _read(self._files.address_signature, "address signature"))

    def _register_signed(self, content: bytes, signature: bytes) -> str:
        register = _present(self._files.register, "register certificate")
        key = key_of(register)
        wanted = cut_signature(signature, key)
        for name in _hash_names(register, key):
            if is_signature(key, wanted, hashlib.new(name, content).digest(), name):
                return name
        raise Broken("not signed by the register")

    def _photo(self) -> str:
        photo = _read(self._files.photo, "photo")
        expected = self._parsed().photo_hash
        name = _HASH_BY_LENGTH.get(len(expected))
        if name is None:
            raise Broken("the identity file names no hash of the photo")
        if hashlib.new(name, photo).digest() != expected:
            raise Broken("not the photo of this identity")
        return name

    def _register_chain(self) -> str:
        register = _present(self._files.register, "register certificate")
        self._need_roots()
        chain.from_pinned_root(register, self._trust)
        usage = chain.key_usage(register)
        if chain.is_authority(register) or usage is None or not usage.digital_signature:
            raise Broken("not a certificate for signing files")
        if national_number_of(register) is not None or REGISTER_NAME not in register.subject.rfc4514_string():
            raise Broken("not a certificate of the register")
        today = self._now.date()
        issued = self._parsed().valid_from or today
        # Not on the day of issue only: a card that is re-keyed keeps that day and gets a certificate made later.
        if not chain.valid_between(register, issued, max(issued, today)):
            raise Broken("at no time valid between the issue of the card and today")
        return self._specimen()

    def _root(self) -> str:
        root = _present(self._files.root, "root certificate")
        self._need_roots()
        chain.pinned_root(root, self._trust)
        return self._specimen()

    def _authentication(self) -> str:
        return self._holders(self._files.authentication, lambda usage: usage.digital_signature)

    def _signature(self) -> str:
        return self._holders(self._files.signature, lambda usage: usage.content_commitment)

    def _holders(self, file: bytes | None, may: Callable[[x509.KeyUsage], bool]) -> str:
        certificate = _certificate(file, "certificate")
        self._need_roots()
        chain.from_authority(certificate, load(_read(self._files.issuer, "authority")), self._trust)
        usage = chain.key_usage(certificate)
        if usage is None or not may(usage):
            raise Broken("not a certificate for this use")
        if not chain.valid_on(certificate, self._now.date()):
            raise Broken("not valid today")
        return self._specimen()

    def _holder(self) -> str:
        files = [file for file in (self._files.authentication, self._files.signature) if file is not None]
        certificates = [certificate for certificate in map(load, files) if certificate is not None]
        if not certificates:
            raise Impossible("the card has no certificate")
        expected = self._parsed().national_number
        if not expected or {national_number_of(certificate) for certificate in certificates} != {expected}:
            raise Broken("identity and certificates do not name the same person")
        return ""

    def _validity(self) -> str:
        identity, today = self._parsed(), self._now.date()
        if identity.valid_from is not None and today < identity.valid_from:
            raise Broken("not valid yet")
        if identity.valid_until is not None and today > identity.valid_until:
            raise Broken("expired")
        if identity.valid_from is None or identity.valid_until is None:
            raise Impossible("the card does not say from when until when it is valid")
        return ""

    def _revocation(self) -> str:
        if self._files.authentication is None:
            raise Impossible("no certificate of the holder was read; ask the back office")
        certificate = _certificate(self._files.authentication, "certificate")
        revoked = chain.list_of(_certificate(self._files.issuer, "authority"), self._trust)
        if revoked is None or revoked.issuer != certificate.issuer:
            raise Impossible("no revocation list of this authority is at hand; ask the back office")
        age = f"list of {revoked.last_update_utc:%Y-%m-%d}, {age_days(revoked, self._now)} days old"
        if revoked.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
            raise Broken(f"revoked, {age}")
        return age

    def _parsed(self) -> Identity:
        return parse_identity(_read(self._files.identity, "identity"))

    def _names_a_chip(self) -> bool:
        """Whether the identity says that its chip has a key; then a card that calls itself older is a copy."""
        try:
            return bool(self._parsed().chip_key_hash)
        except Malformed:
            return False

    def _need_roots(self) -> None:
        if not self._trust.roots:
            raise Impossible("no trust file is set")

    def _specimen(self) -> str:
        return "test roots" if self._trust.specimen else ""


def cut_signature(signature: bytes, key: PublicKey) -> bytes:
    """A signature without the zeros behind it.

    Raises:
        Broken: when something else stands behind it.
    """
    length = (key.key_size + 7) // 8 if isinstance(key, rsa.RSAPublicKey) else der_length(signature) or 0
    if any(signature[length:]):
        raise Broken("there is something behind the signature")
    return signature[:length]


def _hash_names(certificate: x509.Certificate, key: PublicKey) -> list[str]:
    """Hashes the register may have used: elliptic keys SHA-384; RSA keys that of their own certificate first."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return ["sha384"]
    own = hash_of(certificate)
    first = [name for name, algorithm in HASHES.items() if own is not None and algorithm.name == own.name]
    return list(dict.fromkeys((*first, "sha1", "sha256")))


def _public_key(file: bytes) -> PublicKey:
    try:
        key = load_der_public_key(file[: der_length(file) or 0])
    except UNREADABLE as problem:
        raise Malformed(f"a key that cannot be read: {type(problem).__name__}") from None
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise Malformed("the key of a chip is an elliptic curve key")
    return key


def _read(file: bytes | None, what: str) -> bytes:
    if file is None:
        raise Impossible(f"{what} was not read")
    return file


def _certificate(file: bytes | None, what: str) -> x509.Certificate:
    found = load(_read(file, what))
    if found is None:
        raise Impossible(f"the card has no {what}")
    return found


def _present(file: bytes | None, what: str) -> x509.Certificate:
    """A certificate that every card has: its absence proves a forgery, and must not pass for "cannot be checked"."""
    found = load(_read(file, what))
    if found is None:
        raise Broken(f"the card has no {what}, and every card has one")
    return found


def _checked(name: CheckName, check: Callable[[], str]) -> Check:
    try:
        return Check(name, Finding.PASSED, check())
    except Impossible as missing:
        return Check(name, Finding.NOT_POSSIBLE, str(missing))
    except (Broken, Malformed) as wrong:
        return Check(name, Finding.FAILED, str(wrong))
