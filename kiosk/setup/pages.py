"""What setup shows. Not for: what comes next (`story`, `asking`, `trials`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from config.settings_writing import Key, Value
from kiosk.core.pages import (
    Fact,
    MeasurePage,
    MenuPage,
    NoticePage,
    Option,
    SearchPage,
    Section,
    SheetPage,
    Tone,
    Weight,
)
from kiosk.core.texts import Localized, Text, message
from kiosk.doctor.finding import Finding, Severity
from kiosk.setup.draft import Draft
from kiosk.setup.found import Found
from kiosk.setup.plan import NONE, Choice, Question

GO, SKIP, AGAIN, TYPE, WRITE, DONE = "go", "skip", "again", "type", "write", "done"
SAME, OTHER = "same", "other"
OWN_NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English", "de": "Deutsch"}
CARD_MM = 85.6
"""Length of a bank or identity card, ISO/IEC 7810 ID-1."""
ICONS = {
    "name": "identification-badge",
    "site": "folder-open",
    "place": "map-pin",
    "screen": "device-mobile",
    "diagonal": "device-mobile",
    "printer": "receipt",
    "profile": "receipt",
    "sheets": "printer",
    "reader": "identification-card",
    "trust": "certificate",
    "terminal": "credit-card",
    "backoffice": "buildings",
}
"""By question."""
_TRIED = {Severity.OK: "check-circle", Severity.ATTENTION: "warning", Severity.BROKEN: "x-circle"}
_TONES = {Severity.OK: Tone.SUCCESS, Severity.ATTENTION: Tone.WARNING, Severity.BROKEN: Tone.DANGER}
_MOST_LINES = 60


BACK = Option(GO, message("setup.back"), weight=Weight.PRIMARY, icon="arrow-left")
"""After news that leads back."""
ON = Option(GO, message("setup.go"), weight=Weight.PRIMARY)
"""After news that is no obstacle."""
END = Option(DONE, message("setup.end"), weight=Weight.PRIMARY, icon="sign-out")
"""After news that ends everything."""


def plain(text: str) -> Text:
    """Words that are the same in every language."""
    return message("plain", text=text)


def languages() -> MenuPage:
    """Which language the technician reads."""
    names = {code: Localized(dict.fromkeys(OWN_NAMES, name)) for code, name in OWN_NAMES.items()}
    options = tuple(Option(code, name) for code, name in names.items())
    return MenuPage(title=message("setup.title"), subtitle=message("setup.language"), options=options, back=False)


def overview(found: Found) -> SheetPage:
    """What was found."""
    problems = (Section(message("setup.problems"), tuple(map(plain, found.problems)), "warning"),)
    return SheetPage(
        title=message("setup.found.title"),
        subtitle=message("setup.found.subtitle"),
        facts=tuple(_found(found)),
        sections=problems if found.problems else (),
        options=(
            ON,
            Option(AGAIN, message("setup.look_again"), icon="arrow-counter-clockwise"),
        ),
        back=False,
    )


def _found(found: Found) -> Iterator[Fact]:
    readers = (*found.readers.names, *found.readers.plugged)
    jack = (message("setup.found.jack"),) if found.sound.jack else ()
    for key, icon, names in (
        ("printers", "receipt", [each.name for each in found.printers]),
        ("sheets", "printer", [each.name for each in found.sheet_printers]),
        ("readers", "identification-card", readers),
        ("screens", "device-mobile", [str(each) for each in found.screens]),
        ("touch", "hand", found.touch),
        ("serial", "plug", found.serial),
        ("sound", "speaker-high", found.sound.outputs),
    ):
        value = plain(", ".join(names)) if names else message("setup.found.none")
        yield Fact(message(f"setup.found.{key}"), value, icon)
    yield from (Fact(message("setup.found.sound"), each, "ear") for each in jack)
    if found.readers.trouble:
        yield Fact(message("setup.found.readers"), plain(found.readers.trouble), "warning")


def question(asked: Question, choices: Sequence[Choice]) -> MenuPage:
    """Something to choose."""
    icon = ICONS[asked.id] if asked.typed else None
    options = [Option(each.id, each.label, each.hint, icon) for each in choices]
    if asked.typed:
        options.append(Option(TYPE, message("setup.type"), icon="keyboard"))
    return MenuPage(
        title=message(f"setup.ask.{asked.id}"), subtitle=message(f"setup.why.{asked.id}"), options=tuple(options)
    )


def field(asked: str, text: str, problem: str | None = None) -> SearchPage:
    """Something to type."""
    ready = (Option(GO, message("setup.take", text=text.strip()), icon="arrow-right"),) if text.strip() else ()
    return SearchPage(
        title=message(f"setup.ask.{asked}"),
        subtitle=message(f"setup.why.{asked}"),
        options=ready,
        query=text,
        empty=plain(problem) if problem else None,
        field=message(f"setup.setting.{asked}"),
    )


def wrong(problem: str) -> NoticePage:
    """An answer that cannot be used."""
    return notice("setup.wrong", Tone.WARNING, problem, (BACK,))


def notice(key: str, tone: Tone, says: str, options: tuple[Option, ...], *, back: bool = False) -> NoticePage:
    """One piece of news with the machine's own words below it."""
    facts = (Fact(message("setup.says"), plain(says), "info"),) if says else ()
    return NoticePage(title=message(key), tone=tone, facts=facts, options=options, back=back)


def hub(draft: Draft, asked: Sequence[Question], trials: Sequence[tuple[str, Finding | None]]) -> MenuPage:
    """Everything that can be changed or tried, and the way on."""
    settings = (
        Option(f"ask_{each.id}", message(f"setup.setting.{each.id}"), shown(draft, each), ICONS[each.id])
        for each in asked
    )
    tries = (
        Option(
            f"try_{name}",
            message(f"setup.trial.{name}"),
            plain(result.found) if result else message("setup.untried"),
            _TRIED[result.severity] if result else "wrench",
        )
        for name, result in trials
    )
    return MenuPage(
        title=message("setup.hub.title"),
        subtitle=message("setup.hub.subtitle", count=len(draft.changes)),
        options=(Option(WRITE, message("setup.review"), weight=Weight.PRIMARY, icon="file-text"), *settings, *tries),
    )


def shown(draft: Draft, asked: Question) -> Text:
    """What a question is answered with now."""
    values: list[tuple[Key, Value]] = [(key, draft.known[key]) for key in asked.keys if key in draft.known]
    text = " × ".join(str(value) for _, value in values)
    return plain(text) if text not in ("", NONE) else message("setup.none")


def review(lines: Sequence[str]) -> SheetPage:
    """The lines that will change."""
    changed = [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---") and line[1:].strip()]
    lines_shown = tuple(map(plain, changed[:_MOST_LINES]))
    if not changed:
        return SheetPage(
            title=message("setup.nothing"),
            options=(Option(WRITE, message("setup.go"), weight=Weight.PRIMARY),),
        )
    return SheetPage(
        title=message("setup.review"),
        subtitle=message("setup.review_why"),
        sections=(Section(message("setup.lines"), lines_shown, "file-text", bulleted=False),),
        options=(Option(WRITE, message("setup.write"), weight=Weight.PRIMARY, icon="check"),),
    )


def begin_trial(name: str) -> NoticePage:
    """What is about to be tried."""
    return NoticePage(
        title=message(f"setup.trial.{name}"),
        subtitle=message(f"setup.trial_why.{name}"),
        icon="wrench",
        options=(
            Option(GO, message("setup.try"), weight=Weight.PRIMARY),
            Option(SKIP, message("setup.skip"), weight=Weight.QUIET),
        ),
    )


def tried(name: str, result: Finding) -> NoticePage:
    """What came of it."""
    facts = [Fact(message("setup.says"), plain(result.found), "info")]
    if result.next_step:
        facts.append(Fact(message("setup.next"), plain(result.next_step), "arrow-right"))
    return NoticePage(
        title=message(f"setup.trial.{name}"),
        tone=_TONES[result.severity],
        facts=tuple(facts),
        options=(
            ON,
            Option(AGAIN, message("setup.again"), icon="arrow-counter-clockwise"),
        ),
    )


def yes_or_no(name: str) -> NoticePage:
    """Whether a person saw or heard it."""
    return NoticePage(
        title=message(f"setup.right.{name}"),
        icon="question",
        options=(Option("yes", message("setup.yes"), weight=Weight.PRIMARY), Option("no", message("setup.no"))),
    )


def mark(place: tuple[int, int], at: int, of: int) -> MeasurePage:
    """A mark that is to be touched; it lies over everything, so that there is nothing else to touch."""
    return MeasurePage(title=message("setup.touch", at=at, of=of), subtitle=message("setup.touch_wait"), mark=place)


def ruler() -> MeasurePage:
    """A line as long as a card."""
    return MeasurePage(
        title=message("setup.ruler"),
        subtitle=message("setup.ruler_why"),
        ruler_mm=CARD_MM,
        options=(
            Option(SAME, message("setup.as_long"), weight=Weight.PRIMARY),
            Option(OTHER, message("setup.other_length"), icon="keyboard"),
            Option(SKIP, message("setup.skip"), weight=Weight.QUIET),
        ),
    )


def compare(check: str) -> NoticePage:
    """The six digits, to be compared with those of the back office."""
    return NoticePage(
        title=message("setup.check", digits=f"{check[:3]} {check[3:]}"),
        subtitle=message("setup.check_why"),
        icon="shield-check",
        options=(
            Option(SAME, message("setup.check_same"), weight=Weight.PRIMARY),
            Option(OTHER, message("setup.check_other")),
        ),
        back=False,
    )


def finished(findings: Sequence[Finding], numbers: int | None) -> SheetPage:
    """The column is set up; what the doctor still says of it."""
    # What is broken first.
    wrong_ones = sorted((each for each in findings if each.wrong), key=lambda each: -each.severity.status)
    lines = tuple(plain(f"{each.subject}: {each.says}") for each in wrong_ones)
    facts = () if numbers is None else (Fact(message("setup.numbers"), plain(str(numbers)), "ticket"),)
    return SheetPage(
        title=message("setup.finished"),
        subtitle=message("setup.finished_well" if not lines else "setup.finished_but"),
        facts=facts,
        sections=(Section(message("setup.doctor"), lines, "wrench"),) if lines else (),
        options=(Option(DONE, message("setup.done"), weight=Weight.PRIMARY),),
        back=False,
    )
