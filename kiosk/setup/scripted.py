"""Setup without anybody: a file of answers, a list of what is missing, and a result for machines.

The file is TOML with the tables of the settings, `[enrol]` (invitation, or code) and `[trials]` (test_page,
card_seconds). Not for: the questions (`plan`) or the file (`config.settings_writing`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.settings import Settings, load_settings
from config.settings_writing import Key, Value, problem_of, replace_file
from kiosk.doctor.finding import Finding, worst
from kiosk.route import route_of
from kiosk.setup.asking import CannotUse, meant
from kiosk.setup.bench import Bench
from kiosk.setup.draft import Draft
from kiosk.setup.joining import is_enrolled
from kiosk.setup.plan import BACKOFFICE, NONE, PRINTER, PROFILE, READER, SHEETS, TERMINAL, open_questions
from kiosk.setup.trials import trust_of
from sync.protocol.invitation import BadInvitation, Invitation, parse_invitation

FORMAT = 1
_OWN = {"enrol": ("invitation", "code"), "trials": ("test_page", "card_seconds")}


class BadAnswers(Exception):
    """Answers that cannot be used, or are missing.

    Attributes:
        problems: one sentence each, with what would be right.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Answers:
    """A file of answers, read and checked by form.

    Attributes:
        settings: as typed; a host may stand for an address.
        invitation: the one to join with, or None.
        code: a one-time code for the address in the settings, or "".
        test_page: whether test pages are printed where the printer is new; else it is only asked how it is.
        card_seconds: how long to wait for a card; 0 tries none.
    """

    settings: Mapping[Key, Value] = field(default_factory=dict)
    invitation: Invitation | None = None
    code: str = ""
    test_page: bool = True
    card_seconds: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What a scripted set-up did.

    Attributes:
        changed: settings that were written, by name.
        lines: the difference of the file.
        check: six digits to compare with the back office, or "" when it joined before, or joins none.
        certain: whether the back office's key was proved by an invitation, so that nothing has to be compared.
        numbers: leased for today, or None without a back office.
    """

    changed: Mapping[str, Value]
    lines: tuple[str, ...]
    trials: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    check: str = ""
    certain: bool = False
    numbers: int | None = None

    def as_data(self) -> dict[str, object]:
        """For a machine; docs/setup.md describes it."""
        return {
            "format": FORMAT,
            "changed": dict(self.changed),
            "lines": list(self.lines),
            "check": self.check,
            "certain": self.certain,
            "numbers": self.numbers,
            "worst": worst((*self.trials, *self.findings)).value,
            "trials": [_plain(each) for each in self.trials],
            "findings": [_plain(each) for each in self.findings],
        }


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "id": finding.id,
        "severity": finding.severity.value,
        "found": finding.found,
        "nextStep": finding.next_step,
    }


def read_answers(path: Path) -> Answers:
    """Read a file of answers.

    Raises:
        BadAnswers: with every mistake.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadAnswers([f"{path}: {error}"]) from None
    problems = list(_strange(content))
    own = {name: content.get(name) or {} for name in _OWN if isinstance(content.get(name, {}), dict)}
    invitation, test_page = None, True
    try:
        text = own.get("enrol", {}).get("invitation")
        invitation = parse_invitation(str(text)) if text else None
    except BadInvitation as bad:
        problems.append(f"enrol.invitation: {bad}")
    seconds = own.get("trials", {}).get("card_seconds", 0)
    test_page = own.get("trials", {}).get("test_page", True)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= 600:
        problems.append(f"trials.card_seconds is {seconds!r}; write seconds from 0 to 600")
    if not isinstance(test_page, bool):
        problems.append(f"trials.test_page is {test_page!r}; write true or false")
    if problems:
        raise BadAnswers([f"{path}: {each}" for each in problems])
    settings = {
        (table, name): value for table, values in content.items() if table not in _OWN for name, value in values.items()
    }
    return Answers(settings, invitation, str(own.get("enrol", {}).get("code", "")), test_page, float(seconds))


def _strange(content: Mapping[str, object]) -> Iterator[str]:
    """What is no answer to anything."""
    for table, values in content.items():
        known = _OWN.get(table) or _settings_of(table)
        if known is None:
            yield f"there is no table [{table}]; there are {', '.join((*Settings.model_fields, *_OWN))}"
        elif not isinstance(values, dict):
            yield f"'{table}' is no table; write [{table}]"
        else:
            yield from (
                f"there is no '{table}.{name}'; there are {', '.join(known)}" for name in values if name not in known
            )
            wrong = (name for name, value in values.items() if not isinstance(value, str | int | float | bool))
            yield from (f"'{table}.{name}' is no single value" for name in wrong)


def _settings_of(table: str) -> tuple[str, ...] | None:
    shape = Settings.model_fields.get(table)
    fields = getattr(shape.annotation, "model_fields", None) if shape else None
    return tuple(fields) if fields is not None else None


def set_up(path: Path, answers: Answers, bench: Bench) -> Outcome:
    """Find, answer, write, join, try, examine.

    Raises:
        BadAnswers: when an answer cannot be used or one is missing; nothing was written.
        config.problems.ConfigError: when the settings file that is there, or the site, cannot be used.
        config.settings_writing.CannotRewrite: when the file cannot be changed line by line.
        sync.client.enrolment.EnrolmentFailed: when it did not join; the settings are written.
        OSError: when the file cannot be written.
    """
    draft = _answered(Draft.begin(path, bench.find()), answers, bench)
    changes, lines = draft.changes, tuple(draft.difference())
    if changes or draft.text is None:
        replace_file(path, draft.then())
    check = _join(draft, answers, bench)
    numbers = bench.fetch_numbers(path) if draft.known.get(BACKOFFICE) else None
    trials = tuple(_trials(draft, changes, answers, bench))
    return Outcome(
        {".".join(key): value for key, value in changes.items()},
        lines,
        trials,
        bench.examine(path),
        check,
        bool(check) and answers.invitation is not None,
        numbers,
    )


def _answered(draft: Draft, answers: Answers, bench: Bench) -> Draft:
    problems: list[str] = []
    if answers.invitation:
        draft = draft.with_answers({BACKOFFICE: answers.invitation.url})
    for key, value in answers.settings.items():
        try:
            if isinstance(value, str):
                draft = meant(bench, draft, key, value).draft
            elif wrong := problem_of(key, value):
                raise CannotUse(wrong)
            else:
                draft = draft.with_answers({key: value})
        except CannotUse as cannot:
            problems.append(f"{'.'.join(key)}: {cannot}")
    for asked in open_questions(draft.found, draft.known, draft.site):
        if set(asked.keys) & set(answers.settings):
            continue  # answered, and told above why that cannot be
        names = " and ".join(".".join(key) for key in asked.keys)
        choices = ", ".join(sorted({str(value) for each in asked.choices for value in each.changes.values()}))
        problems.append(f"{names} is missing" + (f"; one of: {choices}" if choices else ""))
    if draft.known.get(BACKOFFICE) and not answers.invitation and not answers.code and not _has_joined(draft):
        problems.append("enrol.invitation or enrol.code is missing; make one with `zuil backoffice enrol-code --qr`")
    if problems:
        raise BadAnswers(problems)
    return draft


def _has_joined(draft: Draft) -> bool:
    return is_enrolled(_identity(draft))


def _identity(draft: Draft) -> Path:
    return draft.path.resolve().parent / str(draft.known.get(("column", "data"), "var")) / "identity"


def _join(draft: Draft, answers: Answers, bench: Bench) -> str:
    """The check digits when it joined just now, else ""."""
    url = str(draft.known.get(BACKOFFICE, ""))
    if not url or _has_joined(draft):
        return ""
    invitation = answers.invitation or Invitation(url, answers.code)
    route = route_of(load_settings(draft.path))
    return bench.join(invitation, _identity(draft), practice=draft.practice, route=route).keep().check


def _trials(draft: Draft, changes: Mapping[Key, Value], answers: Answers, bench: Bench) -> Iterator[Finding]:
    known = draft.known
    if answers.test_page and known.get(PRINTER, NONE) != NONE and {PRINTER, PROFILE} & set(changes):
        yield bench.print_paper(str(known[PRINTER]), str(known.get(PROFILE, "generic-80mm")))
    if answers.test_page and known.get(SHEETS, NONE) != NONE and SHEETS in changes:
        yield bench.print_sheet(str(known[SHEETS]))
    if known.get(TERMINAL, NONE) != NONE:
        yield bench.ask_terminal(str(known[TERMINAL]))
    if answers.card_seconds and known.get(READER, NONE) != NONE:
        yield bench.read_card(str(known[READER]), trust_of(draft), answers.card_seconds, practice=draft.practice)
