"""A slip of receipt paper that shows whether the profile fits the printer: width, ruler, letters, code, cut.

Not for: A4 (`test_sheet`) or anything a citizen gets.
"""

from __future__ import annotations

from drivers.contract import Align, Feed, Line, PaperDocument, QrCode, Rule
from drivers.printers.escpos.profiles import BadProfile, Profile, profile_named

LETTERS = (
    ("Nederlands", "één, ideeën, coöperatie, € 12,50"),
    ("Français", "façade, œuvre, où, naïve, À É È Ç"),
    ("English", "pound £, section §, “quoted” – dash"),
    ("Deutsch", "Straße, Größe, Übung, Ärzte, Öl"),
)
_STEP_MM = 10


def test_paper(printer: str, profile: str) -> PaperDocument:
    """The slip.

    Args:
        printer: its address, as it stands on the paper.
        profile: name of a profile; of another one than the shipped nothing is known, and the generic one is shown.
    """
    try:
        model = profile_named(profile)
    except BadProfile:
        model = profile_named("generic-80mm")
    return PaperDocument(
        (
            Line("Zuil", Align.CENTRE, scale=3, bold=True),
            Line("Testpagina · Page de test · Test page · Testseite", Align.CENTRE),
            Line(f"{profile}: {model.millimetres_of(model.dots):.0f} mm, {model.dots} dots, {model.columns} columns"),
            Rule(),
            Line("|" + "-" * (model.columns - 2) + "|"),
            Line(ruler(model)),
            Line(numbers(model)),
            Rule(),
            *(Line("A042", Align.CENTRE, scale=scale, bold=True) for scale in (2, 4, 8)),
            Feed(),
            *(Line(f"{language}: {words}") for language, words in LETTERS),
            Line("Łódź · Sofía Ğül · Kühn", bold=True),
            Feed(),
            QrCode("ZUIL TEST PAGE", exact=True),
            Line(printer, Align.CENTRE),
        )
    )


def ruler(model: Profile) -> str:
    """A line of characters with a mark each centimetre, as near as characters go (half a character, under 1 mm)."""
    marks = {_column(model, at) for at in _centimetres(model)}
    return "".join("|" if column in marks else "." for column in range(model.columns))


def numbers(model: Profile) -> str:
    """The centimetres, each below its mark."""
    line = [" "] * model.columns
    for at in _centimetres(model):
        for offset, digit in enumerate(str(at // _STEP_MM)):
            if (place := _column(model, at) + offset) < model.columns:
                line[place] = digit
    return "".join(line).rstrip()


def _centimetres(model: Profile) -> range:
    return range(0, int(model.millimetres_of(model.dots)), _STEP_MM)


def _column(model: Profile, millimetres: int) -> int:
    return round(model.dots_of(millimetres) * model.columns / model.dots)
