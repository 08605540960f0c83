"""The organisation's public keys that personal data are sealed to, as the back office last told them.

Kept as the whole signed message in the identity folder, so that every reading checks the signature again. A key that
ended is still used where there is no newer one: personal data never leave in plain. Not for: sealing
(`sync.protocol.sealing`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from sync.client.answers import parse_time
from sync.client.column import IdentityDamaged, NotEnrolled, read_receipt
from sync.client.identity import write_durably
from sync.protocol.canonical import canonical
from sync.protocol.messages import Updates
from sync.protocol.sealing import SealingKey
from sync.protocol.signing import UPDATES, PublicKey

SEALING_FILE = "sealing.json"
_log = logging.getLogger("zuil.sync")


@dataclass(frozen=True)
class _Known:
    key: SealingKey
    not_before: datetime
    not_after: datetime


def keep_sealing_keys(directory: Path, updates: Mapping[str, object]) -> bool:
    """Keep the keys of an authentic answer durably, where they are others than those kept; none never replaces some.

    Args:
        directory: identity folder.
        updates: members of the answer as received, its signature checked.

    Returns:
        Whether anything was written.

    Raises:
        OSError: when it cannot be written.
    """
    told = updates.get("sealingKeys")
    if not told or told == (_read(directory) or {}).get("sealingKeys"):
        return False
    write_durably(directory / SEALING_FILE, canonical(dict(updates)))
    return True


def load_sealing_key(directory: Path, now: datetime) -> SealingKey | None:
    """The key to seal to: the newest that is valid, else the newest that ended, else the next to begin.

    Args:
        directory: identity folder.
        now: timezone-aware.

    Returns:
        None when no back office told a key yet; nothing personal can leave then.
    """
    known = _known(directory)
    valid = [each for each in known if each.not_before <= now < each.not_after]
    if valid:
        return max(valid, key=lambda each: each.not_before).key
    ended = [each for each in known if each.not_after <= now]
    if ended:
        last = max(ended, key=lambda each: each.not_after)
        _log.warning("the sealing key ended on %s and is used on; the back office needs a new one", last.not_after)
        return last.key
    return min(known, key=lambda each: each.not_before).key if known else None


def _known(directory: Path) -> list[_Known]:
    kept = _read(directory)
    if kept is None:
        return []
    try:
        backoffice = PublicKey.parse(str(read_receipt(directory).get("publicKey")))
        if not backoffice.verify_object(UPDATES, kept):
            raise ValueError("its signature is wrong")
        keys = Updates.model_validate(kept).sealing_keys
    except (NotEnrolled, IdentityDamaged, ValidationError, ValueError):
        _log.warning("%s is not signed by this column's back office; the next answer of it heals that", SEALING_FILE)
        return []
    found = []
    for each in keys:
        not_before, not_after = parse_time(each.not_before), parse_time(each.not_after)
        try:
            key = SealingKey.parse(each.public_key)
        except ValueError:
            continue
        if not_before is not None and not_after is not None and key.id == each.kid:
            found.append(_Known(key, not_before, not_after))
    return found


def _read(directory: Path) -> dict[str, object] | None:
    try:
        kept = json.loads((directory / SEALING_FILE).read_bytes())
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) else None
