"""Opening what a column sealed in an event: the row in `opening` first, on disk, then the text. There is no other way.

Not for: what is done with the text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select

from sync.backoffice import schema
from sync.backoffice.core import BackOffice
from sync.backoffice.unsealer.contract import JobRefused, Trouble
from sync.backoffice.unsealer.keys import KeyRing
from sync.protocol.sealing import CannotOpen, Place

_WHY, _ACTOR = 40, 80


@dataclass(frozen=True, repr=False)
class Opening:
    """An opening that is written down: only through it can anything be read.

    Attributes:
        event: the whole event, as stored.
    """

    event: Mapping[str, object]
    ring: KeyRing

    def plain(self) -> dict[str, object]:
        """What the column sealed in the event.

        Raises:
            JobRefused: NO_KEY when it does not open.
        """
        data = self.event.get("data")
        sealed = data.get("sealed") if isinstance(data, dict) else None
        if not isinstance(sealed, dict):
            raise JobRefused(Trouble.NOT_HELD, "the event holds nothing sealed")
        return self._open(sealed, Place.event(self.event))

    def person(self, sealed: Mapping[str, object], nonce: str) -> str:
        """National number of who stands at the column, sealed in the place of the question.

        Raises:
            JobRefused: BAD_JOB when it says no national number; NO_KEY when it does not open.
        """
        number = self._open(sealed, Place.answer(nonce)).get("nationalNumber")
        if not isinstance(number, str):
            raise JobRefused(Trouble.BAD_JOB, "the question says no national number")
        return number

    def _open(self, sealed: Mapping[str, object], place: Place) -> dict[str, object]:
        try:
            return self.ring.open(sealed, place)
        except CannotOpen as error:
            raise JobRefused(Trouble.NO_KEY, str(error)) from None


class Vault:
    """The events of one organisation and the keys that open them."""

    def __init__(self, office: BackOffice, ring: KeyRing) -> None:
        self._office = office
        self._ring = ring

    def opening(self, event_id: str, why: str, actor: str) -> Opening:
        """Write down who opens which event and why, and give the way to it.

        Args:
            why: purpose, at most 40 characters; stays in the record.
            actor: who asked: a column, a member of staff, or the unsealer itself.

        Raises:
            JobRefused: NOT_HELD when there is no such event here, or its content was erased.
        """
        table = schema.event
        with self._office.database.write() as connection:
            row = connection.execute(
                select(table.c.body)
                .join_from(table, schema.kiosk, table.c.kiosk_id == schema.kiosk.c.id)
                .where(
                    table.c.id == event_id,
                    table.c.redacted_ms.is_(None),
                    schema.kiosk.c.organisation_id == self._office.site.id,
                )
            ).first()
            if row is None:
                raise JobRefused(Trouble.NOT_HELD, "the database holds no such event, or its content was erased")
            connection.execute(
                insert(schema.opening).values(
                    organisation_id=self._office.site.id,
                    event_id=event_id,
                    why=why[:_WHY],
                    actor=actor[:_ACTOR],
                    at_ms=self._office.clock(),
                )
            )
        return Opening(json.loads(row.body), self._ring)
