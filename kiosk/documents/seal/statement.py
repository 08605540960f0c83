"""The statement of an attest: a canonical CBOR map of CWT claims (RFC 8392), written from its content and read back.

What is read is only what would be written: `encode(decode(raw)) == raw`. Layout in docs/attest-seal.md. Not for:
signatures (`cose`) or the code on paper (`text`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from kiosk.core.attests import NEVER_SEALED, AttestContent, AttestField, Group, GroupKind, Kind, Printed
from kiosk.documents.seal.canonical_cbor import NotCanonical, read, written
from kiosk.documents.seal.limits import MAX_FACTS, MAX_GROUPS, MAX_ROWS, MAX_STATEMENT, flaws
from kiosk.documents.seal_contract import CannotMake

ISSUER, EXPIRY, ISSUED_AT, ID, OURS = 1, 4, 6, 7, -65537
"""Claims. The last one is private to us and holds everything that is printed."""

PRODUCT, KIND, LANGUAGE, NUMBER, VALID_UNTIL, AS_OF, PLACE, PURPOSE, KIOSK, FACTS, GROUPS, OFFSET, PRACTICE = range(
    1, 14
)
"""Keys inside the private claim. `PRACTICE` stands there only when it is true."""

_LATEST = 2**33
"""Seconds since 1970 (the year 2242); no seal is younger."""


class NotAStatement(ValueError):
    """Bytes that are no statement of ours; the text says why, and nothing of what they hold."""


def sealed_part(content: AttestContent) -> AttestContent:
    """The content without what is never sealed; rows and groups that are empty then are left out."""
    groups = (
        Group(group.kind, tuple(kept for row in group.rows if (kept := _sealed(row)))) for group in content.groups
    )
    return replace(content, facts=_sealed(content.facts), groups=tuple(group for group in groups if group.rows))


def encode(content: AttestContent) -> bytes:
    """The statement; what is never sealed is left out.

    Raises:
        CannotMake: when a value could not be compared with paper, or is longer than a seal may hold.
    """
    content = sealed_part(content)
    for flaw in flaws(content):
        raise CannotMake(f"this cannot be sealed: {flaw}")
    raw = written(_claims(content))
    if len(raw) > MAX_STATEMENT:
        raise CannotMake(f"this cannot be sealed: the statement has {len(raw)} bytes, at most {MAX_STATEMENT} fit")
    return raw


def decode(raw: bytes) -> AttestContent:
    """What a statement says.

    Raises:
        NotAStatement: when `encode` would not have written these bytes.
    """
    if len(raw) > MAX_STATEMENT:
        raise NotAStatement(f"the statement is too long: at most {MAX_STATEMENT} bytes")
    try:
        content = _content(read(raw))
        if encode(content) == raw:
            return content
    except CannotMake as problem:
        raise NotAStatement(str(problem)) from problem
    except NotCanonical as problem:
        raise NotAStatement(f"the statement cannot be read: {problem}") from problem
    raise NotAStatement("the statement says the same as another one in other bytes; only one form counts")


def expiry(content: AttestContent) -> datetime:
    """From when the attest no longer counts: midnight after its last day, in the zone of its sealing."""
    day = content.valid_until + timedelta(days=1)
    return datetime.combine(day, time.min, tzinfo=_zone(content))


def _sealed(row: tuple[Printed, ...]) -> tuple[Printed, ...]:
    return tuple(printed for printed in row if printed.field not in NEVER_SEALED)


def _zone(content: AttestContent) -> timezone:
    return timezone(content.issued_at.utcoffset() or timedelta())


def _pairs(row: tuple[Printed, ...]) -> list[list[object]]:
    return [[printed.field.value, printed.value] for printed in row]


def _claims(content: AttestContent) -> dict[int, object]:
    ours: dict[int, object] = {
        PRODUCT: content.product,
        KIND: content.kind.value,
        LANGUAGE: content.language,
        NUMBER: content.number,
        VALID_UNTIL: content.valid_until.isoformat(),
        AS_OF: content.as_of.isoformat(),
        PLACE: content.place,
        PURPOSE: content.purpose,
        KIOSK: content.kiosk,
        FACTS: _pairs(content.facts),
        GROUPS: [[group.kind.value, [_pairs(row) for row in group.rows]] for group in content.groups],
        OFFSET: int((content.issued_at.utcoffset() or timedelta()).total_seconds()) // 60,
    }
    if content.practice:
        ours[PRACTICE] = True
    return {
        ISSUER: content.issuer,
        EXPIRY: int(expiry(content).timestamp()),
        ISSUED_AT: int(content.issued_at.timestamp()),
        ID: content.id,
        OURS: ours,
    }


def _content(tree: object) -> AttestContent:
    claims = _map(tree, {ISSUER, EXPIRY, ISSUED_AT, ID, OURS}, set())
    ours = _map(claims[OURS], set(range(PRODUCT, PRACTICE)), {PRACTICE})
    zone = timezone(timedelta(minutes=_int(ours[OFFSET], -840, 840)))
    return AttestContent(
        id=_bytes(claims[ID]),
        product=_text(ours[PRODUCT]),
        kind=_kind(_text(ours[KIND])),
        language=_text(ours[LANGUAGE]),
        number=_text(ours[NUMBER]),
        issued_at=datetime.fromtimestamp(_int(claims[ISSUED_AT], 86_400, _LATEST), UTC).astimezone(zone),
        valid_until=_day(ours[VALID_UNTIL]),
        as_of=_day(ours[AS_OF]),
        place=_text(ours[PLACE]),
        purpose=_text(ours[PURPOSE]),
        issuer=_text(claims[ISSUER]),
        kiosk=_text(ours[KIOSK]),
        facts=_row(ours[FACTS]),
        groups=tuple(_group(group) for group in _list(ours[GROUPS], MAX_GROUPS)),
        practice=ours.get(PRACTICE) is True,
    )


def _map(value: object, needed: set[int], allowed: set[int]) -> Mapping[int, object]:
    if not isinstance(value, dict):
        raise NotAStatement("the statement is not a map of claims")
    if missing := needed - value.keys():
        raise NotAStatement(f"the statement lacks the claim {min(missing)}")
    if value.keys() - needed - allowed:
        raise NotAStatement("the statement has a claim this program does not know: a newer one checks it")
    return value


def _list(value: object, limit: int) -> list[object]:
    if not isinstance(value, list):
        raise NotAStatement("a list of the statement is something else")
    if len(value) > limit:
        raise NotAStatement(f"a list of the statement is too long: at most {limit}")
    return value


def _pair(value: object) -> tuple[int, object]:
    pair = _list(value, 2)
    if len(pair) != 2:
        raise NotAStatement("a fact of the statement is not a code and a value")
    return _int(pair[0], 1, 65_535), pair[1]


def _row(value: object) -> tuple[Printed, ...]:
    pairs = (_pair(entry) for entry in _list(value, MAX_FACTS))
    return tuple(Printed(_field(code), _text(text)) for code, text in pairs)


def _group(value: object) -> Group:
    code, rows = _pair(value)
    try:
        kind = GroupKind(code)
    except ValueError:
        raise NotAStatement(f"the statement has the unknown group {code}: a newer program checks it") from None
    return Group(kind, tuple(_row(row) for row in _list(rows, MAX_ROWS)))


def _field(code: int) -> AttestField:
    try:
        return AttestField(code)
    except ValueError:
        raise NotAStatement(f"the statement has the unknown field {code}: a newer program checks it") from None


def _kind(value: str) -> Kind:
    try:
        return Kind(value)
    except ValueError:
        raise NotAStatement("the statement is of an unknown kind of attest: a newer program checks it") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotAStatement("a text of the statement is something else")
    return value


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise NotAStatement("the id of the document is not of bytes")
    return value


def _int(value: object, low: int, high: int) -> int:
    if not isinstance(value, int) or not low <= value <= high:
        raise NotAStatement(f"a number of the statement is something else, or not from {low} to {high}")
    return value


def _day(value: object) -> date:
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise NotAStatement("a day of the statement is not written YYYY-MM-DD") from None
