"""A personalised chip: its files, keys and PIN as they lie in memory, before anybody speaks to it.

Not for: how it answers (`engine`), or how it is made (`personalise`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from drivers.simulated.card.certificates import Authority
from drivers.simulated.card.files import Place
from drivers.simulated.card.generation import TRAITS, Generation, Traits
from drivers.simulated.card.keys import PrivateKey

BASIC_KEY, AUTHENTICATION_KEY, SIGNATURE_KEY = 0x81, 0x82, 0x83


@dataclass(frozen=True, repr=False)
class Chip:
    """Memory of one card.

    Attributes:
        serial: 16 bytes, tag 2 of the identity file.
        keys: by reference, as in MSE.
        pin: digits.
        tries: left for the PIN when the card was made.
        issuer: who signed the holder's certificates.
    """

    generation: Generation
    serial: bytes
    files: Mapping[Place, bytes]
    keys: Mapping[int, PrivateKey]
    issuer: Authority
    pin: str = "1234"
    tries: int = field(default=3)

    @property
    def traits(self) -> Traits:
        """Numbers of the generation."""
        return TRAITS[self.generation]

    @property
    def holder_certificates(self) -> tuple[bytes, ...]:
        """DER of the holder's certificates, without zeros; empty for small children."""
        places = (Place.CERT_AUTHENTICATION, Place.CERT_SIGNATURE)
        return tuple(without_padding(self.files[place]) for place in places if any(self.files[place]))


def without_padding(certificate: bytes) -> bytes:
    """DER as long as it says it is (`30 82 hi lo`)."""
    return certificate[: int.from_bytes(certificate[2:4], "big") + 4]
