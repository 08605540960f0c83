"""Attests: what the municipality issues, for whom, at what price, and every word that stands on one.

One `AttestContent` is the source of the printed page, of the receipt and of the seal: what is not in it is on none of
them. Texts in it are exactly as printed, in the one language of the attest. Not for: bytes of any kind
(`kiosk.documents`), numbering (`kiosk.store`) or asking (`kiosk.journeys.request_attest`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from kiosk.core.texts import Language, Localized
from kiosk.core.tickets import PRACTICE_MARK


class Kind(Enum):
    """What an attest states. The value is part of text keys: `attest.kind.<value>.sentence`."""

    RESIDENCE = "residence"
    NATIONALITY = "nationality"
    LIFE = "life"
    IDENTITY = "identity"
    HOUSEHOLD = "household"
    BIRTH = "birth"
    MARRIAGE = "marriage"
    RESIDENCE_HISTORY = "residence_history"
    CRIMINAL_RECORD = "criminal_record"
    """Never made by a column: the request goes to who may make it."""


FROM_CARD = frozenset({Kind.RESIDENCE, Kind.NATIONALITY, Kind.LIFE, Kind.IDENTITY})
"""What the card alone can show; everything else needs an answer of a register."""


class AttestField(Enum):
    """One printed fact. The value is its key in the seal and never changes; `key` names its label."""

    SURNAME = 1
    GIVEN_NAMES = 2
    BIRTH_DATE = 3
    BIRTH_PLACE = 4
    SEX = 5
    NATIONALITY = 6
    ADDRESS = 7
    CARD_NUMBER = 8
    CARD_VALID_UNTIL = 9
    CIVIL_STATUS = 10
    SINCE = 11
    RELATION = 12
    SEEN_ON = 13
    FROM = 14
    UNTIL = 15
    PARENT_1 = 16
    PARENT_2 = 17
    SPOUSE = 18
    MARRIED_ON = 19
    MARRIED_IN = 20
    RECORD_NUMBER = 21
    NATIONAL_NUMBER = 22

    @property
    def key(self) -> str:
        """Text key of the label, such as `attest.field.surname`."""
        return f"attest.field.{self.name.lower()}"


NEVER_SEALED = frozenset({AttestField.NATIONAL_NUMBER})
"""Printed where a product demands it, and kept out of the code that anybody can read."""


MAY_LACK = frozenset(
    {
        AttestField.GIVEN_NAMES,
        AttestField.BIRTH_PLACE,
        AttestField.PARENT_1,
        AttestField.PARENT_2,
        AttestField.MARRIED_IN,
        AttestField.RECORD_NUMBER,
        AttestField.SINCE,
        AttestField.UNTIL,
    }
)
"""Facts that not everybody has: left out where card or register is silent, while any other missing fact is a reason to
make nothing."""


class GroupKind(Enum):
    """A repeated part of an attest; the value is its key in the seal."""

    MEMBERS = 1
    ADDRESSES = 2

    @property
    def key(self) -> str:
        """Text key of the heading."""
        return f"attest.group.{self.name.lower()}"


@dataclass(frozen=True, repr=False)
class Printed:
    """A fact as it stands on paper: NFC text, one line."""

    field: AttestField
    value: str


@dataclass(frozen=True, repr=False)
class Group:
    """Rows of facts under one heading: the members of a household, earlier addresses."""

    kind: GroupKind
    rows: tuple[tuple[Printed, ...], ...]


@dataclass(frozen=True, repr=False)
class AttestContent:
    """Every fact that stands on one attest; also everything the seal says.

    Attributes:
        id: random, 16 bytes; what a revocation names.
        product: id of the product.
        number: the gap-free number of the column, as printed.
        issued_at: timezone-aware, whole seconds.
        valid_until: last day of validity.
        as_of: the day the data are of.
        place: name of the place of issue, in the language of the attest.
        purpose: for which use it was asked, in the language of the attest; empty when the product asks none.
        issuer: `BE:<enterprise number, ten digits>`.
        kiosk: id of the column that issued it.
        facts: in printed order.
        practice: made on a demonstration column and worth nothing.
    """

    id: bytes
    product: str
    kind: Kind
    language: Language
    number: str
    issued_at: datetime
    valid_until: date
    as_of: date
    place: str
    purpose: str
    issuer: str
    kiosk: str
    facts: tuple[Printed, ...]
    groups: tuple[Group, ...] = ()
    practice: bool = False

    def words(self) -> Iterator[str]:
        """Every text of a person or of the municipality that must be printable."""
        yield from (self.number, self.place, self.purpose)
        yield from (printed.value for printed in self.facts)
        yield from (printed.value for group in self.groups for row in group.rows for printed in row)


@dataclass(frozen=True)
class Use:
    """A purpose for which the attest may be asked, and its price in euro cents (0 is free)."""

    id: str
    title: Localized
    price_cents: int = 0


@dataclass(frozen=True)
class AttestProduct:
    """One attest as the municipality offers it.

    Attributes:
        purpose: id of the purpose for which the card is read: fields, level, legal basis.
        uses: at least one; with exactly one nobody is asked.
        languages: in which it may be issued, in order; subset of the languages the law permits for attests.
        validity_days: how long the attest is good for.
        who: who may ask, one sentence.
        documents: kinds of document (`drivers.card_contract.DocumentKind` values) whose holder may ask; empty is all.
        min_age: in years.
        resident: whether the address on the card must be in this municipality.
        legal: the legal mention, signed off by the municipality.
        max_age_days: how old register data may be; 0 is of today.
        facts: the facts that are printed, in order.
    """

    id: str
    title: Localized
    kind: Kind
    purpose: str
    uses: tuple[Use, ...]
    languages: tuple[Language, ...]
    validity_days: int
    who: Localized
    legal: Localized
    facts: tuple[AttestField, ...]
    documents: tuple[str, ...] = ()
    min_age: int = 0
    resident: bool = False
    max_age_days: int = 0

    @property
    def from_card(self) -> bool:
        """Whether the card alone is enough."""
        return self.kind in FROM_CARD


@dataclass(frozen=True)
class Signing:
    """Who answers for the attests of a municipality.

    Attributes:
        enterprise_number: ten digits.
        officer: name of the signing officer, as printed.
        capacity: of the officer.
    """

    enterprise_number: str
    officer: str
    capacity: Localized

    @property
    def issuer(self) -> str:
        """As it stands in the seal."""
        return f"BE:{self.enterprise_number}"


@dataclass(frozen=True)
class Applicant:
    """What decides whether somebody may ask.

    Attributes:
        document: value of `drivers.card_contract.DocumentKind`.
        valid: whether today lies within the dates of the card; None when the card does not say.
        age: whole years, or None when unknown.
        lives_here: None when card or site does not say.
        belgian: whether the card is one of a Belgian.
    """

    document: str
    valid: bool | None
    age: int | None
    lives_here: bool | None
    belgian: bool


class NotEntitled(Enum):
    """Why somebody cannot have this attest here; every value has a sentence of its own on the screen."""

    EXPIRED = "expired"
    DOCUMENT = "document"
    AGE = "age"
    ELSEWHERE = "elsewhere"
    NOT_BELGIAN = "not_belgian"


def entitlement(product: AttestProduct, applicant: Applicant) -> NotEntitled | None:
    """Why not, or None when the person may have it. What is not known does not speak against them, save residence."""
    if applicant.valid is False:
        return NotEntitled.EXPIRED
    if product.documents and applicant.document not in product.documents:
        return NotEntitled.DOCUMENT
    if product.kind is Kind.NATIONALITY and not applicant.belgian:
        return NotEntitled.NOT_BELGIAN
    if applicant.age is not None and applicant.age < product.min_age:
        return NotEntitled.AGE
    if product.resident and applicant.lives_here is not True:
        return NotEntitled.ELSEWHERE
    return None


def number_label(office: str, suffix: str, year: int, count: int, *, practice: bool) -> str:
    """The printed number: `districtshuis-K1-2026-00042`, with a mark in front where it is practice."""
    plain = f"{office}-{suffix}-{year}-{count:05d}"
    return f"{PRACTICE_MARK}{plain}" if practice else plain


def attest_language(product: AttestProduct, visit: Language) -> Language:
    """The visit's language where the attest may have it, else the first permitted one."""
    return visit if visit in product.languages else product.languages[0]


class RegisterProblem(Enum):
    """Why a register gave no data; every value has a sentence of its own on screen and receipt."""

    UNKNOWN_PERSON = "unknown_person"
    NO_RECORD = "no_record"
    REFERRED = "referred"
    """Not made by the municipality's registers at once: it goes to who may make it."""
    TOO_OLD = "too_old"
    EXPIRED = "expired"
    """No answer came before what the request says of the person had to be erased."""
    OTHER_PERSON = "other_person"
    """The card is not of the person who asked."""


@dataclass(frozen=True, repr=False)
class RegisterData:
    """What a register answered, as texts and ISO dates by the name of an `AttestField`, not yet in a language.

    Attributes:
        as_of: the day the data are of.
        facts: `AttestField.name` to raw value; codes (relation, civil status, sex) as codes, dates as `YYYY-MM-DD`.
        groups: `GroupKind.name` to its rows, each as `facts`.
    """

    as_of: date
    facts: Mapping[str, str]
    groups: Mapping[str, tuple[Mapping[str, str], ...]]


class Medium(Enum):
    """On what an attest leaves the column."""

    SHEET = "sheet"
    RECEIPT = "receipt"


@dataclass(frozen=True)
class AttestOrder:
    """What a journey asks the store to number and commit.

    Attributes:
        fee: the payment that was settled for it, or None where it is free.
        request_id: the request to a register it answers, or None.
    """

    product: str
    use: str
    language: Language
    valid_until: date
    medium: Medium
    fee_cents: int = 0
    fee: str | None = None
    request_id: str | None = None


@dataclass(frozen=True)
class AttestNumber:
    """What the store's transaction gave an attest; a promise only once it has committed.

    Attributes:
        id: UUID; its 16 random bytes stand in the seal.
        issued_at: timezone-aware, whole seconds, in the zone of the site.
    """

    id: str
    job_id: str
    number: str
    issued_at: datetime


class DeliveryWay(Enum):
    """How an attest that waits for a register can be had; the municipality says which it offers."""

    COLUMN = "column"
    """With the code, at any column."""
    EMAIL = "email"
    """The same, and a notice by e-mail when it is there; the attest itself never goes by e-mail."""
    EBOX = "ebox"
    """Made centrally and handed to the person's eBox."""


@dataclass(frozen=True)
class RegisterRequest:
    """What a journey asks the store to commit for a register.

    Attributes:
        code_hash: SHA-256 of the pick-up code, base64url; the code itself is only on the receipt.
    """

    id: str
    product: str
    use: str
    language: Language
    fee_cents: int
    code_hash: str


@dataclass(frozen=True, repr=False)
class Draft:
    """What an attest will say, before it has a number; as `AttestContent`.

    Attributes:
        request_id: the request to a register it answers, or None.
        paid: whether its fee was paid when it was asked.
    """

    facts: tuple[Printed, ...]
    as_of: date
    groups: tuple[Group, ...] = ()
    request_id: str | None = None
    paid: bool = False


@dataclass(frozen=True, repr=False)
class SealedAttest:
    """An attest that was issued: committed, and from here on in memory only.

    Attributes:
        seal: text of the code on it.
        job_id: its first print job.
    """

    id: str
    job_id: str
    product: AttestProduct
    content: AttestContent
    seal: str
    medium: Medium


@dataclass(frozen=True, repr=False)
class RegisterAnswered:
    """A register answered; the rest tells what was asked, for somebody who only has the code."""

    data: RegisterData
    request_id: str
    product: str
    use: str
    language: Language
    paid: bool = False


@dataclass(frozen=True)
class RegisterWaits:
    """There is no answer yet.

    Attributes:
        offline: the back office itself cannot be reached.
    """

    offline: bool


class NoRequest(Enum):
    """There is no request with that code."""

    UNKNOWN = "unknown"


RegisterReply = RegisterAnswered | RegisterWaits | RegisterProblem | NoRequest
"""What may come of asking whether the answer of a register is there."""
