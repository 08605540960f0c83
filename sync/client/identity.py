"""The column's keys and receipt on disk: a folder with `signing.key` (mode 0600) and `receipt.json`.

Not for: what the store needs of it, which loads without cryptography (`sync.client.column`).
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from sync.client.column import RECEIPT_FILE, Column, IdentityDamaged, NotEnrolled, load_column, read_receipt
from sync.protocol.canonical import b64url, canonical, unb64url
from sync.protocol.signing import RECEIPT, PublicKey, SigningKey

KEY_FILE = "signing.key"
NEXT_KEY_FILE = "signing.key.next"
"""A key the back office may have accepted already; see `sync.client.rotation`."""


@dataclass
class Identity:
    """Who this column is and how it proves it.

    Attributes:
        key: signs batches and requests; another one after it was rotated, from one request to the next.
        backoffice: the key pinned at enrolment.
        check: six digits both screens showed at enrolment.
        directory: where it lies, and what belongs to it; None for one that is only in memory.
    """

    column: Column
    key: SigningKey
    backoffice: PublicKey
    check: str
    directory: Path | None = None


def load_identity(directory: Path) -> Identity:
    """Read and check the identity folder.

    Raises:
        NotEnrolled: when the column never joined a back office.
        IdentityDamaged: when a file is missing, unreadable, readable by others, or does not fit the rest.
    """
    column = load_column(directory)
    receipt = read_receipt(directory)
    path = directory / RECEIPT_FILE
    try:
        backoffice = PublicKey.parse(str(receipt.get("publicKey")))
    except ValueError as error:
        raise IdentityDamaged(path, f"member publicKey is no key ({error})") from error
    if not backoffice.verify_object(RECEIPT, receipt):
        raise IdentityDamaged(path, "the signature of the receipt is wrong")
    return Identity(column, load_key(directory), backoffice, str(receipt.get("check")), directory)


def load_key(directory: Path) -> SigningKey:
    """The column's signing key.

    Raises:
        IdentityDamaged: when it is missing, no key, or others may read it.
    """
    return read_key(directory / KEY_FILE)[0]


def read_key(path: Path) -> tuple[SigningKey, str]:
    """A signing key in a file, and the id of the command that made it ("" for the first one); raises as `load_key`."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        words = [*path.read_text(encoding="ascii").split(), "", ""]
        raw = unb64url(words[0])
    except FileNotFoundError:
        raise IdentityDamaged(path, "the signing key is missing") from None
    except (OSError, ValueError) as error:
        raise IdentityDamaged(path, f"the signing key cannot be read ({error})") from error
    if mode & 0o077:
        raise IdentityDamaged(path, f"others may read the signing key (mode {mode:04o}; right is 0600)")
    if len(raw) != 32:
        raise IdentityDamaged(path, "the signing key does not have 32 bytes")
    return SigningKey(raw), words[1]


def write_key(path: Path, key: SigningKey, command_id: str = "") -> None:
    """Keep a signing key, durably, for nobody else to read."""
    write_durably(path, f"{b64url(key.raw)} {command_id}".rstrip().encode("ascii") + b"\n")


def load_or_make_key(directory: Path) -> SigningKey:
    """The key of an earlier enrolment, or a new one written durably.

    Raises:
        IdentityDamaged: when there is one that cannot be used.
    """
    if (directory / KEY_FILE).exists():
        return load_key(directory)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = SigningKey.generate()
    write_key(directory / KEY_FILE, key)
    return key


def save_receipt(directory: Path, receipt: dict[str, object]) -> None:
    """Keep a checked receipt, in the canonical form its hash is taken of."""
    write_durably(directory / RECEIPT_FILE, canonical(receipt))


def write_durably(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, mode 0600, on disk when this returns."""
    new = path.with_name(path.name + ".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Have the names in a folder on disk when this returns."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


__all__ = ["Identity", "IdentityDamaged", "NotEnrolled", "load_identity"]
