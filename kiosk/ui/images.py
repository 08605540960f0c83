"""Pictures for QML: icons in the colour asked for, and QR codes.

QtSvg draws `currentColor` black, so the colour is put into the file's text when it is loaded. QML asks for
`image://icon/<name>/<RRGGBB>` and `image://code/<text, percent-encoded>`. Not for: photographs, logos of others.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider
from PySide6.QtSvg import QSvgRenderer

from kiosk.ui.tokens import ASSETS

QUIET_ZONE = 4
"""White modules around a QR code (ISO/IEC 18004)."""

_FALLBACK = "info"
_log = logging.getLogger("zuil.screen")


class IconProvider(QQuickImageProvider):
    """Draws `assets/icons/<name>.svg`; an unknown name is logged once and drawn as an information sign."""

    def __init__(self, folder: Path = ASSETS / "icons") -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._folder = folder
        self._text = lru_cache(maxsize=512)(self._load)

    def requestImage(self, id: str, size: QSize, requested: QSize) -> QImage:  # noqa: N802, ARG002 - Qt's name
        """The icon `name/RRGGBB` at the requested size."""
        name, _, colour = id.partition("/")
        side = requested.width() if requested.width() > 0 else 64
        image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        source = self._text(name).replace("currentColor", f"#{colour}")
        QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, side, side))
        painter.end()
        return image

    def _load(self, name: str) -> str:
        path = self._folder / f"{name}.svg"
        if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
            _log.warning("no icon named %r in assets/icons; an information sign is shown", name)
            path = self._folder / f"{_FALLBACK}.svg"
        return path.read_text(encoding="utf-8")


class CodeProvider(QQuickImageProvider):
    """Draws a QR code, black on white with its quiet zone, in whole pixels a module."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)

    def requestImage(self, id: str, size: QSize, requested: QSize) -> QImage:  # noqa: N802, ARG002 - Qt's name
        """The code of the text `id` at the largest whole size within the requested one."""
        return code_image(unquote(id), requested.width() if requested.width() > 0 else 216)


def code_image(text: str, side: int) -> QImage:
    """A QR code of `text` in a white square of `side` pixels."""
    matrix = _modules(text)
    scale = max(1, side // len(matrix))
    image = QImage(max(side, scale * len(matrix)), max(side, scale * len(matrix)), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    inset = (image.width() - scale * len(matrix)) // 2
    painter = QPainter(image)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                painter.fillRect(inset + x * scale, inset + y * scale, scale, scale, QColor("black"))
    painter.end()
    return image


def forget_codes() -> None:
    """Keep none of the codes that were drawn: addresses of somebody's documents were among them."""
    _modules.cache_clear()


@lru_cache(maxsize=8)
def _modules(text: str) -> list[list[bool]]:
    from qrcode.main import QRCode  # costs 50 ms, needed on one page only

    code = QRCode(border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]
