"""From what was found and what is known to the settings: what follows by itself, and what must be asked. Pure.

A setting that stands in the file is known and is never asked for again; what is found once and can only be meant that
way follows. Not for: asking (`story`, `scripted`) or writing (`config.settings_writing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from config.settings_writing import Key, Value
from kiosk.core.catalogue import Site
from kiosk.core.texts import Text, message
from kiosk.setup.finders.screens import FoundScreen
from kiosk.setup.found import Found

NONE = "none"
NAME: Key = ("column", "name")
SITE: Key = ("column", "site")
PLACE: Key = ("column", "contact_point")
PRINTER: Key = ("printer", "uri")
PROFILE: Key = ("printer", "profile")
SHEETS: Key = ("sheet_printer", "uri")
READER: Key = ("card", "reader")
CA: Key = ("sync", "ca")
TRUST: Key = ("card", "trust")
TERMINAL: Key = ("terminal", "uri")
BACKOFFICE: Key = ("sync", "url")
WIDTH: Key = ("screen", "width_px")
HEIGHT: Key = ("screen", "height_px")
DIAGONAL: Key = ("screen", "diagonal_inch")
SPEECH: Key = ("speech", "program")

Known = Mapping[Key, Value]


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen.

    Attributes:
        changes: the settings it means.
    """

    id: str
    label: Text
    changes: Known = field(default_factory=dict)
    hint: Text | None = None


@dataclass(frozen=True)
class Question:
    """Something only a person knows.

    Attributes:
        id: stable; part of its texts' keys.
        keys: the settings it is about, the one that is typed first.
        typed: whether an answer may be typed.
    """

    id: str
    keys: tuple[Key, ...]
    choices: tuple[Choice, ...] = ()
    typed: bool = True


def deduced(found: Found, known: Known, site: Site | None, *, speaks: bool) -> dict[Key, Value]:
    """Settings that follow from what was found, where nothing is known.

    Args:
        speaks: whether the program that reads aloud is installed.
    """
    settled = dict(known)
    if PRINTER not in settled and len(found.printers) == 1:
        settled[PRINTER] = found.printers[0].uri
    if PROFILE not in settled and (profile := _profile(found, settled)):
        settled[PROFILE] = profile
    if SHEETS not in settled and len(found.sheet_printers) == 1:
        settled[SHEETS] = found.sheet_printers[0].uri
    if READER not in settled and len(found.readers.names) == 1:
        settled[READER] = "pcsc"
    if PLACE not in settled and site is not None and len(site.contact_points) == 1:
        settled[PLACE] = site.contact_points[0].id
    if DIAGONAL not in settled and len(found.screens) == 1 and found.screens[0].diagonal_inch:
        settled[DIAGONAL] = found.screens[0].diagonal_inch
    if SPEECH not in settled and not (found.sound.outputs and speaks):
        settled[SPEECH] = ""
    return {key: value for key, value in settled.items() if key not in known}


def exchanged(found: Found, known: Known) -> dict[Key, Value]:
    """A printer on USB that is gone where exactly one other is plugged in: it was exchanged.

    Only on USB: what is silent in the network may be switched off.
    """
    was = str(known.get(PRINTER, ""))
    now = [each for each in found.printers if each.uri.startswith("usb://")]
    if not was.startswith("usb://") or len(now) != 1 or now[0].uri == was:
        return {}
    profile = now[0].profile
    return {PRINTER: now[0].uri, **({PROFILE: profile} if profile and profile != known.get(PROFILE) else {})}


def _profile(found: Found, known: Known) -> str:
    """The profile of the printer that is meant, when it tells its model."""
    return next((each.profile for each in found.printers if each.uri == known.get(PRINTER)), "")


def questions(found: Found, known: Known, site: Site | None) -> tuple[Question, ...]:
    """Everything that can be asked, in order; what does not apply is left out."""
    return tuple(_questions(found, known, site))


def open_questions(found: Found, known: Known, site: Site | None) -> tuple[Question, ...]:
    """What still has to be asked."""
    return tuple(each for each in questions(found, known, site) if not set(each.keys) <= set(known))


def _questions(found: Found, known: Known, site: Site | None) -> Iterator[Question]:
    yield Question("name", (NAME,))
    yield Question("site", (SITE,))
    if site is not None:
        places = tuple(Choice(point.id, point.name, {PLACE: point.id}) for point in site.contact_points)
        yield Question("place", (PLACE,), places, typed=False)
    yield Question("screen", (WIDTH, HEIGHT), tuple(_mountings(found.screens)), typed=False)
    yield Question("diagonal", (DIAGONAL,))
    yield Question("printer", (PRINTER,), tuple(_printers(found)))
    if known.get(PRINTER, NONE) != NONE:
        yield Question("profile", (PROFILE,), tuple(_profiles()), typed=False)
    yield Question("sheets", (SHEETS,), (*_sheets(found), _none(SHEETS)))
    yield Question("reader", (READER,), tuple(_readers(found)))
    if known.get(READER, NONE) != NONE:
        yield Question("trust", (TRUST,), (Choice("no_trust", message("setup.no_trust"), {TRUST: ""}),))
    yield Question("terminal", (TERMINAL,), (*_terminals(found), _none(TERMINAL)))
    yield Question("backoffice", (BACKOFFICE,), (Choice("alone", message("setup.alone"), {BACKOFFICE: ""}),))


def _none(key: Key) -> Choice:
    return Choice("none", message("setup.none"), {key: NONE})


def _plain(text: str) -> Text:
    return message("plain", text=text)


def _printers(found: Found) -> Iterator[Choice]:
    for at, each in enumerate(found.printers, 1):
        changes: dict[Key, Value] = {PRINTER: each.uri, **({PROFILE: each.profile} if each.profile else {})}
        yield Choice(f"printer_{at}", _plain(each.name), changes, _plain(each.uri))
    for at, path in enumerate(found.serial, 1):
        yield Choice(f"serial_{at}", _plain(path), {PRINTER: f"serial://{path}?baud=115200"})
    yield _none(PRINTER)


def _profiles() -> Iterator[Choice]:
    from drivers.printers.escpos.profiles import shipped_profiles

    for name, profile in shipped_profiles().items():
        yield Choice(name, _plain(profile.name), {PROFILE: name})


def _sheets(found: Found) -> Iterator[Choice]:
    for at, each in enumerate(found.sheet_printers, 1):
        yield Choice(f"sheets_{at}", _plain(each.name), {SHEETS: each.uri}, _plain(each.uri))


def _readers(found: Found) -> Iterator[Choice]:
    if found.readers.names or found.readers.plugged:
        yield Choice("any", message("setup.any_reader"), {READER: "pcsc"})
    if len(found.readers.names) > 1:
        for at, name in enumerate(found.readers.names, 1):
            yield Choice(f"reader_{at}", _plain(name), {READER: f"pcsc:{name}"})
    yield _none(READER)


def _terminals(found: Found) -> Iterator[Choice]:
    for at, path in enumerate(found.serial, 1):
        yield Choice(f"serial_{at}", _plain(path), {TERMINAL: f"zvt+serial://{path}?baud=9600"})


def _mountings(screens: tuple[FoundScreen, ...]) -> Iterator[Choice]:
    """Upright first: most columns are."""
    sizes = [(f"{each.connector}.", each.width_px, each.height_px) for each in screens] or [("", 1920, 1080)]
    for prefix, width, height in sizes:
        long, short = max(width, height), min(width, height)
        for way, across, down in (("portrait", short, long), ("landscape", long, short)):
            size = message("setup.size", width=across, height=down)
            yield Choice(f"{prefix}{way}", message(f"setup.{way}"), {WIDTH: across, HEIGHT: down}, size)
