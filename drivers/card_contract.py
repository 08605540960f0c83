"""What a card driver promises, and what a journey sees of a card and of the person on it.

A card that was only read identifies; PIN and a fresh challenge authenticate. Results are values, checks are named and
never summed into one yes or no, and nothing personal shows in a `repr`. Not for: threads (`drivers.runner`), bytes
(`drivers.cards`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Protocol

from drivers.contract import DeviceStatus


class CardKind(Enum):
    """What is in the slot; every value has a sentence of its own on the screen."""

    EID = "eid"
    """A Belgian identity card, Kids-ID or residence card."""
    BANK = "bank"
    TRANSPORT = "transport"
    SIS = "sis"
    """A memory card without a processor, as the social security card was."""
    DUTCH_EID = "dutch_eid"
    FOREIGN_EID = "foreign_eid"
    """An identity card or travel document of another country."""
    BADGE = "badge"
    """A contactless card without an application we know, as employers give them; it has a number at most."""
    BLANK = "blank"
    """A chip that answers and holds no application we know."""
    MUTE = "mute"
    """Does not answer: upside down, dirty or broken."""
    IN_USE = "in_use"
    """Another program holds the card."""


@dataclass(frozen=True)
class Slot:
    """What is in the reader.

    Attributes:
        card: None when the slot is empty.
        insertion: rises with every card put in, so that an exchanged card is never taken for the one before.
        found: whether it was there when the reader was opened or came back: nobody knows who put it in, or when.
    """

    card: CardKind | None = None
    insertion: int = 0
    found: bool = False


class Field(Enum):
    """One thing a purpose may ask of a card; validity and kind of document are always read."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    BIRTH_PLACE = "birth_place"
    SEX = "sex"
    NATIONALITY = "nationality"
    ADDRESS = "address"
    NATIONAL_NUMBER = "national_number"
    PHOTO = "photo"
    CARD_NUMBER = "card_number"


RESTRICTED = frozenset({Field.NATIONAL_NUMBER, Field.PHOTO})
"""What may only be read with a legal basis (law of 8 August 1983, art. 8; law of 19 July 1991, art. 6)."""


def grouped(national_number: str) -> str:
    """A national number as people write it, YY.MM.DD-SSS.CC; anything else as it stands."""
    n = national_number
    return f"{n[:2]}.{n[2:4]}.{n[4:6]}-{n[6:9]}.{n[9:]}" if len(n) == 11 and n.isdecimal() else n


class Sex(Enum):
    """As the card says it."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PartialDate:
    """A date of birth, of which day and month may be unknown."""

    year: int
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, repr=False)
class Address:
    """Each part may be empty: people abroad and protected addresses."""

    street: str
    postal_code: str
    municipality: str


class DocumentKind(Enum):
    """Kind of document, in the groups that matter at a counter."""

    CITIZEN = "citizen"
    KIDS = "kids"
    FOREIGNER = "foreigner"
    FOREIGN_CHILD = "foreign_child"
    OTHER = "other"


@dataclass(frozen=True)
class Document:
    """The card itself; nothing here tells who holds it.

    Attributes:
        valid_from: first day of validity, or None when the card does not say.
        valid_until: last day of validity, or None when the card does not say.
        specimen: issued under roots that are for tests only.
    """

    kind: DocumentKind
    valid_from: date | None = None
    valid_until: date | None = None
    specimen: bool = False


@dataclass(frozen=True, repr=False)
class Person:
    """What was read of a person: only what was asked for, everything else is None.

    Texts are exactly as on the card, without surrounding spaces; `national_number` is 11 digits; `photo` is JPEG.
    """

    document: Document
    surname: str | None = None
    given_names: str | None = None
    birth_date: PartialDate | None = None
    birth_place: str | None = None
    sex: Sex | None = None
    nationality: str | None = None
    address: Address | None = None
    national_number: str | None = None
    card_number: str | None = None
    photo: bytes | None = None


class CheckName(Enum):
    """Everything that can be verified of a card, each on its own."""

    IDENTITY_SIGNATURE = "identity_signature"
    """The register signed the identity file."""
    ADDRESS_SIGNATURE = "address_signature"
    """The register signed the address file together with this identity."""
    PHOTO_HASH = "photo_hash"
    REGISTER_CERTIFICATE = "register_certificate"
    """The register's certificate was issued by a pinned root."""
    ROOT_CERTIFICATE = "root_certificate"
    """The root on the card is a pinned one."""
    AUTHENTICATION_CERTIFICATE = "authentication_certificate"
    """The holder's authentication certificate leads to a pinned root."""
    SIGNATURE_CERTIFICATE = "signature_certificate"
    VALIDITY = "validity"
    """Today lies within the dates of the card."""
    CHIP = "chip"
    """The chip proved that it is the one this identity was issued on, no copy."""
    REVOCATION = "revocation"
    """Not on the revocation list at hand; its age is told."""
    HOLDER = "holder"
    """The certificates and the identity file name the same national number."""
    CHALLENGE = "challenge"
    """The card signed a fresh challenge with the authentication key."""


class Finding(Enum):
    """Result of one check."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_POSSIBLE = "not_possible"
    """The card, the purpose or the files at hand do not permit the check; `Check.detail` says which."""


@dataclass(frozen=True)
class Check:
    """One named check and its result; `detail` is for technicians and never personal."""

    name: CheckName
    finding: Finding
    detail: str = ""


@dataclass(frozen=True)
class Verdict:
    """Named checks in the order they were made."""

    checks: tuple[Check, ...] = ()

    def finding(self, name: CheckName) -> Finding:
        """Result of one check; NOT_POSSIBLE when it was not made."""
        return next((check.finding for check in self.checks if check.name is name), Finding.NOT_POSSIBLE)

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.finding is Finding.FAILED)

    def with_check(self, check: Check) -> Verdict:
        """These checks and then one more."""
        return Verdict((*self.checks, check))


@dataclass(frozen=True)
class CardRequest:
    """What to read.

    Attributes:
        proof: whether signatures and chain are to be verified; without it the fewest bytes are read, and on cards
            that give single fields nothing is known of the document itself.
        certificates: whether the holder's certificates are wanted, too; they hold the national number.
    """

    fields: frozenset[Field]
    proof: bool = True
    certificates: bool = False


class Part(Enum):
    """Parts of a card, in the order they are read, for the progress on screen."""

    IDENTITY = "identity"
    ADDRESS = "address"
    PHOTO = "photo"
    CERTIFICATES = "certificates"


@dataclass(frozen=True)
class Progress:
    """How far reading is: `part` has begun, `done` of `of` parts are ready."""

    part: Part
    done: int
    of: int


@dataclass(frozen=True)
class CardRead:
    """A card was read.

    Attributes:
        insertion: of which card, as in `Slot`.
        apdus: commands exchanged.
    """

    person: Person = field(repr=False)
    verdict: Verdict
    insertion: int
    apdus: int


class CardProblem(Enum):
    """Why a card could not be used; every value has a sentence of its own on the screen."""

    REMOVED = "removed"
    MUTE = "mute"
    NOT_EID = "not_eid"
    GARBLED = "garbled"
    """It answers what no identity card answers."""
    IN_USE = "in_use"
    READER = "reader"
    """The reader is gone or does not work."""


@dataclass(frozen=True)
class CardFailed:
    """The card could not be used; `raw` is for technicians and never personal."""

    problem: CardProblem
    raw: str = ""


ReadResult = CardRead | CardFailed


@dataclass(frozen=True)
class BadgeRead:
    """The number of a badge (UID): anybody near it can read and copy it, so it names somebody and proves nothing.

    Attributes:
        number: the bytes as the reader gives them, in capital hexadecimal digits.
    """

    number: str = field(repr=False)


class NoNumber(Enum):
    """Why a badge names nobody."""

    NONE = "none"
    """Reader or card gives no number, or none that can be one."""
    RANDOM = "random"
    """The number is made anew each time, so that nobody can be told by it."""
    NO_BADGE = "no_badge"
    """It is a card of another kind."""


BadgeResult = BadgeRead | NoNumber | CardFailed


class Pin:
    """Digits of a PIN in one mutable buffer, which is overwritten as soon as it was used; shows nothing of itself.

    A PIN has 4 to 12 digits.
    """

    LEAST, MOST = 4, 12

    def __init__(self) -> None:
        self._digits = bytearray()

    def __len__(self) -> int:
        return len(self._digits)

    def __repr__(self) -> str:
        return "Pin(…)"

    @property
    def complete(self) -> bool:
        """Whether there are enough digits to be a PIN."""
        return self.LEAST <= len(self._digits) <= self.MOST

    def add(self, digits: str) -> None:
        """Take digits as they are keyed; what is no digit, or one too many, is left out."""
        for digit in digits:
            if digit in "0123456789" and len(self._digits) < self.MOST:
                self._digits.append(ord(digit) - ord("0"))

    def drop(self) -> None:
        """Take back the last digit."""
        if self._digits:
            self._digits[-1] = 0
            del self._digits[-1]

    def wipe(self) -> None:
        """Overwrite and forget every digit."""
        for place in range(len(self._digits)):
            self._digits[place] = 0
        self._digits.clear()

    def write_block(self, block: bytearray) -> None:
        """Fill the 8 bytes of a VERIFY block: `2L`, digits as BCD, `F` up to the end; see belgian-eid.md §6."""
        block[:] = b"\xff" * 8
        block[0] = 0x20 | len(self._digits)
        for place, digit in enumerate(self._digits):
            at, high = 1 + place // 2, place % 2 == 0
            block[at] = (digit << 4 | 0x0F) if high else (block[at] & 0xF0 | digit)


@dataclass(frozen=True)
class PinState:
    """What the card says of its PIN before anybody keys one.

    Attributes:
        tries_left: 0 is blocked; None when the card cannot say without burning a try.
        pinpad: whether the reader has keys of its own, so that the PIN never comes near the screen.
        present: false when the card has no authentication key (small children's cards).
    """

    tries_left: int | None
    pinpad: bool
    present: bool = True


@dataclass(frozen=True)
class Authenticated:
    """The holder keyed the PIN and the card signed a fresh challenge; `verdict` says what that proves."""

    verdict: Verdict


@dataclass(frozen=True)
class Signed:
    """A signature with the non-repudiation key.

    Attributes:
        signature: PKCS#1 v1.5 for RSA, DER for ECDSA.
        certificates: DER, holder first, then up to the root of the card.
    """

    signature: bytes
    certificates: tuple[bytes, ...]


@dataclass(frozen=True)
class PinWrong:
    """The PIN was wrong; `tries_left` as in `PinState`."""

    tries_left: int | None


class PinEnd(Enum):
    """Ends of a PIN entry that are no answer to the digits."""

    BLOCKED = "blocked"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    NO_KEY = "no_key"
    """The card has no certificate for this."""


AuthenticateResult = Authenticated | PinWrong | PinEnd | CardFailed
SignResult = Signed | PinWrong | PinEnd | CardFailed
PinStateResult = PinState | CardFailed

Follow = Callable[[Progress], None]
"""Told of each part as it begins; called on the thread of the bus."""


class CardDriver(Protocol):
    """A card reader, called from the one thread of its bus; every call has a time limit and never raises."""

    @property
    def slot(self) -> Slot:
        """What `status` found last."""
        ...

    def status(self) -> DeviceStatus:
        """Look at reader and slot now."""
        ...

    def read(self, request: CardRequest, follow: Follow) -> ReadResult:
        """Read what is asked for, and verify it when asked."""
        ...

    def read_badge(self) -> BadgeResult:
        """Read the number of the badge that is there."""
        ...

    def pin_state(self) -> PinStateResult:
        """What can be known of the PIN without burning a try."""
        ...

    def authenticate(self, pin: Pin | None, language: str) -> AuthenticateResult:
        """Let the card sign a fresh challenge.

        Args:
            pin: wiped whatever happens; None asks for it on the keys of the reader.
            language: of what such a reader shows on a display of its own.
        """
        ...

    def sign(self, digest: bytes, algorithm: str, pin: Pin | None, language: str) -> SignResult:
        """Sign a digest ("sha256" or "sha384") with the non-repudiation key; `pin` as in `authenticate`."""
        ...

    def close(self) -> None:
        """Drop every right, free card and reader; may be called twice."""
        ...


class Cards(Protocol):
    """A card reader as a journey sees it: asynchronous, with its last known state at hand."""

    @property
    def status(self) -> DeviceStatus:
        """Last known state of the reader; never blocks."""
        ...

    @property
    def slot(self) -> Slot:
        """Last known content of the slot; never blocks."""
        ...

    async def changed(self, seen: Slot) -> Slot:
        """Wait until the slot holds something else than `seen`, and tell what."""
        ...

    async def read(self, request: CardRequest, follow: Follow) -> ReadResult:
        """See `CardDriver.read`; `follow` is called on the thread of the bus."""
        ...

    async def read_badge(self) -> BadgeResult:
        """See `CardDriver.read_badge`."""
        ...

    async def pin_state(self) -> PinStateResult:
        """See `CardDriver.pin_state`."""
        ...

    async def authenticate(self, pin: Pin | None, language: str) -> AuthenticateResult:
        """See `CardDriver.authenticate`; the pin is wiped also when the call is cancelled before it began."""
        ...

    def on_change(self, listener: Callable[[DeviceStatus], None]) -> None:
        """Call `listener` with each new state of the reader, on the thread of the bus."""
        ...
