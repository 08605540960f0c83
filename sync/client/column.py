"""Who this column is, read from its enrolment receipt without any cryptography, so that start-up stays quick.

The signature of the receipt was checked at enrolment and is checked again by `sync.client.identity` before anything is
sent. Not for: keys (`sync.client.identity`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sync.protocol.canonical import canonical, sha256

RECEIPT_FILE = "receipt.json"


class NotEnrolled(Exception):
    """There is no receipt: the column never joined a back office.

    Attributes:
        directory: where the receipt was looked for.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(f"{directory}: this column is not enrolled; run `zuil enrol URL CODE` first")
        self.directory = directory


class OtherKind(Exception):
    """A practice site with the identity of a real back office, or the reverse: nothing is opened."""

    def __init__(self, directory: Path, *, practice: bool) -> None:
        kind, other = ("practice", "a real back office") if practice else ("real", "a back office for practice")
        super().__init__(
            f"{directory}: the site is for {kind} use and the column joined {other}; give the site a data folder of "
            "its own and join its own back office with `zuil enrol URL CODE`"
        )


class IdentityDamaged(Exception):
    """A file of the identity directory cannot be used."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}; restore it from a copy or enrol again with `zuil enrol URL CODE`")
        self.path = path


@dataclass(frozen=True)
class Column:
    """What the store needs to know of the receipt.

    Attributes:
        source: URN that stands in every event.
        epoch: epoch the back office granted.
        suffix: permanent suffix of the column's own numbers ("K3").
        birth: SHA-256 of the canonical receipt, `prevhash` of the first event.
        enrolled_at: the back office's clock at enrolment; time never was before that.
        practice: whether the back office is for practice; every number then says so.
    """

    kiosk_id: str
    source: str
    epoch: int
    office_id: str
    suffix: str
    birth: str
    enrolled_at: datetime
    practice: bool = False

    @classmethod
    def of(cls, receipt: Mapping[str, object]) -> Column:
        """Read the members of a receipt as received.

        Raises:
            ValueError: naming the member that is missing or wrong.
        """
        texts = {name: receipt.get(name) for name in ("kioskId", "source", "officeId", "suffix", "issuedAt")}
        wrong = [name for name, value in texts.items() if not isinstance(value, str) or not value]
        if wrong:
            raise ValueError(f"member {wrong[0]} must be a text")
        epoch = receipt.get("epoch")
        if not isinstance(epoch, int) or epoch < 1:
            raise ValueError("member epoch must be a number from 1")
        enrolled_at = datetime.fromisoformat(str(texts["issuedAt"]))
        if enrolled_at.tzinfo is None:
            raise ValueError("member issuedAt must be a time with offset")
        return cls(
            kiosk_id=str(texts["kioskId"]),
            source=str(texts["source"]),
            epoch=epoch,
            office_id=str(texts["officeId"]),
            suffix=str(texts["suffix"]),
            birth=sha256(canonical(receipt)),
            enrolled_at=enrolled_at,
            practice=receipt.get("practice") is True,
        )


def read_receipt(directory: Path) -> dict[str, object]:
    """The receipt as received.

    Raises:
        NotEnrolled: when there is none.
        IdentityDamaged: when it is not a JSON object.
    """
    path = directory / RECEIPT_FILE
    try:
        receipt = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise NotEnrolled(directory) from None
    except (OSError, ValueError) as error:
        raise IdentityDamaged(path, f"the receipt cannot be read ({error})") from error
    if not isinstance(receipt, dict):
        raise IdentityDamaged(path, "the receipt is not a JSON object")
    return receipt


def load_column(directory: Path) -> Column:
    """Who this column is.

    Raises:
        NotEnrolled: when it never joined a back office.
        IdentityDamaged: when the receipt cannot be used.
    """
    receipt = read_receipt(directory)
    try:
        return Column.of(receipt)
    except ValueError as error:
        raise IdentityDamaged(directory / RECEIPT_FILE, str(error)) from error
