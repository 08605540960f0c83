"""What signs an attest and what a check of one says: shared by column, back office, command line and web page.

Not for: how it is done (`kiosk.documents.seal`, `kiosk.documents.attest`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from kiosk.core.attests import AttestContent


class AttestKey(Protocol):
    """The key that seals attests: P-256, in a file today; a TPM or PKCS#11 token fits the same port.

    Attributes:
        certificate: DER of its certificate.
        chain: DER of the certificates above it, issuer first.
    """

    @property
    def certificate(self) -> bytes:
        """DER of the certificate."""
        ...

    @property
    def chain(self) -> tuple[bytes, ...]:
        """DER of the certificates above it, issuer first."""
        ...

    @property
    def kid(self) -> bytes:
        """First 8 bytes of the SHA-256 of the certificate."""
        ...

    def sign(self, message: bytes) -> bytes:
        """ECDSA with SHA-256 over `message`, DER."""
        ...


class Finding(Enum):
    """What a check says, in one word; every value has sentences in four languages (`verify.<value>`)."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN_KEY = "unknown_key"
    """Sealed by a key the list does not have: another municipality, or nobody."""
    OUT_OF_TIME = "out_of_time"
    """Sealed on a day on which the certificate of the key did not count."""
    TAMPERED = "tampered"
    NOT_A_SEAL = "not_a_seal"
    """Something else: another scheme, a broken picture, no code at all."""


@dataclass(frozen=True, repr=False)
class Verdict:
    """The result of a check.

    Attributes:
        content: the sealed facts, to be compared with the paper; None where the seal cannot be believed.
        detail: what was wrong, for technicians; never personal.
        issuer: organisation in the certificate of the key, or empty.
        sealed_at: when, by the clock of the column; None where unknown.
    """

    finding: Finding
    content: AttestContent | None = None
    detail: str = ""
    issuer: str = ""
    sealed_at: datetime | None = None


class CannotMake(Exception):
    """An attest cannot be produced as a document; nothing was printed. The text is never personal."""


class MissingGlyph(CannotMake):
    """The fonts lack a character, and a name is never printed damaged.

    Attributes:
        characters: code points such as `U+1F600`.
    """

    def __init__(self, characters: tuple[str, ...]) -> None:
        super().__init__(f"the fonts have no {', '.join(characters) or 'sign for a character'}")
        self.characters = characters
