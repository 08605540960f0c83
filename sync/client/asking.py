"""Asks the back office one signed question and believes only a signed answer to that very question.

For everything that is an `Asked` message: certificates, downloads, answers of registers. Not for: events and updates,
which have answers of their own kinds.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.client.answers import Defect, Fork, Gap, NotOurServer, Refused, TooLarge, Trouble, read_answer
from sync.client.identity import Identity
from sync.client.transport import Transport
from sync.protocol.canonical import canonical


@dataclass(frozen=True)
class Asker:
    """Who asks, how, and where.

    Attributes:
        root: root address of the back office.
        now: the best known time, timezone-aware.
    """

    identity: Identity
    transport: Transport
    root: str
    now: Callable[[], datetime]

    def ask(
        self, name: str, kinds: tuple[str, str], members: Mapping[str, object], nonce: str | None = None
    ) -> dict[str, object] | Trouble:
        """Ask once, and once more when only our clock was off.

        Args:
            name: last part of the address, such as "certificates".
            kinds: kind of the request and kind of the answer.
            members: of the request, without `source`, `sentAt`, `nonce` and `signature`.
            nonce: where the members need to know it; a new one when None.

        Returns:
            The members of an answer that is signed by the pinned key and names us and our nonce; its shape is not
            checked here.
        """
        outcome = self._once(name, kinds, members, nonce, timedelta())
        if isinstance(outcome, Refused) and outcome.server_time is not None:
            # Not signed, so it moves nothing but the time we write on this request. A refused nonce was not used up.
            outcome = self._once(name, kinds, members, nonce, outcome.server_time - self.now())
        return outcome

    def _once(
        self, name: str, kinds: tuple[str, str], members: Mapping[str, object], nonce: str | None, offset: timedelta
    ) -> dict[str, object] | Trouble:
        asked_kind, answer_kind = kinds
        source, nonce = self.identity.column.source, nonce or secrets.token_urlsafe(16)
        sent_at = (self.now() + offset).isoformat(timespec="milliseconds")
        request = {**members, "source": source, "sentAt": sent_at, "nonce": nonce}
        url = f"{self.root.rstrip('/')}/kiosk/v1/{name}"
        answer = self.transport.post(url, canonical(self.identity.key.sign_object(asked_kind, request)))
        told = read_answer(answer)
        match told:
            case dict():
                ours = told.get("nonce") == nonce and told.get("source") == source
                if not ours or not self.identity.backoffice.verify_object(answer_kind, told):
                    return NotOurServer("the answer is no signed answer to this request")
                return told
            case TooLarge():
                return Defect("payloadTooLarge")
            case Gap() | Fork():
                return NotOurServer("that is no answer to this request")
            case _:
                return told
