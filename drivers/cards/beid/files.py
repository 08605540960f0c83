"""The files of a Belgian identity card: where they are, how long they may be, how long they say they are.

Paths as in belgian-eid.md §2. Not for: reading (`session`) or meaning (`identity`, `certificates`).
"""

from __future__ import annotations

from enum import Enum

_MF = b"\x3f\x00"
_BELPIC, _ID = b"\xdf\x00", b"\xdf\x01"


class File(Enum):
    """An elementary file: dedicated file, file id, and the most bytes that are ever read of it."""

    TOKEN_INFO = (_BELPIC, 0x5032, 256)
    CERT_AUTHENTICATION = (_BELPIC, 0x5038, 4096)
    CERT_SIGNATURE = (_BELPIC, 0x5039, 4096)
    CERT_CA = (_BELPIC, 0x503A, 4096)
    CERT_ROOT = (_BELPIC, 0x503B, 4096)
    CERT_REGISTER = (_BELPIC, 0x503C, 4096)
    IDENTITY = (_ID, 0x4031, 2048)
    IDENTITY_SIGNATURE = (_ID, 0x4032, 1024)
    ADDRESS = (_ID, 0x4033, 1024)
    ADDRESS_SIGNATURE = (_ID, 0x4034, 1024)
    PHOTO = (_ID, 0x4035, 16384)
    CHIP_KEY = (_ID, 0x4040, 512)

    @property
    def path(self) -> bytes:
        """From the master file, two bytes a step."""
        folder, number, _ = self.value
        return _MF + folder + number.to_bytes(2, "big")

    @property
    def limit(self) -> int:
        """The most bytes that are read; a card that offers more is broken."""
        return self.value[2]


_DER = frozenset(
    {
        File.CERT_AUTHENTICATION,
        File.CERT_SIGNATURE,
        File.CERT_CA,
        File.CERT_ROOT,
        File.CERT_REGISTER,
        File.CHIP_KEY,
    }
)


def known_length(file: File, first: bytes) -> int | None:
    """How long a file is as far as its first bytes tell, so that its zero padding is not read.

    The register's signatures are read whole: their padding is part of what the signature over the address covers.

    Returns:
        Bytes, or None where only the end of the file tells.
    """
    return der_length(first) if file in _DER else None


def der_length(data: bytes) -> int | None:
    """Bytes of the DER SEQUENCE that `data` begins with, header included; 0 for zeros only, None for another."""
    if data and not any(data):
        return 0
    if len(data) < 4 or data[0] != 0x30:
        return None
    if data[1] < 0x80:
        return data[1] + 2
    octets = data[1] & 0x7F
    if octets not in (1, 2) or len(data) < 2 + octets:
        return None
    return int.from_bytes(data[2 : 2 + octets], "big") + 2 + octets
