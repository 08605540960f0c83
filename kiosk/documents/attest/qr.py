"""The sealed code as a drawing: runs of dark modules, exact at every size.

Not for: codes on receipt paper (`drivers.printers`), or what stands in the code (`kiosk.documents.seal`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from kiosk.documents.seal_contract import CannotMake

SMALLEST_MODULE_MM = 0.55
"""Two dots of a picture of 100 dpi and a little more; at 0.5 mm one code in some twenty was not read from it."""
LARGEST_MODULE_MM = 0.7
_WANTED_SIDE_MM = 48.0


@dataclass(frozen=True)
class Drawing:
    """A code without its quiet zone.

    Attributes:
        side: modules along one side.
        module_mm: side of one module in millimetres, at least 0.55.
        runs: dark modules side by side in one row, as (column, row, how many).
    """

    side: int
    module_mm: float
    runs: tuple[tuple[int, int, int], ...]


def drawing(text: str) -> Drawing:
    """The QR code of `text`, error correction M, in alphanumeric mode where the text allows it.

    Raises:
        CannotMake: when no code holds so much.
    """
    import qrcode
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.exceptions import DataOverflowError
    from qrcode.image.pure import PyPNGImage

    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, image_factory=PyPNGImage)
    code.add_data(text, optimize=0)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError):
        raise CannotMake(f"{len(text)} characters do not fit a code; at most 3391 do") from None
    matrix = code.get_matrix()
    side = len(matrix)
    module = min(LARGEST_MODULE_MM, max(SMALLEST_MODULE_MM, _WANTED_SIDE_MM / side))
    return Drawing(side, round(module, 3), tuple(run for y, row in enumerate(matrix) for run in _runs(y, row)))


def _runs(y: int, row: list[bool]) -> list[tuple[int, int, int]]:
    runs, x = [], 0
    for dark, modules in groupby(row):
        width = len(list(modules))
        if dark:
            runs.append((x, y, width))
        x += width
    return runs
