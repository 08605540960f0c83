"""What cards are verified against: pinned roots from a PEM file, and revocation lists that can be carried offline.

A production file may hold only roots whose fingerprint stands in `belgium-roots.toml`. Other roots are accepted when
the file says on a line of its own that they are for tests; everything verified with them is then a specimen. Not for:
the verification itself (`chain`, `verify`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from drivers.cards.beid.certificates import UNREADABLE, key_of

TEST_MARK = "# test roots"
"""The line with which a trust file says that its roots are for tests only."""

_ROOTS = Path(__file__).with_name("belgium-roots.toml")
_PEM_CRL = b"-----BEGIN X509 CRL-----"


class TrustFileWrong(ValueError):
    """A trust or revocation file that cannot be used; the text names it and what would be right."""


@dataclass(frozen=True)
class Trust:
    """Roots and revocation lists at hand.

    Attributes:
        roots: none when no file is set; then nothing can be verified.
        specimen: whether the roots are for tests only.
        proven: lists and the key (SubjectPublicKeyInfo) that was found to have signed them; such a list has
            megabytes, and is the same for every card. What a key did not sign is not kept, or forgers could fill it.
    """

    roots: tuple[x509.Certificate, ...] = ()
    specimen: bool = False
    revocations: tuple[x509.CertificateRevocationList, ...] = ()
    proven: set[tuple[int, bytes]] = field(default_factory=set, init=False, repr=False, compare=False)

    def revocation_list(self, issuer: x509.Name) -> x509.CertificateRevocationList | None:
        """The newest list of an authority, or None."""
        lists = [each for each in self.revocations if each.issuer == issuer]
        return max(lists, key=lambda each: each.last_update_utc, default=None)


def load_trust(trust: Path | None, revocations: Path | None = None, *, specimens: bool) -> Trust:
    """Read the files; None for one that is not set.

    Args:
        specimens: whether roots for tests are accepted.

    Raises:
        TrustFileWrong: naming the file and what would be right.
    """
    roots, specimen = _roots(trust) if trust is not None else ((), False)
    if specimen and not specimens:
        raise TrustFileWrong(f"{trust}: its roots are for tests, and this is no practice; use the roots of Belgium")
    return Trust(roots, specimen, _revocations(revocations) if revocations is not None else ())


def age_days(revocations: x509.CertificateRevocationList, now: datetime) -> int:
    """Whole days since a list was made."""
    return (now - revocations.last_update_utc).days


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the DER, capitals."""
    return certificate.fingerprint(hashes.SHA256()).hex().upper()


def _roots(path: Path) -> tuple[tuple[x509.Certificate, ...], bool]:
    content = _content(path)
    specimen = TEST_MARK in (line.strip() for line in content.decode(errors="replace").splitlines())
    try:
        roots = tuple(x509.load_pem_x509_certificates(content))
        for root in roots:
            # Parsed when first asked: better here than under the first card.
            key_of(root), root.subject, root.extensions
    except UNREADABLE:
        raise TrustFileWrong(f"{path}: no PEM file of certificates") from None
    if not specimen:
        _check_known(path, roots)
    return roots, specimen


def _check_known(path: Path, roots: tuple[x509.Certificate, ...]) -> None:
    known = {root["sha256"] for root in tomllib.loads(_ROOTS.read_text())["root"]}
    for root in roots:
        if fingerprint(root) not in known:
            raise TrustFileWrong(
                f"{path}: '{root.subject.rfc4514_string()}' ({fingerprint(root)}) is no root of Belgium; "
                f"roots for tests need the line '{TEST_MARK}'"
            )


def _revocations(path: Path) -> tuple[x509.CertificateRevocationList, ...]:
    content = _content(path)
    try:
        if _PEM_CRL in content:
            parts = content.split(_PEM_CRL)[1:]
            lists = tuple(x509.load_pem_x509_crl(_PEM_CRL + part) for part in parts)
        else:
            lists = (x509.load_der_x509_crl(content),)
        for each in lists:
            each.issuer, each.last_update_utc, [entry.serial_number for entry in each]
    except UNREADABLE:
        raise TrustFileWrong(f"{path}: no revocation list, neither PEM nor DER") from None
    return lists


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise TrustFileWrong(f"{path}: {problem.strerror}") from None
