"""The key that seals attests, in files: a folder with one sub-folder a key, and a pointer to the one that is used.

    attest.current            name of the sub-folder: the kid, 16 hex digits
    <kid>/attest.key          PKCS#8 in PEM, mode 0600
    <kid>/attest.pem          its certificate, then the chain
    attest.key.new            a key that waits for its certificate, mode 0600

Only the pointer is ever replaced, so a power cut leaves the old pair or the new one. Not for: asking for a certificate
over the network, or keys in a TPM (another `AttestKey`).
"""

from __future__ import annotations

import re
import shutil
import stat
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from kiosk.documents.seal.certificates import BadCertificate, der_of, issued_by, kid_of, load, seals
from sync.client.identity import write_durably

POINTER = "attest.current"
KEY = "attest.key"
CERTIFICATE = "attest.pem"
WAITING = "attest.key.new"

_FOLDER = re.compile(r"[0-9a-f]{16}")


class NoAttestKey(Exception):
    """There is no key to seal attests with, or it cannot be used; the text says what to do."""

    def __init__(self, path: Path, found: str, right: str) -> None:
        super().__init__(f"{path}: {found}; {right}")
        self.path = path


@dataclass(frozen=True, repr=False)
class FileAttestKey:
    """A key from files; keep it no longer than it is used, and out of every log (no repr).

    Attributes:
        certificate: DER.
        chain: DER of the certificates above it, issuer first.
        private: the key itself.
    """

    certificate: bytes
    chain: tuple[bytes, ...]
    private: ec.EllipticCurvePrivateKey

    @classmethod
    def load(cls, folder: Path) -> FileAttestKey:
        """The key that is in use.

        Raises:
            NoAttestKey: when there is none, others may read it, or key and certificate do not belong together.
        """
        pair = folder / _pointed(folder)
        private = _private_key(pair / KEY)
        try:
            certificates = x509.load_pem_x509_certificates((pair / CERTIFICATE).read_bytes())
        except (OSError, ValueError) as error:
            raise NoAttestKey(pair / CERTIFICATE, f"it cannot be read ({error})", _ASK_ANEW) from error
        certificate, *chain = map(der_of, certificates)
        if kid_of(certificate).hex() != pair.name:
            raise NoAttestKey(pair / CERTIFICATE, "it is another certificate than the one installed", _ASK_ANEW)
        _belongs(certificate, private, pair / CERTIFICATE)
        return cls(certificate, tuple(chain), private)

    @cached_property
    def kid(self) -> bytes:
        """First 8 bytes of the SHA-256 of the certificate."""
        return kid_of(self.certificate)

    @cached_property
    def _x509(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.certificate)

    @property
    def valid_from(self) -> datetime:
        """From when the certificate counts, UTC."""
        return self._x509.not_valid_before_utc

    @property
    def valid_to(self) -> datetime:
        """Until when the certificate counts, UTC."""
        return self._x509.not_valid_after_utc

    def sign(self, message: bytes) -> bytes:
        """ECDSA with SHA-256 over `message`, DER."""
        return self.private.sign(message, ec.ECDSA(SHA256()))


_ASK_ANEW = "remove the folder and let the column ask for a new certificate"


def make_request(folder: Path) -> bytes:
    """Make a new key that waits in the folder, beside the one in use, and ask for its certificate.

    A key that waited already is lost: what was asked with it has no use any more.

    Returns:
        PKCS#10 in DER; only its key counts, the names are those of who issues.
    """
    private = ec.generate_private_key(ec.SECP256R1())
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_durably(folder / WAITING, _pem(private))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kiosk")])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(private, SHA256())
    return request.public_bytes(Encoding.DER)


def install(folder: Path, certificate: bytes, chain: tuple[bytes, ...]) -> FileAttestKey:
    """Put the key that waits to use with its certificate; the keys before it are removed.

    Args:
        certificate: DER, of the key `make_request` made.
        chain: DER of the certificates above it, issuer first.

    Raises:
        NoAttestKey: when no key waits, or the certificate is of another key or not issued by the chain.
    """
    private = _private_key(folder / WAITING)
    _belongs(certificate, private, folder / WAITING)
    _is_chain(certificate, chain, folder)
    name = kid_of(certificate).hex()
    pair = folder / name
    pair.mkdir(exist_ok=True, mode=0o700)
    write_durably(pair / KEY, _pem(private))
    pem = (x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in (certificate, *chain))
    write_durably(pair / CERTIFICATE, b"".join(pem))
    write_durably(folder / POINTER, f"{name}\n".encode("ascii"))
    (folder / WAITING).unlink()
    for other in folder.iterdir():
        if other.name != name and _FOLDER.fullmatch(other.name):
            shutil.rmtree(other, ignore_errors=True)
    return FileAttestKey(certificate, chain, private)


def _pointed(folder: Path) -> str:
    path = folder / POINTER
    try:
        name = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        right = "the column gets one when it is on line with a back office that has an enterprise number"
        raise NoAttestKey(folder, "there is no key to seal attests with yet", right) from None
    except (OSError, ValueError) as error:
        raise NoAttestKey(path, f"it cannot be read ({error})", _ASK_ANEW) from error
    if not _FOLDER.fullmatch(name):
        raise NoAttestKey(path, "it does not name a key", _ASK_ANEW)
    return name


def _private_key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        private = load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError:
        raise NoAttestKey(path, "there is no such key", "ask for a certificate first, which makes one") from None
    except (OSError, ValueError, TypeError) as error:
        raise NoAttestKey(path, "the key cannot be read", _ASK_ANEW) from error
    if mode & 0o077:
        raise NoAttestKey(path, f"others may read the key (mode {mode:04o})", "right is 0600; better is a new key")
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise NoAttestKey(path, "the key is of another kind", "right is P-256")
    return private


def _belongs(certificate: bytes, private: ec.EllipticCurvePrivateKey, path: Path) -> None:
    try:
        found = load(certificate)
    except BadCertificate as error:
        raise NoAttestKey(path, str(error), "ask for the certificate again") from error
    own = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if found.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != own:
        raise NoAttestKey(path, "the certificate is of another key", "ask for the certificate again")
    if not seals(found):
        raise NoAttestKey(path, "the certificate does not allow signatures", "it needs digitalSignature, and no CA")


def _is_chain(certificate: bytes, chain: tuple[bytes, ...], folder: Path) -> None:
    below = load(certificate)
    for der in chain:
        try:
            above = load(der)
        except BadCertificate as error:
            raise NoAttestKey(folder, f"in the chain: {error}", "ask for the certificate again") from error
        if not issued_by(below, above):
            raise NoAttestKey(folder, "the chain does not hold: a link did not issue the one below", "ask again")
        below = above


def _pem(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
