"""A small authority, keys, contents and trust lists for tests of the seal; everybody in it is plainly invented.

Not for: the back office's own authority (`sync.backoffice.authority`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from kiosk.core.attests import AttestContent, AttestField, Group, GroupKind, Kind, Printed
from kiosk.documents.seal.keys import FileAttestKey, install, make_request
from kiosk.documents.seal.trust import Trust, load_trust
from sync.protocol.attests import TRUST
from sync.protocol.canonical import b64url, canonical
from sync.protocol.signing import SigningKey

NUMBER = "0000000097"
ISSUER = f"BE:{NUMBER}"
TOWN = "Stad Voorbeeld"
ZONE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 25, 14, 30, tzinfo=ZONE)
"""When the column seals, if a test says nothing else."""
SIGNING = SigningKey(bytes(range(32)))
"""The organisation's key, which signs trust lists."""

PublicKey: TypeAlias = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey


@dataclass(frozen=True)
class Authority:
    """The municipality's authority: a self-signed certificate and its key."""

    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    number: str = NUMBER

    @property
    def der(self) -> bytes:
        """Its certificate."""
        return self.certificate.public_bytes(Encoding.DER)

    def certify(
        self,
        key: PublicKey,
        valid_from: datetime = NOW - timedelta(days=1),
        valid_to: datetime = NOW + timedelta(days=59),
        *,
        name: str = "kiosk",
        number: str | None = None,
        usage: bool = True,
        authority: bool = False,
    ) -> bytes:
        """DER of a certificate for a column's key.

        Args:
            number: enterprise number; that of the authority when not given.
            usage: whether the key may sign documents.
            authority: whether it may certify others.
        """
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, name),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, TOWN),
                x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRBE-{number or self.number}"),
            ]
        )
        builder = _builder(subject, self.certificate.subject, key, valid_from, valid_to)
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        builder = builder.add_extension(_usage(sign=usage, certify=not usage), critical=True)
        own = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.private.public_key())
        return builder.add_extension(own, critical=False).sign(self.private, SHA256()).public_bytes(Encoding.DER)


def make_authority(number: str = NUMBER) -> Authority:
    """A new authority of ten years."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"{TOWN} attests"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, TOWN),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRBE-{number}"),
        ]
    )
    builder = _builder(name, name, private.public_key(), NOW - timedelta(days=900), NOW + timedelta(days=2750))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(sign=False, certify=True), critical=True)
    return Authority(private, builder.sign(private, SHA256()), number)


def make_key(
    authority: Authority,
    valid_from: datetime = NOW - timedelta(days=1),
    valid_to: datetime = NOW + timedelta(days=59),
    *,
    folder: Path | None = None,
    **changes: str,
) -> FileAttestKey:
    """A column's key with its certificate, made and installed as a column does it.

    Args:
        folder: where it is kept; a folder that is gone at once when not given.
        changes: `name` or `number` of the certificate.
    """
    if folder is None:
        with tempfile.TemporaryDirectory() as gone:
            return make_key(authority, valid_from, valid_to, folder=Path(gone), **changes)
    request = x509.load_der_x509_csr(make_request(folder)).public_key()
    assert isinstance(request, ec.EllipticCurvePublicKey)
    certificate = authority.certify(
        request, valid_from, valid_to, name=changes.get("name", "kiosk"), number=changes.get("number")
    )
    return install(folder, certificate, (authority.der,))


def row(**facts: str) -> tuple[Printed, ...]:
    """Facts by the small name of their field."""
    return tuple(Printed(AttestField[name.upper()], value) for name, value in facts.items())


PERSON = row(
    surname="Voorbeeld",
    given_names="Anneliese Test",
    birth_date="29 februari 1988",
    birth_place="Proefdorp",
    nationality="Belgische",
    address="Denkbeeldstraat 12 bus 3, 9999 Voorbeeld",
    since="1 mei 2019",
)
MEMBERS = tuple(
    row(surname="Voorbeeld", given_names=name, birth_date=born, relation=relation)
    for name, born, relation in (
        ("Anneliese Test", "29 februari 1988", "referentiepersoon"),
        ("Bram Proef", "3 juli 1986", "echtgenoot"),
        ("Celeste", "14 januari 2012", "kind"),
        ("Dries", "14 januari 2012", "kind"),
        ("Elise", "30 september 2015", "kind"),
        ("Florian", "1 december 2019", "kind"),
    )
)
EARLIER = (
    row(address="Proefplein 1, 9999 Voorbeeld", **{"from": "1 mei 2011", "until": "30 april 2019"}),
    row(address="Bedachte Dreef 77, 9998 Verzonnen", **{"from": "2 april 1999", "until": "30 april 2011"}),
)
FACTS: Mapping[Kind, tuple[Printed, ...]] = {
    Kind.IDENTITY: PERSON[:5] + row(card_number="000-0000097-00", card_valid_until="24 november 2030"),
    Kind.LIFE: PERSON[:4] + row(seen_on="25 november 2026"),
    Kind.BIRTH: PERSON[:4] + row(parent_1="Gerda Voorbeeld", parent_2="Hendrik Verzonnen", record_number="1988/97"),
    Kind.MARRIAGE: PERSON[:4] + row(spouse="Bram Proef", married_on="8 augustus 2008", married_in="Voorbeeld"),
}
GROUPS: Mapping[Kind, tuple[Group, ...]] = {
    Kind.HOUSEHOLD: (Group(GroupKind.MEMBERS, MEMBERS),),
    Kind.RESIDENCE_HISTORY: (Group(GroupKind.ADDRESSES, EARLIER),),
}


def make_content(kind: Kind = Kind.RESIDENCE, **changes: object) -> AttestContent:
    """An attest of that kind, sealed at `NOW` for three months; `changes` are attributes of `AttestContent`."""
    content = AttestContent(
        id=bytes(range(16)),
        product=kind.value.replace("_", "-"),
        kind=kind,
        language="nl",
        number="districtshuis-K1-2026-00042",
        issued_at=NOW,
        valid_until=date(2027, 2, 25),
        as_of=date(2026, 11, 25),
        place="Voorbeeld",
        purpose="voor een sociale woning",
        issuer=ISSUER,
        kiosk="00000000-0000-4000-8000-000000000097",
        facts=FACTS.get(kind, PERSON),
        groups=GROUPS.get(kind, ()),
    )
    return replace(content, **changes)  # type: ignore[arg-type]


def listed(certificate: bytes, /, *, revoked_from: datetime | None = None, **changes: str) -> dict[str, str]:
    """One issuer of a trust list; `changes` are members by their name on the wire."""
    parsed = x509.load_der_x509_certificate(certificate)
    digest = x509_kid(certificate)
    entry = {
        "kid": b64url(digest),
        "certificate": b64url(certificate),
        "validFrom": stamp(parsed.not_valid_before_utc),
        "validTo": stamp(parsed.not_valid_after_utc),
    }
    if revoked_from is not None:
        entry["revokedFrom"] = stamp(revoked_from)
    return {**entry, **changes}


def x509_kid(certificate: bytes) -> bytes:
    """The kid, told by the library of certificates."""
    return x509.load_der_x509_certificate(certificate).fingerprint(SHA256())[:8]


def make_trust(
    authority: Authority,
    issuers: Sequence[FileAttestKey | dict[str, str]],
    *,
    version: int = 7,
    revoked: Sequence[bytes] = (),
    signing: SigningKey = SIGNING,
    **changes: object,
) -> bytes:
    """A signed trust list, as `/trust.json` serves it.

    Args:
        issuers: keys, or entries of `listed`.
        revoked: ids of attests.
        changes: members of the list by their name on the wire.
    """
    entries = [listed(one.certificate) if isinstance(one, FileAttestKey) else one for one in issuers]
    members: dict[str, object] = {
        "version": version,
        "organisation": "voorbeeld",
        "issuedAt": stamp(NOW),
        "publicKey": str(signing.public),
        "authorities": [b64url(authority.der)],
        "issuers": entries,
        "revoked": [{"id": b64url(one), "revokedAt": stamp(NOW)} for one in revoked],
    }
    return canonical(signing.sign_object(TRUST, {**members, **changes}))


def trusting(authority: Authority, *issuers: FileAttestKey | dict[str, str], revoked: Sequence[bytes] = ()) -> Trust:
    """The same, loaded."""
    return load_trust(make_trust(authority, issuers, revoked=revoked))


def stamp(moment: datetime) -> str:
    """RFC 3339, as the back office writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _builder(
    subject: x509.Name, issuer: x509.Name, key: PublicKey, valid_from: datetime, valid_to: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_to)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, sign: bool, certify: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certify,
        crl_sign=certify,
        encipher_only=False,
        decipher_only=False,
    )
