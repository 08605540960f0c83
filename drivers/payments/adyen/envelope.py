"""The envelope around every message: the header in clear, the whole message locked, and a trailer that names the key.

Not for: what is in a message (`reading`, `writing`).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from drivers.payments.adyen.crypto import Key, Locked, lock, unlock
from drivers.payments.adyen.json_text import Json, parse, write
from drivers.payments.adyen.refusals import Malformed, Refusal, Rejected, Tampered, UnknownKey, WrongHeader

CRYPTO_VERSION = 1
ROOTS = ("SaleToPOIRequest", "SaleToPOIResponse")
Tree = dict[str, Json]


@dataclass(frozen=True, repr=False)
class Opened:
    """A message that was locked with one of our keys.

    Attributes:
        root: "SaleToPOIRequest" or "SaleToPOIResponse".
        message: all below it, with the header.
        plain: the bytes that were signed.
    """

    root: str
    message: Tree
    plain: bytes


def seal(message: Tree, key: Key, nonce: bytes | None = None) -> bytes:
    """Lock a whole message, {"SaleToPOIRequest": {"MessageHeader": ..., ...}}."""
    (root, inner), plain = next(iter(message.items())), write(message)
    header = inner.get("MessageHeader") if isinstance(inner, dict) else None
    locked = lock(plain, key.secrets, nonce)
    trailer: Tree = {
        "AdyenCryptoVersion": CRYPTO_VERSION,
        "KeyIdentifier": key.identifier,
        "KeyVersion": key.version,
        "Nonce": _in64(locked.nonce),
        "Hmac": _in64(locked.mac),
    }
    return write({root: {"MessageHeader": header, "NexoBlob": _in64(locked.blob), "SecurityTrailer": trailer}})


def open_sealed(data: bytes, keys: Sequence[Key]) -> Opened | Refusal:
    """Read an envelope: key and version first, then signature, then the header inside against the one outside."""
    found = _root(data)
    if isinstance(found, Malformed):
        return found
    root, outer = found
    trailer, blob = outer.get("SecurityTrailer"), outer.get("NexoBlob")
    if not isinstance(trailer, dict) or not isinstance(blob, str):
        return _in_clear(outer)
    key = _key(trailer, keys)
    if isinstance(key, UnknownKey):
        return key
    parts = [_from64(text) for text in (blob, trailer.get("Nonce"), trailer.get("Hmac"))]
    if None in parts:
        return Malformed("no base64 where it should be")
    blob_bytes, nonce, mac = (part or b"" for part in parts)
    plain = unlock(Locked(blob_bytes, nonce, mac), key.secrets)
    return plain if isinstance(plain, Tampered) else _inside(plain, root, outer)


def _inside(plain: bytes, root: str, outer: Tree) -> Opened | Refusal:
    found = _root(plain)
    if isinstance(found, Malformed):
        return found
    inner_root, message = found
    if inner_root != root or not outer.get("MessageHeader") or message.get("MessageHeader") != outer["MessageHeader"]:
        return WrongHeader("the header outside is not the one inside")
    return Opened(root, message, plain)


def _root(data: bytes) -> tuple[str, Tree] | Malformed:
    tree = parse(data)
    if isinstance(tree, Malformed):
        return tree
    if not isinstance(tree, dict) or len(tree) != 1:
        return Malformed("not one message")
    root, inner = next(iter(tree.items()))
    if root not in ROOTS or not isinstance(inner, dict):
        return Malformed("no SaleToPOIRequest or SaleToPOIResponse")
    return root, inner


def _in_clear(outer: Tree) -> Malformed | Rejected:
    event = outer.get("EventNotification")
    if isinstance(event, dict) and event.get("EventToNotify") == "Reject":
        details = event.get("EventDetails")
        told = "".join(c for c in details[:100] if c.isprintable()) if isinstance(details, str) else ""
        return Rejected(f"the terminal rejects our message: {told}; compare the key's name, version and passphrase")
    return Malformed("not encrypted")


def _key(trailer: Tree, keys: Sequence[Key]) -> Key | UnknownKey:
    named = [key for key in keys if key.identifier == trailer.get("KeyIdentifier")]
    version = trailer.get("KeyVersion")
    if trailer.get("AdyenCryptoVersion") != CRYPTO_VERSION or isinstance(version, bool):
        return UnknownKey(f"another way of encryption than {CRYPTO_VERSION}")
    if not named:
        return UnknownKey("a key with another name than the one that is set")
    fitting = [key for key in named if key.version == version]
    return fitting[0] if fitting else UnknownKey("another version of the key than the one that is set")


def _in64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _from64(text: Json) -> bytes | None:
    """Only the one right way to write it: there must be no second text that means the same."""
    if not isinstance(text, str):
        return None
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _in64(data) == text else None
