"""What the pages around the identity card say. Pure: from purposes, results and dates to pages.

Not for: what happens on them (`identify`, `pin`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from drivers.card_contract import (
    Address,
    CardKind,
    CardProblem,
    CardRead,
    CheckName,
    Field,
    Finding,
    PartialDate,
    Person,
    PinEnd,
    Progress,
    Sex,
    Verdict,
    grouped,
)
from kiosk.core.pages import (
    CardPage,
    CardPicture,
    Fact,
    NoticePage,
    Option,
    PinPage,
    Section,
    SheetPage,
    Tone,
    Weight,
)
from kiosk.core.purposes import Level, Purpose
from kiosk.core.texts import Text, message

CONFIRM, READ, TRY, WITHOUT, DONE = "confirm", "read", "try", "without", "done"

_ICONS = {
    Field.NAME: "user",
    Field.BIRTH_DATE: "calendar",
    Field.BIRTH_PLACE: "map-pin",
    Field.SEX: "person",
    Field.NATIONALITY: "globe",
    Field.ADDRESS: "house",
    Field.NATIONAL_NUMBER: "identification-badge",
    Field.PHOTO: "camera",
    Field.CARD_NUMBER: "identification-card",
}


def slot_page(purpose: Purpose, card: CardKind | None, *, left: bool, news: Text | None) -> CardPage:
    """Before reading: put your card in, or take out what is in; with what will be read and why.

    Args:
        left: the card in the slot was left behind by somebody else.
        news: what went wrong with the card a moment ago; the card must come out and in again.
    """
    if card is None:
        return CardPage(
            title=message("card.insert.title"),
            subtitle=news or message("card.insert.subtitle"),
            tone=Tone.PLAIN if news is None else Tone.WARNING,
            sections=asked_sections(purpose),
            options=(_without(),),
        )
    if left:
        problem: Text = message("card.left.subtitle")
    else:
        problem = news or kind_words(card)
    return CardPage(
        title=message("card.left.title" if left else "card.other.title"),
        subtitle=problem,
        picture=CardPicture.TURN if card is CardKind.MUTE and not left else CardPicture.TAKE,
        tone=Tone.WARNING,
        options=(_without(),),
    )


def may_we_read(purpose: Purpose) -> CardPage:
    """The card was in before anybody was told what will be read."""
    return CardPage(
        title=message("card.ready.title"),
        subtitle=message("card.ready.subtitle"),
        picture=CardPicture.READING,
        sections=asked_sections(purpose),
        options=(Option(READ, message("card.ready.read"), weight=Weight.PRIMARY), _without()),
    )


def _without() -> Option:
    return Option(WITHOUT, message("card.without"), icon="arrow-right", weight=Weight.QUIET)


def asked_sections(purpose: Purpose) -> tuple[Section, ...]:
    """Exactly what is read, what is not, and why."""
    asked = tuple(field_words(Field(name)) for name in purpose.fields)
    reasons = (purpose.why, *((purpose.basis,) if purpose.basis else ()), purpose.keep)
    return (
        Section(message("card.asked"), asked, "check-circle"),
        *_spared(purpose),
        Section(message("card.why"), reasons, "info", bulleted=False),
    )


def _spared(purpose: Purpose) -> tuple[Section, ...]:
    """What is on the card and is not read; nothing where everything is."""
    fields = tuple(field_words(field) for field in Field if field.value not in purpose.fields)
    return (Section(message("card.spared"), fields, "x-circle"),) if fields else ()


def field_words(field: Field) -> Text:
    """What a field is called."""
    return message(f"card.field.{field.value}")


def kind_words(card: CardKind) -> Text:
    """What is wrong with a card that is no identity card."""
    return message(f"card.kind.{card.value}")


def problem_words(problem: CardProblem) -> Text:
    """Why a card could not be read, and what to do."""
    return message(f"card.problem.{problem.value}")


def reading(progress: Progress) -> CardPage:
    """The card is being read."""
    return CardPage(
        title=message("card.reading.title"),
        subtitle=message(f"card.part.{progress.part.value}"),
        picture=CardPicture.READING,
        done=progress.done,
        of=progress.of,
        back=False,
    )


def reader_failed() -> NoticePage:
    """The reader does not work; the sheet has other ways."""
    return _notice("card.reader_failed", Tone.WARNING)


def taken_out() -> NoticePage:
    """The card was taken out before the end."""
    return _notice("card.gone", Tone.PLAIN, "identification-card")


def expired_for_pin() -> NoticePage:
    """The certificates of a card end with it, and so does what its PIN is good for."""
    return _notice("pin.expired", Tone.WARNING, "calendar")


def untrusted(phone: str) -> NoticePage:
    """A check failed that a genuine card passes."""
    facts = (Fact(message("host.phone"), message("plain", text=phone), "phone"),)
    return _notice("card.untrusted", Tone.DANGER, facts=facts)


def review(purpose: Purpose, card: CardRead, today: date) -> SheetPage:
    """Everything that was read, for the person to confirm."""
    return SheetPage(
        title=message("card.review.title"),
        subtitle=message("card.review.subtitle"),
        facts=(*person_facts(card.person, purpose), *document_facts(card, today)),
        sections=_spared(purpose),
        options=(
            Option(
                CONFIRM,
                message("card.review.confirm" if purpose.level is Level.CARD else "card.review.to_pin"),
                weight=Weight.PRIMARY,
            ),
        ),
    )


def person_facts(person: Person, purpose: Purpose) -> tuple[Fact, ...]:
    """One private fact a field; what is empty on the card is said to be empty."""
    return tuple(_person_fact(Field(name), person) for name in purpose.fields)


def _person_fact(field: Field, person: Person) -> Fact:
    value = _VALUES[field](person)
    return Fact(field_words(field), value or message("card.empty"), _ICONS[field], private=value is not None)


def _sex(sex: Sex | None) -> Text | None:
    return message(f"card.sex.{sex.value}") if sex in (Sex.MALE, Sex.FEMALE) else None


def _address(address: Address | None) -> Text | None:
    if address is None:
        return None
    town = " ".join(filter(None, (address.postal_code, address.municipality)))
    return _plain(", ".join(filter(None, (address.street, town))))


def _plain(*words: str | None) -> Text | None:
    joined = " ".join(filter(None, words))
    return message("plain", text=joined) if joined else None


def birth_words(birth: PartialDate | None) -> Text | None:
    """A date of birth as far as it is known."""
    if birth is None:
        return None
    if birth.month is None:
        return message("plain", text=str(birth.year))
    if birth.day is None:
        return message("plain", text=f"{birth.month:02d}.{birth.year}")
    return message("plain", text=f"{birth.day:02d}.{birth.month:02d}.{birth.year}")


_VALUES: dict[Field, Callable[[Person], Text | None]] = {
    Field.NAME: lambda person: _plain(person.given_names, person.surname),
    Field.BIRTH_DATE: lambda person: birth_words(person.birth_date),
    Field.BIRTH_PLACE: lambda person: _plain(person.birth_place),
    Field.SEX: lambda person: _sex(person.sex),
    Field.NATIONALITY: lambda person: _plain(person.nationality),
    Field.ADDRESS: lambda person: _address(person.address),
    Field.NATIONAL_NUMBER: lambda person: _plain(grouped(person.national_number or "")),
    Field.PHOTO: lambda person: message("card.photo_read") if person.photo else None,
    Field.CARD_NUMBER: lambda person: _plain(person.card_number),
}
"""What each field says, or None when the card holds nothing there."""


def document_facts(card: CardRead, today: date) -> tuple[Fact, ...]:
    """Until when the card is valid, and how sure we are that it is genuine."""
    until = card.person.document.valid_until
    facts = [Fact(message("card.authenticity"), _genuine(card.verdict), "shield-check")]
    if until is not None:
        key = "card.expired_on" if until < today else "card.valid_until_day"
        value = message(key, day=f"{until.day:02d}.{until.month:02d}.{until.year}")
        facts.insert(0, Fact(message("card.validity"), value, "calendar-check"))
    return tuple(facts)


def _genuine(verdict: Verdict) -> Text:
    if verdict.finding(CheckName.REGISTER_CERTIFICATE) is not Finding.PASSED:
        return message("card.genuine.unchecked")
    return message("card.genuine.signed")


def keypad(entered: int, news: Text | None) -> PinPage:
    """The keypad."""
    return PinPage(
        title=message("pin.title"),
        subtitle=message("pin.subtitle"),
        entered=entered,
        news=news,
        tone=Tone.PLAIN if news is None else Tone.WARNING,
        options=(Option(CONFIRM, message("pin.confirm"), weight=Weight.PRIMARY),),
    )


def pin_checked() -> CardPage:
    """The card is thinking about the PIN."""
    return CardPage(
        title=message("pin.checking.title"),
        subtitle=message("card.reading.stay"),
        picture=CardPicture.READING,
        back=False,
    )


def pinpad() -> CardPage:
    """The reader asks for the PIN on its own keys."""
    return CardPage(
        title=message("pin.reader.title"),
        subtitle=message("pin.reader.subtitle"),
        picture=CardPicture.READING,
        back=False,
    )


def pinpad_again(news: Text) -> NoticePage:
    """The reader's own entry ended without a PIN."""
    return NoticePage(
        title=message("pin.again.title"),
        subtitle=news,
        tone=Tone.WARNING,
        options=(Option(TRY, message("pin.again.try"), weight=Weight.PRIMARY),),
    )


def last_try() -> NoticePage:
    """One try is left; stopping is the safe choice and stands first."""
    return NoticePage(
        title=message("pin.last.title"),
        subtitle=message("pin.last.subtitle"),
        tone=Tone.WARNING,
        options=(
            Option("stop", message("pin.last.stop"), weight=Weight.PRIMARY),
            Option(TRY, message("pin.last.try")),
        ),
        back=False,
    )


def tries_words(tries: int | None) -> Text | None:
    """How many tries are left, when it is worth saying before the first entry."""
    return None if tries in (None, 3) else message("pin.tries", count=tries or 0)


def wrong_words(tries: int | None) -> Text:
    """The PIN was wrong."""
    return message("pin.wrong") if tries is None else message("pin.wrong_tries", count=tries)


def short_words() -> Text:
    """Too few digits."""
    return message("pin.short")


def end_words(end: PinEnd) -> Text:
    """The reader's own entry was cancelled or timed out."""
    return message(f"pin.{end.value}")


def pin_notice(what: str) -> NoticePage:
    """Why the PIN can not be used, and what to do: `blocked`, `no_key`, `no_keys` or `failed`."""
    return _notice(f"pin.{what}", Tone.WARNING, "lock-key")


def _notice(key: str, tone: Tone, icon: str | None = None, facts: tuple[Fact, ...] = ()) -> NoticePage:
    return NoticePage(
        title=message(f"{key}.title"),
        subtitle=message(f"{key}.subtitle"),
        tone=tone,
        icon=icon,
        facts=facts,
        options=(Option(DONE, message("card.understood"), weight=Weight.PRIMARY),),
        back=False,
    )
