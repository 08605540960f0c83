"""Whether a package was signed by the back office this machine belongs to.

`python -m kiosk.update_check DEB RECEIPT KEY`, run by the update unit as root on root's own copy of the files. Says the
version and ends with 0, or says what is wrong and ends with 1. Not for: deciding when (`kiosk.updating`).
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

from sync.protocol.canonical import b64url
from sync.protocol.orders import UPDATE
from sync.protocol.signing import PublicKey, SigningKey

SIGNATURE = ".sig"
_VERSION = re.compile(r"[0-9][A-Za-z0-9.+~]{0,60}\Z")


class WrongUpdate(ValueError):
    """A package that is not to be installed; the text says why."""


def sign_update(package: Path, version: str, key: SigningKey) -> dict[str, object]:
    """The signature of a package, for the file beside it. Raises OSError, WrongUpdate."""
    if not _VERSION.match(version):
        raise WrongUpdate(f"{version!r} is no version; write it like 1.4.2")
    return key.sign_object(UPDATE, {"version": version, **_measured(package)})


def check_update(package: Path, backoffice: PublicKey) -> str:
    """The version of a package whose signature is good.

    Raises:
        WrongUpdate: saying why it is not.
    """
    try:
        signed = json.loads(package.with_name(package.name + SIGNATURE).read_bytes())
    except (OSError, ValueError) as error:
        raise WrongUpdate(f"there is no signature beside {package} that can be read") from error
    if not isinstance(signed, dict) or not backoffice.verify_object(UPDATE, signed):
        raise WrongUpdate(f"{package} is not signed by the back office of this column")
    measured = _measured(package)
    if {name: signed.get(name) for name in measured} != measured:
        raise WrongUpdate(f"{package} is not the file that was signed")
    version = str(signed.get("version"))
    if not _VERSION.match(version):
        raise WrongUpdate("the signature names no version")
    return version


def pinned_key(receipt: Path, kept: Path) -> PublicKey:
    """The back office's key: that of the first update, kept where only root writes; else that of the receipt.

    Whoever takes over the column's own account later can change the receipt, and not the kept key.

    Raises:
        WrongUpdate: when neither can be read.
    """
    try:
        if kept.exists():
            return PublicKey.parse(kept.read_text(encoding="ascii").strip())
        key = PublicKey.parse(str(json.loads(receipt.read_bytes())["publicKey"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongUpdate("the back office's key cannot be read; enrol the column first") from error
    return key


def main() -> int:
    """See the module."""
    package, receipt, kept = (Path(word) for word in sys.argv[1:4])
    try:
        key = pinned_key(receipt, kept)
        version = check_update(package, key)
        if not kept.exists():
            kept.write_text(f"{key}\n", encoding="ascii")
    except (WrongUpdate, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{version}\n")
    return 0


def _measured(package: Path) -> dict[str, object]:
    digest = hashlib.sha256()
    with package.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return {"sha256": b64url(digest.digest()), "size": package.stat().st_size}


if __name__ == "__main__":
    sys.exit(main())
