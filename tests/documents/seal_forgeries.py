"""Seals that are wrong in one way each, and good ones beside them: the vectors of `test_seal_vectors`.

`python -m tests.documents.seal_forgeries` writes them anew to `test_seal_vectors.json`; the kept ones are of the first
release and every later program must say the same of them. Not for: wrong trust lists (`test_seal_trust`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import base45
import cbor2
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from kiosk.core.attests import Kind
from kiosk.documents.seal.cose import open_sealed, sign
from kiosk.documents.seal.keys import FileAttestKey
from kiosk.documents.seal.statement import encode
from kiosk.documents.seal.text import cose_of, seal_text
from kiosk.documents.seal_contract import Finding
from tests.documents.seal_rigs import (
    NOW,
    Authority,
    listed,
    make_authority,
    make_content,
    make_key,
    make_trust,
    row,
    x509_kid,
)

KEPT = Path(__file__).with_name("test_seal_vectors.json")
TAKEN_BACK = b"taken back 00097"
Vectors = Mapping[str, tuple[str, Finding]]


def as_text(cose: bytes, *, deflate: bool = False) -> str:
    """Bytes as the text of a code, whatever they are."""
    body = base45.b45encode(zlib.compress(cose, 9) if deflate else cose).decode()
    return f"{'BE1' if deflate else 'BE0'}:{body}"


def raw_seal(
    statement: bytes,
    key: FileAttestKey,
    *,
    alg: object = -7,
    unprotected: dict[int, object] | None = None,
    signature: bytes | None = None,
    kid: object = None,
    tag: int = 18,
) -> bytes:
    """A seal with whatever headers; the signature is right over them when none is given."""
    protected = cbor2.dumps({1: alg, 4: key.kid if kid is None else kid}, canonical=True)
    if signature is None:
        to_sign = cbor2.dumps(["Signature1", protected, b"", statement], canonical=True)
        signature = raw_signature(key.sign(to_sign))
    return cbor2.dumps(cbor2.CBORTag(tag, [protected, unprotected or {}, statement, signature]), canonical=True)


def raw_signature(der: bytes) -> bytes:
    """r and s of a DER signature, read without the code under test: two integers of at most 33 bytes."""
    length = der[3]
    r, s = der[4 : 4 + length], der[6 + length :]
    return b"".join(part.lstrip(b"\0").rjust(32, b"\0") for part in (r, s))


def sealed_as_is(statement: bytes, key: FileAttestKey) -> str:
    """A rightly signed seal over any bytes."""
    return as_text(sign(statement, key))


def vectors() -> tuple[bytes, Vectors]:
    """A trust list and, by name, texts with what is to be said of them at `NOW`."""
    authority, other = make_authority(), make_authority()
    key, stranger = make_key(authority), make_key(other)
    stolen = make_key(authority)
    early = make_key(authority, NOW + timedelta(hours=1), NOW + timedelta(days=60))
    late = make_key(authority, NOW - timedelta(days=90), NOW - timedelta(days=30))
    entries = [
        listed(key.certificate),
        listed(stolen.certificate, revoked_from=NOW),
        listed(early.certificate),
        listed(late.certificate),
    ]
    good = {f"good {kind.value}": (seal_text(make_content(kind), key), Finding.VALID) for kind in Kind}
    found = {
        **good,
        **_contents(key, stolen, early, late),
        **_headers(key, stranger, authority, entries),
        **_texts(key),
    }
    return make_trust(authority, entries, revoked=[TAKEN_BACK]), found


def _contents(key: FileAttestKey, stolen: FileAttestKey, early: FileAttestKey, late: FileAttestKey) -> Vectors:
    plain = make_content()
    last_week = make_content(issued_at=NOW - timedelta(seconds=1))
    tree = cbor2.loads(encode(plain))
    decomposed = tree | {-65537: tree[-65537] | {7: "Voorbeeld e\u0301"}}
    newer = tree | {-65537: tree[-65537] | {10: [*tree[-65537][10], [999, "iets nieuws"]]}}
    markup = make_content(facts=row(surname='<b>#panic("x")</b> $x$ *a* _b_ \\ "\'& {}', given_names="Zoë Ÿ Łukasz Ñ"))
    wide = make_content(facts=row(surname="W" * 200, given_names="Ö" * 200))
    return {
        "practice": (seal_text(make_content(practice=True), key), Finding.VALID),
        "names with markup": (seal_text(markup, key), Finding.VALID),
        "names of 200 characters": (seal_text(wide, key), Finding.VALID),
        "last day over": (
            seal_text(make_content(valid_until=(NOW - timedelta(days=1)).date()), key),
            Finding.EXPIRED,
        ),
        "on its last day": (seal_text(make_content(valid_until=NOW.date()), key), Finding.VALID),
        "attest taken back": (seal_text(make_content(id=TAKEN_BACK), key), Finding.REVOKED),
        "key revoked at that moment": (seal_text(plain, stolen), Finding.REVOKED),
        "key revoked a second later": (seal_text(last_week, stolen), Finding.VALID),
        "before the certificate": (sealed_as_is(encode(plain), early), Finding.OUT_OF_TIME),
        "after the certificate": (sealed_as_is(encode(plain), late), Finding.OUT_OF_TIME),
        "two days ahead": (seal_text(make_content(issued_at=NOW + timedelta(days=2)), key), Finding.OUT_OF_TIME),
        "another issuer": (sealed_as_is(encode(make_content(issuer="BE:0000000098")), key), Finding.TAMPERED),
        "not NFC": (sealed_as_is(cbor2.dumps(decomposed, canonical=True), key), Finding.NOT_A_SEAL),
        "field of a newer program": (sealed_as_is(cbor2.dumps(newer, canonical=True), key), Finding.NOT_A_SEAL),
        "statement not canonical": (sealed_as_is(cbor2.dumps(dict(reversed(tree.items()))), key), Finding.NOT_A_SEAL),
        "statement with something after it": (sealed_as_is(encode(plain) + b"\0", key), Finding.NOT_A_SEAL),
    }


def _headers(
    key: FileAttestKey, stranger: FileAttestKey, authority: Authority, entries: list[dict[str, str]]
) -> Vectors:
    statement = encode(make_content())
    good = sign(statement, key)
    opened = open_sealed(good)
    r, s = (int.from_bytes(half, "big") for half in (opened.signature[:32], opened.signature[32:]))
    der = encode_dss_signature(r, s)
    hs256 = hmac.digest(key.certificate, opened.signed_bytes, hashlib.sha256).ljust(64, b"\0")
    ed_key, ed_text = _eddsa(statement, authority)
    entries.append(listed(ed_key))
    return {
        "EdDSA": (ed_text, Finding.VALID),
        "signed by a stranger": (seal_text(make_content(), stranger), Finding.UNKNOWN_KEY),
        "kid of a stranger": (as_text(raw_seal(statement, key, kid=stranger.kid)), Finding.UNKNOWN_KEY),
        "kid of another key, signed by a stranger": (as_text(raw_seal(statement, stranger, kid=key.kid)), _FORGED),
        "alg none": (as_text(raw_seal(statement, key, alg=0, signature=b"")), Finding.NOT_A_SEAL),
        "alg HS256": (as_text(raw_seal(statement, key, alg=5, signature=hs256)), Finding.NOT_A_SEAL),
        "alg ES384": (as_text(raw_seal(statement, key, alg=-35)), Finding.NOT_A_SEAL),
        "alg EdDSA with a P-256 key": (as_text(raw_seal(statement, key, alg=-8)), _FORGED),
        "alg as a text": (as_text(raw_seal(statement, key, alg="ES256")), Finding.NOT_A_SEAL),
        "signature in DER": (as_text(raw_seal(statement, key, signature=der)), Finding.NOT_A_SEAL),
        "r and s swapped": (as_text(raw_seal(statement, key, signature=_swapped(opened.signature))), _FORGED),
        "signature of zeros": (as_text(raw_seal(statement, key, signature=bytes(64))), _FORGED),
        "signature of ones": (as_text(raw_seal(statement, key, signature=b"\xff" * 64)), _FORGED),
        "unprotected kid": (as_text(raw_seal(statement, key, unprotected={4: stranger.kid})), Finding.NOT_A_SEAL),
        "unprotected header": (as_text(raw_seal(statement, key, unprotected={9: "x"})), Finding.NOT_A_SEAL),
        "tag of a MAC": (as_text(raw_seal(statement, key, tag=17)), Finding.NOT_A_SEAL),
        "without the tag": (as_text(good[1:]), Finding.NOT_A_SEAL),
        "trailing byte": (as_text(good + b"\0"), Finding.NOT_A_SEAL),
        "trailing seal": (as_text(good + good), Finding.NOT_A_SEAL),
        "short kid": (as_text(raw_seal(statement, key, kid=key.kid[:4])), Finding.NOT_A_SEAL),
        "another statement": (
            as_text(raw_seal(encode(make_content(purpose="iets anders")), key, signature=opened.signature)),
            _FORGED,
        ),
    }


_FORGED = Finding.TAMPERED


def _swapped(signature: bytes) -> bytes:
    return signature[32:] + signature[:32]


def _eddsa(statement: bytes, authority: Authority) -> tuple[bytes, str]:
    """A certificate of another kind of key, and a seal made with it."""
    private = ed25519.Ed25519PrivateKey.generate()
    certificate = authority.certify(private.public_key())
    protected = cbor2.dumps({1: -8, 4: x509_kid(certificate)}, canonical=True)
    signature = private.sign(cbor2.dumps(["Signature1", protected, b"", statement], canonical=True))
    return certificate, as_text(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, statement, signature])))


def _texts(key: FileAttestKey) -> Vectors:
    text = seal_text(make_content(Kind.HOUSEHOLD), key)
    cose = cose_of(text)
    wrong = {
        "lower-case base45": text[:4] + text[4:].lower(),
        "lower-case prefix": text.lower(),
        "health certificate": "HC1:" + text[4:],
        "2D-Doc": "DC04" + text[4:],
        "address of a page": "https://voorbeeld.example/" + text,
        "kind of a newer program": "BE2:" + text[4:],
        "bomb": as_text(bytes(4_000_000), deflate=True),
        "cut short": text[:-9],
        "something after it": as_text(b"", deflate=True)[:4]
        + base45.b45encode(zlib.compress(cose, 9) + b"more").decode(),
        "said to be plain": "BE0:" + text[4:],
        "in two lines": text[:99] + "\n" + text[99:],
        "prefix alone": "BE1:",
        "empty": "",
    }
    good = {
        "inflated and deflated again otherwise": as_text(zlib.decompress(zlib.compress(cose, 1)), deflate=True),
        "plain although it shrinks": as_text(cose),
        "with white space around": f"  {text}\r\n",
    }
    return {name: (text, Finding.NOT_A_SEAL) for name, text in wrong.items()} | {
        name: (text, Finding.VALID) for name, text in good.items()
    }


def main() -> None:
    """Write the kept vectors anew."""
    trust, found = vectors()
    kept = {
        "now": NOW.isoformat(),
        "trust": json.loads(trust),
        "seals": [{"name": name, "text": text, "finding": finding.value} for name, (text, finding) in found.items()],
    }
    KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
