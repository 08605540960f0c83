"""Room in a sealed PDF that no signature covers: there must be none, or nothing in it.

A PDF signature covers everything but itself, and of itself only the signed attributes. The rest (the padding, the
spelling of its digits, the heads of its parts, the certificates of authorities) could be changed without any program
noticing, so here it must be exactly what a seal of ours has. Not for: the signature itself
(`kiosk.documents.attest.pdf_check`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asn1crypto.cms import SignedData
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_SHA256 = {"algorithm": "sha256", "parameters": None}
_ECDSA = {"algorithm": "sha256_ecdsa", "parameters": None}
_END = (0, 0)
"""Class and tag of what only BER has; also what padding would be read as."""


class Spare(Exception):
    """Something stands where nothing may, or otherwise than a seal has it."""


def covers_everything(seal: EmbeddedPdfSignature, data: bytes) -> None:
    """Everything but the signature is signed, and where only the signature may stand nothing else does.

    Raises:
        Spare, or what the library raises over a broken signature.
    """
    from asn1crypto.parser import parse

    first, before, after, rest = (int(number) for number in seal.byte_range)
    hole = data[before:after]
    if first != 0 or after + rest != len(data) or hole[:1] + hole[-1:] != b"<>":
        raise Spare("the seal does not cover the whole file")
    content = bytes.fromhex(hole[1:-1].decode("ascii"))
    _, _, _, header, body, trailer = parse(content)
    cms = content[: len(header) + len(body) + len(trailer)]
    if hole[1:-1] != content.hex().upper().encode("ascii") or content[len(cms) :].strip(b"\0"):
        raise Spare("something stands beside the signature, where nothing may")
    _filled(cms)


def _filled(der: bytes) -> None:
    """Every element is filled by its parts to the last byte."""
    from asn1crypto.parser import parse

    at = 0
    while at < len(der):
        kind, constructed, tag, header, body, trailer = parse(der[at:])
        if (kind, tag) == _END or trailer:
            raise Spare("the signature is not written as DER has it")
        if constructed:
            _filled(body)
        at += len(header) + len(body)


def holds_nothing_else(seal: EmbeddedPdfSignature, authorities: tuple[bytes, ...]) -> None:
    """The parts of the signature that it does not cover itself say what those of every seal say.

    Args:
        authorities: DER of the certificates that may ride along.

    Raises:
        Spare, or what the library raises over a broken signature.
    """
    signed: SignedData = seal.signed_data
    signer = signed["signer_infos"][0]
    heads = (
        signed["version"].native,
        [algorithm.native for algorithm in signed["digest_algorithms"]],
        signed["encap_content_info"].native,
        signed["crls"].native,
        len(signed["signer_infos"]),
        signer["version"].native,
        signer["digest_algorithm"].native,
        signer["signature_algorithm"].native,
        signer["unsigned_attrs"].native,
    )
    right = ("v1", [_SHA256], {"content_type": "data", "content": None}, None, 1, "v1", _SHA256, _ECDSA, None)
    if heads != right:
        raise Spare("the signature is not of the form a seal has")
    if any(other.dump() not in authorities for other in seal.other_embedded_certs):
        raise Spare("the seal carries a certificate that is not of the authority")
