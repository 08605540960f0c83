"""Settings and site of one column, read together and checked against each other.

Not for: anything that opens, prints or listens; the composition root builds that from what it gets here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.problems import ConfigError, Problem, choose_among
from config.reader_settings import may_be_one
from config.settings import NO_TERMINAL, Settings, load_settings
from config.site import load_site
from config.toml_source import TomlSource
from drivers.cards.address import VirtualReader, parse_reader
from kiosk.core.catalogue import ContactPoint, Site

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class ColumnConfig:
    """Everything that is written down about a column.

    Attributes:
        here: the contact point where it stands.
    """

    settings: Settings
    site: Site
    here: ContactPoint


def load_column(path: Path | None, change: Callable[[Settings], Settings] | None = None) -> ColumnConfig:
    """Read a settings file and the site it names.

    Args:
        path: the settings file; None gives the defaults and the demo site.
        change: what takes the place of some settings before they are used; may raise ConfigError.

    Raises:
        ConfigError: with every mistake of the settings, or of the site, or a contact point the site does not have,
            or what only a practice site may have on another one.
    """
    settings = load_settings(path)
    if change is not None:
        settings = change(settings)
    site = load_site(settings.column.site)
    wanted = settings.column.contact_point
    known = [point.id for point in site.contact_points]
    if wanted not in known:
        file = path or settings.column.site / "site.toml"
        line = TomlSource(file).line(("column", "contact_point"))
        found = f"the site '{site.id}' has no contact point '{wanted}'"
        raise ConfigError([Problem(file, line, found, choose_among(wanted, known))])
    file_of_settings = path or settings.column.site / "site.toml"
    if site.practice:
        _refuse_real_money(settings, site, file_of_settings)
    else:
        _refuse_practice(settings, site, file_of_settings)
    _refuse_one_reader_for_two(settings, file_of_settings)
    return ColumnConfig(settings, site, site.contact_point(wanted))


def _refuse_real_money(settings: Settings, site: Site, file: Path) -> None:
    """Nobody may be charged for practice: a terminal must be a simulated one, on this machine.

    Raises:
        ConfigError: for a terminal anywhere else, or on a serial line.
    """
    uri = settings.terminal.uri
    if uri == NO_TERMINAL or urlsplit(uri).hostname in _THIS_MACHINE:
        return
    line = TomlSource(file).line(("terminal", "uri"))
    found = f"a payment terminal that takes real money, but the site '{site.id}' is a practice site"
    right = "run `zuil simulate terminal` and write the address it says"
    raise ConfigError([Problem(file, line, found, right)])


def _refuse_practice(settings: Settings, site: Site, file: Path) -> None:
    """What only a practice site may have.

    Raises:
        ConfigError: for a shifted clock, a dock, a slot for simulated cards, or fees that are not really taken.
    """
    source, real = TomlSource(file), f"but the site '{site.id}' is no practice site"
    problems: list[Problem] = []
    if settings.practice.clock_shift_seconds:
        line = source.line(("practice", "clock_shift_seconds"))
        problems.append(Problem(file, line, f"the clock is shifted, {real}", "take out the table [practice]"))
    if settings.practice.dock is not None:
        line = source.line(("practice", "dock"))
        problems.append(Problem(file, line, f"a dock steers this column, {real}", "take out the table [practice]"))
    readers = (("card", "card reader", settings.card.reader), ("staff", "badge reader", settings.staff.reader))
    for table, name, reader in readers:
        if isinstance(parse_reader(reader), VirtualReader):
            line = source.line((table, "reader"))
            problems.append(Problem(file, line, f"the {name} is a virtual slot, {real}", 'write reader = "pcsc"'))
    if settings.fees.method == "practice":
        line = source.line(("fees", "method"))
        problems.append(Problem(file, line, f"fees are only practised, {real}", 'write method = "none"'))
    if problems:
        raise ConfigError(problems)


def _refuse_one_reader_for_two(settings: Settings, file: Path) -> None:
    """A reader is held alone, so that of cards and that of badges must be two.

    Raises:
        ConfigError: when both addresses may lead to the same one.
    """
    cards, badges = settings.card.reader, settings.staff.reader
    if may_be_one(cards, badges):
        found = f"the badge reader '{badges}' and the card reader '{cards}' may be the same one"
        right = "name in both places a part of the reader's name that only this one has; `zuil setup` shows the names"
        raise ConfigError([Problem(file, TomlSource(file).line(("staff", "reader")), found, right)])
