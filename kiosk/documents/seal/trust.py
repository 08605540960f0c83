"""Whose seals count: the signed trust list of a municipality, checked and in memory.

Every entry is held against the certificates in it, so a list says nothing its authority did not sign. Not for: fetching
a list, or judging a seal (`check`).
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from cryptography import x509
from pydantic import ValidationError

from kiosk.documents.seal.bad_lists import BadTrustList, OtherKey, RolledBack
from kiosk.documents.seal.certificates import BadCertificate, issued_by, issuer_of, kid_of, load, organisation_of, seals
from kiosk.documents.seal.remembered import remember
from sync.protocol.attests import TRUST, Issuer, TrustList
from sync.protocol.canonical import unb64url
from sync.protocol.signing import PublicKey

MAX_BYTES = 32_000_000


@dataclass(frozen=True)
class TrustedIssuer:
    """A key that seals, or sealed.

    Attributes:
        certificate: DER.
        organisation: its name in the certificate.
        issuer: as seals name it, `BE:<ten digits>`.
        valid_from, valid_to: timezone-aware; both moments are within.
        revoked_from: what was sealed at or after this moment does not count; None while it is trusted.
    """

    certificate: bytes
    organisation: str
    issuer: str
    valid_from: datetime
    valid_to: datetime
    revoked_from: datetime | None = None

    @cached_property
    def public_key(self) -> object:
        """A public key of `cryptography`."""
        return x509.load_der_x509_certificate(self.certificate).public_key()


@dataclass(frozen=True)
class Trust:
    """A checked list.

    Attributes:
        organisation: id of the organisation at its back office.
        version: rises with every change.
        issued_at: when the list was made.
        key: signs the lists of this organisation.
        authorities: DER of the municipality's authority, and those before it.
        issuers: by kid.
        revoked_ids: attests that no longer count.
    """

    organisation: str
    version: int
    issued_at: datetime
    key: PublicKey
    authorities: tuple[bytes, ...]
    issuers: Mapping[bytes, TrustedIssuer]
    revoked_ids: frozenset[bytes]

    def issuer(self, kid: bytes) -> TrustedIssuer | None:
        """The key of that name, or None."""
        return self.issuers.get(kid)

    def revoked(self, id: bytes) -> bool:
        """Whether the attest with this id (16 bytes) was revoked."""
        return id in self.revoked_ids

    def age(self, now: datetime) -> timedelta:
        """How old the list is."""
        return now - self.issued_at


def load_trust(data: bytes, remembered: Path | None = None, pinned: PublicKey | None = None) -> Trust:
    """Check a list.

    Args:
        data: JSON of a `TrustList`.
        remembered: file that keeps version and key of every organisation seen; made or updated here.
        pinned: the key that must have signed. Without it and without a memory the list speaks for itself only.

    Raises:
        BadTrustList: when it is none, or says what its authority did not sign; `RolledBack` when a newer one was seen;
            `OtherKey` when another key signed than the pinned or remembered one.
    """
    signed, listed = _parsed(data)
    key = _key(listed.public_key)
    if pinned is not None and key != pinned:
        raise OtherKey(f"the list is signed by the key {key.id}; right is {pinned.id}")
    if not key.verify_object(TRUST, signed):
        raise BadTrustList("the signature of the list is wrong; fetch it again from the back office (/trust.json)")
    trust = _trust(listed, key)
    if remembered is not None:
        remember(remembered, trust.organisation, trust.version, key)
    return trust


def _parsed(data: bytes) -> tuple[dict[str, object], TrustList]:
    if len(data) > MAX_BYTES:
        raise BadTrustList(f"a trust list has at most {MAX_BYTES} bytes")
    try:
        signed = json.loads(data)
        return signed, TrustList.model_validate(signed)
    except (ValueError, ValidationError, RecursionError) as error:
        raise BadTrustList("this is no trust list; right is the file a back office serves as /trust.json") from error


def _key(text: str) -> PublicKey:
    try:
        return PublicKey.parse(text)
    except ValueError as error:
        raise BadTrustList(f"the public key of the list is none ({error})") from error


def _trust(listed: TrustList, key: PublicKey) -> Trust:
    authorities = tuple(_bytes(text, "an authority") for text in listed.authorities)
    above = [_certificate(der, "an authority") for der in authorities]
    issuers = dict(_issuer(entry, above) for entry in listed.issuers)
    if len({issuer.issuer for issuer in issuers.values()}) > 1:
        raise BadTrustList("the list has keys of more than one enterprise number; a list is of one organisation")
    return Trust(
        listed.organisation,
        listed.version,
        _moment(listed.issued_at),
        key,
        authorities,
        MappingProxyType(issuers),
        frozenset(_bytes(entry.id, "a revoked attest") for entry in listed.revoked),
    )


def _issuer(entry: Issuer, authorities: list[x509.Certificate]) -> tuple[bytes, TrustedIssuer]:
    what = f"the key {entry.kid[:16]!a}"
    der = _bytes(entry.certificate, what)
    certificate = _certificate(der, what)
    kid = kid_of(der)
    if _bytes(entry.kid, what) != kid:
        raise BadTrustList(f"{what} is not named after its certificate")
    issuer = issuer_of(certificate)
    above = [authority for authority in authorities if issuer_of(authority) == issuer]
    if not issuer or not any(issued_by(certificate, authority) for authority in above):
        raise BadTrustList(f"{what} was not certified by the authority of the organisation for that organisation")
    if not seals(certificate):
        raise BadTrustList(f"the certificate of {what} is not one for seals")
    return kid, TrustedIssuer(
        der,
        organisation_of(certificate),
        issuer,
        max(_moment(entry.valid_from), certificate.not_valid_before_utc),
        min(_moment(entry.valid_to), certificate.not_valid_after_utc),
        None if entry.revoked_from is None else _moment(entry.revoked_from),
    )


def _certificate(der: bytes, what: str) -> x509.Certificate:
    try:
        return load(der)
    except BadCertificate as error:
        raise BadTrustList(f"{what}: {error}") from error


def _bytes(text: str, what: str) -> bytes:
    try:
        return unb64url(text)
    except (ValueError, binascii.Error) as error:
        raise BadTrustList(f"{what} is not written in base64url") from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.utcoffset() is None:
            raise ValueError("no zone")
    except ValueError as error:
        raise BadTrustList("a moment of the list is not written as RFC 3339 with its zone") from error
    return moment


__all__ = ["BadTrustList", "OtherKey", "RolledBack", "Trust", "TrustedIssuer", "load_trust"]
