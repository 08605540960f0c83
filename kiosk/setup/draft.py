"""A set-up under way: the settings file as it is, what is known, what changes. Nothing is written here.

Not for: asking, or the file itself.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from config.problems import ConfigError
from config.settings import Settings
from config.settings_writing import Key, Value, difference, problem_of, rewritten
from config.site import load_site
from kiosk.core.catalogue import Site
from kiosk.setup.found import Found
from kiosk.setup.plan import CA, PRINTER, PROFILE, SITE, SPEECH, TRUST, deduced, exchanged
from sync.client.route import ca_problem

PACKAGED = Path("/etc/zuil")
_PACKAGED_PLACES: dict[Key, Value] = {("column", "data"): "/var/lib/zuil", ("log", "folder"): "/var/log/zuil"}


@dataclass(frozen=True)
class Draft:
    """What is known so far; every change makes another one, so that Back leads to exactly the one before.

    Attributes:
        path: the settings file.
        text: what stands in it now, or None where there is none yet.
        known: settings by key: those of the file, those that follow, those that were answered.
    """

    path: Path
    text: str | None
    known: Mapping[Key, Value]
    found: Found

    @classmethod
    def begin(cls, path: Path, found: Found) -> Draft:
        """From the file as it is.

        Raises:
            ConfigError: when there is a file that cannot be read as settings.
        """
        from config.settings import load_settings

        text = None
        if path.exists():
            load_settings(path)
            text = path.read_text(encoding="utf-8")
        places = _PACKAGED_PLACES if path.parent == PACKAGED and text is None else {}
        draft = cls(path, text, {**_known(text), **places}, found).settled()
        return draft.with_answers(exchanged(found, draft.known))

    def settled(self) -> Draft:
        """With everything that follows from what was found."""
        program = str(self.known.get(SPEECH) or Settings().speech.program)
        follows = deduced(self.found, self.known, self.site, speaks=shutil.which(program) is not None)
        return replace(self, known={**self.known, **follows})

    def with_answers(self, answers: Mapping[Key, Value]) -> Draft:
        """With these settings in place of others; what follows from them follows."""
        known = {**self.known, **answers}
        if known.get(PRINTER) != self.known.get(PRINTER) and PROFILE not in answers:
            # A model that followed from another printer; one that stands in the file was chosen and stays.
            known.pop(PROFILE, None)
            known.update({key: value for key, value in _known(self.text).items() if key == PROFILE})
        return replace(self, known=known).settled()

    @property
    def site(self) -> Site | None:
        """The municipality's files, where they are known and in order."""
        return _site_at(self.site_folder, _stamp(self.site_folder)) if SITE in self.known else None

    @property
    def site_folder(self) -> Path:
        """Where the site's files are said to be."""
        return self.path.resolve().parent / str(self.known.get(SITE, ""))

    @property
    def changes(self) -> dict[Key, Value]:
        """What is to be written that does not stand in the file."""
        before = _known(self.text)
        return {key: value for key, value in self.known.items() if key not in before or before[key] != value}

    def then(self) -> str:
        """The text of the file with every change.

        Raises:
            config.settings_writing.CannotRewrite: when it cannot be changed line by line.
        """
        return rewritten(self.text, self.changes) if self.changes or self.text is None else self.text

    def difference(self) -> list[str]:
        """The lines that change, as `diff -u` shows them; of a new file every line that is switched on."""
        from config.settings_pages import settings_example

        before = settings_example() if self.text is None else self.text
        return difference(before, self.then(), self.path.name)

    @property
    def practice(self) -> bool:
        """Whether the site says it is for practice."""
        return self.site is not None and self.site.practice

    def problem(self, key: Key, value: Value) -> str | None:
        """What is wrong with a value, or None; a site is looked into."""
        wrong = problem_of(key, value)
        if wrong is None and key == SITE:
            return _site_problem(self.path.resolve().parent / str(value))
        if wrong is None and key == TRUST and value:
            return self._trust_problem(self.path.resolve().parent / str(value))
        if wrong is None and key == CA and value:
            return ca_problem(self.path.resolve().parent / str(value))
        return wrong

    def _trust_problem(self, file: Path) -> str | None:
        from drivers.cards.beid.trust import TrustFileWrong, load_trust

        try:
            load_trust(file, specimens=self.practice)
        except TrustFileWrong as wrong:
            return str(wrong)
        return None


def _site_problem(folder: Path) -> str | None:
    if _site_at(folder, _stamp(folder)) is not None:
        return None
    try:
        load_site(folder)
    except ConfigError as error:
        return str(error.problems[0])
    return None


@lru_cache(maxsize=1)
def _site_at(folder: Path, _changed: tuple[int, int]) -> Site | None:
    """The site of a folder; it has many files and is asked for at every step."""
    try:
        return load_site(folder)
    except ConfigError:
        return None


def _stamp(folder: Path) -> tuple[int, int]:
    """How many files there are and when one last changed."""
    times = [path.stat().st_mtime_ns for path in folder.rglob("*.toml")]
    return len(times), max(times, default=0)


def _known(text: str | None) -> dict[Key, Value]:
    """The settings a file gives, by key; what is no setting of ours never gets here."""
    tables = tomllib.loads(text) if text is not None else {}
    return {
        (table, name): value
        for table, content in tables.items()
        if isinstance(content, dict)
        for name, value in content.items()
        if isinstance(value, str | int | float | bool)
    }
