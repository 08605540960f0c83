"""Private keys of the simulated world, made when first asked for and kept as long as the process lives.

None is shipped: an RSA key of 2048 bits takes about 0.1 s, a curve key none, and a key that nobody stored can be
trusted by nobody for long. Not for: certificates (`certificates`).
"""

from __future__ import annotations

import threading

from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_curve_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey

_lock = threading.Lock()
_rsa: dict[tuple[str, int], RSAPrivateKey] = {}
_curve: dict[str, EllipticCurvePrivateKey] = {}


def rsa_key(label: str, bits: int) -> RSAPrivateKey:
    """The RSA key of that label and size, always the same one within a process."""
    with _lock:
        if (label, bits) not in _rsa:
            _rsa[label, bits] = generate_rsa_key(65537, bits)
        return _rsa[label, bits]


def curve_key(label: str) -> EllipticCurvePrivateKey:
    """The P-384 key of that label, always the same one within a process."""
    with _lock:
        if label not in _curve:
            _curve[label] = generate_curve_key(SECP384R1())
        return _curve[label]
