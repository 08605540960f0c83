"""What has to be read for a purpose, and in which order: the least that answers it.

With proof, whole files and their signatures; without, single fields where the card can give them, which are unsigned.
Not for: how one file is read (`beid.session`) or verified (`beid.verify`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from drivers.card_contract import CardRequest, Field, Follow, Part, Progress
from drivers.cards.beid.files import File
from drivers.cards.beid.session import BeidSession
from drivers.cards.beid.verify import CardFiles

TAGS: dict[Field, tuple[int, ...]] = {
    Field.NAME: (7, 8),
    Field.BIRTH_DATE: (12,),
    Field.BIRTH_PLACE: (11,),
    Field.SEX: (13,),
    Field.NATIONALITY: (10,),
    Field.NATIONAL_NUMBER: (6,),
    Field.CARD_NUMBER: (1,),
}
"""Tags of the identity file that hold a field."""


@dataclass(frozen=True, repr=False)
class Raw:
    """What was read.

    Attributes:
        files: whole files.
        records: single fields of the identity file, or None when the whole file was read.
    """

    files: CardFiles
    records: bytes | None = None


class Reading:
    """Reads one card for one request.

    Args:
        follow: told of each part as it begins.
    """

    def __init__(self, session: BeidSession, request: CardRequest, follow: Follow) -> None:
        self._session = session
        self._request = request
        self._follow = follow

    def read(self) -> Raw:
        """Everything the request needs.

        Raises:
            drivers.cards.beid.session.Refused, drivers.cards.beid.malformed.Malformed,
            drivers.cards.transport.LineBroken: as the session does.
        """
        parts = list(self._parts())
        raw = Raw(CardFiles())
        for done, part in enumerate(parts):
            self._follow(Progress(part, done, len(parts)))
            raw = self._read_part(part, raw)
        return raw

    def _parts(self) -> Iterator[Part]:
        request = self._request
        yield Part.IDENTITY
        if Field.ADDRESS in request.fields:
            yield Part.ADDRESS
        if Field.PHOTO in request.fields:
            yield Part.PHOTO
        if request.proof or request.certificates:
            yield Part.CERTIFICATES

    def _read_part(self, part: Part, raw: Raw) -> Raw:
        read = self._session.read
        match part:
            case Part.IDENTITY if not self._request.proof and self._session.tells_fields:
                return replace(raw, records=b"".join(self._records()))
            case Part.IDENTITY:
                return _with(raw, identity=read(File.IDENTITY))
            case Part.ADDRESS:
                return _with(raw, address=read(File.ADDRESS))
            case Part.PHOTO:
                return _with(raw, photo=read(File.PHOTO))
            case Part.CERTIFICATES:
                return self._holders(self._proofs(raw)) if self._request.certificates else self._proofs(raw)

    def _proofs(self, raw: Raw) -> Raw:
        """What the register signed with, and the key of the chip."""
        read = self._session.read
        raw = _with(raw, identity_signature=read(File.IDENTITY_SIGNATURE), register=read(File.CERT_REGISTER))
        if raw.files.address is not None:
            raw = _with(raw, address_signature=read(File.ADDRESS_SIGNATURE))
        return _with(raw, chip_key=read(File.CHIP_KEY)) if self._session.elliptic else raw

    def _holders(self, raw: Raw) -> Raw:
        """The holder's certificates, which hold the national number, and those above them."""
        read = self._session.read
        return _with(
            raw,
            authentication=read(File.CERT_AUTHENTICATION),
            signature=read(File.CERT_SIGNATURE),
            issuer=read(File.CERT_CA),
            root=read(File.CERT_ROOT),
        )

    def _records(self) -> Iterator[bytes]:
        tags = sorted(tag for field in self._request.fields for tag in TAGS.get(field, ()))
        for _, run in groupby(enumerate(tags), lambda pair: pair[1] - pair[0]):
            together = [tag for _, tag in run]
            yield self._session.read_fields(File.IDENTITY, together[0], together[-1])


def _with(raw: Raw, **files: bytes | None) -> Raw:
    return replace(raw, files=replace(raw.files, **files))
