"""Documents for the eBox: a folder that the integrator's connector empties. Each document is two files.

    <attest id>.pdf     the sealed document
    <attest id>.json    for whom, what and until when; written last, so a connector that waits for it finds both

The connector deletes both once the eBox has taken them. Not for: speaking to the eBox itself, which needs the
municipality's own registration as a sender.
"""

from __future__ import annotations

import os
from pathlib import Path

from sync.backoffice.handover.contract import Delivery, HandedOver, NotHandedOver
from sync.protocol.canonical import canonical

SCHEMA = "ebox-delivery:1"


class EboxFolder:
    """Drops documents into one folder.

    Args:
        folder: exists; only the unsealer and the connector may read it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hand_over(self, delivery: Delivery) -> HandedOver | NotHandedOver:
        """Write both files whole, on disk when this returns; a second time replaces the first."""
        described = {
            "schema": SCHEMA,
            "file": f"{delivery.attest_id}.pdf",
            "attestId": delivery.attest_id,
            "number": delivery.number,
            "product": delivery.product,
            "language": delivery.language,
            "title": delivery.title,
            "nationalNumber": delivery.national_number,
            "validUntil": delivery.valid_until.isoformat(),
        }
        try:
            _write(self._folder / f"{delivery.attest_id}.pdf", delivery.pdf)
            _write(self._folder / f"{delivery.attest_id}.json", canonical(described))
        except OSError as error:
            return NotHandedOver(f"the folder for the eBox cannot be written: {type(error).__name__}")
        return HandedOver()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all; readable for owner and group, which is the connector's."""
    new = path.with_name(f".{path.name}.new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
