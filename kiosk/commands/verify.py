"""`zuil verify`: is this attest genuine, and what does its seal say.

Works without a network, on a list of trusted keys in a file. What it prints is personal and goes to this terminal only.
Not for: how a seal is judged (`kiosk.documents.seal.check`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.commands.failures import Failed, failing_on
from kiosk.core.attests import AttestContent, Group, Printed
from kiosk.core.texts import LANGUAGES, Language, Texts, message
from kiosk.documents.seal_contract import Finding, Verdict

if TYPE_CHECKING:
    from kiosk.documents.seal.trust import Trust

STANDARD_INPUT = "-"
MAX_BYTES = 32_000_000
_FILES = (".pdf", ".png", ".jpg", ".jpeg", ".txt")
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8")


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command()(verify)


def verify(
    given: Annotated[
        str, typer.Argument(metavar="FILE|TEXT", help="A PDF, a PNG or JPEG, the text of a code, or - to read it.")
    ],
    trust: Annotated[Path, typer.Option(help="The list of trusted keys, as the back office serves it (/trust.json).")],
    as_json: Annotated[
        bool, typer.Option("--json", help="For a machine: finding, detail, issuer, sealedAt, content, list.")
    ] = False,
    remember: Annotated[
        Path | None,
        typer.Option(help="File that remembers lists, so that an older one is refused.", show_default=False),
    ] = None,
    language: Annotated[str, typer.Option(help=f"Of the answer: {', '.join(LANGUAGES)}.")] = LANGUAGES[0],
) -> None:
    """An attest: is it genuine, and what does its seal say. Compare that with the paper.

    Status 0 when it is valid, 1 when it is anything else, 2 when the list or the words cannot be used.
    """
    from config.texts import load_texts
    from kiosk.documents.seal.trust import BadTrustList, load_trust

    if language not in LANGUAGES:
        raise Failed(f"there is no language {language!a}; right is one of {', '.join(LANGUAGES)}", 2)
    with failing_on(BadTrustList, status=2):
        known = load_trust(_file(trust), remember)
    now = datetime.now(UTC)
    verdict = _verdict(given, known, now)
    if as_json:
        typer.echo(json.dumps(as_data(verdict, known, now), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(as_lines(verdict, known, load_texts(), language)))
    if verdict.finding is not Finding.VALID:
        raise typer.Exit(1)


def _verdict(given: str, trust: Trust, now: datetime) -> Verdict:
    from kiosk.documents.seal.check import verify_text

    data = _bytes(given)
    if data is None:
        return verify_text(given, trust, now)
    if b"%PDF-" in data[:1024]:
        from kiosk.documents.attest.pdf_check import verify_pdf

        return verify_pdf(data, trust, now)
    if data.startswith(_PICTURES):
        return _verdict_of_picture(data, trust, now)
    try:
        return verify_text(data.decode("utf-8"), trust, now)
    except UnicodeDecodeError:
        return Verdict(Finding.NOT_A_SEAL, detail="this is no PDF, PNG, JPEG or text")


def _verdict_of_picture(data: bytes, trust: Trust, now: datetime) -> Verdict:
    from kiosk.documents.seal.check import verify_text
    from kiosk.documents.seal.picture_apart import Unreadable, codes_apart
    from kiosk.documents.seal.text import PREFIXES

    try:
        codes = codes_apart(data)
    except Unreadable as problem:
        return Verdict(Finding.NOT_A_SEAL, detail=str(problem))
    seals = {code for code in codes if code.startswith(PREFIXES)}
    if len(seals) > 1:
        return Verdict(Finding.NOT_A_SEAL, detail=f"the picture has {len(seals)} seals; give a picture of one page")
    if not codes:
        return Verdict(Finding.NOT_A_SEAL, detail="no code can be read in the picture; take it nearer and sharper")
    return verify_text(seals.pop() if seals else codes[0], trust, now)


def _bytes(given: str) -> bytes | None:
    """Content of the file, or of standard input; None where the words are the text of a code themselves."""
    if given == STANDARD_INPUT:
        return sys.stdin.buffer.read(MAX_BYTES)
    path = Path(given)
    try:
        if path.is_file():
            return _file(path)
    except (OSError, ValueError):  # too long for the name of a file, or a zero in it
        return None
    if path.suffix.lower() in _FILES:
        raise Failed(f"there is no file {given}; give a PDF, a PNG or JPEG, or the text of a code", 2)
    return None


def _file(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Failed(f"{path} is too large; at most {MAX_BYTES} bytes are read", 2)
        return path.read_bytes()
    except OSError as problem:
        raise Failed(f"{path} cannot be read: {problem.strerror}", 2) from problem


def as_data(verdict: Verdict, trust: Trust, now: datetime) -> dict[str, object]:
    """The verdict for a machine.

    Returns:
        `finding` (value of `Finding`), `detail`, `issuer`, `sealedAt` (RFC 3339 or null), `content` (null, or the
        sealed facts: `facts` a list of field and value, `groups` of group and rows of such), `list` with organisation,
        version, issuedAt and ageSeconds of the trust list.
    """
    return {
        "finding": verdict.finding.value,
        "detail": verdict.detail,
        "issuer": verdict.issuer,
        "sealedAt": verdict.sealed_at.isoformat() if verdict.sealed_at else None,
        "content": _content(verdict.content) if verdict.content else None,
        "list": {
            "organisation": trust.organisation,
            "version": trust.version,
            "issuedAt": trust.issued_at.isoformat(),
            "ageSeconds": int(trust.age(now).total_seconds()),
        },
    }


def _content(content: AttestContent) -> dict[str, object]:
    return {
        "id": content.id.hex(),
        "product": content.product,
        "kind": content.kind.value,
        "language": content.language,
        "number": content.number,
        "issuedAt": content.issued_at.isoformat(),
        "validUntil": content.valid_until.isoformat(),
        "asOf": content.as_of.isoformat(),
        "place": content.place,
        "purpose": content.purpose,
        "issuer": content.issuer,
        "kiosk": content.kiosk,
        "practice": content.practice,
        "facts": _facts(content.facts),
        "groups": [_group(group) for group in content.groups],
    }


def _group(group: Group) -> dict[str, object]:
    return {"group": group.kind.name.lower(), "rows": [_facts(row) for row in group.rows]}


def _facts(row: tuple[Printed, ...]) -> list[dict[str, str]]:
    return [{"field": printed.field.name.lower(), "value": printed.value} for printed in row]


def as_lines(verdict: Verdict, trust: Trust, texts: Texts, language: Language) -> Iterator[str]:
    """The verdict for people: its word, a sentence, and every sealed fact with its label."""

    def said(key: str) -> str:
        return texts.spoken(message(f"verify.{key}"), language)

    yield said(f"word.{verdict.finding.value}").upper()
    yield said(verdict.finding.value)
    if verdict.detail:
        yield f"({_shown(verdict.detail)})"
    content = verdict.content
    if content is not None:
        if content.practice:
            yield said("practice")
        yield from ("", said("compare"), "")
        yield _line(said("issuer"), verdict.issuer)
        yield from (_line(said(key), value) for key, value in _head(content) if value)
        yield from _labelled(content.facts, texts, language)
        for group in content.groups:
            yield from ("", f"{texts.spoken(message(group.kind.key), language)}:")
            for row in group.rows:
                yield from ("", *_labelled(row, texts, language))
    yield ""
    yield _line(said("list"), f"{trust.organisation}, {trust.version}, {trust.issued_at:%Y-%m-%d %H:%M %Z}")


def _head(content: AttestContent) -> Iterator[tuple[str, str]]:
    yield "product", content.product
    yield "number", content.number
    yield "sealed_at", f"{content.issued_at:%Y-%m-%d %H:%M}"
    yield "place", content.place
    yield "valid_until", content.valid_until.isoformat()
    yield "as_of", content.as_of.isoformat()
    yield "purpose", content.purpose


def _labelled(row: tuple[Printed, ...], texts: Texts, language: Language) -> Iterator[str]:
    for printed in row:
        yield _line(texts.spoken(message(printed.field.key), language), printed.value)


def _line(label: str, value: str) -> str:
    return f"  {label:28} {_shown(value)}"


def _shown(text: str) -> str:
    # The name in a certificate, and words about bytes of others, may hold what would steer the terminal.
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
