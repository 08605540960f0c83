"""Changes the column's signing key so that neither a power cut nor a lost answer locks it out.

The next key is on disk before anybody hears of it; it takes the place of the one in use only after a signed answer that
names it. Until then the same request is sent again, and the back office answers it again. Not for: when (`loop`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from sync.client.answers import NotOurServer, Trouble
from sync.client.asking import Asker
from sync.client.identity import KEY_FILE, NEXT_KEY_FILE, read_key, sync_folder, write_key
from sync.protocol.orders import KEY, KEY_PROOF, KEY_REQUEST, KeyAccepted, key_proof
from sync.protocol.signing import SigningKey


@dataclass(frozen=True)
class Rotated:
    """The column signs with another key from now on; `key_id` is its thumbprint."""

    key_id: str


def prepare(directory: Path, command_id: str) -> None:
    """Make the next key, unless one waits to be accepted; durable when this returns. Raises OSError.

    A power cut before leaves no trace, one after leaves a key that will be asked for.
    """
    path = directory / NEXT_KEY_FILE
    if not path.exists():
        write_key(path, SigningKey.generate(), command_id)


def made_by(directory: Path, command_id: str) -> bool | None:
    """Whether the key in use was made by that command; None while it waits to be accepted."""
    if (directory / NEXT_KEY_FILE).exists() and read_key(directory / NEXT_KEY_FILE)[1] == command_id:
        return None
    return read_key(directory / KEY_FILE)[1] == command_id


class Rotator:
    """Has the next key accepted.

    Args:
        directory: identity folder.
    """

    def __init__(self, asker: Asker, directory: Path) -> None:
        self._asker = asker
        self._next = directory / NEXT_KEY_FILE
        self._current = directory / KEY_FILE

    @property
    def pending(self) -> bool:
        """Whether there is a next key."""
        return self._next.exists()

    def step(self) -> Rotated | Trouble | None:
        """Ask once; None when there is no next key.

        Raises:
            OSError, sync.client.column.IdentityDamaged: when a file cannot be read or replaced; both keys stay.
        """
        if not self.pending:
            return None
        key, command_id = read_key(self._next)
        identity = self._asker.identity
        proof = key.sign(KEY_PROOF, key_proof(identity.column.source, command_id))
        members = {"commandId": command_id, "publicKey": str(key.public), "proof": proof}
        answer = self._asker.ask("keys", (KEY_REQUEST, KEY), members)
        if not isinstance(answer, dict):
            return answer
        if not _names(answer, key):
            return NotOurServer("the answer is not about our next key")
        self._next.replace(self._current)
        sync_folder(self._current.parent)
        identity.key = key
        return Rotated(key.public.id)


def _names(answer: dict[str, object], key: SigningKey) -> bool:
    try:
        return KeyAccepted.model_validate(answer).public_key == str(key.public)
    except ValidationError:
        return False
