"""The PKCS#15 files of the card, which tell other programs where keys, certificates and PIN are (ISO 7816-15).

Not for: what is in those files.
"""

from __future__ import annotations

PKCS15_AID = bytes.fromhex("A000000177504B43532D3135")
LABEL = b"BELPIC"
_BELGIUM = bytes.fromhex("0603603802")
_MF_BELPIC = bytes.fromhex("3F00DF00")

AUTHENTICATION, SIGNATURE, ISSUER, ROOT = 2, 3, 4, 6
"""Identifiers of keys and certificates."""
_CERTIFICATES = {
    AUTHENTICATION: ("Authentication", 0x5038),
    SIGNATURE: ("Signature", 0x5039),
    ISSUER: ("CA", 0x503A),
    ROOT: ("Root", 0x503B),
}
_USAGES = {AUTHENTICATION: bytes.fromhex("03020520"), SIGNATURE: bytes.fromhex("0303060040")}
"""Key usage: sign for the one, non-repudiation for the other."""


def der(tag: int, *parts: bytes) -> bytes:
    """One DER element of fewer than 65536 bytes."""
    value = b"".join(parts)
    if len(value) < 0x80:
        return bytes((tag, len(value))) + value
    length = len(value).to_bytes(1 if len(value) < 0x100 else 2, "big")
    return bytes((tag, 0x80 | len(length))) + length + value


def directory() -> bytes:
    """EF(DIR)."""
    return der(0x61, der(0x4F, PKCS15_AID), der(0x50, LABEL), der(0x51, _MF_BELPIC), der(0x73, _BELGIUM))


def objects() -> bytes:
    """ODF: where the lists of private keys, certificates and PINs are."""
    return b"".join(der(tag, _path(file)) for tag, file in ((0xA0, 0x5035), (0xA4, 0x5037), (0xA8, 0x5034)))


def token_info(serial: bytes) -> bytes:
    """TokenInfo; `serial` is the 16 bytes of the chip. Ends with the versions of its personalisation."""
    return der(0x30, der(0x02, b"\x00"), der(0x04, serial), der(0x80, LABEL), bytes.fromhex("03020430 9E0404020000"))


def pins() -> bytes:
    """AODF: one PIN. It says BCD, as the card does, although the encoding is another."""
    about = der(0x30, der(0x0C, b"Basic PIN"), bytes.fromhex("030206C0"))
    attributes = der(
        0x30,
        bytes.fromhex("0302020C 0A0100 020104 020108 800101 0401FF"),
        der(0x30, der(0x04, _MF_BELPIC)),
    )
    return der(0x30, about, der(0x30, der(0x04, b"\x01")), der(0xA1, attributes))


def private_keys(ids: tuple[int, ...], bits: int) -> bytes:
    """PrKDF; `bits` is the size of RSA keys, 0 for keys on a curve."""
    return b"".join(_private_key(one, bits) for one in ids)


def certificates(ids: tuple[int, ...], length: int = 200) -> bytes:
    """CDF, filled with zeros up to `length`."""
    return b"".join(_certificate(one) for one in ids).ljust(length, b"\x00")


def _private_key(id: int, bits: int) -> bytes:
    label, _ = _CERTIFICATES[id]
    about = der(0x30, der(0x0C, label.encode()), bytes.fromhex("03020780 040101"))
    key = der(0x30, der(0x04, bytes((id,))), _USAGES[id], bytes.fromhex("030203B8 020200"), bytes((0x80 | id,)))
    place = der(0x30, der(0x04, _MF_BELPIC))
    if bits:
        return der(0x30, about, key, der(0xA1, der(0x30, place, der(0x02, bits.to_bytes(2, "big")))))
    return der(0xA0, about, key, der(0xA1, der(0x30, place)))


def _certificate(id: int) -> bytes:
    label, file = _CERTIFICATES[id]
    flags = b"" if id in (AUTHENTICATION, SIGNATURE) else bytes.fromhex("0101FF")
    return der(
        0x30,
        der(0x30, der(0x0C, label.encode())),
        der(0x30, der(0x04, bytes((id,))), flags),
        der(0xA1, der(0x30, _path(file))),
    )


def _path(file: int) -> bytes:
    return der(0x30, der(0x04, _MF_BELPIC + file.to_bytes(2, "big")))
