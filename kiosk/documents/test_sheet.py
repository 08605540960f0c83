"""A page of A4 that shows whether a printer prints all of it, straight and in the right size.

Not for: anything a citizen gets.
"""

from __future__ import annotations

from pathlib import Path


def test_sheet(printer: str, fonts: Path, templates: Path) -> bytes:
    """The page as PDF: a frame 10 mm from every edge, a ruler of 100 mm, letters of four languages.

    Args:
        printer: address of the printer, as it stands on the page.
    """
    import typst

    compiled = typst.compile(
        templates / "test.typ",
        font_paths=[fonts],
        ignore_system_fonts=True,
        sys_inputs={"printer": printer},
        format="pdf",
        pdf_standards="a-2b",
    )
    return bytes(compiled)
