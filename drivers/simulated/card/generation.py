"""Generations of the Belgian card, and what differs between them in numbers.

Not for: what they then do (`engine`, `signing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

OLD_ATR = bytes.fromhex("3B9813400AA503010101AD1311")
NEW_ATR = bytes.fromhex("3B7F96000080318065B085040120120FFF829000")


class Generation(Enum):
    """The value is its name on the command line."""

    V1_1 = "1.1"
    V1_7 = "1.7"
    V1_7_REKEYED = "1.7-rekeyed"
    """RSA keys on the card, certificates and register signatures under the elliptic root."""
    V1_8 = "1.8"


@dataclass(frozen=True)
class Traits:
    """Numbers of one generation; see belgian-eid.md §1 to §3.

    Attributes:
        applet: version byte of GET CARD DATA.
        about: bytes 16 to 27 of GET CARD DATA.
        photo_hash: name in hashlib of the hash in the identity file.
        photo_size: pixels, width and height.
        rsa_bits: size of the holder's keys; 0 for P-384.
        certificate_padding: zeros after a certificate.
        empty_certificate: zeros where there is no certificate.
        window: commands after VERIFY within which the signature key may sign.
        curve_root: whether certificates and register signatures stand under the elliptic root.
    """

    atr: bytes
    applet: int
    about: bytes
    photo_hash: str
    photo_size: tuple[int, int]
    rsa_bits: int
    certificate_padding: int
    empty_certificate: int
    window: int
    curve_root: bool


def _traits_1_7(*, curve_root: bool) -> Traits:
    about = bytes.fromhex("00F0010000 17 0003 00 21 01 0F")
    return Traits(OLD_ATR, 0x17, about, "sha256", (140, 200), 2048, 50, 1300, 1, curve_root)


TRAITS: dict[Generation, Traits] = {
    Generation.V1_1: Traits(
        OLD_ATR, 0x11, bytes.fromhex("A503010101 11 0002 00 21 01 0F"), "sha1", (140, 200), 1024, 25, 1300, 1, False
    ),
    Generation.V1_7: _traits_1_7(curve_root=False),
    Generation.V1_7_REKEYED: _traits_1_7(curve_root=True),
    Generation.V1_8: Traits(
        NEW_ATR, 0x18, bytes.fromhex("00F0010000 18 0001 00 00 01 0F"), "sha384", (150, 195), 0, 1100, 2500, 2, True
    ),
}
