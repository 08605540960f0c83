"""The seal: one signature over a statement, as COSE_Sign1 (RFC 9052), tag 18.

Both headers a seal needs are protected: the algorithm and which key. Nothing stands outside the signature. Not for:
what a statement says (`statement`), nor whose key it is (`trust`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cbor2 import CBORTag
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from kiosk.documents.seal.canonical_cbor import COSE_SIGN1, NotCanonical, read, written
from kiosk.documents.seal_contract import AttestKey, CannotMake

ES256 = -7
EDDSA = -8
"""Algorithms of COSE. Seals are made with the first; the second is accepted, so that keys can change kind one day."""

KID_BYTES = 8
_ALG, _KID = 1, 4
_HALF = 32
"""Bytes of r, and of s."""


class NotSealed(ValueError):
    """Bytes that are no seal in the one form we accept; the text says what is different."""


@dataclass(frozen=True, repr=False)
class Opened:
    """A seal taken apart; nothing of it is believed yet.

    Attributes:
        kid: which key, 8 bytes.
        alg: `ES256` or `EDDSA`.
        statement: the signed content.
        signature: r and s, 32 bytes each, or 64 bytes of Ed25519.
        signed_bytes: what the signature is over (`Sig_structure`).
    """

    kid: bytes
    alg: int
    statement: bytes
    signature: bytes
    signed_bytes: bytes


def sign(statement: bytes, key: AttestKey) -> bytes:
    """Seal a statement.

    Raises:
        CannotMake: when the key is not one of P-256.
    """
    protected = written({_ALG: ES256, _KID: key.kid})
    try:
        r, s = decode_dss_signature(key.sign(_to_sign(protected, statement)))
        signature = r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
    except (ValueError, OverflowError) as error:
        raise CannotMake("the key that seals attests is not one of P-256") from error
    return written(CBORTag(COSE_SIGN1, [protected, {}, statement, signature]))


def open_sealed(cose: bytes) -> Opened:
    """Take a seal apart, strictly.

    Raises:
        NotSealed: when `sign` would not have written it so (the algorithm may also be `EDDSA`).
    """
    protected, unprotected, statement, signature = _parts(cose)
    if unprotected != {}:
        raise NotSealed("the seal has headers outside its signature; there may be none")
    if not (isinstance(protected, bytes) and isinstance(statement, bytes) and isinstance(signature, bytes)):
        raise NotSealed("the parts of the seal are not of bytes")
    alg, kid = _headers(protected)
    if len(signature) != 2 * _HALF:
        raise NotSealed(f"the signature has {len(signature)} bytes; right are {2 * _HALF}, without DER around them")
    return Opened(kid, alg, statement, signature, _to_sign(protected, statement))


def signed_by(opened: Opened, key: object) -> bool:
    """Whether a public key made the signature; a key of another kind than the algorithm's did not."""
    try:
        if opened.alg == ES256 and isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            r, s = (int.from_bytes(opened.signature[at : at + _HALF], "big") for at in (0, _HALF))
            key.verify(encode_dss_signature(r, s), opened.signed_bytes, ec.ECDSA(SHA256()))
            return True
        if opened.alg == EDDSA and isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(opened.signature, opened.signed_bytes)
            return True
    except InvalidSignature:
        pass
    return False


def _parts(cose: bytes) -> Sequence[object]:
    try:
        tag = read(cose)
    except NotCanonical as problem:
        raise NotSealed(f"the seal cannot be read: {problem}") from problem
    if not isinstance(tag, CBORTag) or tag.tag != COSE_SIGN1 or not isinstance(tag.value, list | tuple):
        raise NotSealed(f"the bytes are not marked as a seal (COSE_Sign1, tag {COSE_SIGN1})")
    if len(tag.value) != 4:
        raise NotSealed("the seal does not have four parts")
    return tag.value


def _headers(protected: bytes) -> tuple[int, bytes]:
    try:
        headers = read(protected)
    except NotCanonical as problem:
        raise NotSealed(f"the headers of the seal cannot be read: {problem}") from problem
    if not isinstance(headers, dict) or headers.keys() != {_ALG, _KID}:
        raise NotSealed("the headers of the seal are not exactly algorithm and key")
    alg, kid = headers[_ALG], headers[_KID]
    if alg not in (ES256, EDDSA):
        raise NotSealed("the algorithm of the seal is not accepted: ES256 or EdDSA is right")
    if not isinstance(kid, bytes) or len(kid) != KID_BYTES:
        raise NotSealed(f"the key of the seal is not named by {KID_BYTES} bytes")
    return alg, kid


def _to_sign(protected: bytes, statement: bytes) -> bytes:
    return written(["Signature1", protected, b"", statement])
